"""Parts of a picture that are made again only when something of theirs differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Made = TypeVar("Made")


class Memo:
    """Keeps what was made last, by the name of the part."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[Any, Any]] = {}

    def get(self, name: str, key: Any, make: Callable[[], Made]) -> Made:
        """What was made of a part, or what is made of it now.

        Args:
            name: The part.
            key: What it depends on.
            make: Makes it.
        """
        held = self._parts.get(name)
        if held is not None and held[0] == key:
            made: Made = held[1]
            return made
        made = make()
        self._parts[name] = key, made
        return made

    def hold(self, name: str, thing: Any) -> None:
        """Keep a thing alive, so that its id, which a key may have, stays its own."""
        self._parts[name] = None, thing
