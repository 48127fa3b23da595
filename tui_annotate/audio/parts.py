"""Parts of a file that hold a sound each, or whose header has to be read as it should be."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a file, in bytes.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        head: Bytes that stand before it, instead of what stands there in the file.
        frames: The frames of sound that are to be read of it; None to ask the header.
        room: Bytes behind it that are read as zeros, for what guesses its length from its size.
    """

    start: int
    end: int
    head: bytes = b""
    frames: int | None = None
    room: int = 0

    @property
    def size(self) -> int:
        """How many bytes are read of it."""
        return len(self.head) + self.end - self.start + self.room


class PartFile(io.RawIOBase):
    """A part of a file, read as if it were a file.

    Args:
        path: The file.
        part: The part of it.

    Raises:
        OSError: It cannot be opened.
    """

    def __init__(self, path: str, part: Part) -> None:
        super().__init__()
        self._part = part
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115
        self._place = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The place in the part."""
        return self._place

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place in the part."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place}.get(whence)
        if base is None:
            base = self._part.size
        self._place = max(base + place, 0)
        return self._place

    def readinto(self, buffer: Buffer) -> int:
        """Read on."""
        view = memoryview(buffer).cast("B")
        part, at = self._part, self._place - len(self._part.head)
        data = part.head[self._place : self._place + len(view)]
        wanted = min(len(view) - len(data), part.end - part.start - max(at, 0))
        if wanted > 0:
            self._file.seek(part.start + max(at, 0))
            data += self._file.read(wanted) or b""
        beyond = self._place + len(data) - (part.size - part.room)
        if 0 <= beyond < part.room:
            data += bytes(min(len(view) - len(data), part.room - beyond))
        view[: len(data)] = data
        self._place += len(data)
        return len(data)

    def write(self, data: Buffer) -> int:
        """Nothing is ever written."""
        raise io.UnsupportedOperation("write")

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def ogg_parts(path: str, size: int) -> tuple[Part, ...]:
    """The links of an Ogg file, one after the other: one, unless it is chained.

    Each begins with a page that says so, behind pages that do not.

    Args:
        path: The file.
        size: Its bytes.
    """
    starts = []
    before = False
    with open(path, "rb") as file:
        # Not mapped into memory: a file may shrink while it is looked through.
        place, data = 0, file.read(_BLOCK)
        while len(data) >= _HEAD:
            at = data.find(_OGG)
            while 0 <= at <= len(data) - _HEAD:
                if data[at + 4] == 0:
                    first = bool(data[at + 5] & _FIRST)
                    if first and not before:
                        starts.append(place + at)
                    before = first
                at = data.find(_OGG, at + _HEAD)
            kept = len(data) - _HEAD + 1
            place, data = place + kept, data[kept:] + file.read(_BLOCK)
    return tuple(
        Part(start, end) for start, end in zip(starts, [*starts[1:], size], strict=True)
    )  # fmt: skip


_OGG = b"OggS"
_FIRST = 2
"""The flag of a page that begins a stream."""

_HEAD = 27
_BLOCK = 1 << 20
