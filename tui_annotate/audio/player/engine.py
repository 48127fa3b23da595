"""What a deck plays next: pure, with no clock, thread or device.

What is heard is exactly the frames between the marks. Where the sound begins, ends,
is interrupted or goes back to its beginning, a glide of a few milliseconds from the
last value to the next stands between the frames, so that none of them is changed
and none clicks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tui_annotate.audio.player.blocks import CAPACITY, Blocks, Samples
from tui_annotate.audio.player.messages import BLOCK, Load, Play
from tui_annotate.audio.player.stretch import Piece, Stretch

SLOWEST, FASTEST = 0.5, 2.0

_GLIDE = 0.002
"""Seconds from the last value to the next where the sound is not in one piece."""

_CLICK = 0.002
"""A jump, in full scale, that needs no glide."""

_ROUND = 0.005
"""Seconds that a loop takes at the least, a rest included: one of a few frames would
take longer to put together than to play."""

_HORIZON = 60
"""Seconds of what is being played to have ready."""

_SOON = 5
"""Seconds of it that are needed soon."""

_AHEAD = 10
"""Seconds beyond the stretch to ask for when there is nothing else to do."""

_BEHIND = 1
"""Seconds before it: an edge is nudged both ways, a pause resumed from before."""

_PATIENCE = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Seconds of sound to have before it goes on, after it had to wait so many times."""

