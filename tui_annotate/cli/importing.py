"""`tui-annotate import`: tasks from the format of another program."""

from __future__ import annotations

from typing import Any

import click

from tui_annotate.cli.errors import Command, NamedArgument
from tui_annotate.cli.export import HELP, format_options, opened, output_of, wanted_of
from tui_annotate.errors import UsageError
from tui_annotate.wording import shown_path


def _run(**values: Any) -> None:
    from tui_annotate.formats import format_named
    from tui_annotate.formats.exporting import Job, export
    from tui_annotate.progress import Progress
    from tui_annotate.sources.selection import Selection

    output = output_of(values["output"], values["files"])
    every = {"answer": "all", "annotator": None, "labels": (), "where": None}
    sources = opened(values["files"], values["given"], values)
    try:
        with Progress() as progress:
            selection = Selection(sources, wanted_of(values | every), progress)
            if not len(selection):
                raise UsageError("there is nothing to import", where=", ".join(values["files"]))
            job = Job(
                format_named("jsonl", "--to"),
                output,
                {},
                selection.offered,
                selection.place,
                force=values["force"],
            )
            done = export(job, selection, progress)
    finally:
        for source in sources:
            source.close()
    for notice in dict.fromkeys(notice for source in sources for notice in source.notices):
        click.echo(notice, err=True)
    left = []
    if selection.invalid:
        left.append(f"{selection.invalid:,} invalid")
    if selection.superseded:
        left.append(f"{selection.superseded:,} decided again later")
    more = f"; left out: {', '.join(left)}" if left else ""
    count = done.tasks.total()
    click.echo(f"{shown_path(output)}: {count:,} task{'s' * (count != 1)}{more}.")


command = Command(
    "import",
    callback=_run,
    context_settings=HELP,
    help="Make tasks of files in the format of another program.\n\n"
    "The tasks come with what is annotated there; a session opens them like any other.",
    params=[
        NamedArgument(["files"], metavar="FILE…", nargs=-1, required=True),
        click.Option(
            ["--from", "given"],
            metavar="FORMAT",
            help="The format (default: by name and content; tui-annotate formats lists them).",
        ),
        click.Option(["-o", "--output"], metavar="OUT.jsonl", help="Output file."),
        click.Option(["--skip-invalid"], is_flag=True, help="Skip invalid lines and say how many."),
        click.Option(["--force"], is_flag=True, help="Replace a file that exists."),
        *format_options(reading=True),
        click.Option(["--debug"], is_flag=True, expose_value=False, help="Show tracebacks."),
    ],
)
