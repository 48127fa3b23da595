"""Recordings as formats of sound write them: the regions of all tasks about one sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from urllib.parse import unquote

import msgspec

from tui_annotate.task.recording import join_windows, recording_of
from tui_annotate.task.task import Fields
from tui_annotate.wording import shown_path

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
    """Puts tasks together by their sound: windows and channels of one are one recording.

    Attributes:
        remarks: What windows of one recording say differently, and what none of them is about.
    """

    def __init__(self) -> None:
        self._by_audio: dict[str, list[Fields]] = {}
        self._names: set[str] = set()
        self.remarks: list[str] = []

    def add(self, fields: Fields) -> None:
        """Take in a task."""
        self._by_audio.setdefault(str(fields["audio"]), []).append(fields)

    def _joined(self, audio: str, parts: list[Fields]) -> Fields:
        if len(parts) == 1 and recording_of(parts[0]) is None:
            return parts[0]
        joined = join_windows(parts)
        shown = shown_path(audio)
        self.remarks += [f"{shown}: {remark}" for remark in joined.remarks]
        for start, end, channel in joined.gaps:
            where = "" if channel is None else f" of channel {channel + 1}"
            self.remarks.append(f"{shown}: no task is about {start:g} to {end:g} s{where}")
        return joined.record

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
        for audio, parts in self._by_audio.items():
            record = self._joined(audio, parts)
            regions = sorted(
                map(region_of, record.get("audio_spans") or ()),
                key=lambda one: (one.start, one.end, one.who),
            )
            length = record.get("duration")
            ends = [region.end for region in regions]
            yield Recording(
                audio,
                self._name(audio),
                max([*ends, float(length) if isinstance(length, int | float) else 0.0]),
                regions,
                str(record.get("transcript") or ""),
            )

    def __len__(self) -> int:
        """How many there are."""
        return len(self._by_audio)


def region_of(span: Fields) -> Region:
    """A region as a task has it."""
    channel = span.get("channel")
    words = tuple(
        (str(word["text"]), seconds(word["start"]), seconds(word["end"]))
        for word in span.get("words") or ()
    )
    return Region(
        seconds(span["start"]),
        seconds(span["end"]),
        str(span.get("label") or ""),
        str(span.get("speaker") or ""),
        " ".join(str(span.get("text") or "").split()),
        channel if isinstance(channel, int) else None,
        words,
    )


def seconds(value: float, places: int = 6) -> float:
    """A time with so many decimals; never below the beginning of the sound."""
    return max(round(float(value), places), 0.0)
