"""A worker process, seen from the interface, which never waits for it."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

import msgspec

from tui_annotate.process.channel import Channel
from tui_annotate.process.environment import worker_environment
from tui_annotate.process.messages import Failed, Gone
from tui_annotate.wording import reason

Request = TypeVar("Request")
Message = TypeVar("Message")


def start_worker(
    module: str, log: Path | None, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Run a module of the program in a process of its own, with pipes to and from it.

    Args:
        module: The module.
        log: The file that takes what libraries print; None to drop it.
        environment: The environment; by default ours without the token of a player.

    Raises:
        OSError: It cannot be started.
    """
    # -P: the current folder must not shadow modules.
    command = [sys.executable, "-P", "-m", module]
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        errors = os.open(log or os.devnull, flags, 0o600)
    except OSError:
        errors = os.open(os.devnull, os.O_WRONLY)
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=worker_environment() if environment is None else environment,
            # Away from the terminal: no Ctrl+C, no hangup, nothing it could print to.
            start_new_session=True,
        )
    finally:
        os.close(errors)


class WorkerProcess(Generic[Request, Message]):
    """Runs a module of the program in a process of its own, and talks to it over pipes.

    It starts at once. Requests are queued; answers come to `on_message` on a
    thread of this object's own. When the process ends without `close`, the
    last message is `Gone`.

    Args:
        module: The module to run.
        name: What messages call the process: ``the suggestion process``.
        first: The request that it begins with.
        requests: What goes to it.
        messages: What comes from it.
        on_message: Called with each message, from another thread.
        log: The file that takes what libraries print.
    """

    def __init__(
        self,
        module: str,
        name: str,
        first: Request,
        *,
        requests: Channel[Request],
        messages: Channel[Message],
        on_message: Callable[[Message | Gone], None],
        log: Path,
    ) -> None:
        self._name = name
        self._requests = requests
        self._messages = messages
        self._on_message = on_message
        self._log = log
        self._closing = False
        self._process: subprocess.Popen[bytes] | None = None
        self._outbox: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._outbox.put(first)
        try:
            self._process = start_worker(module, log)
        except OSError as error:
            gone = Gone(f"{name} cannot be started ({reason(error)})")
            threading.Thread(target=on_message, args=(gone,), daemon=True).start()
            return
        for target, stream in (
            (self._write, self._process.stdin),
            (self._read, self._process.stdout),
        ):
            threading.Thread(target=target, args=(stream,), name=module, daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id, if it was started."""
        return None if self._process is None else self._process.pid

    def send(self, request: Request) -> None:
        """Ask for something; returns at once."""
        self._outbox.put(request)

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

    def _write(self, stream: BinaryIO) -> None:
        try:
            while (request := self._outbox.get()) is not None:
                self._requests.write(stream, request)
        except OSError:
            pass  # It is gone; the reader says so.
        with contextlib.suppress(OSError):
            stream.close()

    def _read(self, stream: BinaryIO) -> None:
        failure: str | None = None
        try:
            while (message := self._messages.read(stream)) is not None:
                if self._closing:
                    continue
                # The last words of a process that could not go on at all.
                failure = message.message if isinstance(message, Failed) else None
                self._on_message(message)
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            failure = f"it sent an unreadable message ({reason(error)})"
        assert self._process is not None
        if not self._closing:
            self._process.kill()
        code = self._process.wait()
        self._outbox.put(None)
        if not self._closing:
            self._on_message(Gone(self._reason(code, failure)))

    def _reason(self, code: int, failure: str | None) -> str:
        if failure:
            return f"{self._name} has ended: {failure}"
        if code < 0:
            name = signal.Signals(-code).name if -code in list(signal.Signals) else str(-code)
            hint = ", perhaps because memory ran out" if name == "SIGKILL" else ""
            return f"{self._name} was ended by {name}{hint}"
        return f"{self._name} has ended with code {code}; {self._log} says why"
