"""`tui-annotate formats`: which formats are read and written, and what each holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui_annotate.cli.errors import Command
from tui_annotate.cli.export import HELP

if TYPE_CHECKING:
    from tui_annotate.formats.format import Format

HEADS = ("format", "is", "files", "import", "export", "holds")


def rows() -> list[tuple[str, ...]]:
    """A row for each format, with what `HEADS` says."""
    from tui_annotate.formats import formats

    return [
        (
            one.name,
            one.title,
            " ".join(one.suffixes),
            _read(one),
            "yes" if one.writer else "",
            _holds(one),
        )
        for one in formats()
    ]


def _read(fmt: Format) -> str:
    if fmt.reader:
        return "yes"
    return "beside a recording" if fmt.timed else ""


def _holds(fmt: Format) -> str:
    holds = fmt.holds
    if holds.everything:
        return "everything"
    named = []
    if holds.field("spans"):
        named.append("spans" if holds.overlaps else "spans that do not overlap")
    if holds.span_field("kb_id"):
        named.append("links")
    if holds.token_field("tag") or holds.token_field("pos"):
        named.append("tags")
    if holds.field("accept"):
        named.append("classes")
    if holds.field("label"):
        named.append("answers to questions")
    if holds.field("meta"):
        named.append("meta")
    if holds.field("audio_spans"):
        named.append("regions")
    more = f"; {fmt.notes}" if fmt.notes else ""
    needs = f"; needs the extra [{fmt.extra}]" if fmt.extra else ""
    return ", ".join(named) + more + needs


def _run() -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_edge=False)
    for head in HEADS:
        table.add_column(head, overflow="fold", no_wrap=head == "format")
    for row in rows():
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)


command = Command(
    "formats",
    callback=_run,
    context_settings=HELP,
    help="List the formats that are read and written, and what each holds.",
    params=[click.Option(["--debug"], is_flag=True, expose_value=False, help="Show tracebacks.")],
)
