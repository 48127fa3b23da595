"""The far end: the file is read here, and played at the near end of the line.

While there is no line, a deck without a sound plays in its place, so that the
playhead moves and work goes on; when the line comes, or comes back, what plays goes
on there.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tui_annotate.audio.player import messages
from tui_annotate.audio.player.deck import Deck
from tui_annotate.audio.player.feeder import Feeder
from tui_annotate.audio.player.messages import (
    Command,
    Load,
    Pause,
    Ping,
    Play,
    Pong,
    Report,
    Resume,
    Seek,
    Sound,
    Speed,
    State,
    Volume,
    Wanted,
)
from tui_annotate.audio.player.outputs import Choice
from tui_annotate.audio.remote import address
from tui_annotate.audio.remote.address import Address
from tui_annotate.audio.remote.handshake import TIMEOUT, Refused, ask

_LOOK = 2.0
"""Seconds from one look for a line, or for a newer one, to the next."""

_FIRST = 3.0
"""Seconds that the first command waits, in case the line is there by then."""

_PING = 5.0
"""Seconds from one question whether the other end is there to the next."""

_DEAD = 20.0
"""Seconds without an answer after which the line counts as cut."""

NO_LINE = "No sound: connect with `tui-annotate ssh` to hear it on your own computer."
CUT = "Lost the connection to your player; continuing without sound until it is back."


class Line:
    """A connection to a player.

    Args:
        where: Which player.
        take: Takes its reports; None when the line is gone. On a thread of its own.

    Raises:
        OSError: There is nobody.
        Refused: It is not the one.
    """

    def __init__(self, where: Address, take: Callable[[Line, Report | None], None]) -> None:
        self.address = where
        self._take = take
        self._socket = where.connect(TIMEOUT)
        self._stream: Any = self._socket.makefile("rb")
        self._lock = threading.Lock()
        self._heard = time.monotonic()
        try:
            ask(self._socket, self._stream, where.token)
        except BaseException:
            self._socket.close()
            raise
        self._socket.settimeout(None)

    def start(self) -> None:
        """Begin to take reports."""
        for target in (self._read, self._ping):
            threading.Thread(target=target, name="line", daemon=True).start()

    def send(self, command: Command) -> None:
        """Send a command; it may take as long as the line does.

        Raises:
            OSError: The line is gone.
        """
        with self._lock:
            self._socket.sendall(messages.COMMANDS.encode(command))

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError, msgspec.MsgspecError):
            while (report := messages.REPORTS.read(self._stream)) is not None:
                self._heard = time.monotonic()
                self._take(self, report)
        self._take(self, None)
        self._heard = 0.0
        with contextlib.suppress(OSError):
            self._socket.close()

    def _ping(self) -> None:
        with contextlib.suppress(OSError):
            while self._heard:
                if time.monotonic() - self._heard > _DEAD:
                    self.close()
                    return
                # A line that is full says by itself whether it lives.
                if self._lock.acquire(blocking=False):
                    try:
                        self._socket.sendall(messages.COMMANDS.encode(Ping()))
                    finally:
                        self._lock.release()
                time.sleep(_PING)


class Relay:
    """A file here, a deck at the near end; the same surface as `process.Local`.

    Args:
        report: Takes what the interface should know.
        environment: Says where the near end is.
    """

    def __init__(self, report: Callable[[Report], None], environment: Mapping[str, str]) -> None:
        self._report = report
        self._environment = environment
        self._lock = threading.RLock()
        self._line: Line | None = None
        self._silent = Deck(self._from_silence, Choice(()))
        self._load: Load | None = None
        self._speed, self._volume = Speed(1.0), Volume(1.0)
        self._play: Play | None = None
        self._state: State | None = None
        self._said: Sound | None = None
        self._closed, self._looked = threading.Event(), threading.Event()
        self._feeder = Feeder(self._give, self._lost, compress=False)
        threading.Thread(target=self._look, name="look", daemon=True).start()

    def take(self, command: Command) -> None:
        """Do as a command says; never waits for the line."""
        self._feeder.pass_on(command)

    def close(self) -> None:
        """Hang up."""
        self._closed.set()
        with self._lock:
            if self._line is not None:
                self._line.close()
        self._silent.close()

    # To the player, on the feeder's thread.

    def _give(self, command: Command) -> None:
        self._looked.wait(_FIRST)
        with self._lock:
            self._remember(command)
            line = self._line
            if line is None:
                self._silent.take(command)
                return
        # Without the lock: the line may be slow, and reports come meanwhile.
        with contextlib.suppress(OSError):
            line.send(command)

    def _remember(self, command: Command) -> None:
        """Keep what another deck must know to go on."""
        play = self._play
        match command:
            case Load():
                self._load, self._play, self._state = command, None, None
            case Speed():
                self._speed = command
            case Volume():
                self._volume = command
            case Play():
                self._play = command
            case _ if play is None:
                return
            case Pause(ticket):
                self._play = msgspec.structs.replace(play, ticket=ticket, paused=True)
            case Resume(ticket):
                self._play = msgspec.structs.replace(play, ticket=ticket, paused=False)
            case Seek(ticket, frame):
                self._play = msgspec.structs.replace(play, ticket=ticket, first=frame)

    def _state_of_play(self) -> list[Command]:
        """What a deck must be told to go on where the last one was."""
        if self._load is None:
            return []
        told: list[Command] = [self._load, self._speed, self._volume]
        if (play := self._play) is not None:
            state = self._state
            if state is not None and state.ticket == play.ticket:
                paused = play.paused or not state.playing
                play = msgspec.structs.replace(play, first=state.frame, paused=paused)
            told.append(play)
        return told

    # From the player.

    def _from_silence(self, report: Report) -> None:
        if isinstance(report, Sound):
            return
        with self._lock:
            if self._line is None:
                self._hear(report)

    def _from_line(self, line: Line, report: Report | None) -> None:
        with self._lock:
            if line is not self._line:
                return
            if report is None:
                self._line = None
                self._say(Sound("", CUT))
                self._feeder.switch(compress=False)
                for command in self._state_of_play():
                    self._silent.take(command)
            elif isinstance(report, Sound):
                self._say(report)
            elif not isinstance(report, Pong):
                self._hear(report)

    def _hear(self, report: Report) -> None:
        if isinstance(report, Wanted):
            self._feeder.want(report)
            return
        if isinstance(report, State):
            self._state = report
        self._report(report)

    def _say(self, sound: Sound) -> None:
        if sound != self._said:
            self._said = sound
            self._report(sound)

    def _lost(self, reason: str) -> None:
        self._report(Sound("", reason))

    # The line itself.

    def _look(self) -> None:
        """Have a line; where several connections come one after the other, the newest."""
        while not self._closed.is_set():
            with self._lock:
                line = self._line
            found = address.candidates(self._environment)
            newer = bool(found) and address.outlives(self._environment)
            if line is None:
                self._try(found)
            elif newer and found[0] != line.address:
                self._try(found[:1])
            self._looked.set()
            self._closed.wait(_LOOK)

    def _try(self, found: list[Address]) -> None:
        refused: str | None = None
        for where in found:
            try:
                line = Line(where, self._from_line)
            except Refused as error:
                refused = str(error)
                continue
            except OSError:
                continue
            self._change(line)
            return
        with self._lock:
            if self._line is None:
                if refused is not None:
                    self._say(
                        Sound("", f"No sound: your player refused the connection ({refused}).")
                    )
                elif self._said is None:
                    self._say(Sound("", NO_LINE))

    def _change(self, line: Line) -> None:
        """Go on at the end of this line."""
        with self._lock:
            before, self._line = self._line, None
            told = self._state_of_play()
            self._silent.take(Pause(0))
            self._feeder.switch(compress=True)
            self._line = line
            # Until the player says by itself how it sounds.
            self._say(Sound("line", None))
            line.start()
            # A line that is new has room for a few words: this does not wait.
            with contextlib.suppress(OSError):
                for command in told:
                    line.send(command)
        if before is not None:
            before.close()
