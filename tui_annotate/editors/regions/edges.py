"""The edges of regions: moved by little steps, and to where something begins or ends."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.regions.cover import Stretch
from tui_annotate.editors.regions.cursor import NEAR_SECONDS, RegionPlace
from tui_annotate.editors.regions.region import Region
from tui_annotate.editors.regions.room import fit
from tui_annotate.editors.regions.speech import nearest

SNAP_SECONDS = 0.5
"""How far an edge snaps."""

EDGE_SECONDS = 0.6
"""How much of a region is heard when an edge of it was moved."""

NUDGES = frozenset({"start_earlier", "start_later", "end_earlier", "end_later"})


class RegionEdges(RegionPlace):
    """Regions whose edges can be moved."""

    def _put(self, made: Region, out: Iterable[Region], says: str | None = None,
             running: tuple[str, ...] | None = None) -> Outcome:  # fmt: skip
        """Put a region where there is room for it, in the place of others."""
        out = list(out)
        gone = {one.id for one in out}
        for one in out:
            if one.lane == made.lane:
                # What overlapped it when it came still may.
                over = self.regions.overlapping(one.start, one.end)
                gone.update(other.id for other in over if not other.suggested)
        joined = 0
        into: list[Region] = []
        if not self.overlap:
            fitted = fit(made, self.regions, self.least, self._rest, gone, self._yields)
            there = fitted.refused
            if there is not None:
                where = self._clock(there.start, there.end)
                return Outcome(message=f"there is already {there.label or 'a region'}, {where}")
            made, joined = fitted.region, fitted.joined
            out += fitted.out
            into = [self._named(one) for one in fitted.into]
        self._commit(self.regions.exchange(out, [made, *into]), running)
        if joined:
            says = f"joined {joined + 1} regions of {made.label}; u undoes"
        return Outcome(True, says)

    def _yields(self, region: Region) -> bool:
        """Whether a suggestion only says that somebody speaks, and is in the way of who does."""
        return self.nameless(region.label)

    @property
    def adjusted(self) -> Region | None:
        """The region whose edges are moved.

        While something plays it is the one that was made or changed last, as long as that
        is near: by then what is heard may be the next one.
        """
        focus = self.regions.get(self._focus)
        if self.playhead is None or focus is None or focus.suggested:
            return self.active
        near = round(NEAR_SECONDS * self.clip.rate)
        is_near = focus.overlaps(self.playhead - near, self.playhead + near)
        return focus if is_near else self.active

    @property
    def adjusted_stretch(self) -> Stretch | None:
        """What edges are moved of: the selection, else the region."""
        if self.selection is not None:
            return self.selection
        region = self.adjusted
        return None if region is None else (region.start, region.end)

    @property
    def adjusted_channel(self) -> int | None:
        """The channel that edges are moved in; None for all of the sound."""
        region = self.adjusted if self.selection is None else None
        channel = self.channel if region is None else region.channel
        return self.clip.channel if channel is None else channel

    def _named(self, region: Region) -> Region:
        return region if region.id else region.but(id=self._names.fresh())

    def _clock(self, start: int, end: int) -> str:
        rate = self.clip.rate
        return f"{start / rate:.3f}–{end / rate:.3f} s"

    def _nudge(self, command: str, argument: str | None) -> Outcome:
        """Move an edge of the region, or of the selection, by 10 ms, or so many times as much."""
        try:
            times = max(int(argument or 1), 1)
        except ValueError:
            times = 1
        by = round(0.01 * self.clip.rate * times) or 1
        at_start = command.startswith("start")
        by = -by if command.endswith("earlier") else by
        region = self.adjusted if self.selection is None else None
        stretch = self.adjusted_stretch
        if stretch is None:
            return Outcome(message="no region here")
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

    def _snap(self) -> Outcome:
        """Move both edges to the nearest edge of speech, or of a neighbour."""
        region = self.adjusted if self.selection is None else None
        stretch = self.adjusted_stretch
        if stretch is None:
            return Outcome(message="no region here")
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
            return Outcome(message="nothing closer to snap to")
        if end - start < self.least:
            return Outcome(message="region would be empty")
        outcome = self._bounds(region, start, end)
        self.heard = start, end
        return outcome

    def _edges_around(self, frame: int, within: int) -> list[int]:
        first = bisect_left(self.edges, frame - within)
        return self.edges[first : bisect_right(self.edges, frame + within)]

    def _snap_zero(self, argument: str | None) -> Outcome:
        """Move the edges to where the sound crosses zero: a frame, or one for either edge."""
        region = self.adjusted if self.selection is None else None
        stretch = self.adjusted_stretch
        if stretch is None:
            return Outcome(message="no region here")
        frames = [int(part) for part in (argument or "").split() if part.lstrip("-").isdigit()]
        if not frames:
            return Outcome(message="audio still loading")
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
            return Outcome(message="region would be empty")
        return self._bounds(region, start, end)
