"""Files that appear whole or not at all: made in a hidden folder, moved into place at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import IO

from tui_annotate.errors import UsageError
from tui_annotate.store.disk import Disk


class AtomicFiles:
    """Several files that are put in place together, or none of them.

    Until `commit`, they stand in a hidden folder beside the place they are for, under the
    names that they will have: a file that leads to another by its name finds it.

    Args:
        folder: Where the files go; created on `commit` if it is not there.
        force: Replace files that are there.

    Raises:
        OSError: The hidden folder cannot be made.
    """

    def __init__(self, folder: Path, *, force: bool = False) -> None:
        self._folder = folder
        self._force = force
        there = folder
        while not there.is_dir():
            there = there.parent
        self._hidden = Path(mkdtemp(prefix=f".{folder.name or 'export'}.new-", dir=there))
        self._open: list[IO[bytes]] = []
        self._names: list[str] = []

    def __enter__(self) -> AtomicFiles:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()
        shutil.rmtree(self._hidden, ignore_errors=True)

    def open(self, name: str) -> IO[bytes]:
        """Begin a file.

        Args:
            name: Its name in the folder, without folders of its own.

        Raises:
            UsageError: It is there already.
            OSError: It cannot be made.
        """
        path = self._taken(name)
        stream = path.open("wb")
        self._open.append(stream)
        return stream

    def write(self, name: str, data: bytes) -> None:
        """Write a whole file; its name may have been taken before."""
        path = self._hidden / name if name in self._names else self._taken(name)
        path.write_bytes(data)

    def take(self, name: str) -> None:
        """Make sure, before the work begins, that a file may have this name; see `open`."""
        self._taken(name).touch()

    def _taken(self, name: str) -> Path:
        if Path(name).name != name:
            raise UsageError("this cannot be the name of a file", where=name)
        place = self._folder / name
        if name in self._names:
            raise UsageError("two tasks would be written to this file", where=str(place))
        if place.is_dir():
            raise UsageError("there is a folder of this name", where=str(place))
        if place.exists() and not self._force:
            raise UsageError(
                "this file exists", where=str(place), do="name another with -o, or add --force"
            )
        self._names.append(name)
        return self._hidden / name

    @property
    def names(self) -> list[str]:
        """The files there are so far, in the order they were begun."""
        return list(self._names)

    def path(self, name: str) -> Path:
        """Where a file is for now, for reading it before it is put in place."""
        self._close()
        return self._hidden / name

    def commit(self) -> list[Path]:
        """Put the files in place, and say where they are.

        Raises:
            UsageError: A file of such a name has come there in the meantime.
            OSError: One cannot be put in place.
        """
        self._close()
        disk = Disk()
        for name in self._names:
            with (self._hidden / name).open("rb") as stream:
                disk.fsync(stream.fileno())
        self._folder.mkdir(parents=True, exist_ok=True)
        places = list(self._moved(disk))
        disk.fsync_folder(self._folder)
        return places

    def _moved(self, disk: Disk) -> Iterator[Path]:
        for name in self._names:
            place = self._folder / name
            if place.exists():
                if not self._force:
                    raise UsageError("this file has just been made", where=str(place))
                # A link stays one, and who may read the file does not change.
                place = place.resolve()
                with contextlib.suppress(OSError):
                    os.chmod(self._hidden / name, place.stat().st_mode & 0o7777)
            try:
                disk.replace(self._hidden / name, place)
            except OSError:
                # Another file system, behind a link.
                shutil.copyfile(self._hidden / name, place)
            yield self._folder / name

    def _close(self) -> None:
        while self._open:
            self._open.pop().close()
