"""Tables of figures, and how they are shown: in a terminal, as JSON, and as one HTML file."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from tui_annotate.wording import printable

if TYPE_CHECKING:
    from rich.console import RenderableType

Cell = str | int | float | None
LONGEST_CELL = 60


class Table(msgspec.Struct, frozen=True):
    """Figures about one thing.

    Attributes:
        name: What JSON calls it.
        title: What it is about, for people.
        columns: The names of its columns.
        rows: Its rows, each with a cell a column; None where there is no figure.
        note: What has to be known to read it; empty where nothing has.
        bar: The column that is drawn as bars as well; None for none.
        shares: The columns that hold shares from 0 to 1, shown in percent.
    """

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    bar: str | None = None
    shares: Sequence[str] = ()


def cell_text(cell: Cell, share: bool = False) -> str:
    """A cell for people; nothing in it can act on a terminal."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return printable(cell, LONGEST_CELL)
    if share:
        return f"{100 * cell:.1f} %"
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:,.3f}" if abs(cell) < 10 else f"{cell:,.1f}"


def bar_lengths(table: Table, width: int) -> list[int]:
    """How long the bar of each row is, of so many cells at most."""
    if table.bar is None:
        return []
    values = [row[list(table.columns).index(table.bar)] for row in table.rows]
    numbers = [float(value) if isinstance(value, int | float) else 0.0 for value in values]
    longest = max((*numbers, 0.0)) or 1.0
    return [round(width * max(number, 0.0) / longest) for number in numbers]


def renderables(tables: Iterable[Table], width: int) -> Iterable[RenderableType]:
    """The tables for a terminal of so many columns."""
    from rich.table import Table as RichTable
    from rich.text import Text

    for table in tables:
        shown = RichTable(
            title=Text(printable(table.title), style="bold"),
            title_justify="left",
            box=None,
            pad_edge=False,
            header_style="dim",
        )
        for name in table.columns:
            number = all(not isinstance(row[_at(table, name)], str) for row in table.rows)
            shown.add_column(
                Text(cell_text(name)), justify="right" if number else "left", overflow="fold"
            )
        lengths = bar_lengths(table, max(width // 4, 8))
        if lengths:
            shown.add_column("")
        for place, row in enumerate(table.rows):
            cells = [
                Text(cell_text(cell, name in table.shares))
                for name, cell in zip(table.columns, row, strict=True)
            ]
            shown.add_row(*cells, *([Text("█" * lengths[place])] if lengths else []))
        yield shown
        if table.note:
            yield Text(printable(table.note), style="italic")
        yield Text("")


def _at(table: Table, name: str) -> int:
    return list(table.columns).index(name)


def as_json(tables: Iterable[Table]) -> str:
    """The tables as a JSON object: under each name a list of objects, one a row."""
    written: dict[str, Any] = {}
    for table in tables:
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        written[table.name] = {"rows": rows} | ({"note": table.note} if table.note else {})
    return json.dumps(written, indent=1, ensure_ascii=True)


_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 0 0 .5rem }
th, td { text-align: left; padding: .15rem .8rem .15rem 0; vertical-align: top }
th { font-weight: 600; border-bottom: 1px solid #999 }
td.n { text-align: right; font-variant-numeric: tabular-nums }
td.b { width: 16rem } td.b div { background: #4477aa; height: .8rem }
p { color: #555; margin: 0 0 1.5rem }
"""


def as_html(title: str, tables: Iterable[Table]) -> str:
    """The tables as one HTML page that needs nothing else, and runs nothing."""
    parts = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{_escaped(title)}</title>',
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<style>{_STYLE}</style></head><body><h1>{_escaped(title)}</h1>",
    ]
    for table in tables:
        parts.append(f"<h2>{_escaped(table.title)}</h2><table><tr>")
        parts += [f"<th>{_escaped(name)}</th>" for name in table.columns]
        parts.append("</tr>")
        lengths = bar_lengths(table, 100)
        for place, row in enumerate(table.rows):
            parts.append("<tr>")
            for name, cell in zip(table.columns, row, strict=True):
                kind = "" if isinstance(cell, str) else ' class="n"'
                parts.append(f"<td{kind}>{_escaped(cell_text(cell, name in table.shares))}</td>")
            if lengths:
                parts.append(f'<td class="b"><div style="width:{lengths[place]}%"></div></td>')
            parts.append("</tr>")
        parts.append(f"</table><p>{_escaped(table.note)}</p>")
    parts.append("</body></html>\n")
    return "\n".join(parts)


def _escaped(text: str) -> str:
    return html.escape(printable(text))
