"""`tui-annotate select`: the records that fulfil a condition."""

from __future__ import annotations

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


@click.command("select", cls=Command, context_settings=HELP)
@files_argument
@where_option
@output_options
@debug_option
def command(files: tuple[str, ...], where: str | None, output: str | None, force: bool) -> None:
    """Copy the records that fulfil a condition.

    Records keep their order, and all their fields.
    """
    from tui_annotate.progress import Progress
    from tui_annotate.records.reading import read_records

    condition = condition_of(where)
    if condition is None:
        raise UsageError(
            "the condition is missing", where="--where", do="write it as in --where flagged"
        )
    refuse_sources_as_output(files, output)
    with Progress() as progress, opened(output, force) as stream:
        found = Counted(read_records(files, progress), condition)
        for line in found:
            stream.write(line.raw + b"\n")
    tell(f"{found.kept:,} of {records(found.read)}", output, found.notes())
