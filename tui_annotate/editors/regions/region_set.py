"""The regions of a task, what they may be called, and how they may stand beside each other."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from tui_annotate.audio.clip import Clip
from tui_annotate.editors.regions.cover import Stretch
from tui_annotate.editors.regions.fields import Names, beyond, read_regions, write_region
from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.editors.regions.room import fit_region
from tui_annotate.task.incoming_regions import RegionMode

MIN_SECONDS = 0.01
"""No region is shorter; the step that its edges are moved by."""

MIN_REMAINDER_SECONDS = 0.5
"""Of a suggestion that something else cuts, what is shorter is not worth a region."""

MIN_BETWEEN_SECONDS = 0.8
"""The same between two regions: listening closes gaps of so much silence (see `audio.speech`)."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """The regions once another one was put in.

    Attributes:
        regions: The regions; as they were where it was refused.
        joined: How many regions became part of it.
        refused: The region that left no room for it.
    """

    regions: Regions
    joined: int = 0
    refused: Region | None = None


class RegionSet:
    """The regions of a task as they are now.

    Args:
        clip: The sound; every frame counts from its start.
        labels: The labels on offer.
        initial: The regions that came with the task, as they came.
        mode: What the regions are for.
        overlap: Let regions of one label overlap.
        speech: The label that sources give to speech, where they tell it from other sound.
        transcript: What is said in the whole sound, as far as it came with the task.
        decided: Whether the annotator has decided on the regions before.
        names: What those are called by now who were renamed elsewhere in the recording.

    Attributes:
        regions: The regions, in order.
        transcript: What is said in the whole sound.
        min_frames: No region is shorter.
        min_remainder: Of a suggestion that something cuts, what is shorter goes too.
        min_between: The same for what remains between two regions.
        remarks: What of the task could not be taken as it came.
    """

    def __init__(
        self,
        clip: Clip,
        labels: Iterable[str],
        initial: Iterable[Mapping[str, Any]],
        *,
        mode: RegionMode,
        overlap: bool,
        speech: str,
        transcript: str,
        decided: bool,
        names: Mapping[str, str],
    ) -> None:
        self.clip = clip
        self.labels = list(labels)
        self.mode = mode
        self.overlap = overlap
        self.transcript = self._initial_transcript = transcript
        self.min_frames = max(round(MIN_SECONDS * clip.rate), 1)
        self.min_remainder = max(round(MIN_REMAINDER_SECONDS * clip.rate), self.min_frames)
        self.min_between = max(round(MIN_BETWEEN_SECONDS * clip.rate), self.min_frames)
        self._initial = list(initial)
        self.remarks = beyond(self._initial, clip)
        self._names = Names(self._initial)
        self._now = names
        named = mode != "regions" and speech not in self.labels
        self._unassigned = speech if named else None
        read = read_regions(
            self._initial,
            clip,
            self._names,
            decided=decided,
            unassigned=self._unassigned if mode == "speakers" else None,
        )
        self.regions = Regions(map(self._called, read))
        # Who is named in the task is somebody, on offer or not.
        self._named_initially = {region.label for region in self.regions if region.label}
        self._original = {region.id: region for region in self.regions}
        self._speakers: tuple[Regions, Sequence[tuple[int, int, str]]] | None = None

    def _called(self, region: Region) -> Region:
        """A region with the names of now."""
        now = self._now
        if region.label not in now and (region.speaker or "") not in now:
            return region
        speaker = now.get(region.speaker, region.speaker) if region.speaker else None
        return region.but(label=now.get(region.label, region.label), speaker=speaker)

    @property
    def has_transcript(self) -> bool:
        """Whether the whole sound has a transcript, or came with one."""
        return bool(self.transcript or self._initial_transcript)

    def add_label(self, label: str) -> None:
        """Add a label to those on offer."""
        if label not in self.labels:
            self.labels.append(label)

    def is_unassigned(self, label: str) -> bool:
        """Whether a label says that somebody speaks, but not who."""
        if self.mode == "regions":
            return False
        if label == self._unassigned:
            return True
        return label not in self.labels and label not in self._named_initially

    def waits(self, region: Region) -> bool:
        """Whether a region wants to be looked at, or to get a name."""
        return region.suggested or self.is_unassigned(region.label)

    def fresh_id(self) -> str:
        """An id that no region has."""
        return self._names.fresh()

    def with_id(self, region: Region) -> Region:
        """A region with an id, if it has none, that no other has."""
        return region if region.id else region.but(id=self.fresh_id())

    def counts(self) -> Mapping[str, int]:
        """How often each label stands in the task."""
        return Counter(region.label for region in self.regions)

    @property
    def speakers(self) -> Sequence[tuple[int, int, str]] | None:
        """Who was named to speak where; None where nobody is to be told apart."""
        if self.mode != "speakers":
            return None
        if self._speakers is None or self._speakers[0] is not self.regions:
            named = [(one.start, one.end, one.label) for one in self.regions if not self.waits(one)]
            self._speakers = self.regions, named
        return self._speakers[1]

    def pass_over(self, region: Region | None) -> None:
        """A region that the annotator goes on from has been looked at."""
        if region is not None and region.suggested:
            self.regions = self.regions.exchange([region], [region.seen()])

    def insert(self, made: Region, out: Iterable[Region]) -> Insertion:
        """Put a region where there is room for it, in the place of others."""
        out = list(out)
        gone = {one.id for one in out}
        for one in out:
            if one.track == made.track:
                # What overlapped it when it came still may.
                over = self.regions.overlapping(one.start, one.end)
                gone.update(other.id for other in over if not other.suggested)
        if self.overlap:
            return Insertion(self.regions.exchange(out, [made]))
        fitted = fit_region(
            made,
            self.regions,
            self.min_frames,
            self.min_remainder,
            gone,
            # What only says that somebody speaks is in the way of who does.
            lambda region: self.is_unassigned(region.label),
        )
        if fitted.refused is not None:
            return Insertion(self.regions, refused=fitted.refused)
        into = [fitted.region, *map(self.with_id, fitted.into)]
        return Insertion(self.regions.exchange([*out, *fitted.out], into), fitted.joined)

    def free_around(self, region: Region) -> Stretch:
        """How far the edges of a region may go without crossing another one of its track."""
        low, high = 0, self.clip.frames
        if self.overlap:
            return low, high
        for other in self.regions.until(region.start):
            if other.track == region.track and not other.suggested and other.end <= region.start:
                low = other.end
                break
        for other in self.regions.from_(region.end):
            if other.track == region.track and not other.suggested:
                high = other.start
                break
        return low, high

    # ── what is written

    def written(self) -> list[dict[str, Any]]:
        """The regions as the format has them."""
        return [write_region(one, self.clip.rate, self._initial) for one in self.regions]

    def added(self) -> list[Region]:
        """The regions that did not come with the task as they are."""
        return [one for one in self.regions if self._original.get(one.id) != one]

    def removed(self) -> list[str]:
        """The ids of the regions that came with the task, and are not there as they came."""
        return [one.id for one in self._original.values() if self.regions.get(one.id) != one]

    def came(self, ids: Iterable[str | None]) -> list[Region]:
        """Of some regions those that came with the task, as they came."""
        return [self._original[one] for one in dict.fromkeys(ids) if one and one in self._original]

    @property
    def original(self) -> Mapping[str, Region]:
        """The regions that came with the task, by their ids."""
        return self._original

    @cached_property
    def base(self) -> int:
        """A number that differs where other regions came with the task."""
        return zlib.crc32(msgspec.json.encode(self._initial))

    @property
    def initial_transcript(self) -> str:
        """The transcript of the whole recording that came with the task."""
        return self._initial_transcript

    def with_changes(self, added: Iterable[Region], removed: Collection[str]) -> Regions:
        """The regions that came with the task, without some and with others."""
        untouched = [one for one in self._original.values() if one.id not in removed]
        return Regions([*untouched, *map(self._called, added)])

    def adopt(self, regions: Regions) -> None:
        """Take regions whose ids are not known here yet."""
        self.regions = regions
        for one in regions:
            if one.id not in self._original:
                self._names.keep(one.id)
