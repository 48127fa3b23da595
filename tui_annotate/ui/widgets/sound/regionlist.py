"""The list of regions: number, times, duration, label and what is said."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style

from tui_annotate.editors.regions.region import Region
from tui_annotate.text.display import safe
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.cells import Cell, row_of
from tui_annotate.ui.widgets.sound.axis import clock

Piece = tuple[str, Style]

_WORDY = 30
"""Columns from which on there is room for a word more."""


def region_row(
    region: Region,
    number: int,
    width: int,
    *,
    rate: int,
    theme: Theme,
    active: bool,
    style: Callable[[Region], Style],
    label_room: int,
    digits: int,
) -> list[Cell]:
    """One region as a row.

    Args:
        region: The region.
        number: Its place, from 1.
        width: The columns of the row.
        rate: Frames per second.
        theme: The colours.
        active: Whether actions act on it.
        style: The colour of its label.
        label_room: The columns of the labels.
        digits: The columns of the numbers.
    """
    plain = theme.plain
    start, end = clock(region.start / rate), clock(region.end / rate)
    name = safe(region.label or "–", label_room - (1 if region.suggested else 0))
    if region.suggested:
        name += "?"
    pieces: list[Piece] = [
        (" ▸ " if active else "   ", theme.strong),
        (f"{number:>{digits}}  ", theme.dim),
        (f"{start}  ", plain),
        (f"{end}  ", plain if width >= 72 else theme.dim),
        (f"{region.frames / rate:>6.2f}  ", theme.dim),
    ]
    row = row_of(pieces, sum(len(text) for text, _ in pieces))
    row += row_of([(name, style(region))], label_room)
    row += row_of([(" ", theme.plain)], 1)
    room = max(width - len(row), 0)
    said = _said(region, room)
    text, look = said[0], said[1](theme)
    return (row + row_of([(" ", theme.plain), (safe(text, max(room - 2, 0)), look)], room))[:width]


def _said(region: Region, room: int) -> tuple[str, Callable[[Theme], Style]]:
    if region.text:
        text = f"[{region.speaker}] {region.text}" if region.speaker else region.text
        return text, lambda theme: theme.plain
    parts = [region.speaker or ""]
    if region.suggested:
        score = f" {region.score:.2f}" if region.score is not None else ""
        by = "suggested by" if room >= _WORDY else "by"
        parts.append(f"{by} {region.source}{score}")
    return "  ".join(part for part in parts if part), lambda theme: theme.dim


def first_row(active: int | None, first: int, rows: int, count: int) -> int:
    """The first region that a list shows, turned half a page where the active one is not in it.

    Args:
        active: The place of the active region, from 0; None if there is none.
        first: The first one shown so far.
        rows: How many rows there are.
        count: How many regions.
    """
    most = max(count - rows, 0)
    first = min(first, most)
    if active is None or rows <= 0 or first <= active < first + rows:
        return max(first, 0)
    if active < first:
        return max(active - rows // 2, 0)
    return min(max(active - rows // 2, 0), most)
