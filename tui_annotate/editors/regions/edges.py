"""The edges of regions: where little steps, speech or the samples would put them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from tui_annotate.editors.regions.cover import Stretch
from tui_annotate.editors.regions.cursor import RegionCursor
from tui_annotate.editors.regions.region import Region
from tui_annotate.editors.regions.region_set import RegionSet
from tui_annotate.editors.regions.speech import Speech, nearest

SNAP_SECONDS = 0.5
"""How far an edge snaps."""

EDGE_SECONDS = 0.6
"""How much of a region is heard when an edge of it was moved."""

STEP_SECONDS = 0.01

NUDGES = frozenset({"start_earlier", "start_later", "end_earlier", "end_later"})

_TOO_SHORT = "region would be empty"


class RegionEdges:
    """Says where the edges of what is meant would go; nothing changes for it.

    Every way answers with a stretch, or with a message where there is none.

    Args:
        region_set: The regions.
        speech: The speech that was found.
        cursor: Says what is meant.
    """

    def __init__(self, region_set: RegionSet, speech: Speech, cursor: RegionCursor) -> None:
        self._set = region_set
        self._speech = speech
        self._cursor = cursor

    @property
    def region(self) -> Region | None:
        """The region whose edges are moved; None where they are those of the selection."""
        return self._cursor.adjusted if self._cursor.selection is None else None

    @property
    def stretch(self) -> Stretch | None:
        """What edges are moved of: the selection, else the region."""
        if self._cursor.selection is not None:
            return self._cursor.selection
        region = self._cursor.adjusted
        return None if region is None else (region.start, region.end)

    @property
    def channel(self) -> int | None:
        """The channel that edges are moved in; None for all of the sound."""
        region = self.region
        channel = self._cursor.channel if region is None else region.channel
        return self._set.clip.channel if channel is None else channel

    def nudged(self, command: str, argument: str | None) -> Stretch | str:
        """An edge moved by 10 ms, or so many times as much."""
        stretch = self.stretch
        if stretch is None:
            return "no region here"
        try:
            times = max(int(argument or 1), 1)
        except ValueError:
            times = 1
        by = round(STEP_SECONDS * self._set.clip.rate * times) or 1
        by = -by if command.endswith("earlier") else by
        start, end = stretch
        region, min_frames = self.region, self._set.min_frames
        low, high = (0, self._set.clip.frames) if region is None else self._set.free_around(region)
        # A region that came shorter than any made here may grow, but not shrink.
        if command.startswith("start"):
            shrunk = max(min(start + by, end - min_frames), start)
            start = max(start + by, low) if by < 0 else shrunk
        else:
            shrunk = min(max(end + by, start + min_frames), end)
            end = min(end + by, high) if by > 0 else shrunk
        if (start, end) == stretch:
            return "this edge cannot be moved further"
        return start, end

    def heard(self, command: str, stretch: Stretch) -> Stretch:
        """What is to be heard of a stretch when a step has moved its edge."""
        some = round(EDGE_SECONDS * self._set.clip.rate)
        start, end = stretch
        if command.startswith("start"):
            return start, min(start + some, end)
        return max(end - some, start), end

    def beside(self, command: str) -> Region | None:
        """The region whose edge is put here: the one that is meant, else the nearest one.

        Args:
            command: ``start_here`` or ``end_here``, which means the nearest one behind or before.
        """
        cursor, regions, region = self._cursor, self._set.regions, self.region
        here, track = cursor.inside, cursor.focused_track
        if cursor.selection is not None:
            return None
        if region is not None and (track is None or track.holds(region)):
            return region
        if command == "start_here":
            following = (one for one in regions.from_(here) if track is None or track.holds(one))
            return next(following, None)
        if track is None:
            return regions.ended(here)
        ended = (one for one in regions.until(here) if track.holds(one) and one.end <= here)
        return max(ended, key=lambda one: one.end, default=None)

    def put_here(self, command: str, region: Region | None) -> Stretch | str:
        """An edge put where the annotator is, or where the sound is heard.

        Args:
            command: ``start_here`` or ``end_here``.
            region: The region; None for the selection.
        """
        stretch = self._cursor.selection if region is None else (region.start, region.end)
        if stretch is None:
            side = "after" if command == "start_here" else "before"
            return f"no region here or {side}"
        here = self._cursor.inside
        start, end = (here, stretch[1]) if command == "start_here" else (stretch[0], here)
        if (start, end) == stretch:
            return "this edge is here already"
        return (start, end) if end - start >= self._set.min_frames else _TOO_SHORT

    def snapped(self, command: str = "snap") -> Stretch | str:
        """Edges at the nearest edge of speech, or of a neighbour.

        Args:
            command: ``snap`` for both, ``snap_start`` or ``snap_end`` for one.
        """
        stretch, region = self.stretch, self.region
        if stretch is None:
            return "no region here"
        within = round(SNAP_SECONDS * self._set.clip.rate)
        start, end = stretch
        around = self._set.regions.overlapping(start - within - 1, end + within + 1)
        others = [one for one in around if region is None or one.id != region.id]
        edges = {*self._edges_around(start, within), *self._edges_around(end, within)}
        edges.update(edge for one in others for edge in (one.start, one.end))
        found = sorted(edges)
        new_start = nearest(found, start, within)
        new_end = nearest(found, end, within)
        start = start if new_start is None or command == "snap_end" else new_start
        end = end if new_end is None or command == "snap_start" else new_end
        if (start, end) == stretch:
            return "nothing closer to snap to"
        return (start, end) if end - start >= self._set.min_frames else _TOO_SHORT

    def _edges_around(self, frame: int, within: int) -> list[int]:
        edges = self._speech.edges_in(self.channel)
        return edges[bisect_left(edges, frame - within) : bisect_right(edges, frame + within)]

    def at_zero(self, argument: str | None) -> Stretch | str:
        """The edges where the sound crosses zero.

        Args:
            argument: A frame for either edge, or one that is for the nearer edge.
        """
        stretch = self.stretch
        if stretch is None:
            return "no region here"
        frames = [int(part) for part in (argument or "").split() if part.lstrip("-").isdigit()]
        if not frames:
            return "audio still loading"
        start, end = stretch
        if len(frames) > 1:
            start, end = frames[:2]
        elif abs(frames[0] - start) <= abs(frames[0] - end):
            start = frames[0]
        else:
            end = frames[0]
        start, end = max(start, 0), min(end, self._set.clip.frames)
        if (start, end) == stretch:
            return "both edges are at a zero crossing"
        return (start, end) if end - start >= self._set.min_frames else _TOO_SHORT
