"""Suggested regions where there is room for them, beside what was made by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui_annotate.editors.regions.cover import Stretch, union
from tui_annotate.editors.regions.fields import Names
from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.editors.regions.room import rests
from tui_annotate.suggest.suggestion import Suggestion

Dismissed = tuple[int, int, str]
"""A suggestion that was deleted: its start, end and label."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Where suggestions may stand.

    Attributes:
        frames: How long the sound is.
        least: The least frames a region has.
        rest: Of a suggestion that something cuts, what is shorter goes too.
        between: The same for what is left between two regions.
        by_label: Whether only what has the same label is in the way; else whatever was made by
            hand, as a voice that is heard has been named already.
        overlap: Whether regions of one label may overlap.
        nameless: Whether a label says that somebody speaks, but not who.
    """

    frames: int
    least: int
    rest: int
    between: int
    by_label: bool
    overlap: bool
    nameless: Callable[[str], bool]


def placed(
    regions: Regions,
    suggestions: Sequence[Suggestion],
    rules: Rules,
    dismissed: Sequence[Dismissed],
    names: Names,
) -> Regions:
    """Regions, and suggestions as far as there is room for them.

    Those that say who speaks take the place of those that do not; of two that overlap the
    one that begins first stays as it is.
    """
    named = [one for one in suggestions if not rules.nameless(one.label)]
    if len(named) < len(suggestions):
        nameless = [one for one in suggestions if rules.nameless(one.label)]
        regions = _with(regions, nameless, rules, dismissed, names)
    return _with(regions, named, rules, dismissed, names)


def _with(
    regions: Regions,
    suggestions: Sequence[Suggestion],
    rules: Rules,
    dismissed: Sequence[Dismissed],
    names: Names,
) -> Regions:
    into: list[Region] = []
    cut: dict[Region, list[Stretch]] = {}
    reached: dict[tuple[str, int | None], int] = {}
    for one in sorted(suggestions, key=lambda one: (one.start, one.end)):
        start, end = max(one.start, 0), min(one.end, rules.frames)
        made = Region(
            start, end, one.label, text=one.text, source=one.source, score=one.score, suggested=True
        )
        if not rules.overlap:
            made = made.but(start=max(start, reached.get(made.lane, 0)))
        if made.frames < rules.least:
            continue
        worse, cutting = _around(made, regions, rules, dismissed)
        left = rests(made, cutting, rules.rest, rules.between)
        if not left:
            continue
        reached[made.lane] = max(reached.get(made.lane, 0), made.end)
        for region in worse:
            cut.setdefault(region, []).append((made.start, made.end))
        into += left
    for region, others in cut.items():
        into += rests(region, union(others), rules.rest, rules.between)
    if not into and not cut:
        return regions
    fresh = [one.but(id=names.fresh()) if not one.id else one for one in into]
    return regions.exchange(cut, fresh)


def _around(
    made: Region, regions: Regions, rules: Rules, dismissed: Sequence[Dismissed]
) -> tuple[list[Region], list[Stretch]]:
    """The suggestions that give way to another one, and the stretches that cut it."""
    worse: list[Region] = []
    cutting = [
        (start, end) for start, end, label in dismissed if not rules.by_label or label == made.label
    ]
    nameless = rules.nameless(made.label)
    for region in regions.overlapping(made.start, made.end):
        same = region.lane == made.lane
        if region.channel != made.channel or (same and rules.overlap):
            continue
        if not region.suggested:
            if same or not rules.by_label:
                cutting.append((region.start, region.end))
        elif same or nameless:
            cutting.append((region.start, region.end))
        elif not rules.by_label and (rules.nameless(region.label) or region.source == made.source):
            # Who speaks is known by now, or thought better of.
            worse.append(region)
    return worse, union(cutting)
