"""Reading samples, in blocks, from a file that can be sought exactly."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from tui_annotate.audio.header import SHORT, Stamp
from tui_annotate.audio.libsndfile import opened
from tui_annotate.errors import AnnotateError
from tui_annotate.wording import reason

_MOST_VALUES = 1 << 22


class Sound:
    """An open sound.

    Samples are float32, where 1.0 is full scale; what is not a number counts
    as 0. Files of floats may hold values over 1.

    Args:
        path: A file that libsndfile seeks exactly: a `Clip`'s ``decoded``.

    Attributes:
        rate: Frames a second.
        channels: Channels.
        frames: Frames.
        short: Whether 16 bits hold every sample.
        slow: Whether a seek takes 10 ms, and decoding 0.2 s for a minute.
        broken: How many frames were read that hold what is no number.

    Raises:
        AnnotateError: If it cannot be opened.
    """

    def __init__(self, path: str) -> None:
        import soundfile

        self.path = path
        self.broken = 0
        try:
            self._stamp = Stamp.of(path)
            self._file = opened(path)
            self._place = 0
        except (OSError, TypeError, ValueError, soundfile.SoundFileError) as error:
            raise AnnotateError(
                f"this recording can no longer be opened ({reason(error)})", where=path
            ) from None
        self.rate = int(self._file.samplerate)
        self.channels = int(self._file.channels)
        self.frames = int(self._file.frames)
        self._floating = self._file.subtype in {"FLOAT", "DOUBLE"}
        self.slow = self._file.subtype == "OPUS"
        self.short = self._file.subtype in SHORT

    def __enter__(self) -> Sound:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; to do so twice is no error."""
        self._file.close()

    @property
    def changed(self) -> bool:
        """Whether the file is not what it was when it was opened."""
        try:
            return Stamp.of(self.path) != self._stamp
        except OSError:
            return True

    def read(self, start: int, stop: int, channel: int | None = None) -> Any:
        """Samples of one channel, or the mean of all.

        Args:
            start: The first frame.
            stop: The frame after the last.
            channel: From 0; None for the mean.

        Returns:
            A float32 array with exactly stop - start values: 0 outside of the
            file, and where the file can no longer be read.
        """
        import numpy as np

        values = np.zeros(max(0, stop - start), np.float32)
        step = max(1, _MOST_VALUES // self.channels)
        for first in range(max(0, start), min(stop, self.frames), step):
            last = min(first + step, stop, self.frames)
            block = self.block(first, last)
            values[first - start : first - start + len(block)] = mixed(block, channel)
        return values

    def block(self, start: int, stop: int) -> Any:
        """Samples of all channels, as float32 in (frames, channels).

        Fewer than asked for, where the file holds fewer or cannot be read further.
        """
        import numpy as np

        block = self._read(start, stop, "float32")
        if self._floating and block.size:
            wrong = ~np.isfinite(block)
            if wrong.any():
                self.broken += int(wrong.any(axis=1).sum())
                block[wrong] = 0.0
        return block

    def shorts(self, start: int, stop: int) -> Any:
        """The same as `block` in int16, for a file that holds no more than that."""
        return self._read(start, stop, "int16")

    def _read(self, start: int, stop: int, kind: str) -> Any:
        import numpy as np
        import soundfile

        try:
            if self._place != start:
                self._file.seek(start)
            block = self._file.read(stop - start, dtype=kind, always_2d=True)
            self._place = start + len(block)
            return block
        except (soundfile.SoundFileError, RuntimeError, ValueError):
            self._place = -1
            # What it held before the place where it breaks is of no use to a view: silence.
            return np.zeros((0, self.channels), kind)


def mixed(block: Any, channel: int | None) -> Any:
    """One channel of a block, or the mean of all.

    Args:
        block: Samples in (frames, channels).
        channel: From 0; None for the mean.
    """
    import numpy as np

    if block.shape[1] == 1:
        return block[:, 0]
    if channel is not None:
        return block[:, channel]
    return block.mean(axis=1, dtype=np.float32)
