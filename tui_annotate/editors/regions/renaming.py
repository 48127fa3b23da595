"""Regions under another name."""

from __future__ import annotations

from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.editors.regions.room import joined_text


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
