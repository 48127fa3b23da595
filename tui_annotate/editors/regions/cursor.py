"""Where the annotator is in a sound: the lane, the region that is meant, and the ways about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import Any

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.regions.cover import Stretch, after
from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.editors.regions.state import RegionState
from tui_annotate.editors.regions.tracks import Lane, lanes_of

NEAR_SECONDS = 1.0
"""How long after a region has ended a key that is pressed while listening still means it."""


class RegionPlace(RegionState):
    """The regions of a task, and where the annotator is among them."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._moved = False
        self._lane: Lane | None = None
        self._lanes: tuple[Regions, tuple[Lane, ...]] | None = None
        self._borders: tuple[Regions, int, list[int]] | None = None

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """A lane for each label that is in use, by channel."""
        if self._lanes is None or self._lanes[0] is not self.regions:
            self._lanes = self.regions, lanes_of(self.regions, self.labels, self.by_channel)
        return self._lanes[1]

    @property
    def lane(self) -> int | None:
        """The place of the focused lane, from 0; None where all are meant alike."""
        if self._lane is None:
            return None
        lanes = self.lanes
        if self._lane in lanes:
            return lanes.index(self._lane)
        # The first region of a channel has given its lane a name, or the last one has gone.
        channels = [lane.channel for lane in lanes]
        channel = self._lane.channel
        return channels.index(channel) if channel is not None and channel in channels else None

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
        if self.lane is not None:
            lane = self.lanes[self.lane]
            found.sort(key=lambda one: not lane.holds(one))
        focus = self.regions.get(self._focus)
        if self.playhead is not None:
            near = round(NEAR_SECONDS * self.clip.rate)
            if focus is not None and (
                focus not in found
                if found
                else not focus.overlaps(self.playhead - near, self.playhead + near)
            ):
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
        self._led = ""

    def hold(self, region: Region) -> None:
        """Mean a region, whatever else comes to stand here: somebody is at work on it."""
        if self.playhead is not None or not region.holds(self.cursor):
            self.move_to(region.start)
            self.playhead = None
        self._pass(region)
        self._focus = region.id

    # ── going about

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
        lane = None if self.lane is None else self.lanes[self.lane]
        stop = next((one for one in found if lane is None or lane.holds(one)), None)
        round_again = stop is None and direction > 0
        if round_again:
            waiting = filter(self._waits, self.regions)
            stop = next((one for one in waiting if here is None or one.id != here.id), None)
        if stop is None:
            edited = here is not None and here.suggested
            return Outcome(edited, self._no_further(direction))
        self._go(stop.start, stop, (stop.start, stop.end))
        self._led = "next_span" if self._waits(stop) else ""
        says = "back to the first region to check" if round_again else None
        return Outcome(here is not None and here.suggested, says)

    def _no_further(self, direction: int) -> str:
        if not self.regions:
            return "no regions yet; , starts one"
        return f"no {'more regions' if direction > 0 else 'region before this'}"

    def _waits(self, region: Region) -> bool:
        """Whether a region wants a look, or a name."""
        return region.suggested or self.nameless(region.label)

    def _lead_on(self, led: str, gone: Region | None = None) -> None:
        """Go on to the next suggestion, or speech without a region, that wants a decision.

        Args:
            led: What had led to the one that is decided.
            gone: It, where it is no more.
        """
        here = gone if gone is not None else self.regions.get(self._focus)
        frame = self.here if here is None else here.start
        if led == "next_uncovered":
            found = next(after(self.uncovered(), frame), None)
            if found is not None:
                self._go_uncovered(found)
            return
        after_it = (one for one in self.regions.from_(frame) if here is None or one.id != here.id)
        stop = next(filter(self._waits, after_it), None)
        if stop is not None:
            self._go(stop.start, stop, (stop.start, stop.end))
            self._led = "next_span"

    def _next_uncovered(self) -> Outcome:
        left = self.uncovered()
        frame = self.selection[0] if self.selection is not None else self.here - 1
        found = next(after(left, frame), None)
        if found is None:
            if left:
                return Outcome(message=f"no uncovered speech after this; {len(left)} before")
            unseen = self.unseen()
            tail = f"; {unseen} suggestion{'s' * (unseen != 1)} unchecked (tab)" if unseen else ""
            known = bool(self.speech.stretches)
            says = "all speech is covered" if known else "no speech found yet"
            return Outcome(message=says + tail)
        self._go_uncovered(found)
        return NOTHING

    def _go_uncovered(self, stretch: Stretch) -> None:
        self._go(stretch[0], None, stretch)
        self.selection = stretch
        self._led = "next_uncovered"

    def _to_edge(self, direction: int) -> Outcome:
        edges = self._all_edges()
        here = self.here
        place = bisect_right(edges, here) if direction > 0 else bisect_left(edges, here) - 1
        if not 0 <= place < len(edges):
            return Outcome(message="no more edges")
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
            return Outcome(message="no lanes yet")
        place = -1 if self.lane is None else self.lane
        place = min(max(place + by, -1), len(lanes) - 1)
        self._lane = None if place < 0 else lanes[place]
        self._focus = None
        if self._lane is None:
            return Outcome(message="all lanes")
        return Outcome(message=f"lane {self._lane.name}")

    # ── drafts

    def state(self) -> dict[str, Any]:
        """Regions, cursor, selection, lane and open field as plain JSON values."""
        lane = self._lane
        return {**super().state(), "lane": [lane.label, lane.channel] if lane else None}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a draft again."""
        super().restore(state)
        lane = state["lane"]
        self._lane = Lane(lane[0], lane[1]) if lane else None
