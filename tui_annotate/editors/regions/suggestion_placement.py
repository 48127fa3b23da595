"""Suggested regions where there is room for them, beside what was made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from tui_annotate.editors.regions.cover import Stretch, union
from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.editors.regions.region_set import RegionSet
from tui_annotate.editors.regions.room import remainders
from tui_annotate.editors.regions.speech import Cover, Piece, Speech
from tui_annotate.suggest.suggestion import Suggestion


class Dismissed(msgspec.Struct, frozen=True, array_like=True):
    """A suggestion that was deleted."""

    start: int
    end: int
    label: str
    channel: int | None = None


class SuggestionPlacement:
    """What was offered for the regions of a task, and what became of it.

    Suggestions that arrive late are not undone with what was done by hand: undoing takes back
    what the annotator did, and leaves them.

    Args:
        region_set: The regions.
        offered: What was offered when the task was decided before; by default the regions
            that came with it.
        speech: The label that sources give to speech, where they tell it from other sound.

    Attributes:
        speech: The speech that was found.
        dismissed: The suggestions that were deleted.
        withdrawn: The suggestions of sources that were switched off.
    """

    def __init__(
        self, region_set: RegionSet, offered: Iterable[Suggestion] | None, speech: str
    ) -> None:
        self._set = region_set
        self.speech = Speech(
            speech if region_set.mode == "regions" else None, region_set.min_remainder
        )
        self.dismissed: tuple[Dismissed, ...] = ()
        self.withdrawn: frozenset[Suggestion] = frozenset()
        if offered is None:
            offered = [
                Suggestion(
                    one.start,
                    one.end,
                    one.label,
                    one.source or "task",
                    one.score,
                    channel=one.channel,
                )
                for one in region_set.regions
            ]
        self._offered: list[Suggestion] = list(offered)
        self._known = set(self._offered)
        self._first = len(self._offered)
        self._batches: list[int] = []
        self._covered: tuple[Regions, Cover] | None = None
        self.speech.add(one for one in self._offered if one.source != "task")

    @property
    def offered(self) -> Sequence[Suggestion]:
        """Every suggestion that has been offered, as it was offered; in frames."""
        return self._offered

    # ── coming and going

    def suggest(self, suggestions: Sequence[Suggestion]) -> bool:
        """Take suggestions in, as far as there is room for them; whether a region differs."""
        known = self._known
        fresh = [one for one in suggestions if one not in known or one in self.withdrawn]
        if not fresh:
            return False
        self.withdrawn = self.withdrawn.difference(fresh)
        new = [one for one in fresh if one not in known]
        self._batches.append(len(self._offered))
        self._offered += new
        known.update(new)
        self.speech.add(new)
        before = self._set.regions
        self._set.regions = self._with(before, fresh)
        return self._set.regions is not before

    def withdraw(self, source: str) -> None:
        """A source is switched off: what it suggests does not come back with an undo."""
        self.withdrawn |= {one for one in self._offered if one.source == source}

    def dismiss(self, region: Region) -> None:
        """A region was deleted; where a source suggested it, no other is put in its place."""
        if region.source is not None:
            gone = Dismissed(region.start, region.end, region.label, region.channel)
            self.dismissed = (*self.dismissed, gone)

    def with_later(self, regions: Regions, offered: int) -> Regions:
        """Earlier regions, and what was suggested since.

        Args:
            regions: The regions as they were.
            offered: How many suggestions had been offered by then.
        """
        for place, first in enumerate(self._batches):
            if first >= offered:
                last = (*self._batches, len(self._offered))[place + 1]
                batch = [one for one in self._offered[first:last] if one not in self.withdrawn]
                regions = self._with(regions, batch)
        return regions

    # ── drafts

    def since(self) -> list[Suggestion]:
        """What has been offered since the task was opened."""
        return self._offered[self._first :]

    def withdrawn_places(self) -> list[int]:
        """The places of the withdrawn among what was offered."""
        return [place for place, one in enumerate(self._offered) if one in self.withdrawn]

    def restore(
        self,
        since: Sequence[Suggestion],
        withdrawn: Iterable[int],
        dismissed: Iterable[Dismissed],
    ) -> None:
        """Take up again what a draft kept; places where nothing was offered are passed over."""
        offered = [*self._offered, *since]
        gone = frozenset(offered[place] for place in withdrawn if 0 <= place < len(offered))
        self.speech.add(since)
        self._offered, self._known = offered, set(offered)
        self.withdrawn, self.dismissed = gone, tuple(dismissed)

    # ── how much of it is done

    def coverage(self) -> float | None:
        """How much of the speech lies in regions that were looked at; None where none was found."""
        regions = self._set.regions
        if self._covered is None or self._covered[0] is not regions:
            self._covered = regions, _cover(one for one in regions if not one.suggested)
        return self.speech.share(self._covered[1], self._no_speech())

    def uncovered(self) -> list[Piece]:
        """The speech that no region covers."""
        return self.speech.left(_cover(self._set.regions), self._no_speech())

    def unseen(self) -> int:
        """How many suggestions nobody has looked at."""
        return sum(region.suggested for region in self._set.regions)

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

    def _no_speech(self) -> Cover:
        return _cover(
            one
            for one in self.dismissed
            if self._set.mode != "regions" or one.label == self.speech.label
        )

    # ── room for suggestions

    def _with(self, regions: Regions, suggestions: Sequence[Suggestion]) -> Regions:
        """Regions, and suggestions as far as there is room for them.

        Those that say who speaks take the place of those that do not; of two that overlap the
        one that begins first stays as it is.
        """
        is_unassigned = self._set.is_unassigned
        assigned = [one for one in suggestions if not is_unassigned(one.label)]
        if len(assigned) < len(suggestions):
            unassigned = [one for one in suggestions if is_unassigned(one.label)]
            regions = self._placed(regions, unassigned)
        return self._placed(regions, assigned)

    def _placed(self, regions: Regions, suggestions: Sequence[Suggestion]) -> Regions:
        rules = self._set
        into: list[Region] = []
        cut: dict[Region, list[Stretch]] = {}
        reached: dict[tuple[str, int | None], int] = {}
        for one in sorted(suggestions, key=lambda one: (one.start, one.end)):
            start, end = max(one.start, 0), min(one.end, rules.clip.frames)
            made = Region(
                start, end, one.label, text=one.text, channel=one.channel, source=one.source,
                score=one.score, suggested=True,
            )  # fmt: skip
            if not rules.overlap:
                made = made.but(start=max(start, reached.get(made.track, 0)))
            if made.frames < rules.min_frames:
                continue
            worse, cutting = self._around(made, regions)
            left = remainders(made, cutting, rules.min_remainder, rules.min_between)
            if not left:
                continue
            reached[made.track] = max(reached.get(made.track, 0), made.end)
            for region in worse:
                cut.setdefault(region, []).append((made.start, made.end))
            into += left
        for region, others in cut.items():
            into += remainders(region, union(others), rules.min_remainder, rules.min_between)
        if not into and not cut:
            return regions
        return regions.exchange(cut, map(rules.with_id, into))

    def _around(self, made: Region, regions: Regions) -> tuple[list[Region], list[Stretch]]:
        """The suggestions that give way to another one, and the stretches that cut it."""
        # A voice that is heard has been named already, whatever the region there is called.
        by_label = self._set.mode == "regions"
        is_unassigned = self._set.is_unassigned
        worse: list[Region] = []
        cutting = [
            (one.start, one.end)
            for one in self.dismissed
            if one.channel == made.channel and (not by_label or one.label == made.label)
        ]
        for region in regions.overlapping(made.start, made.end):
            same = region.track == made.track
            if region.channel != made.channel or (same and self._set.overlap):
                continue
            if not region.suggested:
                if same or not by_label:
                    cutting.append((region.start, region.end))
            elif same or is_unassigned(made.label):
                cutting.append((region.start, region.end))
            elif not by_label and (is_unassigned(region.label) or region.source == made.source):
                # Who speaks is known by now, or thought better of.
                worse.append(region)
        return worse, union(cutting)


def _cover(those: Iterable[Region | Dismissed]) -> Cover:
    """What some regions, or deleted suggestions, cover in each channel."""
    found: dict[int | None, list[Stretch]] = {}
    for one in those:
        found.setdefault(one.channel, []).append((one.start, one.end))
    return {channel: union(stretches) for channel, stretches in found.items()}
