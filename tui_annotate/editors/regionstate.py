"""The regions of a task as they are: what is undone, kept in a draft, suggested and written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import msgspec

from tui_annotate.audio.clip import Clip, seconds_of
from tui_annotate.editors.cover import Stretch, union
from tui_annotate.editors.editor import NOTHING, Outcome
from tui_annotate.editors.history import History
from tui_annotate.editors.region import Region, Regions
from tui_annotate.editors.regionfields import (
    Names,
    read_regions,
    write_region,
    written_suggestion,
)
from tui_annotate.editors.room import rests, stretches
from tui_annotate.editors.speech import Speech
from tui_annotate.suggest.suggestion import Suggestion

Mode = Literal["regions", "speakers", "transcribe"]
"""What is in the sound; who speaks when; what is said."""

LEAST_SECONDS = 0.01
"""No region is shorter; the step that its edges are moved by."""

REST_SECONDS = 0.25
"""Of a suggestion that something else cuts, what is shorter is not worth a region."""


@dataclass(frozen=True, slots=True)
class Typing:
    """An open text field.

    Attributes:
        command: What its text is for: ``transcript`` or ``whole_transcript``.
        text: What is typed so far.
        caret: Where the caret is, in code points.
    """

    command: str
    text: str
    caret: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is undone together.

    Attributes:
        regions: The regions.
        labels: The labels on offer.
        transcript: What is said in the whole sound.
        dismissed: Suggestions that were deleted: start, end and label.
        withdrawn: Suggestions of sources that were switched off.
        offered: How many suggestions had been offered by then.
        cursor: Where the cursor was.
        focus: The region that was meant.
        selection: The stretch that was selected.
        led: Whether the cursor had been led there.
    """

    regions: Regions
    labels: tuple[str, ...]
    transcript: str
    dismissed: tuple[tuple[int, int, str], ...]
    withdrawn: frozenset[Suggestion]
    offered: int
    cursor: int
    focus: str | None
    selection: Stretch | None
    led: bool


