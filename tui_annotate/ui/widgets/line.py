"""One row of styled text that sends only the cells that changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui_annotate.text.direction import has_right_to_left
from tui_annotate.text.display import cut, visible_width
from tui_annotate.text.ordering import Order, in_order
from tui_annotate.ui.theme import Theme

Piece = tuple[str, Style]

_GAP = 16
"""So many cells between two that changed are sent with them: going past them costs as much."""


class Line(Widget):
    """A row of the screen: pieces at the left, and as many at the right as there is room for."""

    DEFAULT_CSS = """
    Line { height: 1; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._left: tuple[Piece, ...] = ()
        self._right: tuple[Piece, ...] = ()
        self._drawn: list[tuple[str, Style]] = []

    def show(self, left: Sequence[Piece], right: Sequence[Piece] = ()) -> None:
        """Show other text; only the cells that differ are sent."""
        left, right = tuple(left), tuple(right)
        if (left, right) == (self._left, self._right):
            return
        self._left, self._right = left, right
        cells = self._cells()
        changed = stretches(self._drawn, cells)
        if not changed:
            return
        if not self._drawn or has_wide(self._drawn) or has_wide(cells):
            self.refresh()
        else:
            self.refresh(*(Region(first, 0, last - first, 1) for first, last in changed))

    def _cells(self) -> list[tuple[str, Style]]:
        width, order = self.size.width, order_of(self)
        left: list[tuple[str, Style]] = []
        used = 0
        for text, style in self._left:
            # What is cut is the end of the text, wherever that stands.
            kept = cut(text, width - used, "")
            left += [(c, style) for c in in_order(kept, order)]
            used += visible_width(kept)
        pieces = list(self._right)
        # What comes last at the right is what can be missed first.
        while pieces and used + sum(visible_width(text) for text, _ in pieces) + 2 > width:
            pieces.pop()
        if pieces:
            right = [(c, style) for text, style in pieces for c in in_order(text, order)]
            needed = sum(visible_width(text) for text, _ in pieces)
            left += [(" ", Style())] * (width - used - needed - 1) + right
        return left

    def render_line(self, y: int) -> Strip:
        """Draw the row."""
        cells = self._cells()
        self._drawn = cells
        segments: list[Segment] = []
        run, look = "", Style()
        for character, style in cells:
            if style != look and run:
                segments.append(Segment(run, look))
                run = ""
            look = style
            run += character
        if run:
            segments.append(Segment(run, look))
        return strip_on(segments, self.size.width)


def strip_on(segments: Iterable[Segment], width: int) -> Strip:
    """A row of exactly so many cells as `visible_width` counts them, cut or with blanks behind.

    Rich counts fewer for some scripts than terminals take, and would fill the row beyond its end.
    """
    made: list[Segment] = []
    room = width
    for segment in segments:
        taken = visible_width(segment.text)
        if taken > room:
            made.append(Segment(cut(segment.text, room, ""), segment.style))
            room -= visible_width(made[-1].text)
            break
        made.append(segment)
        room -= taken
    if room > 0:
        made.append(Segment(" " * room, Style()))
    return Strip(made, width)


def has_wide(cells: Sequence[tuple[str, Style]]) -> bool:
    """Whether a row has characters whose columns their number does not tell."""
    return any(
        not c.isascii() and (visible_width(c) != 1 or has_right_to_left(c)) for c, _ in cells
    )


def order_of(widget: Widget) -> Order:
    """Who orders letters that run from right to left, as the application knows."""
    colours = getattr(widget.app, "colours", None)
    return colours.order if isinstance(colours, Theme) else "letters"


def difference(
    old: Sequence[tuple[str, Style]], new: Sequence[tuple[str, Style]]
) -> tuple[int | None, int]:
    """The first column at which two rows differ, or None, and the one after the last."""
    blank = (" ", Style())
    length = max(len(old), len(new))

    def at(cells: Sequence[tuple[str, Style]], index: int) -> tuple[str, Style]:
        return cells[index] if index < len(cells) else blank

    first = next((i for i in range(length) if at(old, i) != at(new, i)), None)
    if first is None:
        return None, 0
    last = next(i for i in range(length - 1, -1, -1) if at(old, i) != at(new, i))
    return first, last + 1


def stretches(
    old: Sequence[tuple[str, Style]], new: Sequence[tuple[str, Style]]
) -> list[tuple[int, int]]:
    """The stretches in which two rows differ; what is alike between two is worth its bytes."""
    first, last = difference(old, new)
    if first is None:
        return []
    blank = (" ", Style())
    pairs = zip_longest(old[first:last], new[first:last], fillvalue=blank)
    found = [(first, first)]
    for column, (before, after) in enumerate(pairs, first):
        if before != after:
            start, end = found[-1]
            if column - end > _GAP:
                found.append((column, column + 1))
            else:
                found[-1] = start, column + 1
    return found


class Rule(Widget):
    """A thin line across the screen."""

    DEFAULT_CSS = """
    Rule { height: 1; width: 1fr; }
    """

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        return Strip([Segment("─" * self.size.width, Style(dim=True))])
