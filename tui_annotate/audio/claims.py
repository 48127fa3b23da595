"""What headers of sounds claim, compared with what is there, and headers that say what is there.

A recorder that dies leaves a size of 0; a size of 32 bits is wrapped in a file of more than 4 GB;
programs that write to a pipe claim the greatest size there is. libsndfile believes all of that.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tui_annotate.audio.flac import flac_claim
from tui_annotate.audio.parts import Part

_LARGEST = 0xFFFFFFFF
_LARGEST_LONG = (1 << 64) - 1
_MAX_CHUNKS = 4096
_MAX_DESCRIPTION = 4096
_MAX_HEAD = 1 << 24
"""Bytes before the samples that are copied; pictures may stand there."""

_CHUNK_HEAD = 8
_SOME = 1 << 20
"""Bytes behind the samples that a chunk of a broken length is believed for."""

_HEADERS = 0x1000
"""Bytes by which programs write less than the greatest length there is to a pipe, where they
cannot go back to write the true one."""

_W64_CHUNK = b"\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"
"""What follows the name of a chunk in Sony's Wave64."""


@dataclass(frozen=True, slots=True)
class Claim:
    """How long a header says that a sound is, and how long it can be.

    Attributes:
        claimed: What the header says, in bytes or frames; None where it says nothing.
        there: What is there, in the same unit.
        part: How the file is to be read, so that all that is there is found; None where it can be
            read as it is.
        counted: Whether the unit is frames.
    """

    claimed: int | None
    there: int
    part: Part | None = None
    counted: bool = False


def claim_of(file: BinaryIO, size: int) -> Claim | None:
    """What the header of a sound claims; None where it claims nothing that can be checked.

    A few reads, wherever the samples are.

    Args:
        file: The sound.
        size: Its bytes.

    Raises:
        OSError: It cannot be read.
    """
    file.seek(0)
    head = file.read(42)
    magic, form = head[:4], head[8:12]
    if magic in {b"RIFF", b"RIFX", b"RF64", b"BW64"} and form == b"WAVE":
        return _wave_claim(file, size, magic)
    if magic == b"FORM" and form in {b"AIFF", b"AIFC"}:
        return _aiff_claim(file, size, form)
    if magic == b"caff":
        return _caf_claim(file, size)
    if magic == b".snd":
        return _au_claim(file, head, size)
    if head[:16] == b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00":
        return _w64_claim(file, size)
    if magic == b"fLaC":
        found = flac_claim(file, head, size)
        return None if found is None else Claim(*found, counted=True)
    return None


# ── WAV, RF64, BW64 ────────────────────────────────────────────────────────


def _wave_claim(file: BinaryIO, size: int, magic: bytes) -> Claim | None:
    order = ">" if magic == b"RIFX" else "<"
    description, long = b"", 0
    for name, place, length in _chunks(file, order):
        if name == b"ds64":
            body = file.read(16)
            long = struct.unpack("<QQ", body)[1] if len(body) == 16 else 0
        elif name == b"fmt ":
            description = file.read(min(length, _MAX_DESCRIPTION))
        elif name == b"data":
            claimed = long if length == _LARGEST and magic in {b"RF64", b"BW64"} else length
            there = size - place
            short = _goes_on(file, place + claimed, size)
            said = None if _is_streamed(claimed) else claimed
            if not description or not (short or magic == b"BW64"):
                return Claim(said, there)
            if not short:
                there = min(claimed, there)
            head = _wave_head(magic, order, description, there)
            if head is None:
                there, head = _LARGEST - _MAX_DESCRIPTION, b""
                head = _wave_head(magic, order, description, there) or b""
            return Claim(said, there, Part(place, place + there, head))
    return None


def _wave_head(magic: bytes, order: str, description: bytes, length: int) -> bytes | None:
    """A header that says how much there is; None where none can."""
    fmt = b"fmt " + struct.pack(f"{order}I", len(description)) + description
    fmt += bytes(len(description) % 2)
    if length < _LARGEST - _MAX_DESCRIPTION:
        name = b"RIFX" if magic == b"RIFX" else b"RIFF"
        whole = len(b"WAVE") + len(fmt) + _CHUNK_HEAD + length
        data = b"data" + struct.pack(f"{order}I", length)
        return name + struct.pack(f"{order}I", whole) + b"WAVE" + fmt + data
    if magic == b"RIFX":
        _, channels, rate, _, _, bits = struct.unpack_from(">HHIIHH", description.ljust(16, b"\0"))
        return _caf_head(channels, rate, bits, 0, length) if bits > 8 else None
    whole = len(b"WAVE") + 36 + len(fmt) + _CHUNK_HEAD + length
    sizes = b"ds64" + struct.pack("<IQQQI", 28, whole, length, 0, 0)
    largest = struct.pack("<I", _LARGEST)
    return b"RF64" + largest + b"WAVE" + sizes + fmt + b"data" + largest


def _is_streamed(claimed: int) -> bool:
    """Whether a length is what programs write to a pipe, the greatest there is or a little less."""
    return any(0 <= limit - claimed < _HEADERS for limit in (_LARGEST, 0x7FFFFFFF))


# ── AIFF ───────────────────────────────────────────────────────────────────


