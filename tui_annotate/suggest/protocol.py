"""What a source of suggestions can do: the abstract classes, and the texts that one gets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import msgspec

from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.suggestion import Suggestion

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray


class Prepared(msgspec.Struct, frozen=True):
    """A text as a suggester gets it.

    Attributes:
        text: The text.
        pairs: Start and end of each token, in code points.
        doc: The spaCy ``Doc`` of exactly these tokens, made by the session's
            pipeline or tokeniser.
    """

    text: str
    pairs: Sequence[tuple[int, int]]
    doc: Any


class Suggester:
    """What all sources of suggestions have in common.

    Args:
        spec: What the recipe says about it.

    Attributes:
        name: What the status line and ``_suggested`` call it.
        labels: The labels on offer, the first of them first; empty where they are not
            known beforehand.
        options: What the recipe wrote in `plugged` besides.
        default_label: The label of a suggestion where none is named and none is on offer.
    """

    default_label: ClassVar[str] = "LABEL"

    def __init__(self, spec: SuggesterSpec) -> None:
        self.name = spec.name
        self.labels = tuple(spec.labels)
        self.options: Mapping[str, Any] = spec.options

    def offer(
        self,
        start: int,
        end: int,
        label: str | None = None,
        *,
        score: float | None = None,
        text: str | None = None,
        channel: int | None = None,
    ) -> Suggestion:
        """Make a suggestion of this source.

        Args:
            start: Where it begins: a code point of the text, or a frame of the clip.
            end: The code point, or the frame, after its last.
            label: Its label; the first on offer, if none is named.
            score: The source's own confidence, from 0 to 1, where it has one.
            text: What is said in it, where it is a stretch of sound.
            channel: The channel of the sound that it is about, from 0; None for all of them.
        """
        if label is None:
            label = self.labels[0] if self.labels else self.default_label
        return Suggestion(start, end, label, self.name, score, text=text, channel=channel)


class TextSuggester(Suggester, ABC):
    """A source of suggestions for texts; it runs in the suggestion process.

    A plug-in's entry point in the group ``tui_annotate.text_suggesters`` names a class
    that is derived from this one. It is made once in a session, with its spec; only
    `suggest` has to be written. What it prints goes to a log, and if it raises an
    exception the session names it and goes on without it.

    All offsets are Unicode code points, the end exclusive. Of a class only label and
    score count: the classes are ranked by them. A suggestion for a punctuation mark
    covers the word before the mark, and its label is the mark.
    """

    @abstractmethod
    def suggest(self, documents: Sequence[Prepared]) -> Iterable[Sequence[Suggestion]]:
        """Say what to offer for each of some texts, in their order.

        Args:
            documents: The texts. A long one comes in several documents, each with
                offsets of its own; a document's ``doc`` is valid until this returns.
        """

    def feedback(self, text: str, spans: Sequence[tuple[int, int, str]]) -> None:
        """Learn how a text was decided; without this, nothing is learned.

        Args:
            text: The text.
            spans: Start, end and label of what the annotator holds to be right.
        """


class SoundClip(Protocol):
    """The part of a sound file that a task is about."""

    @property
    def rate(self) -> int:
        """Frames per second."""

    @property
    def frames(self) -> int:
        """How many frames the clip has."""

    @property
    def channels(self) -> int:
        """How many channels the file has."""

    @property
    def start(self) -> int:
        """The frame of the file where the clip begins."""

    @property
    def channel(self) -> int | None:
        """The channel that is listened to, from 0; None for the mean of all."""


class SoundFile(Protocol):
    """A sound file that is open."""

    def read(self, start: int, stop: int, channel: int | None = None) -> Any:
        """Mono samples, as float32 from -1 to 1, between two frames of the file."""


class AudioSuggester(Suggester, ABC):
    """A source of suggestions for one sound; it runs in the sound process.

    A plug-in's entry point in the group ``tui_annotate.audio_suggesters`` names a class
    that is derived from this one. One is made for each clip, in a thread of the sound
    process: a call may take as long as it needs and holds up nothing but other sources.
    Only `find` has to be written.

    All positions are frames from the start of the clip; ``rate`` frames are a second.

    Args:
        clip: The part of the file that the task is about.
        sound: The file, open.
        spec: What the recipe says about it.

    Attributes:
        piece_seconds: How many seconds `find` gets at a time.
        rate: Frames per second.
        frames: How many frames the clip has.
        done: Whether everything was listened to.
        covered: The stretches that were listened to, as start and end, in their order.
    """

    default_label: ClassVar[str] = "SPEECH"
    piece_seconds: ClassVar[float] = 30.0

    def __init__(self, clip: SoundClip, sound: SoundFile, spec: SuggesterSpec) -> None:
        super().__init__(spec)
        self.clip = clip
        self.sound = sound
        self.rate = clip.rate
        self.frames = clip.frames
        self._piece = max(round(self.piece_seconds * self.rate), 1)
        self._left = list(range(-(-self.frames // self._piece)))
        self.done = not self._left
        self.covered: Sequence[tuple[int, int]] = []

    def read(self, start: int, end: int) -> NDArray[numpy.float32]:
        """Mono samples from -1 to 1, of the clip's channel or of the mean of all.

        Args:
            start: The first frame.
            end: The frame after the last.
        """
        first = self.clip.start
        samples: NDArray[numpy.float32] = self.sound.read(
            first + start, first + end, self.clip.channel
        )
        return samples

    @abstractmethod
    def find(self, start: int, end: int) -> Iterable[Suggestion]:
        """Say what to offer in a piece of the clip; each piece is asked about once.

        Args:
            start: The first frame of the piece.
            end: The frame after its last.
        """

    def step(self, focus: int) -> list[Suggestion]:
        """Listen to the next piece: by default the nearest one to the annotator.

        Args:
            focus: The frame where the annotator is.

        Returns:
            What is certain now and was not offered before.

        Raises:
            ValueError: What was found is not within the clip.
        """
        if not self._left:
            return []
        piece = self._left.pop(self._nearest(focus // self._piece))
        start = piece * self._piece
        end = min(start + self._piece, self.frames)
        found = list(self.find(start, end))
        for one in found:
            if not 0 <= one.start < one.end <= self.frames or not one.label:
                raise ValueError(
                    f"it offered {one.start}–{one.end} {one.label!r} in a clip of {self.frames}"
                )
        self.covered = _joined([*self.covered], start, end)
        self.done = not self._left
        return found

    def _nearest(self, at: int) -> int:
        """The place of the piece nearest to one, among those that are left."""
        place = bisect_left(self._left, at)
        if place == len(self._left):
            return place - 1
        if place and at - self._left[place - 1] < self._left[place] - at:
            return place - 1
        return place

    def regions(self, regions: Sequence[tuple[int, int, str]]) -> None:
        """Learn what is marked and named by now; without this, nothing is learned.

        Args:
            regions: Start, end and label of each region. Those of other windows of the
                same recording lie before the clip or behind it.
        """

    def compare(self, start: int, end: int) -> list[tuple[str, float]] | None:
        """Say whose voice a stretch is.

        Args:
            start: Its first frame.
            end: The frame after its last.

        Returns:
            Names with their scores, the likeliest first; None from a source that knows
            no voices.
        """
        return None


def _joined(covered: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Stretches with one more, those that touch made one."""
    insort(covered, (start, end))
    joined: list[tuple[int, int]] = []
    for begin, stop in covered:
        if joined and joined[-1][1] >= begin:
            joined[-1] = joined[-1][0], stop
        else:
            joined.append((begin, stop))
    return joined
