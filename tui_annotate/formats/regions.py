"""From the annotations of a file to the regions that a recipe for sound works on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from tui_annotate.formats.annotation import PAUSE, Annotation, with_word
from tui_annotate.task.incoming_regions import WantedRegions

_PARTS = re.compile(r"(?:(?P<who>.+?)\s*-\s*)?(?P<what>words?|phones?|phonemes?)", re.IGNORECASE)
_NAMING = re.compile(r"speakers?|who|names?|turns?", re.IGNORECASE)
_NAMED = re.compile(r"[-–—\s]*(?P<who>[^\W\d_][^:\n]{0,39}?)\s*:\s+(?P<text>\S.*)", re.DOTALL)
"""A turn that begins with who speaks, as subtitles and transcripts have it: ``Anna: hello``."""

_MOST_CLASSES = 20
_LONGEST_CLASS = 30
_LONGEST_NAME = 200
_WORDS_OF_A_NAME = 3


def regions(
    found: Sequence[Annotation], wanted: WantedRegions, *, tiers: bool = False, free: bool = False
) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Make regions of the annotations of one file; see `resolved` and `written`."""
    return written(resolved(found, wanted, tiers=tiers, free=free), wanted)


def resolved(
    found: Sequence[Annotation], wanted: WantedRegions, *, tiers: bool = False, free: bool = False
) -> list[Annotation]:
    """Tell classes, names and what is said apart, where a file leaves it open.

    Whether the text of a tier names classes or is what somebody says, nothing in the file
    tells; few different short texts that come back are taken for classes.

    Args:
        found: What a file says about one sound.
        wanted: What it is for.
        tiers: Its speakers are names of tiers.
        free: Its labels may be classes, names or what is said.
    """
    if tiers:
        return _of_tiers(_whole_utterances(found), wanted)
    annotations = _of_labels(found, wanted) if free else list(found)
    return _with_names(annotations, wanted)


