"""The suggestion process, seen from the interface."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec.structs import replace

from tui_annotate.suggest import messages
from tui_annotate.suggest.messages import (
    Configure,
    Document,
    Failed,
    Feedback,
    Gone,
    Message,
    Request,
    Submit,
    SuggesterSpec,
    Switch,
)
from tui_annotate.suggest.source import tokeniser


class SuggestionProcess:
    """Tokens and suggestions, made in another process.

    It starts at once. Nothing here waits for it: requests are queued, answers
    come to `on_message` on a thread of this object's own. When the process
    ends without `close`, the last message is `Gone`.

    Args:
        specs: The suggesters, in order of priority; the local ones are passed over.
        model: The pipeline whose tokeniser to use; see `source.tokeniser`.
        language: The language to tokenise as, where no pipeline is named.
        on_message: Called with each message, from another thread.
        log: The file that takes what libraries print.

    Raises:
        AnnotateError: If the pipeline that tokenises cannot be had; `suggest.check` says more.
    """

    def __init__(
        self,
        specs: Sequence[SuggesterSpec],
        *,
        model: str | None = None,
        language: str = "xx",
        on_message: Callable[[Message], None],
        log: Path,
    ) -> None:
        self._on_message = on_message
        self._log = log
        self._closing = False
        self._process: subprocess.Popen[bytes] | None = None
        self._outbox: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._outbox.put(Configure(list(specs), tokeniser(specs, model, language).target))
        try:
            self._process = self._start()
        except OSError as error:
            threading.Thread(
                target=on_message,
                args=(Gone(f"the suggestion process cannot be started ({error.strerror})"),),
                daemon=True,
            ).start()
            return
        for target, stream in (
            (self._write, self._process.stdin),
            (self._read, self._process.stdout),
        ):
            threading.Thread(target=target, args=(stream,), name="suggest", daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id, if it was started."""
        return None if self._process is None else self._process.pid

    def submit(self, documents: Iterable[Document]) -> None:
        """Ask for tokens and suggestions.

        Each document without tokens is answered by one `Tokenised`, and each by
        one `Suggested` after that, in the order of submission.
        """
        self._outbox.put(Submit(list(documents)))

    def switch(self, source: str, on: bool) -> None:
        """Leave a source out, or run it again, from the next text on."""
        self._outbox.put(Switch(source, on))

    def feedback(
        self,
        text: str,
        spans: Iterable[tuple[int, int, str]],
        sources: Collection[str] | None = None,
    ) -> None:
        """Tell sources that learn, or some of them, how a text was decided."""
        named = None if sources is None else sorted(sources)
        self._outbox.put(Feedback(text, list(spans), named))

    def close(self) -> None:
        """End the process, whatever it is doing; returns at once."""
        self._closing = True
        self._outbox.put(None)
        if self._process is not None:
            # It keeps nothing, so there is nothing that a kill could lose.
            self._process.kill()

    def wait(self, timeout: float) -> bool:
        """Wait until the process is gone; whether it is. Quitting does not need it."""
        if self._process is None:
            return True
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _start(self) -> subprocess.Popen[bytes]:
        # -P: a folder one happens to stand in must not shadow modules.
        command = [sys.executable, "-P", "-m", "tui_annotate.suggest.worker"]
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        try:
            log = os.open(self._log, flags, 0o600)
        except OSError:
            log = os.open(os.devnull, os.O_WRONLY)
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                # Away from the terminal: no Ctrl+C, no hangup, nothing it could print to.
                start_new_session=True,
            )
        finally:
            os.close(log)

    def _write(self, stream: BinaryIO) -> None:
        try:
            while (request := self._outbox.get()) is not None:
                try:
                    messages.write(stream, request)
                except UnicodeEncodeError:
                    messages.write(stream, _encodable(request))
        except OSError:
            pass  # It is gone; the reader says so.
        with contextlib.suppress(OSError):
            stream.close()

    def _read(self, stream: BinaryIO) -> None:
        failure: str | None = None
        try:
            while (message := messages.read_message(stream)) is not None:
                if self._closing:
                    continue
                # The last words of a process that could not go on at all.
                failure = message.message if isinstance(message, Failed) else None
                self._on_message(message)
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            failure = f"it sent what cannot be read: {error}"
        assert self._process is not None
        if not self._closing:
            self._process.kill()
        code = self._process.wait()
        self._outbox.put(None)
        if not self._closing:
            self._on_message(Gone(self._reason(code, failure)))

    def _reason(self, code: int, failure: str | None) -> str:
        if failure:
            return f"the suggestion process has ended: {failure}"
        if code < 0:
            name = signal.Signals(-code).name if -code in list(signal.Signals) else str(-code)
            hint = ", perhaps for want of memory" if name == "SIGKILL" else ""
            return f"the suggestion process was ended by {name}{hint}"
        return f"the suggestion process has ended with code {code}; {self._log} says why"


def _encodable(request: Request) -> Request:
    """The same with a question mark for each lone surrogate, so that offsets stay."""

    def clean(text: str) -> str:
        return text.encode("utf-8", "replace").decode("utf-8")

    match request:
        case Submit(documents):
            return Submit([replace(d, text=clean(d.text)) for d in documents])
        case Feedback(text, spans):
            return Feedback(clean(text), [(s, e, clean(label)) for s, e, label in spans])
        case _:
            return request
