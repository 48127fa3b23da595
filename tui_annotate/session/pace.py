"""How much the annotator has done, and how quickly."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

import msgspec

IDLE_SECONDS = 30.0
"""A gap between two keys that is longer does not count as work."""

_DECISIONS = 20
_ENOUGH = 3


class Tally(msgspec.Struct, frozen=True):
    """What this annotator has decided in the output, the sessions before included."""

    accept: int = 0
    reject: int = 0
    ignore: int = 0

    @property
    def all(self) -> int:
        """All decisions."""
        return self.accept + self.reject + self.ignore


class Pace:
    """Active time between keys, what is decided, and items per minute.

    Args:
        counts: How often each answer was given in the output.
    """

    def __init__(self, counts: Callable[[], Mapping[str, int]] = dict) -> None:
        self._counts = counts
        self._seconds: deque[float] = deque(maxlen=_DECISIONS)
        self._last: float | None = None

    def begin(self, now: float) -> None:
        """A task was opened: time counts from now on."""
        self._last = now

    def key(self, now: float) -> float:
        """A key was pressed; the active seconds since the one before."""
        gap = 0.0 if self._last is None else now - self._last
        self._last = now
        return gap if gap <= IDLE_SECONDS else 0.0

    def decided(self, seconds: float) -> None:
        """A task was decided after so many active seconds."""
        self._seconds.append(seconds)

    @property
    def tally(self) -> Tally:
        """What this annotator has decided."""
        counts = self._counts()
        return Tally(**{name: counts.get(name, 0) for name in ("accept", "reject", "ignore")})

    @property
    def per_minute(self) -> float | None:
        """Items per minute over the newest twenty decisions; None before the third."""
        total = sum(self._seconds)
        return 60 * len(self._seconds) / total if len(self._seconds) >= _ENOUGH and total else None

    def minutes_left(self, left: int | None) -> float | None:
        """How long some tasks take at this pace, or None where that cannot be known.

        Args:
            left: How many tasks are not decided.
        """
        pace = self.per_minute
        return None if pace is None or left is None else left / pace
