"""The view of labelled spans: colours behind the words, names under them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_annotate.editors.spans.reading import LabelledText
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds.spans import Options
from tui_annotate.session.engine import Engine
from tui_annotate.text.display import safe
from tui_annotate.text.spans import Span
from tui_annotate.ui import status
from tui_annotate.ui.theme import FOREIGN, Look, Theme
from tui_annotate.ui.widgets.line import Piece
from tui_annotate.ui.widgets.text.document import MARGIN, DocumentView
from tui_annotate.ui.widgets.view import View


class SpanView(DocumentView, View):
    """Draws a `SpanEditor`.

    The rows for labels are there whether or not anything is labelled, so that
    nothing moves: one, or two where spans may overlap.
    """

    def __init__(self, theme: Theme, options: Options) -> None:
        super().__init__(theme)
        self.overlap = options.overlap
        self.compact = False
        self.slots: Mapping[str, int] = {}
        self.editor: LabelledText | None = None
        self._strong: Span | None = None

    @property
    def rows_below(self) -> int:
        """How many rows of labels stand under each row of text."""
        return 0 if self.compact else 2 if self.overlap else 1

    def set_editor(self, editor: LabelledText | None) -> None:
        """Show another task's editor, or nothing."""
        self.editor = editor
        self._strong = None
        if editor is not None:
            editor.take_dirty()
        self.set_caret(editor.caret if editor is not None else None)

    def set_compact(self, compact: bool) -> None:
        """Leave the label rows out, or show them."""
        self.compact = compact
        self.relayout()
        self.follow()

    def bar(self, engine: Engine, keymap: Keymap) -> tuple[list[Piece], list[Piece]]:
        """The labels with their keys and counts."""
        return status.label_bar(engine, keymap, self.look, self.app.size.width)

    def under_cursor(self) -> list[Piece]:
        """What the cursor is on."""
        return status.under_cursor(self.editor, self.look) if self.editor is not None else []

    def sync(self) -> None:
        """Draw what a command has changed."""
        editor = self.editor
        if editor is None:
            return
        for start, end in editor.take_dirty():
            self.redraw(start, end, whole=True)
        strong = editor.active if len(editor.under_cursor()) > 1 else None
        if strong != self._strong:
            for span in (self._strong, strong):
                if span is not None:
                    self.redraw(span.start, span.end, whole=True)
            self._strong = strong
        super().sync()

    # ── drawing ────────────────────────────────────────────────────────────

    def look_at(self, start: int, end: int) -> list[tuple[int, int, Look]]:
        """How a range of text looks: stretches in order that cover it."""
        editor = self.editor
        if editor is None:
            return [(start, end, Look())]
        spans = editor.spans.overlapping(start, end)
        cursor, selection = editor.caret.unit(), editor.caret.selection
        cuts = {start, end}
        for span in spans:
            cuts.update((span.start, span.end))
        cuts.update(cursor)
        if selection is not None:
            cuts.update(selection)
        borders = sorted(cut for cut in cuts if start <= cut <= end)
        stretches = []
        for first, last in itertools.pairwise(borders):
            over = [span for span in spans if span.start <= first and last <= span.end]
            inner = min(over, key=lambda s: s.end - s.start) if over else None
            if self._strong is not None and self._strong in over:
                inner = self._strong
            stretches.append(
                (
                    first,
                    last,
                    Look(
                        slot=None if inner is None else self.slot(inner.label),
                        cursor=cursor[0] <= first and last <= cursor[1],
                        selected=selection is not None
                        and selection[0] <= first
                        and last <= selection[1],
                        strong=inner is not None and inner is self._strong,
                    ),
                )
            )
        return stretches

    def below(self, row: int) -> list[Strip]:
        """The labels under a row of text."""
        layout, editor = self.layout_, self.editor
        count = self.rows_below
        if layout is None or editor is None or not count:
            return []
        start, end = layout.rows[row]
        spans = editor.spans.overlapping(start, end) if end > start else []
        lanes, hidden = self._lanes(row, spans)
        if self._strong in hidden:
            # The span that is meant is shown, however deep it nests.
            lanes, hidden = self._lanes(row, spans, self._strong)
        if hidden:
            lanes[-1].more = len(hidden)
        return [lane.strip(self) for lane in lanes]

    def _lanes(
        self, row: int, spans: Sequence[Span], lowest: Span | None = None
    ) -> tuple[list[_Lane], list[Span]]:
        """The labels of a row, and those for which there is no place; one may be put lowest."""
        assert self.layout_ is not None
        start, _ = self.layout_.rows[row]
        lanes = [_Lane(self.size.width - MARGIN) for _ in range(self.rows_below)]
        hidden: list[Span] = []
        if lowest is not None:
            lanes[-1].take(*self._columns(row, lowest), self._title(lowest, start), lowest)
        for span in spans:
            if span is lowest:
                continue
            left, right = self._columns(row, span)
            lane = next((lane for lane in lanes if lane.is_free(left, right)), None)
            if lane is None:
                hidden.append(span)
            else:
                lane.take(left, right, self._title(span, start), span)
        return lanes, hidden

    def _title(self, span: Span, row_start: int) -> str:
        return ("…" if span.start < row_start else "") + safe(span.label)

    def _columns(self, row: int, span: Span) -> tuple[int, int]:
        layout = self.layout_
        assert layout is not None
        start, end = layout.rows[row]
        left = 0 if span.start <= start else layout.column_of(span.start)
        right = layout.row_width(row) if span.end >= end else layout.column_of(span.end)
        return left, max(right, left + 1)

    def slot(self, label: str) -> int:
        """The colour slot of a label; those not on offer are dim."""
        return self.slots.get(label, FOREIGN)


