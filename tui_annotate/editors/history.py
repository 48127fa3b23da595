"""Undo and redo without limit: over immutable snapshots, or over steps that can be turned back."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class History(Generic[T]):
    """What was before the current state, and what was undone.

    An entry is either a snapshot, the state before an edit, or a delta, what an edit has
    changed. An editor of snapshots says what its current state is when it travels; one of
    deltas turns back, or repeats, the entry that it is given.
    """

    def __init__(self) -> None:
        self._past: list[T] = []
        self._future: list[T] = []
        self._run: Hashable | None = None

    def push(self, entry: T, run: Hashable | None = None) -> None:
        """Remember an edit; what was undone is gone.

        Args:
            entry: The state before it, or what it changes.
            run: What the edit is, where several of the kind are undone together: of those
                that follow each other only the first is remembered. For snapshots only.
        """
        if run is None or run != self._run:
            self._past.append(entry)
            self._future.clear()
        self._run = run

    def end_run(self) -> None:
        """The next edit is undone by itself, whatever it is."""
        self._run = None

    def undo(self, current: T | None = None) -> T | None:
        """The entry of the last edit, or None.

        Args:
            current: The state as it is now, where entries are snapshots.
        """
        return self._travel(self._past, self._future, current)

    def redo(self, current: T | None = None) -> T | None:
        """The entry that was undone last, or None.

        Args:
            current: The state as it is now, where entries are snapshots.
        """
        return self._travel(self._future, self._past, current)

    def _travel(self, out: list[T], into: list[T], current: T | None) -> T | None:
        self._run = None
        if not out:
            return None
        entry = out.pop()
        into.append(entry if current is None else current)
        return entry
