"""Regions as tiers: one for each speaker, with what is said, or one for all labels."""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from tui_annotate.formats.holding import Losses
from tui_annotate.formats.recordings import OVERLAPPED, SPEECH, Recording, Region
from tui_annotate.task.task import Fields

LABELS = "labels"
"""The tier of regions that only have a label."""


class Tier(NamedTuple):
    """A tier to write.

    Attributes:
        name: Its name: a speaker, a label, or `LABELS`.
        who: The speaker or label that it is of.
        entries: Start, end and text of each entry, in order, none of them overlapping.
    """

    name: str
    who: str
    entries: list[tuple[float, float, str]]


def fit_tiers(fields: Fields, losses: Losses, *, empty: bool) -> None:
    """Take out of regions what tiers cannot hold.

    Args:
        fields: The task.
        losses: Counts what is taken out.
        empty: An entry may be without a text.
    """
    regions = fields.get("audio_spans") or []
    spoken = {_who(region) for region in regions if region.get("text")}
    transcribed = bool(spoken)
    kept: list[Fields] = []
    for region in regions:
        label, speaker, text = (region.get(name) or "" for name in ("label", "speaker", "text"))
        if speaker and (text or transcribed) and label not in ("", SPEECH, speaker):
            losses.lose("labels of regions that have a speaker")
        says = speaker or label == SPEECH or _who(region) in spoken
        if transcribed and not text and not empty and says:
            losses.lose("regions without a text, beside others that have one")
            continue
        kept.append(region)
    if "audio_spans" in fields:
        fields["audio_spans"] = kept


def _who(region: Fields) -> str:
    return str(region.get("speaker") or region.get("label") or "")


def tiers_of(recording: Recording) -> list[Tier]:
    """The tiers of a recording, in the order in which they begin.

    If nobody is named and nothing is written, there is one tier, and its entries are the
    labels. Else each speaker, or label, has a tier, and its entries are what is said. What
    overlaps in a tier goes to a second one.
    """
    spoken = {region.who for region in recording.regions if region.text}
    transcribed = bool(spoken)
    named = transcribed or any(region.speaker for region in recording.regions)
    found: dict[str, Tier] = {}
    for region in recording.regions:
        who = (region.who or LABELS) if named else LABELS
        number, name = 1, who
        while name in found and found[name].entries[-1][1] > region.start + OVERLAPPED:
            number += 1
            name = f"{who} ({number})"
        text = _text(region, spoken)
        found.setdefault(name, Tier(name, who, [])).entries.append((region.start, region.end, text))
    return list(found.values())


def _text(region: Region, spoken: Set[str]) -> str:
    """What stands in an entry: what is said, or the label of what is no speech.

    Args:
        region: The region.
        spoken: The speakers and labels of which something is said.
    """
    says = region.speaker or region.label == SPEECH or region.who in spoken
    return region.text if region.text or (spoken and says) else region.label
