"""One recording in several tasks: windows of it, or channels; and their decisions as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from tui_annotate.task.task import Fields

TOUCHING = 0.02
"""Seconds between two windows' regions that are one region at the border of the windows."""

_OF_A_WINDOW = frozenset(
    {"chunk", "channel", "audio_spans", "transcript", "duration", "flagged", "comment"}
    | {"_task_id", "_input_hash", "_task_hash", "_suggested", "_seconds", "_keys"}
)


class Joined(msgspec.Struct, frozen=True):
    """The decisions on the windows of one recording as one annotation.

    Attributes:
        record: The record, without a window; its regions have the times of the file. What differs
            from window to window and is no annotation is that of the first one.
        count: How many records it is made of.
        gaps: The stretches between the first and the last window that no record is about: start
            and end in seconds, and the channel, if every channel was a task.
        remarks: What two windows that overlap say differently, one sentence each.
    """

    record: Fields
    count: int
    gaps: tuple[tuple[float, float, int | None], ...] = ()
    remarks: tuple[str, ...] = ()


def recording_of(fields: Mapping[str, Any]) -> str | None:
    """The recording that a task is a part of; None where it is no part of one."""
    if "chunk" not in fields and "channel" not in fields:
        return None
    audio = fields.get("audio")
    return audio if isinstance(audio, str) else None


def join_windows(records: Iterable[Mapping[str, Any]]) -> Joined:
    """Join the decisions on windows, and on channels, of one recording.

    A region that goes on in the next window is one region, with both texts. Where windows overlap,
    a region that both have is one, as the window has it that holds more of it.

    Args:
        records: At least one, each about another part of the recording; in any order.
    """
    parts = sorted(map(_Part, records), key=lambda one: (one.start, one.end, one.channel or 0))
    channels = dict.fromkeys(part.channel for part in parts)
    regions: list[_Region] = []
    gaps: list[tuple[float, float, int | None]] = []
    remarks: list[str] = []
    for channel in channels:
        own = [part for part in parts if part.channel == channel]
        joined: list[_Region] = []
        reached = own[0].start
        for before, part in zip([None, *own], own, strict=False):
            if part.start > reached + TOUCHING:
                gaps.append((reached, part.start, channel))
            if before is not None:
                remarks += _differences(before, part)
            joined = _with(joined, part, reached)
            reached = max(reached, part.end)
        regions += joined
    regions.sort(key=lambda one: (one.start, one.end))
    return Joined(_record(parts, regions), len(parts), tuple(sorted(gaps)), tuple(remarks))


class _Region(msgspec.Struct):
    """A region in times of the file, and whether a window's border cuts it."""

    start: float
    end: float
    fields: Fields
    from_border: bool = False
    to_border: bool = False

    @property
    def track(self) -> tuple[Any, Any, Any]:
        """What regions that are one have alike."""
        get = self.fields.get
        return get("label"), get("channel"), get("speaker")

    @property
    def text(self) -> str | None:
        text = self.fields.get("text")
        return text if isinstance(text, str) else None


