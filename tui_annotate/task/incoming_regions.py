"""Tasks that are sounds: the regions they come with, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal, TypeGuard

import msgspec

from tui_annotate.task.audio_names import wrong_name
from tui_annotate.task.incoming import Fault, Fields, Incoming, renamed_in
from tui_annotate.wording import json_kind, quoted

RegionMode = Literal["regions", "speakers", "transcribe"]
"""What a session is about: what is in the sound, who speaks, or what is said."""

MOST_CHANNELS = 1024
MORE_THAN_ANY = 1e9
"""Seconds, some thirty years: no sound is so long, and as frames it is still a number."""


class WantedRegions(msgspec.Struct, frozen=True):
    """What regions are to be made for.

    Attributes:
        mode: What the session is about.
        labels: The labels on offer; empty where any will do.
        speech: The label of what is spoken, where nothing tells another.
        mapping: What labels and speakers of other files are called here, by their own name.
    """

    mode: RegionMode = "regions"
    labels: tuple[str, ...] = ()
    speech: str = "SPEECH"
    mapping: Mapping[str, str] = msgspec.field(default_factory=dict)

    def renamed(self, label: str) -> str:
        """What a label or a speaker is called here, letter case aside."""
        if not self.mapping or label in self.mapping:
            return self.mapping.get(label, label)
        low = label.casefold()
        return next((new for old, new in self.mapping.items() if old.casefold() == low), label)

    def on_offer(self, label: str) -> str | None:
        """A label as it is on offer, letter case aside; None if it is not."""
        label = self.renamed(label)
        if not self.labels or label in self.labels:
            return label
        low = label.casefold()
        return next((one for one in self.labels if one.casefold() == low), None)

    @property
    def spoken(self) -> str:
        """The label of speech of which nothing else is known, on offer or not."""
        return self.on_offer(self.speech) or self.speech


class _Labels(msgspec.Struct, frozen=True):
    """What the labels have to be.

    Attributes:
        offered: Those on offer; None where any will do.
        keep: Let labels pass that are missing or not on offer.
        unassigned: A label that only says that nobody is known to speak, on offer or not.
    """

    offered: Collection[str] | None
    keep: bool
    unassigned: str | None = None

    def allow(self, label: str) -> bool:
        """Whether a region may have a label."""
        return self.keep or not self.offered or label in self.offered or label == self.unassigned


class IncomingRegions(Incoming):
    """Labelled stretches of the sound, in `audio_spans`.

    Args:
        mode: What the session is about. In one about speakers the labels are names that the
            annotator gives: any will do, or none.
        speech: The label of what is spoken, where nothing tells another.

    Attributes:
        wanted: What regions from other files are made for.
        open: Whether every label that a task comes with is on offer for it.
    """

    def __init__(self, *, mode: RegionMode = "regions", speech: str = "SPEECH") -> None:
        self.wanted = WantedRegions(mode, speech=speech)
        self.open = mode == "speakers"

    def labels(self, fields: Fields) -> Iterable[str]:
        """The labels of the regions; speech as such is nobody's name, but who speaks it is."""
        nobody = self.wanted.speech if self.wanted.mode == "speakers" else None
        spans = fields.get("audio_spans")
        found = []
        for span in spans if isinstance(spans, list) else ():
            if not isinstance(span, dict):
                continue
            label = span.get("label")
            if nobody is not None and label in (None, "", nobody):
                label = span.get("speaker")
            if isinstance(label, str) and label:
                found.append(label)
        return found

    def faults(
        self, fields: Fields, labels: Collection[str] | None, keep_labels: bool
    ) -> Iterable[Fault]:
        """Regions out of place, without a label, or with one that is not on offer."""
        spans = fields.get("audio_spans")
        if spans is None:
            return ()
        wanted = None
        if self.wanted.mode != "speakers":
            unassigned = self.wanted.speech if self.wanted.mode == "transcribe" else None
            wanted = _Labels(labels, keep_labels, unassigned)
        return _wrong_regions(spans, _length(fields), wanted)

    def strange(self, fields: Fields, labels: Collection[str]) -> Iterable[str]:
        """The labels that are not on offer; where any will do, none."""
        if self.wanted.mode == "speakers":
            return []
        unassigned = self.wanted.speech if self.wanted.mode == "transcribe" else None
        return [one for one in super().strange(fields, labels) if one != unassigned]

    def renamed(self, fields: Fields, mapping: Mapping[str, str]) -> Fields:
        """A task with its labels and speakers as they are called here, letter case aside."""
        wanted = msgspec.structs.replace(self.wanted, mapping=mapping)
        return renamed_in(fields, "audio_spans", wanted.renamed, ("label", "speaker"))


