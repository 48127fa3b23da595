"""What it is to have tasks ready: their content, what is offered for them, and how many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import msgspec

from tui_annotate.suggest.suggestion import Suggestion

C = TypeVar("C", covariant=True)
T = TypeVar("T")


class Content(msgspec.Struct, Generic[C], frozen=True):
    """What is annotated of a task: the tokens of its text, or the clip of its sound.

    Attributes:
        value: The tokens, or the clip.
        remarks: What is odd about it, one sentence each.
    """

    value: C
    remarks: Sequence[str] = ()


class NoContent(msgspec.Struct, frozen=True):
    """A task cannot be annotated, which was found on opening it.

    Attributes:
        reason: Why, without a full stop.
    """

    reason: str


class Offers(msgspec.Struct, frozen=True):
    """What the sources suggest for a task, without overlaps where there may be none.

    Attributes:
        windows: The suggestions, stretch by stretch: of a long task each takes its time.
        more: Whether there may be others later.
    """

    windows: Iterator[list[Suggestion]]
    more: bool = False


class ReadyTasks(Generic[T]):
    """What is known of the tasks around the current one, by position.

    Args:
        limit: How many are kept, those behind included.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._by_position: dict[int, T] = {}

    def __contains__(self, position: int) -> bool:
        return position in self._by_position

    def get(self, position: int) -> T | None:
        """What is known of a task, if it was asked for."""
        return self._by_position.get(position)

    def items(self) -> Sequence[tuple[int, T]]:
        """Every task with its position, those that go first at the beginning."""
        return list(self._by_position.items())

    def add(self, position: int, ready: T) -> None:
        """A task was asked for."""
        self._by_position[position] = ready

    def keep(self, position: int) -> None:
        """Keep a task longer than those asked for before."""
        if position in self._by_position:
            self._by_position[position] = self._by_position.pop(position)

    def trim(self) -> list[int]:
        """Let go of those beyond the limit; their positions."""
        beyond = list(self._by_position)[: max(len(self._by_position) - self._limit, 0)]
        for position in beyond:
            del self._by_position[position]
        return beyond

    def clear(self) -> None:
        """Let go of all."""
        self._by_position.clear()
