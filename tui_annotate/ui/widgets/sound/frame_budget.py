"""How much of the line to the terminal a moving picture may take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FRAMES_PER_SECOND = 20
"""How often the picture is drawn while something plays, at most."""

BYTES_PER_FRAME = 2600
"""How much of the picture is sent with one of these frames; the rest follows with the next."""

_MIN_FRAME = 700
"""A frame with the playhead alone; less is not worth sending."""

_MAX_FRAMES_ON_THEIR_WAY = 3
"""Frames that may be on their way to the terminal: an answer to a key waits for no more."""

_OUR_SHARE = 0.5
_HOPE = 1.01


class FrameBudget:
    """The bytes that a picture may send while something plays.

    Args:
        driver: Gives Textual's driver, or what stands for it in a test.

    Attributes:
        room: How many bytes may be sent now.
    """

    def __init__(self, driver: Callable[[], Any]) -> None:
        self.room = BYTES_PER_FRAME
        self._driver = driver
        self._waits = False

    @property
    def _paper(self) -> Any:
        """What the driver writes to; None of one that draws elsewhere, as a test's."""
        return getattr(self._driver(), "paper", None)

    def is_line_busy(self, then: Callable[[], None]) -> bool:
        """Whether the terminal has not taken the last frame yet.

        Args:
            then: Called once it has, from any thread; `resume` is to follow.
        """
        paper = self._paper
        if paper is None or paper.drained:
            return False
        if not self._waits:
            self._waits = True
            paper.mark(lambda at: then())
        return True

    def resume(self) -> None:
        """The terminal has taken what was sent."""
        self._waits = False

    def refill(self) -> bool:
        """Take the share of another frame; whether there is room to send one."""
        self.room = min(self.room + self._share(), BYTES_PER_FRAME)
        paper = self._paper
        on_their_way = paper.on_its_way if paper is not None else 0
        return self.room >= _MIN_FRAME and on_their_way < _MAX_FRAMES_ON_THEIR_WAY

    def ask_receipt(self) -> None:
        """Have the terminal say when it has got the frame that was just sent."""
        ask = getattr(self._driver(), "ask_receipt", None)
        if ask is not None:
            ask()

    def _share(self) -> int:
        """How many bytes of the line are the picture's until the next frame.

        On a line that was full before they are so few that what is on its way grows less:
        the answer to a key stands behind it.
        """
        paper = self._paper
        speed: float | None = getattr(paper, "speed", None)
        if paper is None or speed is None:
            return BYTES_PER_FRAME
        # It may have become faster; if not, it will be full again.
        paper.speed = speed * _HOPE
        return int(speed * _OUR_SHARE / FRAMES_PER_SECOND)
