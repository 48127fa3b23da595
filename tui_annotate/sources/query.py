"""What somebody looks for in a stream: a text, a hash."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from tui_annotate.sources.source import Record
from tui_annotate.sources.stream import Stream
from tui_annotate.task.task import Fields, input_hash, task_hash

Wanted = Callable[[str, Fields], object]
"""Whether a task, given by its id and as it came, is what somebody looks for."""


def find(
    stream: Stream,
    text: str,
    start: int,
    *,
    also: Wanted = lambda task_id, fields: False,
    cancelled: Event | None = None,
) -> int | None:
    """Look for a task by its id, by a hash, or by a part of its text, letter case aside.

    Args:
        stream: Where to look.
        text: What to look for.
        start: The position to begin at; the search reads on to the end of the source.
        also: What else makes a task the one that is meant.
        cancelled: Set from another thread to give up.

    Returns:
        Its position; None where there is none.
    """
    wanted = Query(text)
    if not wanted.text:
        return None
    if (seen := stream.position_of(wanted.text)) is not None:
        return seen

    def fits(task_id: str, fields: Fields) -> object:
        return wanted.fits(fields) or task_id == wanted.text or also(task_id, fields)

    return seek(stream, fits, start, cancelled=cancelled)


def seek(
    stream: Stream, wanted: Wanted, start: int, *, cancelled: Event | None = None
) -> int | None:
    """The position of the first task from one on that is wanted; see `find`."""
    position = start
    while not (cancelled and cancelled.is_set()):
        record = stream.record(position)
        if record is None:
            return None
        if isinstance(record, Record) and wanted(stream.task_id(position) or "", record.fields):
            return position
        position += 1
    return None


class Query:
    """A part of a text, or a hash.

    Args:
        text: As it was typed.
    """

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self._folded = self.text.casefold()
        self._number = _number(self.text)

    def fits(self, fields: Fields) -> bool:
        """Whether a task has it, letter case aside."""
        found = (fields.get(name) for name in ("text", "audio", "transcript"))
        if self._folded in "\n".join(str(one) for one in found if one).casefold():
            return True
        return self._number is not None and self._number in (input_hash(fields), task_hash(fields))


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
