"""What sources heard in a sound: where speech is, and what of it no region covers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from tui_annotate.editors.regions.cover import Stretch, length, minus, union
from tui_annotate.suggest.suggestion import Suggestion


class Speech:
    """The speech that was found in a sound so far.

    Args:
        label: What sources call it, where they tell it from other sound; None where all
            that they offer is speech.
    """

    def __init__(self, label: str | None = None) -> None:
        self.label = label
        self.stretches: list[Stretch] = []
        self._edges: list[int] | None = []
        self._speech: tuple[list[Stretch], list[Stretch], int] | None = None

    def add(self, suggestions: Iterable[Suggestion]) -> None:
        """Take in what was offered."""
        found = [
            (one.start, one.end)
            for one in suggestions
            if self.label is None or one.label == self.label
        ]
        if found:
            self.stretches = union([*self.stretches, *found])
            self._edges = self._speech = None

    @property
    def edges(self) -> list[int]:
        """Where it begins and ends, in order."""
        if self._edges is None:
            self._edges = [edge for stretch in self.stretches for edge in stretch]
        return self._edges

    def left(self, covered: list[Stretch], dismissed: list[Stretch]) -> list[Stretch]:
        """The speech that is not covered, nor found to be none."""
        return minus(minus(self.stretches, dismissed), covered)

    def share(self, covered: list[Stretch], dismissed: list[Stretch]) -> float | None:
        """How much of the speech is covered, in [0, 1]; None where there is none."""
        if self._speech is None or self._speech[0] != dismissed:
            speech = minus(self.stretches, dismissed)
            self._speech = dismissed, speech, length(speech)
        _, speech, frames = self._speech
        return 1.0 - length(minus(speech, covered)) / frames if frames else None


def nearest(edges: list[int], frame: int, within: int) -> int | None:
    """The edge nearest to a frame, the earlier of two; None if none is that near.

    Args:
        edges: The edges, in order.
        frame: The frame.
        within: How far it may be, in frames.
    """
    place = bisect_left(edges, frame)
    found = [edge for edge in edges[max(place - 1, 0) : place + 1] if abs(edge - frame) <= within]
    return min(found, key=lambda edge: abs(edge - frame), default=None)
