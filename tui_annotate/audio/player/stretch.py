"""Frames of a stretch of sound one after the other, faster or slower at the same pitch.

Waveform similarity overlap-add, after Verhelst and Roelands, "An overlap-add
technique based on waveform similarity (WSOLA) for high quality time-scale
modification of speech", ICASSP 1993: every few milliseconds the sound goes on with
that piece near the place where it should be which is most like what would have come.
Nothing outside the stretch is read, it begins with the first frame and ends with
the last.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tui_annotate.audio.player.blocks import Blocks, Samples

_HOP = 0.012
"""Seconds that one piece goes over into the next: a period of the lowest voices."""

_REACH = 0.009
"""Seconds to both sides in which the likest piece is looked for: more than a period in all."""

_SEARCH = 16000
"""Samples per second that are enough to find it roughly."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What comes next.

    Attributes:
        samples: What to play.
        start: The frame that is heard at its beginning.
        end: The frame that comes after it.
    """

    samples: Samples
    start: int
    end: int


class Stretch:
    """A stretch of sound that is played from one end to the other.

    Args:
        blocks: Where its frames come from.
        start: The first frame to play.
        end: The frame after the last one.
        rate: Frames per second.
        speed: How fast.
    """

    def __init__(self, blocks: Blocks, start: int, end: int, rate: int, speed: float) -> None:
        self.end = end
        self._blocks = blocks
        self._start = start
        self._rate = rate
        self._hop = max(1, round(_HOP * rate))
        self._speed = self._then = speed
        self._next = start
        """The frame that would follow the last one that was played."""
        self._at = start
        self._place = float(start)
        """Where the next frame played stands in the stretch."""
        self._made: Samples = np.zeros((0, blocks.channels), np.float32)
        """What is ready to be pulled at a speed other than 1; it ends at `_place`."""

    @property
    def position(self) -> int:
        """The frame that is pulled next."""
        return self._at

    @property
    def speed(self) -> float:
        """How fast; it can be set at any time, and holds from the next piece on."""
        return self._then

    @speed.setter
    def speed(self, value: float) -> None:
        self._then = value

    @property
    def ended(self) -> bool:
        """Whether everything was pulled."""
        return not len(self._made) and self._place >= self.end

    def pull(self, count: int) -> Piece | None:
        """At most so many frames of output; None while the frames are not there.

        It is not to be asked after it has ended.
        """
        if not len(self._made):
            if self._then != self._speed:
                self._speed = self._then
                self._place = float(self._at)
            if self._raw:
                return self._straight(count)
            made = self._turn()
            if made is None:
                return None
            self._made = made
        samples, self._made = self._made[:count], self._made[count:]
        return self._piece(samples, round(self._place - len(self._made) * self._speed))

    @property
    def _raw(self) -> bool:
        """Whether frames are passed on as they are: as fast as they come, or too few."""
        as_they_come = self._speed == 1 and self._next == self._place
        return as_they_come or self.end - self._start < 2 * self._hop

    def _straight(self, count: int) -> Piece | None:
        start = self._next
        count = self._blocks.known(start, min(self.end, start + count))
        if not count:
            return None
        self._next += count
        self._place = float(self._next)
        return self._piece(self._blocks.read(start, self._next), self._next)

    def _piece(self, samples: Samples, end: int) -> Piece:
        start, self._at = self._at, min(self.end, max(self._at, end))
        return Piece(samples, start, self._at)

    def _turn(self) -> Samples | None:
        """Go over from what would follow into the likest piece near the right place."""
        left = round((self.end - self._place) / self._speed)
        if left < 2 * self._hop:
            return self._close(left)
        aim = round(self._place + self._hop * (self._speed - 1))
        # Back at speed 1, every frame is in its place again after one hop.
        reach = round(_REACH * self._rate) if self._speed != 1 else 0
        low = min(max(self._start, aim - reach), self.end - 2 * self._hop)
        high = min(max(low, aim + reach), self.end - 2 * self._hop)
        follows = self._read(self._next, self._next + self._hop)
        around = self._read(low, high + self._hop)
        if follows is None or around is None:
            return None
        offset = _likest(follows, around, max(1, self._rate // _SEARCH))
        self._next = low + offset + self._hop
        self._place += self._hop * self._speed
        return _faded(follows, around[offset : offset + self._hop])

    def _close(self, left: int) -> Samples | None:
        """The last piece: it ends with the last frame."""
        left = max(1, min(left, self.end - self._start))
        follows = self._read(self._next, min(self.end, self._next + left))
        last = self._read(self.end - left, self.end)
        if follows is None or last is None:
            return None
        over = min(len(follows), self._hop)
        last[:over] = _faded(follows[:over], last[:over])
        self._next = self.end
        self._place = float(self.end)
        return last

    def _read(self, start: int, end: int) -> Samples | None:
        if self._blocks.known(start, end) < end - start:
            return None
        return self._blocks.read(start, end)


def _faded(old: Samples, new: Samples) -> Samples:
    turn = np.linspace(0, np.pi, len(old), endpoint=False, dtype=np.float32)
    share = (np.float32(0.5) - np.float32(0.5) * np.cos(turn))[:, None]
    faded: Samples = old + (new - old) * share
    return faded


def _likest(piece: Samples, around: Samples, step: int) -> int:
    """Where in `around` the piece most like `piece` begins."""
    mono, wide = piece.mean(axis=1), around.mean(axis=1)
    last = len(wide) - len(mono)
    if last <= 0:
        return 0
    if step == 1:
        return int(np.argmax(_alike(mono, wide)))
    rough = int(np.argmax(_alike(_thinned(mono, step), _thinned(wide, step)))) * step
    low, high = max(0, rough - step), min(last, rough + step)
    return low + int(np.argmax(_alike(mono, wide[low : high + len(mono)])))


def _thinned(samples: npt.NDArray[np.float32], step: int) -> npt.NDArray[np.float32]:
    whole = len(samples) // step * step
    thin: npt.NDArray[np.float32] = samples[:whole].reshape(-1, step).mean(axis=1)
    return thin


def _alike(
    piece: npt.NDArray[np.float32], around: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """The correlation with each piece of that length, in relation to how loud it is."""
    product = np.correlate(around, piece, "valid")
    sums = np.concatenate(([0.0], np.cumsum(np.square(around, dtype=np.float64))))
    loud = sums[len(piece) :] - sums[: -len(piece)]
    alike: npt.NDArray[np.float64] = product / np.sqrt(np.maximum(loud, 1e-9))
    return alike
