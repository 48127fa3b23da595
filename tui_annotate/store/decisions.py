"""An index of one annotator's decisions in an output, without their content."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable

import msgspec

from tui_annotate.store.keys import KeyTable, key_of
from tui_annotate.store.lines import Head, decode_head, head_of, lines

PENDING = 0xFFFF_FFFF_FFFF_FFFF
"""The offset of a decision that is not in the file yet."""

_NO_HASH = -(1 << 63)
_NOTHING = Head()


def index(
    decisions: Decisions,
    read: Callable[[int, int], bytes],
    start: int,
    end: int,
    annotator: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[int]:
    """Add the decisions in a stretch of a file.

    Args:
        decisions: Where to add them.
        read: Gives up to so many bytes at an offset.
        start: Where a line begins.
        end: Where to stop.
        annotator: Whose lines count.
        progress: Told now and then how many bytes are done, of how many; what
            it raises ends the work.

    Returns:
        Where lines begin that are no JSON objects with the types they should have.
    """
    add, made_with = decisions.add, decisions.made_with
    unreadable: list[int] = []
    for offset, batch in lines(read, start, end):
        for line in batch.split(b"\n"):
            head: Head | None
            try:
                head = decode_head(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                # A byte order mark or a blank line may be all that is wrong.
                head = head_of(line) if line.strip() else _NOTHING
            if head is None:
                unreadable.append(offset)
            elif head.annotator == annotator and head.task_id is not None:
                add(head.task_id, offset, head.answer or "", head.input_hash)
                made_with[_text(head.recipe), _text(head.view_id)] += 1
            offset += len(line) + 1
        progress(offset, end)
    return unreadable


class Decisions:
    """Which tasks are decided, how, where their last line is, and in which order.

    Rows are lines of one annotator, numbered in the order of the file. A row
    is live as long as no later one has its task. About 40 bytes a row.

    Attributes:
        made_with: How many of the lines that were read were made with each recipe and view, as
            the format calls it; None where a line does not say.
    """

    def __init__(self) -> None:
        self.made_with: Counter[tuple[str | None, str | None]] = Counter()
        self._tasks = KeyTable()
        self._last = array("I")
        self._offsets = array("Q")
        self._answers = bytearray()
        self._names: list[str] = []
        self._codes: dict[str, int] = {}
        self._inputs = array("q")
        self._dead: list[int] = []
        self._dead_sorted = True
        self._live: list[int] = []
        self._input_table: KeyTable | None = None
        self._by_input: array[int] | None = None

    def __len__(self) -> int:
        """How many tasks are decided."""
        return len(self._tasks)

    def add(self, task_id: str, offset: int, answer: str, input_hash: object) -> int:
        """Add the next line and return its row; one that is there already is not added."""
        row = len(self._offsets)
        task = self._tasks.number(key_of(task_id))
        code = self._codes.get(answer)
        if code is None:
            code = self._code(answer)
        if task == len(self._last):
            self._last.append(row)
        else:
            old = self._last[task]
            if self._offsets[old] == offset:
                return old
            self._last[task] = row
            self._live[self._answers[old]] -= 1
            self._dead.append(old)
            self._dead_sorted = False
        self._offsets.append(offset)
        self._answers.append(code)
        self._live[code] += 1
        try:
            self._inputs.append(input_hash)  # type: ignore[arg-type]
        except (TypeError, OverflowError):
            self._inputs.append(_signed(input_hash))
        if self._input_table is not None and self._inputs[-1] != _NO_HASH:
            self._input_table.number(self._inputs[-1] & 0xFFFF_FFFF_FFFF_FFFF)
        return row

    def place(self, row: int, offset: int) -> None:
        """Say where a pending row came to stand in the file."""
        self._offsets[row] = offset

    def decided(self, task_id: str) -> bool:
        """Whether there is a line for a task."""
        return self._tasks.find(key_of(task_id)) >= 0

    def decided_input(self, input_hash: int) -> bool:
        """Whether there is a line with this input hash; the first call builds a table."""
        if self._input_table is None:
            self._input_table = table = KeyTable()
            for value in self._inputs:
                if value != _NO_HASH:
                    table.number(value & 0xFFFF_FFFF_FFFF_FFFF)
        return self._input_table.find(_signed(input_hash) & 0xFFFF_FFFF_FFFF_FFFF) >= 0

    def with_input(self, input_hash: int) -> list[int]:
        """Where the lines begin that were read and have this input hash, but superseded ones.

        The first call puts all lines in the order of their hashes.
        """
        inputs = self._inputs
        if self._by_input is None:
            self._by_input = array("I", sorted(range(len(inputs)), key=inputs.__getitem__))
        rows, wanted = self._by_input, _signed(input_hash)
        first = bisect_left(rows, wanted, key=inputs.__getitem__)
        last = bisect_right(rows, wanted, lo=first, key=inputs.__getitem__)
        dead = set(self._dead) if last > first else ()
        return [self._offsets[row] for row in rows[first:last] if row not in dead]

    def offset(self, task_id: str) -> int | None:
        """Where a task's last line begins in bytes, `PENDING`, or None."""
        task = self._tasks.find(key_of(task_id))
        return None if task < 0 else self._offsets[self._last[task]]

    def nth_offset(self, number: int) -> int:
        """Where the live line begins that is `number`-th in the order of decision.

        Raises:
            IndexError: There are not as many.
        """
        if not 0 <= number < len(self):
            raise IndexError(number)
        dead = self._sorted_dead()
        low, high = 0, len(dead)
        while low < high:
            middle = (low + high) // 2
            if dead[middle] - middle <= number:
                low = middle + 1
            else:
                high = middle
        return self._offsets[number + low]

    @property
    def counts(self) -> dict[str, int]:
        """How many tasks are decided which way."""
        return {name: self._live[code] for name, code in self._codes.items() if self._live[code]}

    @property
    def superseded(self) -> int:
        """How many lines have a later one of the same task."""
        return len(self._dead)

    def superseded_offsets(self) -> list[int]:
        """Where superseded lines begin, ascending."""
        return [self._offsets[row] for row in self._sorted_dead()]

    def _sorted_dead(self) -> list[int]:
        if not self._dead_sorted:
            self._dead.sort()
            self._dead_sorted = True
        return self._dead

    def _code(self, answer: str) -> int:
        if len(self._names) == 255:
            answer = ""
        code = self._codes.setdefault(answer, len(self._names))
        if code == len(self._names):
            self._names.append(answer)
            self._live.append(0)
        return code


def _text(value: object) -> str | None:
    return value if type(value) is str else None


def _signed(input_hash: object) -> int:
    """A hash as 64 bits with a sign, as the array has them."""
    if isinstance(input_hash, int):
        value = input_hash & 0xFFFF_FFFF_FFFF_FFFF
    elif isinstance(input_hash, str):
        value = key_of(input_hash)
    else:
        return _NO_HASH
    return value - (1 << 64) if value >= 1 << 63 else value
