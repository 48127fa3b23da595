"""Records put aside in a temporary file, for sources that can be read only once."""

from __future__ import annotations

import os
import tempfile
from typing import IO

import msgspec

from tui_annotate.errors import AnnotateError
from tui_annotate.task.task import Fields
from tui_annotate.wording import reason

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Spool:
    """An unlinked temporary file of JSON lines.

    A record's fields are an object, the reason why something is no record a string.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._length = 0
        self._at_end = True

    def append(self, item: Fields | str) -> int:
        """Put an item aside and say where.

        Raises:
            AnnotateError: The temporary folder has no room.
        """
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="tui-annotate-")  # noqa: SIM115
            if not self._at_end:
                self._file.seek(0, os.SEEK_END)
                self._at_end = True
            locator = self._length
            self._length += self._file.write(_encode(item) + b"\n")
        except OSError as error:
            raise AnnotateError(
                f"the source cannot be saved to a temporary file ({reason(error)})",
                where=tempfile.gettempdir(),
                do="free some space, or set TMPDIR to a folder with room",
            ) from error
        return locator

    def read(self, locator: int) -> Fields | str:
        """Give back what was put aside."""
        assert self._file is not None
        self._at_end = False
        self._file.seek(locator)
        item: Fields | str = _decode(self._file.readline())
        return item

    def close(self) -> None:
        """Give the room back."""
        if self._file is not None:
            self._file.close()
            self._file = None
