"""Undo and redo over immutable snapshots, without limit."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class History(Generic[T]):
    """The states before and after the current one."""

    def __init__(self) -> None:
        self._past: list[T] = []
        self._future: list[T] = []

    def push(self, before: T) -> None:
        """Remember the state before an edit; what was undone is gone."""
        self._past.append(before)
        self._future.clear()

    def undo(self, current: T) -> T | None:
        """The state before the last edit, or None."""
        if not self._past:
            return None
        self._future.append(current)
        return self._past.pop()

    def redo(self, current: T) -> T | None:
        """The state that was undone last, or None."""
        if not self._future:
            return None
        self._past.append(current)
        return self._future.pop()
