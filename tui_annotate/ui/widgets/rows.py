"""Several rows of styled text that send only the cells that changed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui_annotate.text.display import cut, visible_width
from tui_annotate.text.ordering import in_order
from tui_annotate.ui.widgets.line import Piece, difference, has_wide, order_of, strip_on


class Rows(Widget):
    """Rows of pieces from the top; what does not fit is cut."""

    DEFAULT_CSS = """
    Rows { height: auto; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[tuple[Piece, ...]] = []

    def show(self, rows: Sequence[Sequence[Piece]]) -> None:
        """Show other rows; only the cells that differ are sent."""
        old, new = self._rows, [tuple(row) for row in rows]
        self._rows = new
        if not self.size:
            # Out of sight, what changed has no place yet.
            self.refresh()
            return
        for y in range(max(len(old), len(new))):
            before = _cells(old[y]) if y < len(old) else []
            after = _cells(new[y]) if y < len(new) else []
            first, last = difference(before, after)
            if first is None:
                continue
            wide = has_wide(before) or has_wide(after)
            left, right = (0, self.size.width) if wide else (first, last)
            region = Region(left, y, right - left, 1).intersection(self.size.region)
            if region:
                self.refresh(region)

    def render_line(self, y: int) -> Strip:
        """Draw a row."""
        pieces = self._rows[y] if y < len(self._rows) else ()
        width, order = self.size.width, order_of(self)
        segments: list[Segment] = []
        for text, style in pieces:
            kept = cut(text, width, "")
            width -= visible_width(kept)
            if kept:
                segments.append(Segment(in_order(kept, order), style))
        return strip_on(segments, self.size.width)


def _cells(pieces: Sequence[Piece]) -> list[tuple[str, Style]]:
    return [(character, style) for text, style in pieces for character in text]
