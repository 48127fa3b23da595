"""What sources heard in a sound: where speech is, and what of it no region covers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from tui_annotate.editors.regions.cover import Stretch, length, minus, union
from tui_annotate.suggest.suggestion import Suggestion

Channel = int | None
"""A channel, from 0; None for all of them."""

Cover = Mapping[Channel, list[Stretch]]
"""What is covered in each channel; under None what is in all of them."""

Piece = tuple[int, int, Channel]
"""A stretch of a channel."""


class Speech:
    """The speech that was found in a sound so far.

    Args:
        label: What sources call it, where they tell it from other sound; None where all
            that they offer is speech.
        min_remainder: What is left of speech and is shorter is not worth a region.
    """

    def __init__(self, label: str | None = None, min_remainder: int = 0) -> None:
        self.label = label
        self._min_remainder = min_remainder
        self._found: dict[Channel, list[Stretch]] = {}
        self._edges: list[int] | None = []
        self._speech: tuple[Cover, dict[Channel, list[Stretch]], int] | None = None

    def add(self, suggestions: Iterable[Suggestion]) -> None:
        """Take in what was offered."""
        found: dict[Channel, list[Stretch]] = {}
        for one in suggestions:
            if self.label is None or one.label == self.label:
                found.setdefault(one.channel, []).append((one.start, one.end))
        for channel, stretches in found.items():
            self._found[channel] = union([*self._found.get(channel, ()), *stretches])
        if found:
            self._edges = self._speech = None

    def __bool__(self) -> bool:
        """Whether any was found."""
        return bool(self._found)

    @property
    def edges(self) -> list[int]:
        """Where it begins and ends in any channel, in order."""
        if self._edges is None:
            self._edges = self.edges_in(None)
        return self._edges

    def edges_in(self, channel: Channel) -> list[int]:
        """Where it begins and ends in a channel, in order."""
        every = (edge for stretch in _of(self._found, channel) for edge in stretch)
        return sorted(set(every))

    def left(self, covered: Cover, dismissed: Cover) -> list[Piece]:
        """The speech that is not covered, nor found to be none, in order."""
        speech, _ = self._without(dismissed)
        return sorted(
            (
                (start, end, channel)
                for channel, stretches in speech.items()
                for start, end in self._rest(stretches, _of(covered, channel))
            ),
            key=lambda piece: (piece[0], -1 if piece[2] is None else piece[2]),
        )

    def share(self, covered: Cover, dismissed: Cover) -> float | None:
        """How much of the speech is covered, in [0, 1]; None where there is none.

        It is all of it where `left` finds nothing.
        """
        _, frames = self._without(dismissed)
        left = sum(end - start for start, end, _ in self.left(covered, dismissed))
        return 1.0 - left / frames if frames else None

    def _without(self, dismissed: Cover) -> tuple[dict[Channel, list[Stretch]], int]:
        """The speech of each channel that was not found to be none, and its frames."""
        if self._speech is None or self._speech[0] != dismissed:
            speech = {
                channel: self._rest(stretches, _of(dismissed, channel))
                for channel, stretches in self._found.items()
            }
            self._speech = dismissed, speech, sum(map(length, speech.values()))
        return self._speech[1:]

    def _rest(self, stretches: list[Stretch], others: list[Stretch]) -> list[Stretch]:
        """What is left of stretches, but for little pieces of what was cut."""
        if not others:
            return stretches
        whole = set(stretches)
        return [
            one
            for one in minus(stretches, others)
            if one in whole or one[1] - one[0] >= self._min_remainder
        ]


def _of(cover: Cover, channel: Channel) -> list[Stretch]:
    """What is covered in a channel, or in any of them."""
    if channel is None:
        return union(one for stretches in cover.values() for one in stretches)
    if None not in cover or channel not in cover:
        return cover.get(channel) or cover.get(None) or []
    return union([*cover[channel], *cover[None]])


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
