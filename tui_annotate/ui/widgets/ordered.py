"""Text that wraps by itself, with right-to-left letters as the terminal has to get them."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import Static

from tui_annotate.text.direction import has_right_to_left
from tui_annotate.text.ordering import in_order
from tui_annotate.ui.widgets.line import order_of


class OrderedStatic(Static):
    """A `Static` that orders its rows."""

    def render_line(self, y: int) -> Strip:
        """Draw a row."""
        strip = super().render_line(y)
        if not has_right_to_left(strip.text):
            return strip
        order = order_of(self)
        segments = [
            Segment(in_order(text, order), style) for text, style, control in strip if not control
        ]
        return Strip(segments, strip.cell_length)
