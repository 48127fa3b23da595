"""How much of a source is decided, over what a session will ask of it."""

from __future__ import annotations

from tui_annotate.session.run_settings import ExcludeBy
from tui_annotate.sources.stream import Stream
from tui_annotate.store.journal import Journal
from tui_annotate.task.task import Task

_STEP = 200
_STEP_READING = 40
"""How many tasks are looked at in one go, so that no key waits; fewer where each is read."""


class Workload:
    """Counts the tasks of a source that are decided, as far as the source was read.

    An output may hold decisions about other sources, and a task may need no decision of its
    own: lines of the output say nothing about either.

    Args:
        stream: The tasks.
        journal: The decisions.
        exclude_by: What counts as decided: the task, or any task with its input.
        once: Whether of equal tasks only the first is asked.
    """

    def __init__(
        self, stream: Stream, journal: Journal, exclude_by: ExcludeBy, *, once: bool = False
    ) -> None:
        self._once = once
        self._stream = stream
        self._journal = journal
        self._by_input = exclude_by == "input"
        self._looked_at = 0
        self._asked = 0
        self._decided = 0
        self._inputs: set[int] = set()
        self._open: set[int] = set()

    def share(self, total: int | None) -> tuple[int, int] | None:
        """How many tasks are decided, of how many; None where the number is not known.

        Args:
            total: How many tasks the source has.
        """
        if total is None:
            return None
        self._look_on()
        ahead = max(total - self._looked_at, 0)
        # Decisions that belong to none of the tasks seen so far are taken to lie ahead.
        elsewhere = min(max(self._journal.decisions - self._decided, 0), ahead)
        if self._stream.ended and self._looked_at >= self._stream.known:
            ahead = elsewhere = 0
        return self._decided + elsewhere, self._asked + ahead

    def recheck(self, position: int | None) -> None:
        """A position may have been decided since it was looked at."""
        if position in self._open and self._is_decided(position):
            self._open.discard(position)
            self._decided += 1

    def _look_on(self) -> None:
        step = _STEP_READING if self._by_input else _STEP
        for position in range(self._looked_at, min(self._looked_at + step, self._stream.known)):
            self._look_at(position)
            self._looked_at = position + 1

    def _look_at(self, position: int) -> None:
        task_id = self._stream.task_id(position)
        if task_id is None or (self._once and "-" in task_id):
            return
        if self._by_input:
            task = self._stream.read(position)
            if not isinstance(task, Task) or task.input_hash in self._inputs:
                return
            self._inputs.add(task.input_hash)
        self._asked += 1
        if self._is_decided(position):
            self._decided += 1
        else:
            self._open.add(position)

    def _is_decided(self, position: int) -> bool:
        task_id = self._stream.task_id(position)
        if task_id is not None and self._journal.decided(task_id):
            return True
        if not self._by_input:
            return False
        task = self._stream.read(position)
        return isinstance(task, Task) and self._journal.decided_input(task.input_hash)
