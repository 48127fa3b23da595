"""The journal: one decision, one line, on the medium before the next."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from tui_annotate.errors import AnnotateError
from tui_annotate.store.compaction import compact
from tui_annotate.store.decisions import PENDING, Decisions
from tui_annotate.store.disk import Disk
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.lines import decode_head, head_of, lines
from tui_annotate.store.output import Output

State = Literal["saved", "saving", "failed"]

RETRY_SECONDS = 1.0


class Busy(RuntimeError):
    """A decision came while the one before it is not saved yet."""


class _Pending:
    """A decision on its way to the medium."""

    __slots__ = ("fields", "line", "row")

    def __init__(self, fields: dict[str, Any], line: bytes) -> None:
        self.fields = fields
        self.line = line
        self.row = -1


class Journal:
    """One annotator's decisions in an output that others may also have written to.

    Lines are written on the calling thread and fsynced in a thread of the
    journal's own. Whoever opens it holds the lock.

    Attributes:
        annotator: Whose lines count.
        messages: What the user should know: repairs, changes by others.
    """

    def __init__(
        self,
        output: Path,
        folder: SessionFolder,
        annotator: str,
        *,
        notify: Callable[[], None] = lambda: None,
        guard: Callable[[], None] = lambda: None,
        disk: Disk | None = None,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self.annotator = annotator
        self._folder = folder
        self._notify = notify
        self._guard = guard
        self._disk = disk or Disk()
        self._retry_seconds = retry_seconds
        # Held for index, descriptor position and state, never over an fsync.
        self._changed = threading.Condition(threading.RLock())
        self._pending: _Pending | None = None
        self._written = False
        self._retry_now = False
        self._error: str | None = None
        self._foreign = False
        self._closing = False
        self._closed = False
        self._output = Output(folder, self._disk)
        self.messages = list(self._output.messages)
        self._decisions = Decisions()
        self._unreadable = 0
        try:
            self._scan(0)
        except OSError as error:
            self._output.close()
            raise AnnotateError(
                f"the output cannot be read ({error.strerror or error})", where=str(output)
            ) from error
        if self._unreadable:
            self.messages.append(
                f"{self._output.path.name}: {self._unreadable:,} lines cannot be read and are "
                "left as they are."
            )
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    @classmethod
    def open(
        cls,
        output: Path,
        folder: SessionFolder,
        annotator: str,
        *,
        notify: Callable[[], None] = lambda: None,
        guard: Callable[[], None] = lambda: None,
        disk: Disk | None = None,
        retry_seconds: float = RETRY_SECONDS,
    ) -> Journal:
        """Open an output, repairing a torn last line, and index it.

        Args:
            output: The file; created where it is not there.
            folder: Its session folder, which exists.
            annotator: Whose lines count as decided.
            notify: Called from the journal's thread whenever `state` or
                `error` changed.
            guard: Called before every write and raising if this process may
                not write any more (`Lock.check`).
            disk: The file system; tests pass one that fails.
            retry_seconds: How long after a failure it tries again by itself.

        Raises:
            AnnotateError: The output cannot be read, written or repaired.
        """
        return cls(
            output,
            folder,
            annotator,
            notify=notify,
            guard=guard,
            disk=disk,
            retry_seconds=retry_seconds,
        )

    # -- writing ---------------------------------------------------------

    @property
    def state(self) -> State:
        """Whether the last decision is on the medium."""
        with self._changed:
            if self._pending is None:
                return "saved"
            return "failed" if self._error is not None else "saving"

    @property
    def error(self) -> str | None:
        """Why the last decision is not saved, in one sentence."""
        with self._changed:
            return self._error

    @property
    def pending(self) -> dict[str, Any] | None:
        """The decision that is not on the medium yet."""
        with self._changed:
            return self._pending.fields if self._pending else None

    @property
    def length(self) -> int:
        """Bytes of the output that are on the medium."""
        return self._output.length

    def append(self, fields: Mapping[str, Any]) -> None:
        """Write a decision; `state` turns to saved once it is on the medium.

        A failure does not raise: the line is kept and tried again until it is
        there, and `state` and `error` say so.

        Args:
            fields: The whole line; `_task_id`, `_annotator_id` and `answer`
                have to be in it.

        Raises:
            Busy: The decision before is not saved yet.
            AnnotateError: The guard refuses; nothing was written.
            ValueError: A field is missing, or the annotator is another.
        """
        task_id, answer = fields.get("_task_id"), fields.get("answer")
        if not isinstance(task_id, str) or not isinstance(answer, str):
            raise ValueError("a decision needs _task_id and answer")
        if fields.get("_annotator_id") != self.annotator:
            raise ValueError(f"a decision of {self.annotator} needs that _annotator_id")
        line = msgspec.json.encode(fields) + b"\n"
        with self._changed:
            if self._closing:
                raise ValueError("the journal is closed")
            if self._pending is not None:
                raise Busy("the decision before is not saved yet")
            self._guard()
            self._pending = pending = _Pending(dict(fields), line)
            pending.row = self._add(pending, PENDING)
            try:
                self._write(pending)
            except (OSError, AnnotateError) as failure:
                self._fail(failure)
                self._retry_now = True
            self._changed.notify_all()

    def retry(self) -> None:
        """Try at once what would be tried again in a moment."""
        with self._changed:
            self._retry_now = True
            self._changed.notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until everything is saved; False if it is not within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._pending is None, timeout)

    # -- what is decided -------------------------------------------------

    def decided(self, task_id: str) -> bool:
        """Whether this annotator has decided a task."""
        with self._changed:
            return self._decisions.decided(task_id)

    def decided_input(self, input_hash: int) -> bool:
        """Whether this annotator has decided a task with this input hash."""
        with self._changed:
            return self._decisions.decided_input(input_hash)

    def decided_since(self, task_id: str, length: int) -> bool:
        """Whether a task's last line stands at or after a length of the output."""
        with self._changed:
            offset = self._decisions.offset(task_id)
            return offset is not None and offset >= length

    def last(self, task_id: str) -> dict[str, Any] | None:
        """This annotator's last line of a task, read from the file."""
        with self._changed:
            offset = self._decisions.offset(task_id)
            if offset is None:
                return None
            if offset == PENDING:
                return dict(self._pending.fields) if self._pending else None
            fields = self._fields(offset)
        return fields if fields and fields.get("_task_id") == task_id else None

    def order(self, number: int) -> str:
        """The task decided `number`-th, of those as they stand now.

        Raises:
            IndexError: There are not as many.
        """
        with self._changed:
            offset = self._decisions.nth_offset(number)
            fields = self.pending if offset == PENDING else self._fields(offset)
        return str(fields["_task_id"]) if fields else ""

    @property
    def decisions(self) -> int:
        """How many tasks this annotator has decided."""
        return len(self._decisions)

    count = decisions

    @property
    def counts(self) -> dict[str, int]:
        """How many of them were answered which way."""
        with self._changed:
            return self._decisions.counts

    @property
    def superseded(self) -> int:
        """How many of this annotator's lines a later one replaces."""
        return self._decisions.superseded

    # -- leaving ---------------------------------------------------------

    def changed_by_others(self) -> bool:
        """Whether another program changed the output since it was opened."""
        with self._changed:
            if not self._foreign and not self._closed and self._pending is None:
                with contextlib.suppress(OSError):
                    self._foreign = self._output.change() is not None
            return self._foreign

    def compact(self) -> bool:
        """Move superseded lines to the history and close the journal.

        Nothing happens, and nothing is closed, where none is superseded,
        something is unsaved, or another program changed the file.

        Returns:
            Whether the output was compacted; if not for want of room or
            rights, `messages` says why.
        """
        with self._changed:
            if self._closing or self._pending is not None or not self.superseded:
                return False
            if self.changed_by_others():
                return False
            try:
                self._guard()
                compact(
                    self._folder,
                    self._disk,
                    self._output,
                    self._decisions.superseded_offsets(),
                    self.annotator,
                    check=self._guard,
                )
            except (OSError, AnnotateError) as failure:
                self.messages.append(f"The output was not compacted: {_sentence(failure)}.")
                return False
        self.close()
        return True

    def close(self, timeout: float = 5.0) -> bool:
        """Wait for the last decision and close; again is harmless.

        Returns:
            Whether everything is on the medium. If not, what was written of
            the last line is taken off where possible; its draft is still there.
        """
        with self._changed:
            if self._error is None:
                self._changed.wait_for(
                    lambda: self._pending is None or self._error is not None, timeout
                )
            self._closing = True
            self._changed.notify_all()
        self._thread.join(timeout)
        with self._changed:
            saved = self._pending is None
            if not self._closed and not self._thread.is_alive():
                self._closed = True
                if not saved:
                    with contextlib.suppress(AnnotateError):
                        self._guard()
                        self._output.recover()
                self._output.close()
        return saved

    # -- inside ----------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or (self._pending is not None), None)
                if self._pending is None or (self._closing and self._error is not None):
                    return
                if self._error is not None:
                    self._changed.wait_for(
                        lambda: self._closing or self._retry_now, self._retry_seconds
                    )
                    self._retry_now = False
            self._save()

    def _save(self) -> None:
        """Bring the pending line to the medium, once more from the start if it failed."""
        before = self._error
        try:
            self._attempt()
        except (OSError, AnnotateError) as failure:
            with self._changed:
                first = self._error is None
                self._fail(failure)
                if first:
                    # The try again that follows at once may mend it unseen.
                    self._retry_now = True
                    return
                changed = before != self._error
        else:
            with self._changed:
                self._pending = None
                self._error = None
                self._written = False
                self._changed.notify_all()
                changed = True
        if changed:
            self._notify()

    def _attempt(self) -> None:
        with self._changed:
            pending = self._pending
            if pending is None:
                return
            if not self._written:
                self._guard()
                self._output.recover()
                self._write(pending)
        self._output.sync()

    def _write(self, pending: _Pending) -> None:
        self._reconcile()
        self._decisions.place(pending.row, self._output.write(pending.line))
        self._written = True

    def _fail(self, failure: OSError | AnnotateError) -> None:
        self._written = False
        self._error = _sentence(failure)
        if self._pending is not None:
            self._decisions.place(self._pending.row, PENDING)

    def _reconcile(self) -> None:
        change = self._output.change()
        if change is None:
            return
        self._foreign = True
        start = self._output.adopt(change)
        if start == 0:
            self._decisions = Decisions()
        self._scan(start)
        if self._pending is not None:
            self._pending.row = self._add(self._pending, PENDING)
        self.messages.append(f"{self._output.path.name}: {_CHANGES[change]}.")

    def _add(self, pending: _Pending, offset: int) -> int:
        fields = pending.fields
        return self._decisions.add(
            fields["_task_id"], offset, fields["answer"], fields.get("_input_hash")
        )

    def _fields(self, offset: int) -> dict[str, Any] | None:
        try:
            fields = msgspec.json.decode(self._output.line(offset))
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return fields if isinstance(fields, dict) else None

    def _scan(self, start: int) -> None:
        annotator, add, decode = self.annotator, self._decisions.add, decode_head
        failures = (msgspec.DecodeError, UnicodeDecodeError)
        for offset, batch in lines(self._output.read, start, self._output.length):
            for line in batch:
                try:
                    head = decode(line)
                except failures:
                    self._unreadable += (
                        bool(line.strip()) and head_of(line.lstrip(b"\xef\xbb\xbf")) is None
                    )
                else:
                    if head.annotator == annotator and head.task_id is not None:
                        add(head.task_id, offset, head.answer or "", head.input_hash)
                offset += len(line) + 1


_CHANGES = {
    "grown": "another program appended to it; its lines are kept",
    "rewritten": "another program changed it; it was read again",
    "replaced": "another program replaced it; it was read again",
    "gone": "another program removed or renamed it; it was written again",
}


def _sentence(failure: OSError | AnnotateError) -> str:
    if isinstance(failure, AnnotateError):
        return str(failure)
    return failure.strerror or str(failure)
