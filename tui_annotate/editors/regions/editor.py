"""The editor of regions: what is in a sound, who speaks when, what is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.regions.cover import Stretch
from tui_annotate.editors.regions.edges import NUDGES, RegionEdges
from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.editors.regions.renaming import joined
from tui_annotate.editors.regions.room import divided_text, joined_text

NEW_SPEAKER = "SPEAKER_"


class RegionEditor(RegionEdges):
    """Marks regions in a sound, and says what they are.

    Regions of one label and channel do not overlap, unless that is allowed: a new one is cut
    where another begins or ends, becomes one with those that lie in it, and is refused where
    there is no room at all.
    """

    _evidence: tuple[Regions, Sequence[tuple[int, int, str]]] | None = None

    @property
    def evidence(self) -> Sequence[tuple[int, int, str]] | None:
        """Who was named to speak where; None where nobody is to be told apart."""
        if self.mode != "speakers":
            return None
        if self._evidence is None or self._evidence[0] is not self.regions:
            named = [
                (one.start, one.end, one.label)
                for one in self.regions
                if not one.suggested and not self.nameless(one.label)
            ]
            self._evidence = self.regions, named
        return self._evidence[1]

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        self.heard = None
        if command not in NUDGES:
            self._running = None
        found = self._do(command, argument)
        if found is not None and self.playhead is not None:
            self._settle(found)
        return found

    def _settle(self, outcome: Outcome) -> None:
        """The cursor comes along with what is heard, unless the command has moved it."""
        if outcome.edited and self.playhead is not None and not self._moved:
            self.cursor = min(max(self.playhead, 0), self.clip.frames)

    def _do(self, command: str, argument: str | None) -> Outcome | None:
        self._moved = False
        match command:
            case "label":
                return self.label(argument)
            case "mark_in":
                return self._mark_in()
            case "mark_out":
                return self._mark_out()
            case "extend":
                return self._extend()
            case "start_earlier" | "start_later" | "end_earlier" | "end_later":
                return self._nudge(command, argument)
            case "split":
                return self._split()
            case "merge_next":
                return self._merge(1)
            case "merge_previous":
                return self._merge(-1)
            case "delete":
                return self._delete()
            case "next_span":
                return self._next(1)
            case "previous_span":
                return self._next(-1)
            case "next_uncovered":
                return self._next_uncovered()
            case "left_edge":
                return self._to_edge(-1)
            case "right_edge":
                return self._to_edge(1)
            case "snap":
                return self._snap()
            case "snap_zero":
                return self._snap_zero(argument)
            case "cycle":
                return self._cycle()
            case "lane_up":
                return self._focus_lane(-1)
            case "lane_down":
                return self._focus_lane(1)
            case "transcript":
                return self._transcript(argument)
            case "whole_transcript":
                return self._whole_transcript(argument)
            case "rename":
                return self._rename(argument)
            case "undo":
                return self._travel(self._history.undo(self._snapshot()), "nothing to undo")
            case "redo":
                return self._travel(self._history.redo(self._snapshot()), "nothing to redo")
            case "escape":
                self.mark_in = self.selection = None
                return NOTHING
        return None

    # ── making regions ─────────────────────────────────────────────────────

    def label(self, label: str | None) -> Outcome:
        """Label the stretch that is marked or selected, else the region that is meant.

        Args:
            label: The label; None for a key that has none, which in the mode of speakers is a
                speaker who was not heard before.
        """
        added = None
        if label is None:
            if self.mode != "speakers":
                return Outcome(message="no label has this key")
            label = added = self._new_speaker()
        stretch = self._stretch()
        outcome = self._make(stretch, label) if stretch is not None else self._relabel(label)
        if added is None or not outcome.edited:
            return outcome
        self.add_label(added)
        return replace(
            outcome, message=outcome.message or f"new speaker {added}; E to rename", added=added
        )

    def _stretch(self) -> Stretch | None:
        """What is marked or selected."""
        if self.mark_in is not None:
            start, end = sorted((self.mark_in, min(max(self.here, 0), self.clip.frames)))
            return start, end
        return self.selection

    def _make(self, stretch: Stretch, label: str, says: str | None = None) -> Outcome:
        start, end = stretch
        if end - start < self.least:
            return Outcome(message="too short; move to where the region ends")
        made = Region(start, end, label, self._names.fresh(), channel=self.channel)
        outcome = self._put(made, (), says)
        if outcome.edited:
            led = self._led if self.selection is not None else ""
            self.mark_in = self.selection = None
            self.last_label = label
            self._focus = made.id
            self._led = ""
            if led:
                self._lead_on(led)
        return outcome

    def _relabel(self, label: str) -> Outcome:
        region = self.active
        if region is None:
            return Outcome(message="no region here; , starts one")
        led, self._led = self._led, ""
        if region.label == label:
            if not region.suggested:
                if led:
                    self._focus = region.id
                    self._lead_on(led)
                    return NOTHING
                return Outcome(message=f"this is already {label}")
            outcome = self._put(region.edited(), [region])
        else:
            outcome = self._put(region.edited(label=label), [region])
        if outcome.edited:
            self.last_label = label
            self._focus = region.id
            if led:
                self._lead_on(led)
        return outcome

    def _new_speaker(self) -> str:
        # The number is that of the key which they get.
        number = len(self.labels) + 1
        while (name := f"{NEW_SPEAKER}{number}") in self.labels:
            number += 1
        return name

    def _mark_in(self) -> Outcome:
        self.mark_in = min(max(self.here, 0), self.clip.frames)
        self.selection = None
        self._moved = True
        self.cursor = self.mark_in
        self._focus = None
        return NOTHING

    def _mark_out(self) -> Outcome:
        stretch = self._stretch()
        if stretch is None:
            return Outcome(message="mark the start first with ,")
        if stretch[1] - stretch[0] < self.least:
            return Outcome(message="too short; move to where the region ends")
        lane = self._lane.label if self._lane is not None else None
        only = self.labels[0] if len(self.labels) == 1 else None
        if (label := lane or only) is not None:
            return self._make(stretch, label)
        self.mark_in, self.selection = None, stretch
        return Outcome(message="which label?")

    def _extend(self) -> Outcome:
        here = min(max(self.here, 0), self.clip.frames)
        if self._stretch() is not None:
            return self._mark_out()
        seen = Regions(one for one in self.regions.until(here) if not one.suggested)
        last = seen.ended(here) or self.regions.ended(here)
        start = 0 if last is None else last.end
        label = self.last_label or (last.label if last is not None and last.label else None)
        if self._lane is not None and self._lane.label:
            label = self._lane.label
        if label is None or self.nameless(label):
            label = self.labels[0] if self.labels else None
        if label is None:
            return Outcome(message="no label yet")
        if here - start < self.least:
            return Outcome(message="move to where the region ends")
        return self._make((start, here), label)

    # ── changing regions ───────────────────────────────────────────────────

    def _split(self) -> Outcome:
        here = self.here
        holding = [one for one in self.candidates() if one.start < here < one.end]
        if not holding:
            return Outcome(message="move to where you want to split the region")
        region = holding[0]
        if here - region.start < self.least or region.end - here < self.least:
            return Outcome(message="a part would be too short")
        first_text, second_text = divided_text(region.text, (here - region.start) / region.frames)
        first = region.edited(end=here, text=first_text)
        second = region.edited(start=here, text=second_text, id=self._names.fresh())
        self._commit(self.regions.exchange([region], [first, second]))
        self._focus = second.id
        self.cursor, self._moved = here, True
        return Outcome(True)

    def _merge(self, direction: int) -> Outcome:
        region = self.active
        if region is None:
            return Outcome(message="no region here")
        place = self.regions.place(region)
        others = self.regions.items[place + 1 :] if direction > 0 else self.regions.items[:place]
        ordered = others if direction > 0 else reversed(others)
        other = next(
            (
                one
                for one in ordered
                if one.channel == region.channel
                and (one.label == region.label or self.nameless(one.label))
            ),
            None,
        )
        if other is None:
            side = "after" if direction > 0 else "before"
            return Outcome(message=f"no {region.label} region {side} this")
        made = region.edited(
            start=min(region.start, other.start),
            end=max(region.end, other.end),
            text=joined_text([region, other]),
            speaker=region.speaker or other.speaker,
        )
        outcome = self._put(made, [region, other])
        if outcome.edited:
            self._focus = region.id
        return outcome

    def _delete(self) -> Outcome:
        if self._stretch() is not None:
            self.mark_in = self.selection = None
            return NOTHING
        region = self.active
        if region is None:
            return Outcome(message="no region here")
        led = self._led
        self._commit(self.regions.exchange([region], ()))
        if region.source is not None:
            self._dismissed = (*self._dismissed, (region.start, region.end, region.label))
        self._focus = None
        if led:
            self._lead_on(led, region)
        return Outcome(True)

    # ── texts and names ────────────────────────────────────────────────────

    def _transcript(self, text: str | None) -> Outcome:
        region = self.active
        if region is None:
            return Outcome(message="no region here")
        self.typing = None
        if (text or "") == (region.text or ""):
            # As it came, to the last space: nothing was typed.
            text = region.text
        else:
            text = " ".join((text or "").split("\n")).strip() or None
        if text == region.text and not region.suggested:
            return NOTHING
        made = region.edited(text=text)
        self._commit(self.regions.exchange([region], [made]))
        self._focus = region.id
        return Outcome(True)

    def _whole_transcript(self, text: str | None) -> Outcome:
        self.typing = None
        if (text or "") == self.transcript:
            return NOTHING
        text = (text or "").strip()
        self._commit(self.regions)
        self.transcript = text
        return Outcome(True)

    def _rename(self, argument: str | None) -> Outcome:
        """Call a label, or a speaker, something else, wherever it stands in the task."""
        # A label that came with the data may hold any character; one that is typed has no tab.
        old, _, new = (argument or "").rpartition("\t")
        new = new.strip()
        if not old or not new or old == new:
            return NOTHING
        if old not in self.labels and any(one.speaker == old for one in self.regions):
            out = [one for one in self.regions if one.speaker == old]
            self._commit(self.regions.exchange(out, [one.but(speaker=new) for one in out]))
            return Outcome(
                True, f"renamed speaker {old} to {new} in {len(out)} region{'s' * (len(out) != 1)}"
            )
        if self.nameless(old):
            # Somebody spoke: only who is meant here gets the name.
            outcome = self._relabel(new)
            if not outcome.edited or new in self.labels:
                return outcome
            self.add_label(new)
            return replace(outcome, added=new)
        out = [one for one in self.regions if one.label == old]
        if old not in self.labels and not out:
            return Outcome(message=f"{old} is not one of the labels")
        known = new in self.labels
        regions = self.regions.exchange(out, [one.but(label=new) for one in out])
        # A suggestion may bear a name that is not on offer any more.
        meet = any(one.label == new for one in self.regions) and not self.overlap
        self._commit(joined(regions, new) if meet else regions)
        if old in self.labels:
            place = self.labels.index(old)
            self.labels[place : place + 1] = [] if known else [new]
        self.last_label = new if self.last_label == old else self.last_label
        if self._lane is not None and self._lane.label == old:
            self._lane = replace(self._lane, label=new)
        self._lanes = None
        where = "in one region" if len(out) == 1 else f"in {len(out)} regions"
        return Outcome(True, f"renamed {old} to {new} {where}", renamed=(old, new))
