"""What was done on tasks that are not decided, or not saved yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tui_annotate.session.context import SessionContext
from tui_annotate.session.item import Item


class DraftKeeper:
    """Hands drafts to their writer, and knows those that have not reached the disk."""

    def __init__(self, context: SessionContext) -> None:
        self._context = context
        self._unsaved: list[str] = []
        # What was done on tasks that were left undecided: a draft reaches the
        # disk a moment later, and the task may be open again before.
        self._shelved: dict[str, dict[str, Any]] = {}

    def save(self, item: Item) -> None:
        """Hand a task's state to the writer; it is on disk within 200 ms."""
        if item.editor is not None:
            journal = self._context.journal
            self._context.writer.schedule(
                item.task.id, item.draft(journal.decisions), journal.length
            )

    def shelve(self, item: Item | None) -> None:
        """A task is left, if any is open: what was done on it is kept."""
        if item is not None and item.dirty and item.editor is not None:
            self._shelved[item.task.id] = item.draft(self._context.journal.decisions)()
            self.save(item)

    def of(self, task_id: str) -> Mapping[str, Any] | None:
        """What is kept of a task, or None."""
        shelved = self._shelved.get(task_id)
        # The draft of a decision that is not saved yet is older than the decision.
        if shelved is not None or task_id in self._unsaved:
            return shelved
        return self._context.drafts.load(task_id)

    def newest(self) -> Iterator[tuple[str, int]]:
        """The tasks that were left since the last decision, the newest first: id and position."""
        for task_id in reversed(self._context.drafts.shelved()):
            state = self._context.drafts.load(task_id) or {}
            position = state.get("position")
            if state.get("decisions") == self._context.journal.decisions and isinstance(
                position, int
            ):
                yield task_id, position

    def decided(self, item: Item) -> None:
        """A task was decided: its draft goes as soon as the decision is saved."""
        self._unsaved.append(item.task.id)
        self._shelved.pop(item.task.id, None)
        item.dirty = False

    def saved(self, item: Item | None) -> None:
        """Drop the drafts of decisions that are on the medium by now.

        Args:
            item: The open task.
        """
        if self._context.journal.state != "saved":
            return
        while self._unsaved:
            task_id = self._unsaved.pop()
            self._context.writer.discard(task_id)
            # It may have been reopened and edited meanwhile.
            if (shelved := self._shelved.get(task_id)) is not None:
                self._context.writer.schedule(task_id, shelved, self._context.journal.length)
            if item is not None and item.dirty and item.task.id == task_id:
                self.save(item)
