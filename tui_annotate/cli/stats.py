"""`tui-annotate stats`: what is in output files."""

from __future__ import annotations

import shutil
import sys

import click

from tui_annotate.cli.errors import Command
from tui_annotate.cli.options import condition_of
from tui_annotate.cli.record_files import (
    HELP,
    Counted,
    debug_option,
    files_argument,
    opened,
    records,
    tell,
    where_option,
)


@click.command("stats", cls=Command, context_settings=HELP)
@files_argument
@click.option(
    "--by",
    multiple=True,
    metavar="FIELD",
    help="Spread the labels over the values of a field, such as meta.source.",
)
@where_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--html", metavar="OUT.html", help="Write an HTML page.")
@click.option("--force", is_flag=True, help="Replace the page if there is such a file.")
@debug_option
def command(
    files: tuple[str, ...],
    by: tuple[str, ...],
    where: str | None,
    as_json: bool,
    html: str | None,
    force: bool,
) -> None:
    """Show what is in output files.

    Decisions, labels, suggestions kept and dropped, pace, sounds; and what may be wrong with a
    collection: texts that come twice or nearly, strings labelled in two ways, labels that change.
    """
    from tui_annotate.progress import Progress
    from tui_annotate.quality import tables
    from tui_annotate.quality.statistics.statistics import Statistics
    from tui_annotate.records.reading import read_records

    statistics = Statistics(by)
    with Progress() as progress:
        found = Counted(read_records(files, progress), condition_of(where))
        statistics.read(found)
    shown = list(statistics.tables())
    if html is not None:
        with opened(html, force) as stream:
            stream.write(tables.as_html(f"Statistics of {', '.join(files)}", shown).encode())
    elif as_json:
        click.echo(tables.as_json(shown))
    else:
        from rich.console import Console

        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 100
        console = Console(width=width, highlight=False, emoji=False)
        for renderable in tables.renderables(shown, width):
            console.print(renderable)
    notes = found.notes()
    if again := statistics.superseded():
        decide = "decides" if again == 1 else "decide"
        notes.append(f"{records(again)} {decide} what was decided before; merge keeps the last")
    tell(f"{found.kept:,} of {records(found.read)} counted", html, notes)
