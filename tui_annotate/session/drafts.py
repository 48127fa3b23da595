"""What was done on tasks that are not decided, or not saved yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import msgspec

from tui_annotate.session.context import SessionContext
from tui_annotate.session.item import Item
from tui_annotate.sources.stream import Stream
from tui_annotate.task.task import Task, earlier_id, input_id, task_id
from tui_annotate.wording import shown_path

LOOKED_AHEAD = 1000
"""How many tasks further on than before one is looked for, before it counts as gone."""


class LeftDraft(msgspec.Struct, frozen=True):
    """A draft that earlier sessions have left.

    Attributes:
        task_id: Whose draft it is.
        input: The `input_id` of that task; empty where an earlier version wrote it.
        text: Its text, where that was kept.
        position: Where the task stood in the source.
        latest: Whether nothing was decided since.
    """

    task_id: str
    input: str
    text: str
    position: int
    latest: bool


class DraftKeeper:
    """Hands drafts to their writer, and knows those that have not reached the disk."""

    def __init__(self, context: SessionContext) -> None:
        self._context = context
        self._unsaved: list[str] = []
        # What was done on tasks that were left undecided: a draft reaches the
        # disk a moment later, and the task may be open again before.
        self._shelved: dict[str, dict[str, Any]] = {}
        self._open: Item | None = None
        self._left = {one.task_id: one for one in self._left_before()}

    def _left_before(self) -> Iterator[LeftDraft]:
        decisions = self._context.journal.decisions
        for draft in self._context.drafts.all():
            known, text = draft.state.get("input"), draft.state.get("text")
            position = draft.state.get("position")
            yield LeftDraft(
                draft.task_id,
                known if isinstance(known, str) else "",
                text if isinstance(text, str) else "",
                position if type(position) is int and position >= 0 else 0,
                draft.state.get("decisions") == decisions,
            )

    def all(self) -> Mapping[str, Mapping[str, Any]]:
        """What is kept of tasks that are not decided, by their ids."""
        found: dict[str, Mapping[str, Any]] = {}
        for left in list(self._left):
            draft = self._context.drafts.load(left)
            if draft is not None:
                found[left] = draft
        found.update(self._shelved)
        if self._open is not None and self._open.dirty:
            item = self._open
            found[item.task.id] = {"flagged": item.flagged, "comment": item.comment}
        return found

    def save(self, item: Item) -> None:
        """Hand a task's state to the writer; it is on disk within 200 ms."""
        self._open = item
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

    def take_up(self, item: Item) -> None:
        """Take up what is kept of a task that is about to be opened."""
        task, drafts = item.task, self._context.drafts
        draft = self._of(task)
        item.take_up(draft)
        if draft is None and drafts.unreadable(task.id):
            aside = drafts.set_aside(task.id)
            if aside is not None:
                beside = aside.relative_to(self._context.journal.path.parent)
                item.remarks = (f"its draft cannot be read and is kept in {shown_path(beside)}",)

    def _of(self, task: Task) -> Mapping[str, Any] | None:
        """What is kept of a task, or None."""
        shelved = self._shelved.get(task.id)
        # The draft of a decision that is not saved yet is older than the decision.
        if shelved is not None or task.id in self._unsaved:
            return shelved
        found = self._context.drafts.load(task.id)
        if found is None and (before := self._before(task)) is not None:
            self._context.drafts.adopt(before, task.id)
            del self._left[before]
            found = self._context.drafts.load(task.id)
        return found

    # ── drafts whose task has another id now ───────────────────────────────

    def _before(self, task: Task) -> str | None:
        """The id under which there is a draft of a task that has changed since; None for none."""
        if not self._left or self._context.journal.decided(task.id):
            return None
        earlier = _earlier_id(task)
        if earlier in self._left:
            return earlier
        known = input_id(task.fields)
        alike = [one for one in self._left.values() if one.input == known]
        if alike and not self._is_only_one(task, known):
            # Of several tasks about one text each has its own.
            alike = [one for one in alike if one.position == task.position]
        return next((one.task_id for one in reversed(alike) if self.is_gone(one.task_id)), None)

    def _is_only_one(self, task: Task, known: str) -> bool:
        """Whether no other task near by is about the same text or sound."""
        stream: Stream = self._context.description.stream
        first, last = max(task.position - LOOKED_AHEAD, 0), task.position + LOOKED_AHEAD
        for position in range(first, min(last, stream.known)):
            other = stream.read(position) if position != task.position else None
            if isinstance(other, Task) and input_id(other.fields) == known:
                return False
        return True

    def is_gone(self, task_id: str) -> bool:
        """Whether no task of the source has an id that a draft or a decision is kept under."""
        stream = self._context.description.stream
        if stream.position_of(task_id) is None and not stream.ended:
            left = self._left.get(task_id)
            stream.task_id((stream.known if left is None else left.position) + LOOKED_AHEAD)
        return stream.position_of(task_id) is None

    def texts(self) -> Iterator[tuple[str, str]]:
        """The tasks of drafts that earlier sessions have left, and their texts."""
        for one in list(self._left.values()):
            if one.text:
                yield one.task_id, one.text

    def adopt(self, task_id: str, item: Item) -> None:
        """Take up what was done on another task, which is not there any more."""
        self._context.drafts.adopt(task_id, item.task.id)
        self._left.pop(task_id, None)
        self.take_up(item)

    def notices(self) -> Iterator[str]:
        """What to say of drafts whose task is in the source no more, as far as it was read."""
        stream: Stream = self._context.description.stream
        gone = {id: one for id, one in self._left.items() if stream.position_of(id) is None}
        if not gone or not stream.ended:
            return
        here: set[str] = set()
        for task in map(stream.read, range(stream.known)):
            if isinstance(task, Task):
                here |= {input_id(task.fields), _earlier_id(task)}
        count = sum(id not in here and one.input not in here for id, one in gone.items())
        if count:
            are = "draft is" if count == 1 else "drafts are"
            yield f"{count:,} earlier {are} of tasks that are not in this source; kept."

    def newest(self) -> int | None:
        """The position of the task that was left last, if nothing was decided since."""
        stream: Stream = self._context.description.stream
        for left in reversed(self._left.values()):
            if not left.latest:
                continue
            if not self.is_gone(left.task_id):
                return stream.position_of(left.task_id)
            # It has another id now.
            for position in chain([left.position], range(stream.known)):
                task = stream.read(position)
                if isinstance(task, Task) and (
                    _earlier_id(task) == left.task_id
                    or (left.input and input_id(task.fields) == left.input)
                ):
                    return position
        return None

    # ── decisions ──────────────────────────────────────────────────────────

    def decided(self, item: Item) -> None:
        """A task was decided: its draft goes as soon as the decision is saved."""
        self._unsaved.append(item.task.id)
        self._shelved.pop(item.task.id, None)
        self._left.pop(item.task.id, None)
        item.dirty = False

    def saved(self, item: Item | None) -> None:
        """Drop the drafts of decisions that are on the medium by now.

        Args:
            item: The open task.
        """
        if self._context.renewed.is_set():
            self._renew(item)
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

    def _renew(self, item: Item | None) -> None:
        """The session folder was deleted: put into the new one what is known of it."""
        context, journal = self._context, self._context.journal
        context.renewed.clear()
        context.labels.save()
        for left, state in self._shelved.items():
            context.writer.schedule(left, state, journal.length)
        here = set() if item is None else {item.task.id}
        if item is not None and (item.dirty or item.drafted is not None):
            self.save(item)
        lost = len(self._left.keys() - self._shelved.keys() - here)
        drafts = (
            f"; {lost} draft{'s' * (lost != 1)} of earlier sessions went with it" if lost else ""
        )
        journal.messages.append(f"The session folder was deleted and is made anew{drafts}.")


def _earlier_id(task: Task) -> str:
    """The id that earlier versions gave to a task."""
    occurrence = task.id.partition("-")[2]
    return task_id(earlier_id(task.fields), int(occurrence or 1))
