"""Files of sound themselves as a source: one, a folder of them, or a pattern."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from threading import Event

from tui_annotate.sources.source import Invalid, Record, Source
from tui_annotate.task.audio_names import task_name
from tui_annotate.wording import shown_path

COUNTED_AT_ONCE = 5000


class SoundFiles(Source):
    """Files of sound, each of them a task; the locator is the place in their order.

    Args:
        name: What the status line calls it.
        stem: What the default output is named after.
        path: The file or folder; None for a pattern.
        files: Finds the files anew, in their order, as the user named them.
    """

    def __init__(
        self, name: str, stem: str, path: Path | None, files: Callable[[], Iterator[str]]
    ) -> None:
        super().__init__(name, stem, path)
        self._files = files
        self._coming = files()
        self._found: list[str] = []

    def records(self) -> Iterator[Record | Invalid]:
        """Read on, finding the files on the way."""
        at = 0
        while at < len(self._found) or self._find():
            yield self.reread(at)
            at += 1

    def _find(self) -> bool:
        for file in islice(self._coming, 1):
            self._found.append(file)
            return True
        return False

    def reread(self, locator: int) -> Record | Invalid:
        """Make the task of a file."""
        file = self._found[locator]
        name = task_name(file)
        return Record({"audio": name, "path": name}, shown_path(file), None, locator)

    def base(self, shown: str) -> Path:
        """The current folder: that is where the user named the files from."""
        return Path()

    def total(self) -> int | None:
        """Count a few thousand files."""
        while len(self._found) < COUNTED_AT_ONCE:
            if not self._find():
                return len(self._found)
        return None

    def count(self, cancelled: Event) -> int | None:
        """Count all the files."""
        total = 0
        for _ in self._files():
            total += 1
            if cancelled.is_set():
                return None
        return total

    def close(self) -> None:
        """Nothing is open."""
