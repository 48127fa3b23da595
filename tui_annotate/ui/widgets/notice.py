"""What stands in the place of a task where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui_annotate.text.display import safe

_MARGIN = 3


class Notice(Widget):
    """Some lines of text: the first one strong, the last one dim."""

    DEFAULT_CSS = """
    Notice { height: 1fr; width: 1fr; display: none; }
    """

    def __init__(self) -> None:
        super().__init__(id="notice")
        self._lines: tuple[str, ...] = ()

    def show(self, lines: Sequence[str]) -> None:
        """Show other lines; none to show nothing."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw a row, wrapping what is too long."""
        rows = self._rows()
        text, style = rows[y - 1] if 1 <= y <= len(rows) else ("", Style())
        return Strip([Segment(" " * _MARGIN + text, style)]).adjust_cell_length(self.size.width)

    def _rows(self) -> list[tuple[str, Style]]:
        width = max(self.size.width - 2 * _MARGIN, 8)
        rows: list[tuple[str, Style]] = []
        for number, line in enumerate(self._lines):
            style = Style(bold=number == 0 or None, dim=number == len(self._lines) - 1 or None)
            words, row = safe(line).split(" "), ""
            for word in words:
                if row and len(row) + 1 + len(word) > width:
                    rows.append((row, style))
                    row = word
                else:
                    row = f"{row} {word}" if row else word
            rows += [(row, style), ("", Style())]
        return rows
