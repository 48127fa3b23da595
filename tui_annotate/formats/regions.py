"""From the annotations of a file to the regions that a recipe for sound works on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from tui_annotate.formats.annotation import Annotation
from tui_annotate.task.incoming_regions import WantedRegions

PAUSE = 0.5
"""Seconds without a word after which a new utterance begins."""

_PARTS = re.compile(r"(?:(?P<who>.+?)\s*-\s*)?(?P<what>words?|phones?|phonemes?)", re.IGNORECASE)
_NAMING = re.compile(r"speakers?|who|names?|turns?", re.IGNORECASE)
_MOST_CLASSES = 20
_LONGEST_CLASS = 30
_LONGEST_NAME = 200


def regions(
    found: Sequence[Annotation], wanted: WantedRegions, *, tiers: bool = False
) -> tuple[list[dict[str, Any]], int]:
    """Make regions of annotations, as the field `audio_spans` has them.

    Whether the text of a tier names classes or is what somebody says, nothing in the file
    tells; few different short texts that come back are taken for classes.

    Args:
        found: What a file says about one sound.
        wanted: What they are for.
        tiers: Their speakers are names of tiers.

    Returns:
        The regions in their order, and how many were left out because their label is not
        on offer.
    """
    annotations = _whole_utterances(found) if tiers else list(found)
    if wanted.mode == "speakers" and any(one.speaker for one in annotations):
        annotations = [one for one in annotations if one.speaker]
    names = dict.fromkeys(one.speaker for one in annotations)
    of_tier = {
        name: _are_classes([one.text or "" for one in annotations if one.speaker == name], wanted)
        for name in names
    }
    made: list[dict[str, Any]] = []
    left_out = 0
    for one in sorted(annotations, key=attrgetter("start", "end")):
        if tiers and one.label is None and of_tier[one.speaker]:
            only = len(names) == 1 or _NAMING.fullmatch(one.speaker or "")
            if wanted.mode == "regions" or (wanted.mode == "speakers" and only):
                one = replace(one, label=one.text, speaker=None, text=None)
        fields = _fields(one, wanted)
        if fields is None:
            left_out += 1
        else:
            made.append(fields)
    return made, left_out


def _fields(one: Annotation, wanted: WantedRegions) -> dict[str, Any] | None:
    """A region, or None if its label is not on offer."""
    speaker, text = _in_one_line(one.speaker), _in_one_line(one.text)
    one = replace(one, label=_in_one_line(one.label))
    label: str | None
    if wanted.mode == "speakers":
        label, speaker = speaker or one.label or text, None
        text = None if label == text else text
    elif wanted.mode == "transcribe":
        if text is None:
            text, said = one.label, None
        else:
            said = one.label
        label = _on_offer(said, wanted) or _on_offer(speaker, wanted)
        speaker = None if label and label == speaker else speaker
        label = label or wanted.speech
    elif one.label is not None:
        label = _on_offer(one.label, wanted)
    else:
        label = wanted.speech
    if not label:
        return None
    start, end = round(one.start, 6), round(one.end, 6)
    fields: dict[str, Any] = {"start": start, "end": end, "label": label}
    fields.update({k: v for k, v in (("speaker", speaker), ("text", text)) if v})
    if one.channel is not None:
        fields["channel"] = one.channel
    return fields


def _in_one_line(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _on_offer(label: str | None, wanted: WantedRegions) -> str | None:
    """The label as it is on offer, letter case aside."""
    if not label or not wanted.labels or label in wanted.labels:
        return label
    return next((one for one in wanted.labels if one.casefold() == label.casefold()), None)


def _are_classes(texts: Sequence[str], wanted: WantedRegions) -> bool:
    different = {text for text in texts if text}
    if not different:
        return False
    if wanted.mode == "regions" and wanted.labels:
        return any(_on_offer(text, wanted) for text in different)
    return (
        len(different) <= min(_MOST_CLASSES, len(texts) // 2)
        and max(map(len, different)) <= _LONGEST_CLASS
    )


def _whole_utterances(found: Sequence[Annotation]) -> list[Annotation]:
    """Join the words of tiers that hold words; leave out sounds of speech beside other tiers."""
    kept: list[Annotation] = []
    parts = {name: _part(name or "") for name in {one.speaker for one in found}}
    what = {name: part["what"].lower()[:4] if part else "" for name, part in parts.items()}
    coarser = any(kind != "phon" for kind in what.values())
    for name, group in groupby(sorted(found, key=lambda one: one.speaker or ""), _speaker):
        part = parts[name]
        if part is None or (what[name] == "phon" and not coarser):
            kept.extend(group)
        elif what[name] == "word":
            kept.extend(_joined(list(group), part["who"]))
    return kept


def _part(name: str) -> re.Match[str] | None:
    return _PARTS.fullmatch(name) if len(name) <= _LONGEST_NAME else None


_speaker = attrgetter("speaker")


def _joined(words: list[Annotation], speaker: str | None) -> list[Annotation]:
    utterances: list[Annotation] = []
    for word in sorted(words, key=attrgetter("start")):
        before = utterances[-1] if utterances else None
        if before is not None and word.start <= before.end + PAUSE:
            utterances[-1] = replace(
                before, end=max(before.end, word.end), text=f"{before.text} {word.text}"
            )
        else:
            utterances.append(replace(word, speaker=speaker))
    return utterances
