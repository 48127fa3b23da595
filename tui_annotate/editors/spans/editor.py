"""The editor of labelled spans: entities, keyphrases, mentions."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any

from tui_annotate.editors.base import NOTHING, Outcome, Restored
from tui_annotate.editors.search import Search
from tui_annotate.editors.spans.cursor import SpanCursor
from tui_annotate.editors.spans.drafts import SpanDraft
from tui_annotate.editors.spans.edits import SpanEdits
from tui_annotate.editors.spans.front import SpanFront
from tui_annotate.editors.spans.state import Edit, SpanState
from tui_annotate.editors.spans.steps import SpanSteps
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment
from tui_annotate.text.spans import Span
from tui_annotate.text.tokens import Tokens


class SpanEditor(SpanFront):
    """Labels stretches of a text.

    Where `next_span` led to a suggestion or a candidate, what labels it leads on to the
    next one; every key acts on what stands out, but `label_all` straight after such a
    label on what was labelled.

    Args:
        text: The text.
        tokens: Its tokens; they never change while the editor lives.
        initial: The spans that came with the task, as they came.
        offered: What was offered when the task was decided before; by default the
            spans that came with it.
        overlap: Let spans overlap and nest.
        characters: Begin in character mode.
        known: Strings that were labelled before, for the candidates.
        leads: Whether a label leads on.
        candidates: Whether runs that look like something to label are stops too.
        rule: What every edit has to pass before it is made.
        relations: The relations between the spans that came with the task, as they came.

    Attributes:
        steps: The way from span to span.
        edits: Changes the span that is meant.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        *,
        initial: Iterable[Mapping[str, Any]] = (),
        offered: Iterable[Suggestion] | None = None,
        overlap: bool = False,
        characters: bool = False,
        known: Container[str] = (),
        leads: bool = True,
        candidates: bool = True,
        rule: Callable[[Edit], Edit] | None = None,
        relations: object = None,
    ) -> None:
        marking = SpanState(
            text,
            tokens,
            initial=initial,
            offered=offered,
            overlap=overlap,
            characters=characters,
            rule=rule,
            relations=relations,
        )
        super().__init__(marking, SpanCursor(marking))
        self.steps = SpanSteps(self.marking, self.cursor, known, leads=leads, candidates=candidates)
        self.edits = SpanEdits(self.marking, self.cursor, self.steps)
        self._search = Search(text, self.marking.caret)

    # ── what the session and the view ask ──────────────────────────────────

    def fields(self) -> dict[str, Any]:
        """The tokens and spans as the format has them."""
        return self.marking.fields()

    def state(self) -> dict[str, Any]:
        """Spans, cursor and selection as plain JSON values."""
        return self.marking.draft().encode()

    def restore(self, state: Mapping[str, Any], moved: Alignment = SAME) -> Restored:
        """Take up a draft again, as far as it fits the task.

        Args:
            state: What `state` gave.
            moved: Where the parts of the text are that it was made of.

        Raises:
            ValueError: It is no draft of spans.
        """
        return self.marking.restore(SpanDraft.decode(state), moved)

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take suggestions in, leaving what is there as it is."""
        return self.marking.suggest(suggestions)

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        left = self.steps.take_left()
        marking, caret = self.marking, self.marking.caret
        if caret.do(command):
            marking.depth = 0
            extends = command in ("select", "extend_left", "extend_right")
            marking.auto_advance = marking.auto_advance and extends
            return NOTHING
        found = self._search.do(command, argument)
        if found is not None:
            if found is NOTHING:
                marking.depth, marking.auto_advance = 0, False
            return found
        return self._change(command, argument, left)

    def _change(self, command: str, argument: str | None, left: Span | None) -> Outcome | None:
        edits, caret = self.edits, self.marking.caret
        match command:
            case "label":
                return edits.label(argument)
            case "label_all":
                return edits.label_all_of(left, edits.label_all)
            case "repeat":
                return edits.repeat()
            case "delete":
                return edits.delete()
            case "grow" | "shrink" | "grow_left" | "shrink_left":
                return edits.resize(command)
            case "next_span":
                return self.steps.next_stop(1)
            case "previous_span":
                return self.steps.next_stop(-1)
            case "cycle":
                return self.cursor.cycle()
            case "undo":
                return self.marking.undo()
            case "redo":
                return self.marking.redo()
            case "characters":
                caret.switch()
                mode = "characters" if caret.characters else "tokens"
                return Outcome(message=f"moving by {mode}")
            case "escape":
                caret.drop()
                return NOTHING
        return None
