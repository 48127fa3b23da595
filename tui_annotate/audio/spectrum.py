"""Spectrograms: how loud each band of pitch is at each moment.

The filters are those of `librosa.filters.mel` (Slaney's scale, area one), made
here in a few lines: the first call of librosa's own takes seconds.
"""

from __future__ import annotations

import functools
from collections.abc import Generator
from typing import Any

from tui_annotate.audio.sound import Sound

SECONDS = 0.032
"""The length of the stretch that a spectrum is taken of: some periods of a low voice."""

RANGE = 70.0
"""Decibels from black to white."""

_LOWEST = 50.0
_HIGHEST = 12_000.0
_WHOLE = 1 << 21
_WHOLE_SLOW = 1 << 17
_LOOKS = 2
_SAMPLED = 48
_FLOOR = 1e-14


class Spectra:
    """Spectrograms of one sound.

    Args:
        sound: The sound.
        start: The first frame that matters.
        end: The frame after the last.
        channel: From 0; None for the mean of all.
    """

    def __init__(self, sound: Sound, start: int, end: int, channel: int | None) -> None:
        self._sound = sound
        self._start = start
        self._end = end
        self._channel = channel
        self._size = window_size(sound.rate)
        self._tops: dict[int, float] = {}

    def cells(self, start: int, end: int, columns: int, rows: int) -> bytes:
        """The loudness of each cell, 0 to 255, column after column, the lowest band first.

        Args:
            start: The first frame of the sound.
            end: The frame after the last.
            columns: How many columns.
            rows: How many bands.
        """
        drawing = self.drawing(start, end, columns, rows)
        while True:
            try:
                next(drawing)
            except StopIteration as done:
                made: bytes = done.value
                return made

    def drawing(
        self, start: int, end: int, columns: int, rows: int
    ) -> Generator[None, None, bytes]:
        """The same, with pauses in which the caller can see to something else."""
        import numpy as np

        if rows not in self._tops:
            self._tops[rows] = yield from self._loudest(rows)
        wide = (end - start) > 2 * self._size * columns
        looks = _LOOKS if wide and not self._sound.slow else 1
        middles = start + (np.arange(columns * looks) + 0.5) * (end - start) / (columns * looks)
        power = yield from self._power(middles.astype(np.int64), rows)
        power = power.reshape(columns, looks, rows).max(axis=1)
        decibels = 10 * np.log10(np.maximum(power, _FLOOR)) - self._tops[rows]
        scaled: bytes = np.clip(255 * (1 + decibels / RANGE), 0, 255).astype(np.uint8).tobytes()
        return scaled

    def _loudest(self, rows: int) -> Generator[None, None, float]:
        """The level of the loudest bands, which is the same wherever one looks."""
        import numpy as np

        share = (np.arange(_SAMPLED) + 0.5) / _SAMPLED
        middles = self._start + (share * (self._end - self._start)).astype(np.int64)
        power = yield from self._power(middles, rows)
        return max(-60.0, float(10 * np.log10(np.maximum(power.max(), _FLOOR))))

    def _power(self, middles: Any, rows: int) -> Generator[None, None, Any]:
        """The power of each band around each of some frames, in their order."""
        import numpy as np

        size = self._size
        firsts = middles - size // 2
        low, high = int(firsts[0]), int(firsts[-1]) + size
        if high - low <= (_WHOLE_SLOW if self._sound.slow else _WHOLE):
            samples = self._sound.read(low, high, self._channel)
            pieces = np.lib.stride_tricks.sliding_window_view(samples, size)[firsts - low]
        else:
            pieces = np.empty((len(firsts), size), np.float32)
            for number, first in enumerate(firsts):
                pieces[number] = self._sound.read(first, first + size, self._channel)
                if self._sound.slow:
                    yield
        spectra = np.fft.rfft(pieces * np.hanning(size).astype(np.float32), axis=1)
        power = (spectra.real**2 + spectra.imag**2) / (size / 4) ** 2
        return power @ mel_filters(self._sound.rate, size, rows).T


def window_size(rate: int) -> int:
    """The power of two nearest to `SECONDS`, in frames."""
    return 1 << max(4, round(rate * SECONDS).bit_length() - 1)


@functools.lru_cache(maxsize=16)
def mel_filters(rate: int, size: int, rows: int) -> Any:
    """Triangular filters, evenly spaced in mel.

    Args:
        rate: Frames a second.
        size: Frames that a spectrum is taken of.
        rows: How many filters.

    Returns:
        An array of (rows, size // 2 + 1), each row with a sum of one: where a band
        is narrower than the spectrum's step, it takes the nearest line.
    """
    import numpy as np

    top = min(rate / 2, _HIGHEST)
    low = min(_LOWEST, top / 4)
    edges = _hertz(np.linspace(_mel(low), _mel(top), rows + 2))
    lines = np.fft.rfftfreq(size, 1 / rate)
    rising = (lines - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - lines) / (edges[2:] - edges[1:-1])[:, None]
    filters = np.maximum(0, np.minimum(rising, falling))
    empty = filters.sum(axis=1) == 0
    nearest = np.abs(lines - edges[1:-1, None]).argmin(axis=1)
    filters[empty, nearest[empty]] = 1.0
    return (filters / filters.sum(axis=1, keepdims=True)).astype(np.float32)


# Slaney's scale (Auditory Toolbox, 1998), as librosa.hz_to_mel has it: linear up to
# 1 kHz, then 27 steps to a factor of 6.4.
_LINEAR = 200 / 3
_BREAK = 1000.0
_STEP = 27 / 1.856297990365626


def _mel(hertz: float) -> float:
    import math

    if hertz < _BREAK:
        return hertz / _LINEAR
    return _BREAK / _LINEAR + math.log(hertz / _BREAK) * _STEP


def _hertz(mel: Any) -> Any:
    import numpy as np

    at = _BREAK / _LINEAR
    return np.where(mel < at, mel * _LINEAR, _BREAK * np.exp((np.maximum(mel, at) - at) / _STEP))
