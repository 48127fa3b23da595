"""The course through the source: which task comes next, and which came before."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from tui_annotate.session.context import SessionContext
from tui_annotate.sources.stream import InvalidLine
from tui_annotate.task.task import Task


class TaskQueue:
    """Finds tasks around the one on the desk; opens none itself.

    Attributes:
        here: The position of what was opened last, or None before the first.
        skipped: Positions of what cannot be shown and was passed over.
        back_to: Where one goes on after decisions of before were reopened, or None.
        place: How many decisions lie before the one that is reopened, or None.
    """

    def __init__(self, context: SessionContext) -> None:
        self._stream = context.description.stream
        self._journal = context.journal
        self._by_input = context.settings.exclude_by == "input"
        # Before it, everything is decided.
        self._frontier = 0
        self.here: int | None = None
        self.skipped: set[int] = set()
        self.back_to: int | None = None
        self.place: int | None = None

    def undecided(self, position: int) -> tuple[int, Task | InvalidLine] | None:
        """The first task from a position on that is not decided, with where it stands."""
        while True:
            position = self._stream.skip(position, self._journal.decided)
            task = self._stream.read(position)
            if task is None:
                return None
            if isinstance(task, InvalidLine):
                if position not in self.skipped:
                    return position, task
            elif position not in self.skipped and not self._decided(task):
                return position, task
            position += 1

    def _decided(self, task: Task) -> bool:
        if self._journal.decided(task.id):
            return True
        return self._by_input and self._journal.decided_input(task.input_hash)

    def onward(self, start: int | None = None) -> tuple[int, Task | InvalidLine] | None:
        """The next undecided task from a position on, then from the beginning."""
        if start is None:
            start = self._frontier
        found = self.undecided(start)
        if found is None and start > self._frontier:
            found = self.undecided(self._frontier)
        elif found is not None and start <= self._frontier:
            self._frontier = found[0]
        return found

    def after_here(self) -> tuple[int, Task | InvalidLine] | None:
        """The next undecided task after the one on the desk, then from the beginning."""
        return self.undecided(self._behind + 1) or self.undecided(0)

    @property
    def _behind(self) -> int:
        return -1 if self.here is None else self.here

    def beside(self, by: int, *, at_end: bool) -> tuple[int, Task | InvalidLine] | None:
        """The task some places on, or back.

        Args:
            by: How many places.
            at_end: Whether one stands behind the last task.
        """
        position = (self._stream.known if at_end else self._behind) + by
        task = self._stream.read(position) if position >= 0 else None
        return None if task is None else (position, task)

    def before(self) -> Iterator[tuple[int, int, Task]]:
        """The tasks decided before, the newest first: number of the decision, position, task."""
        at = self._journal.decisions if self.place is None else self.place
        while at > 0:
            at -= 1
            task_id = self.decided_at(at)
            if task_id is None:
                continue
            position = self._stream.position_of(task_id)
            if position is None:
                # An earlier session may have decided it far ahead.
                position = self._stream.find(task_id, self._stream.known)
            if position is None:
                continue
            task = self._stream.read(position)
            if isinstance(task, Task):
                yield at, position, task

    def decided_at(self, number: int) -> str | None:
        """The task decided `number`-th; None where another program took its line away."""
        try:
            return self._journal.order(number)
        except LookupError:
            return None

    def find(self, query: str, cancelled: Event | None = None) -> int | None:
        """The position of a task by its number (from 1), by its text, or by a hash."""
        query = query.strip()
        if query.isascii() and query.isdigit() and len(query) < 10:
            position = int(query) - 1
            if position >= 0 and self._stream.read(position) is not None:
                return position
            if len(query) < 7:
                # Too short for a hash, and a text with this number is not what was asked for.
                return None
        found = self._stream.find(query, self._behind + 1, cancelled=cancelled)
        return self._stream.find(query, 0, cancelled=cancelled) if found is None else found
