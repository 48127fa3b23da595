"""A text that is read beside what is asked about it."""

from __future__ import annotations

from tui_annotate.editors.base import Outcome
from tui_annotate.editors.caret import Caret
from tui_annotate.editors.search import Search
from tui_annotate.text.tokens import Tokens, fallback_pairs
from tui_annotate.ui.theme import Look, Theme
from tui_annotate.ui.widgets.text.document import DocumentView
from tui_annotate.ui.widgets.view import ViewChanged


class TextPane(DocumentView, can_focus=False):
    """A text that is read: it scrolls, and has no cursor but on what was found in it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._search: Search | None = None
        self._found: tuple[int, int] | None = None

    def set_text(self, text: str | None) -> None:
        """Show another text from its start, or none."""
        self._found = self._search = None
        if text is None:
            self.set_caret(None)
        else:
            caret = Caret(text, Tokens.from_pairs(text, fallback_pairs(text)))
            caret.switch()
            self._search = Search(text, caret)
            self.set_caret(caret)

    def search(self, command: str, query: str | None = None) -> Outcome | None:
        """Find text and scroll to it; None for a command that is no search."""
        caret, layout = self.caret, self.layout_
        if self._search is None or caret is None or layout is None:
            return None
        outcome = self._search.do(command, query)
        if outcome is None or outcome.message is not None:
            return outcome
        self._found = caret.selection or caret.unit()
        row = layout.row_of(self._found[0])
        top, height = round(self.scroll_offset.y), self.size.height
        if not top <= self.rows.tops[row] < top + height - 1:
            most = self.hidden_below + top
            self.scroll_to(y=min(max(self.rows.tops[row] - height // 2, 0), most), animate=False)
        self.rows.clear()
        self.refresh()
        return outcome

    def look_at(self, start: int, end: int) -> list[tuple[int, int, Look]]:
        """What was found stands out."""
        found = self._found
        if found is None or found[1] <= start or found[0] >= end:
            return super().look_at(start, end)
        first, last = max(found[0], start), min(found[1], end)
        parts = [(start, first, Look()), (first, last, Look(cursor=True)), (last, end, Look())]
        return [part for part in parts if part[0] < part[1]]

    def follow(self) -> None:
        """There is no cursor to follow."""

    def fit(self) -> None:
        """Wrap to the new width; more of the text may be out of sight."""
        super().fit()
        self.post_message(ViewChanged())

    def scroll_by(self, command: str) -> bool:
        """Scroll as a command says; whether it is one that scrolls."""
        page = max(self.size.height - 2, 1)
        now = round(self.scroll_offset.y)
        most = self.hidden_below + now
        targets = {
            "page_down": now + page,
            "page_up": now - page,
            "line_down": now + 1,
            "line_up": now - 1,
            "first": 0,
            "last": most,
        }
        if command not in targets:
            return False
        self.scroll_to(y=min(max(targets[command], 0), most), animate=False)
        return True

    @property
    def hidden_below(self) -> int:
        """How many rows of the text are below those in sight."""
        return max(self.virtual_size.height - self.size.height - round(self.scroll_offset.y), 0)
