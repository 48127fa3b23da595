"""What stands in the place of a task where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from tui_annotate.text.display import safe

_MARGIN = 3
_CONSOLE = Console()


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
        if self.size.height < len(rows):
            rows = [(text, style) for text, style in rows if text]
        elif y == 0:
            return Strip.blank(self.size.width)
        else:
            y -= 1
        text, style = rows[y] if y < len(rows) else ("", Style())
        return Strip([Segment(" " * _MARGIN + text, style)]).adjust_cell_length(self.size.width)

    def _rows(self) -> list[tuple[str, Style]]:
        width = max(self.size.width - 2 * _MARGIN, 8)
        rows: list[tuple[str, Style]] = []
        for number, line in enumerate(self._lines):
            style = Style(bold=number == 0 or None, dim=number == len(self._lines) - 1 or None)
            # Rich cuts only words that are longer than a row, such as paths.
            wrapped = Text(safe(line), overflow="fold").wrap(_CONSOLE, width)
            rows += [(row.plain, style) for row in wrapped]
            rows.append(("", Style()))
        return rows
