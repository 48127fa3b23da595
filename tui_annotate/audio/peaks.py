"""The lowest and the highest sample of every stretch of a sound, at every scale.

A file of peaks, in the byte order of the machine:

- 64 bytes of head (`_HEAD`), and to byte 4096 the name of the sound that is read;
- a byte for each block of 2^20 frames: 1 once it is exact;
- the outline: `OUTLINE` pairs for each plane, of short samples here and there,
  that stand in for what is not exact yet; NaN where nothing is known;
- the levels: bins of 256, 2,048, 16,384, 131,072 and 1,048,576 frames, each
  level as a pair for each bin of each plane.

A pair is a minimum and a maximum, in int16 for a mono sound of 16 bits or
fewer, else in float32 (1.0 is full scale). A mono sound has one plane, others
the mean of all channels and then each channel. The file is as long as it will
be from the start on and grows only finer: it can be mapped while it is written.
"""

from __future__ import annotations

import math
import os
import struct
from dataclasses import dataclass
from typing import Any

BASE = 256
"""Frames in a bin of the finest level."""

FACTOR = 8
"""How many bins of a level make one of the next."""

LEVELS = 5
SIZES: tuple[int, ...] = tuple(BASE * FACTOR**level for level in range(LEVELS))
"""Frames in a bin of each level."""

BLOCK = SIZES[-1]
"""Frames that become exact together."""

OUTLINE = 2048
"""Bins of the outline."""

MOST_CHANNELS = 16
"""Channels beyond this have no plane of their own."""

