"""Ways through a punctuated text: to sentences, to marks, to what wants a look."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from msgspec.structs import replace

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.punctuation.state import PunctuationState


class PunctuationSteps:
    """Leads the cursor.

    Args:
        state: The marks, and the cursor.
    """

    def __init__(self, state: PunctuationState) -> None:
        self._state = state

    def sentence(self, by: int) -> Outcome:
        """Go to the next sentence, or the start of this one, as the marks are now."""
        state, content = self._state, self._state.content
        state.auto_advance = False
        here, count = state.here, len(content.words)
        for word in range(here + 1, count) if by > 0 else range(here - 1, -1, -1):
            if word == 0 or content.begins(word, True):
                state.go_to(word)
                return NOTHING
        if count and by > 0:
            state.go_to(count - 1)
        return NOTHING

    def next_mark(self) -> Outcome:
        """Go to the next place that is unsure, else suggestion, else mark.

        What one leaves counts as looked at.
        """
        state = self._state
        here = state.here
        state.caret.drop()
        passed = state.look_at(here)
        if self._advance():
            return NOTHING
        left = len(state.attention.unsure)
        if left:
            return Outcome(message=f"nothing left to check after this; {left} before")
        if passed:
            return Outcome(message="that was the last suggestion", then="accept")
        outcome = self._to_mark(range(here + 1, len(state.content.words)), "no more marks")
        return replace(outcome, then="accept") if outcome.message else outcome

    def previous_mark(self) -> Outcome:
        """Go back to the mark before."""
        self._state.auto_advance = False
        self._state.caret.drop()
        return self._to_mark(range(self._state.here - 1, -1, -1), "no mark before this")

    def lead_on(self) -> None:
        """Where the cursor was led to a mark, go on to the next place to look at."""
        if self._state.auto_advance:
            self._state.look_at(self._state.here)
            self._advance()

    def _advance(self) -> bool:
        following = self._next_to_look_at()
        self._state.auto_advance = following is not None
        if following is not None:
            self._state.go_to(following)
        return following is not None

    def _next_to_look_at(self) -> int | None:
        """The next word where it is worth to look, else with a suggestion that is sure."""
        attention, here = self._state.attention, self._state.here
        for places in (attention.unsure, [word for word, _ in attention.pending]):
            at = bisect_right(places, here)
            if at < len(places):
                return places[at]
        return None

    def _to_mark(self, words: Iterable[int], refusal: str) -> Outcome:
        content = self._state.content
        for word in words:
            if content.visible(word, "after") or content.visible(word, "before"):
                self._state.go_to(word)
                return NOTHING
        return Outcome(message=refusal)
