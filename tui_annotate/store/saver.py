"""Bringing one line at a time to the medium, and not giving up on it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Literal

from tui_annotate.errors import AnnotateError
from tui_annotate.store.output import Change, Output
from tui_annotate.wording import reason

State = Literal["saved", "saving", "failed"]


class Saver:
    """Writes a line on the calling thread and fsyncs it on its own.

    After a failure the line is taken off, written and fsynced again: once at
    once, then every so often until it is saved.

    Attributes:
        changed: Held while output and state are touched, but never over an
            fsync of a line; notified when a line is saved or has failed.
        error: Why the line is not saved; the system's words or a sentence.
    """

    def __init__(
        self,
        output: Output,
        *,
        saved: Callable[[int], None],
        reread: Callable[[int, Change], None],
        notify: Callable[[], None],
        guard: Callable[[], None],
        retry_seconds: float,
    ) -> None:
        """Start the thread.

        Args:
            output: Where to.
            saved: Told, under `changed`, where the line stands that is saved.
            reread: Told, under `changed`, that another program changed the
                output, and from which byte to read it anew.
            notify: Called when `state` or `error` changed in the thread.
            guard: Called before every write; raises an `AnnotateError` if this
                process may not write any more.
            retry_seconds: Between tries.
        """
        self.changed = threading.Condition(threading.RLock())
        self.error: str | None = None
        self._output = output
        self._saved = saved
        self._reread = reread
        self._notify = notify
        self._guard = guard
        self._retry_seconds = retry_seconds
        self._line: bytes | None = None
        # Where the line stands that was written and waits for its fsync.
        self._offset: int | None = None
        self._announced: tuple[State, str | None] = ("saved", None)
        self._tried_twice = False
        self._gone_since: float | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    @property
    def state(self) -> State:
        """Whether the last line is on the medium."""
        with self.changed:
            if self._line is None:
                return "saved"
            return "saving" if self.error is None else "failed"

    def save(self, line: bytes) -> None:
        """Write a line, the one before it being saved; never raises `OSError`."""
        with self.changed:
            self._line = line
            self._announced = ("saving", None)
            self._tried_twice = False
            try:
                self._write(line)
            except (OSError, AnnotateError) as failure:
                self._fail(failure)
            self.changed.notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the line is saved; False if it is not within so many seconds."""
        with self.changed:
            return self.changed.wait_for(lambda: self._line is None, timeout)

    def close(self, timeout: float) -> bool:
        """End the thread once the line is saved, has failed or time is up.

        Returns:
            Whether the thread has ended, so that the output may be closed.
        """
        with self.changed:
            self.changed.wait_for(lambda: self._line is None or self.error is not None, timeout)
            self._closing = True
            self.changed.notify_all()
        self._thread.join(timeout)
        if self._thread.is_alive():
            return False
        with self.changed:
            if self._line is not None:
                with contextlib.suppress(AnnotateError):
                    self._guard()
                    self._output.recover()
        return True

    def _run(self) -> None:
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self._closing or self._line is not None)
                if self.error is not None and self._tried_twice:
                    self.changed.wait_for(lambda: self._closing, self._retry_seconds)
                if self._line is None or (self._closing and self.error is not None):
                    return
                self._tried_twice = self.error is not None
            self._try()
            self._announce()

    def _try(self) -> None:
        """Fsync the line, writing it anew if anything failed before."""
        try:
            with self.changed:
                if self._line is None:
                    return
                if self._offset is None:
                    self._guard()
                    self._output.recover()
                    self._write(self._line)
            self._output.sync()
        except (OSError, AnnotateError) as failure:
            with self.changed:
                self._fail(failure)
                self.changed.notify_all()
        else:
            with self.changed:
                if self._offset is not None:
                    self._saved(self._offset)
                self._line = self._offset = self.error = None
                self.changed.notify_all()

    def _announce(self) -> None:
        with self.changed:
            now = (self.state, self.error)
            # The second try follows the first at once and may mend it unseen.
            if now == self._announced or (now[0] == "failed" and not self._tried_twice):
                return
            self._announced = now
        # Were this thread to end, the next line would never be saved.
        with contextlib.suppress(Exception):
            self._notify()

    def _write(self, line: bytes) -> None:
        change = self._output.change()
        if change != "gone":
            self._gone_since = None
        if change is not None:
            if change == "gone":
                self._be_patient()
            start = self._output.adopt(change)
            try:
                self._reread(start, change)
            except OSError:
                self._output.forget()
                raise
        self._offset = self._output.write(line)

    def _be_patient(self) -> None:
        """Give another program a moment: many rename the old file, then write the new one."""
        now = time.monotonic()
        if self._gone_since is None:
            self._gone_since = now
        if now - self._gone_since < self._retry_seconds:
            raise FileNotFoundError(0, "another program removed or renamed the output")

    def _fail(self, failure: OSError | AnnotateError) -> None:
        self._offset = None
        self.error = sentence(failure)


def sentence(failure: OSError | AnnotateError) -> str:
    """A failure in words, without number and file name."""
    if isinstance(failure, OSError):
        return reason(failure)
    return str(failure)
