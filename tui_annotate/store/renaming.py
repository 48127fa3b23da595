"""An output that was renamed or moved: its session folder is found, and comes along."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tui_annotate.errors import AnnotateError
from tui_annotate.store.digest import blake2b
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.lock import Lock
from tui_annotate.wording import shown_path

_HEAD = 1 << 16
"""The bytes of an output that its first line is looked for in."""


class Identity(msgspec.Struct, frozen=True):
    """What an output is known by under another name: the file `output` of a session folder.

    Attributes:
        name: Its name when the folder was used last.
        device: The device of its file system.
        inode: Its number there, which stays where it is renamed.
        head: A hash of its first line, which stays where it is copied; empty without any.
    """

    name: str
    device: int
    inode: int
    head: str = ""

    @classmethod
    def of(cls, output: Path) -> Identity:
        """The identity of an output.

        Raises:
            OSError: It cannot be read.
        """
        with output.open("rb") as file:
            status = os.fstat(file.fileno())
            line = file.readline(_HEAD)
        head = blake2b(line, digest_size=8).hexdigest() if line.endswith(b"\n") else ""
        return cls(output.name, status.st_dev, status.st_ino, head)

    def same_as(self, other: Identity) -> bool:
        """Whether both are one output."""
        if self.head and other.head:
            return self.head == other.head
        return (self.device, self.inode) == (other.device, other.inode)


def note(folder: SessionFolder) -> None:
    """Keep in a session folder what its output is known by, if that can be."""
    with contextlib.suppress(OSError):
        folder.identity.write_bytes(msgspec.json.encode(Identity.of(folder.output)))


def bring_along(folder: SessionFolder) -> str | None:
    """Find the session folder that an output had under another name, and have it come along.

    Only that of an output that is there no more is taken, and none that a session uses.

    Args:
        folder: Where the session folder of the output is now, or is to be.

    Returns:
        What to tell the user; None where there is nothing to tell.
    """
    if _drafts_in(folder.path):
        return None
    is_new = not folder.path.exists()
    try:
        identity = Identity.of(folder.output)
    except OSError:
        return None
    maybe: list[str] = []
    for orphan in _orphans(folder):
        known = _identity_in(orphan)
        if known is None and is_new and orphan.parent == folder.output.parent:
            # An earlier version has not kept what its output is known by.
            name = orphan.name[1:].removesuffix(".session") + ".jsonl"
            if identity.head and _drafts_in(orphan) and _is_free(orphan, name):
                maybe.append(
                    f"{shown_path(orphan.name)} has drafts of {shown_path(name)}, which is not "
                    f"there: if that is this output now, quit and rename it to {folder.path.name}."
                )
        if known is None or not known.same_as(identity) or not _is_free(orphan, known.name):
            continue
        try:
            drafts = _move(orphan, folder.path)
        except OSError as error:
            return (
                f"This output was called {shown_path(known.name)}; its drafts are in "
                f"{shown_path(orphan)} and cannot be moved ({os.strerror(error.errno or 0)})."
            )
        with_it = f"{drafts} draft{'s' * (drafts != 1)}" if drafts else "labels and history"
        return f"This output was called {shown_path(known.name)}: its {with_it} came along."
    return " ".join(maybe) or None


def _drafts_in(folder: Path) -> int:
    return sum(1 for _ in (folder / "drafts").glob("*.json"))


def _orphans(folder: SessionFolder) -> Iterator[Path]:
    """The session folders around an output, but its own."""
    parent = folder.output.parent
    for place in dict.fromkeys((parent, parent.parent, Path.cwd())):
        with contextlib.suppress(OSError):
            for path in sorted(place.glob(".*.session")):
                if path != folder.path and path.is_dir():
                    yield path


def _identity_in(folder: Path) -> Identity | None:
    try:
        return msgspec.json.decode((folder / "output").read_bytes(), type=Identity)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _is_free(orphan: Path, name: str) -> bool:
    """Whether no output belongs to a folder any more, and no session uses it."""
    output = orphan.parent / name
    if output.exists():
        return False
    before = SessionFolder(output)
    lock = Lock(before, "")
    try:
        lock.acquire()
    except AnnotateError:
        return False
    lock.release()
    return True


def _move(orphan: Path, folder: Path) -> int:
    """Move what is in one folder into another where that has none; how many drafts there were."""
    import shutil

    drafts = 0
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "drafts").mkdir(mode=0o700, exist_ok=True)
    for path in sorted(orphan.rglob("*"), reverse=True):
        target = folder / path.relative_to(orphan)
        if path.is_dir():
            with contextlib.suppress(OSError):
                path.rmdir()
        elif path.name not in ("lock", "output") and not target.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            shutil.move(path, target)
            drafts += path.parent.name == "drafts"
    for name in ("lock", "output"):
        (orphan / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        orphan.rmdir()
    return drafts
