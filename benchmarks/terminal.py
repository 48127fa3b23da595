"""A program in a terminal of its own, with every key timed and every byte counted."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

ROWS, COLUMNS = 24, 80

RIGHT, DOWN = b"\x1b[C", b"\x1b[B"
PAGE_DOWN, HOME = b"\x1b[6~", b"\x1b[H"
APPLICATION_MODE = b"\x1b[?1h"
"""What curses programs send to have cursor keys come as ``ESC O`` instead of ``ESC [``."""

ANSWER_SECONDS = 5.0
"""How long an answer to a key may take."""

FULL_SCREEN = b"\x1b[?1049h"
"""What a program sends before its first frame; what stands before is not on the screen."""

_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])")

TRUECOLOR: Mapping[str, str] = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
COLOURS_256: Mapping[str, str] = {"TERM": "xterm-256color"}

_NOT_INHERITED = ("COLORTERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PYTHONSTARTUP")


class BenchmarkError(Exception):
    """The program measured did not do what the benchmark waits for."""


@dataclass(frozen=True, slots=True)
class Press:
    """What one key press did.

    Attributes:
        ms: Milliseconds until the terminal had received all of the answer.
        sent: Bytes of the answer.
    """

    ms: float
    sent: int


class Keys:
    """What presses of one kind did in one run of a program."""

    def __init__(self, app: Terminal) -> None:
        self.app = app
        self.presses: list[Press] = []
        self.bytes = 0
        self._from = app.sent

    def press(self, key: bytes, *, text: str | None = None, quiet: float = 0.05) -> None:
        """Press a key that counts; see `Terminal.press`."""
        self.rest()
        self.presses.append(self.app.press(key, text=text, quiet=quiet))

    def rest(self) -> None:
        """Count what the last key has sent late; to be called before one that does not count."""
        self.app.drain()
        if self.presses:
            self.bytes += self.app.sent - self._from
        self._from = self.app.sent

    def skip(self) -> None:
        """Leave out what has been sent since `rest`."""
        self._from = self.app.sent

    @property
    def bytes_per_key(self) -> float:
        """All bytes by all keys."""
        return self.bytes / len(self.presses)


class Terminal:
    """Runs a command on a pseudo-terminal of 80 by 24.

    Args:
        command: The program and its arguments.
        folder: Where it runs, and where its settings and caches go.
        colours: What the terminal says about itself.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, colours: Mapping[str, str] = TRUECOLOR
    ) -> None:
        self.command = list(command)
        environment = {k: v for k, v in os.environ.items() if k not in _NOT_INHERITED}
        environment |= {
            **colours,
            "ESCDELAY": "25",
            "PYTHONDONTWRITEBYTECODE": "",
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        self._output = bytearray()
        self._shown_from: int | None = None
        self.code: int | None = None
        self.started = time.perf_counter()
        self.pid, self._fd = os.forkpty()
        if self.pid == 0:
            try:
                size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                os.chdir(folder)
                os.execve(self.command[0], self.command, environment)
            finally:
                os._exit(127)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def sent(self) -> int:
        """Bytes received so far."""
        return len(self._output)

    def wait_for(self, text: str, *, screen: bool = True, timeout: float = 120) -> float:
        """Wait until a text has been received.

        Args:
            text: What to wait for; cursor movements and colours within it do not count.
            screen: Whether it has to be on the full screen, or may be printed as well.
            timeout: Seconds to wait at most.

        Returns:
            Seconds since the program was started.

        Raises:
            BenchmarkError: It did not come.
        """
        wanted = text.encode()
        until = time.perf_counter() + timeout
        while wanted not in self._visible(screen):
            left = until - time.perf_counter()
            if left <= 0 or not self._receive(left):
                raise BenchmarkError(f"{text!r} did not come from {self._name()}: {self._tail()}")
        return time.perf_counter() - self.started

    def wait_for_end(self, timeout: float = 600) -> float:
        """Wait until the program has ended; seconds since it was started."""
        until = time.perf_counter() + timeout
        while self._receive(max(until - time.perf_counter(), 0)):
            pass
        self._reap(until)
        if self.code != 0:
            raise BenchmarkError(f"{self._name()} ended with {self.code}: {self._tail()}")
        return time.perf_counter() - self.started

    def settle(self, quiet: float = 0.3, timeout: float = 60) -> int:
        """Wait until nothing has come for a while; the bytes that came until then."""
        before = self.sent
        until = time.perf_counter() + timeout
        while time.perf_counter() < until and self._receive(quiet):
            pass
        return self.sent - before

    def drain(self) -> None:
        """Take what has come already."""
        while self._receive(0):
            pass

    def press(self, key: bytes, *, text: str | None = None, quiet: float = 0.05) -> Press:
        """Press a key, and wait for the answer and for quiet after it.

        Args:
            key: What the terminal sends; cursor keys as ``ESC [``, which is put right here.
            text: What has to be on the screen for the answer to be there; without it, all that
                comes belongs to the answer.
            quiet: Seconds without anything after which the answer is over.

        Raises:
            BenchmarkError: Nothing came back, or not the text.
        """
        self.drain()
        if key[:2] == b"\x1b[" and len(key) == 3 and APPLICATION_MODE in self._output:
            key = b"\x1bO" + key[2:]
        before = self.sent
        wanted = text.encode() if text else b""
        answered: float | None = None
        pressed = time.perf_counter()
        os.write(self._fd, key)
        while self._receive(quiet if self.sent > before else ANSWER_SECONDS):
            if not wanted or (
                answered is None and wanted in _ESCAPES.sub(b"", self._output[before:])
            ):
                answered = time.perf_counter()
        if answered is None:
            raise BenchmarkError(f"{self._name()} did not answer the key {key!r}: {self._tail()}")
        return Press((answered - pressed) * 1000, self.sent - before)

    def memory(self) -> tuple[float, float]:
        """Megabytes: the most this process ever had, and what its children have now."""
        return _megabytes(self.pid, "VmHWM"), sum(
            _megabytes(p, "VmRSS") for p in _children(self.pid)
        )

    def quit(self, key: bytes = b"q", timeout: float = 60) -> None:
        """Leave as a user does, and wait for the end."""
        os.write(self._fd, key)
        until = time.perf_counter() + timeout
        while self._receive(max(until - time.perf_counter(), 0)):
            pass
        self._reap(until)

    def close(self) -> None:
        """End the program, if it has not ended."""
        if self.code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGHUP)
            os.close(self._fd)
            self._reap(time.perf_counter() + 5)
        else:
            os.close(self._fd)

    def _reap(self, until: float) -> None:
        while self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
            elif time.perf_counter() > until:
                os.kill(self.pid, signal.SIGKILL)
                until = float("inf")
            else:
                time.sleep(0.002)

    def _receive(self, timeout: float) -> bool:
        """Take what has come, waiting for it; whether anything came."""
        if not select.select([self._fd], [], [], timeout)[0]:
            return False
        try:
            chunk = os.read(self._fd, 1 << 16)
        except OSError:
            return False  # Linux says so when the other side has closed.
        self._output += chunk
        return bool(chunk)

    def _visible(self, screen: bool) -> bytes:
        if not screen:
            return _ESCAPES.sub(b"", self._output)
        if self._shown_from is None:
            found = self._output.find(FULL_SCREEN)
            if found < 0:
                return b""
            self._shown_from = found
        return _ESCAPES.sub(b"", self._output[self._shown_from :])

    def _name(self) -> str:
        return " ".join(Path(part).name for part in self.command[:4])

    def _tail(self) -> str:
        return _ESCAPES.sub(b"", self._output)[-400:].decode("utf-8", "replace")


def _children(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _megabytes(pid: int, field: str) -> float:
    """A field of Linux's process table; not a number where there is none."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
    return float("nan")
