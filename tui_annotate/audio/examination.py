"""Looking at a file of sound: its header, and whether that can be so."""

from __future__ import annotations

import os
import stat
import struct
from dataclasses import replace
from typing import Any

from tui_annotate.audio import media
from tui_annotate.audio.claims import Claim, claim_of
from tui_annotate.audio.header import (
    LOSSY,
    NOTICED,
    SHORT,
    UNKNOWN,
    Header,
    Stamp,
    nature,
    unusable,
)
from tui_annotate.audio.libsndfile import opened
from tui_annotate.audio.mp3 import mp3_runs, notices
from tui_annotate.audio.parts import Part, ogg_parts
from tui_annotate.wording import reason

MAX_RATE = 10_000_000
"""Frames a second above which a header is not believed."""

_MAX_FRAMES = 1 << 40
_MAX_CHANNELS = 1024
"""Of libsndfile."""

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
            claim = claim_of(file, stamp.size)
    except IsADirectoryError:
        raise unusable(path, "this is a folder, not an audio file") from None
    except FileNotFoundError:
        raise unusable(path, "there is no such file") from None
    except PermissionError:
        raise unusable(path, "permission denied", do="change its permissions") from None
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "its name holds a NUL"
        raise unusable(path, f"this file cannot be read ({why})") from None
    header = _through_libsndfile(path, stamp, head, None if claim is None else claim.part)
    if header is None:
        if (what := nature(head)) != UNKNOWN:
            raise unusable(path, what)
        header = media.examine(path, stamp, head)
    if head[:4] == b"OggS" and not header.media:
        header = _chained(header)
    elif header.format == "MP3":
        header = _counted(header)
    return _compared(_checked(header), claim)


def _checked(header: Header) -> Header:
    if not 1 <= header.rate <= MAX_RATE:
        raise unusable(header.path, f"its header claims a rate of {header.rate} frames a second")
    return header


def _counted(header: Header) -> Header:
    """An MP3 whose own word of its length is missing or wrong, by the frames that are there."""
    runs = mp3_runs(header.path, header.stamp.size)
    parts = tuple(run.part for run in runs)
    if not parts or (len(runs) == 1 and (runs[0].right or parts[0].frames == header.frames)):
        return header
    header, left = _joined(header, parts)
    told = notices(runs, header.frames / header.rate, header.rate)
    return replace(header, warnings=(*header.warnings, *_with_left(told, left)))


def _chained(header: Header) -> Header:
    """A sound whose file holds several, one after the other, as one."""
    parts = ogg_parts(header.path, header.stamp.size)
    if len(parts) < 2:
        return header
    header, left = _joined(header, parts)
    told = [f"the file holds {len(parts)} recordings, one after the other"]
    return replace(header, warnings=(*header.warnings, *_with_left(told, left)))


def _joined(header: Header, parts: tuple[Part, ...]) -> tuple[Header, int]:
    """Parts of a file as one sound, and how many at the end cannot be read on."""
    import soundfile

    alike, frames = [], 0
    for part in parts:
        try:
            with opened(header.path, part) as sound:
                if (sound.samplerate, sound.channels) != (header.rate, header.channels):
                    break
                frames += int(sound.frames) if part.frames is None else part.frames
        except soundfile.SoundFileError:
            break
        alike.append(part)
    joined = replace(header, frames=frames, exact=False, parts=tuple(alike))
    return joined, len(parts) - len(alike)


def _with_left(told: list[str], left: int) -> list[str]:
    if not left:
        return told
    several = f"{left} of them at the end cannot be read on, their rate or channels differ"
    return [f"{told[0]}; {several}", *told[1:]] if told else [several]


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
                exact=believable and samples not in _ASTRAY and _seekable(sound),
                short=samples in SHORT or samples in LOSSY,
            )
            if header.exact and frames == 0:
                raise unusable(path, "no sound in this file")
            if header.exact and not _reaches(sound, frames):
                return replace(header, exact=False)
            return header
    except soundfile.LibsndfileError:
        if _recognised(head):
            raise unusable(path, _fault(head)) from None
        return None
    except soundfile.SoundFileError:
        raise unusable(path, "this recording cannot be read", do="convert it to WAV") from None


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


def _compared(header: Header, claim: Claim | None) -> Header:
    """A header with what is to be said where it claimed another length than there is."""
    if claim is None or claim.claimed is None:
        return header
    if claim.there <= 0 or (header.frames == 0 and claim.claimed > claim.there):
        raise unusable(header.path, "it is cut off before its first sample")
    seconds = header.frames / header.rate
    if claim.counted:
        said = seconds + (claim.claimed - claim.there) / header.rate
    else:
        said = seconds * claim.claimed / claim.there
    if abs(said - seconds) < NOTICED:
        return header
    there = f"{seconds:,.1f} s are there"
    if said > seconds:
        warning = f"it is cut off: its header claims {said:,.1f} s, and {there}"
    else:
        warning = f"its header says {said:,.1f} s, and {there}: all of it is used"
    return replace(header, warnings=(*header.warnings, warning))
