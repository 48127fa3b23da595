"""Lists of sounds: a path a line, a column of paths, tasks with `audio` or `path`."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tui_annotate.formats.decoding import decode_fields
from tui_annotate.formats.json_tasks import JSON
from tui_annotate.formats.records import Lines, Reader, Row, line_format
from tui_annotate.task.audio_names import task_name
from tui_annotate.task.task import Fields

COLUMNS = ("audio", "path", "file", "filename", "file_name", "wav", "wav_filename", "sound")
"""What the column with the sounds may be called."""

FIELDS = frozenset({"text", "transcript"})
"""Columns that become fields of the task; the others go into `meta`."""


def parse_sound(line: bytes) -> Fields | str:
    """Take a line of JSON as a task; without `audio`, its `path` is the sound."""
    return _with_audio(decode_fields(line))


def list_rows(lines: Lines) -> Iterator[Row]:
    """Take each line as the path of a sound; blank ones and comments are passed over."""
    for number, line in enumerate(lines, start=1):
        path = line.strip(b" \t\r\n\v\f")
        if path and not path.startswith(b"#"):
            yield number, {"audio": _listed(path)}


def json_rows(lines: Lines) -> Iterator[Row]:
    """Read a list of tasks; see `parse_sound`."""
    for line, item in JSON.rows(lines):
        yield line, _with_audio(item)


def _with_audio(item: Fields | str) -> Fields | str:
    if isinstance(item, dict) and "audio" not in item and isinstance(item.get("path"), str):
        return {"audio": item["path"], **item}
    return item


def _listed(path: bytes) -> str:
    try:
        return path.decode()
    except UnicodeDecodeError:
        return task_name(os.fsdecode(path))


SOUND_JSONL = line_format("JSONL", parse_sound, tasks=True)
SOUND_JSON = Reader("JSON", json_rows, tasks=True)
SOUND_LIST = Reader("list", list_rows)
