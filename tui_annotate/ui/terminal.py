"""The terminal below the interface: what has been written to it, and when it has gone."""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import select
import selectors
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual import constants, events
from textual._compositor import ChopsUpdate
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.strip import Strip

_END_OF_KITTY = "\x1b[<u"
_BLOCKED_SECONDS = 0.03
"""A write that takes longer has waited for the line."""

_LAST_CHARACTERS = 1024
"""So few go out in one piece where the line has room."""

_WHERE_IS_THE_CURSOR = "\x1b[6n"
_LOST_SECONDS = 10.0
"""A receipt that takes longer will not come."""

_ERASE_TO_END = "\x1b[K"
_STYLES = re.compile(r"(\x1b\[[0-9;]*m)")
_LONG_BLANK = 8 * " "
_BLANKS = re.compile(f"{_LONG_BLANK} *")
_RESET = "\x1b[m"


class OutputBuffer:
    """What the driver writes to: it knows when each frame has reached the terminal.

    Attributes:
        queued: How many writes there are to be.
        sent: How many characters were written.
        speed: Characters a second that the line took when it was last full; None where it
            never was.
    """

    def __init__(self, file: Any) -> None:
        self._file = file
        self._marks: deque[tuple[int, Callable[[float], None]]] = deque()
        self._lock = threading.Lock()
        self._room = select.poll()
        self._room.register(file.fileno(), select.POLLOUT)
        self._reached = 0
        self._reached_at = 0.0
        self._written = 0
        self.queued = 0
        self.sent = 0
        self.speed: float | None = None
        self._asked: deque[float] = deque()
        self._answers = False

    def ask(self) -> None:
        """A receipt was asked for: the terminal will answer when it has got that far."""
        self._asked.append(time.monotonic())

    def answered(self) -> bool:
        """Take an answer of the terminal; whether it is a receipt that was asked for."""
        if not self._asked:
            return False
        self._asked.popleft()
        self._answers = True
        return True

    @property
    def on_its_way(self) -> int:
        """How many receipts are awaited; 0 of a terminal that never gave one.

        Only they tell what the buffers between here and a terminal far away hold: one
        that takes all at once may be seconds behind.
        """
        if self._asked and time.monotonic() - self._asked[0] > _LOST_SECONDS:
            self._asked.clear()
            self._answers = False
        return len(self._asked) if self._answers else 0

    def write(self, data: str) -> int:
        """Write and flush; a terminal that has gone away is not an error here."""
        began = time.monotonic()
        with contextlib.suppress(OSError, ValueError):
            self._send(data[:-_LAST_CHARACTERS])
            self._room.poll()
        # A key pressed upon this frame may be acted on before this thread runs again: the
        # frame counts as there before its end is sent, once nothing can hold that up.
        self._reach()
        with contextlib.suppress(OSError, ValueError):
            self._send(data[-_LAST_CHARACTERS:])
        took = time.monotonic() - began
        if took > _BLOCKED_SECONDS:
            # Everything between here and the terminal is full: this is what gets through.
            self.speed = len(data) / took
        self._written += 1
        self.sent += len(data)
        return len(data)

    def _send(self, data: str) -> None:
        if data:
            self._file.write(data)
            self._file.flush()

    def _reach(self) -> None:
        with self._lock:
            self._reached += 1
            self._reached_at = time.monotonic()
            while self._marks and self._marks[0][0] <= self._reached:
                self._marks.popleft()[1](self._reached_at)

    @property
    def drained(self) -> bool:
        """Whether all that was queued has been written."""
        return self.queued <= self._written

    def mark(self, reached: Callable[[float], None]) -> None:
        """Call back with the monotonic time at which all that is queued now was there.

        The call comes before a key that was pressed upon it can be read.
        """
        with self._lock:
            if self.queued > self._reached:
                self._marks.append((self.queued, reached))
                return
        reached(self._reached_at)

    def flush(self) -> None:
        """Writing flushes."""

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return bool(self._file.isatty())

    def fileno(self) -> int:
        """The file descriptor."""
        return int(self._file.fileno())


class TerminalDriver(LinuxDriver):
    """Textual's driver for terminals, writing on paper that can be asked.

    Textual draws on standard error. While it does, that leads nowhere for everybody
    else: libraries such as libmpg123 print there, in the middle of the screen.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        error: Any = self._file
        self._error: int = error.fileno()
        own = open(  # noqa: SIM115
            os.dup(self._error), "w", encoding=error.encoding, errors=error.errors
        )
        self.paper = OutputBuffer(own)
        self._file = self.paper  # type: ignore[assignment]

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._error)
        os.close(nowhere)
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        super().stop_application_mode()
        os.dup2(self.paper.fileno(), self._error)

    def write(self, data: str) -> None:
        """Queue text for the terminal."""
        if data == _END_OF_KITTY and constants.DISABLE_KITTY_KEY:
            # Nothing was begun, so that this would end what belongs to the shell.
            return
        self.paper.queued += 1
        super().write(data)

    def ask_receipt(self) -> None:
        """Have the terminal say when it has got as far as this."""
        self.paper.ask()
        self.write(_WHERE_IS_THE_CURSOR)

    def run_input_thread(self) -> None:
        """Read keys until the end, each with the time at which it was read.

        Textual's own gives them the time at which it gets round to them: of keys
        typed ahead, the last may then seem to come after a frame that none of
        them was pressed upon.
        """
        parser = XTermParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    at = time.monotonic()
                    try:
                        data = os.read(self.fileno, 4096)
                    except OSError:
                        data = b""
                    if not data:
                        # The terminal has gone, and not everyone is sent SIGHUP for it.
                        if not self.exit_event.is_set():
                            os.kill(os.getpid(), getattr(signal, "SIGHUP", signal.SIGTERM))
                        self.exit_event.wait()
                        return
                    for message in parser.feed(decode(data)):
                        self._read(message, at)
                for message in parser.tick():
                    self._read(message, time.monotonic())

    def _read(self, message: Message, at: float) -> None:
        if isinstance(message, events.CursorPosition) and self.paper.answered():
            return
        message.time = at
        self.process_message(message)


def terminal_is_there() -> bool:
    """Whether the terminal on the standard input still answers."""
    with contextlib.suppress(OSError, ValueError):
        poll = select.poll()
        poll.register(0, 0)
        return os.isatty(0) and not any(
            event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0)
        )
    return False


_ORDERS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys instead of showing it, or what turns a row around."""


