"""Switches of the view that are as one left them."""

from __future__ import annotations

import contextlib

import msgspec

from tui_annotate.store.disk import Disk, write_atomically
from tui_annotate.store.folder import SessionFolder


class Switches:
    """The file `view.json` of a session folder; without it nothing is lost."""

    def __init__(self, folder: SessionFolder, *, disk: Disk | None = None) -> None:
        self._path = folder.path / "view.json"
        self._disk = disk or Disk()
        self._values: dict[str, bool] = {}
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            self._values = msgspec.json.decode(self._path.read_bytes(), type=dict[str, bool])

    def get(self, name: str) -> bool | None:
        """How a switch was left; None if it never was touched."""
        return self._values.get(name)

    def set(self, name: str, value: bool) -> None:
        """Remember a switch, if that can be."""
        self._values[name] = value
        with contextlib.suppress(OSError):
            write_atomically(self._disk, self._path, msgspec.json.encode(self._values))
