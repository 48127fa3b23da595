"""The frames of a sound that a deck has, and what they look like on the way to it."""

from __future__ import annotations

import io
from collections import OrderedDict

import numpy as np
import numpy.typing as npt

from tui_annotate.audio.player.messages import BLOCK, Coding

Samples = npt.NDArray[np.float32]
"""Frames by channels, full scale being −1 to 1."""

CAPACITY = 64 << 20
"""Bytes of frames that a deck keeps: half an hour at 16 kHz."""


class Blocks:
    """What is known of a sound: blocks, the least recently used of which are dropped.

    Args:
        channels: How many channels it has.
        frames: How many frames it has.
        capacity: How many bytes to keep.
    """

    def __init__(self, channels: int, frames: int, capacity: int = CAPACITY) -> None:
        self.channels = channels
        self.frames = frames
        self._capacity = capacity
        self._bytes = 0
        self._blocks: OrderedDict[int, npt.NDArray[np.generic]] = OrderedDict()

    def __contains__(self, index: int) -> bool:
        return index in self._blocks

    def put(self, index: int, samples: npt.NDArray[np.generic]) -> None:
        """Keep a block; it is cut or filled with silence to the length it must have.

        Args:
            index: Which one.
            samples: Frames by channels, int16 or float32.
        """
        length = min(BLOCK, self.frames - index * BLOCK)
        if index < 0 or length <= 0:
            return
        if samples.shape != (length, self.channels):
            whole = np.zeros((length, self.channels), samples.dtype)
            frames, channels = (min(pair) for pair in zip(samples.shape, whole.shape, strict=True))
            whole[:frames, :channels] = samples[:frames, :channels]
            samples = whole
        if (old := self._blocks.pop(index, None)) is not None:
            self._bytes -= old.nbytes
        self._blocks[index] = samples
        self._bytes += samples.nbytes
        while self._bytes > self._capacity and len(self._blocks) > 1:
            self._bytes -= self._blocks.popitem(last=False)[1].nbytes

    def known(self, start: int, end: int) -> int:
        """How many of the frames from start on, up to end, are there without a gap."""
        at = start
        while at < end and at // BLOCK in self._blocks:
            at = (at // BLOCK + 1) * BLOCK
        return max(0, min(at, end) - start)

    def read(self, start: int, end: int) -> Samples:
        """Frames that are `known`."""
        parts = []
        for index in range(start // BLOCK, (end - 1) // BLOCK + 1):
            block = self._blocks[index]
            self._blocks.move_to_end(index)
            origin = index * BLOCK
            parts.append(_floating(block[max(0, start - origin) : end - origin]))
        if not parts:
            return np.zeros((0, self.channels), np.float32)
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _floating(samples: npt.NDArray[np.generic]) -> Samples:
    if samples.dtype == np.int16:
        return samples.astype(np.float32) / np.float32(32768)
    return samples.astype(np.float32)


def plain(samples: npt.NDArray[np.generic]) -> tuple[Coding, bytes]:
    """A block as it goes from one process to the next, with nothing left out."""
    if samples.dtype == np.int16:
        return "int16", samples.astype("<i2").tobytes()
    return "float32", samples.astype("<f4").tobytes()


def compressed(samples: npt.NDArray[np.generic], lean: int = 0) -> tuple[Coding, bytes]:
    """A block as it goes over a line: FLAC of 16 bits.

    Args:
        samples: Frames by channels, int16 or float32.
        lean: How many of the 16 bits to leave out. FLAC finds the bits that are
            nought in every sample, and sends none of them.
    """
    import soundfile

    whole = samples
    if whole.dtype != np.int16:
        scaled = np.nan_to_num(samples.astype(np.float32)) * np.float32(32768)
        whole = np.clip(np.rint(scaled), -32768, 32767).astype(np.int16)
    if lean:
        step = 1 << lean
        rounded = (whole.astype(np.int32) + step // 2) & -step
        whole = np.clip(rounded, -32768, 32768 - step).astype(np.int16)
    packed = io.BytesIO()
    # The rate means nothing here; libsndfile wants one that FLAC allows.
    soundfile.write(packed, whole, 48000, format="FLAC", subtype="PCM_16")
    data = packed.getvalue()
    return ("flac", data) if len(data) < whole.nbytes else ("int16", whole.tobytes())


def unpacked(coding: Coding, data: bytes, channels: int) -> npt.NDArray[np.generic]:
    """The frames of a block that has arrived.

    Raises:
        ValueError: They are not what they are said to be.
    """
    if coding == "flac":
        return _flac(data)
    kind = np.dtype("<i2" if coding == "int16" else "<f4")
    if len(data) % (kind.itemsize * channels):
        raise ValueError("a block does not end with a frame")
    return np.frombuffer(data, kind).reshape(-1, channels)


def _flac(data: bytes) -> npt.NDArray[np.generic]:
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if file.format != "FLAC":
                raise ValueError("a block is not FLAC")
            # One frame more than a block may have: a block that grows as it unpacks is cut.
            samples: npt.NDArray[np.generic] = file.read(BLOCK + 1, "int16", always_2d=True)
    except soundfile.SoundFileError as error:
        raise ValueError("a block is not FLAC") from error
    return samples
