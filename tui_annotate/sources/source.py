"""What every source is: records in order, each of which can be read again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import msgspec

from tui_annotate.task.task import Fields

CHANGED = "the file changed while it was open; quit and start again to read it as it is now"


class Record(msgspec.Struct, frozen=True, gc=False):
    """A task as a source gives it.

    Attributes:
        fields: The task.
        path: The file it is in, as messages name it.
        line: Where it begins, as `Origin` has it.
        locator: What `Source.reread` finds it by.
    """

    fields: Fields
    path: str
    line: int | None
    locator: int


class Invalid(msgspec.Struct, frozen=True, gc=False):
    """A stretch of a source that is no task.

    Attributes:
        message: What is wrong with it, without the place and without a full stop.
        path: The file it is in, as messages name it.
        line: Where it begins, as `Origin` has it.
        locator: What `Source.reread` finds it by.
        lost: What follows it in its file cannot be read either.
    """

    message: str
    path: str
    line: int | None
    locator: int
    lost: bool = False


class Source(ABC):
    """Where tasks come from; read lazily, in order, once.

    Attributes:
        name: What the status line calls it.
        stem: What the default output is named after.
        path: The file or folder; None for the standard input.
        notices: What a user should know about how it was read.
    """

    def __init__(self, name: str, stem: str, path: Path | None) -> None:
        self.name = name
        self.stem = stem
        self.path = path
        self.notices: list[str] = []

    @abstractmethod
    def records(self) -> Iterator[Record | Invalid]:
        """Read on, lazily; a source is read once."""

    @abstractmethod
    def reread(self, locator: int) -> Record | Invalid:
        """Read one record again.

        Its `path` and `line` need not be right, for the caller knew them before.
        """

    @abstractmethod
    def total(self) -> int | None:
        """How many records there are, where that can be known at once."""

    @abstractmethod
    def count(self, cancelled: Event) -> int | None:
        """Count the records, which may take a while; for a thread of its own.

        Returns:
            None if cancelled, or where the source cannot be read twice.
        """

    def holds(self, path: Path) -> bool:
        """Whether a file is (part of) this source, so that nothing may be written to it."""
        if self.path is None:
            return False
        own, other = self.path.resolve(), path.resolve()
        return own == other

    def base(self, shown: str) -> Path:
        """The folder that relative names in a record count from.

        Args:
            shown: The `path` of the record.
        """
        return Path() if self.path is None or self.path.is_dir() else self.path.parent

    def leave_out(self, path: Path) -> None:  # noqa: B027
        """Do not read a file of a folder, such as the output; only before reading begins."""

    @abstractmethod
    def close(self) -> None:
        """Let go of files; reading again is an error afterwards."""
