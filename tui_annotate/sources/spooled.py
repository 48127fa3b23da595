"""Whatever else there is to read: once, forward, every record put aside for later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import IO

import msgspec

from tui_annotate.errors import AnnotateError
from tui_annotate.formats.decoding import NOT_UTF8
from tui_annotate.formats.records import Lines, Reader
from tui_annotate.sources.lines import DamagedError, read_lines, stamp
from tui_annotate.sources.source import CHANGED, Invalid, Record, Source
from tui_annotate.sources.spool import Spool
from tui_annotate.task.task import Fields
from tui_annotate.wording import reason

COUNTED_AT_ONCE = 1 << 20
MOST_COUNTED_AT_ONCE = 100
LINES_BETWEEN_LOOKS = 256


class Input(msgspec.Struct, frozen=True):
    """One stream of bytes to read tasks from.

    Attributes:
        shown: The file as messages name it.
        open: Opens the bytes; called again for counting where `path` is known.
        choose: Picks the format, given the lines, which it may look at and has to hand on.
        encoding: What the bytes are encoded in.
        path: The file, where it is one that can be read twice.
        label: What goes into `meta.source` of texts and table rows; None for nothing.
    """

    shown: str
    open: Callable[[], IO[bytes]]
    choose: Callable[[Lines], tuple[Reader, Lines]]
    encoding: str
    path: Path | None = None
    label: str | None = None

    def is_file(self, resolved: Path) -> bool:
        """Whether this reads a file, given by its resolved path."""
        return self.path is not None and self.path.resolve() == resolved


class SpooledSource(Source):
    """Anything else: read forward once, every record put aside for reading it again."""

    def __init__(self, name: str, stem: str, path: Path | None, inputs: Sequence[Input]) -> None:
        super().__init__(name, stem, path)
        self._inputs = inputs
        self._spool = Spool()
        self._reading: _Reading | None = None
        self._total: int | None = None

    def records(self) -> Iterator[Record | Invalid]:
        """Read on through one input after the other."""
        append = self._spool.append
        for one in self._inputs:
            reading = _Reading(one)
            self._reading = reading
            try:
                for line, item in reading.rows():
                    if isinstance(item, str):
                        yield Invalid(item, one.shown, line, append(item))
                    else:
                        yield Record(item, one.shown, line, append(item))
            except DamagedError as error:
                what = str(error)
                yield Invalid(what, one.shown, reading.line + 1, append(what), lost=True)
            finally:
                reading.close()

    def reread(self, locator: int) -> Record | Invalid:
        """Give back what was put aside."""
        item = self._spool.read(locator)
        if isinstance(item, str):
            return Invalid(item, self.name, None, locator)
        return Record(item, self.name, None, locator)

    def total(self) -> int | None:
        """Count the records of small files."""
        if self._total is None and self._is_small():
            with suppress(AnnotateError):
                self._total = self.count(Event())
        return self._total

    def _is_small(self) -> bool:
        size = 0
        for one in self._inputs[: MOST_COUNTED_AT_ONCE + 1]:
            if one.path is None:
                return False
            with suppress(OSError):
                unpacked = 10 if one.path.suffix == ".gz" else 1
                size += one.path.stat().st_size * unpacked
        return size <= COUNTED_AT_ONCE and len(self._inputs) <= MOST_COUNTED_AT_ONCE

    def count(self, cancelled: Event) -> int | None:
        """Read everything once more to count it."""
        total = 0
        for one in self._inputs:
            if one.path is None:
                return None
            try:
                with one.open() as stream:
                    fmt, lines = one.choose(read_lines(stream, one.encoding))
                    counted = filter(bytes.strip, lines) if fmt.parse else fmt.rows(lines)
                    for _ in counted:
                        total += 1
                        if cancelled.is_set():
                            return None
            except (DamagedError, OSError):
                total += 1
        return total

    def holds(self, path: Path) -> bool:
        """Whether a file is one of those read here."""
        return super().holds(path) or any(one.is_file(path.resolve()) for one in self._inputs)

    def base(self, shown: str) -> Path:
        """The folder of the file that a record is in."""
        found = (one.path for one in self._inputs if one.shown == shown and one.path is not None)
        return next((path.parent for path in found), super().base(shown))

    def leave_out(self, path: Path) -> None:
        """Do not read a file of the folder."""
        resolved = path.resolve()
        self._inputs = [one for one in self._inputs if not one.is_file(resolved)]

    def close(self) -> None:
        """Close the file being read, and give the room back."""
        if self._reading is not None:
            self._reading.close()
        self._spool.close()


class _Reading:
    """One pass over an input.

    Attributes:
        line: How many lines were read.
    """

    def __init__(self, one: Input) -> None:
        self.line = 0
        self._input = one
        self._stream: IO[bytes] | None = None

    def rows(self) -> Iterator[tuple[int | None, Fields | str]]:
        one = self._input
        try:
            self._stream = one.open()
        except OSError as error:
            raise DamagedError(f"the file cannot be read ({reason(error)})") from error
        fmt, lines = one.choose(self._lines(self._stream))
        for line, item in fmt.rows(lines):
            if isinstance(item, str) and one.encoding != "utf-8":
                # Bytes that the encoding does not know come through as invalid UTF-8.
                item = item.replace(NOT_UTF8, f"not valid {one.encoding}")
            if one.label is not None and not fmt.tasks and isinstance(item, dict):
                item.setdefault("meta", {}).setdefault("source", one.label)
            yield line, item

    def _lines(self, stream: IO[bytes]) -> Iterator[bytes]:
        before = stamp(stream) if self._input.path else None
        for line in read_lines(stream, self._input.encoding):
            self.line += 1
            if self.line % LINES_BETWEEN_LOOKS == 0:
                _refuse_altered(stream, before)
            yield line
        _refuse_altered(stream, before)

    def close(self) -> None:
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()


def _refuse_altered(stream: IO[bytes], before: tuple[int, int] | None) -> None:
    """Stop where a file was written to, other than by appending to it."""
    now = stamp(stream) if before else None
    if before and now and now != before and now[0] <= before[0]:
        raise DamagedError(CHANGED)