Kind = Literal["sound", "glide", "wait", "rest"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of what was rendered.

    Attributes:
        count: How many frames of output it is long.
        kind: Whether that is sound of the file, a glide, or silence: because frames
            are not there yet, or because nothing is to be played.
        epoch: How many times it was said where to play, up to then.
        start: The frame of the file at its beginning.
        end: The frame that comes after it; the same where it is no sound.
        speed: How many frames of the file a frame of output goes on.
        samples: The sound, at its own loudness.
    """

    count: int
    kind: Kind
    epoch: int
    start: int
    end: int
    speed: float
    samples: Samples


class Engine:
    """A sound, and how it is played.

    Args:
        load: The sound.
        capacity: How many bytes of it to keep.
    """

    def __init__(self, load: Load, capacity: int = CAPACITY) -> None:
        self.load = load
        self.blocks = Blocks(load.channels, load.frames, capacity)
        self.epoch = 0
        self.playing = False
        self.waiting = False
        self.waited = 0
        """How many times the sound had to stop for frames, since the stretch began."""
        self._start = self._end = 0
        self._loop = False
        self._speed = 1.0
        self._volume = self._loudness = 1.0
        self._stretch: Stretch | None = None
        self._held: Piece | None = None
        """What was pulled already, and comes after the glide."""
        self._bridge = np.zeros((0, load.channels), np.float32)
        """What is left of the glide."""
        self._last = np.zeros(load.channels, np.float32)
        self._torn = True
        """Whether what comes next does not follow what was played last."""
        self._begun = False
        self._rest = 0
        """Frames of silence before a loop begins again."""
        self._glide = max(1, round(_GLIDE * load.rate))

    # Commands.

    def play(self, play: Play) -> None:
        """Play a stretch, from now on."""
        self.epoch += 1
        self._start = min(max(0, play.start), self.load.frames)
        self._end = min(max(self._start, play.end), self.load.frames)
        self._loop = play.loop
        self.waited = 0
        self.playing = self._start < self._end
        self.waiting = self._begun = False
        self._go(play.first)

    def pause(self) -> None:
        """Stop here."""
        self.playing = self.waiting = False

    def resume(self, back: int = 0) -> None:
        """Go on, from some frames before; at the end of the stretch there is nothing to go on."""
        if self._stretch is None or self.playing:
            return
        at = max(self._start, self.position - max(0, back))
        self.playing = at < self._end
        if self.playing and at != self.position:
            self.epoch += 1
            self._go(at)

    def seek(self, frame: int) -> None:
        """Go on elsewhere in the stretch."""
        if self._stretch is not None:
            self.epoch += 1
            self._go(frame)

    @property
    def speed(self) -> float:
        """How fast, from 0.5 to 2; the pitch stays."""
        return self._speed

    @speed.setter
    def speed(self, value: float) -> None:
        # What is no number is no speed.
        self._speed = min(max(value, SLOWEST), FASTEST) if value == value else 1.0
        if self._stretch is not None:
            self._stretch.speed = self._speed

    @property
    def volume(self) -> float:
        """How loud, from 0 to 1."""
        return self._volume

    @volume.setter
    def volume(self, value: float) -> None:
        self._volume = min(max(value, 0.0), 1.0) if value == value else 1.0

    @property
    def position(self) -> int:
        """The frame that is rendered next."""
        if self._held is not None:
            return self._held.start
        return self._stretch.position if self._stretch is not None else 0

    @property
    def ended(self) -> bool:
        """Whether the stretch was rendered to its end."""
        return self._stretch is not None and self._stretch.ended and self._held is None

    def _go(self, frame: int) -> None:
        at = min(max(frame, self._start), self._end)
        self._stretch = Stretch(self.blocks, at, self._end, self.load.rate, self._speed)
        self._held = None
        self._torn = True
        self._rest = 0

    # Sound.

    def render(self, count: int) -> tuple[Samples, list[Segment]]:
        """The next frames of output, and what they are."""
        segments: list[Segment] = []
        left = count
        while left > 0:
            segments.append(self._next(left))
            left -= segments[-1].count
        samples = np.concatenate([segment.samples for segment in segments])
        return self._loud(samples), segments

    def _next(self, count: int) -> Segment:
        """A part of at most so many frames."""
        if len(self._bridge):
            part, self._bridge = self._bridge[:count], self._bridge[count:]
            self._last = part[-1]
            return self._segment("glide", part)
        if self._held is None:
            if self._rest and self.playing:
                silent = min(count, self._rest)
                self._rest -= silent
                return self._silence("wait", silent)
            kind = self._pull(count)
            if self._held is None:
                return self._next(count) if self._rest else self._silence(kind, count)
        if self._torn:
            self._torn = False
            if self._glide_to(self._held.samples[0]):
                return self._next(count)
        return self._sound(self._held, count)

    def _pull(self, count: int) -> Kind:
        """Hold the next piece; where there is none, why."""
        stretch = self._stretch
        if not self.playing or stretch is None:
            return "rest"
        if stretch.ended:
            if not self._loop:
                self.playing = self.waiting = False
                return "rest"
            self._go(self._start)
            self._rest = max(0, round(_ROUND * self.load.rate) - (self._end - self._start))
            return "wait" if self._rest else self._pull(count)
        if not self.waiting or self._enough():
            self._held = stretch.pull(count)
        if self._held is None and not self.waiting:
            self.waiting = True
            self.waited += self._begun
        elif self._held is not None:
            self.waiting = False
            self._begun = True
        return "wait"

    def _enough(self) -> bool:
        """Whether so much is there that the sound need not stop again at once."""
        patience = _PATIENCE[min(self.waited, len(_PATIENCE) - 1)]
        at = self.position
        until = min(self._end, at + round(patience * self._speed * self.load.rate))
        return self.blocks.known(at, until) >= until - at

    def _sound(self, held: Piece, count: int) -> Segment:
        if len(held.samples) > count:
            end = min(held.end, held.start + round(count * self._speed))
            now = Piece(held.samples[:count], held.start, end)
            self._held = Piece(held.samples[count:], end, held.end)
        else:
            now, self._held = held, None
        self._last = now.samples[-1]
        return self._segment("sound", now.samples, now.start, now.end)

    def _silence(self, kind: Kind, count: int) -> Segment:
        self._torn = True
        if self._glide_to(np.zeros_like(self._last)):
            return self._next(count)
        return self._segment(kind, np.zeros((count, self.load.channels), np.float32))

    def _glide_to(self, value: Samples) -> bool:
        """Whether there is a way to go from the last value to the next."""
        if float(np.max(np.abs(value - self._last))) <= _CLICK:
            self._last = value
            return False
        share = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, self._glide + 2)[1:-1])
        way = self._last + (value - self._last) * share[:, None]
        self._bridge = way.astype(np.float32)
        self._last = value
        return True

    def _segment(
        self, kind: Kind, samples: Samples, start: int | None = None, end: int | None = None
    ) -> Segment:
        at = self.position if start is None else start
        return Segment(
            len(samples),
            kind,
            self.epoch,
            at,
            at if end is None else end,
            self._speed,
            samples,
        )

    def _loud(self, samples: Samples) -> Samples:
        before, self._loudness = self._loudness, self._volume
        if before == self._volume:
            return samples * np.float32(self._volume) if before != 1 else samples
        way = np.linspace(before, self._volume, len(samples), dtype=np.float32)
        return samples * way[:, None]

    # What it needs.

    @property
    def hungry(self) -> bool:
        """Whether frames of the stretch are needed soon."""
        at = self.position
        until = min(self._end, at + round(_SOON * self._speed * self.load.rate))
        return self.blocks.known(at, until) < until - at

    def missing(self) -> Iterator[int]:
        """The blocks that are needed and not there, the most urgent first."""
        rate, frames = self.load.rate, self.load.frames
        at = self.position
        ahead = _AHEAD * rate
        # What comes, up to the horizon; where a loop goes back to; then the surroundings.
        stretches = [(at, min(self._end, at + _HORIZON * rate))]
        if self._end - self._start <= _HORIZON * rate:
            stretches.append((self._start, at))
        stretches += [
            (self._end, min(frames, self._end + ahead)),
            (max(0, self._start - _BEHIND * rate), self._start),
        ]
        seen: set[int] = set()
        for start, end in stretches:
            if start >= end:
                continue
            for index in range(start // BLOCK, (end - 1) // BLOCK + 1):
                if index not in seen and index not in self.blocks:
                    seen.add(index)
                    yield index
