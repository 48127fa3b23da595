"""Reading on through a sound without a seek after each block."""

from __future__ import annotations

import functools
from typing import Any


@functools.cache
def straight() -> Any:
    """Soundfile's ``SoundFile``, for reading on.

    It seeks after every read, to keep the place for writing. In MP3 and Vorbis,
    where libsndfile's seeking is not exact, the next block is wrong then; in
    FLAC it is slow.
    """
    import soundfile

    # What is not seekable is not sought, and has to be told how much to read.
    return type("Straight", (soundfile.SoundFile,), {"seekable": lambda self: False})
