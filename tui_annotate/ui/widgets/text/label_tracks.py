"""Labels under a row of text: names on lines as wide as their spans, in one row or more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_annotate.text.display import cut, visible_width
from tui_annotate.text.layout import Layout
from tui_annotate.text.spans import Span
from tui_annotate.ui.widgets.line import strip_on
from tui_annotate.ui.widgets.text.document import MARGIN

Title = Callable[[Span, int], str]
"""What stands under a span, given where the row begins."""


class Placed(NamedTuple):
    """The label of a span at its columns.

    Attributes:
        left: Its first column.
        right: The column behind the span.
        name: What stands there.
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

    Attributes:
        placed: The labels in it, from left to right.
        hidden: For how many there is no place in any row.
    """

    def __init__(self, width: int) -> None:
        self.placed: list[Placed] = []
        self.hidden = 0
        self._width = width

    def is_free(self, left: int, right: int) -> bool:
        """Whether nothing stands at the columns yet."""
        return all(one.right <= left or right <= one.left for one in self.placed)

    def place(self, label: Placed) -> None:
        """Put a label at its columns."""
        self.placed.append(label)
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
            drawn = _bar(name, right - left, min(room, self._width - left), span.pending)
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
    start, _ = layout.rows[row]
    count, width = room
    tracks = [LabelTrack(width) for _ in range(count)]
    hidden: list[Span] = []
    if lowest is not None:
        tracks[-1].place(Placed(*_columns(layout, row, lowest), title(lowest, start), lowest))
    for span in spans:
        if span is lowest:
            continue
        left, right = _columns(layout, row, span)
        track = next((one for one in tracks if one.is_free(left, right)), None)
        if track is None:
            hidden.append(span)
        else:
            track.place(Placed(left, right, title(span, start), span))
    return tracks, hidden


def _columns(layout: Layout, row: int, span: Span) -> tuple[int, int]:
    start, end = layout.rows[row]
    left = 0 if span.start <= start else layout.column_of(span.start)
    right = layout.row_width(row) if span.end >= end else layout.column_of(span.end)
    return left, max(right, left + 1)


def _bar(name: str, width: int, room: int, suggested: bool) -> str:
    """A name and a line as wide as the span; the name runs on where there is room."""
    end = "?" if suggested else ""
    fill = "┄" if suggested else "─"
    cells = visible_width(name) + len(end)
    if cells >= width:
        return name + end if cells <= room else _cut(name, end, room)
    return name + fill * (width - cells) + end


def _cut(name: str, end: str, room: int) -> str:
    keep = room - len(end)
    return cut(name, keep, "") + end if keep > 0 else cut(name, room, "")
