"""Decided sounds that have another path now: known by what they hold, and not asked again."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from typing import Any

from tui_annotate.errors import AnnotateError
from tui_annotate.sources.stream import Stream
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.journal import Journal
from tui_annotate.task.audio_names import short_name
from tui_annotate.task.task import Fields, Task
from tui_annotate.wording import printable

MOST = 10_000
"""So many of the newest decisions are looked through."""

_NAMED = 2
_CLOSELY = 5.0
"""Seconds between two sounds that are found, and told of in one sentence."""

Key = tuple[str, Any, Any, Any]


class MovedSounds:
    """Looks for the sound of each undecided task among those of decisions that have no task.

    Args:
        journal: The decisions.
        stream: The tasks.
        folder: The session folder, whose file `ids` keeps what was found.

    """

    def __init__(self, journal: Journal, stream: Stream, folder: SessionFolder) -> None:
        self._journal = journal
        self._stream = stream
        self._ids = folder.ids
        self._contents: dict[str, str] = {}
        self._decided = self._without_task()
        self._found: list[tuple[str, str]] = []
        self._said: str | None = None
        self._said_at = 0.0

    def _without_task(self) -> dict[Key, str]:
        """The ids of decisions whose task was not met so far, by what their sound holds."""
        journal, stream = self._journal, self._stream
        here = sum(journal.decided(one) for n in range(stream.known) if (one := stream.task_id(n)))
        found: dict[Key, str] = {}
        if here == journal.decisions:
            return found
        for number in range(max(journal.decisions - MOST, 0), journal.decisions):
            try:
                task_id = journal.order(number)
            except LookupError:
                continue
            if stream.position_of(task_id) is not None:
                continue
            line = journal.last(task_id)
            if line is not None and (content := self._content_of(line)) is not None:
                # Of a sound that moved before, the id is still the one in the file.
                found[_key(content, line)] = str(line["_task_id"])
        return found

    def _content_of(self, line: Mapping[str, Any]) -> str | None:
        """What the sound of a decision holds; of old lines only while the file is still there."""
        content, path = line.get("_sound_hash"), line.get("path") or line.get("audio")
        if isinstance(content, str):
            return content
        return self._content(path) if isinstance(path, str) and path[:5] != "data:" else None

    def _content(self, path: str) -> str | None:
        from tui_annotate.audio.content import fingerprint

        if path not in self._contents:
            try:
                self._contents[path] = fingerprint(path)
            except (OSError, ValueError):
                return None
        return self._contents[path]

    def take(self, position: int, fields: Fields) -> None:
        """Take in a task of the source: it may be a decided sound by another path."""
        now = self._stream.task_id(position)
        if not self._decided or now is None or self._journal.decided(now):
            return
        task = self._stream.read(position)
        if not isinstance(task, Task):
            return
        try:
            path = self._stream.locate(task).decode("utf-8", "surrogateescape")
        except AnnotateError:
            return
        content = self._content(path)
        written = None if content is None else self._decided.pop(_key(content, fields), None)
        if written is None:
            return
        line = self._journal.last(written) or {}
        self._journal.know_as(now, written)
        with contextlib.suppress(OSError), self._ids.open("a", encoding="ascii") as file:
            file.write(f"{now} {written}\n")
        if time.monotonic() - self._said_at > _CLOSELY:
            self._found, self._said = [], None
        self._found.append((str(line.get("audio")), task.subject))
        self.tell()

    def tell(self) -> None:
        """Say which sounds were found; those that follow each other closely in one sentence."""
        messages, said = self._journal.messages, self._sentence()
        self._said_at = time.monotonic()
        if self._said is not None and messages[-1:] == [self._said]:
            messages[-1] = said
        else:
            messages.append(said)
        self._said = said

    def _sentence(self) -> str:
        found = self._found
        pairs = [f"{_shown(was, now)} is now {_shown(now, was)}" for was, now in found[:_NAMED]]
        more = f", and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
        listed = "; ".join(pairs)
        if len(found) == 1:
            return f"1 recording is decided by another path; it is not asked again: {listed}."
        by = f"{len(found):,} recordings are decided by other paths"
        return f"{by}; they are not asked again: {listed}{more}."


def _key(content: str, fields: Mapping[str, Any]) -> Key:
    """A sound, or the window or channel of it that a task is about."""
    chunk = fields.get("chunk")
    start, end = (chunk.get("start"), chunk.get("end")) if isinstance(chunk, dict) else (None, None)
    return content, start, end, fields.get("channel")


def _shown(name: str, other: str) -> str:
    """A name, as short as tells it from the other one."""
    short = short_name(name)
    return printable(short if short != short_name(other) else name)


def find_moved_sounds(journal: Journal, stream: Stream, folder: SessionFolder) -> None:
    """Have decided sounds found that have another path in this source, and say which.

    Args:
        journal: The decisions.
        stream: The tasks.
        folder: The session folder.
    """
    if not journal.decisions:
        return
    moved, before = MovedSounds(journal, stream, folder), stream.follower

    def take(position: int, fields: Fields) -> None:
        if before is not None:
            before(position, fields)
        moved.take(position, fields)

    for position in range(stream.known):
        task = stream.read(position)
        if isinstance(task, Task):
            moved.take(position, task.fields)
    stream.follower = take
