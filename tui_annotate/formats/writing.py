"""Writing tasks in a format: where they go, and what a writer is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from tui_annotate.store.atomic import AtomicFiles
from tui_annotate.task.task import Fields

TRAIN, DEV = "train", "dev"
"""The parts of an export that is split."""


class OnOffer(msgspec.Struct, frozen=True):
    """The labels that were on offer in any of the tasks, in the order they were met.

    Attributes:
        spans: For spans.
        classes: For classes and questions.
        overlapping: Spans may overlap: in some task they do, or were allowed to.
    """

    spans: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    overlapping: bool = False


class Target(msgspec.Struct, frozen=True):
    """Where an export goes.

    Attributes:
        files: The files that are made.
        stem: The name of the output without its suffix; empty where the output is a folder
            that was named.
        suffix: The suffix of the output's name, with the dot.
        options: What the user chose, by the names of the format's options.
        offered: The labels that were on offer.
        split: There are two parts, `TRAIN` and `DEV`.
        folder: Where the files will be.
    """

    files: AtomicFiles
    stem: str
    suffix: str
    options: Mapping[str, Any]
    offered: OnOffer
    split: bool = False
    folder: Path = Path()

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts there are; one without a name where nothing is split."""
        return (TRAIN, DEV) if self.split else ("",)

    def name(self, part: str = "", suffix: str | None = None) -> str:
        """The name of a file.

        Args:
            part: The part that it holds.
            suffix: Its suffix, with the dot; that of the output, if it is not named.
        """
        suffix = self.suffix if suffix is None else suffix
        stem = ".".join(filter(None, (self.stem, part)))
        return (stem or "tasks") + suffix


class Writer(ABC):
    """Takes tasks, one after the other, and writes them.

    Args:
        target: Where to.
    """

    def __init__(self, target: Target) -> None:
        self.target = target

    @property
    def compared(self) -> str | None:
        """What the writer itself has read back and compared; None where it has not."""
        return None

    @property
    def remarks(self) -> list[str]:
        """What else is to be said of what was written, one sentence each, at the end."""
        return []

    @abstractmethod
    def add(self, fields: Fields, part: str) -> None:
        """Take the next task.

        Args:
            fields: The task, with nothing in it that the format cannot hold.
            part: Which part it belongs to; empty where nothing is split.
        """

    @abstractmethod
    def close(self) -> Mapping[str, str | Sequence[str]]:
        """Write what is left.

        Returns:
            The name of the file to read each part back from, or the names of several, by the
            part.
        """


class StreamWriter(Writer):
    """Writes each task as it comes, a file for each part.

    Args:
        target: Where to.
        encode: From a task to its bytes.
        head: What each file begins with.
        tail: What each file ends with.
    """

    def __init__(
        self,
        target: Target,
        encode: Callable[[Fields], bytes],
        *,
        head: bytes = b"",
        tail: bytes = b"",
    ) -> None:
        super().__init__(target)
        self._encode = encode
        self._tail = tail
        self._streams: dict[str, IO[bytes]] = {}
        for part in target.parts:
            self._streams[part] = target.files.open(target.name(part))
            self._streams[part].write(head)

    def add(self, fields: Fields, part: str) -> None:
        """Write the next task."""
        self._streams[part].write(self._encode(fields))

    def close(self) -> Mapping[str, str | Sequence[str]]:
        """End the files."""
        for stream in self._streams.values():
            stream.write(self._tail)
        return {part: self.target.name(part) for part in self._streams}
