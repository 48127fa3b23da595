"""Where in a punctuated text a look is wanted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from tui_annotate.inventory.marks import Side
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.mark_slots import Place
from tui_annotate.text.punctuated import SIDES, PunctuatedText

SURE = 0.9
"""A suggestion with this score need not be gone to; `tab` passes over it."""


class Attention:
    """What is suggested and nobody has looked at yet.

    Args:
        content: The text with its marks.

    Attributes:
        seen: The places that somebody has looked at.
        hints: By word, what may be missing behind it.
        looked_at: The words of those that somebody has looked at.
        pending: Where suggestions stand that nobody has looked at, from left to right.
    """

    def __init__(self, content: PunctuatedText) -> None:
        self._content = content
        self.seen: set[Place] = set()
        self.hints: dict[int, Suggestion] = {}
        self.looked_at: set[int] = set()
        self.pending: list[Place] = []
        self._unsure: list[int] | None = None

    def is_pending(self, word: int, side: Side) -> bool:
        """Whether a suggestion stands there that nobody has looked at."""
        return (word, side) not in self.seen and any(
            slot.suggested for slot in self._content.slots(word, side)
        )

    @property
    def unsure(self) -> Sequence[int]:
        """The words behind which it is worth to look, from left to right."""
        if self._unsure is None:
            known = {place[0] for place in self.pending} | self.hints.keys()
            self._unsure = sorted(filter(self._is_unsure, known))
        return self._unsure

    def _is_unsure(self, word: int) -> bool:
        return self.hint(word) is not None or any(
            slot.suggested and (slot.score or 0.0) < SURE
            for side in SIDES
            if (word, side) not in self.seen
            for slot in self._content.slots(word, side)
        )

    def hint(self, word: int) -> Suggestion | None:
        """What may be missing behind a word that nobody has looked at and no mark follows."""
        if word in self.looked_at or self._content.visible(word, "after"):
            return None
        return self.hints.get(word)

    def look_at(self, word: int) -> tuple[bool, bool]:
        """Take what is suggested at a word for looked at.

        Returns:
            Whether anything was, and whether a mark was.
        """
        passed = [place for place in self.pending if place[0] == word]
        for place in passed:
            self.seen.add(place)
            self.pending.remove(place)
        waiting = self.hint(word) is not None
        self.looked_at.add(word)
        self._weigh(word)
        return waiting or bool(passed), bool(passed)

    def update(self, place: Place) -> None:
        """Find out again what waits at a place where something has changed."""
        at = bisect_left(self.pending, place)
        listed = at < len(self.pending) and self.pending[at] == place
        if self.is_pending(*place) != listed:
            if listed:
                del self.pending[at]
            else:
                self.pending.insert(at, place)
        self._weigh(place[0])

    def _weigh(self, word: int) -> None:
        """Find out again whether a word is unsure."""
        if self._unsure is None:
            return
        at = bisect_left(self._unsure, word)
        listed = at < len(self._unsure) and self._unsure[at] == word
        if self._is_unsure(word) != listed:
            if listed:
                del self._unsure[at]
            else:
                self._unsure.insert(at, word)

    def expect(self) -> None:
        """Find out anew which words are unsure, once that is asked; much changes now."""
        self._unsure = None

    def withdraw(self, source: str) -> None:
        """Forget the hints of a source."""
        self.hints = {n: one for n, one in self.hints.items() if one.source != source}
        self.expect()

    def recount(self) -> None:
        """Find everything out anew."""
        self.pending = sorted(place for place in self._content.placed if self.is_pending(*place))
        self.expect()
