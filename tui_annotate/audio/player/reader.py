"""The frames of a file, block by block."""

from __future__ import annotations

import os

import numpy as np
import numpy.typing as npt

from tui_annotate.audio.player.messages import BLOCK, Load, Open

_SMALL = frozenset(
    {"PCM_S8", "PCM_U8", "PCM_16", "ULAW", "ALAW", "IMA_ADPCM", "MS_ADPCM", "GSM610"}
)
"""Encodings that 16 bits hold without loss."""


class Reader:
    """A file that is open.

    Args:
        opened: Which.

    Raises:
        OSError: It cannot be read.
        soundfile.SoundFileError: It is no sound that libsndfile knows.
    """

    def __init__(self, opened: Open) -> None:
        from tui_annotate.audio.libsndfile import opened as straight

        self._channel = opened.channel
        self._file = straight(os.fsdecode(opened.path))
        self._type = "int16" if self._file.subtype in _SMALL else "float32"
        whole = self._channel is None and self._file.channels == 2
        self.load = Load(opened.number, self._file.samplerate, 2 if whole else 1, len(self._file))

    def block(self, index: int) -> npt.NDArray[np.generic]:
        """The frames of a block: as one channel, or two; silence where there are none.

        Raises:
            OSError: They cannot be read.
            soundfile.SoundFileError: They cannot be decoded.
        """
        start = index * BLOCK
        if self._file.tell() != start:
            self._file.seek(start)
        frames = self._file.read(BLOCK, self._type, always_2d=True)
        samples: npt.NDArray[np.generic] = frames
        if self._channel is not None:
            samples = frames[:, self._channel : self._channel + 1]
        elif frames.shape[1] > 2:
            samples = frames.mean(axis=1, keepdims=True).astype(frames.dtype)
        if samples.dtype == np.float32:
            # What is no number is silence, as it is drawn.
            samples = np.where(np.isfinite(samples), samples, np.float32(0))
        return np.ascontiguousarray(samples)

    def close(self) -> None:
        """Close it."""
        self._file.close()
