"""How much sound there is, and how much of it is what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from tui_annotate.quality.statistics.tally import CountedRecord, number_of
from tui_annotate.quality.tables import Cell, Table

MOST_ROWS = 30


class Sounds:
    """Hours of sound, and of what is in it."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._unknown = 0
        self._sounds = 0
        self._overlap = 0.0
        self._spoken = 0.0
        self._by_label: defaultdict[str, float] = defaultdict(float)
        self._regions: Counter[str] = Counter()
        self._by_speaker: defaultdict[str, float] = defaultdict(float)
        self._turns: Counter[str] = Counter()

    def add(self, record: CountedRecord) -> None:
        """Count a record."""
        fields = record.fields
        if "audio" not in fields or record.answer not in (None, "accept"):
            return
        self._sounds += 1
        seconds = _length(record)
        if seconds is None:
            self._unknown += 1
        else:
            self._seconds += seconds
        stretches: list[tuple[float, float]] = []
        spans = fields.get("audio_spans")
        for span in spans if isinstance(spans, list) else ():
            if not isinstance(span, dict):
                continue
            start, end = number_of(span, "start"), number_of(span, "end")
            if start is None or end is None or end <= start:
                continue
            label, speaker = span.get("label"), span.get("speaker")
            if isinstance(label, str):
                self._by_label[label] += end - start
                self._regions[label] += 1
            if isinstance(speaker, str) and speaker:
                self._by_speaker[speaker] += end - start
                self._turns[speaker] += 1
            stretches.append((start, end))
        covered, overlap = _covered(stretches)
        self._spoken += covered
        self._overlap += overlap

    def tables(self) -> Iterator[Table]:
        """The sums, and a row for each label and speaker."""
        if not self._sounds:
            return
        hours = self._seconds / 3600
        rows: list[list[Cell]] = [
            ["recordings", self._sounds],
            ["hours of audio", hours],
            ["hours within regions", self._spoken / 3600],
            ["hours where regions overlap", self._overlap / 3600],
        ]
        note = f"{self._unknown:,} records do not say how long they are." if self._unknown else ""
        yield Table("sounds", "Recordings", ["what", "amount"], rows, note)
        for name, title, seconds, counts in (
            ("regions", "Regions by label", self._by_label, self._regions),
            ("speakers", "Speakers", self._by_speaker, self._turns),
        ):
            if seconds:
                largest = sorted(seconds.items(), key=lambda item: -item[1])[:MOST_ROWS]
                yield Table(
                    name,
                    title,
                    ["name", "regions", "minutes"],
                    [[key, counts[key], value / 60] for key, value in largest],
                    bar="minutes",
                )


def _length(record: CountedRecord) -> float | None:
    chunk = record.fields.get("chunk")
    if isinstance(chunk, dict):
        start, end = number_of(chunk, "start"), number_of(chunk, "end")
        return end - start if start is not None and end is not None else None
    return number_of(record.fields, "duration")


def _covered(stretches: list[tuple[float, float]]) -> tuple[float, float]:
    """How long one stretch or more last, and how long two or more."""
    borders = sorted([(start, 1) for start, _ in stretches] + [(end, -1) for _, end in stretches])
    covered = overlap = 0.0
    depth, before = 0, 0.0
    for at, change in borders:
        covered += (at - before) * (depth >= 1)
        overlap += (at - before) * (depth >= 2)
        depth += change
        before = at
    return covered, overlap
