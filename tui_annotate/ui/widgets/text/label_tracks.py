"""Labels under a row of text: names on lines as wide as their spans, in one row or more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_annotate.text.display import cut, visible_width
from tui_annotate.text.layout import Layout
from tui_annotate.text.ordering import Order, in_order
from tui_annotate.text.spans import Span
from tui_annotate.ui.widgets.line import strip_on
from tui_annotate.ui.widgets.text.document import MARGIN

Title = Callable[[Span, int], str]
"""What stands under a span, given where the row begins."""


class Placed(NamedTuple):
    """The label of a span at columns that it stands in.

    Attributes:
        left: The first of them.
        right: The column behind them.
        name: What stands there; nothing where the name is at other columns of the span.
        span: The span.
    """

    left: int
    right: int
    name: str
    span: Span


class LabelTrack:
    """One row of labels.

    Args:
        width: Its columns.
        order: Who orders letters that run from right to left.

    Attributes:
        placed: The labels in it, from left to right.
        hidden: For how many there is no place in any row.
    """

    def __init__(self, width: int, order: Order) -> None:
        self.placed: list[Placed] = []
        self.hidden = 0
        self._width = width
        self._order: Order = order

    def is_free(self, labels: Sequence[Placed]) -> bool:
        """Whether nothing stands at the columns of a label yet."""
        return all(
            one.right <= label.left or label.right <= one.left
            for one in self.placed
            for label in labels
        )

    def place(self, labels: Sequence[Placed]) -> None:
        """Put a label at its columns."""
        self.placed += labels
        self.placed.sort(key=lambda one: one.left)

    def strip(self, styles: Sequence[Style], dim: Style) -> Strip:
        """Draw the row, with the margin before it.

        Args:
            styles: The style of each label.
            dim: That of the number of hidden ones.
        """
        segments = [Segment(" " * MARGIN, Style())]
        at = 0
        for index, (left, right, name, span) in enumerate(self.placed):
            last = index + 1 == len(self.placed)
            following = self._width if last else self.placed[index + 1].left
            room = max(following - left - (1 if following < self._width else 0), right - left)
            room = min(room, self._width - left)
            drawn = _bar(name, right - left, room, span.pending, self._order)
            if left > at:
                segments.append(Segment(" " * (left - at), Style()))
            segments.append(Segment(drawn, styles[index]))
            at = left + visible_width(drawn)
        more = f"+{self.hidden}" if self.hidden else ""
        blank = self._width - at - len(more)
        if blank >= 0:
            segments.append(Segment(" " * blank, Style()))
            if more:
                segments.append(Segment(more, dim))
        return strip_on(segments, MARGIN + self._width)


def label_tracks(
    layout: Layout,
    row: int,
    spans: Sequence[Span],
    room: tuple[int, int],
    title: Title,
    strong: Span | None,
) -> list[LabelTrack]:
    """The rows of labels under a row of text.

    Args:
        layout: The rows of the text.
        row: One of them.
        spans: The spans in it.
        room: How many rows there are, and their columns.
        title: What stands under a span.
        strong: The span that is meant: it is shown, however deep it nests.
    """
    tracks, hidden = _shared_out(layout, row, spans, room, title, None)
    if strong in hidden:
        tracks, hidden = _shared_out(layout, row, spans, room, title, strong)
    if hidden:
        tracks[-1].hidden = len(hidden)
    return tracks


def _shared_out(
    layout: Layout,
    row: int,
    spans: Sequence[Span],
    room: tuple[int, int],
    title: Title,
    lowest: Span | None,
) -> tuple[list[LabelTrack], list[Span]]:
    """The labels in rows, and those for which there is no place; one may be put lowest."""
    count, width = room
    tracks = [LabelTrack(width, layout.order) for _ in range(count)]
    hidden: list[Span] = []
    if lowest is not None:
        tracks[-1].place(_labels(layout, row, lowest, title))
    for span in spans:
        if span is lowest:
            continue
        labels = _labels(layout, row, span, title)
        track = next((one for one in tracks if one.is_free(labels)), None)
        if track is None:
            hidden.append(span)
        else:
            track.place(labels)
    return tracks, hidden


def _labels(layout: Layout, row: int, span: Span, title: Title) -> list[Placed]:
    """The label of a span at each stretch of columns that it stands in; its name at the widest."""
    start, end = layout.rows[row]
    first, last = max(span.start, start), min(span.end, end)
    at = layout.column_of(first)
    stretches = layout.stretches(row, first, last) or [(at, at + 1)]
    widest = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
    return [
        Placed(*stretch, title(span, start) if stretch == widest else "", span)
        for stretch in stretches
    ]


def _bar(name: str, width: int, room: int, suggested: bool, order: Order) -> str:
    """A name and a line as wide as the span; the name runs on where there is room."""
    fill = "┄" if suggested else "─"
    if not name:
        return fill * width
    end = "?" if suggested else ""
    cells = visible_width(name) + len(end)
    if cells <= max(width, room):
        return in_order(name, order) + fill * (width - cells) + end
    keep = room - len(end)
    if keep <= 0:
        return in_order(cut(name, room, ""), order)
    return in_order(cut(name, keep, ""), order) + end
