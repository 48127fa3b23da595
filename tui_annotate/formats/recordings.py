"""Recordings as formats of sound write them: the regions of all tasks about one sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import unquote

import msgspec

from tui_annotate.task.task import Fields

SPEECH = "SPEECH"
"""The label of what is spoken, if nobody is named."""

OVERLAPPED = 1e-9
"""Seconds; borders that are nearer than that are one."""


class Region(msgspec.Struct, frozen=True):
    """A region of a recording.

    Attributes:
        start: Seconds from the beginning of the recording.
        end: Seconds.
        label: Its label.
        speaker: Who speaks; empty where nobody is named.
        text: What is said; empty where nothing is written.
        channel: The channel, from 0; None for all.
        words: Its words, each with text, start and end.
    """

    start: float
    end: float
    label: str = ""
    speaker: str = ""
    text: str = ""
    channel: int | None = None
    words: tuple[tuple[str, float, float], ...] = ()

    @property
    def who(self) -> str:
        """The speaker, else the label."""
        return self.speaker or self.label


class Recording(msgspec.Struct):
    """A sound and its regions.

    Attributes:
        audio: The sound, as its tasks name it.
        name: Its name without folders and suffix; no other recording has the same.
        duration: Its length in seconds, as far as it is known: at least to the last region.
        regions: Its regions, in order.
        transcript: What is said in all of it, where a task says so.
    """

    audio: str
    name: str
    duration: float = 0.0
    regions: list[Region] = msgspec.field(default_factory=list)
    transcript: str = ""

    @property
    def transcribed(self) -> bool:
        """Whether any of its regions has a text."""
        return any(region.text for region in self.regions)


class Recordings:
    """Puts tasks together by their sound: windows and channels of one are one recording."""

    def __init__(self) -> None:
        self._by_audio: dict[str, Recording] = {}
        self._names: set[str] = set()

    def add(self, fields: Mapping[str, Any]) -> None:
        """Take in a task."""
        audio = str(fields["audio"])
        recording = self._by_audio.get(audio)
        if recording is None:
            recording = self._by_audio[audio] = Recording(audio, self._name(audio))
        chunk = fields.get("chunk")
        offset, end = 0.0, fields.get("duration")
        if isinstance(chunk, dict):
            offset, end = float(chunk.get("start") or 0.0), chunk.get("end")
        own = fields.get("channel")
        for span in fields.get("audio_spans") or ():
            region = region_of(span, offset, own if isinstance(own, int) else None)
            recording.regions.append(region)
            recording.duration = max(recording.duration, region.end)
        if isinstance(end, int | float):
            recording.duration = max(recording.duration, float(end))
        if isinstance(transcript := fields.get("transcript"), str) and transcript:
            recording.transcript = f"{recording.transcript} {transcript}".strip()

    def _name(self, audio: str) -> str:
        path = PurePath(unquote(audio) if audio.startswith("file:") else audio)
        name = path.stem or "sound"
        candidates = [name, f"{path.parent.name}-{name}"]
        number = 2
        while (name := candidates.pop(0)) in self._names:
            candidates.append(f"{path.stem}-{number}")
            number += 1
        self._names.add(name)
        return name

    def __iter__(self) -> Iterator[Recording]:
        """The recordings, in the order in which they came, each with its regions in order."""
        for recording in self._by_audio.values():
            # Windows that overlap have what lies in both of them twice.
            unique = dict.fromkeys(recording.regions)
            recording.regions = sorted(unique, key=lambda one: (one.start, one.end, one.who))
            yield recording

    def __len__(self) -> int:
        """How many there are."""
        return len(self._by_audio)


def region_of(span: Fields, offset: float, channel: int | None) -> Region:
    """A region as a task has it, at its place in the recording."""
    own = span.get("channel")
    words = tuple(
        (str(word["text"]), seconds(word["start"] + offset), seconds(word["end"] + offset))
        for word in span.get("words") or ()
    )
    return Region(
        seconds(span["start"] + offset),
        seconds(span["end"] + offset),
        str(span.get("label") or ""),
        str(span.get("speaker") or ""),
        " ".join(str(span.get("text") or "").split()),
        own if isinstance(own, int) else channel,
        words,
    )


def seconds(value: float, places: int = 6) -> float:
    """A time with so many decimals; never below the beginning of the sound."""
    return max(round(float(value), places), 0.0)
