"""Computing the peaks of a sound, a step at a time."""

from __future__ import annotations

import bisect
import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tui_annotate.audio.cache import Cache
from tui_annotate.audio.header import Stamp
from tui_annotate.audio.peaks import (
    BASE,
    BLOCK,
    FACTOR,
    LEVELS,
    MOST_CHANNELS,
    OUTLINE,
    SIZES,
    Layout,
)
from tui_annotate.audio.sound import Sound, mixed
from tui_annotate.errors import AnnotateError

KIND = "peaks"

_PIECE_VALUES = 1 << 22
_GLANCE = 512
_GLANCE_SECONDS = 0.12
_FEW_BLOCKS = 8
_SLOW_GOES = 16
_SLOW_VALUES = 1 << 16
_FLAGS_AT = 4096


class PeakWork:
    """Makes a file of peaks, or finds it in the cache.

    Args:
        sound: The sound, as it is read; closed with this.
        source: The file that it came from, and its stamp: what the cache goes by.
        stamp: Likewise.
        cache: Where the file goes.

    Attributes:
        path: The file; written under another name until it is `done`.
        done: Whether it is whole.

    Raises:
        AnnotateError: If the file cannot be made.
    """

    def __init__(self, sound: Sound, source: str, stamp: Stamp, cache: Cache) -> None:
        self._sound = sound
        self._cache = cache
        self._final = cache.path(source, stamp, KIND)
        small = sound.short and sound.channels == 1
        self.layout = Layout(
            sound.frames, sound.rate, sound.channels, 2 if small else 4, os.fsencode(sound.path)
        )
        self.path = self._final
        self._failure: AnnotateError | None = None
        self._left: list[int] = []
        self._looks: Iterator[bool] | None = None
        self._making: tuple[int, Iterator[bool]] | None = None
        self.done = self._found(cache.find(source, stamp, KIND))
        if not self.done:
            self.path = cache.begin(self._final)
            self._left = list(range(self.layout.blocks))
            few = 1 if sound.slow else _FEW_BLOCKS
            self._looks = self._glance() if self.layout.blocks > few else None
            try:
                self._file = open(self.path, "w+b", buffering=0, opener=_private)  # noqa: SIM115
                self._file.truncate(self.layout.size)
                self._put(0, self.layout.head())
                self._put(self.layout.outline_at, _nothing(self.layout))
            except OSError as error:
                raise cache.unwritable(error) from None

    @property
    def broken(self) -> int:
        """How many frames hold what is no number, of those that were read."""
        return self._sound.broken

    @property
    def progress(self) -> float:
        """How much of it is exact, from 0 to 1."""
        blocks = self.layout.blocks
        return 1.0 if self.done or not blocks else 1 - len(self._left) / blocks

    def step(self, focus: int = 0, seconds: float = 0.04) -> bool:
        """Work for about that long; whether there is more to do.

        Args:
            focus: The frame of the file that comes first.
            seconds: For how long.

        Raises:
            AnnotateError: If the sound has changed, or the cache takes no more.
        """
        if self.done:
            return False
        if self._failure is not None:
            raise self._failure
        try:
            self._advance(focus, seconds)
        except AnnotateError as error:
            # Half a step is lost: whoever asks again is to hear the same.
            self._failure = error
            raise
        return not self.done

    def _advance(self, focus: int, seconds: float) -> None:
        if self._sound.changed:
            raise AnnotateError("this file has changed since it was opened", where=self._sound.path)
        until = time.monotonic() + seconds
        try:
            if self._looks is not None:
                if next(self._looks, None) is None:
                    self._looks = None
                return
            while self._left:
                if self._making is None:
                    nearest = self._nearest(focus // BLOCK)
                    self._making = self._left[nearest], self._exact(self._left[nearest])
                block, making = self._making
                if next(making, None) is None:
                    self._left.remove(block)
                    self._making = None
                if time.monotonic() >= until:
                    break
            if not self._left:
                self._file.close()
                self._cache.finish(self.path, self._final)
                self.path, self.done = self._final, True
        except OSError as error:
            raise self._cache.unwritable(error) from None

    def close(self) -> None:
        """Give up what is not whole."""
        self._sound.close()
        if not self.done:
            self._file.close()
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _nearest(self, block: int) -> int:
        """Where in what is left the nearest block stands."""
        after = bisect.bisect_left(self._left, block)
        if after == len(self._left):
            return after - 1
        if after and block - self._left[after - 1] < self._left[after] - block:
            return after - 1
        return after

    def _found(self, path: Path | None) -> bool:
        if path is None:
            return False
        try:
            with open(path, "rb") as file:
                size = os.fstat(file.fileno()).st_size
                layout = Layout.read(file.read(_FLAGS_AT), size)
        except (OSError, ValueError):
            return False
        return layout == self.layout

    def _glance(self) -> Iterator[bool]:
        """Short looks all over the sound, for as long as a first picture may take."""
        import numpy as np

        layout = self.layout
        outline = np.full((layout.planes, OUTLINE, 2), np.nan, np.float32)
        # A slow sound is looked at in several goes: its exact peaks take long.
        goes = _SLOW_GOES if self._sound.slow else 1
        known = np.zeros(OUTLINE, bool)
        until = time.monotonic() + _GLANCE_SECONDS
        for index in _scattered(OUTLINE):
            start = int((index + 0.5) / OUTLINE * layout.frames) - _GLANCE // 2
            block = self._sound.block(start, start + _GLANCE)
            if len(block):
                for plane, line in enumerate(_planes(block)):
                    outline[plane, index] = line.min(), line.max()
            known[index] = True
            if time.monotonic() > until:
                self._draw(outline, known)
                goes -= 1
                if not goes:
                    return
                yield True
                until = time.monotonic() + _GLANCE_SECONDS
        self._draw(outline, known)

    def _draw(self, outline: Any, known: Any) -> None:
        """Write the outline; a bin that was not looked at is as the nearest that was."""
        import numpy as np

        places = np.nonzero(known)[0]
        nearest = places[np.searchsorted((places[:-1] + places[1:]) / 2, np.arange(OUTLINE))]
        self._put(self.layout.outline_at, outline[:, nearest].tobytes())

    def _exact(self, block: int) -> Iterator[bool]:
        """The peaks of a block, in steps."""
        import numpy as np

        layout = self.layout
        start, stop = block * BLOCK, min((block + 1) * BLOCK, layout.frames)
        kind = np.int16 if layout.item == 2 else np.float32
        count = -(-(stop - start) // BASE)
        pairs = np.zeros((layout.planes, count, 2), kind)
        values = _SLOW_VALUES if self._sound.slow else _PIECE_VALUES
        piece = max(BASE, values // layout.channels // BASE * BASE)
        read = self._sound.shorts if layout.item == 2 else self._sound.block
        for first in range(start, stop, piece):
            if first > start:
                yield True
            samples = read(first, min(first + piece, stop))
            for plane, line in enumerate(_planes(samples)):
                at = (first - start) // BASE
                lows, highs = _reduced(line, line, BASE)
                pairs[plane, at : at + len(lows), 0] = lows
                pairs[plane, at : at + len(lows), 1] = highs
        for level in range(LEVELS):
            at = start // SIZES[level]
            for plane in range(layout.planes):
                place = (plane * layout.bins(level) + at) * 2 * layout.item
                self._put(layout.level_at(level) + place, pairs[plane].tobytes())
            if level + 1 < LEVELS:
                coarser = [_reduced(p[:, 0], p[:, 1], FACTOR) for p in pairs]
                pairs = np.array([np.stack(pair, axis=1) for pair in coarser], kind)
        self._put(_FLAGS_AT + block, b"\1")

    def _put(self, place: int, data: bytes) -> None:
        self._file.seek(place)
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]


def _planes(block: Any) -> list[Any]:
    channels = block.shape[1]
    if channels == 1:
        return [block[:, 0]]
    return [mixed(block, None), *(block[:, n] for n in range(min(channels, MOST_CHANNELS)))]


def _reduced(lows: Any, highs: Any, size: int) -> tuple[Any, Any]:
    """Minimum and maximum of each `size` values, the last ones of what is left."""
    import numpy as np

    whole = len(lows) // size * size
    low = lows[:whole].reshape(-1, size).min(axis=1)
    high = highs[:whole].reshape(-1, size).max(axis=1)
    if whole < len(lows):
        low = np.append(low, lows[whole:].min())
        high = np.append(high, highs[whole:].max())
    return low, high


def _nothing(layout: Layout) -> bytes:
    import numpy as np

    return np.full(layout.planes * OUTLINE * 2, np.nan, np.float32).tobytes()


def _scattered(count: int) -> list[int]:
    """All numbers below a power of two, each far from those just before it."""
    bits = count.bit_length() - 1
    return [int(f"{number:0{bits}b}"[::-1], 2) for number in range(count)]


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
