"""The few calls on files that the store's promises rest on, in one place.

Everything durable goes through a `Disk`, so that a test can hand in one whose
disk is full, whose fsync fails or which is switched off between two calls.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path
from typing import NamedTuple

_BINARY = getattr(os, "O_BINARY", 0)


class Signature(NamedTuple):
    """What tells that a file is the one it was, byte for byte.

    Attributes:
        device: Of the file system.
        inode: Of the file; another one after a rename over it.
        size: In bytes.
        modified: Nanoseconds, the file system's clock.
    """

    device: int
    inode: int
    size: int
    modified: int

    @classmethod
    def of(cls, status: os.stat_result) -> Signature:
        """The signature in a stat result."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


class Disk:
    """The operating system's files; every method raises `OSError`."""

    def open(self, path: Path, flags: int, mode: int = 0o666) -> int:
        """Open a file and return its descriptor."""
        return os.open(path, flags | _BINARY, mode)

    def write(self, fd: int, data: bytes) -> int:
        """Write once; fewer bytes than given may be taken."""
        return os.write(fd, data)

    def fsync(self, fd: int) -> None:
        """Return once the file's bytes are on the medium."""
        if sys.platform == "darwin":
            # macOS's fsync leaves the bytes in the drive's cache.
            import fcntl

            with contextlib.suppress(OSError):
                fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
                return
        os.fsync(fd)

    def truncate(self, fd: int, length: int) -> None:
        """Cut the file to a length in bytes."""
        os.ftruncate(fd, length)

    def read(self, fd: int, size: int, offset: int) -> bytes:
        """Read up to `size` bytes at an offset; moves the descriptor's position."""
        os.lseek(fd, offset, os.SEEK_SET)
        return os.read(fd, size)

    def position(self, fd: int) -> int:
        """Where the last write through this descriptor ended."""
        return os.lseek(fd, 0, os.SEEK_CUR)

    def signature(self, at: int | Path) -> Signature:
        """The signature of an open file, or of what stands at a path."""
        return Signature.of(os.stat(at))

    def replace(self, source: Path, target: Path) -> None:
        """Rename over whatever is at the target."""
        os.replace(source, target)

    def close(self, fd: int) -> None:
        """Close a descriptor."""
        os.close(fd)

    def fsync_folder(self, folder: Path) -> None:
        """Make names created or renamed in a folder last."""
        if os.name != "posix":
            return
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            # Some network and user-space file systems refuse this; there is
            # no other way to ask them.
            with contextlib.suppress(OSError):
                os.fsync(fd)
        finally:
            os.close(fd)


def write_all(disk: Disk, fd: int, data: bytes) -> None:
    """Write every byte, in as many calls as it takes.

    Raises:
        OSError: The disk is full, or whatever the system says.
    """
    view = memoryview(data)
    while view:
        view = view[disk.write(fd, bytes(view)) :]


def write_atomically(disk: Disk, path: Path, data: bytes) -> None:
    """Put a whole file in place: write, fsync, rename, fsync of the folder.

    The file is readable by its owner alone. What stood there before stays,
    complete, until the rename.

    Raises:
        OSError: Nothing at `path` has changed, and no temporary file is left.
    """
    temporary = path.with_name(f".{path.name}.new")
    fd = disk.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        try:
            write_all(disk, fd, data)
            disk.fsync(fd)
        finally:
            disk.close(fd)
        disk.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    disk.fsync_folder(path.parent)


def append_durably(disk: Disk, path: Path, data: bytes) -> int:
    """Append whole lines to a file beside the output, fsynced.

    Args:
        disk: Where.
        path: Created, for its owner alone, where it is not there.
        data: Lines, each with its line feed.

    Returns:
        The length the file had before.

    Raises:
        OSError: Not everything was written; what was is taken off again where
            the disk allows it.
    """
    fd = disk.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        length = disk.signature(fd).size
        torn = length > 0 and disk.read(fd, 1, length - 1) != b"\n"
        try:
            write_all(disk, fd, b"\n" + data if torn else data)
            disk.fsync(fd)
            disk.fsync_folder(path.parent)
        except OSError:
            with contextlib.suppress(OSError):
                disk.truncate(fd, length)
            raise
    finally:
        disk.close(fd)
    return length


def copy_attributes(source: int, target: int) -> None:
    """Give one open file the owner, mode and extended attributes of another.

    Raises:
        OSError: The owner cannot be given; only a superuser may give files away.
    """
    if os.name != "posix":
        return
    was, now = os.fstat(source), os.fstat(target)
    if (now.st_uid, now.st_gid) != (was.st_uid, was.st_gid):
        os.fchown(target, was.st_uid, was.st_gid)
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(source):
                os.setxattr(target, name, os.getxattr(source, name))
    # Last: a change of owner takes bits off.
    os.fchmod(target, stat.S_IMODE(was.st_mode))