def sound_faults(fields: Fields) -> list[Fault]:
    """Say what is wrong with the sound that a task names: each message, and whether it is fatal.

    Whether the file is there is not asked: that is found out when it is opened.
    """
    audio = fields.get("audio")
    if type(audio) is not str:
        return [(_no_sound(fields), True)]
    channel = fields.get("channel")
    wrong = [wrong_name(fields), _wrong_chunk(fields.get("chunk"))]
    if channel is not None and not _is_channel(channel):
        wrong.append(f'"channel" is {_said(channel)}, not the number of one, from 0')
    return [(message, True) for message in wrong if message]


def _no_sound(fields: Fields) -> str:
    if "audio" in fields:
        return f'"audio" is {json_kind(fields["audio"])}, not a string'
    if "text" in fields:
        return 'the task has no "audio" but "text", and this recipe is for audio'
    return 'the task has no "audio"'


def _wrong_chunk(chunk: object) -> str | None:
    if chunk is None:
        return None
    if not isinstance(chunk, dict):
        return f'"chunk" is {json_kind(chunk)}, not an object with "start" and "end"'
    if wrong := _wrong_times(chunk):
        return f"the chunk {wrong}"
    if chunk["start"] < 0:
        return f"the chunk begins at {chunk['start']} s, before the recording does"
    return None


def _length(fields: Fields) -> float | None:
    """How long the sound of a task is, in seconds, where the task says so."""
    chunk = fields.get("chunk")
    if isinstance(chunk, dict) and not _wrong_times(chunk):
        return float(chunk["end"] - chunk["start"])
    duration = fields.get("duration")
    return float(duration) if _is_time(duration) else None


def _wrong_regions(spans: object, length: float | None, wanted: _Labels | None) -> Iterator[Fault]:
    """Yield what is wrong with the regions, and whether it is fatal."""
    if not isinstance(spans, list):
        yield f'"audio_spans" is {json_kind(spans)}, not a list', True
        return
    for number, span in enumerate(spans, start=1):
        if not isinstance(span, dict):
            yield f"region {number} is {json_kind(span)}, not an object", True
            continue
        if wrong := _wrong_times(span):
            yield f"region {number} {wrong}", True
            continue
        start, end = span["start"], span["end"]
        if end <= 0 or (length is not None and start >= length):
            yield f"region {number} ({start} to {end} s) lies outside the recording", True
            continue
        if start < 0:
            yield (
                f"region {number} begins at {start} s; it is cut to where the recording begins",
                False,
            )
        if length is not None and end > length + 0.0005:
            yield f"region {number} ends at {end} s; it is cut to {length:g} s, the end", False
        yield from _wrong_fields(number, span, wanted)


def _wrong_fields(number: int, span: Fields, wanted: _Labels | None) -> Iterator[Fault]:
    label = span.get("label")
    if label is None or label == "":
        if wanted is not None:
            yield f"region {number} has no label", not wanted.keep
    elif not isinstance(label, str):
        yield f"region {number} has {json_kind(label)} as its label, not a string", True
    elif wanted is not None and not wanted.allow(label):
        yield f"region {number} has the label {quoted(label)}, which is not in the label set", True
    for name in ("speaker", "text"):
        value = span.get(name)
        if value is not None and not isinstance(value, str):
            yield f"region {number} has {json_kind(value)} as its {name}, not a string", True
    channel = span.get("channel")
    if channel is not None and not _is_channel(channel):
        yield f"region {number} has {_said(channel)} as its channel, not a number from 0", True


def _wrong_times(span: Fields) -> str | None:
    """What is wrong with a start and an end, worded to follow what they belong to."""
    for side in ("start", "end"):
        if side not in span:
            return f'has no "{side}"'
        if not _is_time(span[side]):
            return f'has {_said(span[side])} as its "{side}", not a number of seconds'
    start, end = span["start"], span["end"]
    if start > end:
        return f"is reversed: it starts at {start} s and ends at {end} s"
    if start == end:
        return f"is empty: it starts and ends at {start} s"
    return None


def _is_time(value: object) -> TypeGuard[float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= MORE_THAN_ANY


def _is_channel(value: object) -> bool:
    return type(value) is int and 0 <= value < MOST_CHANNELS


def _said(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return json_kind(value)
    return f"{value:g}" if abs(value) < MORE_THAN_ANY else "a number out of all bounds"
