"""Sources at work on the open sounds, in a thread of the sound process."""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.messages import Compare, Heard, Likely, Message, Named
from tui_annotate.audio.sound import Sound
from tui_annotate.errors import AnnotateError
from tui_annotate.process.messages import Failed, sentence
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.plugins import audio_factory
from tui_annotate.suggest.protocol import AudioSuggester
from tui_annotate.suggest.registry import source_of
from tui_annotate.suggest.suggestion import Suggestion

Make = Callable[[Clip, Sound, SuggesterSpec], AudioSuggester]
Region = tuple[int, int, str]
"""Where a speaker is named, in frames of a clip."""

Voice = tuple[float, float, str]
"""The same in seconds of the file."""

Recording = tuple[bytes, int | None]
"""A file, and a channel of it."""

OTHERS_KEPT = 64
"""Of how many clips of one recording the named regions are kept."""

Sources = dict[str, tuple[SuggesterSpec, Make]]
"""Of each source its spec and what makes it for a clip, by name."""


@dataclass(slots=True)
class _ClipJob:
    """One clip and its suggesters; its fields change under the lock only."""

    number: int
    clip: Clip
    focus: int = 0
    regions: list[Region] | None = None
    suggesters: dict[str, AudioSuggester] | None = None
    said: bool = False

    @property
    def recording(self) -> Recording:
        """What its windows have alike."""
        return self.clip.path, self.clip.channel

    @property
    def start(self) -> float:
        """Where its window begins, in seconds; no two of a recording begin at once."""
        return round(self.clip.start / self.clip.rate, 3)

    def in_seconds(self, regions: Sequence[Region]) -> list[Voice]:
        """Regions in seconds of the file."""
        first, rate = self.clip.start, self.clip.rate
        return [
            ((first + start) / rate, (first + end) / rate, name) for start, end, name in regions
        ]

    def in_frames(self, voices: Sequence[Voice]) -> list[Region]:
        """Regions in frames of the clip."""
        first, rate = self.clip.start, self.clip.rate
        return [
            (round(start * rate) - first, round(end * rate) - first, name)
            for start, end, name in voices
        ]


