"""The whole of a sound in one row, with the window in brackets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_BLOCKS = "▁▂▃▄▅▆▇█"
UNKNOWN = "·"


def loudness(peaks: Sequence[Any], gain: float = 1.0) -> str:
    """A block for each column of a whole sound.

    Args:
        peaks: The greatest sample of each column without sign; NaN or None where unknown.
        gain: What they are multiplied by.
    """
    top = len(_BLOCKS) - 1
    return "".join(
        UNKNOWN if p is None or p != p else _BLOCKS[min(int(p * gain * (top + 1)), top)]
        for p in peaks
    )


def brackets(start: int, end: int, total: int, columns: int) -> tuple[int, int]:
    """The columns of a whole sound's row in which the brackets around a window stand.

    Args:
        start: The first frame of the window.
        end: The frame after its last one.
        total: How many frames the sound has.
        columns: How many columns the row has.
    """
    left = min(start * columns // total, columns - 2)
    right = -(-min(end, total) * columns // total) - 1
    return max(left, 0), min(max(right, left + 1), columns - 1)
