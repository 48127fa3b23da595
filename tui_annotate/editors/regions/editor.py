"""The editor of regions: what is in a sound, who speaks when, what is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from tui_annotate.audio.clip import Clip, seconds_of
from tui_annotate.editors.base import NOTHING, Outcome, Restored
from tui_annotate.editors.regions.cursor import RegionCursor
from tui_annotate.editors.regions.drafts import RegionDraft, Typing
from tui_annotate.editors.regions.edges import NUDGES, RegionEdges
from tui_annotate.editors.regions.edits import RegionEdits
from tui_annotate.editors.regions.fields import seconds_codec
from tui_annotate.editors.regions.fitting import fitted, withdrawn_places
from tui_annotate.editors.regions.region import Regions
from tui_annotate.editors.regions.region_set import RegionSet
from tui_annotate.editors.regions.renaming import joined, with_label, with_speaker
from tui_annotate.editors.regions.steps import RegionSteps
from tui_annotate.editors.regions.suggestion_placement import SuggestionPlacement
from tui_annotate.editors.regions.tracks import Track
from tui_annotate.editors.regions.undo import RegionHistory
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.incoming_regions import RegionMode
from tui_annotate.text.alignment import SAME, Alignment


class RegionEditor:
    """Marks regions in a sound, and says what they are.

    Regions of one label and channel do not overlap, unless that is allowed: a new one is cut
    where another begins or ends, becomes one with those that lie in it, and is refused where
    there is no room at all.

    Args:
        clip: The sound; every frame counts from its start.
        labels: The labels on offer.
        initial: The regions that came with the task, as they came.
        mode: What the regions are for.
        overlap: Let regions of one label overlap.
        channels: Give every channel tracks of its own.
        transcript: What is said in the whole sound, as far as it came with the task.
        offered: What was offered when the task was decided before; by default the regions
            that came with it.
        speech: The label that sources give to speech, where they tell it from other sound.
        names: What those are called by now who were renamed elsewhere in the recording.

    Attributes:
        region_set: The regions, and how they may stand beside each other.
        placement: What was suggested, and what became of it.
        cursor: Where the annotator is, and which region is meant.
        edges: Where the edges of that would go.
        history: Makes the edits, and takes them back.
        edits: Makes and changes the region that is meant.
        likely: Labels with scores, the likeliest for the active region first.
        typing: The text field that is open.
        viewport: The first frame in sight and the frames of a column, while not all is in sight.
    """

    def __init__(
        self,
        clip: Clip,
        labels: Iterable[str] = (),
        *,
        initial: Iterable[Mapping[str, Any]] = (),
        mode: RegionMode = "regions",
        overlap: bool = False,
        channels: bool = False,
        transcript: str = "",
        offered: Iterable[Suggestion] | None = None,
        speech: str = "SPEECH",
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.clip = clip
        self.region_set = RegionSet(
            clip,
            labels,
            initial,
            mode=mode,
            overlap=overlap,
            speech=speech,
            transcript=transcript,
            decided=offered is not None,
            names=names or {},
        )
        self.placement = SuggestionPlacement(self.region_set, offered, speech)
        split = channels and clip.channel is None and clip.channels > 1
        self.cursor = RegionCursor(self.region_set, clip.channels if split else None)
        self.edges = RegionEdges(self.region_set, self.placement.speech, self.cursor)
        self._steps = RegionSteps(self.region_set, self.placement, self.cursor)
        self.history = RegionHistory(self.region_set, self.placement, self.cursor)
        self.edits = RegionEdits(
            self.region_set, self.placement, self.cursor, self.edges, self._steps, self.history
        )
        self.likely: tuple[tuple[str, float], ...] = ()
        self.typing: Typing | None = None
        self.viewport: tuple[int, int] | None = None

    # ── what the session and the view ask ──────────────────────────────────

    @property
    def regions(self) -> Regions:
        """The regions, in order."""
        return self.region_set.regions

    @property
    def labels(self) -> list[str]:
        """The labels on offer."""
        return self.region_set.labels

    @property
    def edited(self) -> bool:
        """Whether the annotator has changed anything."""
        return self.history.edited

    @property
    def offered(self) -> Sequence[Suggestion]:
        """Every suggestion that has been offered, as it was offered; in frames."""
        return self.placement.offered

    @property
    def remarks(self) -> Sequence[str]:
        """What of the task could not be taken as it came."""
        return self.region_set.remarks

    @property
    def evidence(self) -> Sequence[tuple[int, int, str]] | None:
        """Who was named to speak where; None where nobody is to be told apart."""
        return self.region_set.speakers

    def says(self, query: str) -> bool:
        """Whether a text stands in the transcript of a region, letter case aside."""
        return any(region.says(query) for region in self.regions)

    def counts(self) -> Mapping[str, int]:
        """How often each label stands in the task."""
        return self.region_set.counts()

    def add_label(self, label: str) -> None:
        """Add a label to those on offer."""
        self.region_set.add_label(label)

    def refusal(self, answer: str) -> str | None:
        """Why the task cannot be accepted: it is not said who speaks."""
        if answer != "accept":
            return None
        unnamed = [one for one in self.regions if self.region_set.is_unassigned(one.label)]
        if not unnamed:
            return None
        count = len(unnamed)
        who, them = ("a region has", "it") if count == 1 else (f"{count} regions have", "them")
        # Switching a source off takes out only what that has suggested.
        drop = f", ! to drop {them}" if all(one.suggested for one in unnamed) else ""
        return f"{who} no speaker: tab to visit{drop or f', d to remove {them}'}"

    def doubt(self) -> str | None:
        """How many texts of a recogniser nobody has looked at, and how many are missing."""
        parts = []
        if unread := sum(one.suggested and bool(one.text) for one in self.regions):
            parts.append(f"{unread} suggested transcript{'s' * (unread != 1)} unchecked")
        typed = self.region_set.mode == "transcribe" and not self.region_set.transcript
        if typed and (bare := sum(not one.text for one in self.regions)):
            parts.append(f"{bare} region{' has' if bare == 1 else 's have'} no text")
        return ", ".join(parts) or None

    def fields(self) -> dict[str, Any]:
        """The regions and the sound as the format has them."""
        clip, codec = self.clip, seconds_codec(self.clip.rate)
        written: dict[str, Any] = {"audio_spans": self.region_set.written()}
        if self.region_set.has_transcript:
            written["transcript"] = self.region_set.transcript
        written["duration"] = seconds_of(clip.frames, clip.rate)
        written["sample_rate"] = clip.rate
        written["channels"] = clip.channels
        if clip.content:
            written["_sound_hash"] = clip.content
        written["_suggested"] = [codec.encode(one) for one in self.offered]
        return written

    def state(self) -> dict[str, Any]:
        """Regions, cursor, selection, track and open field as plain JSON values."""
        cursor, removed = self.cursor, self.region_set.removed()
        return RegionDraft(
            frames=self.clip.frames,
            rate=self.clip.rate,
            added=self.region_set.added(),
            removed=removed,
            cursor=cursor.here,
            focus=cursor.focus,
            mark_in=cursor.mark_in,
            selection=cursor.selection,
            auto_advance=cursor.auto_advance,
            last_label=self.edits.last_label,
            transcript=self.region_set.transcript,
            dismissed=self.placement.dismissed,
            withdrawn=self.placement.withdrawn_places(),
            touched=self.history.edited,
            auto_play=cursor.auto_play,
            typing=self.typing,
            offered=[PLAIN.encode(one) for one in self.placement.since()],
            track=(cursor.track.label, cursor.track.channel) if cursor.track else None,
            viewport=self.viewport,
            base=self.region_set.base,
            original=self.region_set.came([*removed, cursor.focus]),
            offered_before=len(self.placement.offered) - len(self.placement.since()),
            original_transcript=self.region_set.initial_transcript,
        ).encode()

    def restore(self, state: Mapping[str, Any], moved: Alignment = SAME) -> Restored:
        """Take up a draft again, as far as it fits the sound and what comes with it.

        Args:
            state: What `state` gave.
            moved: Of a text; a sound has none.

        Raises:
            ValueError: It is no draft of regions.
        """
        draft = RegionDraft.decode(state)
        rules = self.region_set
        found = fitted(
            draft, self.clip, rules.original, rules.base, rules.fresh_id, overlap=rules.overlap
        )
        regions = self.region_set.with_changes(found.added, found.removed)
        withdrawn = withdrawn_places(draft, len(self.placement.offered))
        self.placement.restore(found.offered, withdrawn, found.dismissed)
        self.region_set.adopt(regions)
        cursor, frame = self.cursor, found.frame
        cursor.frame = frame(draft.cursor)
        cursor.focus = found.focus
        cursor.auto_advance = draft.auto_advance
        cursor.mark_in = None if draft.mark_in is None else frame(draft.mark_in)
        start, end = draft.selection or (0, 0)
        cursor.selection = (frame(start), frame(end)) if frame(start) < frame(end) else None
        cursor.auto_play = draft.auto_play
        cursor.track = Track(*draft.track) if draft.track else None
        self.edits.last_label = draft.last_label
        if draft.original_transcript != draft.transcript:
            self.region_set.transcript = draft.transcript
        self.typing = draft.typing if found.focus or not draft.focus else None
        if draft.viewport is not None and (draft.frames, draft.rate) == (
            self.clip.frames,
            self.clip.rate,
        ):
            self.viewport = draft.viewport
        self.history.edited = draft.touched
        return found.restored

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take suggestions in, as far as there is room for them beside what was made by hand."""
        return Outcome() if self.placement.suggest(suggestions) else NOTHING

    def withdraw(self, source: str) -> Outcome:
        """Take out what a source suggested and nobody has looked at."""
        out = [one for one in self.regions if one.suggested and one.source == source]
        if not out:
            return NOTHING
        self.history.commit(self.regions.exchange(out, ()))
        self.placement.withdraw(source)
        return Outcome(True, f"removed {len(out)} suggestion{'s' * (len(out) != 1)} by {source}")

    @property
    def transcript(self) -> str:
        """What is said in the whole sound."""
        return self.region_set.transcript

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        self.cursor.heard, self.cursor.moved = None, False
        if command not in NUDGES:
            self.history.snapshots.end_run()
        found = self._do(command, argument)
        if found is not None:
            self.cursor.settle(found)
        return found

    def _do(self, command: str, argument: str | None) -> Outcome | None:
        match command:
            case "label":
                return self.edits.label(argument)
            case "mark_in":
                self.cursor.mark()
                return NOTHING
            case "mark_out":
                return self.edits.mark_out()
            case "extend":
                return self.edits.extend()
            case "start_earlier" | "start_later" | "end_earlier" | "end_later":
                return self.edits.nudge(command, argument)
            case "split":
                return self.edits.split()
            case "merge_next" | "merge_previous":
                return self.edits.merge(1 if command == "merge_next" else -1)
            case "delete":
                return self.edits.delete()
            case "next_span" | "previous_span":
                return self._steps.next_region(1 if command == "next_span" else -1)
            case "next_uncovered":
                return self._steps.next_uncovered()
            case "left_edge" | "right_edge":
                return self._steps.to_edge(1 if command == "right_edge" else -1)
            case "snap" | "snap_start" | "snap_end":
                return self.edits.snap(command)
            case "start_here" | "end_here":
                return self.edits.put_here(command)
            case "snap_zero":
                return self.edits.set_edges(self.edges.at_zero(argument))
            case "goto_time":
                return self._steps.to_time(float(argument or 0))
            case "search":
                return self._steps.to_text(argument or "")
            case "cycle":
                return self.cursor.cycle()
            case "lane_up" | "lane_down":
                return self.cursor.focus_track(1 if command == "lane_down" else -1)
            case "transcript":
                return self._transcribe(argument)
            case "whole_transcript":
                return self._transcribe_whole(argument)
            case "rename":
                return self._rename(argument)
            case "undo":
                return self.history.undo()
            case "redo":
                return self.history.redo()
            case "escape":
                self.cursor.drop_stretch()
                return NOTHING
        return None

    # ── texts and names ────────────────────────────────────────────────────

    def _transcribe(self, text: str | None) -> Outcome:
        region = self.cursor.active
        if region is None:
            return Outcome(message="no region here")
        self.typing = None
        untyped = (text or "") == (region.text or "")
        # As it came, to the last space, where nothing was typed; line breaks stay.
        text = region.text if untyped else (text or "").strip() or None
        if text == region.text and not region.suggested:
            return NOTHING
        self.history.commit(self.regions.exchange([region], [region.edited(text=text)]))
        self.cursor.focus = region.id
        return Outcome(True)

    def _transcribe_whole(self, text: str | None) -> Outcome:
        self.typing = None
        if (text or "") == self.transcript:
            return NOTHING
        self.history.commit(self.regions)
        self.region_set.transcript = (text or "").strip()
        return Outcome(True)

    def _rename(self, argument: str | None) -> Outcome:
        """Call a label, or a speaker, something else, wherever it stands in the task."""
        # A label that came with the data may hold any character; one that is typed has no tab.
        old, _, new = (argument or "").rpartition("\t")
        new = new.strip()
        if not old or not new or old == new:
            return NOTHING
        if old not in self.labels and (count := sum(one.speaker == old for one in self.regions)):
            self.history.commit(with_speaker(self.regions, old, new))
            where = f"{count} region{'s' * (count != 1)}"
            message = f"renamed speaker {old} to {new} in {where}"
            return Outcome(True, message, renamed_speaker=True)
        if self.region_set.is_unassigned(old):
            # Somebody spoke: only who is meant here gets the name.
            outcome = self.edits.relabel(new)
            if not outcome.edited or new in self.labels:
                return outcome
            self.add_label(new)
            return replace(outcome, added=new)
        return self._rename_label(old, new)

    def _rename_label(self, old: str, new: str) -> Outcome:
        count = self.counts().get(old, 0)
        if old not in self.labels and not count:
            return Outcome(message=f"{old} is not one of the labels")
        regions = with_label(self.regions, old, new)
        # A suggestion may bear a name that is not on offer any more.
        meet = any(one.label == new for one in self.regions) and not self.region_set.overlap
        self.history.commit(joined(regions, new) if meet else regions)
        if old in self.labels:
            place = self.labels.index(old)
            self.labels[place : place + 1] = [] if new in self.labels else [new]
        if self.edits.last_label == old:
            self.edits.last_label = new
        self.cursor.rename_track(old, new)
        where = "in one region" if count == 1 else f"in {count} regions"
        return Outcome(True, f"renamed {old} to {new} {where}", renamed=(old, new))
