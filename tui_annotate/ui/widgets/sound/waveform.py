"""A waveform in braille: two by four dots a cell, from the least to the greatest sample."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import Any

_LEFT = (0x01, 0x02, 0x04, 0x40)
_RIGHT = (0x08, 0x10, 0x20, 0x80)
_DOTS = 4


def _ranges(bits: Sequence[int]) -> list[list[int]]:
    """The dots from one row of a cell to another, both included."""
    return [[sum(bits[top : low + 1]) for low in range(_DOTS)] for top in range(_DOTS)]


_LEFTS, _RIGHTS = _ranges(_LEFT), _ranges(_RIGHT)

DOTS_ACROSS = 2
"""How many columns of dots a cell has."""


def waveform(lows: Sequence[Any], highs: Sequence[Any], rows: int, gain: float = 1.0) -> list[str]:
    """Draw a waveform.

    Args:
        lows: The least sample of each column of dots, -1 to 1 being full scale; NaN or None
            where it is not known yet, which is drawn as a dotted line.
        highs: The greatest sample of each.
        rows: How many rows of the screen it takes.
        gain: What the samples are multiplied by.

    Returns:
        The rows from the top. Cells without a dot are spaces, which take fewer bytes.
    """
    height = rows * _DOTS
    columns = len(lows) // DOTS_ACROSS
    cells = [[0] * columns for _ in range(rows)]
    middle = (height - 1) / 2
    scale = middle * gain
    for x in range(columns * DOTS_ACROSS):
        low, high = lows[x], highs[x]
        if low is None or low != low:
            # Unknown: every other dot of the middle line.
            if x % 2 == 0:
                y = int(middle)
                cells[y // _DOTS][x // 2] |= _LEFTS[y % _DOTS][y % _DOTS]
            continue
        # Rounded away from the middle alike above and below it.
        top = max(int(middle - high * scale + 0.5), 0)
        bottom = min(height - 1 - int(middle + low * scale + 0.5), height - 1)
        top, bottom = min(top, height - 1), max(bottom, 0)
        if top > bottom:
            top, bottom = bottom, top
        masks = _LEFTS if x % 2 == 0 else _RIGHTS
        first, last = top // _DOTS, bottom // _DOTS
        column = x // 2
        if first == last:
            cells[first][column] |= masks[top % _DOTS][bottom % _DOTS]
            continue
        cells[first][column] |= masks[top % _DOTS][3]
        for row in range(first + 1, last):
            cells[row][column] |= masks[0][3]
        cells[last][column] |= masks[0][bottom % _DOTS]
    return ["".join(chr(0x2800 + bits) if bits else " " for bits in row) for row in cells]


_LOUD = 0.98
"""The share of a sound that has to fit; a click or a laugh need not."""


def gain_of(peaks: Sequence[float]) -> float:
    """What a sound is multiplied by, so that it fills its rows: in steps of 3 dB.

    Args:
        peaks: The greatest samples of its parts without sign; over 1 where it is louder than
            full scale.
    """
    if not peaks:
        return 1.0
    peak = max(sorted(peaks)[int(_LOUD * (len(peaks) - 1))], max(peaks) / 4, 2**-10)
    step: float = 2 ** (int(-2 * log2(peak) // 1) / 2)
    return step
