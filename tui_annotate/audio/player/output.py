"""What an output of sound is, and the one that is always there: silence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from tui_annotate.audio.player.blocks import Samples

Fill = Callable[[int], Samples]
"""Gives the next frames of the device: frames by two channels, −1 to 1."""


class OutputError(Exception):
    """An output that cannot be had, or no longer: why, without a full stop."""


class Output(Protocol):
    """A device that asks for frames, on a thread of its own, until it is closed.

    Attributes:
        name: What it is, in a word or two; empty for silence.
        rate: Frames per second that it takes.
        failed: Why it has stopped asking; None while it works.
        settling: Seconds of silence to begin with: a device that starts may swallow some.
        strained: Whether that is because it had too little time, and the next has more.
    """

    name: str
    rate: int
    failed: str | None
    settling: float
    strained: bool

    def heard(self) -> float:
        """How many of its frames have left the loudspeaker, by the device's own clock."""

    def close(self) -> None:
        """Stop, and give the device back; what was not heard is dropped."""


class NullOutput:
    """Nothing that makes a sound: a clock.

    Args:
        fill: What it asks for frames.
        rate: Frames per second.
        fast: As fast as frames can be made, not as fast as one could hear them.
        name: What it is called.
    """

    settling = 0.0
    _TICK = 0.02

    def __init__(self, fill: Fill, rate: int, *, fast: bool = False, name: str = "") -> None:
        self.name = name
        self.rate = rate
        self.failed: str | None = None
        self.strained = False
        self._fill = fill
        self._fast = fast
        self._count = 0
        self._began = time.monotonic()
        self._closed = threading.Event()
        threading.Thread(target=self._run, name="null", daemon=True).start()

    def heard(self) -> float:
        """How many frames have passed."""
        if self._fast:
            return self._count
        return min(self._count, (time.monotonic() - self._began) * self.rate)

    def close(self) -> None:
        """Stop."""
        self._closed.set()

    def _run(self) -> None:
        tick = max(1, round(self._TICK * self.rate))
        while not self._closed.is_set():
            self._fill(tick)
            self._count += tick
            # Fast is not so fast that nobody else comes to a turn.
            ahead = self._count / self.rate - (time.monotonic() - self._began)
            pause = 0.0005 if self._fast else ahead - self._TICK
            if pause > 0:
                self._closed.wait(pause)
            elif pause < -1:
                # The machine has slept: what was missed is not made up for.
                self._began -= pause