def _aiff_claim(file: BinaryIO, size: int, form: bytes) -> Claim | None:
    common = b""
    for name, place, length in _chunks(file, ">"):
        if name == b"COMM":
            common = file.read(min(length, _MAX_DESCRIPTION))
        elif name == b"SSND":
            # An offset and the size of a block stand before the samples.
            claimed, there = max(length - 8, 0), size - place - 8
            said = None if _is_streamed(length) else claimed
            if len(common) < 18 or not _goes_on(file, place + length, size):
                return Claim(said, there)
            head = _aiff_head(form, common, there)
            if head is None:
                there = _LARGEST - 2 * _MAX_DESCRIPTION
                head = _aiff_head(form, common, there) or b""
            return Claim(said, there, Part(place + 8, place + 8 + there, head))
    return None


def _aiff_head(form: bytes, common: bytes, length: int) -> bytes | None:
    channels, _, bits = struct.unpack_from(">hIh", common)
    width = max(channels * -(-bits // 8), 1)
    if length >= _LARGEST - _MAX_DESCRIPTION:
        codec = common[18:22] if form == b"AIFC" else b"NONE"
        flags = {b"NONE": 0, b"twos": 0, b"sowt": 2}.get(codec)
        return None if flags is None else _caf_head(channels, _rate(common), bits, flags, length)
    common = common[:2] + struct.pack(">I", length // width & _LARGEST) + common[6:]
    body = form + b"COMM" + struct.pack(">I", len(common)) + common + bytes(len(common) % 2)
    body += b"SSND" + struct.pack(">III", length + 8, 0, 0)
    return b"FORM" + struct.pack(">I", len(body) + length) + body


def _rate(common: bytes) -> float:
    """The rate in a COMM chunk, a float of 80 bits."""
    exponent, mantissa = struct.unpack_from(">HQ", common, 8)
    return math.ldexp(mantissa, min(exponent & 0x7FFF, 16_400) - 16_383 - 63)


# ── CAF, AU, Wave64 ────────────────────────────────────────────────────────


def _caf_head(channels: int, rate: float, bits: int, flags: int, length: int) -> bytes:
    """The header of Apple's format, which has room for the length of what is big-endian."""
    width = channels * -(-bits // 8)
    about = struct.pack(">d4sIIIII", rate, b"lpcm", flags, width, 1, channels, bits)
    desc = b"desc" + struct.pack(">Q", len(about)) + about
    return b"caff\0\1\0\0" + desc + b"data" + struct.pack(">QI", length + 4, 0)


def _caf_claim(file: BinaryIO, size: int) -> Claim | None:
    place = 8
    for _ in range(_MAX_CHUNKS):
        file.seek(place)
        chunk = file.read(12)
        if len(chunk) < 12:
            return None
        name, length = struct.unpack(">4sQ", chunk)
        place += 12
        if name == b"data":
            # A count of edits stands before the samples.
            there = size - place
            said = None if length == _LARGEST_LONG else max(length - 4, 0)
            short = length < there and _goes_on(file, place + length, size)
            if (not short and length <= there) or place > _MAX_HEAD or there <= 4:
                return Claim(said, there - 4)
            file.seek(0)
            head = file.read(place - 8) + struct.pack(">Q", there)
            return Claim(said, there - 4, Part(place, size, head))
        place += length
    return None


def _au_claim(file: BinaryIO, head: bytes, size: int) -> Claim | None:
    start, claimed = struct.unpack_from(">II", head, 4)
    there = size - start
    said = None if _is_streamed(claimed) else claimed
    # Nothing may stand behind the samples.
    if claimed >= there - _CHUNK_HEAD or not 24 <= start <= min(_MAX_HEAD, size):
        return Claim(said, there) if start < size else None
    file.seek(0)
    whole = file.read(start)
    return Claim(said, there, Part(start, size, whole[:8] + b"\xff" * 4 + whole[12:]))


def _w64_claim(file: BinaryIO, size: int) -> Claim | None:
    """Of this format libsndfile reads what is there in any case."""
    place = 40
    for _ in range(_MAX_CHUNKS):
        file.seek(place)
        chunk = file.read(24)
        if len(chunk) < 24 or chunk[4:16] != _W64_CHUNK:
            return None
        (length,) = struct.unpack_from("<Q", chunk, 16)
        if chunk[:4] == b"data":
            claimed, there = max(length - 24, 0), size - place - 24
            is_whole = claimed >= there or not _goes_on(file, place + length, size)
            return Claim(claimed, there if claimed > there else claimed if is_whole else there)
        place += max(-(-length // 8) * 8, 24)
    return None


# ── chunks ─────────────────────────────────────────────────────────────────


def _chunks(file: BinaryIO, order: str) -> Iterator[tuple[bytes, int, int]]:
    """The name of each chunk, where its body begins, and its length; the file stands there."""
    place = 12
    for _ in range(_MAX_CHUNKS):
        file.seek(place)
        chunk = file.read(_CHUNK_HEAD)
        if len(chunk) < _CHUNK_HEAD:
            return
        name, length = struct.unpack(f"{order}4sI", chunk)
        place += _CHUNK_HEAD
        yield name, place, length
        place += length + length % 2


def _goes_on(file: BinaryIO, place: int, size: int) -> bool:
    """Whether samples follow where the header says that they end."""
    if size - place < _CHUNK_HEAD:
        # Some bytes more are what programs leave behind.
        return False
    for at in (place, place + place % 2):
        file.seek(at)
        chunk = file.read(_CHUNK_HEAD)
        if len(chunk) == _CHUNK_HEAD and all(32 <= byte < 127 for byte in chunk[:4]):
            # Four samples may look like a name; what would be the length then fits hardly ever.
            lengths = struct.unpack("<I", chunk[4:]) + struct.unpack(">I", chunk[4:])
            if size - at < _SOME or any(one <= size - at - _CHUNK_HEAD for one in lengths):
                return False
    return True
