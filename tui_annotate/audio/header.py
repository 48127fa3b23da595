"""What a file of sound says of itself."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tui_annotate.audio.parts import Part
from tui_annotate.errors import AnnotateError

UNKNOWN = "not a readable audio file"
"""What `nature` says where the first bytes tell nothing."""

NOTICED = 0.1
"""Seconds by which a header may be wrong without a word."""

LOSSY = {"VORBIS": "Ogg Vorbis", "OPUS": "Opus", "MPEG_LAYER_III": "MP3"}
"""What libsndfile calls the formats whose length may be an estimate, and what people do."""

SHORT = frozenset({"PCM_S8", "PCM_U8", "PCM_16"})
"""What libsndfile calls samples that 16 bits can hold."""

_PICTURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x7fELF": "a program",
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes when a file does.

    Attributes:
        size: Its bytes.
        mtime: When it was changed, in nanoseconds.
    """

    size: int
    mtime: int

    @classmethod
    def of(cls, path: str) -> Stamp:
        """The stamp of a file now.

        Raises:
            OSError: If there is none.
        """
        status = os.stat(path)
        return cls(status.st_size, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a sound before its samples are read.

    Attributes:
        path: The file.
        stamp: Its size and time when it was looked at.
        rate: Frames a second.
        channels: Channels.
        frames: Frames; of a file that is not `exact` only what its header claims, 0 if nothing.
        format: As people call it: "WAV 16 bit", "MP3".
        exact: Whether any frame can be sought, exactly: not so in MP3 and Vorbis, and
            in what claims more than it holds.
        short: Whether 16 bits hold every sample.
        media: Whether only PyAV reads it.
        warnings: One sentence each.
        parts: The parts to read instead of the file, one after the other, where it is not one sound
            or its header lies.
    """

    path: str
    stamp: Stamp
    rate: int
    channels: int
    frames: int
    format: str
    exact: bool = True
    short: bool = False
    media: bool = False
    warnings: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def lossy(self) -> bool:
        """Whether its length may be no more than an estimate."""
        return self.media or self.format in LOSSY.values()


def unusable(path: str, what: str, do: str | None = None) -> AnnotateError:
    """The error for a file that is no usable sound."""
    return AnnotateError(what, where=path, do=do)


def nature(head: bytes) -> str:
    """What a file that is no sound is, as far as its first bytes tell."""
    for magic, name in _PICTURES.items():
        if head.startswith(magic):
            return f"not an audio file ({name})"
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        text = head[: error.start].decode("utf-8") if error.start > len(head) - 4 else "\0"
    if all(character.isprintable() or character in "\t\r\n\f\ufeff" for character in text):
        return "not an audio file (text)"
    return UNKNOWN
