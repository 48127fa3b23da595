"""Where the annotator is in a sound: the cursor, the playhead, and the region that is meant."""

from __future__ import annotations

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.regions.cover import Stretch
from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.editors.regions.region_set import RegionSet
from tui_annotate.editors.regions.tracks import Track, tracks_of

NEAR_SECONDS = 1.0
"""How long after a region has ended a key that is pressed while listening still means it."""


class RegionCursor:
    """Where the annotator is among the regions of a task.

    Args:
        region_set: The regions.
        by_channel: How many channels have tracks of their own; None where they have none.

    Attributes:
        frame: Where the annotator is, while nothing plays.
        playhead: The frame that is heard, while something plays; set before every command.
        mark_in: The start that was marked, of a region that has no end yet.
        selection: A stretch that is no region yet.
        focus: The id of the region that was made or gone to last.
        auto_advance: What to go on to once this is decided, as it was what has led here:
            ``next_span``, ``next_uncovered``, or nothing.
        track: The track that was focused; None where all are meant alike.
        auto_play: Whether a region that one arrives at is to be heard.
        heard: The stretch that the last command wants to be heard.
        moved: Whether the last command has moved the cursor.
    """

    def __init__(self, region_set: RegionSet, by_channel: int | None) -> None:
        self._set = region_set
        self.by_channel = by_channel
        self.frame = 0
        self.playhead: int | None = None
        self.mark_in: int | None = None
        self.selection: Stretch | None = None
        self.focus: str | None = None
        self.auto_advance = ""
        self.track: Track | None = None
        self.auto_play = False
        self.heard: Stretch | None = None
        self.moved = False
        self._tracks: tuple[Regions, tuple[Track, ...]] | None = None

    # ── where

    @property
    def here(self) -> int:
        """The frame that commands act at: the one that is heard, else the cursor."""
        return self.frame if self.playhead is None else self.playhead

    @property
    def inside(self) -> int:
        """The same, or the nearest frame that is in the sound."""
        return min(max(self.here, 0), self._set.clip.frames)

    @property
    def stretch(self) -> Stretch | None:
        """What is marked, up to here, or selected."""
        if self.mark_in is None:
            return self.selection
        start, end = sorted((self.mark_in, self.inside))
        return start, end

    def drop_stretch(self) -> None:
        """Nothing is marked or selected any more."""
        self.mark_in = self.selection = None

    def move_to(self, frame: int) -> None:
        """Go to a frame."""
        self.frame = min(max(frame, 0), self._set.clip.frames)
        focus = self._set.regions.get(self.focus)
        if focus is not None and not focus.holds(self.frame):
            self.focus = None
        self.auto_advance = ""

    def move_within_stretch(self, frame: int) -> None:
        """Go to a frame; what is marked or selected stays so."""
        mark, selection = self.mark_in, self.selection
        self.move_to(frame)
        self.mark_in, self.selection = mark, selection
        self.moved = True

    def arrive(self, frame: int, region: Region | None, stretch: Stretch) -> None:
        """Go where a command leads.

        Args:
            frame: The frame.
            region: The region that is meant there.
            stretch: What is there, to be heard where that is wanted.
        """
        self.frame = frame
        self.moved = True
        self.focus = None if region is None else region.id
        self.drop_stretch()
        if self.auto_play:
            self.heard = stretch

    def settle(self, outcome: Outcome) -> None:
        """The cursor comes along with what is heard, unless the command has moved it."""
        if outcome.edited and self.playhead is not None and not self.moved:
            self.frame = self.inside

    def mark(self) -> None:
        """A region begins here."""
        self.mark_in = self.frame = self.inside
        self.selection = None
        self.moved = True
        self.focus = None

    def hold(self, region: Region) -> None:
        """Mean a region, whatever else comes to stand here: somebody is at work on it."""
        if self.playhead is not None or not region.holds(self.frame):
            self.move_to(region.start)
            self.playhead = None
        self._set.pass_over(region)
        self.focus = region.id

    # ── what is meant

    def candidates(self) -> list[Region]:
        """The regions that commands could mean here, the one that they do mean first.

        Those under the cursor, or the playhead; while something plays also the one that ended
        less than a second ago.
        """
        found = self._set.regions.at(self.here)
        found.sort(key=lambda one: (one.frames, -one.start, one.label))
        if self.track_index is not None:
            track = self.tracks[self.track_index]
            found.sort(key=lambda one: not track.holds(one))
        focus = self._set.regions.get(self.focus)
        if self.playhead is not None:
            if focus is not None and (
                focus not in found if found else not self._is_near(focus, self.playhead)
            ):
                focus = None
            if not found and focus is None:
                last = self._set.regions.ended(self.playhead)
                is_near = last is not None and self.playhead - last.end < self._near
                found = [last] if last is not None and is_near else []
        if focus is not None:
            found = [focus, *(one for one in found if one.id != focus.id)]
        return found

    @property
    def _near(self) -> int:
        return round(NEAR_SECONDS * self._set.clip.rate)

    def _is_near(self, region: Region, frame: int) -> bool:
        return region.overlaps(frame - self._near, frame + self._near)

    @property
    def active(self) -> Region | None:
        """The region that every command acts on."""
        found = self.candidates()
        return found[0] if found else None

    @property
    def adjusted(self) -> Region | None:
        """The region whose edges are moved.

        While something plays it is the one that was made or changed last, as long as that
        is near: by then what is heard may be the next one.
        """
        focus = self._set.regions.get(self.focus)
        if self.playhead is None or focus is None or focus.suggested:
            return self.active
        return focus if self._is_near(focus, self.playhead) else self.active

    def cycle(self) -> Outcome:
        """Mean the next one of those that commands could mean here."""
        found = self.candidates()
        if len(found) < 2:
            return Outcome(message="only one region here" if found else "no region here")
        order = sorted(found, key=lambda one: (one.frames, -one.start, one.label))
        place = order.index(found[0])
        self.focus = order[(place + 1) % len(order)].id
        return NOTHING

    # ── tracks

    @property
    def tracks(self) -> tuple[Track, ...]:
        """A track for each label that is in use, by channel."""
        regions = self._set.regions
        if self._tracks is None or self._tracks[0] is not regions:
            self._tracks = regions, tracks_of(regions, self._set.labels, self.by_channel)
        return self._tracks[1]

    @property
    def track_index(self) -> int | None:
        """The place of the focused track, from 0; None where all are meant alike."""
        if self.track is None:
            return None
        tracks = self.tracks
        if self.track in tracks:
            return tracks.index(self.track)
        # The first region of a channel has given its track a name, or the last one has gone.
        channels = [track.channel for track in tracks]
        channel = self.track.channel
        return channels.index(channel) if channel is not None and channel in channels else None

    @property
    def focused_track(self) -> Track | None:
        """The focused track, if there still is such a one."""
        place = self.track_index
        return None if place is None else self.tracks[place]

    @property
    def channel(self) -> int | None:
        """The channel that a new region is about."""
        return self.track.channel if self.track is not None else None

    def focus_track(self, by: int) -> Outcome:
        """Mean the track above or below; before the first one, all of them."""
        tracks = self.tracks
        if not tracks:
            return Outcome(message="no tracks yet")
        place = -1 if self.track_index is None else self.track_index
        place = min(max(place + by, -1), len(tracks) - 1)
        self.track = None if place < 0 else tracks[place]
        self.focus = None
        if self.track is None:
            return Outcome(message="all tracks")
        return Outcome(message=f"track {self.track.name}")

    def rename_track(self, old: str, new: str) -> None:
        """The label of a track has another name."""
        if self.track is not None and self.track.label == old:
            self.track = Track(new, self.track.channel)
        self._tracks = None
