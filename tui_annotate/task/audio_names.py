"""Names of sounds, as tasks have them.

A name is a path, relative to the file that the task is in, or absolute. What
cannot be said in UTF-8, or would be taken for an address, is a ``file:`` URI:
the one form in which any file name can be written down and read back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
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

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
DATA_URI = re.compile(r"data:(?:[\w.+-]+/([\w.+-]+))?(?:;[\w.+-]+=[^;,]*)*(;base64)?,", re.ASCII)


def is_sound_name(name: str) -> bool:
    """Whether a name ends as those of sounds do."""
    return os.path.splitext(name)[1].lower() in SOUND_SUFFIXES


def task_name(path: str) -> str:
    """Write down the path of a file, as the `audio` of a task.

    Args:
        path: As Python spells it, undecodable bytes as lone surrogates.

    Returns:
        The path itself where that can be; `audio.path.sound_path` leads back from either.
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
        path = (file_of_uri(name) or name.encode()).decode("utf-8", "backslashreplace")
    return path.rstrip("/").rpartition("/")[2]


def wrong_name(fields: Mapping[str, Any]) -> str | None:
    """Say why the `audio` of a task names no file; None if it does."""
    name: str = fields["audio"]
    if not name.strip():
        return '"audio" is empty'
    if "\0" in name:
        return f"the name of the recording has a NUL at character {name.index(chr(0))}"
    try:
        name.encode()
    except UnicodeEncodeError as error:
        return f"the name of the recording has a lone surrogate at character {error.start}"
    if name[:5].lower() == "data:":
        return _wrong_data(name)
    if name[:5].lower() == "file:":
        return None if file_of_uri(name) else f"{quoted(name)} names no file of this machine"
    if _SCHEME.match(name) and "//" in name[:12]:
        return f"{quoted(name)} is an address, not a file; fetch it first"
    return None


def file_of_uri(uri: str) -> bytes | None:
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
    import base64

    head = DATA_URI.match(uri)
    if head is None or not head[2]:
        return "the audio within the task is not base64 data"
    try:
        base64.b64decode(uri[head.end() :], validate=True)
    except ValueError:
        return "the audio within the task is broken base64 data"
    return None
