"""The two ways to keep a source at hand: by byte offset in the file, or put aside."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import IO

from tui_annotate.sources.formats import Format, Lines
from tui_annotate.sources.lines import BOM, DamagedError, open_file, read_lines
from tui_annotate.sources.source import CHANGED, Invalid, Record, Source
from tui_annotate.sources.spool import Spool
from tui_annotate.task import Fields

COUNTED_AT_ONCE = 4 << 20
CHUNK = 1 << 20
BLOCK = 1 << 16
LINES_BETWEEN_LOOKS = 256


class LineFile(Source):
    """A plain UTF-8 file in which every line that is not blank is a task.

    The locator is the byte offset of the line, so that nothing is copied.
    """

    def __init__(self, path: Path, shown: str, stem: str, fmt: Format) -> None:
        assert fmt.parse is not None
        super().__init__(path.name, stem, path)
        self._shown = shown
        self._parse = fmt.parse
        # Both are opened at once: a file put in its place later must not be mixed into this one.
        self._forward = path.open("rb", buffering=0)
        self._back = open_file(path)
        self._stamp = _stamp(self._forward)

    def records(self) -> Iterator[Record | Invalid]:
        """Read on, block by block."""
        parse, shown = self._parse, self._shown
        offset, number = 0, 0
        line = BOM
        try:
            for block in self._blocks():
                if self._altered() and number and not self._still_there(offset, line):
                    yield Invalid(CHANGED, shown, number + 1, offset, lost=True)
                    return
                for line in block:
                    number += 1
                    begins, offset = offset, offset + len(line) + 1
                    if not begins:
                        line = line.removeprefix(BOM)
                    if not line or line.isspace():
                        continue
                    fields = parse(line)
                    if type(fields) is dict:
                        yield Record(fields, shown, number, begins)
                    else:
                        yield Invalid(str(fields), shown, number, begins)
        except OSError as error:
            reason = error.strerror or error
            what = f"what follows cannot be read ({reason})"
            yield Invalid(what, shown, number + 1, offset, lost=True)

    def _blocks(self) -> Iterator[list[bytes]]:
        """Give the lines block by block, without line feeds; an empty block at the end."""
        pieces = list[bytes]()
        while chunk := self._forward.read(BLOCK):
            cut = chunk.rfind(b"\n")
            if cut < 0:
                pieces.append(chunk)
                continue
            pieces.append(chunk[:cut])
            yield b"".join(pieces).split(b"\n")
            pieces = [chunk[cut + 1 :]]
        last = b"".join(pieces)
        yield [last] if last else []

    def _altered(self) -> bool:
        before, self._stamp = self._stamp, _stamp(self._forward)
        return before != self._stamp

    def _still_there(self, offset: int, line: bytes) -> bool:
        """Whether a line that ended before an offset is still where it was."""
        self._back.seek(max(offset - len(line) - 1, 0))
        return self._back.read(len(line) + 1) == line + b"\n"

    def reread(self, locator: int) -> Record | Invalid:
        """Read the line at a byte offset."""
        try:
            self._back.seek(locator)
            line = self._back.readline()
        except OSError as error:
            reason = error.strerror or error
            return Invalid(f"the line cannot be read ({reason})", self._shown, None, locator)
        fields = self._parse(line if locator else line.removeprefix(BOM))
        if isinstance(fields, dict):
            return Record(fields, self._shown, None, locator)
        return Invalid(fields, self._shown, None, locator)

    def total(self) -> int | None:
        """Count the lines of a small file."""
        assert self.path is not None
        try:
            if os.fstat(self._forward.fileno()).st_size > COUNTED_AT_ONCE:
                return None
        except (OSError, ValueError):
            return None
        return self.count(Event())

    def count(self, cancelled: Event) -> int | None:
        """Count the lines that are not blank."""
        assert self.path is not None
        try:
            with open_file(self.path) as stream:
                return count_filled_lines(stream, cancelled)
        except OSError:
            return None

    def close(self) -> None:
        """Close the file."""
        self._forward.close()
        self._back.close()


@dataclass(frozen=True, slots=True)
class Input:
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
    choose: Callable[[Lines], tuple[Format, Lines]]
    encoding: str
    path: Path | None = None
    label: str | None = None


class SpooledSource(Source):
    """Anything else: read forward once, every record put aside for reading it again."""

    def __init__(self, name: str, stem: str, path: Path | None, inputs: Sequence[Input]) -> None:
        super().__init__(name, stem, path)
        self._inputs = inputs
        self._spool = Spool()
        self._reading: _Reading | None = None

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
            return Invalid(item, self._inputs[0].shown, None, locator)
        return Record(item, self._inputs[0].shown, None, locator)

    def total(self) -> int | None:
        """Count the records of small files."""
        if any(one.path is None for one in self._inputs):
            return None
        size = 0
        for one in self._inputs[:100]:
            assert one.path is not None
            with suppress(OSError):
                size += one.path.stat().st_size
        if size > COUNTED_AT_ONCE // 4 or len(self._inputs) > 100:
            return None
        return self.count(Event())

    def count(self, cancelled: Event) -> int | None:
        """Read everything once more to count it."""
        total = 0
        for one in self._inputs:
            if one.path is None:
                return None
            try:
                with one.open() as stream:
                    fmt, lines = one.choose(read_lines(stream, one.encoding))
                    for _ in fmt.rows(lines):
                        total += 1
                        if cancelled.is_set():
                            return None
            except (DamagedError, OSError):
                total += 1
        return total

    def holds(self, path: Path) -> bool:
        """Whether a file is one of those read here."""
        other = path.resolve()
        return super().holds(path) or any(
            one.path is not None and one.path.resolve() == other for one in self._inputs
        )

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
            raise DamagedError(f"the file cannot be read ({error.strerror or error})") from error
        fmt, lines = one.choose(self._lines(self._stream))
        for line, item in fmt.rows(lines):
            if one.label is not None and not fmt.tasks and isinstance(item, dict):
                item.setdefault("meta", {}).setdefault("source", one.label)
            yield line, item

    def _lines(self, stream: IO[bytes]) -> Iterator[bytes]:
        stamp = _stamp(stream) if self._input.path else None
        for line in read_lines(stream, self._input.encoding):
            self.line += 1
            if self.line % LINES_BETWEEN_LOOKS == 0:
                _refuse_altered(stream, stamp)
            yield line
        _refuse_altered(stream, stamp)

    def close(self) -> None:
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()


def _refuse_altered(stream: IO[bytes], before: tuple[int, int] | None) -> None:
    """Stop where a file was written to, other than by appending to it."""
    now = _stamp(stream) if before else None
    if before and now and now != before and now[0] <= before[0]:
        raise DamagedError(CHANGED)


def count_filled_lines(stream: IO[bytes], cancelled: Event) -> int | None:
    """Count the lines that are not blank, letting other threads run in between."""
    total = 0
    rest = b""
    at_start = True
    while chunk := stream.read(CHUNK):
        if cancelled.is_set():
            return None
        if at_start:
            chunk, at_start = chunk.removeprefix(BOM), False
        cut = chunk.rfind(b"\n") + 1
        if not cut:
            # Of a line longer than a chunk only whether it is blank is worth remembering.
            rest = rest or chunk.strip()[:1]
            continue
        whole, rest = rest + chunk[:cut], chunk[cut:]
        total += whole.count(b"\n")
        if _may_have_blank_lines(whole):
            total -= sum(1 for line in whole.split(b"\n")[:-1] if not line.strip())
    return total + bool(rest.strip())


def _may_have_blank_lines(whole: bytes) -> bool:
    return whole[:1].isspace() or any(
        mark in whole for mark in (b"\n\n", b"\n\r", b"\n ", b"\n\t", b"\n\v", b"\n\f")
    )


def _stamp(stream: IO[bytes]) -> tuple[int, int] | None:
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns
