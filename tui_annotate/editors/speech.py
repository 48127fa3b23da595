"""What sources heard in a sound: where speech is, and what of it no region covers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from tui_annotate.editors.cover import Stretch, length, minus, union
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
        self.edges: list[int] = []

    def add(self, suggestions: Iterable[Suggestion]) -> None:
        """Take in what was offered."""
        found = [
            (one.start, one.end)
            for one in suggestions
            if self.label is None or one.label == self.label
        ]
        if not found:
            return
        self.stretches = union([*self.stretches, *found])
        self.edges = [edge for stretch in self.stretches for edge in stretch]

    def left(self, covered: list[Stretch], dismissed: list[Stretch]) -> list[Stretch]:
        """The speech that is not covered, nor found to be none."""
        return minus(minus(self.stretches, dismissed), covered)

    def share(self, covered: list[Stretch], dismissed: list[Stretch]) -> float | None:
        """How much of the speech is covered, in [0, 1]; None where there is none."""
        speech = minus(self.stretches, dismissed)
        if not speech:
            return None
        return 1.0 - length(minus(speech, covered)) / length(speech)


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
