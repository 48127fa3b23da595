"""The list of regions: number, times, duration, label and what is said."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from rich.style import Style

from tui_annotate.editors.regions.region import Region
from tui_annotate.text.display import safe, visible_width
from tui_annotate.ui.theme import FOREIGN, Theme
from tui_annotate.ui.widgets.cells import BLANK, Cell, fitted, row_of
from tui_annotate.ui.widgets.sound.axis import clock
from tui_annotate.ui.widgets.sound.memo import Memo
from tui_annotate.ui.widgets.sound.view_state import ViewState

Piece = tuple[str, Style]

_WORDY = 30
"""Columns from which on there is room for a word more."""


class RegionList:
    """Draws the list of regions, and keeps the active one in it.

    Args:
        theme: The colours.
        memo: Keeps rows that stay as they are.
        style: The colour of a label's slot.
    """

    def __init__(self, theme: Theme, memo: Memo, style: Callable[[int], Style]) -> None:
        self._theme = theme
        self._memo = memo
        self._style = style
        self._first = 0

    def rows(self, state: ViewState, width: int) -> list[list[Cell]]:
        """The list, as many rows as there is room for."""
        height, theme, marks = state.bands.list, self._theme, state.marks
        if not height:
            return []
        regions = marks.regions
        if not len(regions) and not marks.field:
            blank = [[BLANK] * width for _ in range(height)]
            blank[0] = row_of([(f"   {marks.empty}", theme.dim)], width)
            return blank
        active = self._memo.get(
            "active", (id(regions), marks.active),
            lambda: next((n for n, one in enumerate(regions) if one.id == marks.active), None),
        )  # fmt: skip
        taken = min(len(marks.field), max(height - 1, 1))
        room = height - taken
        near = active
        if near is None:
            # Between regions the list is where the cursor is, too.
            near = max(bisect_right(regions, state.clock, key=lambda one: one.start) - 1, 0)
        self._first = first_row(near, self._first, max(room, 1), len(regions))
        first = self._first
        names = [*marks.slots, *(one.name for one in marks.lanes)]
        longest = max((visible_width(safe(name)) for name in names), default=6)
        keyed = 2 if marks.keys else 0
        label_room = min(longest + 2, 16) + keyed
        digits = max(len(str(len(regions))), 2)
        field = [fitted(list(row), width) for row in marks.field[:taken]]
        rows: list[list[Cell]] = field if marks.field_first else []
        shown = range(first, min(first + room, len(regions)))
        for n in shown:
            region = regions[n]
            key = (region, n, width, region.id == marks.active, label_room, digits,
                   state.offset, marks.slots.get(region.label),
                   marks.keys.get(region.label), keyed)  # fmt: skip
            rows.append(self._memo.get(f"row {n - first}", key, lambda n=n: region_row(  # type: ignore[misc]
                regions[n], n + 1, width, rate=state.rate, offset=state.offset, theme=theme,
                active=regions[n].id == marks.active, label_room=label_room, digits=digits,
                key=marks.keys.get(regions[n].label, " ") + " " if keyed else "",
                style=lambda one: self._style(marks.slots.get(one.label, FOREIGN)))))  # fmt: skip
            if n == active and not marks.field_first:
                rows += field
        if active not in shown and not marks.field_first:
            rows += field
        rows += [[BLANK] * width for _ in range(height - len(rows))]
        return rows[:height]


def region_row(
    region: Region,
    number: int,
    width: int,
    *,
    rate: int,
    offset: int,
    theme: Theme,
    active: bool,
    style: Callable[[Region], Style],
    label_room: int,
    digits: int,
    key: str = "",
) -> list[Cell]:
    """One region as a row.

    Args:
        region: The region.
        number: Its place, from 1.
        width: The columns of the row.
        rate: Frames per second.
        offset: The frame of the file that is the first of the sound.
        theme: The colours.
        active: Whether actions act on it.
        style: The colour of its label.
        label_room: The columns of the labels.
        digits: The columns of the numbers.
        key: The key of its label, as wide as that of any other.
    """
    plain = theme.plain
    start, end = (clock((offset + at) / rate) for at in (region.start, region.end))
    name = safe(region.label or "–", label_room - len(key) - (1 if region.suggested else 0))
    if region.suggested:
        name += "?"
    pieces: list[Piece] = [
        (" ▸ " if active else "   ", theme.strong),
        (f"{number:>{digits}}  ", theme.dim),
        (f"{start}  ", plain),
        (f"{end}  ", plain if width >= 72 else theme.dim),
        (f"{region.frames / rate:>6.2f}  ", theme.dim),
    ]
    row = row_of(pieces, sum(visible_width(text) for text, _ in pieces))
    row += row_of([(key, theme.dim), (name, style(region))], label_room, theme.order)
    row += row_of([(" ", theme.plain)], 1)
    room = max(width - len(row), 0)
    said = _said(region, room)
    text, style_of_it = said[0], said[1](theme)
    last = (safe(text, max(room - 2, 0)), style_of_it)
    return (row + row_of([(" ", theme.plain), last], room, theme.order))[:width]


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
    last = max(count - rows, 0)
    first = min(first, last)
    if active is None or rows <= 0 or first <= active < first + rows:
        return max(first, 0)
    if active < first:
        return max(active - rows // 2, 0)
    return min(max(active - rows // 2, 0), last)