class _Part:
    """A record of a window, or a channel."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.record = record
        chunk = record.get("chunk") or {}
        self.start = float(chunk.get("start", 0.0))
        spans = [one for one in record.get("audio_spans") or () if isinstance(one, dict)]
        last = max((float(one["end"]) for one in spans), default=0.0)
        length = record.get("duration")
        known = float(length) if isinstance(length, int | float) else last
        # A chunk may end behind the sound, which has the last word.
        self.end = self.start + known if known else float(chunk.get("end", self.start))
        self.channel = record.get("channel")
        self.regions = [self._region(one) for one in spans]

    def _region(self, span: Fields) -> _Region:
        start, end = float(span["start"]), float(span["end"])
        fields = {name: value for name, value in span.items() if name not in ("start", "end")}
        if self.channel is not None:
            fields.setdefault("channel", self.channel)
        return _Region(
            round(self.start + start, 6),
            round(self.start + end, 6),
            fields,
            start <= TOUCHING,
            self.start + end >= self.end - TOUCHING,
        )


def _with(before: list[_Region], part: _Part, reached: float) -> list[_Region]:
    """Regions, and those of the next window: what is one region in both becomes one."""
    joined = list(before)
    for region in part.regions:
        twin = next(
            (
                one
                for one in reversed(joined)
                if one.track == region.track and _is_one(one, region, part.start, reached)
            ),
            None,
        )
        if twin is None:
            joined.append(region)
        else:
            joined[joined.index(twin)] = _one_of(twin, region)
    return joined


def _is_one(one: _Region, other: _Region, start: float, reached: float) -> bool:
    """Whether a region of the windows so far and one of the next window are the same.

    Args:
        one: The former.
        other: The latter.
        start: Where the next window begins.
        reached: Where the windows so far end.
    """
    if reached - start <= TOUCHING:
        return one.to_border and other.from_border and other.start - one.end <= 2 * TOUCHING
    return one.start < other.end and other.start < one.end


def _one_of(one: _Region, other: _Region) -> _Region:
    """One region of two: it ends where the window says that holds its end."""
    overlap = one.end > other.start + TOUCHING
    end = other.end if one.to_border else one.end
    fields = one.fields | {
        name: value for name, value in other.fields.items() if name not in one.fields
    }
    texts = [text for text in (one.text, other.text) if text]
    if len(texts) == 2:
        longer = max(texts, key=len)
        same = overlap and (texts[0] in texts[1] or texts[1] in texts[0])
        fields["text"] = longer if same else _overlaid(*texts) if overlap else " ".join(texts)
    to_border = one.to_border and other.to_border
    return _Region(one.start, end, fields, one.from_border, to_border)


def _overlaid(first: str, second: str) -> str:
    """Two texts as one; the words that end the first and begin the second stand there once."""
    words, more = first.split(), second.split()
    for count in range(min(len(words), len(more)), 0, -1):
        if [one.casefold() for one in words[-count:]] == [one.casefold() for one in more[:count]]:
            return " ".join([*words, *more[count:]])
    return f"{first} {second}"


def _differences(before: _Part, part: _Part) -> Iterable[str]:
    """What two windows say differently of the part that both have."""
    start, end = part.start, min(before.end, part.end)
    if end - start <= TOUCHING:
        return
    ours = [one for one in before.regions if one.end > start + TOUCHING]
    theirs = [one for one in part.regions if one.start < end - TOUCHING]
    said: list[tuple[float, str]] = []
    for regions, others in ((ours, theirs), (theirs, ours)):
        for one in regions:
            if not any(
                one.track == other.track and one.start < other.end and other.start < one.end
                for other in others
            ):
                left, right = max(one.start, start), min(one.end, end)
                label = one.fields.get("label") or "a region"
                if right - left > TOUCHING:
                    said.append((left, f"{left:.2f}–{right:.2f} s: only one window has {label}"))
    yield from (sentence for _, sentence in sorted(said))


def _record(parts: Sequence[_Part], regions: Sequence[_Region]) -> Fields:
    first = parts[0].record
    record = {name: value for name, value in first.items() if name not in _OF_A_WINDOW}
    ids: set[str] = set()
    spans = []
    for region in regions:
        span = dict(region.fields)
        if "id" in span:
            span["id"] = _free(str(span["id"]), ids)
        head = {"id": span.pop("id")} if "id" in span else {}
        spans.append(head | {"start": region.start, "end": region.end} | span)
    record["audio_spans"] = spans
    texts = [one.record.get("transcript") for one in parts]
    said = [text for text in texts if isinstance(text, str) and text]
    if any(isinstance(text, str) for text in texts):
        record["transcript"] = " ".join(said)
    record["duration"] = round(max(part.end for part in parts), 6)
    comments = [one.record.get("comment") for one in parts]
    if found := [text for text in comments if isinstance(text, str) and text]:
        record["comment"] = "; ".join(dict.fromkeys(found))
    if any(one.record.get("flagged") for one in parts):
        record["flagged"] = True
    for name in ("_seconds", "_keys"):
        numbers = [one.record.get(name) for one in parts]
        if found_numbers := [one for one in numbers if isinstance(one, int | float)]:
            record[name] = round(sum(found_numbers), 2)
    return record


def _free(id: str, taken: set[str]) -> str:
    """An id that no region has yet."""
    found, number = id, 1
    while found in taken:
        number += 1
        found = f"{id}-{number}"
    taken.add(found)
    return found