_MAGIC = b"TUIPEAK1"
_HEAD = struct.Struct("=8sIIIIQI28x")
_NAME_AT = _HEAD.size
_NAME_LENGTH = struct.Struct("=I")
_FLAGS_AT = 4096


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are in a file of peaks.

    Attributes:
        frames: Frames of the sound.
        rate: Frames a second.
        channels: Channels of the sound.
        item: Bytes of a value: 2 for int16, 4 for float32.
        name: The file whose samples are read.
    """

    frames: int
    rate: int
    channels: int
    item: int
    name: bytes

    @property
    def planes(self) -> int:
        """One for a mono sound, else one for the mean and one for each channel."""
        return 1 if self.channels == 1 else 1 + min(self.channels, MOST_CHANNELS)

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return math.ceil(self.frames / BLOCK)

    def bins(self, level: int) -> int:
        """How many bins a level has."""
        return math.ceil(self.frames / SIZES[level])

    @property
    def outline_at(self) -> int:
        """The byte where the outline begins."""
        return math.ceil((_FLAGS_AT + self.blocks) / 4096) * 4096

    def level_at(self, level: int) -> int:
        """The byte where a level begins."""
        before = sum(self.bins(finer) for finer in range(level))
        return self.outline_at + self.planes * (OUTLINE * 8 + before * 2 * self.item)

    @property
    def size(self) -> int:
        """The length of the whole file."""
        return self.level_at(LEVELS)

    def head(self) -> bytes:
        """The file up to its flags."""
        name = self.name[: _FLAGS_AT - _NAME_AT - _NAME_LENGTH.size]
        head = _HEAD.pack(_MAGIC, BASE, self.rate, self.channels, self.item, self.frames, OUTLINE)
        return (head + _NAME_LENGTH.pack(len(name)) + name).ljust(_FLAGS_AT, b"\0")

    @classmethod
    def read(cls, head: bytes, size: int) -> Layout:
        """The layout of a file.

        Args:
            head: Its first 4096 bytes.
            size: Its length.

        Raises:
            ValueError: If that is no file of peaks, or not a whole one.
        """
        if len(head) < _FLAGS_AT:
            raise ValueError("too short for a file of peaks")
        magic, base, rate, channels, item, frames, outline = _HEAD.unpack_from(head)
        (length,) = _NAME_LENGTH.unpack_from(head, _NAME_AT)
        name = head[_NAME_AT + _NAME_LENGTH.size :][:length]
        layout = cls(frames, rate, channels, item, name)
        known = (magic, base, outline) == (_MAGIC, BASE, OUTLINE) and item in {2, 4}
        if not known or channels < 1 or size != layout.size:
            raise ValueError("no file of peaks of this program")
        return layout


class PeakFile:
    """Peaks to draw from, while they may still be written.

    Frames count from the start of the file, not of a clip.

    Args:
        path: The file of peaks.
        sound: The file whose samples are read; by default the one it was made from.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is no file of peaks.
    """

    DIRECT = 1 << 19
    """How many frames of a window are read as samples rather than as peaks."""

    DIRECT_SLOW = 1 << 13
    """The same in Opus, where decoding is slow."""

    def __init__(self, path: str | bytes | os.PathLike[str], sound: str | None = None) -> None:
        import mmap

        import numpy as np

        with open(_present(os.fsdecode(path)), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            self.layout = layout = Layout.read(file.read(_FLAGS_AT), size)
            self._map = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
        self._sound_path = sound or os.fsdecode(layout.name)
        self._samples: _Samples | None = None
        self._scale = 1 / 32768 if layout.item == 2 else 1.0
        self._flags = np.frombuffer(self._map, np.uint8, layout.blocks, _FLAGS_AT)
        shape = (layout.planes, OUTLINE, 2)
        self._outline = np.frombuffer(
            self._map, np.float32, layout.planes * OUTLINE * 2, layout.outline_at
        ).reshape(shape)
        kind = np.int16 if layout.item == 2 else np.float32
        self._levels = [
            np.frombuffer(
                self._map, kind, layout.planes * layout.bins(n) * 2, layout.level_at(n)
            ).reshape(layout.planes, layout.bins(n), 2)
            for n in range(LEVELS)
        ]

    @classmethod
    def open(cls, path: str | bytes | os.PathLike[str], sound: str | None = None) -> PeakFile:
        """The same as the class itself."""
        return cls(path, sound)

    @property
    def done(self) -> float:
        """How much of it is exact, from 0 to 1."""
        return float(self._flags.mean()) if self.layout.blocks else 1.0

    @property
    def frames(self) -> int:
        """Frames of the sound."""
        return self.layout.frames

    def minmax(
        self, start: int, end: int, columns: int, channel: int | None = None
    ) -> tuple[Any, Any]:
        """The lowest and the highest sample of each column of a window.

        Column c covers the frames from start + c * (end - start) // columns up
        to where the next begins, and one at least. A window of up to `DIRECT`
        frames is read as samples and exact. In a wider one the borders of a column
        are those of the nearest bins: off by a sixteenth of a column at most.

        Args:
            start: The first frame; may lie outside of the sound, as `end` may.
            end: The frame after the last.
            columns: How many columns.
            channel: From 0; None for the mean of all.

        Returns:
            Two float32 arrays; 1.0 is full scale, NaN stands where nothing is known.
        """
        import numpy as np

        edges = start + np.arange(columns + 1, dtype=np.int64) * (end - start) // columns
        first = np.clip(edges[:-1], 0, self.frames)
        last = np.clip(np.maximum(edges[1:], edges[:-1] + 1), 0, self.frames)
        if end - start <= self._direct():
            samples = self._read(int(first[0]), int(last[-1]), channel)
            if samples is not None:
                return _extremes(samples, samples, first - first[0], last - first[0])
        return self._from_levels(first, last, (end - start) / columns, channel)

    def loudness(
        self, columns: int, start: int = 0, end: int | None = None, channel: int | None = None
    ) -> Any:
        """The largest absolute sample of each column: a minimap.

        Args:
            columns: How many columns.
            start: The first frame.
            end: The frame after the last; by default that of the sound.
            channel: From 0; None for the mean of all.

        Returns:
            A float32 array; NaN stands where nothing is known.
        """
        import numpy as np

        mins, maxs = self.minmax(start, self.frames if end is None else end, columns, channel)
        return np.maximum(np.abs(mins), np.abs(maxs))

    def samples(self, start: int, end: int, channel: int | None = None) -> Any:
        """The samples themselves as float32; None if the sound cannot be read any more.

        Args:
            start: The first frame.
            end: The frame after the last; no further than `DIRECT` from the first.
            channel: From 0; None for the mean of all.
        """
        return self._read(start, end, channel)

    def zero_crossing(self, frame: int, channel: int | None = None, within: int = 0) -> int:
        """The frame nearest to one where the sound crosses zero, or the same if none does.

        Args:
            frame: The frame.
            channel: From 0; None for the mean of all.
            within: How many frames away at most; 20 ms by default.
        """
        import numpy as np

        within = within or max(1, self.layout.rate // 50)
        first = max(0, frame - within - 1)
        samples = self._read(first, min(self.frames, frame + within + 1), channel)
        if samples is None or len(samples) < 2:
            return frame
        # The first sample on the other side: a border before it leaves no step.
        above = samples >= 0
        crossings = first + 1 + np.nonzero(above[1:] != above[:-1])[0]
        if not len(crossings):
            return frame
        return int(crossings[np.argmin(np.abs(crossings - frame))])

    def close(self) -> None:
        """Let go of the sound; arrays that were given out stay valid."""
        if self._samples is not None:
            self._samples.close()
            self._samples = None

    def _direct(self) -> int:
        samples = self._samples_now()
        return self.DIRECT_SLOW if samples is not None and samples.slow else self.DIRECT

    def _read(self, start: int, end: int, channel: int | None) -> Any:
        samples = self._samples_now()
        return None if samples is None else samples.read(start, end, channel)

    def _samples_now(self) -> _Samples | None:
        from tui_annotate.errors import AnnotateError

        if self._samples is None:
            try:
                self._samples = _Samples(self._sound_path)
            except AnnotateError:
                return None
        return self._samples

    def _plane(self, channel: int | None) -> int:
        if channel is None or self.layout.planes == 1:
            return 0
        return channel + 1 if channel + 1 < self.layout.planes else 0

    def _from_levels(
        self, first: Any, last: Any, width: float, channel: int | None
    ) -> tuple[Any, Any]:
        import numpy as np

        level = 0
        while level + 1 < LEVELS and width >= 8 * SIZES[level + 1]:
            level += 1
        size = SIZES[level]
        plane = self._plane(channel)
        inside = first < last
        low = (first + size // 2) // size
        high = np.maximum((last + size // 2) // size, low + inside)
        count = self.layout.bins(level)
        low, high = np.minimum(low, count), np.minimum(high, count)
        base = int(low[0])
        bins = self._levels[level][plane, base : int(high[-1])].astype(np.float32)
        bins *= self._scale
        # A block is known as a whole, and no bin lies in two.
        exact = self._flags[np.arange(base, base + len(bins)) * size // BLOCK] != 0
        bins[~exact] = np.nan
        mins, maxs = _extremes(bins[:, 0], bins[:, 1], low - base, high - base)
        unknown = np.isnan(mins) & inside
        if unknown.any():
            per = self.frames / OUTLINE
            low = (first[unknown] / per).astype(np.int64)
            high = np.maximum((last[unknown] / per).astype(np.int64), low + 1)
            outline = self._outline[plane]
            mins[unknown], maxs[unknown] = _extremes(outline[:, 0], outline[:, 1], low, high)
        return mins, maxs


class _Samples:
    """Samples of a sound, of which those read last are kept."""

    def __init__(self, path: str) -> None:
        from tui_annotate.audio.sound import Sound

        self._sound = Sound(path)
        self.slow = self._sound.slow
        self._start = self._end = 0
        self._block: Any = None

    def read(self, start: int, end: int, channel: int | None) -> Any:
        from tui_annotate.audio.sound import mixed

        start, end = max(0, start), min(end, self._sound.frames)
        if self._block is None or not self._start <= start <= end <= self._end:
            self._block = self._sound.block(start, max(start, end))
            self._start, self._end = start, end
        return mixed(self._block[start - self._start : end - self._start], channel)

    def close(self) -> None:
        self._sound.close()


def _extremes(lows: Any, highs: Any, first: Any, last: Any) -> tuple[Any, Any]:
    """Minimum of `lows` and maximum of `highs` in each [first, last), NaN where that is empty."""
    import numpy as np

    count = len(lows)
    mins = np.full(len(first), np.nan, np.float32)
    maxs = mins.copy()
    first, last = np.minimum(first, count), np.minimum(last, count)
    full = first < last
    if full.any():
        # reduceat takes pairs, and every second result is of no use. An index may not be
        # the length itself: the last one can be left out, for others there is one value more.
        pairs = np.empty(2 * int(full.sum()), np.int64)
        pairs[::2], pairs[1::2] = first[full], last[full]
        if pairs[-1] == count:
            pairs = pairs[:-1]
        if (pairs == count).any():
            lows, highs = np.append(lows, np.float32(np.nan)), np.append(highs, np.float32(np.nan))
        mins[full] = np.fmin.reduceat(lows, pairs)[::2]
        maxs[full] = np.fmax.reduceat(highs, pairs)[::2]
    return mins, maxs


def _present(path: str) -> str:
    """The file itself, or what it was renamed to when it was whole."""
    if not os.path.exists(path) and path.endswith(".part"):
        return path.rsplit(".", 2)[0]
    return path
