"""Names of sounds: what stands in a task, and the file that it names.

A name is a path, relative to the file that the task is in, or absolute. What
cannot be said in UTF-8, or would be taken for an address, is a ``file:`` URI:
the one form in which any file name can be written down and read back.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from tui_annotate.wording import quoted

SOUND_SUFFIXES = frozenset(
    f".{suffix}"
    for suffix in (
        *("wav", "wave", "flac", "ogg", "oga", "opus", "spx", "mp3", "mp2", "mpga"),
        *("aif", "aiff", "aifc", "au", "snd", "caf", "w64", "rf64", "sph", "nist", "voc"),
        *("m4a", "m4b", "aac", "mp4", "mov", "3gp", "webm", "mka", "mkv", "wma", "amr"),
        *("ac3", "ape", "tta", "wv"),
    )
)
"""The ends of names that are taken for sounds where nothing else tells."""

# Some 30 ms of file lookups at most, on a slow network disk, for a name without its suffix.
_TRIED = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a")

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DATA = re.compile(r"data:(?:[\w.+-]+/([\w.+-]+))?(?:;[\w.+-]+=[^;,]*)*(;base64)?,", re.ASCII)
_SUFFIX_OF = {
    "mpeg": ".mp3",
    "mp3": ".mp3",
    "x-wav": ".wav",
    "wave": ".wav",
    "x-flac": ".flac",
    "mp4": ".m4a",
    "x-m4a": ".m4a",
}


def is_sound_name(name: str) -> bool:
    """Whether a name ends as those of sounds do."""
    return os.path.splitext(name)[1].lower() in SOUND_SUFFIXES


def task_name(path: str) -> str:
    """Write down the path of a file, as the `audio` of a task.

    Args:
        path: As Python spells it, undecodable bytes as lone surrogates.

    Returns:
        The path itself where that can be; `sound_path` leads back from either.
    """
    try:
        path.encode()
    except UnicodeEncodeError:
        return "file://" + quote(os.fsencode(os.path.abspath(path)))
    return f"./{path}" if _SCHEME.match(path) else path


def short_name(name: str) -> str:
    """What to call a sound in a few words, given the `audio` of its task: its file's own name."""
    if name[:5].lower() == "data:":
        return "(within the task)"
    path = name
    if name[:5].lower() == "file:":
        path = (_of_uri(name) or name.encode()).decode("utf-8", "backslashreplace")
    return path.rstrip("/").rpartition("/")[2]


def wrong_name(fields: Mapping[str, Any]) -> str | None:
    """Say why the `audio` of a task names no file; None if it does."""
    name: str = fields["audio"]
    if not name.strip():
        return '"audio" is empty'
    if "\0" in name:
        return f"the name of the sound has a NUL at character {name.index(chr(0))}"
    try:
        name.encode()
    except UnicodeEncodeError as error:
        return f"the name of the sound has a lone surrogate at character {error.start}"
    if name[:5].lower() == "data:":
        return _wrong_data(name)
    if name[:5].lower() == "file:":
        return None if _of_uri(name) else f"{quoted(name)} names no file of this machine"
    if _SCHEME.match(name) and "//" in name[:12]:
        return f"{quoted(name)} is an address, not a file; fetch it first"
    return None


def sound_path(fields: Mapping[str, Any], base: Path) -> Path:
    """The file of a task's sound, whether it is there or not.

    Unicode writes some letters in two ways, and lists of recordings leave the suffix
    away: where there is no file of the very name, one of those is taken; then one that the
    name leads to from the current folder.

    Args:
        fields: A task that `wrong_name` finds nothing wrong with.
        base: The folder that relative names count from.

    Raises:
        AnnotateError: The sound is within the task, and there is no room to put it aside.
    """
    name: str = fields["audio"]
    if name[:5].lower() == "data:":
        return _put_aside(name)
    plain = os.fsdecode(_of_uri(name) or b"") if name[:5].lower() == "file:" else name
    path = base / plain
    if _is_there(path):
        return path
    # What a session wrote may lie elsewhere than the list that it read.
    return next(filter(_is_there, (*_variants(base, plain), Path(plain))), path)


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


def _of_uri(uri: str) -> bytes | None:
    """The file that a ``file:`` URI names, if it is one of this machine."""
    rest = uri[5:].partition("#")[0]
    if rest.startswith("//"):
        host, slash, rest = rest[2:].partition("/")
        if not slash or host.lower() not in ("", "localhost"):
            return None
        rest = "/" + rest
    found = unquote_to_bytes(rest)
    return found if found and b"\0" not in found else None


def _wrong_data(uri: str) -> str | None:
    head = _DATA.match(uri)
    if head is None or not head[2]:
        return "the sound within the task is not base64 data"
    try:
        base64.b64decode(uri[head.end() :], validate=True)
    except (binascii.Error, ValueError):
        return "the sound within the task is broken base64 data"
    return None


def _put_aside(uri: str) -> Path:
    """Write a sound that stands in a task to a file of the cache, once."""
    from tui_annotate.audio.cache import Cache

    head = _DATA.match(uri)
    assert head is not None
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
