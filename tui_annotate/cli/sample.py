"""`tui-annotate sample`: some records, drawn at random."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from tui_annotate.cli.errors import Command
from tui_annotate.cli.options import condition_of
from tui_annotate.cli.record_files import (
    HELP,
    Counted,
    debug_option,
    files_argument,
    opened,
    output_options,
    records,
    refuse_sources_as_output,
    tell,
    where_option,
)
from tui_annotate.errors import UsageError

if TYPE_CHECKING:
    from tui_annotate.records.reading import Line


@click.command("sample", cls=Command, context_settings=HELP)
@files_argument
@click.option("-n", "--count", type=click.IntRange(1), metavar="N", help="How many records.")
@click.option(
    "--share", metavar="SHARE", help="Which share of all inputs, such as 5%; the same each time."
)
@click.option("--seed", metavar="TEXT", default="", help="Draw differently.")
@where_option
@output_options
@debug_option
def command(
    files: tuple[str, ...],
    count: int | None,
    share: str | None,
    seed: str,
    where: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Draw records at random: so many, or a share.

    They keep their order, and all their fields. The same seed draws the same records.
    """
    from tui_annotate.progress import Progress
    from tui_annotate.records.reading import read_records
    from tui_annotate.task import parts

    if (count is None) == (share is None):
        raise UsageError(
            "say how many or which share", where="sample", do="write -n 100 or --share 5%"
        )
    part = parts.share(share, "--share") if share is not None else 1.0
    refuse_sources_as_output(files, output)
    with Progress() as progress, opened(output, force) as stream:
        found = Counted(read_records(files, progress), condition_of(where))
        written = 0
        drawn = (
            drawn_by_count(found, count, seed)
            if count is not None
            else (line.raw for line in found if parts.place_of(line.fields, seed) < part)
        )
        for raw in drawn:
            stream.write(raw + b"\n")
            written += 1
    tell(f"{written:,} of {records(found.kept)}", output, found.notes())


def drawn_by_count(lines: Iterable[Line], count: int, seed: str) -> list[bytes]:
    """Draw so many of any number of lines, each as likely as the others, in their order."""
    chance = random.Random(seed)
    kept: list[tuple[int, bytes]] = []
    for place, line in enumerate(lines):
        if place < count:
            kept.append((place, line.raw))
        elif (slot := chance.randrange(place + 1)) < count:
            kept[slot] = place, line.raw
    return [raw for _, raw in sorted(kept)]
