"""The journal: one decision, one line, on the medium before the next."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tui_annotate.errors import AnnotateError
from tui_annotate.store.compaction import compact
from tui_annotate.store.decisions import PENDING, Decisions, index
from tui_annotate.store.disk import Disk
from tui_annotate.store.folder import SessionFolder
from tui_annotate.store.lines import fields_of, head_of, lines_with, numbered_line
from tui_annotate.store.output import Change, Output
from tui_annotate.store.saver import Saver, State, sentence
from tui_annotate.wording import reason

RETRY_SECONDS = 1.0
_ENCODER = msgspec.json.Encoder()


class _Pending(NamedTuple):
    """A decision that is not on the medium yet: what tells it, and its line."""

    task_id: str
    answer: str
    input_hash: object
    line: bytes


class Busy(RuntimeError):
    """A decision came while the one before it is not saved yet."""


class Journal:
    """One annotator's decisions in an output that others may have written to as well.

    A line is written on the calling thread and fsynced on the journal's own, which also tries
    again after a failure. Whoever opens a journal holds the lock.

    Attributes:
        annotator: Whose lines count.
        messages: What the user should know: repairs, changes by others.
        unreadable: Where lines begin that could not be read when it was opened.
    """

    def __init__(
        self,
        output: Output,
        decisions: Decisions,
        folder: SessionFolder,
        annotator: str,
        *,
        notify: Callable[[], None],
        guard: Callable[[], None],
        disk: Disk,
        retry_seconds: float,
        unreadable: Sequence[int] = (),
    ) -> None:
        """See `open`."""
        self.annotator = annotator
        self.messages = list(output.messages)
        self.unreadable = tuple(unreadable)
        self._output = output
        self._decisions = decisions
        self._folder = folder
        self._guard = guard
        self._disk = disk
        self._pending: _Pending | None = None
        # The ids of today of tasks whose lines have others, of an earlier version; and back.
        self._now: dict[str, str] = {}
        self._written: dict[str, str] = {}
        self._row = -1
        self._foreign = False
        self._closing = False
        self._closed = False
        self._saver = Saver(
            output,
            saved=self._saved,
            reread=self._reread,
            notify=notify,
            guard=guard,
            retry_seconds=retry_seconds,
        )
        self._changed = self._saver.changed

    @classmethod
    def open(
        cls,
        output: Path,
        folder: SessionFolder,
        annotator: str,
        *,
        notify: Callable[[], None] = lambda: None,
        guard: Callable[[], None] = lambda: None,
        progress: Callable[[int, int], None] = lambda done, total: None,
        disk: Disk | None = None,
        retry_seconds: float = RETRY_SECONDS,
    ) -> Journal:
        """Open an output, repairing a torn last line, and index it.

        Args:
            output: The file, as the user named it; created where it is not there.
            folder: Its session folder, which exists.
            annotator: Whose lines count as decided.
            notify: Called from the journal's thread whenever `state` or `error` changed there.
            guard: Called before every write; raises an `AnnotateError` if this process may not
                write any more (`Lock.check`).
            progress: Told how many bytes of how many are indexed; what it raises ends the opening.
            disk: The file system; tests pass one that fails.
            retry_seconds: How long after a failure it tries again by itself.

        Raises:
            AnnotateError: The output cannot be read, written or repaired.
        """
        disk = disk or Disk()
        file = Output(folder, disk)
        decisions = Decisions()
        try:
            unreadable = index(decisions, file.read, 0, file.length, annotator, progress)
        except BaseException as error:
            file.close()
            if not isinstance(error, OSError):
                raise
            what = f"the output cannot be read ({reason(error)})"
            raise AnnotateError(what, where=str(output)) from error
        return cls(
            file,
            decisions,
            folder,
            annotator,
            notify=notify,
            guard=guard,
            disk=disk,
            retry_seconds=retry_seconds,
            unreadable=unreadable,
        )

    def line(self, offset: int) -> tuple[int, bytes]:
        """The number of the line that begins at an offset, and what is in it."""
        return numbered_line(self._output.read, offset)

    # -- writing ---------------------------------------------------------

    @property
    def state(self) -> State:
        """Whether the last decision is on the medium."""
        return self._saver.state

    @property
    def error(self) -> str | None:
        """Why the last decision is not saved; the system's words or a sentence."""
        return self._saver.error

    @property
    def made_with(self) -> Mapping[tuple[str | None, str | None], int]:
        """How many lines were made with each recipe and view before; see `Decisions`."""
        return self._decisions.made_with

    @property
    def path(self) -> Path:
        """The output, links resolved."""
        return self._output.path

    @property
    def pending(self) -> dict[str, Any] | None:
        """The decision that is not on the medium yet."""
        with self._changed:
            return fields_of(self._pending.line) if self._pending else None

    @property
    def length(self) -> int:
        """Bytes of the output that are on the medium."""
        return self._output.length

    def append(self, fields: Mapping[str, Any]) -> None:
        """Write a decision; `state` turns to saved once it is on the medium.

        After a failure it is tried again until it is there; `state` and `error` say so.

        Args:
            fields: The whole line, with `_task_id`, `_annotator_id` and `answer`.

        Raises:
            Busy: The decision before is not saved yet.
            AnnotateError: The guard refuses; nothing was written.
            ValueError: A field is missing, the annotator is another, or the
                journal is closed.
        """
        task_id, answer = fields.get("_task_id"), fields.get("answer")
        if not isinstance(task_id, str) or not isinstance(answer, str):
            raise ValueError("a decision needs _task_id and answer")
        if fields.get("_annotator_id") != self.annotator:
            raise ValueError(f"a decision in this journal needs _annotator_id {self.annotator!r}")
        if task_id in self._written:
            # The last line of an id wins: the id stays what it is in the file.
            task_id = self._written[task_id]
            fields = {**fields, "_task_id": task_id}
        line = _ENCODER.encode_lines((fields,))
        with self._changed:
            if self._closing:
                raise ValueError("the journal is closed")
            if self._pending is not None:
                raise Busy("the decision before is not saved yet")
            self._guard()
            self._pending = _Pending(task_id, answer, fields.get("_input_hash"), line)
            self._add_pending()
            self._saver.save(line)

    def check(self) -> None:
        """Raise an `AnnotateError` if this process may not write any more."""
        self._guard()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until everything is saved; False if it is not within so many seconds."""
        return self._saver.wait(timeout)

    # -- what is decided -------------------------------------------------

    def decided(self, task_id: str) -> bool:
        """Whether this annotator has decided a task, be it saved or not."""
        return self._decisions.decided(self._written.get(task_id, task_id))

    def decided_input(self, input_hash: int) -> bool:
        """Whether this annotator has decided a task with this input hash."""
        return self._decisions.decided_input(input_hash)

    def decided_since(self, task_id: str, length: int) -> bool:
        """Whether a task's last line stands on the medium at or after so many bytes."""
        with self._changed:
            offset = self._decisions.offset(self._written.get(task_id, task_id))
            return offset is not None and length <= offset < self._output.length

    def last(self, task_id: str) -> dict[str, Any] | None:
        """This annotator's last line of a task, read from the file."""
        with self._changed:
            at = self._decisions.offset(self._written.get(task_id, task_id))
            fields = self._fields(at)
        written = fields.get("_task_id") if fields else None
        return fields if written == self._written.get(task_id, task_id) else None

    def with_input(self, input_hash: int) -> list[dict[str, Any]]:
        """This annotator's lines about an input, of those that were there at first."""
        with self._changed:
            found = [self._fields(at) for at in self._decisions.with_input(input_hash)]
        return [fields for fields in found if fields is not None]

    def with_field(self, *names: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The last lines of tasks that may have one of some fields, by the tasks' ids."""
        wanted = tuple(f'"{name}"'.encode() for name in names)
        for offset, line in lines_with(self._read, self._output.length, wanted):
            fields = fields_of(line) or {}
            written = fields.get("_task_id")
            if isinstance(written, str) and self._decisions.offset(written) == offset:
                yield self._now.get(written, written), fields

    def know_as(self, task_id: str, written: str) -> None:
        """The task of some lines, known by the id in them, has another id now."""
        with self._changed:
            self._now[written], self._written[task_id] = task_id, written

    def is_known_as(self, written: str) -> bool:
        """Whether the task of a line has another id now."""
        return written in self._now

    def order(self, number: int) -> str:
        """The task decided `number`-th, counted from 0, each at its last decision.

        Raises:
            IndexError: There are not as many.
            LookupError: Another program took that line away.
        """
        with self._changed:
            head = head_of(self._line(self._decisions.nth_offset(number)))
        if head is None or head.task_id is None:
            raise LookupError(f"decision {number} cannot be read")
        return self._now.get(head.task_id, head.task_id)

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

        Nothing happens where none is, something is unsaved, or another program changed the file.

        Returns:
            Whether the output was compacted; if it failed, `messages` says why.
        """
        with self._changed:
            if self._closing or self._pending is not None or not self.superseded:
                return False
            if self.changed_by_others():
                return False
            output, guard = self._output, self._guard
            offsets = self._decisions.superseded_offsets()
            try:
                compact(self._folder, self._disk, output, offsets, self.annotator, check=guard)
            except (OSError, AnnotateError) as failure:
                name = self._output.path.name
                self.messages.append(f"{name} was not compacted: {sentence(failure)}")
                return False
            self._closing = True
        self.close()
        return True

    def close(self, timeout: float = 5.0) -> bool:
        """Wait for the last decision and close; again is harmless.

        Args:
            timeout: Seconds to wait for a medium that does not answer.

        Returns:
            Whether everything is on the medium. If not, what was written of the last line is
            taken off where possible; its draft is still there.
        """
        with self._changed:
            self._closing = True
        ended = self._saver.close(timeout)
        with self._changed:
            if ended and not self._closed:
                self._closed = True
                self._output.close()
            return self._pending is None

    # -- inside ----------------------------------------------------------

    def _saved(self, offset: int) -> None:
        self._decisions.place(self._row, offset)
        self._pending = None

    def _reread(self, start: int, change: Change) -> None:
        self._foreign = True
        decisions = self._decisions if start else Decisions()
        index(decisions, self._output.read, start, self._output.length, self.annotator)
        self._decisions = decisions
        self._add_pending()
        self.messages.append(f"{self._output.path.name}: {_CHANGES[change]}.")

    def _read(self, size: int, offset: int) -> bytes:
        with self._changed:
            return self._output.read(size, offset)

    def _add_pending(self) -> None:
        if self._pending is not None:
            self._row = self._decisions.add(
                self._pending.task_id, PENDING, self._pending.answer, self._pending.input_hash
            )

    def _fields(self, offset: int | None) -> dict[str, Any] | None:
        return None if offset is None else fields_of(self._line(offset))

    def _line(self, offset: int) -> bytes:
        """The line at an offset; nothing where it cannot be read."""
        if offset == PENDING:
            return self._pending.line if self._pending else b""
        with contextlib.suppress(OSError):
            return self._output.line(offset)
        return b""


_CHANGES = {
    "grown": "another program appended to it; its lines were kept",
    "rewritten": "another program changed it; reloaded",
    "replaced": "another program replaced it; reloaded",
    "gone": "another program removed or renamed it; recreated",
}
