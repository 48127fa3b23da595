"""How far long work has come: a bar with a rate and the time left, on the standard error."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TextIO

_WIDTH = 24
_SECONDS = 0.1


class Progress:
    """Shows work that tells of itself; nothing where nobody looks on.

    Call it with what is done now, how much of it is, and of how much, where
    that is known. It takes its line away on leaving the ``with`` block.

    Args:
        stream: Where to draw; the standard error by default.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()
        self._what = ""
        self._began = 0.0
        self._drawn = 0.0
        self._first = 0
        self._length = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.clear()

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """Draw the bar again, if it is time to."""
        if not self._shown:
            return
        now = time.monotonic()
        if what != self._what:
            self._what, self._began, self._first, self._drawn = what, now, done, 0.0
        if now - self._drawn < _SECONDS and done != total:
            return
        self._drawn = now
        line = bar(what, done, total, done - self._first, now - self._began)
        self._stream.write("\r" + line.ljust(self._length))
        self._stream.flush()
        self._length = len(line)

    def clear(self) -> None:
        """Take the line away."""
        if self._length:
            self._stream.write("\r" + " " * self._length + "\r")
            self._stream.flush()
            self._length = 0


def bar(what: str, done: int, total: int | None, fresh: int, seconds: float) -> str:
    """A line of progress.

    Args:
        what: What is done.
        done: How much of it.
        total: Of how much; None where that is not known.
        fresh: How much of it since it was begun.
        seconds: How long that took.
    """
    parts = [what]
    if total:
        share = min(done / total, 1.0)
        full = round(share * _WIDTH)
        parts += ["█" * full + "░" * (_WIDTH - full), f"{100 * share:3.0f} %"]
    if fresh > 0 and seconds > 0.5:
        rate = fresh / seconds
        parts.append(f"{_amount(rate)}/s")
        if total and done < total:
            parts.append(f"{_duration((total - done) / rate)} left")
    return "  ".join(parts)


def _amount(number: float) -> str:
    return f"{number:,.0f}" if number < 1e6 else f"{number / 1e6:.1f} M"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds + 0.5), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
