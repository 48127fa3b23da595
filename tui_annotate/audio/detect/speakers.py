"""Speakers: who a region may belong to, from the regions that bear a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui_annotate.audio.detect.detection import at_rate
from tui_annotate.audio.detect.voices import LONGEST, SHORTEST, Encoder, Voices, encoder
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.protocol import AudioSuggester, SoundClip, SoundFile
from tui_annotate.suggest.suggestion import Suggestion

if TYPE_CHECKING:
    from tui_annotate.audio.detect.voices import Vector

Region = tuple[int, int, str]
Stretch = tuple[int, int]


class VoiceComparison:
    """Compares regions of one clip; where several speak at once nobody's voice is learned.

    Args:
        read: Mono samples of the clip: from a frame, up to another.
        rate: The clip's frames per second.
        encoder: Makes the encoder when it is first needed, for that takes a moment.
    """

    def __init__(
        self, read: Callable[[int, int], Vector], rate: int, encoder: Callable[[], Encoder]
    ) -> None:
        self._read = read
        self._rate = rate
        self._encoder = encoder
        self._voices: Voices | None = None
        self._regions: list[Region] = []
        self._vectors: dict[tuple[Stretch, ...], Vector] = {}

    def regions(self, regions: Sequence[Region]) -> None:
        """The regions that bear a speaker's name now."""
        self._regions = list(regions)

    def compare(self, start: int, end: int) -> list[tuple[str, float]]:
        """Whose voice it is, the likeliest first; nobody where too little can be heard alone."""
        others = [one for one in self._regions if one[:2] != (start, end)]
        own = self._alone(start, end, others)
        if self._seconds(own) < SHORTEST or not others:
            return []
        if self._voices is None:
            self._voices = Voices(self._encoder())
        known: dict[str, list[tuple[Vector, float]]] = {}
        for region in others:
            rest = [one for one in self._regions if one is not region]
            parts = self._alone(region[0], region[1], rest)
            if self._seconds(parts) >= SHORTEST:
                known.setdefault(region[2], []).append(
                    (self._vector(parts), min(self._seconds(parts), LONGEST))
                )
        self._voices.learn(known)
        return self._voices.likely(self._vector(own))

    def _alone(self, start: int, end: int, others: Sequence[Region]) -> tuple[Stretch, ...]:
        """The parts of a stretch in which no other region is."""
        parts = [(start, end)]
        for begin, stop, _ in others:
            if begin < end and stop > start:
                parts = [
                    (left, right)
                    for a, b in parts
                    for left, right in ((a, min(b, begin)), (max(a, stop), b))
                    if right > left
                ]
        return tuple(parts)

    def _seconds(self, parts: Sequence[Stretch]) -> float:
        return sum(end - start for start, end in parts) / self._rate

    def _vector(self, parts: tuple[Stretch, ...]) -> Vector:
        import numpy

        if parts not in self._vectors:
            assert self._voices is not None
            room = round(LONGEST * self._rate)
            pieces = []
            for start, end in parts:
                spare = max(end - start - room, 0) // 2
                taken = self._read(start + spare, min(end - spare, start + spare + room))
                pieces.append(taken)
                room -= len(taken)
                if room <= 0:
                    break
            samples = at_rate(numpy.concatenate(pieces), self._rate)
            self._vectors[parts] = self._voices.encoder.vector(samples)
        return self._vectors[parts]


class SpeakerSuggester(AudioSuggester):
    """Says whose voice a region of a clip is; it offers no regions of its own."""

    def __init__(self, clip: SoundClip, sound: SoundFile, spec: SuggesterSpec) -> None:
        super().__init__(clip, sound, spec)
        self._voices = VoiceComparison(self.read, self.rate, encoder)
        self.done = True

    def find(self, start: int, end: int) -> list[Suggestion]:
        """Nothing: it only compares."""
        return []

    def regions(self, regions: Sequence[Region]) -> None:
        """Learn the voices of the regions that bear a speaker's name now."""
        self._voices.regions(regions)

    def compare(self, start: int, end: int) -> list[tuple[str, float]]:
        """Whose voice it is, the likeliest first."""
        return self._voices.compare(start, end)
