"""A plain file, a task a line, kept at hand by byte offset."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import IO

from tui_annotate.sources.lines import BOM, open_file, stamp
from tui_annotate.sources.source import CHANGED, Invalid, Record, Source
from tui_annotate.task.task import Fields
from tui_annotate.wording import reason

COUNTED_AT_ONCE = 4 << 20
CHUNK = 1 << 20
BLOCK = 1 << 16

Parse = Callable[[bytes], Fields | str]


_SPACE_AFTER_BREAK = re.compile(rb"\n[\n\r \t\v\f]")


class LineFile(Source):
    """A plain UTF-8 file in which every line that is not blank is a task.

    The locator is the byte offset of the line, so that nothing is copied.
    """

    def __init__(self, path: Path, shown: str, stem: str, parse: Parse) -> None:
        super().__init__(path.name, stem, path)
        self._shown = shown
        self._parse = parse
        # Both are opened at once: a file put in its place later must not be mixed into this one.
        self._forward = path.open("rb", buffering=0)
        self._raw_back = path.open("rb", buffering=0)
        self._back = io.BufferedReader(self._raw_back)
        self._broken_off: Invalid | None = None
        self._total: int | None = None
        self._stamp = self._back_stamp = stamp(self._forward)

    def records(self) -> Iterator[Record | Invalid]:
        """Read on, block by block."""
        parse, shown = self._parse, self._shown
        offset, number = 0, 0
        line = BOM
        try:
            for block in self._blocks():
                if self._altered() and number and not self._still_there(offset, line):
                    yield self._break_off(CHANGED, number + 1, offset)
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
            what = f"what follows cannot be read ({reason(error)})"
            yield self._break_off(what, number + 1, offset)

    def _break_off(self, what: str, line: int, offset: int) -> Invalid:
        self._broken_off = Invalid(what, self._shown, line, offset, lost=True)
        return self._broken_off

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
        before, self._stamp = self._stamp, stamp(self._forward)
        return before != self._stamp

    def _still_there(self, offset: int, line: bytes) -> bool:
        """Whether a line that ended before an offset is still where it was."""
        self._forget_what_is_stale()
        self._back.seek(max(offset - len(line) - 1, 0))
        return self._back.read(len(line) + 1) == line + b"\n"

    def reread(self, locator: int) -> Record | Invalid:
        """Read the line at a byte offset."""
        if self._broken_off and locator == self._broken_off.locator:
            return self._broken_off
        try:
            self._forget_what_is_stale()
            self._back.seek(locator)
            line = self._back.readline()
        except OSError as error:
            return Invalid(f"the line cannot be read ({reason(error)})", self._shown, None, locator)
        fields = self._parse(line if locator else line.removeprefix(BOM))
        if isinstance(fields, dict):
            return Record(fields, self._shown, None, locator)
        return Invalid(fields, self._shown, None, locator)

    def _forget_what_is_stale(self) -> None:
        before, self._back_stamp = self._back_stamp, stamp(self._back)
        if before != self._back_stamp:
            # What is buffered may be neither what is there now nor whole.
            self._back.detach()
            self._back = io.BufferedReader(self._raw_back)

    def total(self) -> int | None:
        """Count the lines of a small file."""
        if self._total is None and (now := stamp(self._forward)):
            self._total = self.count(Event()) if now[0] <= COUNTED_AT_ONCE else None
        return self._total

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
    return whole[:1].isspace() or _SPACE_AFTER_BREAK.search(whole) is not None
