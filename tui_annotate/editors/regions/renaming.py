"""Regions under another name."""

from __future__ import annotations

from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.editors.regions.room import joined_text

NEW_SPEAKER = "SPEAKER_"


def new_speaker(labels: list[str]) -> str:
    """A name that no speaker has; its number is that of the key that they get."""
    number = len(labels) + 1
    while (name := f"{NEW_SPEAKER}{number}") in labels:
        number += 1
    return name


def with_label(regions: Regions, old: str, new: str) -> Regions:
    """Regions of which those of a label have another one."""
    out = [one for one in regions if one.label == old]
    return regions.exchange(out, [one.but(label=new) for one in out])


def with_speaker(regions: Regions, old: str, new: str) -> Regions:
    """Regions of which those of a speaker have another one."""
    out = [one for one in regions if one.speaker == old]
    return regions.exchange(out, [one.but(speaker=new) for one in out])


def joined(regions: Regions, label: str) -> Regions:
    """Regions of which those of a label that overlap are one."""
    out: list[Region] = []
    into: dict[str, Region] = {}
    last: dict[int | None, Region] = {}
    for region in regions:
        if region.label != label:
            continue
        before = last.get(region.channel)
        if before is None or region.start >= before.end:
            last[region.channel] = region
            continue
        out += [before, region]
        text = joined_text([before, region])
        made = before.edited(end=max(before.end, region.end), text=text)
        last[region.channel] = into[made.id] = made
    return regions.exchange(out, into.values()) if out else regions
