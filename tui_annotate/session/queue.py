"""The queue: which task comes next, which came before, which is passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from threading import Event
from typing import Any, Protocol

import msgspec

from tui_annotate.session.notes import Note, Notes
from tui_annotate.session.run_settings import ExcludeBy
from tui_annotate.session.workload import Workload
from tui_annotate.sources.invalid import InvalidLine
from tui_annotate.sources.query import find, seek
from tui_annotate.sources.stream import Stream
from tui_annotate.store.journal import Journal
from tui_annotate.task.task import Task

LOOKED_AT = 200
"""How many tasks are looked at for those that come next: no key waits for a longer search."""


_NOTED: Mapping[str, Callable[[Note], object]] = {
    "flagged": lambda note: note.flagged,
    "comment": lambda note: note.comment,
}
"""What can be asked for of the notes on tasks."""


class Place(msgspec.Struct, frozen=True):
    """A place in the source, and what is there.

    Attributes:
        position: Where it is, from 0.
        task: The task, or what is wrong where there is none.
        decision: Which decision it was, counted from 0, where it is reopened in their order.
    """

    position: int
    task: Task | InvalidLine
    decision: int | None = None


class Queue(Protocol):
    """The order of the tasks; it opens none itself.

    Whoever opens a task tells it with `stand_at`.
    """

    @property
    def empty(self) -> bool:
        """Whether no task was found so far."""
        ...

    @property
    def passed_over(self) -> int:
        """How many places were passed over with `skip`."""
        ...

    def share(self, total: int | None) -> tuple[int, int] | None:
        """How many tasks are decided, of how many that will be asked; see `Workload.share`."""
        ...

    def alike(self, position: int) -> int:
        """How many tasks, as far as the source was read, are equal to the one at a position."""
        ...

    def ask_once(self, once: bool) -> None:
        """From now on only the first of equal tasks is asked, or each of them."""
        ...

    def stand_at(self, place: Place) -> None:
        """Take a place for the one that is open now."""
        ...

    def at(self, position: int) -> Place | None:
        """What is at a position; None past the end."""
        ...

    def next_undecided(self, start: int | None = None) -> Place | None:
        """The next place to decide from a position on, then from the beginning."""
        ...

    def following(self) -> Place | None:
        """The next place to decide behind the one that is open, then from the beginning."""
        ...

    def after_decision(self) -> Place | None:
        """Where to go on, once what is open is decided."""
        ...

    def previous(self) -> Place | None:
        """The task that was decided before; None where there is none."""
        ...

    def neighbour(self, by: int, *, at_end: bool = False) -> Place | None:
        """The place so many places on or back, decided or not.

        Args:
            by: How many places.
            at_end: Whether to count from the end of what is known.
        """
        ...

    def upcoming(self, count: int) -> Sequence[int]:
        """The positions of what will be shown next, up to some number.

        A task is not among them if it is decided or passed over, or if it will count as
        decided once an earlier task is.
        """
        ...

    def find(self, query: str, cancelled: Event | None = None) -> int | None:
        """The position of a task by its number (from 1), its text, its comment, or a hash.

        ``flagged`` finds the next one that is flagged, ``comment`` the next with a comment.

        Args:
            query: What to look for.
            cancelled: Set from another thread to give up.
        """
        ...

    def skip(self, position: int) -> None:
        """Pass over a place from now on."""
        ...

    def decision(self, number: int) -> Mapping[str, Any] | None:
        """The line of a decision, counted from 0; None where another program took it away."""
        ...


class TaskQueue:
    """The tasks of a source in its order, without those that are decided in the journal.

    Args:
        stream: The tasks.
        journal: The decisions.
        exclude_by: What counts as decided: the task, or any task with its input.
        once: Whether of equal tasks only the first is asked.
        drafts: Gives what is kept of tasks that are not decided, by their ids.
    """

    def __init__(
        self,
        stream: Stream,
        journal: Journal,
        exclude_by: ExcludeBy = "task",
        *,
        once: bool = False,
        drafts: Callable[[], Mapping[str, Mapping[str, Any]]] = dict,
    ) -> None:
        self._drafts = drafts
        self._exclude_by: ExcludeBy = exclude_by
        self._stream = stream
        self._journal = journal
        self._by_input = exclude_by == "input"
        # Before it, everything is decided.
        self._frontier = 0
        self._skipped: set[int] = set()
        # Where the open task is, and which decision it was, if it was reopened.
        self._here: int | None = None
        self._reopened: int | None = None
        # Where work goes on once the reopened decisions are made again.
        self._return_to: int | None = None
        self.ask_once(once)
        # The inputs of the tasks ahead, so that none is read again for its hash.
        self._inputs: dict[int, int | None] = {}

    @property
    def empty(self) -> bool:
        """Whether no task was found so far."""
        return self._stream.known == 0

    @property
    def passed_over(self) -> int:
        """How many places were passed over with `skip`."""
        return len(self._skipped)

    def share(self, total: int | None) -> tuple[int, int] | None:
        """How many tasks are decided, of how many that will be asked; see `Workload.share`."""
        return self._workload.share(total)

    def alike(self, position: int) -> int:
        """How many tasks, as far as the source was read, are equal to the one at a position."""
        return self._stream.alike(position)

    def ask_once(self, once: bool) -> None:
        """From now on only the first of equal tasks is asked, or each of them."""
        self._once = once
        # A million tasks may be skipped: not one step more than is needed.
        self._settled = self._is_settled if once else self._journal.decided
        self._frontier = 0
        self._workload = Workload(self._stream, self._journal, self._exclude_by, once=once)

    # ── where the annotator is ─────────────────────────────────────────────

    def stand_at(self, place: Place) -> None:
        """Take a place for the one that is open now."""
        if place.decision is not None and self._return_to is None:
            self._return_to = self._here
        self._here = place.position
        if isinstance(place.task, Task):
            self._reopened = place.decision

    @property
    def _behind(self) -> int:
        return -1 if self._here is None else self._here

    def at(self, position: int) -> Place | None:
        """What is at a position; None past the end."""
        task = self._stream.read(position)
        return None if task is None else Place(position, task)

    # ── onwards ────────────────────────────────────────────────────────────

    def next_undecided(self, start: int | None = None) -> Place | None:
        """The next place to decide from a position on, then from the beginning."""
        if start is None:
            start = self._frontier
        found = self._undecided(start)
        if found is None and start > self._frontier:
            found = self._undecided(self._frontier)
        elif found is not None and start <= self._frontier:
            self._frontier = found.position
        return found

    def following(self) -> Place | None:
        """The next place to decide behind the one that is open, then from the beginning."""
        self._return_to = None
        return self._undecided(self._behind + 1) or self._undecided(0)

    def after_decision(self) -> Place | None:
        """Where to go on, once what is open is decided."""
        self._workload.recheck(self._here)
        start, self._return_to = self._return_to, None
        return self.next_undecided(self._behind + 1 if start is None else start)

    def _undecided(self, position: int) -> Place | None:
        while True:
            position = self._stream.skip(position, self._settled)
            place = self.at(position)
            if place is None:
                return None
            if position not in self._skipped and not self._is_decided(place.task):
                return place
            position += 1

    def _is_settled(self, task_id: str) -> bool:
        """Whether a task is decided, or is equal to an earlier one and asked with it."""
        return self._journal.decided(task_id) or (self._once and "-" in task_id)

    def _is_decided(self, task: Task | InvalidLine) -> bool:
        if isinstance(task, InvalidLine):
            return False
        if self._is_settled(task.id):
            return True
        return self._by_input and self._journal.decided_input(task.input_hash)

    def upcoming(self, count: int) -> Sequence[int]:
        """The positions of what will be shown next, up to some number.

        A task is not among them if it is decided or passed over, or if it will count as
        decided once an earlier task is.
        """
        found: list[int] = []
        position, inputs = self._behind, dict[int, int | None]()
        # Of the tasks with one input only the first will be shown.
        taken = {self._input(position, inputs)} if self._by_input else set()
        for _ in range(LOOKED_AT):
            if len(found) == count:
                break
            position = self._stream.skip(position + 1, self._settled)
            if position >= self._stream.known:
                break
            if position in self._skipped:
                continue
            of_input = self._input(position, inputs) if self._by_input else None
            if of_input is not None:
                if of_input in taken or self._journal.decided_input(of_input):
                    continue
                taken.add(of_input)
            found.append(position)
        self._inputs = inputs
        return found

    def _input(self, position: int, inputs: dict[int, int | None]) -> int | None:
        """The hash of a task's input, noted in `inputs`; None for what is no task."""
        if position in self._inputs:
            found = self._inputs[position]
        else:
            task = self._stream.read(position)
            found = task.input_hash if isinstance(task, Task) else None
        inputs[position] = found
        return found

    # ── back and about ─────────────────────────────────────────────────────

    def previous(self) -> Place | None:
        """The task that was decided before; None where there is none."""
        number = self._journal.decisions if self._reopened is None else self._reopened
        while number > 0:
            number -= 1
            task_id = self._decided_at(number)
            if task_id is None:
                continue
            position = self._stream.position_of(task_id)
            if position is None:
                # An earlier session may have decided it far ahead.
                position = find(self._stream, task_id, self._stream.known)
            place = None if position is None else self.at(position)
            if place is not None and isinstance(place.task, Task):
                return Place(place.position, place.task, number)
        return None

    def neighbour(self, by: int, *, at_end: bool = False) -> Place | None:
        """The place so many places on or back, decided or not.

        Args:
            by: How many places.
            at_end: Whether to count from the end of what is known.
        """
        return self.at((self._stream.known if at_end else self._behind) + by)

    def find(self, query: str, cancelled: Event | None = None) -> int | None:
        """The position of a task by its number (from 1), its text, its comment, or a hash.

        Looks from the open task on, then from the beginning. May take a while in a long
        source; safe to call from another thread.

        Args:
            query: What to look for.
            cancelled: Set from another thread to give up.
        """
        query = query.strip()
        if query.isascii() and query.isdigit() and len(query) < 10:
            position = int(query) - 1
            if position >= 0 and self._stream.read(position) is not None:
                return position
            if len(query) < 7:
                # Too short for a hash, and a text with this number is not what was asked for.
                return None
        notes = Notes(self._journal, self._drafts())
        starts, part = (self._behind + 1, 0), query.casefold()
        found: Iterator[int | None] = iter(())
        if (noted := _NOTED.get(part)) is not None:
            found = (
                seek(self._stream, lambda *task: noted(notes.on(*task)), at, cancelled=cancelled)
                for at in starts
            )
        by_text = (
            find(self._stream, query, at, also=notes.saying(part), cancelled=cancelled)
            for at in starts
        )
        return next((at for at in chain(found, by_text) if at is not None), None)

    def skip(self, position: int) -> None:
        """Pass over a place from now on."""
        self._skipped.add(position)

    # ── decisions ──────────────────────────────────────────────────────────

    def decision(self, number: int) -> Mapping[str, Any] | None:
        """The line of a decision, counted from 0; None where another program took it away."""
        task_id = self._decided_at(number)
        return None if task_id is None else self._journal.last(task_id)

    def _decided_at(self, number: int) -> str | None:
        try:
            return self._journal.order(number)
        except LookupError:
            return None
