"""Going about in a sound: from region to region, to speech that no region covers, to edges."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.regions.cursor import RegionCursor
from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.editors.regions.region_set import RegionSet
from tui_annotate.editors.regions.speech import Channel, Piece
from tui_annotate.editors.regions.suggestion_placement import SuggestionPlacement


class RegionSteps:
    """Moves a cursor among regions; what it leaves has been looked at.

    Args:
        region_set: The regions.
        placement: What was suggested for them.
        cursor: The cursor.
    """

    def __init__(
        self, region_set: RegionSet, placement: SuggestionPlacement, cursor: RegionCursor
    ) -> None:
        self._set = region_set
        self._placement = placement
        self._cursor = cursor
        self._edges: tuple[Regions, int, list[int]] | None = None

    def next_region(self, direction: int) -> Outcome:
        """Go to the next region, or the one before; from the last to the first one that waits."""
        cursor, was = self._cursor, self._set.regions
        here = cursor.active if cursor.selection is None else None
        if here is None:
            frame = cursor.selection[0] if cursor.selection is not None else cursor.here
            found = was.from_(frame) if direction > 0 else was.until(frame)
        else:
            self._set.pass_over(here)
            regions = self._set.regions
            place = regions.place(regions.get(here.id) or here)
            found = iter(
                regions.items[place + 1 :] if direction > 0 else regions.items[:place][::-1]
            )
        track = None if cursor.track_index is None else cursor.tracks[cursor.track_index]
        stop = next((one for one in found if track is None or track.holds(one)), None)
        round_again = stop is None and direction > 0
        if round_again:
            waiting = filter(self._set.waits, self._set.regions)
            stop = next((one for one in waiting if here is None or one.id != here.id), None)
        edited = here is not None and here.suggested
        if stop is None:
            return Outcome(edited, self._no_further(direction))
        self._arrive(stop)
        cursor.auto_advance = "next_span" if self._set.waits(stop) else ""
        return Outcome(edited, "back to the first region to check" if round_again else None)

    def _arrive(self, region: Region) -> None:
        self._cursor.arrive(region.start, region, (region.start, region.end))

    def _no_further(self, direction: int) -> str:
        if not self._set.regions:
            return "no regions yet; , starts one"
        return f"no {'more regions' if direction > 0 else 'region before this'}"

    def advance(self, way: str, gone: Region | None = None) -> None:
        """Go on to the next suggestion, or speech without a region, that wants a decision.

        Args:
            way: What had led to the one that is decided.
            gone: It, where it is no more.
        """
        cursor, regions = self._cursor, self._set.regions
        here = gone if gone is not None else regions.get(cursor.focus)
        frame = cursor.here if here is None else here.start
        if way == "next_uncovered":
            channel = cursor.channel if here is None else here.channel
            found = next(_after(self._placement.uncovered(), frame, channel), None)
            if found is not None:
                self._select(found)
            return
        after_it = (one for one in regions.from_(frame) if here is None or one.id != here.id)
        stop = next(filter(self._set.waits, after_it), None)
        if stop is not None:
            self._arrive(stop)
            cursor.auto_advance = "next_span"

    def next_uncovered(self) -> Outcome:
        """Go to the next speech that no region covers, and select it."""
        cursor = self._cursor
        left = self._placement.uncovered()
        selected = cursor.selection
        if selected is not None and cursor.auto_advance == "next_uncovered":
            found = next(_after(left, selected[0], cursor.channel), None)
        else:
            frame = cursor.here if selected is None else selected[0] + 1
            found = next((piece for piece in left if piece[0] >= frame), None)
        if found is not None:
            self._select(found)
            return NOTHING
        if left:
            return Outcome(message=f"no uncovered speech after this; {len(left)} before")
        unseen = self._placement.unseen()
        tail = f"; {unseen} suggestion{'s' * (unseen != 1)} unchecked (tab)" if unseen else ""
        is_known = bool(self._placement.speech)
        message = "all speech is covered" if is_known else "no speech found yet"
        return Outcome(message=message + tail, then="accept" if is_known and not unseen else None)

    def _select(self, piece: Piece) -> None:
        start, end, channel = piece
        cursor = self._cursor
        if channel is not None and channel != cursor.channel:
            cursor.track = next((one for one in cursor.tracks if one.channel == channel), None)
        cursor.arrive(start, None, (start, end))
        cursor.selection = start, end
        self._cursor.auto_advance = "next_uncovered"

    def to_time(self, seconds: float) -> Outcome:
        """Go to a time of the file."""
        clip = self._set.clip
        frame = round(seconds * clip.rate) - clip.start
        if not 0 <= frame <= clip.frames:
            first, last = clip.start / clip.rate, clip.end / clip.rate
            return Outcome(
                message=f"{seconds:g} s is not in this recording: {first:g} to {last:g} s"
            )
        self._cursor.move_within_stretch(frame)
        return NOTHING

    def to_text(self, query: str) -> Outcome:
        """Go to the next region in which something is said; behind the last comes the first."""
        cursor = self._cursor
        found = [one for one in self._set.regions if one.says(query)]
        if not found:
            return Outcome(message=f"no transcript here has {query!r}")
        here = cursor.active
        at = cursor.here if here is None else here.start
        region = next((one for one in found if one.start > at), found[0])
        self._arrive(region)
        place = found.index(region) + 1
        return Outcome(message=f"{query!r}: {place} of {len(found)}")

    def to_edge(self, direction: int) -> Outcome:
        """Go to the next place where speech or a region begins or ends, or the one before."""
        edges, here = self._all_edges(), self._cursor.here
        place = bisect_right(edges, here) if direction > 0 else bisect_left(edges, here) - 1
        if not 0 <= place < len(edges):
            return Outcome(message="no more edges")
        self._cursor.move_within_stretch(edges[place])
        return NOTHING

    def _all_edges(self) -> list[int]:
        """The edges of speech and of regions, and the ends of the sound."""
        of_speech, regions = self._placement.speech.edges, self._set.regions
        known = self._edges
        if known is None or known[0] is not regions or known[1] != len(of_speech):
            edges = {0, self._set.clip.frames, *of_speech}
            for region in regions:
                edges.add(region.start)
                edges.add(region.end)
            known = self._edges = regions, len(of_speech), sorted(edges)
        return known[2]


def _after(pieces: Iterable[Piece], frame: int, channel: Channel) -> Iterator[Piece]:
    """The pieces of speech that come after one; those that begin with it, by channel."""
    here = frame, _rank(channel)
    return (piece for piece in pieces if (piece[0], _rank(piece[2])) > here)


def _rank(channel: Channel) -> int:
    return -1 if channel is None else channel
