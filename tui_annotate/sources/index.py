"""Where the tasks of a stream are, in some 40 bytes a task."""

from __future__ import annotations

from array import array
from bisect import bisect_right

FIRST_SLOTS = 1 << 10
NOTHING = 0


class PositionIndex:
    """Locator, line, hash and occurrence of every position seen.

    Flat arrays and a hash table of our own: a million tasks in dicts and sets of Python
    integers would take five times the memory.
    """

    def __init__(self) -> None:
        self._locators = array("Q")
        self._lines = array("q")
        self._owns = array("Q")
        self._occurrences = array("I")
        # The occurrence before this one, as its position + 1: a chain per hash.
        self._befores = array("I")
        # Open addressing; a slot holds the position + 1 of the latest occurrence of a hash.
        self._slots = array("I", bytes(4 * FIRST_SLOTS))
        self._filled = 0

    def __len__(self) -> int:
        return len(self._owns)

    def append(self, locator: int, line: int | None, own: int) -> int:
        """Take in the next position.

        Args:
            locator: What the source finds it by.
            line: Its line, if it has one; see `Origin`.
            own: Its hash; 0 for what is no task.

        Returns:
            Its occurrence among the tasks of the same hash, from 1; 0 for what is no task.
        """
        owns = self._owns
        occurrence = before = NOTHING
        if own:
            slots = self._slots
            mask = len(slots) - 1
            at = own & mask
            occurrence = 1
            while held := slots[at]:
                if owns[held - 1] == own:
                    occurrence, before = self._occurrences[held - 1] + 1, held
                    break
                at = (at + 1) & mask
            slots[at] = len(owns) + 1
        owns.append(own)
        self._locators.append(locator)
        self._lines.append(line or 0)
        self._occurrences.append(occurrence)
        self._befores.append(before)
        if occurrence == 1:
            self._filled += 1
            if self._filled * 2 > len(self._slots):
                self._grow()
        return occurrence

    def locator(self, position: int) -> int:
        """What the source finds a position by."""
        return self._locators[position]

    def line(self, position: int) -> int | None:
        """The line of a position."""
        return self._lines[position] or None

    def own(self, position: int) -> int:
        """The hash at a position; 0 where there is no task."""
        return self._owns[position]

    def occurrence(self, position: int) -> int:
        """Which of the tasks with its hash a position is, from 1."""
        return self._occurrences[position]

    def alike(self, position: int) -> int:
        """How many positions have the hash of one; 0 where there is no task."""
        own = self._owns[position]
        held = self._latest(own) if own else NOTHING
        return self._occurrences[held - 1] if held else 0

    def _latest(self, own: int) -> int:
        """The latest occurrence of a hash, as its position + 1; 0 for none."""
        slots, owns = self._slots, self._owns
        mask = len(slots) - 1
        at = own & mask
        while (held := slots[at]) and owns[held - 1] != own:
            at = (at + 1) & mask
        return held

    def find(self, own: int, occurrence: int) -> int | None:
        """The position of an occurrence of a hash."""
        held = self._latest(own)
        while held and self._occurrences[held - 1] > occurrence:
            held = self._befores[held - 1]
        if held and self._occurrences[held - 1] == occurrence:
            return held - 1
        return None

    def size(self) -> int:
        """How many bytes it takes."""
        arrays = (self._locators, self._lines, self._owns, self._occurrences, self._befores)
        return sum(len(one) * one.itemsize for one in (*arrays, self._slots))

    def _grow(self) -> None:
        owns = self._owns
        old = self._slots
        slots = self._slots = array("I", bytes(8 * len(old)))
        mask = len(slots) - 1
        for held in old:
            if held:
                at = owns[held - 1] & mask
                while slots[at]:
                    at = (at + 1) & mask
                slots[at] = held


class FileRuns:
    """Which file each position is in: runs of them, as only a folder has more than one."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._paths: list[str] = []

    def add(self, position: int, path: str) -> None:
        """Take in the next position.

        Args:
            position: Later than all before it.
            path: Its file, as messages name it.
        """
        if not self._paths or path is not self._paths[-1]:
            self._starts.append(position)
            self._paths.append(path)

    def of(self, position: int) -> str:
        """The file of a position that was taken in."""
        return self._paths[bisect_right(self._starts, position) - 1]
