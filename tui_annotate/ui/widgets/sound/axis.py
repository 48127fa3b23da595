"""The time axis over a window of sound, and times as they are written on the screen."""

from __future__ import annotations

import re

from tui_annotate.audio.window import Window

_STEPS = (
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30,
    60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 36000,
)  # fmt: skip
"""Seconds that a tick may stand for."""

_TIME = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d{0,9})?)", re.ASCII)
_SECONDS = re.compile(r"(\d{1,9}\.\d{1,9})\s?s?|(\d{1,9})\s?s", re.ASCII)

TICK = "│"


def clock(seconds: float, places: int = 3) -> str:
    """A time as ``MM:SS.mmm``, with hours where there are any.

    Args:
        seconds: The time.
        places: How many digits of the second's fraction.
    """
    units = round(seconds * 10**places)
    whole, fraction = divmod(units, 10**places)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
    return f"{head}.{fraction:0{places}}" if places else head


def seconds_in(written: str) -> float | None:
    """The time that somebody writes: ``12:30``, ``1:02:05.5``, ``90.5`` or ``90 s``.

    A whole number by itself is none: that is the number of a task.
    """
    written = written.strip().replace(",", ".")
    if found := _SECONDS.fullmatch(written):
        return float(found[1] or found[2])
    if found := _TIME.fullmatch(written):
        return (int(found[1] or 0) * 60 + int(found[2])) * 60 + float(found[3])
    return None


def axis(window: Window, rate: int, offset: int = 0) -> str:
    """Ticks with their times, each in the column of its frame.

    Args:
        window: What is on the screen.
        rate: Frames per second.
        offset: The frame of the file that is the first one of the window's sound.
    """
    seconds = window.columns * window.step / rate
    last = (window.end + offset) / rate
    longest = len(_label(last, 1.0, last)) + 3
    max_ticks = max(window.columns // longest, 1)
    step = next((s for s in _STEPS if seconds / s <= max_ticks), _STEPS[-1])
    longest = len(_label(last, step, last)) + 2
    while step * rate / window.step < longest and step != _STEPS[-1]:
        step = _STEPS[_STEPS.index(step) + 1]
        longest = len(_label(last, step, last)) + 2
    cells = [" "] * window.columns
    number = max(int((window.start + offset) / rate / step) - 1, 0)
    while True:
        at = number * step
        frame = round(at * rate) - offset
        number += 1
        if frame < window.start:
            continue
        column = window.column_of(frame)
        if column >= window.columns or frame > window.total:
            break
        text = TICK + _label(at, step, last)
        if column + len(text) <= window.columns:
            cells[column : column + len(text)] = text
        else:
            cells[column] = TICK
    return "".join(cells)


def _label(seconds: float, step: float, longest: float) -> str:
    places = 0 if step >= 1 else 1 if step >= 0.1 else 2 if step >= 0.01 else 3
    if longest < 60:
        return f"{seconds:.{max(places, 1)}f}"
    return clock(seconds, places)
