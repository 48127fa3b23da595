"""A deck plays: an engine, an output, and what both have to say.

It is the same at both ends of an SSH line: commands come in, reports go out.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tui_annotate.audio.player.blocks import Samples, unpacked
from tui_annotate.audio.player.engine import Engine, Segment
from tui_annotate.audio.player.messages import (
    Block,
    Command,
    Load,
    Pause,
    Play,
    Report,
    Resume,
    Seek,
    Sound,
    Speed,
    State,
    Volume,
    Wanted,
)
from tui_annotate.audio.player.output import NullOutput, Output
from tui_annotate.audio.player.outputs import Choice, open_output
from tui_annotate.audio.player.playback_log import Witness
from tui_annotate.audio.player.resample import Resampler

_REPORT = 0.1
"""Seconds from one report of the position to the next."""

_IDLE = 20.0
"""Seconds of silence after which the device is given back."""

_RETRY = 5.0
"""Seconds after which a device that failed is tried again."""

_FEWEST, _MOST = 1, 32
"""Blocks that are asked for and not there yet."""

_QUEUE = 0.4
"""Seconds that a block may wait for the others on their way: a line with a long way is
kept full, and what is asked for next, after a jump or a pause, soon has its turn."""

_LEAN = (0, 0, 4, 6, 8)
"""How many of 16 bits to leave out, after the sound had to wait so many times."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """A segment, on the output's count of frames."""

    at: float
    until: float
    segment: Segment


