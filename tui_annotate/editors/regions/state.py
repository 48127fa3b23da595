"""The regions of a task as they are: what is undone, kept in a draft, suggested and written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from tui_annotate.audio.clip import Clip, seconds_of
from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.history import History
from tui_annotate.editors.regions.cover import Stretch, union
from tui_annotate.editors.regions.fields import (
    Names,
    beyond,
    read_regions,
    write_region,
    written_suggestion,
)
from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.editors.regions.room import stretches
from tui_annotate.editors.regions.snapshot import Snapshot
from tui_annotate.editors.regions.snapshot import Typing as Typing
from tui_annotate.editors.regions.snapshot import renamed as renamed_between
from tui_annotate.editors.regions.speech import Speech
from tui_annotate.editors.regions.suggestion_placement import Rules, placed
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.incoming_regions import RegionMode

LEAST_SECONDS = 0.01
"""No region is shorter; the step that its edges are moved by."""

REST_SECONDS = 0.5
"""Of a suggestion that something else cuts, what is shorter is not worth a region."""

BETWEEN_SECONDS = 0.8
"""The same between two regions: listening closes gaps of so much silence (see `audio.speech`)."""


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
        look: The first frame in sight and the frames of a column, while not all is in sight.
        transcript: What is said in the whole sound.
        remarks: What of the task could not be taken as it came.
    """

    def __init__(
        self,
        clip: Clip,
        labels: Iterable[str] = (),
        *,
        given: Iterable[Mapping[str, Any]] = (),
        mode: RegionMode = "regions",
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
        split = channels and clip.channel is None and clip.channels > 1
        self.by_channel = clip.channels if split else None
        self.transcript = transcript
        self.cursor = 0
        self.playhead: int | None = None
        self.mark_in: int | None = None
        self.selection: Stretch | None = None
        self.likely: tuple[tuple[str, float], ...] = ()
        self.auto_play = False
        self.heard: Stretch | None = None
        self.typing: Typing | None = None
        self.look: tuple[int, int] | None = None
        self.last_label: str | None = None
        self.least = max(round(LEAST_SECONDS * clip.rate), 1)
        self._rest = max(round(REST_SECONDS * clip.rate), self.least)
        self._between = max(round(BETWEEN_SECONDS * clip.rate), self.least)
        self._given = list(given)
        self.remarks = beyond(self._given, clip)
        self._came_transcript = transcript
        self._names = Names(self._given)
        self._nobody = speech if mode == "speakers" and speech not in self.labels else None
        decided, nobody = offered is not None, self._nobody
        self.regions = Regions(
            read_regions(self._given, clip, self._names, decided=decided, nobody=nobody)
        )
        # Who is named in the task is somebody, on offer or not.
        self._given_to = {region.label for region in self.regions if region.label}
        self._came = {region.id: region for region in self.regions}
        self._focus: str | None = None
        self._led = ""
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
        self._known = set(self._offered)
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

    def heard_text(self, region: Region) -> str:
        """What is said in a region: its text, else what a source heard in it.

        A word belongs to the region that the middle of its stretch lies in.
        """
        if region.text is not None:
            return region.text
        said = [
            one for one in self._offered if one.text and region.holds((one.start + one.end) // 2)
        ]
        said.sort(key=lambda one: (one.start, one.end))
        return " ".join(dict.fromkeys(one.text for one in said if one.text))

    def refusal(self, answer: str) -> str | None:
        """Why the task cannot be accepted: it is not said who speaks."""
        if answer != "accept":
            return None
        found = sum(self.nameless(region.label) for region in self.regions)
        if not found:
            return None
        who, them = ("a region has", "it") if found == 1 else (f"{found} regions have", "them")
        return f"{who} no speaker: tab to visit, ! to drop {them}"

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
        now, came, typing = self.regions, self._came, self.typing
        return {
            "frames": self.clip.frames,
            "rate": self.clip.rate,
            "added": [one for one in now if came.get(one.id) != one],
            "removed": [one.id for one in came.values() if now.get(one.id) != one],
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
            "look": list(self.look) if self.look else None,
            "offered": self._offered[self._offered_first :],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a draft again.

        Raises:
            ValueError: The draft is of another sound.
        """
        frames = self.clip.frames
        if (state["frames"], state["rate"]) != (frames, self.clip.rate):
            raise ValueError("the saved draft no longer fits this sound: another length")
        added = msgspec.convert(state["added"], list[Region])
        removed = set(map(str, state["removed"]))
        if any(not 0 <= one.start < one.end <= frames for one in added):
            raise ValueError("the saved draft has regions outside the sound")
        if not removed <= self._came.keys():
            raise ValueError("the saved draft no longer fits this task: other regions")
        kept = [one for one in self._came.values() if one.id not in removed]
        if len({one.id for one in [*kept, *added]}) < len(kept) + len(added):
            raise ValueError("the saved draft no longer fits this task: other regions")
        offered = [*self._offered, *msgspec.convert(state["offered"], list[Suggestion])]
        withdrawn = frozenset(offered[place] for place in state["withdrawn"][: len(offered)])
        typing, look = state["typing"], state.get("look")
        sight = (int(look[0]), int(look[1])) if look else None
        cursor = min(max(int(state["cursor"]), 0), frames)
        self.speech.add(offered[len(self._offered) :])
        self.regions = Regions([*kept, *added])
        for one in added:
            self._names.keep(one.id)
        self._offered, self._withdrawn = offered, withdrawn
        self._known = set(offered)
        self.cursor, self._focus = cursor, state["focus"]
        self.mark_in = state["mark_in"]
        selection = state["selection"]
        self.selection = (int(selection[0]), int(selection[1])) if selection else None
        self._led = str(state["led"])
        self.last_label = state["last_label"]
        self.transcript = str(state["transcript"])
        self._dismissed = tuple((int(a), int(b), str(label)) for a, b, label in state["dismissed"])
        self._touched = bool(state["touched"])
        self.auto_play = bool(state["auto_play"])
        self.typing = Typing(str(typing[0]), str(typing[1]), int(typing[2])) if typing else None
        self.look = sight

    # ── suggestions ────────────────────────────────────────────────────────

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take suggestions in, as far as there is room for them beside what was made by hand."""
        known = self._known
        fresh = [one for one in suggestions if one not in known or one in self._withdrawn]
        if not fresh:
            return NOTHING
        self._withdrawn = self._withdrawn.difference(fresh)
        new = [one for one in fresh if one not in known]
        self._batches.append(len(self._offered))
        self._offered += new
        known.update(new)
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
        return Outcome(True, f"removed {len(out)} suggestion{'s' * (len(out) != 1)} by {source}")

    def nameless(self, label: str) -> bool:
        """Whether a label says that somebody speaks, but not who."""
        if self.mode == "regions":
            return False
        return label == self._nobody or (label not in self.labels and label not in self._given_to)

    def _no_speech(self) -> list[Stretch]:
        return union(
            (start, end)
            for start, end, label in self._dismissed
            if self.mode != "regions" or label == self.speech.label
        )

    def _with(self, regions: Regions, suggestions: Sequence[Suggestion]) -> Regions:
        """Regions, and suggestions where there is room for them."""
        rules = Rules(
            self.clip.frames,
            self.least,
            self._rest,
            self._between,
            by_label=self.mode == "regions",
            overlap=self.overlap,
            nameless=self.nameless,
        )
        return placed(regions, suggestions, rules, self._dismissed, self._names)

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
        renamed = renamed_between(now.labels, back.labels)
        added = None
        if renamed is not None:
            self.labels[self.labels.index(renamed[0])] = renamed[1]
        elif gone := [label for label in back.labels if label not in self.labels]:
            # It had become one with another.
            added = gone[0]
            self.add_label(added)
        return Outcome(True, added=added, renamed=renamed)