class RegionState:
    """The regions of a task, and where the annotator is.

    Suggestions that arrive late are not undone with what was done by hand: undoing takes back
    what the annotator did, and leaves them.

    Args:
        clip: The sound; every frame counts from its start.
        labels: The labels on offer.
        given: The regions that came with the task, as they came.
        mode: What the regions are for.
        overlap: Let regions of one label overlap.
        channels: Give every channel lanes of its own.
        transcript: What is said in the whole sound, as far as it came with the task.
        offered: What was offered when the task was decided before; by default the regions
            that came with it.
        speech: The label that sources give to speech, where they tell it from other sound.

    Attributes:
        cursor: Where the annotator is, while nothing plays.
        playhead: The frame that is heard, while something plays; set before every command.
        mark_in: The start that was marked, of a region that has no end yet.
        selection: A stretch that is no region yet.
        likely: Labels with scores, the likeliest for the active region first.
        auto_play: Whether a region that one arrives at is to be heard.
        heard: The stretch that the last command wants to be heard.
        typing: The text field that is open.
        transcript: What is said in the whole sound.
    """

    def __init__(
        self,
        clip: Clip,
        labels: Iterable[str] = (),
        *,
        given: Iterable[Mapping[str, Any]] = (),
        mode: Mode = "regions",
        overlap: bool = False,
        channels: bool = False,
        transcript: str = "",
        offered: Iterable[Suggestion] | None = None,
        speech: str = "SPEECH",
    ) -> None:
        self.clip = clip
        self.labels = list(labels)
        self.mode = mode
        self.overlap = overlap
        self.by_channel = clip.channels if channels and clip.channel is None else None
        self.transcript = transcript
        self.cursor = 0
        self.playhead: int | None = None
        self.mark_in: int | None = None
        self.selection: Stretch | None = None
        self.likely: tuple[tuple[str, float], ...] = ()
        self.auto_play = False
        self.heard: Stretch | None = None
        self.typing: Typing | None = None
        self.last_label: str | None = None
        self.least = max(round(LEAST_SECONDS * clip.rate), 1)
        self._rest = max(round(REST_SECONDS * clip.rate), self.least)
        self._given = list(given)
        self._came_transcript = transcript
        self._names = Names(self._given)
        self.regions = Regions(
            read_regions(self._given, clip, self._names, decided=offered is not None)
        )
        self._came = frozenset(self.regions)
        self._focus: str | None = None
        self._led = False
        self._dismissed: tuple[tuple[int, int, str], ...] = ()
        self._withdrawn: frozenset[Suggestion] = frozenset()
        self._history: History[Snapshot] = History()
        self._running: tuple[str, ...] | None = None
        self._touched = False
        self.speech = Speech(speech if mode == "regions" else None)
        if offered is None:
            offered = [
                Suggestion(one.start, one.end, one.label, one.source or "task", one.score)
                for one in self.regions
            ]
        self._offered: list[Suggestion] = list(offered)
        self._offered_first = len(self._offered)
        self._batches: list[int] = []
        self.speech.add(one for one in self._offered if one.source != "task")
        self._covered: tuple[Regions, list[Stretch]] | None = None

    # ── what the session and the view ask ──────────────────────────────────

    @property
    def edited(self) -> bool:
        """Whether the annotator has changed anything."""
        return self._touched

    @property
    def offered(self) -> Sequence[Suggestion]:
        """Every suggestion that has been offered, as it was offered; in frames."""
        return self._offered

    @property
    def here(self) -> int:
        """The frame that commands act at: the one that is heard, else the cursor."""
        return self.cursor if self.playhead is None else self.playhead

    @property
    def edges(self) -> list[int]:
        """Where speech begins and ends, as far as it was found, in order."""
        return self.speech.edges

    def counts(self) -> Mapping[str, int]:
        """How often each label stands in the task."""
        return Counter(region.label for region in self.regions)

    def add_label(self, label: str) -> None:
        """Add a label to those on offer."""
        if label not in self.labels:
            self.labels.append(label)

    def coverage(self) -> float | None:
        """How much of the speech lies in regions that were looked at; None where none was found."""
        if self._covered is None or self._covered[0] is not self.regions:
            covered = stretches(one for one in self.regions if not one.suggested)
            self._covered = self.regions, covered
        return self.speech.share(self._covered[1], self._no_speech())

    def uncovered(self) -> list[Stretch]:
        """The speech that no region covers."""
        least = self._rest
        left = self.speech.left(stretches(self.regions), self._no_speech())
        return [one for one in left if one[1] - one[0] >= least]

    def unseen(self) -> int:
        """How many suggestions nobody has looked at."""
        return sum(region.suggested for region in self.regions)

    def fields(self) -> dict[str, Any]:
        """The regions and the sound as the format has them."""
        clip = self.clip
        written: dict[str, Any] = {
            "audio_spans": [write_region(one, clip.rate, self._given) for one in self.regions]
        }
        if self.transcript or self._came_transcript:
            written["transcript"] = self.transcript
        written["duration"] = seconds_of(clip.frames, clip.rate)
        written["sample_rate"] = clip.rate
        written["channels"] = clip.channels
        written["_suggested"] = [written_suggestion(one, clip.rate) for one in self._offered]
        return written

    def state(self) -> dict[str, Any]:
        """Regions, cursor, selection, lane and open field as plain JSON values."""
        now = frozenset(self.regions)
        typing = self.typing
        return {
            "frames": self.clip.frames,
            "rate": self.clip.rate,
            "added": [asdict(one) for one in self.regions if one not in self._came],
            "removed": [one.id for one in self._came - now],
            "cursor": self.here,
            "focus": self._focus,
            "mark_in": self.mark_in,
            "selection": list(self.selection) if self.selection else None,
            "led": self._led,
            "last_label": self.last_label,
            "transcript": self.transcript,
            "dismissed": [list(one) for one in self._dismissed],
            "withdrawn": [
                place for place, one in enumerate(self._offered) if one in self._withdrawn
            ],
            "touched": self._touched,
            "auto_play": self.auto_play,
            "typing": [typing.command, typing.text, typing.caret] if typing else None,
            "offered": [
                [one.start, one.end, one.label, one.source, one.score]
                for one in self._offered[self._offered_first :]
            ],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a draft again.

        Raises:
            ValueError: The draft is of another sound.
        """
        frames = self.clip.frames
        if (state["frames"], state["rate"]) != (frames, self.clip.rate):
            raise ValueError("the draft is of a sound of another length")
        added = msgspec.convert(state["added"], list[Region])
        removed = set(map(str, state["removed"]))
        if any(not 0 <= one.start < one.end <= frames for one in added):
            raise ValueError("the draft has regions outside the sound")
        if not removed <= {one.id for one in self._came}:
            raise ValueError("the draft is of a task with other regions")
        kept = [one for one in self.regions if one.id not in removed]
        if len({one.id for one in [*kept, *added]}) < len(kept) + len(added):
            raise ValueError("the draft is of a task with other regions")
        offered = [*self._offered, *(Suggestion(*row) for row in state["offered"])]
        withdrawn = frozenset(offered[place] for place in state["withdrawn"][: len(offered)])
        typing = state["typing"]
        cursor = min(max(int(state["cursor"]), 0), frames)
        self.speech.add(offered[len(self._offered) :])
        self.regions = Regions([*kept, *added])
        for one in added:
            self._names.keep(one.id)
        self._offered, self._withdrawn = offered, withdrawn
        self.cursor, self._focus = cursor, state["focus"]
        self.mark_in = state["mark_in"]
        selection = state["selection"]
        self.selection = (int(selection[0]), int(selection[1])) if selection else None
        self._led = bool(state["led"])
        self.last_label = state["last_label"]
        self.transcript = str(state["transcript"])
        self._dismissed = tuple((int(a), int(b), str(label)) for a, b, label in state["dismissed"])
        self._touched = bool(state["touched"])
        self.auto_play = bool(state["auto_play"])
        self.typing = Typing(str(typing[0]), str(typing[1]), int(typing[2])) if typing else None

    # ── suggestions ────────────────────────────────────────────────────────

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take suggestions in, as far as there is room for them beside what was made by hand."""
        known = set(self._offered)
        fresh = [one for one in suggestions if one not in known or one in self._withdrawn]
        if not fresh:
            return NOTHING
        self._withdrawn = self._withdrawn.difference(fresh)
        new = [one for one in fresh if one not in known]
        self._batches.append(len(self._offered))
        self._offered += new
        self.speech.add(new)
        before = self.regions
        self.regions = self._with(self.regions, fresh)
        return NOTHING if before is self.regions else Outcome()

    def withdraw(self, source: str) -> Outcome:
        """Take out what a source suggested and nobody has looked at."""
        out = [one for one in self.regions if one.suggested and one.source == source]
        if not out:
            return NOTHING
        self._commit(self.regions.exchange(out, ()))
        self._withdrawn |= {one for one in self._offered if one.source == source}
        return Outcome(True, f"{len(out)} suggestions by {source} taken out")

    def nameless(self, label: str) -> bool:
        """Whether a label says that somebody speaks, but not who."""
        return self.mode != "regions" and label not in self.labels

    def _no_speech(self) -> list[Stretch]:
        return union(
            (start, end)
            for start, end, label in self._dismissed
            if self.mode != "regions" or label == self.speech.label
        )

    def _with(self, regions: Regions, suggestions: Sequence[Suggestion]) -> Regions:
        """Regions, and suggestions where there is room for them; those that name nobody first."""
        named = [one for one in suggestions if not self.nameless(one.label)]
        if len(named) < len(suggestions):
            nameless = [one for one in suggestions if self.nameless(one.label)]
            regions = self._with_all(regions, nameless)
        return self._with_all(regions, named)

    def _with_all(self, regions: Regions, suggestions: Sequence[Suggestion]) -> Regions:
        frames = self.clip.frames
        into: list[Region] = []
        cut: dict[Region, list[Stretch]] = {}
        reached: dict[tuple[str, int | None], int] = {}
        for one in sorted(suggestions, key=lambda one: (one.start, one.end)):
            start, end = max(one.start, 0), min(one.end, frames)
            made = Region(start, end, one.label, source=one.source, score=one.score, suggested=True)
            if not self.overlap:
                made = replace(made, start=max(start, reached.get(made.lane, 0)))
            if made.frames < self.least:
                continue
            worse, cutting = self._around(made, regions)
            left = rests(made, cutting, self._rest)
            if not left:
                continue
            reached[made.lane] = max(reached.get(made.lane, 0), made.end)
            for region in worse:
                cut.setdefault(region, []).append((made.start, made.end))
            into += left
        for region, others in cut.items():
            into += rests(region, union(others), self._rest)
        if not into and not cut:
            return regions
        fresh = [replace(one, id=self._names.fresh()) if not one.id else one for one in into]
        return regions.exchange(cut, fresh)

    def _around(self, made: Region, regions: Regions) -> tuple[list[Region], list[Stretch]]:
        """The suggestions that give way to another one, and the stretches that cut it."""
        worse: list[Region] = []
        cutting = [
            (start, end)
            for start, end, label in self._dismissed
            if self.mode != "regions" or label == made.label
        ]
        nameless = self.nameless(made.label)
        for region in regions.overlapping(made.start, made.end):
            same = region.lane == made.lane
            if region.channel != made.channel or (same and self.overlap):
                continue
            if not region.suggested:
                if same or self.mode != "regions":
                    cutting.append((region.start, region.end))
            elif same or nameless:
                cutting.append((region.start, region.end))
            elif self.mode != "regions" and (
                self.nameless(region.label) or region.source == made.source
            ):
                # Who speaks is known by now, or thought better of.
                worse.append(region)
        return worse, union(cutting)

    # ── undoing ────────────────────────────────────────────────────────────

    def _snapshot(self) -> Snapshot:
        return Snapshot(
            self.regions,
            tuple(self.labels),
            self.transcript,
            self._dismissed,
            self._withdrawn,
            len(self._offered),
            self.cursor,
            self._focus,
            self.selection,
            self._led,
        )

    def _batch(self, first: int) -> list[Suggestion]:
        """The suggestions that came together with one, without those that were withdrawn since."""
        last = next((other for other in self._batches if other > first), len(self._offered))
        return [one for one in self._offered[first:last] if one not in self._withdrawn]

    def _commit(self, regions: Regions, running: tuple[str, ...] | None = None) -> None:
        """Make an edit; one that goes on with the edit before it is undone with that.

        Args:
            regions: The regions as they are from now on.
            running: What the edit is; the same as before if it goes on.
        """
        if running is None or running != self._running:
            self._history.push(self._snapshot())
        self._running = running
        self._touched = True
        self.regions = regions

    def _travel(self, back: Snapshot | None, refusal: str) -> Outcome:
        if back is None:
            return Outcome(message=refusal)
        now = self._snapshot()
        self.regions, self.transcript = back.regions, back.transcript
        self._dismissed, self._withdrawn = back.dismissed, back.withdrawn
        for first in self._batches:
            if first >= back.offered:
                self.regions = self._with(self.regions, self._batch(first))
        self._focus, self.selection, self._led = back.focus, back.selection, back.led
        if self.playhead is None:
            self.cursor = back.cursor
        self.mark_in = None
        renamed = _renamed(now.labels, back.labels)
        if renamed is not None:
            self.labels[self.labels.index(renamed[0])] = renamed[1]
        return Outcome(True, renamed=renamed)


def _renamed(now: Sequence[str], then: Sequence[str]) -> tuple[str, str] | None:
    """The label that has another name in an earlier set; others may have been added since."""
    gone = [label for label in then if label not in now]
    new = [label for label in now if label not in then]
    if len(gone) == 1 and new and then.index(gone[0]) == now.index(new[0]):
        return new[0], gone[0]
    return None
