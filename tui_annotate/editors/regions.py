"""The editor of regions: what is in a sound, who speaks when, what is said."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from tui_annotate.editors.cover import Stretch, after
from tui_annotate.editors.editor import NOTHING, Outcome
from tui_annotate.editors.lanes import Lane, lanes_of
from tui_annotate.editors.region import Region, Regions
from tui_annotate.editors.regionstate import RegionState
from tui_annotate.editors.room import divided_text, fit, joined_text, stretches
from tui_annotate.editors.speech import nearest

NEAR_SECONDS = 1.0
"""How long after a region has ended a key that is pressed while listening still means it."""

SNAP_SECONDS = 0.5
"""How far an edge snaps."""

EDGE_SECONDS = 0.6
"""How much of a region is heard when an edge of it was moved."""

NEW_SPEAKER = "SPEAKER_"


class RegionEditor(RegionState):
    """Marks regions in a sound, and says what they are.

    Regions of one label and channel do not overlap, unless that is allowed: a new one is cut
    where another begins or ends, becomes one with those that lie in it, and is refused where
    there is no room at all.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._lane: Lane | None = None
        self._lanes: tuple[Regions, tuple[Lane, ...]] | None = None
        self._borders: tuple[Regions, int, list[int]] | None = None

    # ── where one is ───────────────────────────────────────────────────────

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """A lane for each label that is in use, by channel."""
        if self._lanes is None or self._lanes[0] is not self.regions:
            self._lanes = self.regions, lanes_of(self.regions, self.labels, self.by_channel)
        return self._lanes[1]

    @property
    def lane(self) -> int | None:
        """The place of the focused lane, from 0; None where all are meant alike."""
        return self.lanes.index(self._lane) if self._lane in self.lanes else None

    @property
    def channel(self) -> int | None:
        """The channel that a new region is about."""
        return self._lane.channel if self._lane is not None else None

    def candidates(self) -> list[Region]:
        """The regions that commands could mean here, the one that they do mean first.

        Those under the cursor, or the playhead; while something plays also the one that ended
        less than a second ago.
        """
        found = self.regions.at(self.here)
        found.sort(key=lambda one: (one.frames, -one.start, one.label))
        if self._lane is not None:
            lane = self._lane
            found.sort(key=lambda one: not lane.holds(one))
        focus = self.regions.get(self._focus)
        if self.playhead is not None:
            near = round(NEAR_SECONDS * self.clip.rate)
            if focus is not None and focus not in found and not focus.overlaps(
                self.playhead - near, self.playhead + near
            ):  # fmt: skip
                focus = None
            if not found and focus is None:
                last = self.regions.ended(self.playhead)
                found = [last] if last is not None and self.playhead - last.end < near else []
        if focus is not None:
            found = [focus, *(one for one in found if one.id != focus.id)]
        return found

    @property
    def active(self) -> Region | None:
        """The region that every command acts on."""
        found = self.candidates()
        return found[0] if found else None

    def move_to(self, frame: int) -> None:
        """Go to a frame."""
        self.cursor = min(max(frame, 0), self.clip.frames)
        focus = self.regions.get(self._focus)
        if focus is not None and not focus.holds(self.cursor):
            self._focus = None
        self._led = False

    def edge_near(self, frame: int) -> int | None:
        """The edge of speech nearest to a frame, if there is one near."""
        return nearest(self.edges, frame, round(SNAP_SECONDS * self.clip.rate))

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        self.heard = None
        if command not in _NUDGES:
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
        return replace(outcome, message=outcome.message or f"{added}: E names them", added=added)

    def _stretch(self) -> Stretch | None:
        """What is marked or selected."""
        if self.mark_in is not None:
            start, end = sorted((self.mark_in, min(max(self.here, 0), self.clip.frames)))
            return start, end
        return self.selection

    def _make(self, stretch: Stretch, label: str, says: str | None = None) -> Outcome:
        start, end = stretch
        if end - start < self.least:
            return Outcome(message="that is too short; go on to where it ends")
        made = Region(start, end, label, self._names.fresh(), channel=self.channel)
        outcome = self._put(made, (), says)
        if outcome.edited:
            led = self._led and self.selection is not None
            self.mark_in = self.selection = None
            self.last_label = label
            self._focus = made.id
            self._led = False
            if led:
                self._lead_on()
        return outcome

    def _relabel(self, label: str) -> Outcome:
        region = self.active
        if region is None:
            return Outcome(message="there is no region here; , marks where one begins")
        led = self._led and region.suggested
        if region.label == label:
            if not region.suggested:
                return Outcome(message=f"this is {label} already")
            outcome = self._put(region.edited(), [region])
        else:
            outcome = self._put(region.edited(label=label), [region])
        if outcome.edited:
            self.last_label = label
            self._focus = region.id
            if led:
                self._lead_on()
        return outcome

    def _put(self, made: Region, out: Iterable[Region], says: str | None = None,
             running: tuple[str, ...] | None = None) -> Outcome:  # fmt: skip
        """Put a region where there is room for it, in the place of others."""
        out = list(out)
        gone = {one.id for one in out}
        joined = 0
        into: list[Region] = []
        if not self.overlap:
            fitted = fit(made, self.regions, self.least, gone)
            there = fitted.refused
            if there is not None:
                where = self._clock(there.start, there.end)
                return Outcome(message=f"{there.label or 'a region'} is there already, {where}")
            made, joined = fitted.region, fitted.joined
            out += fitted.out
            into = [self._named(one) for one in fitted.into]
        self._commit(self.regions.exchange(out, [made, *into]), running)
        if joined:
            says = f"{joined + 1} regions of {made.label} are one now; u takes it back"
        return Outcome(True, says)

    def _named(self, region: Region) -> Region:
        return region if region.id else replace(region, id=self._names.fresh())

    def _clock(self, start: int, end: int) -> str:
        rate = self.clip.rate
        return f"{start / rate:.3f}–{end / rate:.3f} s"

    def _new_speaker(self) -> str:
        number = 1
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
            return Outcome(message="the start comes first: , marks it")
        if stretch[1] - stretch[0] < self.least:
            return Outcome(message="that is too short; go on to where it ends")
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
        last = self.regions.ended(here)
        start = 0 if last is None else last.end
        label = self.last_label or (last.label if last is not None and last.label else None)
        if self._lane is not None and self._lane.label:
            label = self._lane.label
        if label is None or self.nameless(label):
            label = self.labels[0] if self.labels else None
        if label is None:
            return Outcome(message="there is no label yet")
        if here - start < self.least:
            return Outcome(message="go on to where the region ends")
        return self._make((start, here), label)

    # ── changing regions ───────────────────────────────────────────────────

    def _nudge(self, command: str, argument: str | None) -> Outcome:
        """Move an edge of the region, or of the selection, by 10 ms, or so many times as much."""
        try:
            times = max(int(argument or 1), 1)
        except ValueError:
            times = 1
        by = round(0.01 * self.clip.rate * times) or 1
        at_start = command.startswith("start")
        by = -by if command.endswith("earlier") else by
        stretch, region = self.selection, None
        if stretch is None:
            region = self.active
            if region is None:
                return Outcome(message="there is no region here")
            stretch = region.start, region.end
        start, end = stretch
        low, high = (0, self.clip.frames) if region is None else self._free(region)
        if at_start:
            start = min(max(start + by, min(low, start)), end - self.least)
        else:
            end = max(min(end + by, max(high, end)), start + self.least)
        if (start, end) == stretch or end - start < min(self.least, stretch[1] - stretch[0]):
            return Outcome(message="this edge cannot be moved further")
        outcome = self._bounds(region, start, end, (command, region.id) if region else None)
        if outcome is not NOTHING and not outcome.edited:
            return outcome
        some = round(EDGE_SECONDS * self.clip.rate)
        self.heard = (start, min(start + some, end)) if at_start else (max(end - some, start), end)
        return outcome

    def _free(self, region: Region) -> Stretch:
        """How far the edges of a region may go without crossing another one of its lane."""
        low, high = 0, self.clip.frames
        if self.overlap:
            return low, high
        for other in self.regions.until(region.start):
            if other.lane == region.lane and not other.suggested and other.end <= region.start:
                low = other.end
                break
        for other in self.regions.from_(region.end):
            if other.lane == region.lane and not other.suggested:
                high = other.start
                break
        return low, high

    def _bounds(
        self, region: Region | None, start: int, end: int, running: tuple[str, ...] | None = None
    ) -> Outcome:
        """Give the region, or the selection, other edges."""
        if region is None:
            self.selection = start, end
            return NOTHING
        outcome = self._put(region.edited(start=start, end=end), [region], running=running)
        if outcome.edited:
            self._focus = region.id
            if not start <= self.cursor < end and self.playhead is None:
                self.cursor = min(max(self.cursor, start), end - 1)
        return outcome

    def _split(self) -> Outcome:
        here = self.here
        holding = [one for one in self.candidates() if one.start < here < one.end]
        if not holding:
            return Outcome(message="go to where the region is to be cut in two")
        region = holding[0]
        if here - region.start < self.least or region.end - here < self.least:
            return Outcome(message="that would leave too little of it")
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
            return Outcome(message="there is no region here")
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
            return Outcome(message=f"there is no region of {region.label} {side} this one")
        made = region.edited(
            start=min(region.start, other.start),
            end=max(region.end, other.end),
            text=joined_text([region, other]),
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
            return Outcome(message="there is no region here")
        led = self._led and region.suggested
        self._commit(self.regions.exchange([region], ()))
        if region.source is not None:
            self._dismissed = (*self._dismissed, (region.start, region.end, region.label))
        self._focus = None
        if led:
            self._lead_on(region)
        return Outcome(True)

    def _snap(self) -> Outcome:
        """Move both edges to the nearest edge of speech, or of a neighbour."""
        region = self.active if self.selection is None else None
        stretch = self.selection if region is None else (region.start, region.end)
        if stretch is None:
            return Outcome(message="there is no region here")
        within = round(SNAP_SECONDS * self.clip.rate)
        start, end = stretch
        around = self.regions.overlapping(start - within, end + within + 1)
        others = [one for one in around if region is None or one.id != region.id]
        edges = {*self._edges_around(start, within), *self._edges_around(end, within)}
        edges.update(edge for one in others for edge in (one.start, one.end))
        found = sorted(edges)
        new_start = nearest(found, start, within)
        new_end = nearest(found, end, within)
        start = start if new_start is None else new_start
        end = end if new_end is None else new_end
        if (start, end) == stretch:
            return Outcome(message="there is nothing nearer to snap to")
        if end - start < self.least:
            return Outcome(message="both edges would be one")
        outcome = self._bounds(region, start, end)
        self.heard = start, end
        return outcome

    def _edges_around(self, frame: int, within: int) -> list[int]:
        first = bisect_left(self.edges, frame - within)
        return self.edges[first : bisect_right(self.edges, frame + within)]

    def _snap_zero(self, argument: str | None) -> Outcome:
        """Move the edges to where the sound crosses zero: a frame, or one for either edge."""
        region = self.active if self.selection is None else None
        stretch = self.selection if region is None else (region.start, region.end)
        if stretch is None:
            return Outcome(message="there is no region here")
        frames = [int(part) for part in (argument or "").split() if part.lstrip("-").isdigit()]
        if not frames:
            return Outcome(message="the samples are not at hand yet")
        start, end = stretch
        if len(frames) > 1:
            start, end = frames[:2]
        elif abs(frames[0] - start) <= abs(frames[0] - end):
            start = frames[0]
        else:
            end = frames[0]
        start, end = max(start, 0), min(end, self.clip.frames)
        if (start, end) == stretch:
            return Outcome(message="both edges are at a zero crossing")
        if end - start < self.least:
            return Outcome(message="both edges would be one")
        return self._bounds(region, start, end)

    # ── texts and names ────────────────────────────────────────────────────

    def _transcript(self, text: str | None) -> Outcome:
        region = self.active
        if region is None:
            return Outcome(message="there is no region here")
        text = " ".join((text or "").split("\n")).strip()
        self.typing = None
        if text == (region.text or "") and not region.suggested:
            return NOTHING
        made = region.edited(text=text or None)
        self._commit(self.regions.exchange([region], [made]))
        self._focus = region.id
        return Outcome(True)

    def _whole_transcript(self, text: str | None) -> Outcome:
        self.typing = None
        text = (text or "").strip()
        if text == self.transcript:
            return NOTHING
        self._commit(self.regions)
        self.transcript = text
        return Outcome(True)

    def _rename(self, argument: str | None) -> Outcome:
        """Call a label, or a speaker, something else, wherever it stands in the task."""
        old, _, new = (part.strip() for part in (argument or "").partition("\t"))
        if not old or not new or old == new:
            return NOTHING
        if old not in self.labels and any(one.speaker == old for one in self.regions):
            out = [one for one in self.regions if one.speaker == old]
            self._commit(self.regions.exchange(out, [replace(one, speaker=new) for one in out]))
            return Outcome(True, f"{old} is {new} in {len(out)} regions")
        out = [one for one in self.regions if one.label == old]
        if old not in self.labels and not out:
            return Outcome(message=f"{old} is not one of the labels")
        known = new in self.labels
        regions = self.regions.exchange(out, [replace(one, label=new) for one in out])
        self._commit(self._joined(regions, new) if known and not self.overlap else regions)
        if old in self.labels:
            place = self.labels.index(old)
            self.labels[place : place + 1] = [] if known else [new]
        self.last_label = new if self.last_label == old else self.last_label
        if self._lane is not None and self._lane.label == old:
            self._lane = replace(self._lane, label=new)
        self._lanes = None
        return Outcome(True, f"{old} is {new} in {len(out)} regions", renamed=(old, new))

    def _joined(self, regions: Regions, label: str) -> Regions:
        """Regions of which those of a label that overlap are one."""
        out: list[Region] = []
        into: list[Region] = []
        last: dict[int | None, Region] = {}
        for region in regions:
            if region.label != label:
                continue
            before = last.get(region.channel)
            if before is None or region.start >= before.end:
                last[region.channel] = region
                continue
            out += [region, *([before] if before not in into else [])]
            into = [one for one in into if one is not before]
            text = joined_text([before, region])
            last[region.channel] = before.edited(end=max(before.end, region.end), text=text)
            into.append(last[region.channel])
        return regions.exchange(out, into) if out else regions

    # ── going about ────────────────────────────────────────────────────────

    def _go(self, frame: int, focus: Region | None, stretch: Stretch) -> None:
        self.cursor = frame
        self._moved = True
        self._focus = None if focus is None else focus.id
        self.mark_in = self.selection = None
        if self.auto_play:
            self.heard = stretch

    def _pass(self, region: Region | None) -> None:
        """What one goes on from has been looked at."""
        if region is not None and region.suggested:
            self.regions = self.regions.exchange([region], [region.seen()])
            self._touched = True

    def _next(self, direction: int) -> Outcome:
        """Go to the next region; what one leaves has been looked at."""
        here = self.active if self.selection is None else None
        if here is None:
            frame = self.selection[0] if self.selection is not None else self.here
            found = self.regions.from_(frame) if direction > 0 else self.regions.until(frame)
        else:
            self._pass(here)
            place = self.regions.place(self.regions.get(here.id) or here)
            items = self.regions.items
            found = iter(items[place + 1 :] if direction > 0 else items[:place][::-1])
        lane = self._lane if self._lane in self.lanes else None
        stop = next((one for one in found if lane is None or lane.holds(one)), None)
        if stop is None:
            side = "after" if direction > 0 else "before"
            edited = here is not None and here.suggested
            return Outcome(edited, f"there is no region {side} this one" if self.regions else
                           "there are no regions yet; , marks where one begins")  # fmt: skip
        self._go(stop.start, stop, (stop.start, stop.end))
        self._led = True
        return Outcome(here is not None and here.suggested)

    def _lead_on(self, gone: Region | None = None) -> None:
        """Go on to the next suggestion, or speech without a region, that wants a decision."""
        here = gone if gone is not None else self.regions.get(self._focus)
        frame = self.here if here is None else here.start
        after_it = (one for one in self.regions.from_(frame) if here is None or one.id != here.id)
        stop = next((one for one in after_it if one.suggested), None)
        if stop is not None:
            self._go(stop.start, stop, (stop.start, stop.end))
            self._led = True

    def _next_uncovered(self) -> Outcome:
        left = self.uncovered()
        frame = self.selection[0] if self.selection is not None else self.here - 1
        found = next(after(left, frame), None)
        if found is None:
            if left:
                return Outcome(message=f"no speech without a region after this; {len(left)} before")
            unseen = self.unseen()
            tail = f"; {unseen} suggestions are not looked at: tab" if unseen else ""
            known = bool(self.speech.stretches)
            says = "every speech has a region" if known else "no speech was found so far"
            return Outcome(message=says + tail)
        self._go(found[0], None, found)
        self.selection = found
        self._led = True
        return NOTHING

    def _to_edge(self, direction: int) -> Outcome:
        edges = self._all_edges()
        here = self.here
        place = bisect_right(edges, here) if direction > 0 else bisect_left(edges, here) - 1
        if not 0 <= place < len(edges):
            return Outcome(message="there is no further edge")
        mark, selection = self.mark_in, self.selection
        self.move_to(edges[place])
        self.mark_in, self.selection = mark, selection
        self._moved = True
        return NOTHING

    def _all_edges(self) -> list[int]:
        """The edges of speech and of regions, and the ends of the sound."""
        known = len(self.speech.edges)
        held = self._borders
        if held is None or held[0] is not self.regions or held[1] != known:
            edges = {0, self.clip.frames, *self.speech.edges}
            for region in self.regions:
                edges.add(region.start)
                edges.add(region.end)
            held = self._borders = self.regions, known, sorted(edges)
        return held[2]

    def _cycle(self) -> Outcome:
        found = self.candidates()
        if len(found) < 2:
            return Outcome(message="only one region here" if found else "no region here")
        order = sorted(found, key=lambda one: (one.frames, -one.start, one.label))
        place = order.index(found[0])
        self._focus = order[(place + 1) % len(order)].id
        return NOTHING

    def _focus_lane(self, by: int) -> Outcome:
        """Mean the lane above or below; before the first one, all of them."""
        lanes = self.lanes
        if not lanes:
            return Outcome(message="there are no lanes yet")
        place = -1 if self.lane is None else self.lane
        place = min(max(place + by, -1), len(lanes) - 1)
        self._lane = None if place < 0 else lanes[place]
        self._focus = None
        if self._lane is None:
            return Outcome(message="all lanes")
        return Outcome(message=f"lane {self._lane.name}")

    # ── drafts ─────────────────────────────────────────────────────────────

    def state(self) -> dict[str, Any]:
        """Regions, cursor, selection, lane and open field as plain JSON values."""
        lane = self._lane
        return {**super().state(), "lane": [lane.label, lane.channel] if lane else None}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a draft again."""
        super().restore(state)
        lane = state["lane"]
        self._lane = Lane(lane[0], lane[1]) if lane else None


_NUDGES = frozenset({"start_earlier", "start_later", "end_earlier", "end_later"})

__all__ = ["RegionEditor", "stretches"]
