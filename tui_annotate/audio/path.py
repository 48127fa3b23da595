"""The file that the name of a sound leads to."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tui_annotate.store.digest import blake2b
from tui_annotate.task.audio_names import DATA_URI, SOUND_SUFFIXES, file_of_uri, is_sound_name

# Some 30 ms of file lookups at most, on a slow network disk, for a name without its suffix.
_TRIED = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a")
_SUFFIX_OF = {
    "mpeg": ".mp3",
    "mp3": ".mp3",
    "x-wav": ".wav",
    "wave": ".wav",
    "x-flac": ".flac",
    "mp4": ".m4a",
    "x-m4a": ".m4a",
}


def sound_path(fields: Mapping[str, Any], base: Path) -> Path:
    """The file of a task's sound, whether it is there or not.

    Unicode writes some letters in two ways, and lists of recordings leave the suffix
    away: where there is no file of the very name, one of those is taken; then one that the
    name leads to from the current folder or from the folder above, and last a file of that
    name in the folder itself.

    Args:
        fields: A task that `wrong_name` finds nothing wrong with.
        base: The folder that relative names count from.

    Raises:
        AnnotateError: The sound is within the task, and there is no room to put it aside.
    """
    name: str = fields["audio"]
    if name[:5].lower() == "data:":
        return _put_aside(name)
    plain = os.fsdecode(file_of_uri(name) or b"") if name[:5].lower() == "file:" else name
    path = base / plain
    if _is_there(path):
        return path
    # What a session wrote may lie elsewhere than the list that it read, and sounds move.
    elsewhere = (Path(plain), base.parent / plain, base / path.name)
    return next(filter(_is_there, (*_variants(base, plain), *elsewhere)), path)


def _variants(base: Path, name: str) -> Iterator[Path]:
    composed, apart = unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)
    spelled = list(dict.fromkeys((name, composed, apart)))
    yield from (base / one for one in spelled[1:])
    if not is_sound_name(name):
        yield from (base / (one + suffix) for one in spelled for suffix in _TRIED)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _put_aside(uri: str) -> Path:
    """Write a sound that stands in a task to a file of the cache, once."""
    from tui_annotate.audio.cache import Cache

    head = DATA_URI.match(uri)
    assert head is not None
    import base64

    data = base64.b64decode(uri[head.end() :])
    kind = (head[1] or "").lower()
    suffix = _SUFFIX_OF.get(kind, f".{kind}")
    name = blake2b(data, digest_size=16).hexdigest()
    cache = Cache()
    path = cache.folder / f"{name}.given{suffix if suffix in SOUND_SUFFIXES else ''}"
    if path.is_file() and path.stat().st_size == len(data):
        return path
    part = cache.begin(path)
    try:
        part.write_bytes(data)
    except OSError as error:
        raise cache.unwritable(error) from error
    cache.finish(part, path)
    return path
