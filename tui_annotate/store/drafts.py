"""Drafts: what was done on a task before it is decided."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec

from tui_annotate.errors import AnnotateError
from tui_annotate.store.digest import blake2b
from tui_annotate.store.disk import Disk, write_atomically
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.saver import sentence

DELAY_SECONDS = 0.1
"""From the first edit to the write; the promise is 0.2 with the disk's share."""

RETRY_SECONDS = 1.0

State = Mapping[str, Any]


class Line(Protocol):
    """What drafts ask the journal."""

    @property
    def annotator(self) -> str:
        """Whose decisions it tells of."""

    @property
    def length(self) -> int:
        """Bytes of the output that are on the medium."""

    def decided_since(self, task_id: str, length: int) -> bool:
        """Whether a task's last line stands at or after a length of the output."""

    def check(self) -> None:
        """Raise an `AnnotateError` if this process may not write any more."""


class Draft(msgspec.Struct, frozen=True):
    """A file of `drafts/`.

    Attributes:
        task_id: Whose draft it is.
        annotator: Who made it.
        journal_length: Bytes the output had when the draft began; a line of
            the task at or after it makes the draft void.
        saved: Unix seconds.
        state: What the session put in.
    """

    task_id: str
    annotator: str
    journal_length: int
    saved: float
    state: dict[str, Any]


class Drafts:
    """The drafts of one annotator beside an output; one for each task."""

    def __init__(
        self, folder: SessionFolder, journal: Line | None = None, *, disk: Disk | None = None
    ) -> None:
        """Open the drafts and drop those that the journal makes void.

        Args:
            folder: The session folder, which exists.
            journal: Tells which tasks were decided after their draft began.
            disk: The file system.
        """
        self._folder = folder.drafts
        self._set_aside = folder.set_aside
        # Those that have to be set aside before anything is written over them.
        self._endangered: set[str] = set()
        # Those that were written by this session: what is there is its own.
        self._written: set[str] = set()
        self._journal = journal
        self._annotator = journal.annotator if journal else ""
        self._disk = disk or Disk()
        for path, draft in self._read_all():
            if self._void(draft):
                _remove(path)
            elif journal and draft.journal_length > journal.length:
                # Compaction shortened the output since; every line of today
                # is older than the draft, every later one comes after this.
                clamped = msgspec.structs.replace(draft, journal_length=journal.length)
                with contextlib.suppress(OSError):
                    write_atomically(self._disk, path, msgspec.json.encode(clamped))

    def save(self, task_id: str, state: State, journal_length: int) -> None:
        """Put a draft on the medium: write, fsync, rename.

        Raises:
            OSError: The draft that was there before still is.
            AnnotateError: Another session has the output, and drafts of its own.
        """
        if self._journal is not None:
            self._journal.check()
        path = self._path(task_id)
        foreign = task_id not in self._written and self.unreadable(task_id)
        if foreign or task_id in self._endangered:
            self._copy_aside(task_id)
        self._written.add(task_id)
        draft = Draft(task_id, self._annotator, journal_length, time.time(), dict(state))
        write_atomically(self._disk, path, msgspec.json.encode(draft))

    def load(self, task_id: str) -> dict[str, Any] | None:
        """The state of a task's draft; None where there is none or the task has a later line."""
        draft = _read(self._path(task_id))
        if draft is None or draft.task_id != task_id or self._void(draft):
            return None
        return draft.state

    def unreadable(self, task_id: str) -> bool:
        """Whether there is a draft of a task that this program cannot read."""
        path = self._path(task_id)
        return path.exists() and _read(path) is None

    def set_aside(self, task_id: str) -> Path | None:
        """Keep a task's draft under another name, for what is made of it will be written over it.

        Where that fails now it is tried again before the next draft of the task is written.

        Returns:
            Where it is, or will be; None where there is no draft on the medium.
        """
        if not self._path(task_id).exists():
            return None
        self._endangered.add(task_id)
        with contextlib.suppress(OSError):
            return self._copy_aside(task_id)
        return self._set_aside

    def _copy_aside(self, task_id: str) -> Path:
        content = self._path(task_id).read_bytes()
        self._set_aside.mkdir(mode=0o700, exist_ok=True)
        number = 1
        while (path := self._set_aside / f"{number}.json").exists():
            if path.read_bytes() == content:
                break
            number += 1
        else:
            write_atomically(self._disk, path, content)
        self._endangered.discard(task_id)
        return path

    def adopt(self, task_id: str, new: str) -> None:
        """A task has another id now: its draft goes with it, if that can be."""
        draft = _read(self._path(task_id))
        if draft is None:
            return
        renamed = msgspec.structs.replace(draft, task_id=new)
        with contextlib.suppress(OSError):
            write_atomically(self._disk, self._path(new), msgspec.json.encode(renamed))
            _remove(self._path(task_id))

    def length(self, task_id: str) -> int | None:
        """The journal length at which a task's draft began."""
        draft = _read(self._path(task_id))
        return draft.journal_length if draft else None

    def discard(self, task_id: str) -> None:
        """Take a draft away, if there is one."""
        _remove(self._path(task_id))

    def shelved(self) -> list[str]:
        """Tasks with a draft, the one saved last at the end."""
        return [draft.task_id for draft in self.all()]

    def all(self) -> list[Draft]:
        """Every draft that counts, the one saved last at the end."""
        drafts = [draft for _, draft in self._read_all() if not self._void(draft)]
        return sorted(drafts, key=lambda draft: draft.saved)

    def _void(self, draft: Draft) -> bool:
        return self._journal is not None and self._journal.decided_since(
            draft.task_id, draft.journal_length
        )

    def _path(self, task_id: str) -> Path:
        name = task_id if re.fullmatch(r"[0-9a-f-]{1,64}", task_id) else _digest(task_id)
        return self._folder / f"{name}.{_digest(self._annotator)}.json"

    def _read_all(self) -> list[tuple[Path, Draft]]:
        mine = []
        for path in self._folder.glob(f"*.{_digest(self._annotator)}.json"):
            draft = _read(path)
            if draft is not None and draft.annotator == self._annotator:
                mine.append((path, draft))
        return mine


