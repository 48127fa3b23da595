"""The open output: appends whole lines, and knows when someone else changed it."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import Literal

from tui_annotate.errors import AnnotateError
from tui_annotate.store.disk import (
    Disk,
    Signature,
    append_durably,
    copy_attributes,
    write_all,
)
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.lines import last_break, line_at, parses
from tui_annotate.wording import reason

Change = Literal["grown", "rewritten", "replaced", "gone"]

_BLOCK = 1 << 20


class Output:
    """A JSONL file that is only ever appended to, line by line.

    `write` and `sync` save a line; after either failed, `recover` comes before
    the next `write`. Not thread-safe, but for `sync`, during which another
    thread may read.

    Attributes:
        length: Bytes known to be on the medium; what stands there is never
            touched.
        messages: What was repaired on opening, for the user.
    """

    def __init__(self, folder: SessionFolder, disk: Disk) -> None:
        """Open an output, creating it where it is not there and repairing its end.

        Args:
            folder: Its session folder, which exists.
            disk: The file system.

        Raises:
            AnnotateError: It cannot be opened or repaired, or is no file.
        """
        self.path = folder.output
        self.length = 0
        self.messages: list[str] = []
        self._folder = folder
        self._disk = disk
        self._fd = -1
        # The file as it was after the last thing this process did to it; the
        # time of modification is ours to know only after a sync.
        self._signature = Signature(0, 0, 0, 0)
        self._settled = False
        self._attempted = b""
        self._break_first = False
        self._end = 0
        self._open()
        try:
            self._repair()
            # What an earlier process wrote and did not live to fsync.
            disk.fsync(self._fd)
            self._settle()
        except OSError as error:
            self.close()
            raise _cannot("repaired", self.path, error) from error

    def read(self, size: int, offset: int) -> bytes:
        """Up to `size` bytes at an offset."""
        return self._disk.read(self._fd, size, offset)

    def line(self, offset: int) -> bytes:
        """The line that begins at an offset, without its line feed."""
        return line_at(self.read, offset)

    def change(self) -> Change | None:
        """What another program did to the file since this process last touched it.

        Raises:
            OSError: The file cannot be looked at.
        """
        try:
            now = self._disk.signature(self.path)
        except FileNotFoundError:
            return "gone"
        was = self._signature
        if (now.device, now.inode) != (was.device, was.inode):
            return "replaced"
        if now.size != was.size:
            return "grown" if now.size > was.size else "rewritten"
        return "rewritten" if self._settled and now.modified != was.modified else None

    def adopt(self, change: Change) -> int:
        """Take the file as another program left it, and say from where to read it anew.

        Nothing of it is repaired: a last line without a line feed may be one
        that the other program is still writing, so the next append begins with
        a line feed instead.

        Returns:
            The offset of the first byte that may differ.

        Raises:
            OSError: The file cannot be opened again or, where it is gone, not
                be written again.
        """
        start = self._signature.size if change == "grown" else 0
        if change == "gone":
            self._restore()
        elif change == "replaced":
            fd = self._disk.open(self.path, os.O_RDWR | os.O_APPEND)
            self._disk.close(self._fd)
            self._fd = fd
        self._disk.fsync(self._fd)
        self._settle()
        return start

    def forget(self) -> None:
        """Have `change` say that all is to be read anew."""
        self._signature = Signature(0, 0, 0, 0)

    def write(self, line: bytes) -> int:
        """Append a line, with its line feed, by one write.

        Returns:
            Where the line begins. It is not on the medium before `sync`.

        Raises:
            OSError: It was not written, or only in part.
        """
        data = b"\n" + line if self._break_first else line
        self._attempted += data
        self._settled = False
        written = self._disk.write(self._fd, data)
        if written < len(data):
            raise OSError(errno.ENOSPC, "the disk is full, or a quota is reached")
        self._end = self._disk.position(self._fd)
        return self._end - len(line)

    def sync(self) -> None:
        """Put what was written on the medium.

        Raises:
            OSError: It may not be there, and another fsync would prove nothing.
        """
        self._disk.fsync(self._fd)
        now = self._disk.signature(self._fd)
        if self._end == self.length + len(self._attempted):
            # What stands behind the line is someone else's, for `change` to find.
            self._signature = now._replace(size=min(now.size, self._end))
            self._settled = now.size == self._end
        # Otherwise someone appended before this line, and the signature stays
        # as it was, so that `change` finds that.
        self.length = self._end
        self._attempted = b""
        self._break_first = False

    def recover(self) -> None:
        """Take off what a failed `write` or `sync` left behind the saved bytes.

        Where that is impossible, the next write begins with a line feed, so
        that it cannot become a part of whatever stands there.
        """
        try:
            size = self._disk.signature(self._fd).size
            if size > self.length:
                if not self._is_own(size):
                    self._attempted = b""
                    self._break_first = True
                    return
                self._disk.truncate(self._fd, self.length)
            self._attempted = b""
            self._break_first = self._is_open_ended()
            self._signature = self._signature._replace(size=self.length)
        except OSError:
            self._break_first = True
            with contextlib.suppress(OSError):
                size = self._disk.signature(self._fd).size
                if self._is_own(size):
                    self._attempted = self._attempted[: size - self.length]
                    self._signature = self._signature._replace(size=size)

    def close(self) -> None:
        """Close the file; again is harmless."""
        if self._fd >= 0:
            self._disk.close(self._fd)
            self._fd = -1

    def _is_own(self, size: int) -> bool:
        """Whether all that stands behind the saved bytes was written here."""
        if size - self.length > len(self._attempted):
            return False
        return self._attempted.startswith(self._read_between(self.length, size))

    def _is_open_ended(self) -> bool:
        return self.length > 0 and self.read(1, self.length - 1) != b"\n"

    def _open(self) -> None:
        try:
            new = not self.path.exists()
            if not new and not stat.S_ISREG(os.stat(self.path).st_mode):
                raise AnnotateError(
                    "the output is not a file", where=str(self.path), do="name a file with -o"
                )
            self._fd = self._disk.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
            if new:
                self._disk.fsync_folder(self.path.parent)
        except OSError as error:
            self.close()
            raise _cannot("opened for writing", self.path, error) from error

    def _settle(self) -> None:
        self._signature = self._disk.signature(self._fd)
        self._settled = True
        self._attempted = b""
        self.length = self._signature.size
        self._break_first = self._is_open_ended()

    def _repair(self) -> None:
        size = self._disk.signature(self._fd).size
        if size == 0 or self.read(1, size - 1) == b"\n":
            return
        start = last_break(self.read, size)
        tail = self._read_between(start, size)
        if parses(tail):
            write_all(self._disk, self._fd, b"\n")
            return
        append_durably(self._disk, self._folder.torn, tail + b"\n")
        self._disk.truncate(self._fd, start)
        self.messages.append(
            f"{self.path.name}: the last line was torn and has been moved to "
            f"{self._folder.path.name}/{self._folder.torn.name} ({size - start} bytes)."
        )

    def _read_between(self, start: int, end: int) -> bytes:
        parts = []
        while start < end and (block := self.read(end - start, start)):
            parts.append(block)
            start += len(block)
        return b"".join(parts)

    def _restore(self) -> None:
        """Write the file again from the descriptor, which outlives the name."""
        temporary = self._folder.path / "restored"
        fd = self._disk.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        try:
            with contextlib.suppress(OSError):
                copy_attributes(self._fd, fd)
            at = 0
            while at < self.length and (block := self.read(min(_BLOCK, self.length - at), at)):
                write_all(self._disk, fd, block)
                at += len(block)
            self._disk.fsync(fd)
            self._disk.replace(temporary, self.path)
            self._disk.fsync_folder(self.path.parent)
        except OSError:
            self._disk.close(fd)
            raise
        self._disk.close(self._fd)
        self._fd = fd


def _cannot(what: str, path: object, error: OSError) -> AnnotateError:
    return AnnotateError(
        f"the output cannot be {what} ({reason(error)})",
        where=str(path),
        do="make room or allow writing, or name another file with -o",
    )
