"""The view of keyphrases: the document, and beside or under it the list of phrases by rank."""

from __future__ import annotations

from textual.app import ComposeResult

from tui_annotate.editors.spans.keyphrases import PhraseEditor
from tui_annotate.editors.spans.ranking import Phrase
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds.keyphrases import Options
from tui_annotate.session.engine import Engine
from tui_annotate.text.display import safe, visible_width
from tui_annotate.text.spans import Span
from tui_annotate.ui import status
from tui_annotate.ui.theme import FOREIGN, Theme
from tui_annotate.ui.widgets.line import Piece, Rule
from tui_annotate.ui.widgets.rows import Rows
from tui_annotate.ui.widgets.text.host import HostView
from tui_annotate.ui.widgets.text.spans import SpanView

BESIDE = 100
"""From so many columns on the list stands beside the text."""

_COLUMN = 38
"""The columns that a phrase has at least, where the list stands under the text."""
_FEWEST = 3
_MOST = 8


class PhraseText(SpanView):
    """The document; under a phrase stands its rank."""

    editor: PhraseEditor | None

    def __init__(self, theme: Theme, options: Options) -> None:
        super().__init__(theme, options)
        self._ranks: dict[Span, int] = {}

    def set_editor(self, editor: PhraseEditor | None) -> None:  # type: ignore[override]
        """Show another task's editor, or nothing."""
        self._ranks = editor.ranks() if editor is not None else {}
        super().set_editor(editor)

    def sync(self) -> None:
        """Draw what a command has changed, and the ranks that changed with it."""
        if self.editor is not None:
            before, self._ranks = self._ranks, self.editor.ranks()
            for span, rank in self._ranks.items():
                if before.get(span, rank) != rank:
                    self.redraw(span.start, span.end, whole=True)
        super().sync()

    def _title(self, span: Span, row_start: int) -> str:
        rank = str(self._ranks.get(span, ""))
        several = len(self.slots) > 1 or span.label not in self.slots
        more = "…" if span.start < row_start else ""
        return f"{more}{rank} {safe(span.label)}" if several else more + rank


