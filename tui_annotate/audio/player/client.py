"""The player, seen from the interface."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.player import messages
from tui_annotate.audio.player.messages import (
    Command,
    Open,
    Pause,
    Play,
    Report,
    Resume,
    Seek,
    Sound,
    Speed,
    State,
    Volume,
)
from tui_annotate.process.worker_process import start_worker
from tui_annotate.wording import reason

SLOWEST, FASTEST = 0.5, 2.0

_MODULE = "tui_annotate.audio.player.process"
_AGAIN = 3.0
"""Seconds after which a player process that has ended is started again."""


class Player:
    """Plays stretches of a file, through a process of its own.

    Nothing here waits, and nothing raises: where there is no sound, `notice` says
    why. All frames are frames of the file. The process starts with the first file.

    Args:
        environment: Says how to play; see `outputs.VARIABLE`.
        log: The file that takes what libraries print.
        on_change: Called without arguments, from another thread, when something is
            other than it was: it plays, it has stopped, there is a notice.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        log: Path | None = None,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self.on_change = on_change
        self._environment = dict(environment)
        self._log = log
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._outbox: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._number = 0
        self._opened: Open | None = None
        self._rate = 1
        self._ticket = 0
        self._stretch = (0, 0)
        self._loop = False
        self._speed = self._volume = 1.0
        self._playing = False
        self._state = State(0, 0, False, False, 1.0)
        self._received = 0.0
        self._sound = Sound("")
        self._ended_at = 0.0
        self._closed = False

    @classmethod
    def connect(
        cls,
        environment: Mapping[str, str] | None = None,
        *,
        log: Path | None = None,
        on_change: Callable[[], None] = lambda: None,
    ) -> Player:
        """The player that the environment of this program asks for."""
        return cls(os.environ if environment is None else environment, log=log, on_change=on_change)

    # What it does.

    @property
    def playing(self) -> bool:
        """Whether it plays, or waits for the frames to play."""
        return self._playing

    @property
    def speed(self) -> float:
        """How fast, from 0.5 to 2."""
        return self._speed

    @property
    def volume(self) -> float:
        """How loud, from 0 to 1."""
        return self._volume

    @property
    def notice(self) -> str | None:
        """One sentence about the sound, where something is not as it should be."""
        return self._sound.notice

    @property
    def output(self) -> str:
        """What plays, in a word or two; empty while nothing has, and for silence."""
        return self._sound.output

    def position(self) -> int:
        """The frame that is heard now: by the device's clock, carried on from its last report."""
        with self._lock:
            state, received = self._state, self._received
            playing, (start, end) = self._playing, self._stretch
            loop, rate = self._loop, self._rate
        if not (playing and state.moving):
            return state.frame
        on = int((time.monotonic() - received) * rate * state.speed)
        frame = state.frame + on
        if frame < end or state.frame >= end:
            return frame if frame < end else state.frame
        return start + (frame - start) % (end - start) if loop and end > start else end

    # What it is told.

    def open(self, clip: Clip) -> None:
        """Play this file from now on; what plays is stopped."""
        with self._lock:
            if self._closed:
                return
            self._number += 1
            self._opened = Open(self._number, clip.decoded, clip.channel)
            self._rate = clip.rate
            self._stretch = (0, 0)
            self._rest(clip.start)
            self._start()
            self._outbox.put(self._opened)

    def play(self, start: int, end: int, *, loop: bool = False, from_: int | None = None) -> None:
        """Play a stretch.

        Args:
            start: The first frame.
            end: The frame after the last one.
            loop: Whether to begin again, and again, at the end.
            from_: Where to begin in it, if not at its start.
        """
        first = start if from_ is None else min(max(start, from_), end)
        with self._lock:
            if self._opened is None or end <= start:
                return
            self._start()
            self._stretch, self._loop = (start, end), loop
            self._rest(first)
            self._playing = self._alive
            self._outbox.put(Play(self._opened.number, self._ticket, start, end, first, loop))

    def pause(self) -> None:
        """Stop; what is left can be resumed."""
        frame = self.position()
        with self._lock:
            if self._playing:
                self._rest(frame)
                self._outbox.put(Pause(self._ticket))

    def resume(self, back: float = 0) -> None:
        """Go on with what was paused.

        Args:
            back: Seconds to step back before.
        """
        with self._lock:
            if self._playing or self._opened is None or self._state.frame >= self._stretch[1]:
                return
            frames = round(max(0.0, back) * self._rate)
            self._rest(max(self._stretch[0], self._state.frame - frames))
            self._playing = self._alive
            self._outbox.put(Resume(self._ticket, frames))

    def seek(self, frame: int) -> None:
        """Go on elsewhere in the stretch."""
        with self._lock:
            if self._opened is None:
                return
            playing = self._playing
            self._rest(min(max(self._stretch[0], frame), self._stretch[1]))
            self._playing = playing
            self._outbox.put(Seek(self._ticket, frame))

    def set_speed(self, speed: float) -> None:
        """Play slower or faster from now on; the pitch stays.

        Args:
            speed: From 0.5 to 2; what is beyond becomes that.
        """
        with self._lock:
            self._speed = min(max(speed, SLOWEST), FASTEST)
            self._outbox.put(Speed(self._speed))

    def set_volume(self, volume: float) -> None:
        """Play softer or louder from now on.

        Args:
            volume: From 0 to 1; what is beyond becomes that.
        """
        with self._lock:
            self._volume = min(max(volume, 0.0), 1.0)
            self._outbox.put(Volume(self._volume))

    def close(self) -> None:
        """End the process; returns at once."""
        with self._lock:
            self._closed = True
            self._playing = False
            self._outbox.put(None)

    def wait(self, timeout: float) -> bool:
        """Wait until the process has ended; whether it has. Quitting does not need it."""
        process = self._process
        if process is None:
            return True
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    @property
    def pid(self) -> int | None:
        """The process, if it was started."""
        return None if self._process is None else self._process.pid

    # Inside; with the lock held.

    @property
    def _alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _rest(self, frame: int) -> None:
        """A command of its own begins, at this frame."""
        self._ticket += 1
        self._playing = False
        self._state = State(self._ticket, frame, False, False, self._speed)

    def _start(self) -> None:
        """Have a process, if one can be had."""
        if self._alive or self._closed:
            return
        if self._process is not None and time.monotonic() - self._ended_at < _AGAIN:
            return
        again = self._process is not None
        self._outbox.put(None)
        self._outbox = queue.SimpleQueue()
        try:
            process = self._process = start_worker(_MODULE, self._log, self._environment)
        except OSError as error:
            self._sound = Sound("", f"No sound: {reason(error)}.")
            return
        self._sound = Sound("")
        for command in (self._opened if again else None, Speed(self._speed), Volume(self._volume)):
            if command is not None:
                self._outbox.put(command)
        for target, arguments in (
            (_write, (self._outbox, process)),
            (self._read, (process,)),
        ):
            threading.Thread(target=target, args=arguments, name="player", daemon=True).start()

    # On threads of its own.

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with contextlib.suppress(OSError, ValueError, msgspec.MsgspecError):
            while (report := messages.REPORTS.read(process.stdout)) is not None:
                self._take(report)
        process.kill()
        process.wait()
        with self._lock:
            if self._closed or process is not self._process:
                return
            self._ended_at = time.monotonic()
            self._playing = False
            self._sound = Sound("", "The player has ended; playing again restarts it.")
        self.on_change()

    def _take(self, report: Report) -> None:
        with self._lock:
            before = (self._playing, self._sound)
            match report:
                case Sound():
                    self._sound = report
                case State() if report.ticket == self._ticket:
                    self._state = report
                    self._received = time.monotonic()
                    self._playing = report.playing
                case _:
                    return
            changed = (self._playing, self._sound) != before
        if changed:
            self.on_change()


def _write(outbox: queue.SimpleQueue[Command | None], process: subprocess.Popen[bytes]) -> None:
    stream: BinaryIO | None = process.stdin  # type: ignore[assignment]
    assert stream is not None
    with contextlib.suppress(OSError):
        while (command := outbox.get()) is not None:
            messages.COMMANDS.write(stream, command)
    with contextlib.suppress(OSError):
        stream.close()
