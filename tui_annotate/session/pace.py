"""How quickly the annotator works."""

from __future__ import annotations

from collections import deque

IDLE_SECONDS = 30.0
"""A gap between two keys that is longer does not count as work."""

_DECISIONS = 20
_ENOUGH = 3


class Pace:
    """Active time between keys, and items per minute over the newest decisions."""

    def __init__(self) -> None:
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
    def per_minute(self) -> float | None:
        """Items per minute over the newest twenty decisions; None before the third."""
        total = sum(self._seconds)
        return 60 * len(self._seconds) / total if len(self._seconds) >= _ENOUGH and total else None
