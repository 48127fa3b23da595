"""Opening sounds with libsndfile, whatever they are called."""

from __future__ import annotations

import functools
import os
from typing import Any

from tui_annotate.audio.claims import claim_of
from tui_annotate.audio.parts import Part, PartFile


def opened(path: str, part: Part | None = None) -> Any:
    """A sound, as soundfile's ``SoundFile`` without its habit of seeking.

    soundfile seeks after every read, to keep the place for writing. In MP3 and
    Vorbis, where libsndfile's seeking is not exact, the next block is wrong then;
    in FLAC it is slow. Reads of what is opened here take a number of frames.

    Where the header says less than there is, all that is there is read.

    Args:
        path: The file; one that is named .raw is looked at as any other.
        part: The part of it to read; all of it by default.

    Raises:
        OSError: If it is not there.
        soundfile.SoundFileError: If it cannot be opened.
    """
    if part is None:
        part = _whole(path)
    if part is not None:
        return _straight()(PartFile(path, part))
    if path.lower().endswith(".raw"):
        return _straight()(os.open(path, os.O_RDONLY), closefd=True)
    return _straight()(os.fsencode(path))


def _whole(path: str) -> Part | None:
    """How a file is read whose header says too little; None for all others."""
    with open(path, "rb") as file:
        claim = claim_of(file, os.fstat(file.fileno()).st_size)
    return None if claim is None else claim.part


@functools.cache
def _straight() -> Any:
    import soundfile

    # What is not seekable is not sought, and has to be told how much to read.
    return type("Straight", (soundfile.SoundFile,), {"seekable": lambda self: False})
