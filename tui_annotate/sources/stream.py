"""A source as numbered tasks: read ahead lazily, reread at will."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event, RLock

from tui_annotate.errors import AnnotateError
from tui_annotate.sources.index import PositionIndex
from tui_annotate.sources.source import CHANGED, Invalid, Record, Source
from tui_annotate.task import (
    Fields,
    Origin,
    Problem,
    Task,
    check,
    own_id,
    task_id,
    wrong_tokens,
)

HEAD = 1000
LISTED = 20
WARNINGS_KEPT = 100


@dataclass(frozen=True, slots=True)
class InvalidLine:
    """A position of a stream at which there is no task that can be shown.

    Attributes:
        problem: What is wrong, without the place and without a full stop.
        origin: Where.
        position: Its place in the stream, from 0.
    """

    problem: str
    origin: Origin
    position: int

    def __str__(self) -> str:
        return f"{self.origin}: {self.problem}"


class InvalidSource(AnnotateError):
    """Lines of a source that cannot be used, found before the session opens.

    Attributes:
        problems: All of them.
    """

    def __init__(self, problems: Sequence[Problem], where: str) -> None:
        self.problems = list(problems)
        super().__init__(
            "some lines cannot be used",
            where=where,
            do="mend them, or leave them out with --skip-invalid",
        )

    def __str__(self) -> str:
        listed = [str(problem) for problem in self.problems[:LISTED]]
        more = len(self.problems) - len(listed)
        if more:
            listed.append(f"and {more:,} more")
        return "\n".join([*listed, f"Nothing was written; {self.do}."])


class Stream:
    """The tasks of a source, by position.

    Positions are given in the order of the source, from 0. What was seen costs some 40 bytes
    a task; tasks themselves are read again when asked for. May be used from several threads.

    Args:
        source: Where the tasks come from.
        labels: The labels on offer; none to take those that come with the tasks.
        keep_labels: Let spans pass whose label is not on offer.
        skip_invalid: Leave out what cannot be used, and count it.

    Attributes:
        source: Where the tasks come from.
        labels: The labels on offer; may be set anew at any time.
        labels_seen: The labels of all spans read so far, in the order they were met.
        ended: The whole source was read.
        skipped: How many invalid lines were left out so far.
        warnings: The first hundred things that are odd but usable.
    """

    def __init__(
        self,
        source: Source,
        *,
        labels: Sequence[str] = (),
        keep_labels: bool = False,
        skip_invalid: bool = False,
    ) -> None:
        self.source = source
        self.labels = tuple(labels)
        self.keep_labels = keep_labels
        self.skip_invalid = skip_invalid
        self.labels_seen: dict[str, None] = {}
        self.ended = False
        self.skipped = 0
        self.warnings: list[str] = []
        self._index = PositionIndex()
        self._records = source.records()
        # Runs of positions from one file: only a folder has more than one.
        self._run_starts: list[int] = []
        self._run_paths: list[str] = []
        self._failure: AnnotateError | None = None
        self._lock = RLock()

    @property
    def known(self) -> int:
        """How many positions were seen so far."""
        return len(self._index)

    def check_head(self, limit: int = HEAD) -> None:
        """Read the first tasks, without keeping them, to find what is wrong at once.

        Raises:
            InvalidSource: Some cannot be used, and `skip_invalid` is off.
        """
        problems = list[Problem]()
        with self._lock:
            while self.known + self.skipped < limit and not self.ended:
                found = self._advance()
                if isinstance(found, InvalidLine):
                    problems.append(Problem(found.problem, found.origin, fatal=True))
        if problems and not self.skip_invalid:
            raise InvalidSource(problems, self.source.name)

    def read(self, position: int) -> Task | InvalidLine | None:
        """Give the task at a position, reading ahead as far as needed.

        Returns:
            The task; what is wrong where there is none that can be shown; None past the end.
        """
        with self._lock:
            if position < self.known:
                return self._reread(position) if position >= 0 else None
            found: Task | InvalidLine | None = None
            while self.known <= position:
                found = self._advance()
                if found is None:
                    return None
            return found

    def task_id(self, position: int) -> str | None:
        """The `_task_id` at a position, reading ahead as far as needed.

        Much quicker than `read` where the position was seen before.

        Returns:
            None past the end, and for what is no task.
        """
        with self._lock:
            while self.known <= position:
                if self._advance() is None:
                    return None
            own = self._index.own(position)
            return task_id(own, self._index.occurrence(position)) if own else None

    def position_of(self, task_id: str) -> int | None:
        """The position of a `_task_id` among those seen so far."""
        own, _, occurrence = task_id.partition("-")
        try:
            with self._lock:
                return self._index.find(int(own, 16), int(occurrence or 1))
        except ValueError:
            return None

    def find(self, query: str, start: int, *, cancelled: Event | None = None) -> int | None:
        """Look for a task by its id, by a hash, or by a part of its text, letter case aside.

        Args:
            query: What to look for.
            start: The position to begin at; the search reads on to the end of the source.
            cancelled: Set from another thread to give up.
        """
        query = query.strip()
        if not query:
            return None
        if (seen := self.position_of(query)) is not None:
            return seen
        number = _number(query)
        folded = query.casefold()
        position = start
        while not (cancelled and cancelled.is_set()):
            found = self.read(position)
            if found is None:
                return None
            if isinstance(found, Task) and (
                folded in found.text.casefold()
                or found.id == query
                or (number is not None and number in (found.input_hash, found.task_hash))
            ):
                return position
            position += 1
        return None

    def total(self) -> int | None:
        """How many positions there are, where that is known or can be known at once."""
        if self.ended:
            return self.known
        total = self.source.total()
        return None if total is None else max(total - self.skipped, self.known)

    def close(self) -> None:
        """Let go of the source."""
        with self._lock:
            self.source.close()

    def _advance(self) -> Task | InvalidLine | None:
        """Read the next record that gets a position."""
        if self._failure is not None:
            raise self._failure
        while not self.ended:
            try:
                record = next(self._records, None)
            except AnnotateError as error:
                self._failure = error
                raise
            if record is None:
                self.ended = True
                break
            if isinstance(record, Invalid):
                found: Task | InvalidLine | None = self._take_invalid(record)
            else:
                found = self._take(record)
            if found is not None:
                return found
        return None

    def _take(self, record: Record) -> Task | InvalidLine | None:
        fields, position = record.fields, len(self._index)
        origin = Origin(record.path, record.line)
        problems = check(fields, origin, labels=self.labels or None, keep_labels=self.keep_labels)
        if problems and self.skip_invalid and any(problem.fatal for problem in problems):
            self.skipped += 1
            return None
        own = own_id(fields)
        occurrence = self._index.append(record.locator, record.line, own)
        self._note_path(record.path, position)
        if "spans" in fields:
            self._note_labels(fields["spans"])
        if problems:
            room = WARNINGS_KEPT - len(self.warnings)
            self.warnings += [str(problem) for problem in problems if not problem.fatal][:room]
        return _built(fields, own, occurrence, origin, position, problems)

    def _take_invalid(self, record: Invalid) -> InvalidLine | None:
        # What ends a file early is shown even so: nobody should take the rest for done.
        if self.skip_invalid and not record.lost:
            self.skipped += 1
            return None
        position = len(self._index)
        self._index.append(record.locator, record.line, 0)
        self._note_path(record.path, position)
        return InvalidLine(record.message, Origin(record.path, record.line), position)

    def _reread(self, position: int) -> Task | InvalidLine:
        index = self._index
        path = self._run_paths[bisect_right(self._run_starts, position) - 1]
        origin = Origin(path, index.line(position))
        own = index.own(position)
        record = self.source.reread(index.locator(position))
        if isinstance(record, Invalid):
            return InvalidLine(CHANGED if own else record.message, origin, position)
        if own_id(record.fields) != own:
            return InvalidLine(CHANGED, origin, position)
        problems = check(
            record.fields, origin, labels=self.labels or None, keep_labels=self.keep_labels
        )
        return _built(record.fields, own, index.occurrence(position), origin, position, problems)

    def _note_path(self, path: str, position: int) -> None:
        if not self._run_paths or self._run_paths[-1] != path:
            self._run_starts.append(position)
            self._run_paths.append(path)

    def _note_labels(self, spans: object) -> None:
        for span in spans if isinstance(spans, list) else ():
            label = span.get("label") if isinstance(span, dict) else None
            if isinstance(label, str) and label:
                self.labels_seen[label] = None


def _built(
    fields: Fields,
    own: int,
    occurrence: int,
    origin: Origin,
    position: int,
    problems: Sequence[Problem],
) -> Task | InvalidLine:
    tokens = fields.get("tokens")
    if problems:
        fatal = [problem.message for problem in problems if problem.fatal]
        if fatal:
            return InvalidLine("; ".join(fatal), origin, position)
        if wrong_tokens(tokens, fields["text"]):
            tokens = None
    return Task(fields, task_id(own, occurrence), origin, position, tokens)


def _number(query: str) -> int | None:
    try:
        return int(query)
    except ValueError:
        return None
