"""The view of labelled spans: colours behind the words, names under them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

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
from tui_annotate.ui.widgets.text.label_tracks import label_tracks
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

    def set_compact(self, compact: bool) -> bool:
        """Leave the label rows out, or show them; there are some."""
        self.compact = compact
        self.relayout()
        self.follow()
        return True

    def bar(self, engine: Engine, keymap: Keymap) -> tuple[list[Piece], list[Piece]]:
        """The labels with their keys and counts."""
        return status.label_bar(engine, keymap, self.theme, self.app.size.width)

    def under_cursor(self) -> list[Piece]:
        """What the cursor is on."""
        return status.under_cursor(self.editor, self.theme) if self.editor is not None else []

    def suggested(self) -> int:
        """How many spans nobody has looked at yet."""
        return self.editor.pending if self.editor is not None else 0

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
        tokens = editor.caret.tokens
        disabled = tokens.disabled_between(start, end)
        for stretch in disabled:
            cuts.update(stretch)
        if selection is not None:
            cuts.update(selection)
        borders = sorted(cut for cut in cuts if start <= cut <= end)
        stretches = []
        for first, last in itertools.pairwise(borders):
            over = [span for span in spans if span.start <= first and last <= span.end]
            inner = min(over, key=lambda s: s.end - s.start) if over else None
            if self._strong is not None and self._strong in over:
                inner = self._strong
            # What cannot be labelled is dim.
            slot = FOREIGN if tokens.disabled(first, last) else None
            slot = slot if inner is None else self.slot(inner.label)
            stretches.append(
                (
                    first,
                    last,
                    Look(
                        slot=slot,
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
        room = self.size.width - MARGIN
        tracks = label_tracks(layout, row, spans, (count, room), self._title, self._strong)
        strips = []
        for track in tracks:
            styles = [
                self.theme.label(self.slot(one.span.label), one.span is self._strong)
                for one in track.placed
            ]
            strips.append(track.strip(styles, self.theme.dim))
        return strips

    def _title(self, span: Span, row_start: int) -> str:
        return ("…" if span.start < row_start else "") + safe(span.label)

    def slot(self, label: str) -> int:
        """The colour slot of a label; those not on offer are dim."""
        return self.slots.get(label, FOREIGN)
