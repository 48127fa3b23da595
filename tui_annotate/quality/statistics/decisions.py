"""Who decided what, when, how quickly, and with which notes."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator

from tui_annotate.quality.statistics.tally import CountedRecord, mean, number_of, quantile
from tui_annotate.quality.tables import Cell, Table

ANSWERS = ("accept", "reject", "ignore")
HOURS_SHOWN = 24


class Decisions:
    """Decisions by annotator and answer, with flags, comments, time and keys."""

    def __init__(self) -> None:
        self._answers: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._notes: Counter[str] = Counter()
        self._undecided = 0

    def add(self, record: CountedRecord) -> None:
        """Count a record."""
        if record.answer is None:
            self._undecided += 1
            return
        counts = self._answers[record.annotator]
        counts[record.answer] += 1
        fields = record.fields
        counts["flagged"] += fields.get("flagged") is True
        counts["comments"] += bool(fields.get("comment"))

    def tables(self) -> Iterator[Table]:
        """A row for each annotator, and one for all."""
        if not self._answers:
            yield Table("records", "Records", ["what", "count"], [["not decided", self._undecided]])
            return
        rows = [
            self._row(name, counts)
            for name, counts in sorted(
                self._answers.items(), key=lambda item: (-_decided(item[1]), item[0])
            )
        ]
        if len(rows) > 1:
            every: Counter[str] = Counter()
            for counts in self._answers.values():
                every += counts
            rows.append(self._row("all", every))
        note = f"{self._undecided:,} records are not decided." if self._undecided else ""
        columns = ["annotator", "decided", *ANSWERS, "flagged", "comments"]
        yield Table("decisions", "Decisions", columns, rows, note)

    def _row(self, name: str, counts: Counter[str]) -> list[Cell]:
        answers = [counts[answer] for answer in ANSWERS]
        return [name, _decided(counts), *answers, counts["flagged"], counts["comments"]]


def _decided(counts: Counter[str]) -> int:
    return counts.total() - counts["flagged"] - counts["comments"]


class Pace:
    """How quickly decisions were made: by annotator, and by hour."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._keys: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._hours: Counter[int] = Counter()
        self._worked: defaultdict[int, float] = defaultdict(float)

    def add(self, record: CountedRecord) -> None:
        """Count a record."""
        if record.answer is None:
            return
        fields = record.fields
        seconds, keys = number_of(fields, "_seconds"), number_of(fields, "_keys")
        if seconds is not None and seconds >= 0:
            # To a tenth below a minute, to a second below an hour: as exact as the figures.
            step = 0.1 if seconds < 60 else 1 if seconds < 3600 else 60
            self._seconds[record.annotator][round(round(seconds / step) * step * 10)] += 1
        if keys is not None and keys >= 0:
            self._keys[record.annotator][min(int(keys), 100_000)] += 1
        when = number_of(fields, "_timestamp")
        if when is not None and 0 <= when < 1e11:
            hour = int(when) // 3600
            self._hours[hour] += 1
            self._worked[hour] += seconds or 0.0

    def tables(self) -> Iterator[Table]:
        """Seconds and keys an item by annotator, and decisions by hour."""
        rows: list[list[Cell]] = []
        for name in sorted({*self._seconds, *self._keys}):
            seconds, keys = self._seconds[name], self._keys[name]
            tenths: list[Cell] = [None, None, None]
            if seconds:
                tenths = [
                    quantile(seconds, 0.5) / 10,
                    quantile(seconds, 0.9) / 10,
                    mean(seconds) * seconds.total() / 36_000,
                ]
            pressed: list[Cell] = [mean(keys), quantile(keys, 0.9)] if keys else [None, None]
            rows.append([name, *tenths, *pressed])
        if rows:
            columns = ["annotator", "seconds (median)", "seconds (90 %)", "hours in all",
                       "keys (mean)", "keys (90 %)"]  # fmt: skip
            note = "Active time on an item, without breaks, and keys pressed on it."
            yield Table("pace", "Pace", columns, rows, note)
        if self._hours:
            yield self._by_hour()

    def _by_hour(self) -> Table:
        hours = sorted(self._hours)[-HOURS_SHOWN:]
        rows: list[list[Cell]] = [
            [
                time.strftime("%Y-%m-%d %H:00", time.localtime(hour * 3600)),
                self._hours[hour],
                self._worked[hour] / 60,
            ]
            for hour in hours
        ]
        more = len(self._hours) - len(hours)
        note = f"The last {len(hours)} of {len(self._hours)} hours with decisions." if more else ""
        columns = ["hour", "decisions", "active minutes"]
        return Table("hours", "Decisions by hour", columns, rows, note, bar="decisions")
