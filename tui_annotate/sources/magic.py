"""What a file is, by the bytes that it begins with."""

from __future__ import annotations

FOREIGN = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"PAR1": "a Parquet table",
    b"SQLite format 3": "an SQLite database",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
}
SOUNDS = {
    b"RIFF": "WAV",
    b"RF64": "WAV",
    b"riff": "W64",
    b"fLaC": "FLAC",
    b"OggS": "OGG",
    b"ID3": "MP3",
    b"\xff\xfb": "MP3",
    b"\xff\xf3": "MP3",
    b"\xff\xf2": "MP3",
    b"FORM": "AIFF",
    b".snd": "AU",
    b"caff": "CAF",
    b"\x1aE\xdf\xa3": "WebM or Matroska",
    b"NIST_1A": "SPHERE",
}


def foreign_of(head: bytes) -> str | None:
    """What a file that begins like this is, if nothing here reads it; else None."""
    return next((what for magic, what in FOREIGN.items() if head.startswith(magic)), None)


def sound_of(head: bytes) -> str | None:
    """What kind of sound a file that begins like this is; None if it does not look like one."""
    if head[4:8] == b"ftyp":
        return "MP4"
    return next((kind for magic, kind in SOUNDS.items() if head.startswith(magic)), None)
