"""Regions in lanes: a bar over the columns in which each is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.style import Style

from tui_annotate.audio.window import Window
from tui_annotate.editors.regions.region import Region
from tui_annotate.text.display import safe
from tui_annotate.ui.widgets.cells import BLANK, Cell, cells_of

_PLAIN = "├─┤"
_SUGGESTED = "├┄┤"
_STRONG = "┣─┫"
_STRONG_SUGGESTED = "┣┄┫"
_FILLS = "─┄"
_TITLE_ROOM = 3
"""A title stands in a bar only if that has so many columns beside its ends."""

Bar = tuple[int, int, list[Cell]]
"""The columns of a region, the second one exclusive, and what is drawn there."""


def lane(
    regions: Iterable[Region],
    window: Window,
    *,
    active: str | None,
    style: Callable[[Region], Style],
    title: Callable[[Region], str],
    dotted: bool = False,
) -> list[Cell]:
    """Draw the regions of a lane.

    Of several in one place the later is on top, and the active one on top of all; the ends of
    those below are seen in their bars.

    Args:
        regions: Those that may be in sight, in order.
        window: What is on the screen.
        active: The id of the region that actions act on.
        style: The colour of a region.
        title: What stands in its bar where there is room.
        dotted: Whether all of them wait for a name; suggestions are dotted in any case.
    """
    row = [BLANK] * window.columns
    bars: list[Bar] = []
    last: Region | None = None
    for region in regions:
        if region.id == active:
            last = region
        else:
            _draw(row, bars, region, window, False, style, title, dotted)
    if last is not None:
        _draw(row, bars, last, window, True, style, title, dotted)
    for left, right, bar in bars if len(bars) > 1 else ():
        for column, cell in ((left, bar[0]), (right - 1, bar[-1])):
            if row[column][0] in _FILLS:
                row[column] = cell
    return row


def _draw(
    row: list[Cell],
    bars: list[Bar],
    region: Region,
    window: Window,
    strong: bool,
    style: Callable[[Region], Style],
    title: Callable[[Region], str],
    dotted: bool,
) -> None:
    columns = window.columns_of(region.start, region.end)
    if columns is None:
        return
    left, right = columns
    colour = style(region)
    begins = _STRONG if strong else _PLAIN
    if region.suggested or dotted:
        begins = _STRONG_SUGGESTED if strong else _SUGGESTED
    first, fill, last = begins[0], begins[1], begins[2]
    width = right - left
    if width == 1:
        bar = [("?" if region.suggested else "┃" if strong else "│", colour)]
    else:
        # An end out of sight is no end.
        first = first if region.start >= window.start else fill
        last = last if region.end <= window.end else fill
        if region.suggested:
            last = f"?{last}" if width > 2 else "?"
        room = width - len(first) - len(last)
        shown: list[Cell] = []
        if room >= _TITLE_ROOM and (name := title(region)):
            shown = cells_of(safe(name, room), colour)
        bar = [(first, colour), *shown, *[(fill, colour)] * (room - len(shown))]
        bar += [(character, colour) for character in last]
    row[left:right] = bar
    bars.append((left, right, bar))
