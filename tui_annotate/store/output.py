"""The open output: appends whole lines, and knows when someone else changed it."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import Literal

from tui_annotate.errors import AnnotateError
from tui_annotate.store.disk import Disk, Signature, append_durably, write_all
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.lines import last_break, line_at, parses

Change = Literal["grown", "rewritten", "replaced", "gone"]


class Output:
    """A JSONL file that is only ever appended to, line by line.

    Not thread-safe but for `sync`, which may run while another thread reads.

    Attributes:
        length: Bytes known to be on the medium; what stands there is never
            touched.
        messages: What was repaired on opening, for the user.
    """

    def __init__(self, folder: SessionFolder, disk: Disk) -> None:
        self.path = folder.output
        self.messages: list[str] = []
        self._folder = folder
        self._disk = disk
        self._fd = -1
        self.length = 0
        self._signature = Signature(0, 0, 0, 0)
        self._attempted = b""
        self._break_first = False
        self._open()
        try:
            self._repair()
            # Whatever an earlier process wrote and could not fsync counts from here.
            disk.fsync(self._fd)
        except OSError as error:
            self.close()
            raise _cannot("repaired", self.path, error) from error
        self._settle()

    def read(self, size: int, offset: int) -> bytes:
        """Up to `size` bytes at an offset."""
        return self._disk.read(self._fd, size, offset)

    def line(self, offset: int) -> bytes:
        """The line that begins at an offset, without its line feed."""
        return line_at(self.read, offset)

    def change(self) -> Change | None:
        """What another program did to the file since `sync` or `adopt`.

        Raises:
            OSError: The file cannot be looked at.
        """
        try:
            now = self._disk.signature(self.path)
        except FileNotFoundError:
            return "gone"
        was = self._signature
        if now == was:
            return None
        if (now.device, now.inode) != (was.device, was.inode):
            return "replaced"
        return "grown" if now.size > was.size else "rewritten"

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
        self._attempted = b""
        self._settle()
        return start

    def write(self, line: bytes) -> int:
        """Append a line, with its line feed, by one write.

        Returns:
            Where the line begins. It is not on the medium before `sync`.

        Raises:
            OSError: It was not written, or only in part; `recover` comes next.
        """
        data = b"\n" + line if self._break_first else line
        self._attempted += data
        written = self._disk.write(self._fd, data)
        if written < len(data):
            raise OSError(errno.ENOSPC, f"only {written} of {len(data)} bytes could be written")
        self._break_first = False
        return self._disk.position(self._fd) - len(line)

    def sync(self) -> None:
        """Put what was written on the medium.

        Raises:
            OSError: It may not be there, and another fsync would prove
                nothing; `recover` comes next.
        """
        self._disk.fsync(self._fd)
        expected = self.length + len(self._attempted)
        self._attempted = b""
        now = self._disk.signature(self._fd)
        # More than expected is someone else's, which `change` is to notice.
        self._signature = now._replace(size=min(now.size, expected))
        self.length = self._signature.size

    def recover(self) -> None:
        """After a failed write or sync, take off what is not known to be saved.

        Where that is impossible, the next write begins with a line feed, so
        that it cannot become a part of whatever stands there.
        """
        try:
            size = self._disk.signature(self._fd).size
            if size > self.length:
                tail = self.read(size - self.length, self.length)
                if not self._attempted.startswith(tail):
                    raise OSError(errno.EBUSY, "another program appended")
                self._disk.truncate(self._fd, self.length)
            self._attempted = b""
            self._break_first = size < self.length
        except OSError:
            self._break_first = True
            with contextlib.suppress(OSError):
                size = self._disk.signature(self._fd).size
                self._attempted = self.read(max(0, size - self.length), self.length)

    def close(self) -> None:
        """Close the file; again is harmless."""
        if self._fd >= 0:
            self._disk.close(self._fd)
            self._fd = -1

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
        self.length = self._signature.size
        self._break_first = self.length > 0 and self.read(1, self.length - 1) != b"\n"

    def _repair(self) -> None:
        size = self._disk.signature(self._fd).size
        if size == 0 or self.read(1, size - 1) == b"\n":
            return
        start = last_break(self.read, size)
        tail = self._read_all(start, size)
        if parses(tail):
            write_all(self._disk, self._fd, b"\n")
            return
        append_durably(self._disk, self._folder.torn, tail + b"\n")
        self._disk.truncate(self._fd, start)
        self.messages.append(
            f"{self.path.name}: the last line was torn and has been moved to "
            f"{self._folder.path.name}/{self._folder.torn.name} ({size - start} bytes)."
        )

    def _read_all(self, start: int, end: int) -> bytes:
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
            at = 0
            while at < self.length and (block := self.read(min(1 << 20, self.length - at), at)):
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
        f"the output cannot be {what} ({error.strerror or error})",
        where=str(path),
        do="free some room or allow writing, or name another file with -o",
    )
