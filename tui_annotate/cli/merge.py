"""`tui-annotate merge`: several files as one, with the last decision on each task."""

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


@click.command("merge", cls=Command, context_settings=HELP)
@files_argument
@where_option
@output_options
@debug_option
def command(files: tuple[str, ...], where: str | None, output: str | None, force: bool) -> None:
    """Put files together; of each task and annotator the last decision counts.

    The last is the one with the later time, else the one in the later line. Records keep
    their order, and all their fields.
    """
    from tui_annotate.progress import Progress
    from tui_annotate.records.latest import Latest
    from tui_annotate.records.reading import STDIN, read_records

    if STDIN in files:
        raise UsageError("merge reads twice", where="-", do="name a file instead of -")
    refuse_sources_as_output(files, output)
    with Progress() as progress, opened(output, force) as stream:
        latest = Latest(read_records(files, progress))
        lasting = (
            line for place, line in enumerate(read_records(files, progress)) if latest.holds(place)
        )
        found = Counted(lasting, condition_of(where))
        for line in found:
            stream.write(line.raw + b"\n")
    earlier = f"; left out {latest.superseded:,} that were decided again"
    tell(
        f"{found.kept:,} of {records(latest.count)}{earlier if latest.superseded else ''}",
        output,
        found.notes(),
    )
