"""Flags and comments: which tasks have them, whatever has become of those tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tui_annotate.store.journal import Journal


class Note(msgspec.Struct, frozen=True):
    """What was noted on a task.

    Attributes:
        flagged: Whether it is flagged.
        comment: The comment on it, or nothing.
    """

    flagged: bool = False
    comment: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Note:
        """What a task, a line or a draft says."""
        comment = fields.get("comment")
        return cls(fields.get("flagged") is True, comment if isinstance(comment, str) else "")


class Notes:
    """The notes on the tasks of a session at one moment.

    Args:
        journal: The decisions.
        drafts: What is kept of tasks that are not decided, by their ids.
    """

    def __init__(self, journal: Journal, drafts: Mapping[str, Mapping[str, Any]]) -> None:
        self._journal = journal
        self._known = {
            task_id: Note.of(line) for task_id, line in journal.with_field("flagged", "comment")
        }
        self._known.update((task_id, Note.of(draft)) for task_id, draft in drafts.items())

    def on(self, task_id: str, fields: Mapping[str, Any]) -> Note:
        """What is noted on a task: in its draft, else its line, else as it came.

        Args:
            task_id: The task.
            fields: The task as it came.
        """
        known = self._known.get(task_id)
        if known is not None:
            return known
        return Note() if self._journal.decided(task_id) else Note.of(fields)

    def saying(self, part: str) -> Callable[[str, Mapping[str, Any]], bool]:
        """Tells of a task, given as in `on`, whether a text in small letters is in its comment."""
        return lambda task_id, fields: part in self.on(task_id, fields).comment.casefold()