class _Lane:
    """One row of labels."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.more = 0
        self._taken: list[tuple[int, int, str, Span]] = []

    def is_free(self, left: int, right: int) -> bool:
        """Whether nothing stands at the columns yet."""
        return all(end <= left or right <= begin for begin, end, _, _ in self._taken)

    def take(self, left: int, right: int, name: str, span: Span) -> None:
        """Put a span's label at its columns."""
        self._taken.append((left, right, name, span))
        self._taken.sort(key=lambda taken: taken[0])

    def strip(self, view: SpanView) -> Strip:
        """Draw the row."""
        segments = [Segment(" " * MARGIN, Style())]
        at = 0
        for index, (left, right, name, span) in enumerate(self._taken):
            following = self._taken[index + 1][0] if index + 1 < len(self._taken) else self.width
            room = max(following - left - (1 if following < self.width else 0), right - left)
            drawn = _bar(name, right - left, min(room, self.width - left), span.pending)
            if left > at:
                segments.append(Segment(" " * (left - at), Style()))
            strong = span is view._strong
            segments.append(Segment(drawn, view.look.label(view.slot(span.label), strong)))
            at = left + len(drawn)
        more = f"+{self.more}" if self.more else ""
        blank = self.width - at - len(more)
        if blank >= 0:
            segments.append(Segment(" " * blank, Style()))
            if more:
                segments.append(Segment(more, view.look.dim))
        return Strip(segments).adjust_cell_length(view.size.width)


def _bar(name: str, width: int, room: int, suggested: bool) -> str:
    """A name and a line as wide as the span; the name runs on where there is room."""
    end = "?" if suggested else ""
    fill = "┄" if suggested else "─"
    if len(name) + len(end) >= width:
        return (name + end)[:room] if len(name) + len(end) <= room else _cut(name, end, room)
    return name + fill * (width - len(name) - len(end)) + end


def _cut(name: str, end: str, room: int) -> str:
    keep = room - len(end)
    return name[:keep] + end if keep > 0 else name[:room]