class DraftWriter:
    """Writes drafts in a thread of its own, each within 200 ms of its first edit.

    Edits that come meanwhile go into the same write. A failed write is tried
    again every second, with the newest state.

    Attributes:
        error: Why the last write failed; None after one that did not.
    """

    def __init__(
        self,
        drafts: Drafts,
        *,
        notify: Callable[[], None] = lambda: None,
        delay: float = DELAY_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self.error: str | None = None
        self._drafts = drafts
        self._notify = notify
        self._delay = delay
        self._retry_seconds = retry_seconds
        self._changed = threading.Condition()
        self._waiting: dict[str, tuple[State | Callable[[], State], int]] = {}
        self._writing: str | None = None
        self._unwanted = False
        self._due = 0.0
        self._hurried = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="drafts", daemon=True)
        self._thread.start()

    def schedule(
        self, task_id: str, state: State | Callable[[], State], journal_length: int
    ) -> None:
        """Have a task's draft written soon.

        Args:
            task_id: Whose draft it is.
            state: What to write, or a function that gives it, called in the
                writer's thread.
            journal_length: Bytes the output had when the draft began.
        """
        with self._changed:
            if not self._waiting:
                self._due = time.monotonic() + self._delay
            self._waiting[task_id] = (state, journal_length)
            self._changed.notify_all()

    def discard(self, task_id: str) -> None:
        """Take a task's draft away, also one that is waiting or being written."""
        with self._changed:
            self._waiting.pop(task_id, None)
            if self._writing == task_id:
                self._unwanted = True
            else:
                self._drafts.discard(task_id)
            self._changed.notify_all()

    def flush(self, timeout: float | None = None) -> bool:
        """Write at once; False if something is not on the medium by then or a write failed."""
        with self._changed:
            self._hurried = True
            self._changed.notify_all()
            # Once it is closed nothing is written any more.
            self._changed.wait_for(
                lambda: self._idle() or not self._hurried or self._closing, timeout
            )
            self._hurried = False
            return self._idle()

    def close(self, timeout: float = 2.0) -> bool:
        """Write what is waiting and end the thread; False if that failed."""
        done = self.flush(timeout)
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(timeout)
        return done

    def _idle(self) -> bool:
        return not self._waiting and self._writing is None

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or bool(self._waiting))
                while self._waiting and not (self._hurried or self._closing):
                    left = self._due - time.monotonic()
                    if left <= 0:
                        break
                    self._changed.wait(left)
                if self._closing:
                    return
                if not self._waiting:
                    continue
                task_id = next(iter(self._waiting))
                state, length = self._waiting.pop(task_id)
                self._writing = task_id
            error = self._write(task_id, state, length)
            with self._changed:
                self._writing = None
                if self._unwanted:
                    self._unwanted, error = False, None
                    self._drafts.discard(task_id)
                if error is not None:
                    # An edit that came meanwhile is newer.
                    self._waiting.setdefault(task_id, (state, length))
                    self._due = time.monotonic() + self._retry_seconds
                if error is not None or not self._waiting:
                    self._hurried = False
                changed = error != self.error
                self.error = error
                self._changed.notify_all()
            if changed:
                # Were this thread to end, every later draft would be lost unseen.
                with contextlib.suppress(Exception):
                    self._notify()

    def _write(self, task_id: str, state: State | Callable[[], State], length: int) -> str | None:
        try:
            self._drafts.save(task_id, state() if callable(state) else state, length)
        except (OSError, AnnotateError) as failure:
            return sentence(failure)
        except Exception as failure:
            return f"{type(failure).__name__}: {failure}"
        return None


def _digest(name: str) -> str:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _read(path: Path) -> Draft | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Draft)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _remove(path: Path) -> None:
    # One that cannot be removed is void all the same.
    with contextlib.suppress(OSError):
        path.unlink()