class KeyphraseView(HostView):
    """Draws a `PhraseEditor`.

    The list has the same place for every task, however many phrases there are.
    """

    DEFAULT_CSS = """
    KeyphraseView { height: 1fr; width: 1fr; layout: vertical; overflow: hidden; }
    KeyphraseView #list-head { height: 1; }
    """

    def __init__(self, theme: Theme, options: Options) -> None:
        super().__init__(id="keyphrases")
        self.theme = theme
        self.document = PhraseText(theme, options)
        self.rule = Rule()
        self.list = Rows(id="phrases")
        self.editor: PhraseEditor | None = None
        self._shape: tuple[bool, int, int] | None = None
        self._top = self._place = 0

    def compose(self) -> ComposeResult:
        """The document, and the list."""
        yield self.document
        yield self.rule
        yield self.list

    # ── what the desk sets ─────────────────────────────────────────────────

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self.theme = theme
        self.document.set_theme(theme)
        self._show_list()
        self.list.refresh()

    def set_editor(self, editor: PhraseEditor | None) -> None:
        """Show another task's editor, or nothing."""
        self.editor = editor
        self._top = self._place = 0
        self._reshape()
        self.document.set_editor(editor)
        self._show_list()

    def fit(self) -> None:
        """Put the list beside the text, or under it."""
        self._reshape()
        self._show_list()

    def _reshape(self) -> None:
        if not self.in_sight:
            return
        width, height = self.size
        beside = width >= BESIDE
        rows = height if beside else min(max(height // 3, _FEWEST), _MOST)
        shape = beside, rows, max(width // 3, 32) if beside else width
        if self._shape == shape:
            return
        self._shape = shape
        self.styles.layout = "horizontal" if beside else "vertical"
        self.rule.display = not beside
        self.list.styles.width = shape[2] if beside else "1fr"
        self.list.styles.height = "1fr" if beside else rows

    # ── what the desk asks ─────────────────────────────────────────────────

    def sync(self) -> None:
        """Draw what a command has changed."""
        self.document.sync()
        self._show_list()

    def bar(self, engine: Engine, keymap: Keymap) -> tuple[list[Piece], list[Piece]]:
        """The labels with their keys and counts."""
        return status.label_bar(engine, keymap, self.theme, self.app.size.width)

    def under_cursor(self) -> list[Piece]:
        """What the cursor is on, and the rank of its phrase."""
        editor = self.editor
        if editor is None:
            return []
        pieces = status.under_cursor(editor, self.theme)
        phrase = editor.phrase
        if phrase is not None:
            rank = editor.phrases.index(phrase) + 1
            pieces.append((f"  rank {rank} of {len(editor.phrases)}", self.theme.plain))
        return pieces

    # ── the list ───────────────────────────────────────────────────────────

    def _show_list(self) -> None:
        editor, shape = self.editor, self._shape
        if editor is None or shape is None:
            self.list.show([])
            return
        beside, height, width = shape
        phrases, here = editor.phrases, editor.phrase
        columns = 1 if beside else max(width // _COLUMN, 1)
        rows = max(height - (2 if beside else 1), 1)
        room = rows * columns
        self._top = min(self._top, max(len(phrases) - room, 0))
        place = phrases.index(here) if here is not None else None
        aside = place is not None and not self._keep_in_sight(place, room)
        ranked = list(enumerate(phrases[self._top : self._top + room], self._top + 1))
        if aside and place is not None:
            ranked[-1] = place + 1, phrases[place]
        lines = [[], self._head(len(phrases))] if beside else [self._head(len(phrases))]
        for row in range(rows):
            pieces: list[Piece] = []
            for column in range(columns):
                number = column * rows + row
                if number < len(ranked):
                    rank, phrase = ranked[number]
                    pieces += self._entry(rank, phrase, phrase is here, width // columns)
            lines.append(pieces)
        hidden = len(phrases) - self._top - len(ranked)
        if hidden > 0:
            lines[-1].append((f" +{hidden} ↓", self.theme.dim))
        self.list.show(lines)

    def _keep_in_sight(self, place: int, room: int) -> bool:
        """Turn half a page where one goes from a phrase to the next; whether it is in sight now.

        Any other that is out of sight stands in the last row, out of its turn: the
        text leads from one end of a long list to the other with every phrase.
        """
        last, self._place = self._place, place
        if abs(place - last) == 1 and not self._top <= place < self._top + room:
            self._top = max(place + 1 - room // 2, 0) if place < last else place - room // 2
        return self._top <= place < self._top + room

    def _head(self, count: int) -> list[Piece]:
        editor, theme, keymap = self.editor, self.theme, self.keymap
        assert editor is not None
        limit = f" of at most {editor.max_phrases}" if editor.max_phrases is not None else ""
        keys = " ".join(keymap.shown(name) for name in ("rank_up", "rank_down"))
        drop = keymap.shown("drop_phrase")
        unchecked = sum(phrase.suggested for phrase in editor.phrases)
        left = f", {unchecked} to check" if unchecked else ""
        return [
            (f"  {count} phrase{'' if count == 1 else 's'}{limit}{left}", theme.plain),
            (f"   {keys} rank  {drop} remove", theme.dim),
        ]

    def _entry(self, rank: int, phrase: Phrase, here: bool, width: int) -> list[Piece]:
        """A phrase in its columns: mark, rank, words, how often, whether it is a suggestion."""
        theme, editor = self.theme, self.editor
        assert editor is not None
        count = f" ×{len(phrase.spans)}" if len(phrase.spans) > 1 else ""
        if len(self.slots) > 1:
            count = f" {safe(phrase.label, 12)}{count}"
        end = f"{count}{'?' if phrase.suggested else ''} "
        room = max(width - 6 - visible_width(end), 4)
        text = safe(editor.text[phrase.spans[0].start : phrase.spans[0].end], room)
        slot = self.slots.get(phrase.label, FOREIGN)
        return [
            ("› " if here else "  ", theme.strong),
            (f"{rank:>2}  ", theme.strong if here else theme.plain),
            (text, theme.label(slot, here)),
            (end, theme.dim),
            (" " * (room - visible_width(text)), theme.plain),
        ]
