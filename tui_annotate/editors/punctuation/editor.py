"""The editor of punctuation: which marks stand where, and what is written large."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tui_annotate.editors.base import NOTHING, Outcome, Restored
from tui_annotate.editors.caret import Caret
from tui_annotate.editors.punctuation.attention import Attention
from tui_annotate.editors.punctuation.drafts import PunctuationDraft
from tui_annotate.editors.punctuation.edits import PunctuationEdits
from tui_annotate.editors.punctuation.state import PunctuationState
from tui_annotate.editors.punctuation.steps import PunctuationSteps
from tui_annotate.editors.search import Search
from tui_annotate.inventory.marks import DEFAULT, MarkSet, is_mark
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment
from tui_annotate.text.punctuated import PunctuatedText
from tui_annotate.text.tokens import Tokens


class PunctEditor:
    """Puts marks between the words of a text.

    A mark belongs to a word and stands after or before it. Capitals follow
    after a stop, unless they were set by hand. Where `next_span` led to a place
    that is worth a look, a mark put there leads on to the next one; one that
    stands beside others or may want a class does not.

    Args:
        text: The text.
        tokens: Its tokens; they never change while the editor lives.
        marks: The marks on offer.
        classes: The classes that a mark may have.
        strip: Hide the marks that the text has.
        capitals: Whether capitals follow the stops.
        initial: Entries of ``marks`` that the task came with, or was decided with.
        changed: The ids of the tokens whose capital was changed, with those.
        offered: What was offered when the task was decided before.
        hints: Offer the marks that the text has as suggestions, where they are hidden.

    Attributes:
        content: The text with its marks, as it will read.
        classes: The classes on offer.
        marking: The marks step by step: offered, undone, drafted.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        marks: MarkSet = DEFAULT,
        classes: Iterable[str] = (),
        *,
        strip: bool = False,
        capitals: bool = True,
        initial: Iterable[Mapping[str, Any]] | None = None,
        changed: Iterable[int] = (),
        offered: Sequence[Suggestion] | None = None,
        hints: bool = False,
    ) -> None:
        self.text = text
        self.classes = list(classes)
        self.content = PunctuatedText(
            text, tokens, marks, strip=strip, capitals=capitals, initial=initial, changed=changed
        )
        self.marking = PunctuationState(self.content, offered)
        self._steps = PunctuationSteps(self.marking)
        self._edits = PunctuationEdits(self.marking, self._steps, self.classes)
        self._search = Search(text, self.marking.caret)
        if hints and strip and offered is None:
            self.marking.suggest_hidden()

    # ── what the session and the view ask ──────────────────────────────────

    @property
    def caret(self) -> Caret:
        """Where the annotator is."""
        return self.marking.caret

    @property
    def here(self) -> int:
        """The word under the cursor."""
        return self.marking.here

    @property
    def attention(self) -> Attention:
        """Where a look is wanted."""
        return self.marking.attention

    @property
    def adding(self) -> bool:
        """Whether the next mark is put beside the one that is there."""
        return self.marking.adding

    @property
    def edited(self) -> bool:
        """Whether the annotator has changed anything."""
        return self.marking.edited

    @property
    def offered(self) -> Sequence[Suggestion]:
        """Every mark that has been offered, as it was offered."""
        return self.marking.offered

    def take_dirty(self) -> list[int]:
        """The words at which something has changed since this was last asked."""
        return self.marking.take_dirty()

    def counts(self) -> Mapping[str, int]:
        """How often each mark and each class stands in the task."""
        return self.marking.counts()

    def add_label(self, label: str) -> None:
        """Add a mark, or a class, to those on offer."""
        if is_mark(label):
            self.content.marks = self.content.marks.with_marks([label])
        elif label not in self.classes:
            self.classes.append(label)

    def fields(self) -> dict[str, Any]:
        """The marks, the capitals, the text with them, and a span for each token with a mark."""
        return self.content.written()

    def state(self) -> dict[str, Any]:
        """Marks, capitals, cursor and selection as plain JSON values."""
        return self.marking.draft().encode()

    def restore(self, state: Mapping[str, Any], moved: Alignment = SAME) -> Restored:
        """Take up a draft again, as far as it fits the words.

        Args:
            state: What `state` gave.
            moved: Where the parts of the text are that it was made of.

        Raises:
            ValueError: It is no draft of punctuation.
        """
        return self.marking.restore(PunctuationDraft.decode(state), moved)

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take suggestions in, where no mark stands and none was put or taken away."""
        return self.marking.suggest(suggestions)

    def withdraw(self, source: str) -> Outcome:
        """Take out the marks of a source that nobody has changed."""
        return self.marking.withdraw(source)

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        marking = self.marking
        marking.untouched = False
        if command in ("left_sentence", "right_sentence"):
            return self._steps.sentence(1 if command == "right_sentence" else -1)
        if marking.caret.do(command):
            extends = command in ("select", "extend_left", "extend_right")
            marking.auto_advance = marking.auto_advance and extends
            return NOTHING
        found = self._search.do(command, argument)
        if found is not None:
            marking.auto_advance = False
            return found
        return self._change(command, argument)

    def _change(self, command: str, argument: str | None) -> Outcome | None:
        marking, edits = self.marking, self._edits
        match command:
            case "label":
                return edits.label(argument)
            case "label_by_name" if argument is not None:
                return edits.label(argument)
            case "repeat":
                if marking.last_label is None:
                    return Outcome(message="no mark yet")
                return edits.label(marking.last_label)
            case "capital":
                return edits.toggle_capital()
            case "delete":
                return edits.delete()
            case "add_mark":
                marking.adding = not marking.adding
                return NOTHING
            case "move_left" | "move_right":
                return edits.move(1 if command == "move_right" else -1)
            case "next_span":
                return self._steps.next_mark()
            case "previous_span":
                return self._steps.previous_mark()
            case "undo":
                return marking.undo()
            case "redo":
                return marking.redo()
            case "characters":
                return Outcome(message="marks belong to whole words")
            case "escape":
                marking.adding = False
                marking.caret.drop()
                return NOTHING
        return None

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Put the cursor on the word over an offset, or select up to it."""
        marking = self.marking
        marking.untouched = False
        marking.auto_advance = marking.auto_advance and extend
        marking.caret.move_to(offset, extend=extend)
