"""A terminal for tests: a program in a pseudo-terminal, its screen, and every byte it sent."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil
import pyte

from tests.rest import KNOWN, at_rest
from tui_annotate.text.ordering import MARK

KEYS: Mapping[str, str] = {
    "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "escape": "\x1b", "backspace": "\x7f",
    "space": " ", "left": "\x1b[D", "right": "\x1b[C", "up": "\x1b[A", "down": "\x1b[B",
    "shift+left": "\x1b[1;2D", "shift+right": "\x1b[1;2C",
    "ctrl+left": "\x1b[1;5D", "ctrl+right": "\x1b[1;5C",
    "home": "\x1b[H", "end": "\x1b[F", "ctrl+home": "\x1b[1;5H", "ctrl+end": "\x1b[1;5F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "delete": "\x1b[3~",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "defgklnopqrtuwxy"},
}  # fmt: skip

PATIENCE = 60.0
"""How long a test waits for anything before it fails; a machine may be busy."""

QUIET = 0.05 if KNOWN else 0.15
"""How long a program that is at rest sends nothing before an answer to a key counts as whole.

Longer than it puts off what it draws, by a sixtieth of a second.
"""

ESCAPE = 0.1
"""How long a program waits for what may follow an escape."""

_PLAYS = "▶"
"""On the screen of a program that plays a sound, and draws all the time."""

# Questions with an intermediate character, which pyte would print in part.
_QUESTIONS = re.compile(rb"\x1b\[[?>=<]?[0-9;]*(?:[ -/][@-~]|u)|\x1b\[[>=<][0-9;]*[@-~]")


class Terminal:
    """Runs a program in a pseudo-terminal and reads what it sends, in a thread.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        rows: The height.
        columns: The width.
        environment: What differs from a terminal with true colour.
        before: Called in the child before the program starts.

    Attributes:
        sent: Every byte that the program sent.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        *,
        rows: int = 24,
        columns: int = 80,
        environment: Mapping[str, str] | None = None,
        before: Callable[[], None] | None = None,
    ) -> None:
        self._master, slave = pty.openpty()
        self.sent = bytearray()
        self._screen = pyte.Screen(columns, rows)
        # Parts of a character and of a sequence may come in different reads.
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stream = pyte.Stream(self._screen)
        self._held = b""
        self._drawn: tuple[int, int, int] | None = None
        self._rows: list[str] = []
        self._changed = threading.Condition()
        self._ended = False
        self._last = time.monotonic()
        self._set_size(rows, columns)
        self.before_start = termios.tcgetattr(slave)

        def prepare() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            if before is not None:
                before()

        self.process = subprocess.Popen(
            list(command),
            cwd=folder,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=_environment(folder, environment or {}),
            start_new_session=True,
            preexec_fn=prepare,
        )
        # Kept open, so that the modes of the terminal can be asked after the end.
        self._slave = slave
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    # ── what is on it ──────────────────────────────────────────────────────

    @property
    def lines(self) -> list[str]:
        """The rows of the screen."""
        with self._changed:
            # To make the rows takes a while, and waiting asks for them again and again.
            drawn = len(self.sent), self._screen.lines, self._screen.columns
            if self._drawn != drawn:
                self._drawn, self._rows = drawn, list(self._screen.display)
            return list(self._rows)

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    @property
    def status(self) -> str:
        """The last row."""
        return self.lines[-1]

    @property
    def cursor_hidden(self) -> bool:
        """Whether the terminal's own cursor is hidden."""
        with self._changed:
            return bool(self._screen.cursor.hidden)

    @property
    def bytes_sent(self) -> int:
        """How many bytes the program has sent so far."""
        with self._changed:
            return len(self.sent)

    def sent_since(self, mark: int) -> bytes:
        """The bytes it sent since `bytes_sent` was a number."""
        with self._changed:
            return bytes(self.sent[mark:])

    @property
    def modes(self) -> list[object]:
        """The terminal's modes, as `termios.tcgetattr` gives them."""
        return list(termios.tcgetattr(self._slave))

    # ── waiting ────────────────────────────────────────────────────────────

    def wait_for(
        self,
        what: str | Callable[[Terminal], object],
        timeout: float = PATIENCE,
        *,
        at_rest: bool = True,
    ) -> Terminal:
        """Wait until a text is on the screen, or something is true of the terminal.

        Args:
            what: The text, or what has to be true.
            timeout: Seconds to wait.
            at_rest: Wait until the program rests, too.

        Raises:
            AssertionError: It never was; the screen is in the message.
        """

        def there() -> bool:
            return what in self.text if isinstance(what, str) else bool(what(self))

        end = time.monotonic() + timeout
        with self._changed:
            while not there():
                left = end - time.monotonic()
                if left <= 0 or (self._ended and self.process.poll() is not None):
                    if there():
                        break
                    raise AssertionError(f"waited in vain for {what!r}; the screen:\n{self.text}")
                # What is waited for may be a file, which tells nobody.
                self._changed.wait(min(left, 0.05))
            # What was seen may be the head of a frame that is not all there.
            while at_rest and _PLAYS not in self.text and not self._at_rest(alone=True):
                if time.monotonic() > end:
                    raise AssertionError("the program never rests")
                self._changed.wait(0.002)
        return self

    def settle(self, timeout: float = PATIENCE) -> Terminal:
        """Wait until the program has answered all keys, rests, and no task is still loading."""
        end = time.monotonic() + timeout
        with self._changed:
            while (left := self._last + QUIET - time.monotonic()) > 0 or self._busy():
                if time.monotonic() > end:
                    raise AssertionError("the program never rests")
                self._changed.wait(max(left, 0.01))
        return self

    def _busy(self) -> bool:
        if self.status.startswith(" loading"):
            return True
        if self._at_rest():
            return False
        # What it does now may end with something that it puts off for a moment.
        self._last = max(self._last, time.monotonic())
        return True

    def _at_rest(self, *, alone: bool = False) -> bool:
        """Whether the program has read every key and does nothing, and all it sent is drawn."""
        if self._ended or self._slave < 0:
            return True
        unread = struct.unpack("i", fcntl.ioctl(self._slave, termios.FIONREAD, b"\0\0\0\0"))[0]
        return (
            not unread
            and at_rest(self.process.pid, alone=alone)
            and not select.select([self._master], [], [], 0)[0]
        )

    def wait_for_end(self, timeout: float = PATIENCE) -> int:
        """Wait until the program has ended and all it sent is read; its exit code."""
        code = self.process.wait(timeout)
        end = time.monotonic() + timeout
        with self._changed:
            while not self._ended and select.select([self._master], [], [], 0)[0]:
                assert time.monotonic() < end
                self._changed.wait(0.02)
        return code

    # ── acting ─────────────────────────────────────────────────────────────

    def press(self, *keys: str) -> Terminal:
        """Press keys, all of them in one write; names as in the table of keys."""
        return self.type("".join(KEYS.get(key, key) for key in keys))

    def type(self, text: str) -> Terminal:
        """Send text as it is; what was sent before counts as answered."""
        with self._changed:
            self._last = time.monotonic() + (ESCAPE if text.endswith("\x1b") else 0)
        os.write(self._master, text.encode())
        return self

    def resize(self, rows: int, columns: int) -> Terminal:
        """Give the window another size."""
        with self._changed:
            self._screen.resize(rows, columns)
        self._set_size(rows, columns)
        return self

    def signal(self, number: int) -> None:
        """Send a signal to the program."""
        os.kill(self.process.pid, number)

    def hang_up(self) -> None:
        """Take the terminal away."""
        self._stop_reading()
        os.close(self._slave)
        os.close(self._master)
        self._slave = self._master = -1

    def kill(self) -> None:
        """End the program and its children as a power cut would; harmless afterwards."""
        for child in self.children():
            with contextlib.suppress(psutil.Error):
                child.kill()
        if self.process.poll() is None:
            self.signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def children(self) -> list[psutil.Process]:
        """The program's own processes."""
        try:
            return list(psutil.Process(self.process.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            return []

    def close(self) -> None:
        """End everything and give the terminal back."""
        self.kill()
        if self._master >= 0:
            self.hang_up()

    # ── inside ─────────────────────────────────────────────────────────────

    def _set_size(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _stop_reading(self) -> None:
        with self._changed:
            self._ended = True
        self._reader.join(PATIENCE)

    def _read(self) -> None:
        while not self._ended:
            try:
                if not select.select([self._master], [], [], 0.02)[0]:
                    continue
            except OSError:
                break
            with self._changed:
                # Whoever has the lock sees all that was read drawn.
                try:
                    data = os.read(self._master, 65536)
                except OSError:
                    data = b""
                if not data:
                    self._ended = True
                else:
                    self.sent += data
                    self._last = max(self._last, time.monotonic())
                    self._feed(data)
                self._changed.notify_all()

    def _feed(self, data: bytes) -> None:
        data = self._held + data
        self._held = b""
        cut = data.rfind(b"\x1b")
        if (
            cut >= 0
            and len(data) - cut < 32
            and not re.match(rb"\x1b(\[[0-?]*[ -/]*[@-~]|[^\[P\]_^])", data[cut:])
        ):
            data, self._held = data[:cut], data[cut:]
        # Device control strings carry answers and questions, nothing to draw.
        data = re.sub(rb"\x1b[P_^][^\x1b]*\x1b\\", b"", data)
        # pyte knows no marks without width, and stops at one.
        text = self._decoder.decode(_QUESTIONS.sub(b"", data))
        self._stream.feed(text.replace(MARK, ""))


def _environment(folder: Path, changed: Mapping[str, str]) -> dict[str, str]:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        # The checkout that the test is in, wherever the package is installed from.
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "TUI_ANNOTATE_CONFIG": str(home / "config"),
        **changed,
    }
