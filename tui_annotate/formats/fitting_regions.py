"""The regions of a sound, made such that a format can hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_annotate.formats.holding import OF_SUGGESTION, Holds, Losses
from tui_annotate.formats.recordings import SPEECH
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

PLACE = frozenset({"start", "end", "label", "id", "seen"})
"""What every region has, and what the program notes for itself."""


def fit_regions(fields: Mapping[str, Any], kept: Fields, holds: Holds, losses: Losses) -> None:
    """Put the regions of a task that a format can hold into what is kept of it."""
    regions = fields.get("audio_spans")
    length = _length(fields)
    made: list[Fields] = []
    for region in regions if isinstance(regions, list) else ():
        if not _is_placed(region, length):
            losses.lose("regions outside their recording", quoted(region))
        elif not holds.field("audio_spans"):
            losses.lose("audio_spans", shown(region))
        else:
            made.append(_held(region, holds, losses))
    if "audio_spans" in fields and holds.field("audio_spans"):
        kept["audio_spans"] = made
    for name in ("duration", "channel"):
        if name in fields:
            kept[name] = fields[name]


def _is_placed(region: object, length: float | None) -> bool:
    if not isinstance(region, dict):
        return False
    start, end = region.get("start"), region.get("end")
    if not isinstance(start, int | float) or not isinstance(end, int | float):
        return False
    return 0 <= start < end and (length is None or start < length)


def _length(fields: Mapping[str, Any]) -> float | None:
    chunk = fields.get("chunk")
    if isinstance(chunk, dict):
        start, end = chunk.get("start"), chunk.get("end")
        if isinstance(start, int | float) and isinstance(end, int | float):
            return float(end - start)
    duration = fields.get("duration")
    return float(duration) if isinstance(duration, int | float) else None


def shown(region: Mapping[str, Any]) -> str:
    """A region for a message: its label and place."""
    return f"{quoted(region.get('label') or '')} {region['start']:g}–{region['end']:g} s"


def _held(region: Fields, holds: Holds, losses: Losses) -> Fields:
    held: Fields = {name: region[name] for name in ("start", "end") if name in region}
    label = region.get("label")
    held["label"] = "" if label is None else str(label)
    for name, value in region.items():
        if name in PLACE or value in (None, "", []):
            continue
        if name in OF_SUGGESTION or name.startswith("_"):
            losses.omitted[f"audio_spans.{name}"] += 1
        elif name in holds.region:
            held[name] = value
        else:
            losses.lose(f"audio_spans.{name}")
    return held


def fit_short(fields: Fields, losses: Losses, shortest: float) -> None:
    """Take out regions that begin and end at the same time once their times are rounded.

    Args:
        fields: The task.
        losses: Counts what is taken out.
        shortest: The unit of the format's times, in seconds.
    """
    kept: list[Fields] = []
    for region in fields.get("audio_spans") or ():
        if round(region["start"] / shortest) < round(region["end"] / shortest):
            kept.append(region)
        else:
            losses.lose(f"regions shorter than {shortest:g} s", shown(region))
    if "audio_spans" in fields:
        fields["audio_spans"] = kept


def without_space(region: Fields, name: str, losses: Losses) -> None:
    """Join the words of a name for a format in which white space ends it."""
    value = region.get(name)
    if isinstance(value, str) and (len(value.split()) > 1 or value != value.strip()):
        losses.lose(f"{name}s with white space", quoted(value))
        region[name] = "_".join(value.split())


def count_label(region: Fields, losses: Losses) -> None:
    """Count the label of a region for a format that has no place for it beside a speaker."""
    label, speaker = region.get("label"), region.get("speaker")
    if speaker and label not in ("", SPEECH, speaker):
        losses.lose("labels of regions that have a speaker")


def fit_names(fields: Fields, losses: Losses) -> None:
    """Have each region called by one word: its speaker, else its label."""
    for region in fields.get("audio_spans") or ():
        count_label(region, losses)
        for name in ("label", "speaker"):
            without_space(region, name, losses)
