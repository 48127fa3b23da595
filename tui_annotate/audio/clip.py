"""The stretch of sound that a task is about, and its clock."""

from __future__ import annotations

import msgspec


class Clip(msgspec.Struct, frozen=True):
    """The stretch of a file that a task is about.

    Every time in the program is a whole number of frames of the file's own rate;
    those of a task count from the start of its clip.

    Attributes:
        path: The file, as the system spells its name: that need be no UTF-8.
        decoded: The file that is read: the same, or what it was decoded to.
        rate: Frames per second.
        channels: How many channels the file has.
        start: The first frame of the clip in the file.
        end: The frame after its last one.
        channel: The channel it is about, from 0; None for all of them mixed.
        format: How the file is encoded, in a few words: ``WAV 16 bit``.
        content: What tells the sound from others, whatever its file is called; nothing if unknown.
    """

    path: bytes
    decoded: bytes
    rate: int
    channels: int
    start: int
    end: int
    channel: int | None = None
    format: str = ""
    content: str = ""

    @property
    def frames(self) -> int:
        """How many frames it is long."""
        return self.end - self.start

    @property
    def duration(self) -> float:
        """How many seconds it is long."""
        return self.frames / self.rate


def frames_of(seconds: float, rate: int) -> int:
    """The frame nearest to a time.

    Args:
        seconds: The time.
        rate: Frames per second.
    """
    return round(seconds * rate)


def seconds_of(frames: int, rate: int) -> float:
    """The time of a frame in seconds, as it is written: rounded to a microsecond.

    `frames_of` gives the same frame back at every rate up to 500 kHz.
    """
    return round(frames / rate, 6)
