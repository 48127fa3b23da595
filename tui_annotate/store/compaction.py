"""Taking superseded lines out of an output, into its history."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from tui_annotate.errors import AnnotateError
from tui_annotate.store.disk import Disk, append_durably, write_all
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

    Args:
        folder: The session folder, on the output's file system.
        disk: The file system.
        output: The open output, which stays open on the old file.
        superseded: Where the superseded lines begin, ascending.
        annotator: Whose they are.
        check: Raises if this process may not write any more.

    Raises:
        OSError: Nothing has changed but, perhaps, the history.
        AnnotateError: The same; the output is not as it was indexed, cannot
            keep its owner or has other names.
    """
    status = os.stat(output.path)
    if status.st_nlink > 1:
        raise AnnotateError("the output has other names (hard links), which would part from it")
    temporary = folder.path / "compacted"
    fd = disk.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        try:
            _keep_owner_and_mode(output.path, status, temporary, fd)
            _move_to_history(folder, disk, output, superseded, annotator)
            _copy_others(disk, output, superseded, fd)
            disk.fsync(fd)
        finally:
            disk.close(fd)
        check()
        if output.change() is not None:
            raise AnnotateError("another program changed the output")
        disk.replace(temporary, output.path)
    except (OSError, AnnotateError):
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    disk.fsync_folder(output.path.parent)


def _keep_owner_and_mode(path: Path, status: os.stat_result, temporary: Path, fd: int) -> None:
    if os.name != "posix":
        return
    now = os.fstat(fd)
    if (now.st_uid, now.st_gid) != (status.st_uid, status.st_gid):
        os.fchown(fd, status.st_uid, status.st_gid)
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(path):
                os.setxattr(temporary, name, os.getxattr(path, name))
    os.fchmod(fd, status.st_mode & 0o7777)


def _move_to_history(
    folder: SessionFolder,
    disk: Disk,
    output: Output,
    superseded: Sequence[int],
    annotator: str,
) -> None:
    batch: list[bytes] = []
    size = 0
    for offset in superseded:
        line = output.line(offset)
        head = head_of(line)
        if head is None or head.annotator != annotator or head.task_id is None:
            raise AnnotateError("the output is not as it was read")
        batch.append(line)
        size += len(line)
        if size > _BLOCK:
            append_durably(disk, folder.history, b"\n".join(batch) + b"\n")
            batch, size = [], 0
    if batch:
        append_durably(disk, folder.history, b"\n".join(batch) + b"\n")


def _copy_others(disk: Disk, output: Output, superseded: Sequence[int], fd: int) -> None:
    at = 0
    for offset in [*superseded, output.length]:
        while at < offset:
            block = output.read(min(_BLOCK, offset - at), at)
            if not block:
                raise AnnotateError("the output is shorter than it was")
            write_all(disk, fd, block)
            at += len(block)
        if offset < output.length:
            at += len(output.line(offset)) + 1
