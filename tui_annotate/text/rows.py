"""Objects of a line that there are many of: structs that read like the objects of JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec


class Row(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A struct that is written as an object without what has no value, and reads like one.

    A line of 100,000 tokens has some 300,000 of them: as dicts each costs several times as
    much to make, and the garbage collector looks through them all, again and again.
    """

    def __getitem__(self, name: str) -> Any:
        """The value of a field.

        Raises:
            KeyError: It has none.
        """
        value = getattr(self, name, None)
        if value is None:
            raise KeyError(name)
        return value

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a field, or something else where it has none."""
        value = getattr(self, name, None)
        return default if value is None else value

    def __contains__(self, name: object) -> bool:
        """Whether a field has a value."""
        return name in self.__struct_fields__ and getattr(self, str(name)) is not None

    def keys(self) -> list[str]:
        """The fields that have a value."""
        return [name for name in self.__struct_fields__ if getattr(self, name) is not None]

    def __iter__(self) -> Iterator[str]:
        """The same, one by one."""
        return iter(self.keys())

    def __len__(self) -> int:
        """How many those are."""
        return len(self.keys())


Mapping.register(Row)


class TokenRow(Row, frozen=True, gc=False):
    """A token: its text, where it stands (code points), its id, and whether a space follows."""

    text: str
    start: int
    end: int
    id: int
    ws: bool


class TagRow(Row, frozen=True, omit_defaults=True, gc=False):
    """The span of a token's tag."""

    start: int
    end: int
    token_start: int
    token_end: int
    label: str
    source: str | None = None
    score: float | None = None
