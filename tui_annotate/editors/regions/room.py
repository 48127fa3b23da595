"""Room for a region: regions of one label and channel do not overlap."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from tui_annotate.editors.regions.cover import Stretch, minus
from tui_annotate.editors.regions.region import Region, Regions


@dataclass(slots=True)
class Fitted:
    """A region where there is room for it, and what becomes of the others.

    Attributes:
        region: It, as far as there is room.
        out: What goes for it.
        into: What comes for those: what remains of suggestions.
        joined: How many regions that lay in it are part of it now.
        refused: What stands in its way, where there is no room at all.
    """

    region: Region
    out: list[Region] = field(default_factory=list)
    into: list[Region] = field(default_factory=list)
    joined: int = 0
    refused: Region | None = None


def fit_region(
    made: Region,
    regions: Regions,
    min_frames: int,
    min_remainder: int,
    without: Collection[str] = (),
    yields: Callable[[Region], bool] = lambda region: False,
) -> Fitted:
    """Make room for a region among those of its track.

    What was made by hand stays where it is: it cuts the new one at its ends, refuses one that
    lies in it, and becomes part of one that it lies in. Suggestions that nobody has looked at
    give way.

    Args:
        made: The region.
        regions: Those that are there.
        min_frames: No region is shorter.
        min_remainder: Of a suggestion that is cut, what is shorter goes too.
        without: Ids of regions that are not in its way.
        yields: Whether a suggestion of another track gives way, too.
    """
    fitted = Fitted(made)
    there = [
        region
        for region in regions.overlapping(made.start, made.end)
        if region.id not in without
        and region.id != made.id
        and (region.track == made.track or (region.suggested and yields(region)))
    ]
    inside: list[Region] = []
    for region in there:
        if region.suggested:
            continue
        made = fitted.region
        if region.start <= made.start and made.end <= region.end:
            fitted.refused = region
            return fitted
        if made.start <= region.start and region.end <= made.end:
            inside.append(region)
        elif region.start < made.start:
            fitted.region = made.but(start=max(made.start, region.end))
        else:
            fitted.region = made.but(end=min(made.end, region.start))
        if fitted.region.frames < min_frames:
            fitted.refused = region
            return fitted
    if inside:
        fitted.out += inside
        fitted.joined = len(inside)
        fitted.region = fitted.region.but(text=joined_text([fitted.region, *inside]))
    for region in there:
        if region.suggested:
            fitted.out.append(region)
            taken = [(fitted.region.start, fitted.region.end)]
            fitted.into += remainders(region, taken, min_remainder)
    return fitted


def remainders(
    region: Region, others: Sequence[Stretch], min_frames: int, min_between: int = 0
) -> list[Region]:
    """What is left of a region beside some stretches: the first keeps its id, others have none.

    Args:
        region: The region.
        others: The stretches, apart and in order.
        min_frames: What is shorter goes too.
        min_between: And so does what is shorter than this between two of the stretches.
    """
    left = minus([(region.start, region.end)], others)
    if left == [(region.start, region.end)]:
        return [region]
    kept = [
        (start, end)
        for start, end in left
        if end - start >= (min_between if region.start < start and end < region.end else min_frames)
        and end - start >= min_frames
    ]
    return [
        region.but(start=start, end=end, id="" if place else region.id)
        for place, (start, end) in enumerate(kept)
    ]


def joined_text(regions: Iterable[Region]) -> str | None:
    """What is said in several regions, one after the other; None where none has a text."""
    texts = [one.text for one in sorted(regions, key=lambda one: (one.start, one.end))]
    if all(text is None for text in texts):
        return None
    return " ".join(text for text in texts if text)


def divided_text(text: str | None, share: float) -> tuple[str | None, str | None]:
    """A text cut in two at the border of words nearest to a share of its length.

    A text without spaces between words stays with the first part.

    Args:
        text: The text.
        share: How much of it the first part has, about, in [0, 1].
    """
    if text is None:
        return None, None
    borders = [0, *(at for at, character in enumerate(text) if character.isspace()), len(text)]
    if len(borders) == 2:
        return text, ""
    best = min(borders, key=lambda at: abs(at - share * len(text)))
    return text[:best].rstrip(), text[best:].lstrip()
