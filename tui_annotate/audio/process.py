"""The sound process, seen from the interface."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from tui_annotate.audio import messages
from tui_annotate.audio.messages import (
    Close,
    Configure,
    Heard,
    Message,
    Open,
    Opened,
    Progress,
    Request,
    Show,
    Unusable,
)
from tui_annotate.process.messages import Failed, Gone, Ready
from tui_annotate.process.worker_process import WorkerProcess
from tui_annotate.suggest.messages import SuggesterSpec, Switch

_RESTARTS = 3


class SoundProcess:
    """Everything that is heard and drawn of sounds, made in another process.

    A file that makes a library crash ends that process. It is started again then,
    some times, without that file; when that is of no use, the last message is `Gone`.

    Args:
        specs: The sources of suggestions, in order of priority.
        on_message: Called with each message, from another thread.
        log: The file that takes what libraries print.
        module: What runs there.
    """

    def __init__(
        self,
        specs: Sequence[SuggesterSpec],
        *,
        on_message: Callable[[Message], None],
        log: Path,
        module: str = "tui_annotate.audio.worker",
    ) -> None:
        self._configure = Configure(list(specs))
        self._on_message = on_message
        self._log = log
        self._module = module
        self._lock = threading.RLock()
        self._open: dict[int, Open] = {}
        self._answered: set[int] = set()
        self._heard: set[int] = set()
        self._muted: set[int] = set()
        self._converting: int | None = None
        self._shown: Show | None = None
        self._off: dict[str, Switch] = {}
        self._restarts = 0
        self._closed = False
        self._worker = self._start()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._worker.alive

    @property
    def pid(self) -> int | None:
        """Its process id, if it was started."""
        return self._worker.pid

    def send(self, request: Request) -> None:
        """Ask for something; returns at once."""
        with self._lock:
            match request:
                case Open(number=number):
                    self._open[number] = request
                    self._forget(number)
                case Close(number=number):
                    self._open.pop(number, None)
                    self._forget(number)
                case Show():
                    self._shown = request
                case Switch(source=source):
                    self._off[source] = request
            self._worker.send(request)

    def close(self) -> None:
        """End the process, whatever it is doing; returns at once."""
        with self._lock:
            self._closed = True
            self._worker.close()

    def wait(self, timeout: float) -> bool:
        """Wait until the process is gone; whether it is. Quitting does not need it."""
        return self._worker.wait(timeout)

    def _start(self) -> WorkerProcess[Request, Message]:
        return WorkerProcess(
            self._module,
            "the sound process",
            self._configure,
            requests=messages.REQUESTS,
            messages=messages.MESSAGES,
            on_message=self._take,
            log=self._log,
        )

    def _forget(self, number: int) -> None:
        for known in (self._answered, self._heard, self._muted):
            known.discard(number)

    def _take(self, message: Message) -> None:
        """Note what was answered, and pass it on; called in the thread that reads."""
        with self._lock:
            match message:
                case Gone() if not self._closed and self._restarts < _RESTARTS:
                    said = self._again(message)
                case Ready() if self._restarts:
                    said = []
                case Opened(number=number) | Unusable(number=number):
                    known = number in self._answered
                    self._answered.add(number)
                    said = [] if known else [message]
                case Heard(number=number):
                    self._heard.add(number)
                    muted = number in self._muted
                    said = [Heard(number, [], message.more, message.covered) if muted else message]
                case Progress(what="converting", number=number):
                    self._converting = number
                    said = [message]
                case _:
                    said = [message]
        for one in said:
            self._on_message(one)

    def _again(self, gone: Gone) -> list[Message]:
        """Start it again; what is to be said about it."""
        self._restarts += 1
        waiting = [number for number in self._open if number not in self._answered]
        fatal = self._converting if self._converting in waiting else next(iter(waiting), None)
        said: list[Message] = [Failed(f"{gone.reason}; restarted")]
        if fatal is not None:
            del self._open[fatal]
            said = [Unusable(fatal, f"reading it ends the program that does ({gone.reason})")]
        # What was offered of the others would come a second time.
        self._muted = set(self._heard)
        self._worker = self._start()
        for request in (*self._open.values(), self._shown, *self._off.values()):
            if request is not None:
                self._worker.send(request)
        return said
