"""The length of an MP3 file: its frames counted.

libsndfile reads no further than the tag in the first frame says, or, where there is none, than the
size of the file and that of the first frame let it guess.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from tui_annotate.audio.parts import Part

_BLOCK = 1 << 22
_RATES = (44_100, 48_000, 32_000)
_BITRATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
"""Kilobits a second by index: of MPEG 1, and of MPEG 2 and 2.5; layer III alone."""

_FRAMES_FLAG, _BYTES_FLAG = 1, 2


@dataclass(frozen=True, slots=True)
class Mp3Length:
    """How long an MP3 file is.

    Attributes:
        claimed: The frames that its tag claims; None where none says so.
        there: The frames that there are, beside that of the tag.
        samples: How many samples of each channel a frame has.
        part: How to read the file so that it is read to its end; None where it can be as it is.
    """

    claimed: int | None
    there: int
    samples: int
    part: Part | None


def mp3_length(file: BinaryIO, size: int) -> Mp3Length | None:
    """Count the frames of an MP3 file; None where they cannot be told.

    Ten hours take about half a second, and as long as it takes to read them.

    Args:
        file: The sound.
        size: Its bytes.

    Raises:
        OSError: It cannot be read.
    """
    start = _first_frame(file)
    if start is None:
        return None
    file.seek(start)
    head = file.read(64)
    if len(head) < 64:
        return None
    lengths = _lengths_like(head)
    count = _count(file, start, lengths)
    tag = 4 + _side_info(head)
    name, flags, claimed = struct.unpack(">4sII", head[tag : tag + 12])
    has_tag = name in {b"Xing", b"Info"}
    there = count - has_tag
    if there < 1:
        return None
    samples = 1152 if head[1] & 8 else 576
    if has_tag and flags & _FRAMES_FLAG:
        if claimed == there:
            return Mp3Length(claimed, there, samples, None)
        file.seek(0)
        right = file.read(start + tag + 8) + struct.pack(">I", there)
        if flags & _BYTES_FLAG:
            right += struct.pack(">I", size - start)
        return Mp3Length(claimed or None, there, samples, Part(len(right), size, right))
    # A tag put before it would shift the samples: the guess is made large enough instead.
    wanted = start + there * lengths[head[1:3]]
    part = Part(0, wanted + wanted // 50) if wanted > size + size // 1000 else None
    return Mp3Length(None, there, samples, part)


def _first_frame(file: BinaryIO) -> int | None:
    """Where the first frame begins: behind tags, and followed by another one."""
    start = 0
    file.seek(0)
    while (head := file.read(10))[:3] == b"ID3" and len(head) == 10:
        length = 0
        for byte in head[6:]:
            length = length << 7 | byte & 0x7F
        start += 10 + length + (10 if head[5] & 0x10 else 0)
        file.seek(start)
    file.seek(start)
    data = file.read(1 << 16)
    at = -1
    while (at := data.find(b"\xff", at + 1)) >= 0:
        lengths = _lengths_like(data[at : at + 4])
        following = at + lengths.get(data[at + 1 : at + 3], 0) + 1
        if lengths and lengths.get(data[following : following + 2]):
            return start + at
    return None


def _lengths_like(head: bytes) -> dict[bytes, int]:
    """The length of each frame of the version and the rate of one, by its second and third byte."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2 or head[1] & 0x18 == 0x08:
        return {}
    version, rate_code = head[1] >> 3 & 3, head[2] >> 2 & 3
    if rate_code == 3:
        return {}
    rate = _RATES[rate_code] >> (0 if version == 3 else 1 if version == 2 else 2)
    found = {}
    for index, kilobits in enumerate(_BITRATES[version != 3]):
        if not kilobits:
            continue
        for rest in range(4):
            third = index << 4 | rate_code << 2 | rest
            length = (144 if version == 3 else 72) * kilobits * 1000 // rate + (rest >> 1)
            for second in (head[1] & 0xFE, head[1] | 1):
                found[bytes((second, third))] = length
    return found


def _count(file: BinaryIO, start: int, lengths: dict[bytes, int]) -> int:
    """The frames from a place on; what is none between them is passed over."""
    count, place, at = 0, start, 0
    file.seek(start)
    data = file.read(_BLOCK)
    while True:
        last = len(data) - 3
        while at < last:
            length = lengths.get(data[at + 1 : at + 3], 0) if data[at] == 0xFF else 0
            if length:
                count += 1
                at += length
                continue
            at = data.find(b"\xff", at + 1)
            if at < 0:
                at = len(data)
        place += at
        file.seek(place)
        data, at = file.read(_BLOCK), 0
        if len(data) <= 3:
            # The last one may be cut off.
            return count - (len(data) == 0 and place > file.seek(0, 2))


def _side_info(head: bytes) -> int:
    mono, is_first = head[3] >> 6 == 3, head[1] & 8 != 0
    if is_first:
        return 17 if mono else 32
    return 9 if mono else 17
