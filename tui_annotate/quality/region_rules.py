"""Rules for regions of a sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeGuard

from tui_annotate.quality.problem import CheckedRecord, Problem, objects
from tui_annotate.task.task import Fields

EXACT = 1e-6
"""Seconds: times are written with six decimals."""


class Region(NamedTuple):
    """A region with times that can be used.

    Attributes:
        number: Its place in the list, from 1.
        start: Where it begins, in seconds.
        end: Where it ends.
        fields: Its fields.
    """

    number: int
    start: float
    end: float
    fields: Fields


def timed(fields: Fields) -> list[Region]:
    """The regions of a record whose times are numbers."""
    found = []
    for number, region in objects(fields.get("audio_spans")):
        start, end = region.get("start"), region.get("end")
        if _is_number(start) and _is_number(end):
            found.append(Region(number, float(start), float(end), region))
    return found


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def region_problems(record: CheckedRecord) -> Iterator[Problem]:
    """Regions that are not sorted, or overlap within one tier."""
    regions = timed(record.fields)
    starts = [(region.start, region.end) for region in regions]
    if starts != sorted(starts):
        yield Problem("region-order", "the regions are not sorted by where they begin")
    last: dict[tuple[str, ...], Region] = {}
    for region in sorted(regions, key=lambda region: (region.start, region.end)):
        tier = _tier(region.fields)
        before = last.get(tier)
        if before is not None and region.start < before.end - EXACT:
            yield Problem(
                "region-overlap",
                f"regions {before.number} and {region.number} of {tier[-1] or 'no label'} overlap "
                f"from {region.start:g} to {min(before.end, region.end):g} s",
            )
        if before is None or region.end > before.end:
            last[tier] = region


def _tier(region: Fields) -> tuple[str, ...]:
    speaker = region.get("speaker")
    name = speaker if isinstance(speaker, str) and speaker else region.get("label")
    return str(region.get("channel")), str(region.get("label")), str(name or "")


def word_problems(record: CheckedRecord) -> Iterator[Problem]:
    """Words that lie outside their region, or are not in order."""
    for region in timed(record.fields):
        at = region.start - EXACT
        for place, word in objects(region.fields.get("words")):
            start, end = word.get("start"), word.get("end")
            if not (_is_number(start) and _is_number(end)):
                yield Problem(
                    "region-words", f"word {place} of region {region.number} has no times"
                )
            elif not at <= start <= end <= region.end + EXACT:
                where = f"{start:g} to {end:g} s"
                yield Problem(
                    "region-words",
                    f"word {place} of region {region.number} ({where}) is out of place",
                )
            else:
                at = start - EXACT


def transcript_problems(record: CheckedRecord) -> Iterator[Problem]:
    """Regions of speech without a text, where speech is transcribed."""
    fields = record.fields
    if fields.get("answer") != "accept":
        return
    regions = objects(fields.get("audio_spans"))
    written = [number for number, region in regions if str(region.get("text") or "").strip()]
    recipe = fields.get("_recipe")
    if not written and not (isinstance(recipe, str) and "transcribe" in recipe):
        return
    spoken = [
        number for number, region in regions if region.get("label") == "SPEECH" or "text" in region
    ]
    empty = [number for number in spoken if number not in written]
    if empty:
        which = f"region {empty[0]}" if len(empty) == 1 else f"{len(empty)} regions"
        has = "has" if len(empty) == 1 else f"(the first is {empty[0]}) have"
        yield Problem("transcript", f"{which} of {len(spoken)} {has} no text")
