"""Looking at a file of sound: its header, and whether that can be so."""

from __future__ import annotations

import os
import stat
import struct
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from tui_annotate.audio import media
from tui_annotate.audio.header import LOSSY, SHORT, UNKNOWN, Header, Stamp, nature, unusable
from tui_annotate.audio.libsndfile import opened
from tui_annotate.audio.mpeg import mp3_runs, notices
from tui_annotate.audio.parts import Part, ogg_parts
from tui_annotate.wording import reason

MAX_RATE = 10_000_000
"""Frames a second above which a header is not believed."""

_MAX_FRAMES = 1 << 40
_MAX_CHANNELS = 1024
"""Of libsndfile."""

_MAX_CHUNKS = 4096
_LARGEST = 0xFFFFFFFF
_CHUNK_HEAD = 8

_HEADERS = 0x1000
"""Bytes by which programs write less than the greatest length there is to a pipe, where they
cannot go back to write the true one."""

_NOTICED = 0.1
"""Seconds by which a header may claim more than there is without a word."""

_ASTRAY = {"VORBIS", "MPEG_LAYER_III"}
"""Where libsndfile's seeking leads astray."""

_SAMPLES = {
    "PCM_S8": "8 bit",
    "PCM_U8": "8 bit",
    "PCM_16": "16 bit",
    "PCM_24": "24 bit",
    "PCM_32": "32 bit",
    "FLOAT": "float",
    "DOUBLE": "double",
}


def examine(path: str) -> Header:
    """Look at a file.

    Args:
        path: The file; bytes that are not UTF-8 as the surrogates that `os.fsdecode` makes.

    Raises:
        AnnotateError: If it cannot be read, or is no sound.
    """
    try:
        # A pipe would be waited for, for ever.
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise unusable(path, "not a regular file")
            if status.st_size == 0:
                raise unusable(path, "this file is empty")
            stamp = Stamp(status.st_size, status.st_mtime_ns)
            head = file.read(4096)
            claim = _claim(file, head, stamp.size)
    except IsADirectoryError:
        raise unusable(path, "this is a folder, not an audio file") from None
    except FileNotFoundError:
        raise unusable(path, "there is no such file") from None
    except PermissionError:
        raise unusable(path, "permission denied", do="change its permissions") from None
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "its name holds a NUL"
        raise unusable(path, f"this file cannot be read ({why})") from None
    if claim is not None and claim.short:
        return _checked(_mended(path, stamp, head, claim))
    header = _through_libsndfile(path, stamp, head)
    if header is None:
        if (what := nature(head)) != UNKNOWN:
            raise unusable(path, what)
        header = media.examine(path, stamp, head)
    if head[:4] == b"OggS" and not header.media:
        header = _chained(header, ogg_parts(path, stamp.size))
    elif header.format == "MP3":
        header = _counted(header)
    return _doubted(_checked(header), claim)


def _checked(header: Header) -> Header:
    if not 1 <= header.rate <= MAX_RATE:
        raise unusable(header.path, f"its header claims a rate of {header.rate} frames a second")
    return header


def _mended(path: str, stamp: Stamp, head: bytes, claim: _Claim) -> Header:
    """A WAV file that holds more samples than its header says, read to its end."""
    order = ">" if head[:4] == b"RIFX" else "<"
    there = min(claim.there, _LARGEST)
    sizes = ((4, min(stamp.size - 8, _LARGEST)), (claim.place + 4, there))
    patches = tuple((place, struct.pack(f"{order}I", size)) for place, size in sizes)
    header = _through_libsndfile(path, stamp, head, Part(0, stamp.size, patches))
    if header is None:
        raise unusable(path, _fault(head))
    seconds = header.frames / header.rate if header.rate else 0.0
    said = claim.claimed / there * seconds
    warning = f"its header says {said:,.1f} s, and {seconds:,.1f} s are there: all of it is used"
    return replace(header, warnings=(*header.warnings, warning))


def _counted(header: Header) -> Header:
    """An MP3 whose own word of its length is missing or wrong, by the frames that are there."""
    runs = mp3_runs(header.path, header.stamp.size)
    if not runs:
        return header
    part = runs[0].part
    if len(runs) == 1 and (part.frames is None or part.frames <= header.frames):
        # It is all read; a header that claims more is noticed when it is.
        return header
    parts = tuple(run.part for run in runs)
    warnings = (*header.warnings, *notices(runs, header.rate))
    if len(parts) == 1:
        return replace(header, frames=part.frames or 0, parts=parts, warnings=warnings)
    return _joined(header, parts, warnings)


def _chained(header: Header, parts: tuple[Part, ...]) -> Header:
    """A sound whose file holds several, one after the other, as one."""
    if len(parts) < 2:
        return header
    notice = f"the file holds {len(parts)} recordings, one after the other"
    return _joined(header, parts, (*header.warnings, notice))


def _joined(header: Header, parts: tuple[Part, ...], warnings: tuple[str, ...]) -> Header:
    """Those parts of a file that can be read on as one sound."""
    import soundfile

    alike, frames, left = [], 0, len(parts)
    for part in parts:
        try:
            with opened(header.path, part) as sound:
                if (sound.samplerate, sound.channels) != (header.rate, header.channels):
                    break
                frames += int(sound.frames) if part.frames is None else part.frames
        except soundfile.SoundFileError:
            break
        alike.append(part)
        left -= 1
    if left and warnings:
        more = f"{left} of them at the end cannot be read on, their rate or channels differ"
        warnings = (*warnings[:-1], f"{warnings[-1]}; {more}")
    return replace(header, frames=frames, exact=False, parts=tuple(alike), warnings=warnings)


