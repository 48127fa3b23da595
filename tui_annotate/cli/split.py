"""`tui-annotate split`: a file in parts to train, develop and test with."""

from __future__ import annotations

from pathlib import Path

import click

from tui_annotate.cli.errors import Command
from tui_annotate.cli.options import condition_of
from tui_annotate.cli.record_files import (
    HELP,
    Counted,
    debug_option,
    files_argument,
    new_files,
    records,
    refuse_sources_as_output,
    tell,
    where_option,
)
from tui_annotate.errors import UsageError
from tui_annotate.wording import shown_path


@click.command("split", cls=Command, context_settings=HELP)
@files_argument
@click.option(
    "--dev", metavar="SHARE", default="20%", show_default=True, help="Share of dev.jsonl."
)
@click.option("--test", metavar="SHARE", help="Share of test.jsonl (default: there is none).")
@click.option("--seed", metavar="TEXT", default="", help="Draw differently.")
@where_option
@click.option("-o", "--output", metavar="FOLDER", required=True, help="Where to write.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@debug_option
def command(
    files: tuple[str, ...],
    dev: str,
    test: str | None,
    seed: str,
    where: str | None,
    output: str,
    force: bool,
) -> None:
    """Split records into train.jsonl, dev.jsonl and test.jsonl.

    The input alone decides on the part: records of one text or sound are never in two parts,
    and the parts are the same each time, and for other annotators.
    """
    from tui_annotate.progress import Progress
    from tui_annotate.records.reading import read_records
    from tui_annotate.task.parts import place_of, share

    shares = {"dev": share(dev, "--dev")}
    if test is not None:
        shares["test"] = share(test, "--test")
    if sum(shares.values()) >= 1:
        raise UsageError("nothing is left to train with", where="--dev", do="take smaller shares")
    folder = Path(output)
    if folder.exists() and not folder.is_dir():
        raise UsageError("this is no folder", where=shown_path(output), do="name a folder with -o")
    names = ["train", *shares]
    paths = {name: folder / f"{name}.jsonl" for name in names}
    for path in paths.values():
        refuse_sources_as_output(files, str(path))
    counts = dict.fromkeys(names, 0)
    with Progress() as progress, new_files(folder, force) as new:
        streams = {name: new.open(path.name) for name, path in paths.items()}
        found = Counted(read_records(files, progress), condition_of(where))
        for line in found:
            place = place_of(line.fields, seed)
            part = "train"
            for name, size in shares.items():
                if place < size:
                    part = name
                    break
                place -= size
            streams[part].write(line.raw + b"\n")
            counts[part] += 1
    parts = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    tell(f"{records(found.kept)} ({parts})", output, found.notes())
