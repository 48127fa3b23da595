"""A table from 64-bit keys to small numbers, in a few bytes each.

A dict of a million strings to numbers takes 200 MB, one of ints 120; these
arrays take 16 to 28, and a lookup costs half a microsecond.
"""

from __future__ import annotations

from array import array

from tui_annotate.store.digest import blake2b

_MASK = 0xFFFF_FFFF_FFFF_FFFF


def key_of(name: str) -> int:
    """A 64-bit key of a task id: the id itself where it is sixteen hex digits."""
    if len(name) == 16:
        try:
            return int(name, 16) & _MASK
        except ValueError:
            pass
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest())


class KeyTable:
    """Numbers 0, 1, 2, … for distinct keys, in the order they were first seen."""

    __slots__ = ("_keys", "_mask", "_room", "_slots")

    def __init__(self) -> None:
        self._keys = array("Q")
        self._slots = array("I", bytes(4 * 1024))
        self._mask = 1023
        self._room = 512

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, key: int) -> int:
        """The number of a key, or -1."""
        slots, keys, mask = self._slots, self._keys, self._mask
        at = key & mask
        while number := slots[at]:
            if keys[number - 1] == key:
                return number - 1
            at = at + 1 & mask
        return -1

    def number(self, key: int) -> int:
        """The number of a key, which gets the next one if it is new."""
        slots, keys, mask = self._slots, self._keys, self._mask
        at = key & mask
        while number := slots[at]:
            if keys[number - 1] == key:
                return number - 1
            at = at + 1 & mask
        keys.append(key)
        number = len(keys)
        slots[at] = number
        if number >= self._room:
            self._grow()
        return number - 1

    def _grow(self) -> None:
        size = (self._mask + 1) * 2
        self._room = size // 2
        self._mask = mask = size - 1
        self._slots = slots = array("I", bytes(4 * size))
        for number, key in enumerate(self._keys, 1):
            at = key & mask
            while slots[at]:
                at = at + 1 & mask
            slots[at] = number
