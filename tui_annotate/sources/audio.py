"""From what a user names as the source of sounds to the source."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from stat import S_ISREG

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.formats.json_tasks import JSONL_SUFFIXES
from tui_annotate.formats.table import SUFFIXES as TABLE_SUFFIXES
from tui_annotate.sources.folders import matching, walked
from tui_annotate.sources.lines import open_file
from tui_annotate.sources.magic import sound_of
from tui_annotate.sources.opening import (
    SNIFFED,
    missing,
    name_parts,
    open_source,
    unreadable,
)
from tui_annotate.sources.soundfiles import SoundFiles
from tui_annotate.sources.source import Record, Source
from tui_annotate.task.audio_names import SOUND_SUFFIXES, is_sound_name
from tui_annotate.wording import shown_path

LIST_SUFFIXES = frozenset({".txt", ".lst", ".list"})
ASKED = 20
"""How many lines of a list have to be no sound before it is taken for a text."""


def open_sounds(spec: str, *, text_column: str | None = None, encoding: str = "utf-8") -> Source:
    """Open what a user named as the source of sounds; no sound is read yet.

    A file of sound; a folder, for the sounds in it and below, in sorted order; a pattern
    such as ``calls/*.wav``; a list with a path a line, a table or JSONL that names sounds,
    relative to its own place; ``-`` for such a list on the standard input.

    Args:
        spec: What the user named.
        text_column: The column of a table that holds the paths.
        encoding: What a list is encoded in.

    Raises:
        AnnotateError: It is no file that can be read, or holds no sound.
        UsageError: There is no such file, or it is one for a recipe for text.
    """
    if spec == "-" or not spec:
        return _listed(spec, text_column, encoding)
    path = Path(spec)
    try:
        status = path.stat()
    except FileNotFoundError:
        if glob.has_magic(spec):
            return _pattern(spec)
        raise missing(path) from None
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if path.is_dir():
        return _folder(path, spec)
    suffix = name_parts(path)[1]
    if S_ISREG(status.st_mode) and not _is_list_name(suffix):
        try:
            with open_file(path) as stream:
                head = stream.read(SNIFFED)
        except OSError as error:
            raise unreadable(path, error) from error
        if suffix in SOUND_SUFFIXES or sound_of(head):
            shown = shown_path(path.name)
            return SoundFiles(shown, shown_path(path.stem), path, lambda: iter([spec]))
    source = _listed(spec, text_column, encoding)
    if suffix in LIST_SUFFIXES or not _is_list_name(suffix):
        _refuse_text(_listed(spec, text_column, encoding), shown_path(spec))
    return source


def _listed(spec: str, text_column: str | None, encoding: str) -> Source:
    return open_source(spec, text_column=text_column, encoding=encoding, sounds=True)


def _is_list_name(suffix: str) -> bool:
    named = suffix in JSONL_SUFFIXES or suffix in TABLE_SUFFIXES or suffix in LIST_SUFFIXES
    return named or suffix == ".json"


def _folder(path: Path, spec: str) -> Source:
    own = shown_path(path.resolve().name) or "folder"
    source = SoundFiles(own, own, path, partial(_sounds_below, spec))
    if source.total() == 0:
        raise AnnotateError(
            "the folder holds no audio files",
            where=shown_path(spec),
            do="put WAV, FLAC, OGG, Opus or MP3 files there",
        )
    return source


def _sounds_below(folder: str) -> Iterator[str]:
    """The sounds of a folder and those below it in sorted order, hidden ones left out."""
    for top, _, files in walked(folder):
        for file in files:
            if is_sound_name(file):
                yield os.path.normpath(os.path.join(top, file))


def _pattern(spec: str) -> Source:
    files = matching(spec)
    sounds = [file for file in files if is_sound_name(file)]
    shown = shown_path(spec)
    if not sounds:
        held = f"none of the {len(files)} files it matches is an audio file" if files else "no file"
        raise UsageError(
            f"the pattern matches {held}" if not files else held,
            where=shown,
            do="match WAV, FLAC, OGG, Opus or MP3 files",
        )
    plain = next((part for part in Path(spec).parts[:-1][::-1] if not glob.has_magic(part)), "")
    stem = shown_path(plain.strip("/.")) or "sounds"
    return SoundFiles(shown, stem, None, lambda: iter(sounds))


def _refuse_text(source: Source, shown: str) -> None:
    """Refuse a text in which no line names a sound; a list of sounds that are gone is one."""
    try:
        first = [one for one in islice(source.records(), ASKED) if isinstance(one, Record)]
        for one in first:
            name = one.fields.get("audio")
            if not isinstance(name, str) or is_sound_name(name):
                return
            if (source.base(one.path) / name).exists() or " " not in name.strip():
                return
    except (OSError, ValueError):
        return
    finally:
        source.close()
    if first:
        raise UsageError(
            "no line names an audio file, and this recipe is for audio",
            where=shown,
            do="use a recipe for text such as ner.manual, or give one path per line",
        )