def harmless(text: str) -> str:
    """A piece of a row without anything that a terminal would obey.

    Views draw text from data through `text.display`; whatever forgets to is caught here. Each
    such character takes the one cell that the layout gave it, or none.
    """
    if _ORDERS.search(text) is None:
        return text
    return _ORDERS.sub(lambda order: "\ufffd" * (cell_len(order[0]) > 0), text)


def harmless_strip(strip: Strip) -> Strip:
    """The same row, of harmless pieces."""
    if all(control or _ORDERS.search(text) is None for text, _, control in strip):
        return strip
    return Strip([Segment(harmless(text), style) for text, style, control in strip if not control])


class TightUpdate(ChopsUpdate):
    """An update of the screen that sends a dirty stretch from its first cell on.

    Textual's own sends it from the left edge of the widget.
    """

    def render_segments(self, console: Console) -> str:
        """The update as the terminal gets it."""
        written: list[str] = []
        for y, first, last in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= last or end <= first:
                    continue
                left, right = max(x, first), min(end, last)
                cropped = strip if (left, right) == (x, end) else strip.crop(left - x, right - x)
                drawn = drawn_tightly(cropped, console._color_system)
                if right == self.chop_ends[y][-1]:
                    drawn = _erased(drawn)
                written.append(f"\x1b[{y + 1};{left + 1}H{drawn}")
        return "".join(written)

    @classmethod
    def of(cls, update: ChopsUpdate) -> TightUpdate:
        """The same update, sent tightly."""
        return cls(update.chops, update.spans, update.chop_ends)


@lru_cache(maxsize=4096)
def _codes(style: Style, colours: ColorSystem | None) -> tuple[str, str, str]:
    """The codes of a style's attributes, of its colour and of its background."""
    if colours is None:
        return "", "", ""
    parts = []
    for colour, is_ground in ((style.color, False), (style.bgcolor, True)):
        found = colour.downgrade(colours).get_ansi_codes(not is_ground) if colour else ()
        default = "49" if is_ground else "39"
        parts.append("" if found == (default,) else ";".join(found))
    return style.without_color._make_ansi_codes(colours), parts[0], parts[1]


def drawn_tightly(strip: Strip, colours: ColorSystem | None) -> str:
    """A stretch of a row with as few codes as tell its styles apart; it ends in the plain one.

    Rich ends every segment with a reset and tells the next one's colours again.
    """
    written: list[str] = []
    now = plain = ("", "", "")
    for text, style, control in strip:
        if control or not text:
            continue
        wanted = plain if style is None else _codes(style, colours)
        if wanted != now:
            written.append(_between(now, wanted))
            now = wanted
        written.append(harmless(text))
    if now != plain:
        written.append(_RESET)
    return "".join(written)


def _between(now: tuple[str, str, str], wanted: tuple[str, str, str]) -> str:
    """The codes that lead from one style to another."""
    if not any(wanted):
        return _RESET
    codes: list[str] = []
    if wanted[0] != now[0]:
        if now[0]:
            # What is on can only be put out together with the colours.
            codes, now = ["0"], ("", "", "")
        codes.append(wanted[0])
    codes += [new or off for new, old, off in
              ((wanted[1], now[1], "39"), (wanted[2], now[2], "49")) if new != old]  # fmt: skip
    return f"\x1b[{';'.join(code for code in codes if code)}m"


def _erased(drawn: str) -> str:
    """The end of a row, with the blanks in it erased and not written.

    Every styled stretch ends with a reset, so that they have the terminal's own colours.
    """
    kept = drawn.rstrip(" ")
    ends = len(drawn) - len(kept) > len(_ERASE_TO_END)
    if _LONG_BLANK not in kept:
        return kept + _ERASE_TO_END if ends else drawn
    parts = _STYLES.split(kept)
    plain = True
    for number, part in enumerate(parts):
        if number % 2:
            plain = part == _RESET
        elif plain:
            parts[number] = _BLANKS.sub(_step_over, part)
    return _ERASE_TO_END + "".join(parts)


def _step_over(blanks: re.Match[str]) -> str:
    return f"\x1b[{len(blanks[0])}C"
