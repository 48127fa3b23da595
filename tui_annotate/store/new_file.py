"""A file that is there whole, or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import IO

from tui_annotate.errors import UsageError
from tui_annotate.wording import reason, shown_path


class NewFile:
    """Writes a file beside its place and puts it there on leaving the ``with`` block.

    After an error nothing of it is left, and what was at its place before is untouched.

    Args:
        path: Where it goes.
        force: Whether it may replace a file.

    Raises:
        UsageError: There is such a file already, or none can be made there.
    """

    def __init__(self, path: Path, *, force: bool = False) -> None:
        self.path = path
        self._stream: IO[bytes] | None = None
        if path.is_dir():
            raise UsageError(
                "the output is a folder", where=shown_path(path), do="name a file in it"
            )
        if not path.parent.is_dir():
            raise UsageError(
                "there is no such folder", where=shown_path(path.parent), do="make it first"
            )
        if os.path.lexists(path) and not force:
            raise UsageError(
                "this file exists",
                where=shown_path(path),
                do="name another with -o, or replace it with --force",
            )
        self._force = force
        self._part = path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}.part")

    def __enter__(self) -> IO[bytes]:
        try:
            self._stream = self._part.open("xb")
        except OSError as error:
            raise UsageError(
                f"no file can be made there ({reason(error)})", where=shown_path(self.path)
            ) from error
        return self._stream

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._stream is not None
        try:
            if error is None:
                self._put_in_place(self._stream)
        except OSError as failed:
            raise UsageError(
                f"the file cannot be written ({reason(failed)})", where=shown_path(self.path)
            ) from failed
        finally:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._part.unlink(missing_ok=True)

    def _put_in_place(self, stream: IO[bytes]) -> None:
        stream.flush()
        os.fsync(stream.fileno())
        stream.close()
        if not self._force and os.path.lexists(self.path):
            raise UsageError(
                "this file was made meanwhile",
                where=shown_path(self.path),
                do="name another with -o, or replace it with --force",
            )
        # A link stays one, and what it leads to is replaced.
        os.replace(self._part, os.path.realpath(self.path))
