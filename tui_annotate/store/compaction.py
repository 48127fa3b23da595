"""Taking superseded lines out of an output, into its history."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence

from tui_annotate.errors import AnnotateError
from tui_annotate.store.disk import Disk, append_durably, copy_attributes, write_all
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.lines import head_of
from tui_annotate.store.output import Output

_BLOCK = 1 << 20


def compact(
    folder: SessionFolder,
    disk: Disk,
    output: Output,
    superseded: Sequence[int],
    annotator: str,
    *,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Replace an output by a copy of its bytes without some lines.

    The lines are in the history, fsynced, before anything else happens; the
    copy is fsynced before it is renamed over the output, whose mode, owner and
    extended attributes it has. All that is not superseded is copied as bytes.

    After a crash between the two, the history may hold a line twice, or one
    that is still in the output.

    Args:
        folder: The session folder, on the output's file system.
        disk: The file system.
        output: The open output, which stays open on the old file.
        superseded: Where the superseded lines begin, in bytes, ascending.
        annotator: Whose they are.
        check: Raises if this process may not write any more.

    Raises:
        OSError: The output has not changed.
        AnnotateError: The same; it is not as it was indexed, cannot keep its
            owner or has other names.
    """
    if os.stat(output.path).st_nlink > 1:
        raise AnnotateError("it has other names (hard links), which would part from it")
    temporary = folder.path / "compacted"
    kept = _History(folder, disk)
    try:
        check()
        kept.add(output, superseded, annotator)
        fd = disk.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _copy(disk, output, superseded, fd)
            with open(output.path, "rb") as original:
                copy_attributes(original.fileno(), fd)
            disk.fsync(fd)
        finally:
            disk.close(fd)
        check()
        if output.change() is not None:
            raise AnnotateError("another program changed it")
        disk.replace(temporary, output.path)
    except (OSError, AnnotateError):
        with contextlib.suppress(OSError):
            temporary.unlink()
        kept.take_back()
        raise
    # Whichever of the two files a power cut leaves, it has all that counts.
    with contextlib.suppress(OSError):
        disk.fsync_folder(output.path.parent)


class _History:
    """What one compaction adds to `history.jsonl`."""

    def __init__(self, folder: SessionFolder, disk: Disk) -> None:
        self._path = folder.history
        self._disk = disk
        self._length: int | None = None

    def add(self, output: Output, superseded: Sequence[int], annotator: str) -> None:
        batch: list[bytes] = []
        size = 0
        for offset in superseded:
            line = output.line(offset)
            head = head_of(line)
            if head is None or head.annotator != annotator or head.task_id is None:
                raise AnnotateError("it is not as it was read")
            batch.append(line + b"\n")
            size += len(line)
            if size > _BLOCK:
                self._append(batch)
                batch, size = [], 0
        self._append(batch)

    def take_back(self) -> None:
        """Take off what was added, the output being as it was."""
        if self._length is None:
            return
        with contextlib.suppress(OSError):
            fd = self._disk.open(self._path, os.O_RDWR)
            try:
                self._disk.truncate(fd, self._length)
            finally:
                self._disk.close(fd)

    def _append(self, batch: list[bytes]) -> None:
        if batch:
            before = append_durably(self._disk, self._path, b"".join(batch))
            self._length = before if self._length is None else self._length


def _copy(disk: Disk, output: Output, superseded: Sequence[int], fd: int) -> None:
    at = 0
    for offset in [*superseded, output.length]:
        while at < offset:
            block = output.read(min(_BLOCK, offset - at), at)
            if not block:
                raise AnnotateError("it is shorter than it was")
            write_all(disk, fd, block)
            at += len(block)
        if offset < output.length:
            at += len(output.line(offset)) + 1
