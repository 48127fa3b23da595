"""Work on a file that several tasks wait for, such as windows of one long sound."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    """What can be given up."""

    def close(self) -> None:
        """Give it up."""
        ...


Job = TypeVar("Job", bound=Closable)


class Shared(Generic[Job]):
    """Keeps one of each kind, for as long as anyone needs it."""

    def __init__(self) -> None:
        self._held: dict[Hashable, tuple[Job, int]] = {}

    def take(self, key: Hashable, make: Callable[[], Job]) -> Job:
        """The one of that name, made if there is none; each call wants a `drop`."""
        work, users = self._held.get(key) or (make(), 0)
        self._held[key] = work, users + 1
        return work

    def drop(self, key: Hashable) -> None:
        """One needs it no more; the last one closes it."""
        work, users = self._held.pop(key)
        if users > 1:
            self._held[key] = work, users - 1
        else:
            work.close()