def _through_libsndfile(
    path: str, stamp: Stamp, head: bytes, part: Part | None = None
) -> Header | None:
    import soundfile

    try:
        with opened(path, part) as sound:
            kind, samples = sound.format.removesuffix("EX"), sound.subtype
            frames = int(sound.frames)
            believable = 0 <= frames < _MAX_FRAMES
            header = Header(
                path,
                stamp,
                int(sound.samplerate),
                int(sound.channels),
                frames if believable else 0,
                LOSSY.get(samples, f"{kind} {_SAMPLES.get(samples, samples)}"),
                exact=believable and part is None and samples not in _ASTRAY and _seekable(sound),
                short=samples in SHORT or samples in LOSSY,
                parts=() if part is None else (part,),
            )
            if (header.exact or part is not None) and frames == 0:
                raise unusable(path, "no sound in this file")
            if header.exact and not _reaches(sound, frames):
                return replace(header, exact=False)
            return header
    except soundfile.LibsndfileError:
        if _recognised(head):
            raise unusable(path, _fault(head)) from None
        return None
    except soundfile.SoundFileError:
        raise unusable(path, "this sound cannot be read", do="convert it to WAV") from None


def _seekable(sound: Any) -> bool:
    import soundfile

    seekable: bool = soundfile.SoundFile.seekable(sound)
    return seekable


def _reaches(sound: Any, frames: int) -> bool:
    """Whether the last frame that the header claims is there."""
    import soundfile

    try:
        sound.seek(frames - 1)
        return len(sound.read(1, dtype="float32")) == 1
    except soundfile.SoundFileError:
        return False


def _recognised(head: bytes) -> bool:
    """Whether the first bytes are those of a format that libsndfile should read."""
    return head[:4] in {b"RIFF", b"RIFX", b"RF64", b"FORM", b".snd", b"fLaC", b"caff", b"riff"}


def _fault(head: bytes) -> str:
    """What is wrong with a header that libsndfile refuses, read here: its words change."""
    told = _told(head)
    if told is None:
        return "its header is broken"
    rate, channels, bits = told
    if channels == 0:
        return "its header claims no channels at all"
    if channels > _MAX_CHANNELS:
        return "its header claims more channels than can be"
    if not 1 <= rate <= MAX_RATE:
        return "its header gives no sample rate that can be"
    if bits == 0:
        return "its samples are in a form that cannot be read"
    return "its header is broken"


def _told(head: bytes) -> tuple[int, int, int | None] | None:
    """Rate, channels and, where it says so, bits a sample of a WAV or AU header."""
    try:
        if head[:4] == b".snd":
            rate, channels = struct.unpack_from(">II", head, 16)
            return rate, channels, None
        if head[:4] in {b"RIFF", b"RIFX", b"RF64"} and head[12:16] == b"fmt ":
            order = ">" if head[:4] == b"RIFX" else "<"
            channels, rate, bits = struct.unpack_from(f"{order}2xHI6xH", head, 20)
            return rate, channels, bits
    except struct.error:
        pass
    return None


@dataclass(frozen=True, slots=True)
class _Claim:
    """The bytes of samples that a header claims, and those that can be there.

    Attributes:
        claimed: What the header says.
        there: What is left of the file.
        place: Where the chunk of samples begins.
        short: Whether the header says too little: what follows is no further chunk.
    """

    claimed: int
    there: int
    place: int = 0
    short: bool = False


def _claim(file: BinaryIO, head: bytes, size: int) -> _Claim | None:
    """What a RIFF or AIFF header claims; None where it claims nothing that can be checked."""
    magic = head[:4]
    if magic in {b"RIFF", b"RF64", b"RIFX"} and head[8:12] == b"WAVE":
        order, data = ("<" if magic != b"RIFX" else ">"), b"data"
    elif magic == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        order, data = ">", b"SSND"
    else:
        return None
    place, long = 12, 0
    for _ in range(_MAX_CHUNKS):
        file.seek(place)
        chunk = file.read(8)
        if len(chunk) < 8:
            return None
        name, length = struct.unpack(f"{order}4sI", chunk)
        if name == b"ds64":
            body = file.read(16)
            long = struct.unpack("<QQ", body)[1] if len(body) == 16 else 0
        if name == data:
            if magic == b"RF64" and length == 0xFFFFFFFF:
                length = long
            there = size - place - 8
            short = magic in {b"RIFF", b"RIFX"} and _goes_on(file, place + 8 + length, size)
            return _Claim(length, there, place, short)
        place += 8 + length + length % 2
    return None


def _goes_on(file: BinaryIO, place: int, size: int) -> bool:
    """Whether samples follow where the header says that they end."""
    if size - place < _CHUNK_HEAD:
        # Some bytes more are what programs leave behind.
        return False
    for at in (place, place + place % 2):
        file.seek(at)
        chunk = file.read(_CHUNK_HEAD)
        if len(chunk) == _CHUNK_HEAD and all(32 <= byte < 127 for byte in chunk[:4]):
            return False
    return True


def _is_streamed(claimed: int) -> bool:
    """Whether a length is what programs write to a pipe, the greatest there is or a little less."""
    return any(0 <= limit - claimed < _HEADERS for limit in (0xFFFFFFFF, 0x7FFFFFFF))


def _doubted(header: Header, claim: _Claim | None) -> Header:
    if claim is None or claim.claimed <= claim.there or _is_streamed(claim.claimed):
        return header
    if header.frames == 0 or claim.there <= 0:
        raise unusable(header.path, "it is cut off before its first sample")
    seconds = header.frames / header.rate
    whole = claim.claimed / claim.there * seconds
    if whole - seconds < _NOTICED:
        return header
    warning = f"it is cut off: its header claims {whole:,.1f} s, and {seconds:,.1f} s are there"
    return replace(header, warnings=(*header.warnings, warning))