def written(
    annotations: Sequence[Annotation], wanted: WantedRegions
) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Make regions of annotations, as the field `audio_spans` has them.

    Args:
        annotations: What is said about one sound, as `resolved` gives it.
        wanted: What they are for.

    Returns:
        The regions in their order, and how many were left out because their label is not
        on offer, by label.
    """
    made: list[dict[str, Any]] = []
    left_out: Counter[str] = Counter()
    for one in sorted(annotations, key=attrgetter("start", "end")):
        fields = _fields(one, wanted)
        if isinstance(fields, str):
            left_out[fields] += 1
        else:
            made.append(fields)
    return made, left_out


def _fields(one: Annotation, wanted: WantedRegions) -> dict[str, Any] | str:
    """A region, or its label if that is not on offer."""
    speaker, text, kind = map(_in_one_line, (one.speaker, one.text, one.label))
    speaker = wanted.renamed(speaker) if speaker else None
    label = wanted.on_offer(kind) if kind else wanted.on_offer(wanted.speech)
    if wanted.mode == "speakers":
        if kind and not speaker:
            # A class of sound is nobody's name.
            return kind
        # Who speaks is not known: the annotator says so.
        label, speaker = speaker or wanted.speech, None
    elif wanted.mode == "transcribe" and (not kind or speaker or text):
        named = (wanted.on_offer(speaker) if speaker else None) if wanted.labels else speaker
        label = (label if kind else None) or named or wanted.spoken
        speaker = None if label == named else speaker
    if not label:
        return kind or wanted.renamed(wanted.speech)
    start, end = round(one.start, 6), round(one.end, 6)
    fields: dict[str, Any] = {"start": start, "end": end, "label": label}
    fields.update({k: v for k, v in (("speaker", speaker), ("text", text)) if v})
    if one.channel is not None:
        fields["channel"] = one.channel
    return fields


def _in_one_line(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


# ── classes, names and texts ───────────────────────────────────────────────


def _of_tiers(found: Sequence[Annotation], wanted: WantedRegions) -> list[Annotation]:
    names = dict.fromkeys(one.speaker for one in found)
    of_classes = {
        name
        for name in names
        if _are_classes([one.text or "" for one in found if one.speaker == name], wanted)
    }
    made = []
    for one in found:
        if one.label is None and one.speaker in of_classes:
            only = len(names) == 1 or _NAMING.fullmatch(one.speaker or "")
            if wanted.mode == "regions":
                one = replace(one, label=one.text, speaker=None, text=None)
            elif wanted.mode == "speakers" and only:
                one = replace(one, speaker=one.text, text=None)
        made.append(one)
    return made


def _of_labels(found: Sequence[Annotation], wanted: WantedRegions) -> list[Annotation]:
    """Annotations whose labels may be anything, as what they are."""
    labels = {one.label for one in found if one.label}
    if wanted.mode == "regions":
        return list(found)
    if wanted.mode == "transcribe":
        return [
            replace(one, label=None, text=one.label)
            if one.label and not (wanted.labels and wanted.on_offer(one.label))
            else one
            for one in found
        ]
    names = len(labels) <= _MOST_CLASSES and all(map(_is_name, labels))
    return [
        replace(one, label=None, speaker=one.label if names else None,
                text=None if names else one.label)
        for one in found
    ]  # fmt: skip


def _with_names(found: Sequence[Annotation], wanted: WantedRegions) -> list[Annotation]:
    """Turns that begin with who speaks as turns of these speakers.

    A beginning with a colon is a name if it is on offer, or if it comes back; where half of
    all turns begin so, each is one.
    """
    begun = {
        at: match
        for at, one in enumerate(found)
        if one.speaker is None
        and one.label is None
        and (match := _NAMED.fullmatch(one.text or ""))
        and _is_name(match["who"])
        and (not match["who"][0].islower() or (wanted.labels and wanted.on_offer(match["who"])))
    }
    often = Counter(match["who"] for match in begun.values())
    if len(begun) > 1 and len(begun) * 2 >= len(found):
        names = set(often)
    else:
        names = {
            who
            for who, times in often.items()
            if times > 1 or (wanted.labels and wanted.on_offer(who))
        }
    return [
        replace(one, speaker=match["who"], text=match["text"])
        if (match := begun.get(at)) and match["who"] in names
        else one
        for at, one in enumerate(found)
    ]


def _is_name(text: str) -> bool:
    """Whether a text is no longer than a name, and does not end as a sentence does."""
    short = 0 < len(text.split()) <= _WORDS_OF_A_NAME and len(text) <= _LONGEST_CLASS
    return short and text[-1] not in ".?!,"


def _are_classes(texts: Sequence[str], wanted: WantedRegions) -> bool:
    texts = [text for text in texts if text]
    different = set(texts)
    if not different:
        return False
    if wanted.mode == "regions" and wanted.labels:
        return any(wanted.on_offer(text) for text in different)
    return (
        len(different) <= min(_MOST_CLASSES, len(texts) // 2)
        and max(map(len, different)) <= _LONGEST_CLASS
    )


# ── words ──────────────────────────────────────────────────────────────────


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


def left_tiers(found: Sequence[Annotation]) -> Counter[str]:
    """The tiers of single sounds of speech that are left out beside others, with their sizes."""
    sizes = Counter(one.speaker or "" for one in found)
    fine = {name for name in sizes if (part := _part(name)) and part["what"].lower()[:4] == "phon"}
    return Counter({name: sizes[name] for name in sizes if name in fine and len(fine) < len(sizes)})


def _part(name: str) -> re.Match[str] | None:
    return _PARTS.fullmatch(name) if len(name) <= _LONGEST_NAME else None


_speaker = attrgetter("speaker")


def _joined(words: list[Annotation], speaker: str | None) -> list[Annotation]:
    utterances: list[Annotation] = []
    for word in sorted(words, key=attrgetter("start")):
        before = utterances[-1] if utterances else None
        if before is not None and word.start <= before.end + PAUSE:
            utterances[-1] = with_word(before, word)
        else:
            utterances.append(replace(word, speaker=speaker))
    return utterances
