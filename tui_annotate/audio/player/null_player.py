"""A player that makes no sound: the playhead follows the wall clock; one can work by eye."""

from __future__ import annotations

import time
from collections.abc import Callable

from tui_annotate.audio.clip import Clip

SLOWEST, FASTEST = 0.5, 2.0


class NullPlayer:
    """Plays nothing, in time.

    Args:
        clock: Monotonic seconds.
        notice: What to tell the user.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, notice: str | None = None
    ) -> None:
        self._clock = clock
        self.notice = notice
        self.on_change: Callable[[], None] = lambda: None
        self.speed = 1.0
        self.volume = 1.0
        self._rate = 1
        self._start = self._end = self._frame = 0
        self._loop = False
        self._since: float | None = None

    @property
    def playing(self) -> bool:
        """Whether there is more to come."""
        self._settle()
        return self._since is not None

    def open(self, clip: Clip) -> None:
        """Take another sound."""
        self._rate = clip.rate
        self._start, self._end, self._frame, self._since = clip.start, clip.end, clip.start, None

    def play(self, start: int, end: int, *, loop: bool = False, from_: int | None = None) -> None:
        """Play a stretch, from its start or from a frame in it."""
        self._start, self._end, self._loop = start, max(end, start + 1), loop
        self._frame = start if from_ is None else from_
        self._since = self._clock()

    def pause(self) -> None:
        """Stop; what is left can be resumed."""
        self._frame = self.position()
        self._since = None

    def resume(self) -> None:
        """Go on."""
        if self._since is None and self._frame < self._end:
            self._since = self._clock()

    def seek(self, frame: int) -> None:
        """Go on elsewhere in the stretch."""
        self._frame = min(max(frame, self._start), self._end)
        if self._since is not None:
            self._since = self._clock()

    def position(self) -> int:
        """The frame that would be heard now."""
        self._settle()
        return self._frame if self._since is None else self._reached()

    def set_speed(self, speed: float) -> None:
        """Play faster or slower."""
        playing = self._since is not None
        self._frame = self.position()
        if playing and self._since is not None:
            self._since = self._clock()
        self.speed = min(max(speed, SLOWEST), FASTEST)

    def set_volume(self, volume: float) -> None:
        """Silence has no volume."""
        self.volume = min(max(volume, 0.0), 1.0)

    def close(self) -> None:
        """There is nothing to end."""
        self._since = None

    def _reached(self) -> int:
        assert self._since is not None
        frame = self._frame + int((self._clock() - self._since) * self._rate * self.speed)
        if frame >= self._end and self._loop:
            frame = self._start + (frame - self._start) % (self._end - self._start)
        return frame

    def _settle(self) -> None:
        if self._since is not None and not self._loop and self._reached() >= self._end:
            self._frame, self._since = self._end, None
