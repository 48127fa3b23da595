"""The player at the near end, seen from the command that started it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from tui_annotate.audio.remote.server import Event, Order
from tui_annotate.errors import AnnotateError
from tui_annotate.wording import reason

_AGAIN = 1.0
"""Seconds after which a player that has ended is started again."""


class NearPlayer:
    """A player that listens on a port of the loopback; one that ends is started again.

    Args:
        token: What a session must know.
        port: The port; one that is free, if it is 0.
        log: The file that takes what libraries print.
        on_event: Takes what happens, on another thread.

    Raises:
        AnnotateError: It cannot be started, or the port is taken.
    """

    def __init__(
        self,
        token: str,
        *,
        port: int = 0,
        log: Path | None = None,
        on_event: Callable[[Event], None] = lambda event: None,
    ) -> None:
        self._token = token
        self._log = log
        self._on_event = on_event
        self._environment = dict(os.environ)
        self._closed = False
        self._process, first = self._start(port)
        if first.what != "listening":
            raise AnnotateError(
                f"the player cannot listen there ({first.reason or 'it has ended'})",
                where=f"port {port}" if port else None,
                do="use another port" if port else f"see {log}" if log else None,
            )
        self.port = first.port
        threading.Thread(target=self._watch, name="near-player", daemon=True).start()

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def close(self) -> None:
        """End it."""
        self._closed = True
        self._process.kill()
        self._process.wait()

    def _start(self, port: int) -> tuple[subprocess.Popen[bytes], Event]:
        try:
            log = os.open(self._log or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:
            log = os.open(os.devnull, os.O_WRONLY)
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "tui_annotate.audio.remote.server"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self._environment,
                # Away from the terminal, where ssh is at work.
                start_new_session=True,
            )
        except OSError as error:
            raise AnnotateError(f"the player cannot be started ({reason(error)})") from error
        finally:
            os.close(log)
        assert process.stdin is not None
        # Not as an argument: those are for everybody to see.
        process.stdin.write(msgspec.json.encode(Order(self._token, port)) + b"\n")
        process.stdin.flush()
        return process, _event(process) or Event("failed")

    def _watch(self) -> None:
        while not self._closed:
            while (event := _event(self._process)) is not None:
                self._on_event(event)
            self._process.wait()
            if self._closed:
                return
            time.sleep(_AGAIN)
            self._process, first = self._start(self.port)
            self._on_event(first)
            if self._closed:
                self._process.kill()


def _event(process: subprocess.Popen[bytes]) -> Event | None:
    assert process.stdout is not None
    line = process.stdout.readline()
    return msgspec.json.decode(line, type=Event) if line else None
