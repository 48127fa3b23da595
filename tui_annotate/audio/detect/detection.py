"""What a detector knows, found in a sound piece by piece, nearest to the annotator first."""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING, Protocol

from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.protocol import AudioSuggester, SoundClip, SoundFile
from tui_annotate.suggest.suggestion import Suggestion

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Samples = NDArray[numpy.float32]

RATE = 16_000
"""Frames per second of what a detector hears."""

WINDOW = 512
"""Frames at that rate that get one probability: 32 ms."""

PIECE = 10.0
"""Seconds that are listened to at a time; some 60 ms of work."""

WARM_UP = 1.0
"""Seconds before a piece that a detector hears first, to be used to the sound."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How probabilities become stretches.

    Attributes:
        threshold: Windows more likely than this belong to a stretch.
        padding: Seconds that are added at both ends.
        gap: Seconds of a gap, after padding, that is closed if it is not longer.
        shortest: Seconds of the shortest stretch, before padding.
    """

    threshold: float
    padding: float
    gap: float
    shortest: float


Read = Callable[[int, int], "Samples"]
"""Mono samples of some frames: from one, up to another."""


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A stretch of one kind of sound.

    Attributes:
        start: Its first frame.
        end: The frame after its last one.
        score: The mean probability within, before padding.
    """

    start: int
    end: int
    score: float


class Detector(Protocol):
    """Tells one kind of sound, such as speech, from everything else."""

    name: str
    rules: Rules

    def probabilities(self, samples: Samples, warm: int) -> list[float]:
        """How likely each window of some samples at `RATE` is of its kind.

        Args:
            samples: The samples.
            warm: How many windows at their beginning are only there to get used to the sound.
        """
        ...


class Finder:
    """Finds what a detector knows in a clip, in steps.

    Args:
        read: Gives mono samples of the clip.
        frames: How long the clip is, in frames.
        rate: Its frames per second.
        detector: What tells it from everything else.

    Attributes:
        covered: The stretches that were listened to, as start and end in frames, in order.
    """

    def __init__(self, read: Read, frames: int, rate: int, detector: Detector) -> None:
        self._read = read
        self._frames = frames
        self._rate = rate
        self._detector = detector
        self._rules = detector.rules
        self._piece = max(round(PIECE * rate), 1)
        self._pieces = -(-frames // self._piece)
        self._heard: dict[int, list[Stretch]] = {}
        self._unheard = list(range(self._pieces))
        self._told: set[tuple[int, int]] = set()
        self.covered: list[tuple[int, int]] = []

    @property
    def done(self) -> bool:
        """Whether the whole clip was listened to."""
        return not self._unheard

    def step(self, focus: int = 0) -> list[Stretch]:
        """Listen to the piece nearest to a frame that was not listened to yet.

        Args:
            focus: The frame.

        Returns:
            What is certain now and was not before: a stretch that goes on into
            what was not listened to yet is told later, as a whole.
        """
        if self.done:
            return []
        at = focus // self._piece
        place = bisect_left(self._unheard, at)
        before = self._unheard[place - 1] if place else None
        after = self._unheard[place] if place < len(self._unheard) else None
        if after is None or (before is not None and at - before < after - at):
            assert before is not None
            after = before
        self._unheard.remove(after)
        self._heard[after] = self._listen(after)
        return self._certain(after)

    def _listen(self, number: int) -> list[Stretch]:
        start = number * self._piece
        end = min(start + self._piece, self._frames)
        begin = max(start - round(WARM_UP * self._rate), 0)
        samples = at_rate(self._read(begin, end), self._rate)
        warm = round((start - begin) * RATE / self._rate) // WINDOW
        probabilities = self._detector.probabilities(_filled(samples), warm)
        first = begin + round(warm * WINDOW * self._rate / RATE)
        return self._runs(probabilities, first, start, end)

    def _runs(self, probabilities: list[float], first: int, start: int, end: int) -> list[Stretch]:
        per_window = WINDOW * self._rate / RATE
        found: list[Stretch] = []
        run: list[float] = []
        for number, probability in enumerate([*probabilities, -1.0]):
            if probability > self._rules.threshold:
                run.append(probability)
            elif run:
                begins = max(first + round((number - len(run)) * per_window), start)
                ends = min(first + round(number * per_window), end)
                if ends > begins:
                    found.append(Stretch(begins, ends, sum(run) / len(run)))
                run = []
        return found

    def _certain(self, number: int) -> list[Stretch]:
        """What is in the known part around a piece that nothing unknown can change."""
        first = last = number
        while first - 1 in self._heard:
            first -= 1
        while last + 1 in self._heard:
            last += 1
        self._cover(number)
        known = (first * self._piece, min((last + 1) * self._piece, self._frames))
        reach = round((self._rules.gap + 2 * self._rules.padding) * self._rate)
        # Only what the new piece or a neighbour of it holds can be new.
        low, high = max(number - 1, first), min(number + 1, last)
        while low > first and not self._settled(low):
            low -= 1
        while high < last and not self._settled(high + 1):
            high += 1
        parts = [one for piece in range(low, high + 1) for one in self._heard[piece]]
        fresh = []
        for one in self._joined(parts):
            near_start = one.start - known[0] < reach and known[0] > 0
            near_end = known[1] - one.end < reach and known[1] < self._frames
            if near_start or near_end or (one.start, one.end) in self._told:
                continue
            self._told.add((one.start, one.end))
            fresh.append(one)
        return fresh

    def _settled(self, number: int) -> bool:
        """Whether there is silence between a piece and the one before, wide enough to part them."""
        reach = round((self._rules.gap + 2 * self._rules.padding) * self._rate)
        border = number * self._piece
        before = self._heard[number - 1]
        after = self._heard[number]
        ends = before[-1].end if before else (number - 1) * self._piece
        begins = after[0].start if after else min((number + 1) * self._piece, self._frames)
        return ends <= border - reach or begins >= border + reach

    def _joined(self, parts: list[Stretch]) -> list[Stretch]:
        padding, gap = (round(one * self._rate) for one in (self._rules.padding, self._rules.gap))
        groups: list[list[Stretch]] = []
        for one in parts:
            if groups and one.start - groups[-1][-1].end < gap + 2 * padding:
                groups[-1].append(one)
            else:
                groups.append([one])
        found = []
        for group in groups:
            length = sum(one.end - one.start for one in group)
            if length < self._rules.shortest * self._rate:
                continue
            score = sum(one.score * (one.end - one.start) for one in group) / length
            start = max(group[0].start - padding, 0)
            end = min(group[-1].end + padding, self._frames)
            found.append(Stretch(start, end, round(score, 3)))
        return found

    def _cover(self, number: int) -> None:
        start = number * self._piece
        insort(self.covered, (start, min(start + self._piece, self._frames)))
        joined: list[tuple[int, int]] = []
        for begin, end in self.covered:
            if joined and joined[-1][1] >= begin:
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((begin, end))
        self.covered = joined


class DetectorSuggester(AudioSuggester):
    """Offers what a detector finds in a clip as regions.

    Args:
        clip: The part of the file that the task is about.
        sound: The file, open.
        spec: With ``label`` among its options: what the regions are called; and ``channels``,
            if each channel is to be listened to for itself.
    """

    piece_seconds = PIECE

    def __init__(self, clip: SoundClip, sound: SoundFile, spec: SuggesterSpec) -> None:
        super().__init__(clip, sound, spec)
        self._label = str(spec.options.get("label", self.default_label))
        apart = spec.options.get("channels") and clip.channel is None and clip.channels > 1
        self._finders = {
            channel: Finder(self._of(channel), self.frames, self.rate, self.detector())
            for channel in (range(clip.channels) if apart else (None,))
        }

    def _of(self, channel: int | None) -> Read:
        """Reads one channel of the clip."""
        if channel is None:
            return self.read
        first = self.clip.start
        return lambda start, end: self.sound.read(first + start, first + end, channel)

    @abstractmethod
    def detector(self) -> Detector:
        """What tells the regions from everything else."""

    def find(self, start: int, end: int) -> list[Suggestion]:
        """What is certain once a piece was listened to and was not before."""
        return [
            self.offer(one.start, one.end, self._label, score=one.score, channel=channel)
            for channel, finder in self._finders.items()
            for one in finder.step(start)
        ]


def at_rate(samples: Samples, rate: int) -> Samples:
    """Mono samples at `RATE`, by polyphase filtering.

    Args:
        samples: The samples.
        rate: Their frames per second.
    """
    if rate == RATE or not len(samples):
        return samples
    import numpy
    from scipy.signal import resample_poly

    # Above a ratio that a filter can have, a rate near enough does for telling speech.
    up, down = RATE // gcd(RATE, rate), rate // gcd(RATE, rate)
    if down > 2000:
        up, down = round(2000 * RATE / rate), 2000
    found: Samples = resample_poly(samples, up, down).astype(numpy.float32)
    return found


def _filled(samples: Samples) -> Samples:
    """The same with silence at its end, so that its last window is whole."""
    import numpy

    missing = -len(samples) % WINDOW
    return numpy.concatenate([samples, numpy.zeros(missing, dtype=numpy.float32)])