class AudioAnalysis:
    """Runs the sources, the clip on the screen first.

    Args:
        specs: The sources, in order of priority.
        send: Where answers go.
    """

    def __init__(self, specs: Sequence[SuggesterSpec], send: Callable[[Message], None]) -> None:
        self._specs = list(specs)
        self._send = send
        self._change = threading.Condition()
        self._clips: dict[int, _ClipJob] = {}
        self._shown: int | None = None
        self._off: set[str] = set()
        self._dead: set[str] = set()
        self._questions: list[Compare] = []
        # By recording, then by where a window begins: what is named there.
        self._named: dict[Recording, dict[float, list[Voice]]] = {}
        threading.Thread(target=self._run, name="hearing", daemon=True).start()

    def open(self, number: int, clip: Clip) -> None:
        """A clip can be listened to."""
        with self._change:
            self._clips[number] = job = _ClipJob(number, clip)
            if self._elsewhere(job):
                job.regions = []
            self._change.notify()

    def close(self, number: int) -> None:
        """Nobody wants to know any more."""
        with self._change:
            self._clips.pop(number, None)
            self._change.notify()

    def show(self, number: int) -> None:
        """This one is on the screen."""
        with self._change:
            self._shown = number
            self._change.notify()

    def focus(self, number: int, frame: int) -> None:
        """The annotator is here."""
        with self._change:
            if ears := self._clips.get(number):
                ears.focus = frame

    def regions(self, number: int, regions: list[tuple[int, int, str]]) -> None:
        """What is marked in a clip by now."""
        with self._change:
            if ears := self._clips.get(number):
                ears.regions = regions
                if self._note(ears.recording, ears.start, ears.in_seconds(regions)):
                    self._tell_others(ears.recording, ears)
                self._change.notify()

    def named(self, message: Named) -> None:
        """Who was named in a window of a recording that nobody has open."""
        recording = message.path, message.channel
        with self._change:
            if self._note(recording, message.start, message.regions):
                self._tell_others(recording, None)
                self._change.notify()

    def _note(self, recording: Recording, start: float, regions: list[Voice]) -> bool:
        """Keep what is named in a window; whether that is new. Called with the lock held."""
        of_file = self._named.setdefault(recording, {})
        before = of_file.pop(round(start, 3), [])
        of_file[round(start, 3)] = regions
        while len(of_file) > OTHERS_KEPT:
            del of_file[next(iter(of_file))]
        return before != regions

    def _tell_others(self, recording: Recording, told: _ClipJob | None) -> None:
        """What is named in one window of a recording is known in all of them."""
        for other in self._clips.values():
            if other is not told and other.recording == recording and other.regions is None:
                other.regions = self._own(other)

    def _own(self, ears: _ClipJob) -> list[Region]:
        """What is named in a clip itself, as it was told last."""
        named = self._named.get(ears.recording, {}).get(ears.start, [])
        return ears.in_frames(named)

    def _elsewhere(self, ears: _ClipJob) -> list[Region]:
        """What is named in other windows of the recording, outside of this one; no part twice."""
        clip, found = ears.clip, list[Voice]()
        for window, named in self._named.get(ears.recording, {}).items():
            if window == ears.start:
                continue
            before = list(found)
            for start, end, name in named:
                inside = start * clip.rate < clip.end and end * clip.rate > clip.start
                if not inside and not any(s < end and e > start for s, e, _ in before):
                    found.append((start, end, name))
        return ears.in_frames(found)

    def compare(self, question: Compare) -> None:
        """Whose voice is it? Only the newest question about a task counts."""
        with self._change:
            others = [q for q in self._questions if q.number != question.number]
            self._questions = [*others, question]
            self._change.notify()

    def switch(self, source: str, on: bool) -> None:
        """Leave a source out, or let it go on."""
        with self._change:
            (self._off.discard if on else self._off.add)(source)
            self._change.notify()

    def _run(self) -> None:
        with self._change:
            # What is loaded for the sources would come in the way of the first picture.
            while not self._clips:
                self._change.wait()
        sources = self._load()
        while True:
            with self._change:
                while (task := self._next()) is None:
                    self._change.wait()
            ears, question = task
            if question is not None:
                self._answer(ears, sources, question)
            else:
                self._hear(ears, sources)

    def _load(self) -> Sources:
        sources: Sources = {}
        for spec in self._specs:
            try:
                sources[spec.name] = spec, _maker(spec)
            except Exception as error:
                self._lose(spec.name, error)
        return sources

    def _next(self) -> tuple[_ClipJob, Compare | None] | None:
        """What to do now; None if there is nothing. Called with the lock held."""
        while self._questions:
            question = self._questions.pop(0)
            if ears := self._clips.get(question.number):
                return ears, question
        shown = self._clips.get(self._shown) if self._shown is not None else None
        others = [ears for ears in self._clips.values() if ears is not shown]
        for ears in [*([shown] if shown else []), *others]:
            if ears.regions is not None or not ears.said:
                return ears, None
            if any(True for _ in self._unfinished(ears)):
                return ears, None
        return None

    def _unfinished(self, ears: _ClipJob) -> list[tuple[str, AudioSuggester]]:
        return [
            (name, source)
            for name, source in (ears.suggesters or {}).items()
            if name not in self._off and name not in self._dead and not source.done
        ]

    def _attend(self, ears: _ClipJob, sources: Sources) -> None:
        """Have the sources begin on a clip, and learn what is marked in it."""
        if ears.suggesters is None:
            ears.suggesters = {}
            for name, (spec, make) in sources.items():
                if name in self._dead:
                    continue
                try:
                    sound = Sound(os.fsdecode(ears.clip.decoded))
                    ears.suggesters[name] = make(ears.clip, sound, spec)
                except Exception as error:
                    self._lose(name, error)
        with self._change:
            regions, ears.regions = ears.regions, None
            if regions is not None:
                regions = [*regions, *self._elsewhere(ears)]
        if regions is not None:
            for name, source in ears.suggesters.items():
                try:
                    source.regions(regions)
                except Exception as error:
                    self._lose(name, error)

    def _hear(self, ears: _ClipJob, sources: Sources) -> None:
        self._attend(ears, sources)
        found: list[Suggestion] = []
        for name, source in self._unfinished(ears)[:1]:
            try:
                found += source.step(ears.focus)
            except Exception as error:
                self._lose(name, error)
        more = bool(self._unfinished(ears))
        if found or not more or not ears.said:
            covered = _joined(source.covered for source in (ears.suggesters or {}).values())
            ears.said = True
            with self._change:
                wanted = ears.number in self._clips
            if wanted:
                self._send(Heard(ears.number, found, more, covered))

    def _answer(
        self,
        ears: _ClipJob,
        sources: Sources,
        question: Compare,
    ) -> None:
        self._attend(ears, sources)
        for name, source in (ears.suggesters or {}).items():
            if name in self._off or name in self._dead:
                continue
            try:
                names = source.compare(question.start, question.end)
            except Exception as error:
                self._lose(name, error)
                continue
            if names is not None:
                self._send(Likely(question.number, question.ticket, names))
                return

    def _lose(self, name: str, error: Exception) -> None:
        """A source that fails is out for this session; the others go on."""
        if name in self._dead:
            return
        self._dead.add(name)
        if not isinstance(error, AnnotateError):
            traceback.print_exc()
        self._send(Failed(f"{name} cannot go on: {sentence(error)}", name))


def _maker(spec: SuggesterSpec) -> Make:
    """What makes the suggester of a clip.

    Raises:
        AnnotateError: There is no such source, or it is none for sounds.
    """
    found = source_of(spec, "audio")
    if found.group is not None:
        return audio_factory(found)
    made: Make = found.load()
    return made


def _joined(stretches: Iterable[Sequence[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Stretches in order, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(pair for pairs in stretches for pair in pairs):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
