"""A source that a recipe filters, changes, sorts or makes anew, task by task.

What comes out is put aside once, so that a task can be read again without asking the
recipe's function twice; it keeps the file and line of the task that it was made from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

import msgspec
from msgspec.structs import replace

from tui_annotate.sources.source import Invalid, Record, Source
from tui_annotate.sources.spool import Spool
from tui_annotate.task.task import Fields
from tui_annotate.user_module import failed_at
from tui_annotate.wording import quoted

Records = Iterator[Record | Invalid]
Transform = Callable[[Records], Records]

SORTED_AT_MOST = 1_000_000
"""How many tasks `sort` puts in order; only their keys are held in memory."""

_INPUTS = ("text", "audio")
_HASHES = ("_input_hash", "_task_hash")


class Trail(msgspec.Struct):
    """Where a generator is in the stream it reads.

    Attributes:
        path: The file of the task that was read last.
        line: Its line.
        invalid: What was met since the last task came out and is no task.
    """

    path: str
    line: int | None = None
    invalid: list[Invalid] = msgspec.field(default_factory=list)

    def follow(self, records: Records) -> Iterator[Fields]:
        """The tasks of some records, as a recipe's own generator reads them."""
        for record in records:
            self.path, self.line = record.path, record.line
            if isinstance(record, Invalid):
                self.invalid.append(record)
            else:
                yield TracedFields(record)


class TracedFields(dict[str, Any]):
    """A task that knows where it stood, however a recipe shuffles it.

    Args:
        record: The task as the source gave it.
    """

    def __init__(self, record: Record) -> None:
        super().__init__(record.fields)
        self.path, self.line = record.path, record.line


class TransformedSource(Source):
    """The records of another source after a transform.

    Args:
        inner: The other source.
        transform: What becomes of its records.
        total: How many there are, given how many the other source has; None where only
            reading tells.
    """

    def __init__(
        self,
        inner: Source,
        transform: Transform,
        *,
        total: Callable[[int], int] | None = None,
    ) -> None:
        super().__init__(inner.name, inner.stem, inner.path)
        self.notices = inner.notices
        self._inner = inner
        self._transform = transform
        self._total = total
        self._spool = Spool()

    def records(self) -> Records:
        """Read on, lazily."""
        for record in self._transform(self._inner.records()):
            item = record.message if isinstance(record, Invalid) else record.fields
            yield replace(record, locator=self._spool.append(item))

    def reread(self, locator: int) -> Record | Invalid:
        """Give back what the transform made."""
        item = self._spool.read(locator)
        if isinstance(item, str):
            return Invalid(item, self.name, None, locator)
        return Record(item, self.name, None, locator)

    def total(self) -> int | None:
        """How many records there are, where that is known at once."""
        total = self._inner.total()
        return None if total is None or self._total is None else self._total(total)

    def count(self, cancelled: Event) -> int | None:
        """Count those of the other source, where that tells how many there are here."""
        if self._total is None:
            return None
        total = self._inner.count(cancelled)
        return None if total is None else self._total(total)

    def holds(self, path: Path) -> bool:
        """Whether a file is part of the other source."""
        return self._inner.holds(path)

    def base(self, shown: str) -> Path:
        """The folder that relative names in a record count from."""
        return self._inner.base(shown)

    def leave_out(self, path: Path) -> None:
        """Do not read a file of a folder."""
        self._inner.leave_out(path)

    def close(self) -> None:
        """Let go of files and of what was put aside."""
        self._inner.close()
        self._spool.close()


def filtered(keep: Callable[[Fields], object]) -> Transform:
    """Keep the tasks for which a function says so."""

    def transform(records: Records) -> Records:
        for record in records:
            if isinstance(record, Invalid):
                yield record
                continue
            try:
                kept = bool(keep(record.fields))
            except Exception as error:
                yield _failed(record, error)
            else:
                if kept:
                    yield record

    return transform


def mapped(change: Callable[[Fields], Mapping[str, Any]]) -> Transform:
    """Put what a function makes of each task in its place."""
    return flat_mapped(lambda fields: [change(fields)])


def flat_mapped(make: Callable[[Fields], Iterable[Mapping[str, Any]]]) -> Transform:
    """Put what a function makes of each task, none or one or several, in its place."""

    def transform(records: Records) -> Records:
        for record in records:
            if isinstance(record, Invalid):
                yield record
                continue
            before = {name: record.fields.get(name) for name in (*_INPUTS, *_HASHES)}
            try:
                for made in make(record.fields):
                    yield _made(record, made, before)
            except Exception as error:
                yield _failed(record, error)

    return transform


def taken(count: int) -> Transform:
    """Keep the first tasks."""
    return lambda records: islice(records, count)


def ordered(
    key: Callable[[Fields], Any], *, reverse: bool, tell: Callable[[str], None]
) -> Transform:
    """Put tasks in the order of a key; those of equal keys stay as they came.

    Args:
        key: What to sort by.
        reverse: The largest first.
        tell: Takes a sentence for the user where there are too many.
    """

    def transform(records: Records) -> Records:
        spool = Spool()
        found: list[tuple[Any, int, str, int | None]] = []
        try:
            for record in islice(records, SORTED_AT_MOST):
                if isinstance(record, Invalid):
                    yield record
                    continue
                try:
                    value = key(record.fields)
                except Exception as error:
                    yield _failed(record, error)
                    continue
                found.append((value, spool.append(record.fields), record.path, record.line))
            try:
                found.sort(key=lambda one: one[0], reverse=reverse)
            except TypeError:
                message = "the keys of sort() cannot be compared with each other; the order stays"
                tell(message)
            for _, locator, path, line in found:
                fields = spool.read(locator)
                assert isinstance(fields, dict)
                yield Record(fields, path, line, locator)
            rest = next(records, None)
            if rest is not None:
                tell(f"sort() puts the first {SORTED_AT_MOST:,} tasks in order; the others follow")
                yield rest
                yield from records
        finally:
            spool.close()

    return transform


def generated(made: Iterable[Mapping[str, Any]], trail: Trail) -> Transform:
    """Take the tasks that a recipe's own generator makes, which reads the stream itself.

    Args:
        made: The generator, or any tasks.
        trail: Where it is in the stream.
    """

    def transform(records: Records) -> Records:
        try:
            for fields in made:
                yield from trail.invalid
                trail.invalid.clear()
                at = fields if isinstance(fields, TracedFields) else trail
                yield _made(Record({}, at.path, at.line, 0), fields, {})
        except Exception as error:
            failed = _failed(Record({}, trail.path, trail.line, 0), error)
            yield replace(failed, lost=True)
        yield from trail.invalid

    return transform


def _made(record: Record, made: object, before: Mapping[str, Any]) -> Record | Invalid:
    if not isinstance(made, Mapping):
        what = f"the recipe made {quoted(type(made).__name__)} of it, not a task: a dict of fields"
        return Invalid(what, record.path, record.line, record.locator)
    fields = dict(made)
    if before and any(fields.get(name) != before[name] for name in _INPUTS):
        # The hashes that came with it are those of another input.
        for name in _HASHES:
            if name in fields and fields[name] == before[name]:
                del fields[name]
    return replace(record, fields=fields)


def _failed(record: Record, error: Exception) -> Invalid:
    """What a recipe's function failed with, at the place in the recipe where it did."""
    at = failed_at(error)
    where = f" at {at}" if at else ""
    said = f": {error}" if str(error) else ""
    what = f"the recipe failed on it{where} ({type(error).__name__}{said})"
    return Invalid(what, record.path, record.line, record.locator)
