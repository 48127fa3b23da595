"""Where the parts of a text are in a later version of it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_PARTS = re.compile(r"\w+|\s+|[^\w\s]")
_FINE = 2000
"""The characters up to which a part that differs is compared letter by letter."""

_ALIKE = 0.5
"""How much of a stretch has to be there still, for it to be the same one."""


class Part(NamedTuple):
    """A stretch of the earlier text, and what stands in its place in the later one.

    Attributes:
        start: Where it begins in the earlier text, in code points.
        end: Where it ends there.
        to: Where it begins in the later text.
        until: Where it ends there.
        same: Whether both read the same.
    """

    start: int
    end: int
    to: int
    until: int
    same: bool


class Alignment:
    """Finds the offsets of an earlier text in a later one.

    Args:
        before: The earlier text.
        after: The later text.

    Attributes:
        same: Whether both are one text.
        parts: The two texts side by side, in order; empty where they are one.
    """

    def __init__(self, before: str = "", after: str = "") -> None:
        self.same = before == after
        self.parts: Sequence[Part] = () if self.same else tuple(_joined(_parts(before, after)))
        self._before, self._after = before, after
        self._starts = [part.start for part in self.parts]
        self._ends = [part.end for part in self.parts]

    def changes(self) -> Iterator[tuple[str, str]]:
        """What was read in the earlier text, and what stands there now, in whole words."""
        first = last = to = until = -1
        for part in self.parts:
            if part.same:
                continue
            start, low = _word_start(self._before, part.start), _word_start(self._after, part.to)
            if first >= 0 and start >= last + 1:
                yield self._before[first:last].strip(), self._after[to:until].strip()
                first = -1
            if first < 0:
                # What is common to both before the change is as long in either.
                back = min(part.start - start, part.to - low)
                first, to = part.start - back, part.to - back
            on = min(
                _word_end(self._before, part.end) - part.end,
                _word_end(self._after, part.until) - part.until,
            )
            last, until = part.end + on, part.until + on
        if first >= 0:
            yield self._before[first:last].strip(), self._after[to:until].strip()

    def read(self, start: int, end: int) -> str:
        """What a range of the earlier text read; nothing where only the later one is known."""
        return self._before[start:end]

    def place(self, offset: int) -> int:
        """The offset in the later text of what began at an offset in the earlier one."""
        if self.same:
            return offset
        # Of what was put in just before it nothing belongs to it.
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return 0
        part = self.parts[index]
        return min(part.to + offset - part.start, part.until)

    def _end(self, offset: int) -> int:
        """The offset in the later text of what ended at an offset in the earlier one."""
        index = bisect_left(self._ends, offset)
        if index == len(self.parts):
            return len(self._after)
        part = self.parts[index]
        if offset == part.end:
            return part.until
        return max(part.until - (part.end - offset), part.to)

    def stretch(self, start: int, end: int) -> tuple[int, int] | None:
        """The range in the later text of a range of the earlier one; None if it is gone."""
        if self.same:
            return start, end
        first, last = self.place(start), self._end(end)
        if first >= last:
            return None
        # Not before it is wanted: a session begins without it.
        from difflib import SequenceMatcher

        was, now = self._before[start:end], self._after[first:last]
        if was != now and SequenceMatcher(None, was, now, autojunk=False).ratio() < _ALIKE:
            return None
        return first, last


SAME = Alignment()
"""Nothing has changed."""


def _word_start(text: str, at: int) -> int:
    while at and text[at - 1].isalnum():
        at -= 1
    return at


def _word_end(text: str, at: int) -> int:
    while at < len(text) and text[at].isalnum():
        at += 1
    return at


def likeness(before: str, after: str) -> float:
    """How much two texts have in common: 1 where they are one, 0 where they share nothing."""
    if before == after:
        return 1.0
    kept = sum(part.end - part.start for part in _parts(before, after) if part.same)
    return 2 * kept / (len(before) + len(after))


def _parts(before: str, after: str) -> Iterator[Part]:
    """What both have at their ends, and between that, what is alike word by word."""
    least = min(len(before), len(after))
    head = _common(before, after, least)
    tail = _common(before[::-1], after[::-1], least - head)
    # No word is cut between what is common and what is not.
    while head and before[head - 1].isalnum():
        head -= 1
    while tail and before[len(before) - tail].isalnum():
        tail -= 1
    if head:
        yield Part(0, head, 0, head, True)
    inner, later = before[head : len(before) - tail], after[head : len(after) - tail]
    yield from _compared(_PARTS.findall(inner), _PARTS.findall(later), head, head, fine=True)
    if tail:
        first, second = len(before) - tail, len(after) - tail
        yield Part(first, len(before), second, len(after), True)


def _common(one: str, other: str, most: int) -> int:
    """How many characters two texts begin with alike."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _compared(
    before: Sequence[str], after: Sequence[str], start: int, to: int, *, fine: bool
) -> Iterator[Part]:
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, before, after)
    for kind, low, high, first, last in matcher.get_opcodes():
        was, now = "".join(before[low:high]), "".join(after[first:last])
        if kind == "replace" and fine and max(len(was), len(now)) <= _FINE:
            yield from _compared(was, now, start, to, fine=False)
        elif was or now:
            yield Part(start, start + len(was), to, to + len(now), kind == "equal")
        start, to = start + len(was), to + len(now)


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """The same, where those that read the same and follow each other are one."""
    held: Part | None = None
    for part in parts:
        if held is not None and held.same and part.same:
            held = Part(held.start, part.end, held.to, part.until, True)
            continue
        if held is not None:
            yield held
        held = part
    if held is not None:
        yield held
