"""Labelled stretches of a sound, and the algebra of sets of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from operator import attrgetter
from typing import Any

import msgspec

_start = attrgetter("start")
_end = attrgetter("end")
_FEW = 32


class Region(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A labelled stretch of a sound.

    Attributes:
        start: The first frame, counted from the start of the task's clip.
        end: The frame after the last one.
        label: What is heard, or who speaks.
        id: Its name in the task; it stays whatever becomes of the region.
        speaker: Who speaks, where the label says what is heard.
        text: What is said.
        channel: The channel it is about, from 0; None for all of them.
        source: The source of suggestions that it came from, if any.
        score: What that source was sure of, in [0, 1].
        suggested: Whether nobody has looked at it yet.
        original: Its place among the regions that came with the task, if it came so.
    """

    start: int
    end: int
    label: str
    id: str = ""
    speaker: str | None = None
    text: str | None = None
    channel: int | None = None
    source: str | None = None
    score: float | None = None
    suggested: bool = False
    # Drafts call it so.
    original: int | None = msgspec.field(default=None, name="came")

    @property
    def frames(self) -> int:
        """How many frames it is long."""
        return self.end - self.start

    @property
    def track(self) -> tuple[str, int | None]:
        """Where it stands: regions of one label and channel stand in one track."""
        return self.label, self.channel

    def holds(self, frame: int) -> bool:
        """Whether a frame is in it."""
        return self.start <= frame < self.end

    def overlaps(self, start: int, end: int) -> bool:
        """Whether it shares a frame with a stretch."""
        return self.start < end and start < self.end

    def says(self, query: str) -> bool:
        """Whether a text stands in what is said in it, letter case aside."""
        return bool(query and self.text) and query.casefold() in str(self.text).casefold()

    def seen(self) -> Region:
        """The same region, looked at."""
        return self.but(suggested=False) if self.suggested else self

    def but(self, **changes: Any) -> Region:
        """The same region with other attributes."""
        return msgspec.structs.replace(self, **changes)

    def edited(self, **changes: Any) -> Region:
        """It as the annotator has it now: looked at, and no longer what a source was sure of."""
        moved = any(changes.get(name, getattr(self, name)) != getattr(self, name)
                    for name in ("start", "end", "label", "channel"))  # fmt: skip
        score = None if moved else self.score
        return self.but(**{"suggested": False, "score": score, **changes})


def _order(region: Region) -> tuple[int, int, str]:
    return region.start, region.end, region.id


class Regions:
    """Regions in the order of their starts, then of their ends; never changes.

    Args:
        regions: The regions; their ids differ.
    """

    __slots__ = ("_by_id", "_items", "_reach", "_starts")

    def __init__(self, regions: Iterable[Region] = ()) -> None:
        self._fill(sorted(regions, key=_order))

    def _fill(self, items: list[Region]) -> None:
        self._items = tuple(items)
        self._starts = list(map(_start, items))
        # The latest end so far: where to stop looking for what reaches into a stretch.
        self._reach = list(accumulate(map(_end, items), max))
        self._by_id: dict[str, Region] | None = None

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Region]:
        return iter(self._items)

    def __getitem__(self, place: int) -> Region:
        return self._items[place]

    def __contains__(self, region: object) -> bool:
        return isinstance(region, Region) and self.get(region.id) == region

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Regions) and self._items == other._items

    def __hash__(self) -> int:
        return hash(self._items)

    def __deepcopy__(self, memo: object) -> Regions:
        return self

    def __repr__(self) -> str:
        return f"Regions({list(self._items)})"

    @property
    def items(self) -> tuple[Region, ...]:
        """All of them, in order."""
        return self._items

    def get(self, id: str | None) -> Region | None:
        """The region of an id."""
        if self._by_id is None:
            self._by_id = {region.id: region for region in self._items}
        return None if id is None else self._by_id.get(id)

    def place(self, region: Region) -> int:
        """The place of a region, from 0.

        Raises:
            ValueError: It is not among them.
        """
        first = bisect_left(self._starts, region.start)
        return self._items.index(region, first)

    def exchange(self, out: Iterable[Region], into: Iterable[Region]) -> Regions:
        """These without some, and with others."""
        gone, fresh = list(out), list(into)
        if len(gone) + len(fresh) <= _FEW:
            return self._with_few_changed(gone, fresh)
        ids = {region.id for region in gone}
        items = [region for region in self._items if region.id not in ids] + fresh
        # Two runs that are in order already: this takes no longer than to merge them.
        items.sort(key=_order)
        made = Regions.__new__(Regions)
        made._fill(items)
        return made

    def _with_few_changed(self, out: list[Region], into: list[Region]) -> Regions:
        items, starts = list(self._items), list(self._starts)
        by_id = None if self._by_id is None else dict(self._by_id)
        lowest = len(items)
        for region in out:
            place = self._place_in(items, starts, region)
            if place is None:
                continue
            del items[place], starts[place]
            lowest = min(lowest, place)
            if by_id is not None:
                del by_id[region.id]
        for region in into:
            place = bisect_left(items, _order(region), key=_order)
            items.insert(place, region)
            starts.insert(place, region.start)
            lowest = min(lowest, place)
            if by_id is not None:
                by_id[region.id] = region
        made = Regions.__new__(Regions)
        made._items, made._starts, made._by_id = tuple(items), starts, by_id
        reach = self._reach[:lowest]
        ends = map(_end, items[lowest:])
        more = accumulate(ends, max, initial=reach[-1] if reach else 0)
        next(more)
        made._reach = reach + list(more)
        return made

    @staticmethod
    def _place_in(items: list[Region], starts: list[int], region: Region) -> int | None:
        for place in range(bisect_left(starts, region.start), len(items)):
            if items[place].id == region.id:
                return place
            if items[place].start > region.start:
                return None
        return None

    def overlapping(self, start: int, end: int) -> list[Region]:
        """Those that share a frame with a stretch, in order."""
        found: list[Region] = []
        place = bisect_left(self._starts, end)
        while place > 0 and self._reach[place - 1] > start:
            place -= 1
            if self._items[place].end > start:
                found.append(self._items[place])
        found.reverse()
        return found

    def at(self, frame: int) -> list[Region]:
        """Those that hold a frame, in order."""
        return self.overlapping(frame, frame + 1)

    def from_(self, frame: int) -> Iterator[Region]:
        """Those that begin at a frame or later, in order."""
        for place in range(bisect_left(self._starts, frame), len(self._items)):
            yield self._items[place]

    def until(self, frame: int) -> Iterator[Region]:
        """Those that begin before a frame, the last first."""
        for place in range(bisect_left(self._starts, frame) - 1, -1, -1):
            yield self._items[place]

    def ended(self, frame: int) -> Region | None:
        """The one that ended last, at a frame or before it; of several, the one that began last."""
        best: Region | None = None
        for place in range(bisect_right(self._starts, frame) - 1, -1, -1):
            region = self._items[place]
            if region.end <= frame and (best is None or region.end > best.end):
                best = region
            if best is not None and self._reach[place] <= best.end:
                break
        return best