class Deck:
    """Plays one sound at a time.

    Args:
        send: Takes its reports, from a thread of its own.
        choice: Which outputs to try.
        lean: Whether frames may be asked for with fewer bits where they come slowly.
    """

    def __init__(
        self, send: Callable[[Report], None], choice: Choice, *, lean: bool = False
    ) -> None:
        self._send = send
        self._choice = choice
        self._may_lean = lean
        self._witness = Witness(choice.log) if choice.log else None
        self._changed = threading.Condition()
        self._engine: Engine | None = None
        self._ticket = 0
        self._asked: dict[int, float] = {}
        """The blocks on their way, and since when."""
        self._window = 2 * _FEWEST
        self._way = float("inf")
        """Seconds that a block takes at the least."""
        self._resampler: Resampler | None = None
        self._moments: deque[_Moment] = deque()
        self._rendered = self._sound_until = self._settling = 0.0
        self._speed = self._volume = 1.0
        self._output: Output | None = None
        self._shape = (0, 0)
        """The rate and the channels of the sound that the output was opened for."""
        self._said: Sound | None = None
        self._state: State | None = None
        self._reported = 0.0
        self._refused: State | None = None
        self._quiet_since = 0.0
        self._failed_at = 0.0
        self._retry = self._due = self._closed = False
        self._thread = threading.Thread(target=self._run, name="deck", daemon=True)
        self._thread.start()

    def take(self, command: Command) -> None:
        """Do as a command says.

        Raises:
            ValueError: A block is not what it is said to be.
        """
        if isinstance(command, Block):
            self._keep(command)
            return
        with self._changed:
            self._obey(command)
            self._due = True
            self._changed.notify()

    def close(self) -> None:
        """Stop, and give the device back."""
        with self._changed:
            self._closed = self._due = True
            self._changed.notify()
        self._thread.join(2)
        if self._witness is not None:
            self._witness.close()

    def _obey(self, command: Command) -> None:
        match command:
            case Load():
                fits = 0 < command.channels <= 2 and 0 < command.rate <= 1_000_000
                if not fits or command.frames < 0:
                    raise ValueError("a sound that cannot be played")
                self._engine = Engine(command)
                self._engine.speed, self._engine.volume = self._speed, self._volume
                self._asked.clear()
                self._moments.clear()
            case Speed(value):
                self._speed = value
                if self._engine is not None:
                    self._engine.speed = value
                    self._speed = self._engine.speed
            case Volume(value):
                self._volume = value
                if self._engine is not None:
                    self._engine.volume = value
            case Play() if not self._has(command.number):
                # Its file cannot be read; nobody shall wait for it.
                self._refused = State(command.ticket, command.first, False, False, self._speed)
            case _ if self._engine is None:
                return
            case Play():
                self._ticket = command.ticket
                self._retry = True
                self._engine.play(command)
                if command.paused:
                    self._engine.pause()
                if self._witness is not None and not command.paused:
                    self._witness.asked(command)
            case Pause(ticket):
                self._ticket = ticket
                self._engine.pause()
            case Resume(ticket, back):
                self._ticket = ticket
                self._engine.resume(back)
            case Seek(ticket, frame):
                self._ticket = ticket
                self._engine.seek(frame)

    def _has(self, number: int) -> bool:
        return self._engine is not None and self._engine.load.number == number

    def _keep(self, block: Block) -> None:
        engine = self._engine
        if engine is None or block.number != engine.load.number:
            return
        # Unpacked before the lock is taken: the sound must not wait for it.
        samples = unpacked(block.coding, block.data, engine.load.channels)
        with self._changed:
            if engine is self._engine:
                engine.blocks.put(block.index, samples)
                self._adapt(self._asked.pop(block.index, None))
                if len(self._asked) <= self._window // 2:
                    self._due = True
                    self._changed.notify()

    def _adapt(self, asked: float | None) -> None:
        """Let more blocks be on their way, or fewer, by how long one has waited.

        After TCP Vegas (Brakmo and Peterson, 1995): what comes later than the first
        did has stood in a queue.
        """
        if asked is None:
            return
        took = time.monotonic() - asked
        self._way = min(self._way, took)
        if took > self._way + _QUEUE:
            self._window = max(_FEWEST, self._window * 3 // 4)
        elif took < self._way + _QUEUE / 2:
            self._window = min(_MOST, self._window + 1)

    # On the output's thread.

    def _fill(self, count: int) -> Samples:
        with self._changed:
            engine = self._engine
            settled = self._rendered >= self._settling
            if engine is None or not settled or self._shape != _shape(engine):
                self._rendered += count
                return np.zeros((count, 2), np.float32)
            filter_ = self._resampler
            needed = count if filter_ is None else filter_.needs(count)
            samples, segments = engine.render(needed) if needed else (None, [])
            ratio = count / needed if needed else 1.0
            for segment in segments:
                until = self._rendered + segment.count * ratio
                self._moments.append(_Moment(self._rendered, until, segment))
                if segment.kind == "sound":
                    self._sound_until = until
                self._rendered = until
                if self._witness is not None:
                    self._witness.played(segment)
        if samples is None:
            samples = np.zeros((0, engine.load.channels), np.float32)
        if filter_ is not None:
            samples = filter_.process(samples, count)
        loud = np.clip(np.nan_to_num(samples), -1, 1)
        return np.repeat(loud, 2, axis=1) if loud.shape[1] == 1 else loud

    # On a thread of its own.

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._closed and not self._due:
                    self._changed.wait(_REPORT if self._output is not None else None)
                self._due = False
            if self._closed:
                self._close_output()
                return
            self._serve_output()
            for report in self._reports():
                self._send(report)

    def _reports(self) -> list[Report]:
        reports: list[Report] = []
        with self._changed:
            if (wanted := self._wanted()) is not None:
                reports.append(wanted)
            if self._refused is not None:
                reports.append(self._refused)
                self._refused = None
            state = self._heard()
        if state is not None and self._news(state):
            self._state, self._reported = state, time.monotonic()
            reports.append(state)
        return reports

    def _news(self, state: State) -> bool:
        """Whether it is worth a report: the receiver carries a frame that moves on by itself."""
        old = self._state
        if old is None or (state.ticket, state.playing, state.moving, state.speed) != (
            old.ticket,
            old.playing,
            old.moving,
            old.speed,
        ):
            return True
        due = time.monotonic() - self._reported > 0.9 * _REPORT
        return due and (state.moving or state.frame != old.frame)

    def _wanted(self) -> Wanted | None:
        engine = self._engine
        if engine is None or not self._ticket:
            return None
        # What may be wanted some time must not stand in the way of what will be.
        window = self._window if engine.hungry else _FEWEST
        if len(self._asked) > window // 2:
            return None
        indices: list[int] = []
        for index in engine.missing():
            if len(self._asked) + len(indices) >= window:
                break
            if index not in self._asked:
                indices.append(index)
        if not indices:
            return None
        self._asked |= dict.fromkeys(indices, time.monotonic())
        lean = _LEAN[min(engine.waited, len(_LEAN) - 1)] if self._may_lean else 0
        return Wanted(engine.load.number, indices, lean)

    def _heard(self) -> State | None:
        """What leaves the loudspeaker now."""
        engine = self._engine
        if engine is None or not self._ticket:
            return None
        now = self._output.heard() if self._output is not None else float("inf")
        while len(self._moments) > 1 and self._moments[0].until <= now:
            self._moments.popleft()
        moment = self._moments[0] if self._moments else None
        # Where it is said anew what to play, the end of the old may still be heard.
        if moment is None or moment.until <= now or moment.segment.epoch != engine.epoch:
            return State(self._ticket, engine.position, engine.playing, False, engine.speed)
        segment = moment.segment
        share = max(0.0, (now - moment.at) / (moment.until - moment.at))
        frame = round(segment.start + share * (segment.end - segment.start))
        moving = segment.kind == "sound"
        # What is rendered to its end is still to be heard; what is paused is not played.
        playing = engine.playing or (engine.ended and now < self._sound_until)
        return State(self._ticket, frame, playing, moving, segment.speed)

    def _serve_output(self) -> None:
        engine, output = self._engine, self._output
        silent = output is not None and not output.name and bool(self._choice.names)
        now = time.monotonic()
        if engine is not None and engine.playing:
            self._quiet_since = now
        if output is not None and output.failed is not None:
            reason = output.failed
            self._close_output()
            if not output.strained:
                self._failed_at = now
                self._say(Sound("", f"The sound has stopped: {reason}."))
        elif output is not None and (
            now - self._quiet_since > _IDLE or (engine and self._shape != _shape(engine))
        ):
            self._close_output()
        elif silent and self._retry and now - self._failed_at > _RETRY:
            # A device may have come, or come back. Only a new command looks for it: it
            # takes a moment, in which the playhead would stand.
            self._close_output()
        self._retry = False
        if self._output is None and engine is not None and engine.playing:
            self._open_output()

    def _open_output(self) -> None:
        engine = self._engine
        if engine is None:
            return
        self._close_output()
        rate = engine.load.rate
        if self._failed_at and time.monotonic() - self._failed_at < _RETRY:
            output: Output = NullOutput(self._fill, rate)
        else:
            output, notice = open_output(self._choice, self._fill, rate)
            self._say(Sound(output.name, notice))
            if not output.name:
                self._failed_at = time.monotonic()
        # A device may ask before it is open: until its shape is known it gets silence.
        with self._changed:
            differs = output.rate != rate
            channels = engine.load.channels
            self._resampler = Resampler(rate, output.rate, channels) if differs else None
            self._output = output
            self._shape = _shape(engine)
            self._settling = self._rendered + output.settling * output.rate
            self._quiet_since = time.monotonic()

    def _close_output(self) -> None:
        with self._changed:
            output, self._output = self._output, None
            self._shape = (0, 0)
            self._moments.clear()
            self._rendered = self._sound_until = 0.0
        if output is not None:
            output.close()

    def _say(self, sound: Sound) -> None:
        if sound != self._said:
            self._said = sound
            self._send(sound)


def _shape(engine: Engine) -> tuple[int, int]:
    return engine.load.rate, engine.load.channels
