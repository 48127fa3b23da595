"""A source as numbered tasks: read ahead lazily, reread at will."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import RLock
from typing import Any, Self

from msgspec.structs import replace

from tui_annotate.audio.path import sound_path
from tui_annotate.errors import AnnotateError
from tui_annotate.sources.expected import Expected
from tui_annotate.sources.index import FileRuns, PositionIndex
from tui_annotate.sources.invalid import InvalidLine, refusal
from tui_annotate.sources.source import CHANGED, Invalid, Record, Source
from tui_annotate.sources.transformed import (
    Trail,
    Transform,
    TransformedSource,
    filtered,
    flat_mapped,
    generated,
    mapped,
    ordered,
    taken,
)
from tui_annotate.task.incoming import SPANS, Fault, Incoming, Medium
from tui_annotate.task.task import Fields, Origin, Task, own_id, task_id
from tui_annotate.text.tokens import wrong_tokens

HEAD = 1000
COMPLETED_AHEAD = 200
"""Of so many tasks at the beginning everything is looked at before the session opens."""

WARNINGS_KEPT = 100
NOTHING_WRONG: Sequence[Fault] = ()


class Stream:
    """The tasks of a source, by position.

    Positions are given in the order of the source, from 0; what was seen costs some 40 bytes
    a task. May be used from several threads.

    Args:
        source: Where the tasks come from.
        labels: The labels on offer; none to take those that come with the tasks.
        keep_labels: Let spans pass whose label is not on offer.
        skip_invalid: Leave out what cannot be used, and count it.
        carried: Which of a task's fields hold the labels; spans, if nobody says otherwise.
        medium: What its tasks are made of; text, if nobody says otherwise.
        trail: Where a generator that reads the tasks is; one for all streams of a recipe.
        mapping: What labels that come with the tasks are called here, by their own name.

    A recipe may iterate over it, which gives tasks as dicts, and make another of it with
    `filter`, `map`, `flat_map`, `sort`, `take` and `made_of`, before any is read.

    Attributes:
        source: Where the tasks come from.
        expected: What its tasks may come with, and what those read so far came with.
        ended: The whole source was read.
        skipped: How many invalid lines were left out so far.
        warnings: The first hundred things that are odd but usable.
        follower: Told of every task as it is read: its position and its fields.
    """

    def __init__(
        self,
        source: Source,
        *,
        labels: Sequence[str] = (),
        keep_labels: bool = False,
        skip_invalid: bool = False,
        carried: Incoming = SPANS,
        medium: Medium = "text",
        trail: Trail | None = None,
        mapping: Mapping[str, str] | None = None,
    ) -> None:
        self.source = source
        self.expected = Expected(
            carried=carried,
            medium=medium,
            labels=tuple(labels),
            keep_labels=keep_labels,
            mapping=mapping or {},
        )
        self.skip_invalid = skip_invalid
        self.ended = False
        self.skipped = 0
        self.warnings: list[str] = []
        self._index = PositionIndex()
        self._records: Iterator[Record | Invalid] | None = None
        self._trail = trail or Trail(source.name)
        self._files = FileRuns()
        # What is wrong with the record taken in last.
        self._found = NOTHING_WRONG
        self.follower: Callable[[int, Fields], None] | None = None
        self._failure: AnnotateError | None = None
        self._lock = RLock()

    @property
    def known(self) -> int:
        """How many positions were seen so far."""
        return len(self._index)

    def expecting(
        self,
        carried: Incoming,
        medium: Medium,
        labels: Sequence[str] = (),
        mapping: Mapping[str, str] | None = None,
    ) -> Self:
        """A stream of the same source for tasks that are like this; before any is read.

        Args:
            carried: Which of a task's fields hold the labels.
            medium: What its tasks are made of.
            labels: The labels on offer; those of this stream, if none are named.
            mapping: What labels are called here; as in this stream, if it is not said.
        """
        self._refuse_begun()
        return self._made(self.source, self.expected.anew(carried, medium, labels, mapping))

    def __iter__(self) -> Iterator[Fields]:
        """The tasks as dicts, for a recipe's own generator; lines that are no task are kept."""
        self._refuse_begun()
        self._records = self.source.records()
        return self._trail.follow(self._records)

    def filter(self, keep: Callable[[Fields], object]) -> Self:
        """Keep the tasks for which `keep`, given the task as a dict, returns something true."""
        return self._through(filtered(keep))

    def map(self, change: Callable[[Fields], Mapping[str, Any]]) -> Self:
        """Put what `change` returns for a task, given as a dict, in its place."""
        return self._through(mapped(change), total=lambda total: total)

    def flat_map(self, make: Callable[[Fields], Iterable[Mapping[str, Any]]]) -> Self:
        """Put the tasks that `make` returns for a task, none or one or several, in its place."""
        return self._through(flat_mapped(make))

    def take(self, count: int) -> Self:
        """Keep the first `count` tasks."""
        return self._through(taken(count), total=lambda total: min(total, count))

    def sort(self, key: Callable[[Fields], Any], *, reverse: bool = False) -> Self:
        """Put the tasks in the order of what `key` returns for each, given as a dict.

        The source is read to its end first. A million tasks are sorted; a notice names the rest.
        """
        tell = self.source.notices.append
        return self._through(ordered(key, reverse=reverse, tell=tell), total=lambda total: total)

    def made_of(self, tasks: Iterable[Mapping[str, Any]]) -> Self:
        """A stream of the tasks that a recipe's own generator makes while it reads this one."""
        source = TransformedSource(self.source, generated(tasks, self._trail))
        return self._made(source, self.expected.anew())

    def _through(self, transform: Transform, *, total: Callable[[int], int] | None = None) -> Self:
        self._refuse_begun()
        source = TransformedSource(self.source, transform, total=total)
        return self._made(source, self.expected.anew())

    def _refuse_begun(self) -> None:
        if self._records is not None:
            raise AnnotateError(
                "the stream has been read already",
                where=self.source.name,
                do="filter, change and sort it before, and iterate over it once",
            )

    def _made(self, source: Source, expected: Expected) -> Self:
        """A stream like this one of another source, or for other tasks."""
        made = type(self)(source, skip_invalid=self.skip_invalid, trail=self._trail)
        made.expected = expected
        return made

    def check_head(self, limit: int = HEAD) -> None:
        """Read the first tasks, without keeping them, to find what is wrong at once.

        Raises:
            InvalidSource: Some cannot be used, and `skip_invalid` is off.
            AnnotateError: None can, for they are made of something else.
        """
        problems, strange = list[InvalidLine](), dict[str, None]()
        with self._lock:
            while self.known + self.skipped < limit and (record := self._advance(limit)):
                found = self._built(self.known - 1, record, self._found)
                if isinstance(found, InvalidLine):
                    problems.append(found)
                    strange |= dict.fromkeys(self.expected.strange(record))
        if problems and not self.skip_invalid:
            medium, name = self.expected.medium, self.source.name
            raise refusal(problems, self.known, medium, name, tuple(strange))

    def read(self, position: int) -> Task | InvalidLine | None:
        """Give the task at a position, reading ahead as far as needed.

        Returns:
            The task; what is wrong where there is none that can be shown; None past the end.
        """
        if position < 0:
            return None
        with self._lock:
            if position < self.known:
                return self._reread(position)
            record: Record | Invalid | None = None
            while self.known <= position:
                record = self._advance()
                if record is None:
                    return None
            assert record is not None
            return self._built(position, record, self._found)

    def task_id(self, position: int) -> str | None:
        """The `_task_id` at a position, reading ahead as far as needed.

        Much quicker than `read`; None past the end, and for what is no task.
        """
        if position < 0:
            return None
        with self._lock:
            while self.known <= position:
                if self._advance() is None:
                    return None
            own = self._index.own(position)
            return task_id(own, self._index.occurrence(position)) if own else None

    def skip(self, position: int, decided: Callable[[str], bool]) -> int:
        """The first position from one on that is not decided, is no task, or is past the end.

        Args:
            position: Where to begin.
            decided: Whether the task of a `_task_id` is decided.
        """
        with self._lock:
            index, own_at, occurrence_at = self._index, self._index.own, self._index.occurrence
            while True:
                for at in range(position, len(index)):
                    own = own_at(at)
                    if not own or not decided(task_id(own, occurrence_at(at))):
                        return at
                position = max(position, len(index))
                if self._advance() is None:
                    return position

    def position_of(self, task_id: str) -> int | None:
        """The position of a `_task_id` among those seen so far."""
        own, _, occurrence = task_id.partition("-")
        try:
            with self._lock:
                position = self._index.find(int(own, 16), int(occurrence or 1))
        except ValueError:
            return None
        return position if position is not None and self.task_id(position) == task_id else None

    def alike(self, position: int) -> int:
        """How many tasks, as far as they were read, are equal to one that was."""
        return self._index.alike(position)

    def total(self) -> int | None:
        """How many positions there are, where that is known or can be known at once."""
        if self.ended:
            return self.known
        total = self.source.total()
        return None if total is None else max(total - self.skipped, self.known)

    def locate(self, task: Task) -> bytes:
        """The file of a task's sound, as the system spells its name; it need not be there.

        Raises:
            AnnotateError: The sound is within the task, and there is no room to put it aside.
        """
        return os.fsencode(sound_path(task.fields, self.source.base(task.origin.path)))

    def close(self) -> None:
        """Let go of the source."""
        with self._lock:
            self.source.close()

    def _advance(self, limit: int | None = None) -> Record | Invalid | None:
        """Take in the next record that gets a position.

        Args:
            limit: Give up once as many records were met since the beginning.
        """
        if self._failure is not None:
            raise self._failure
        try:
            if self._records is None:
                self._records = self.source.records()
            for record in self._records:
                own, came = 0, record
                if isinstance(record, Record):
                    own = own_id(record.fields)
                    record = self.expected.renamed(record)
                    if self.known < COMPLETED_AHEAD:
                        record = self._completed(record, record.path)
                if self._take(record, own):
                    if self.follower is not None and isinstance(came, Record):
                        self.follower(self.known - 1, came.fields)
                    return record
                if limit is not None and self.known + self.skipped >= limit:
                    return None
        except AnnotateError as error:
            self._failure = error
            raise
        self.ended = True
        return None

    def complete(self, fields: Fields, shown: str) -> Fields:
        """Add to a task what its source does not have; what came with it stays as it is.

        Args:
            fields: The task as it came.
            shown: The file that it is in, as messages name it.
        """
        return fields

    def _completed(self, record: Record, shown: str) -> Record:
        fields = self.complete(record.fields, shown)
        return record if fields is record.fields else replace(record, fields=fields)

    def _take(self, record: Record | Invalid, own: int) -> bool:
        """Give a record a position, unless it is to be left out.

        Args:
            record: It, with its labels as they are called here.
            own: The hash of the task as it came; 0 for what is none.
        """
        if isinstance(record, Invalid):
            # What ends a file early is shown even so: nobody should take the rest for done.
            if self.skip_invalid and not record.lost:
                self.skipped += 1
                return False
            found = NOTHING_WRONG
        else:
            fields = record.fields
            if found := self.expected.faults(fields):
                if self.skip_invalid and any(fatal for _, fatal in found):
                    self.skipped += 1
                    return False
                self._warn(record, found)
            self.expected.take_in(fields)
        self._files.add(len(self._index), record.path)
        self._index.append(record.locator, record.line, own)
        self._found = found
        return True

    def _warn(self, record: Record, found: Sequence[Fault]) -> None:
        origin = Origin(record.path, record.line)
        for message, fatal in found:
            if not fatal and len(self.warnings) < WARNINGS_KEPT:
                self.warnings.append(f"{origin}: {message}")

    def record(self, position: int) -> Record | Invalid | None:
        """Give the record at a position without looking into it."""
        with self._lock:
            if position < self.known:
                return self.source.reread(self._index.locator(position))
            return self._advance()

    def _reread(self, position: int) -> Task | InvalidLine:
        record = self.source.reread(self._index.locator(position))
        own = self._index.own(position)
        if isinstance(record, Record):
            if own_id(record.fields) != own:
                record = Invalid(CHANGED, record.path, None, record.locator)
            else:
                record = self.expected.renamed(record)
                found = self.expected.faults(record.fields)
                return self._built(position, record, found)
        elif own:
            record = Invalid(CHANGED, record.path, None, record.locator)
        return self._built(position, record, NOTHING_WRONG)

    def _built(
        self, position: int, record: Record | Invalid, found: Sequence[Fault]
    ) -> Task | InvalidLine:
        """Make a task of a record, given what is wrong with it."""
        path = self._files.of(position)
        origin = Origin(path, self._index.line(position))
        if isinstance(record, Invalid):
            return InvalidLine(record.message, origin, position)
        completed = self._completed(record, path)
        fields = completed.fields
        if completed is not record:
            found = self.expected.faults(fields)
        tokens = fields.get("tokens")
        if found:
            fatal = [message for message, is_fatal in found if is_fatal]
            if fatal:
                return InvalidLine("; ".join(fatal), origin, position)
            if self.expected.medium == "text" and wrong_tokens(tokens, fields["text"]):
                tokens = None
        own, occurrence = self._index.own(position), self._index.occurrence(position)
        return Task(fields, task_id(own, occurrence), origin, position, tokens)
