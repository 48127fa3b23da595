"""The length of a FLAC file, as its last frame tells it."""

from __future__ import annotations

from typing import BinaryIO

from tui_annotate.audio.parts import Part

_BLOCK_SIZES = {1: 192, **{n: 576 << (n - 2) for n in range(2, 6)}, **{n: 256 << (n - 8)
                for n in range(8, 16)}}  # fmt: skip
_TOTAL = (1 << 36) - 1
_TOTAL_PLACE = 18
"""Where eight bytes stand whose last 36 bits are the number of frames."""

_MIN_TAIL, _MAX_TAIL = 1 << 16, 1 << 21
_LONGEST_HEAD = 16


def flac_claim(
    file: BinaryIO, head: bytes, size: int
) -> tuple[int | None, int, Part | None] | None:
    """What a FLAC header claims and what is there, in samples of each channel.

    Args:
        file: The sound.
        head: Its first 42 bytes.
        size: Its bytes.

    Returns:
        What it says, if anything; what is there; how to read the file where there is more. None
        where the end cannot be found.
    """
    if len(head) < 42 or head[4] & 0x7F != 0:
        return None
    block = int.from_bytes(head[8:10], "big")
    largest = int.from_bytes(head[15:18], "big")
    sizes = int.from_bytes(head[_TOTAL_PLACE : _TOTAL_PLACE + 8], "big")
    claimed = sizes & _TOTAL
    tail = min(max(3 * largest, _MIN_TAIL), _MAX_TAIL, size)
    file.seek(size - tail)
    there = _end_of(file.read(tail), block)
    if there is None or claimed > there:
        # It may be cut off in the middle of a frame: that shows when it is read.
        return None
    right = (sizes & ~_TOTAL | there & _TOTAL).to_bytes(8, "big")
    part = Part(_TOTAL_PLACE + 8, size, head[:_TOTAL_PLACE] + right)
    return claimed or None, there, part if claimed < there else None


def _end_of(data: bytes, block: int) -> int | None:
    """Where the last frame in some bytes ends; it has to follow the one before it."""
    found: list[tuple[int, int]] = []
    at = len(data)
    while (at := data.rfind(b"\xff", 0, at)) >= 0:
        frame = _frame(data[at : at + _LONGEST_HEAD], block)
        if frame is None:
            continue
        if any(frame[1] == start for start, _ in found):
            return next(end for start, end in found if frame[1] == start)
        found.append(frame)
    return None


def _frame(head: bytes, block: int) -> tuple[int, int] | None:
    """The first sample of a frame and the one after its last; None for what is no frame."""
    if len(head) < 6 or head[1] & 0xFE != 0xF8 or head[3] & 1 or head[3] >> 4 > 10:
        return None
    size_code, rate_code = head[2] >> 4, head[2] & 15
    if size_code == 0 or rate_code == 15:
        return None
    coded = _coded_number(head[4:])
    if coded is None:
        return None
    number, at = coded[0], 4 + coded[1]
    if size_code in (6, 7):
        width = size_code - 5
        frames = int.from_bytes(head[at : at + width], "big") + 1
        at += width
    else:
        frames = _BLOCK_SIZES[size_code]
    at += {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    if at >= len(head) or _check(head[:at]) != head[at]:
        return None
    # Blocks of one size are numbered, others tell their first sample.
    start = number if head[1] & 1 else number * block
    return start, start + frames


def _coded_number(data: bytes) -> tuple[int, int] | None:
    """A number written as UTF-8 writes characters, and its bytes."""
    first = data[0]
    if first < 0x80:
        return first, 1
    more = 8 - (first ^ 0xFF).bit_length() - 1
    rest = data[1 : 1 + more]
    if not 1 <= more <= 6 or len(rest) < more or any(byte & 0xC0 != 0x80 for byte in rest):
        return None
    number = first & (0x3F >> more)
    for byte in rest:
        number = number << 6 | byte & 0x3F
    return number, 1 + more


def _check(data: bytes) -> int:
    """The CRC that ends the header of a frame: 8 bits, of the polynomial 0x07."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc << 1 & 0xFF ^ (7 if crc & 0x80 else 0)
    return crc
