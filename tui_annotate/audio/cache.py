"""What was computed from sounds and would be again: peaks, and decoded copies.

One file each, in one folder. A name is a hash of the source's path, size and
time of change, so that a changed sound is another. Files are written under a
name of their own and renamed when they are whole: a crash leaves nothing that
could be taken for one. The least recently used go first.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tui_annotate import config
from tui_annotate.audio.header import Stamp
from tui_annotate.errors import AnnotateError
from tui_annotate.sizes import size_of
from tui_annotate.wording import reason

DEFAULT_LIMIT = 4_000_000_000
"""Bytes; some six hours of CD as FLAC."""

LIMIT_VARIABLE = "TUI_ANNOTATE_CACHE_SIZE"

_LAYOUT = b"2"
"""Goes up when what was made before must be made again: first for sounds that were read in part."""

_IN_USE = 3600.0
_ABANDONED = 86_400.0
_PART = ".part"
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Usage:
    """How full the cache is.

    Attributes:
        files: How many files.
        size: Their bytes.
    """

    files: int
    size: int


class Cache:
    """The folder of what was computed.

    Args:
        folder: Where; by default ``audio`` in the user's cache folder.
        limit: The bytes it may hold; by default what the user set.
    """

    def __init__(self, folder: Path | None = None, limit: int | None = None) -> None:
        self.folder = folder or config.cache_folder() / "audio"
        self.limit = configured_limit() if limit is None else limit

    def path(self, source: str, stamp: Stamp, kind: str) -> Path:
        """Where something that was made of a source is, or would be.

        Args:
            source: The sound.
            stamp: Its size and time.
            kind: What is made of it: ``peaks``, ``flac``.
        """
        digest = hashlib.blake2b(digest_size=16)
        for part in (
            _LAYOUT,
            os.fsencode(os.path.realpath(source)),
            str(stamp.size).encode(),
            str(stamp.mtime).encode(),
        ):
            digest.update(part + b"\0")
        return self.folder / f"{digest.hexdigest()}.{kind}"

    def find(self, source: str, stamp: Stamp, kind: str) -> Path | None:
        """A file that is there already, and now counts as used."""
        path = self.path(source, stamp, kind)
        return path if touch(path) else None

    def check(self) -> None:
        """See that files can be put there.

        Raises:
            AnnotateError: If they cannot.
        """
        probe = self.begin(self.folder / "check")
        try:
            probe.touch(mode=0o600)
            probe.unlink()
        except OSError as error:
            raise self.unwritable(error) from None

    def begin(self, path: Path) -> Path:
        """The name under which to write what will be `path`.

        Raises:
            AnnotateError: If the folder cannot be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise self.unwritable(error) from None
        # One sound may have two names: whoever writes has a file of its own.
        own = f"{_host()}-{next(_numbers)}-{os.getpid()}"
        return path.with_name(f"{path.name}.{own}{_PART}")

    def finish(self, part: Path, path: Path) -> None:
        """Give what is written its name, and make room.

        Raises:
            AnnotateError: If that cannot be done.
        """
        try:
            with open(part, "rb+") as file:
                os.fsync(file.fileno())
            os.replace(part, path)
        except OSError as error:
            raise self.unwritable(error) from None
        self.trim(keep=path)

    def unwritable(self, error: OSError) -> AnnotateError:
        """The error for a folder that takes no more."""
        return AnnotateError(
            f"the cache cannot be written ({reason(error)})",
            where=str(self.folder),
            do="free some space, or name another folder in XDG_CACHE_HOME",
        )

    def usage(self) -> Usage:
        """How full it is now."""
        sizes = [status.st_size for _, status in self._files()]
        return Usage(len(sizes), sum(sizes))

    def kinds(self) -> dict[str, tuple[int, int]]:
        """Of each kind, how many files there are and their bytes."""
        found = {"peaks": (0, 0), "copies": (0, 0)}
        for path, status in self._files():
            kind = "peaks" if ".peaks" in path.name else "copies"
            files, size = found[kind]
            found[kind] = files + 1, size + status.st_size
        return found

    def clear(self) -> Usage:
        """Remove everything but what is being written; what was removed."""
        now = time.time()
        return self._remove(
            [p for p, s in self._files() if p.suffix != _PART or _given_up(p, s, now)]
        )

    def trim(self, keep: Path | None = None) -> Usage:
        """Remove what was used least recently until the rest fits; what was removed.

        What was used within the hour stays: a session may be at work on it.
        """
        now = time.time()
        files = list(self._files())
        gone = [p for p, s in files if p.suffix == _PART and _given_up(p, s, now)]
        whole = sorted(
            ((s.st_mtime, s.st_size, p) for p, s in files if p.suffix != _PART),
            key=lambda entry: entry[0],
        )
        over = sum(size for _, size, _ in whole) - self.limit
        for used, size, path in whole:
            if over <= 0 or now - used < _IN_USE:
                break
            if path != keep:
                gone.append(path)
                over -= size
        return self._remove(gone)

    def _remove(self, paths: list[Path]) -> Usage:
        files = size = 0
        for path in paths:
            with contextlib.suppress(OSError):  # gone already, or held open on Windows
                length = path.stat().st_size
                path.unlink()
                files, size = files + 1, size + length
        return Usage(files, size)

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.is_file(follow_symlinks=False):
                        yield Path(entry.path), entry.stat(follow_symlinks=False)


def _host() -> str:
    import platform

    return hashlib.blake2b(platform.node().encode(), digest_size=4).hexdigest()


def _given_up(part: Path, status: os.stat_result, now: float) -> bool:
    """Whether nobody writes a file any more that is not whole."""
    return now - status.st_mtime > _ABANDONED or _orphaned(part)


def _orphaned(part: Path) -> bool:
    """Whether the process that wrote a file ran on this machine, and is gone."""
    host, *_, pid = part.stem.rpartition(".")[2].split("-")
    if host != _host() or not pid.isdecimal() or os.name != "posix":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def touch(path: Path) -> bool:
    """Count a file as used now; whether it is there."""
    try:
        os.utime(path)
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def configured_limit() -> int:
    """The bytes that the user allows: the variable, the setting, or `DEFAULT_LIMIT`.

    Raises:
        AnnotateError: If what is set is no size.
    """
    if text := os.environ.get(LIMIT_VARIABLE):
        size = size_of(text)
        if size is None:
            raise AnnotateError(
                f"{text!r} is not a valid size",
                where=LIMIT_VARIABLE,
                do="write it as 4 GB or 500 MB",
            )
        return size
    return config.load().cache_size or DEFAULT_LIMIT
