"""Decisions of earlier versions, whose ids of tasks counted `meta` in, are found again."""

from __future__ import annotations

import contextlib

from tui_annotate.sources.source import Record
from tui_annotate.sources.stream import Stream
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.journal import Journal
from tui_annotate.task.task import Fields, earlier_id, input_hash, task_id


class EarlierIds:
    """Looks for each task of a source under the ids it may have had.

    A line is that of a task if the id in it comes out of the task with the `meta` of the task,
    or with that of the line: what is written to `meta` may have changed since. That is kept in
    mind in the session folder, for a task that is decided again has its new `meta` in its line.

    Args:
        journal: The decisions.
        stream: The tasks.
        folder: The session folder.
    """

    def __init__(self, journal: Journal, stream: Stream, folder: SessionFolder) -> None:
        self._journal = journal
        self._stream = stream
        self._path = folder.ids

    def take(self, position: int, fields: Fields) -> None:
        """Take in a task of the source."""
        journal, now = self._journal, self._stream.task_id(position)
        if now is None or journal.decided(now):
            return
        own, occurrence = earlier_id(fields), int(now.partition("-")[2] or 1)
        for number in range(1, occurrence + 1):
            if self._is_free(written := task_id(own, number)):
                journal.know_as(now, written)
                return
        for line in journal.with_input(input_hash(fields)):
            written = str(line.get("_task_id"))
            is_same = written.partition("-")[0] == task_id(earlier_id(fields, line))
            if is_same and self._is_free(written):
                journal.know_as(now, written)
                with contextlib.suppress(OSError), self._path.open("a", encoding="ascii") as file:
                    file.write(f"{now} {written}\n")
                return

    def _is_free(self, written: str) -> bool:
        return self._journal.decided(written) and not self._journal.is_known_as(written)


def recognise(journal: Journal, stream: Stream, folder: SessionFolder) -> None:
    """Have the lines of earlier versions found by the ids that their tasks have now.

    Args:
        journal: The decisions.
        stream: The tasks.
        folder: The session folder; its file `ids` says first how long the output was when a
            version opened it that gives the ids of today: there may be lines of another one.
    """
    try:
        first, *known = folder.ids.read_text("ascii").splitlines()
        earlier = int(first)
    except (OSError, ValueError):
        earlier, known = journal.length, []
        with contextlib.suppress(OSError):
            folder.ids.write_text(f"{earlier}\n", "ascii")
    for line in known:
        now, _, written = line.partition(" ")
        if journal.decided(written):
            journal.know_as(now, written)
    if not earlier or not journal.decisions:
        return
    take = EarlierIds(journal, stream, folder).take
    for position in range(stream.known):
        if isinstance(record := stream.record(position), Record):
            take(position, record.fields)
    stream.follower = take
