"""Which labels were given: how often, by whom, when, to which strings, and beside what."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator

from tui_annotate.quality.statistics.tally import OTHER, UNKNOWN, CountedRecord, top
from tui_annotate.quality.tables import Cell, Table

MOST_LABELS = 40
MOST_VALUES = 12
MOST_STRINGS = 200_000
"""Strings whose labels are remembered."""
ENOUGH = 20
"""Decisions that an annotator needs for a comparison with others."""
UNLIKELY = 4.0
"""Standard errors beyond which a difference is told."""


class Labels:
    """How often each label was given."""

    def __init__(self) -> None:
        self._units: Counter[str] = Counter()
        self._records: Counter[str] = Counter()
        self._accepted = 0
        self._without = 0
        self._offered: dict[str, None] = {}

    def add(self, record: CountedRecord) -> None:
        """Count a record."""
        if record.answer not in (None, "accept"):
            return
        self._accepted += 1
        self._without += not record.units
        names = [unit.label for unit in record.units]
        self._units.update(names)
        self._records.update(set(names))
        offered = record.fields.get("_labels")
        if isinstance(offered, list) and len(self._offered) < 1000:
            self._offered.update((name, None) for name in offered if isinstance(name, str))

    def tables(self) -> Iterator[Table]:
        """A row a label, the most frequent first."""
        total = self._units.total()
        rows: list[list[Cell]] = [
            [name, count, count / total, self._records[name] if name != OTHER else None]
            for name, count in top(self._units, MOST_LABELS)
        ]
        unused = [name for name in self._offered if name not in self._units]
        rows += [[name, 0, 0.0, 0] for name in unused[:MOST_LABELS]]
        if not rows:
            return
        note = f"{self._without:,} of {self._accepted:,} accepted records have no label."
        if unused:
            note += f" Never given: {', '.join(unused[:10])}."
        columns = ["label", "count", "share", "records"]
        yield Table("labels", "Labels", columns, rows, note, bar="count", shares=["share"])


class LabelsOfAnnotators:
    """Labels that one annotator uses alone, where several had the chance."""

    def __init__(self) -> None:
        self._by_label: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._decided: Counter[str] = Counter()

    def add(self, record: CountedRecord) -> None:
        """Count a record."""
        if record.answer != "accept":
            return
        self._decided[record.annotator] += 1
        for unit in record.units:
            self._by_label[unit.label][record.annotator] += 1

    def tables(self) -> Iterator[Table]:
        """A row for each such label."""
        busy = [name for name, count in self._decided.items() if count >= ENOUGH]
        if len(busy) < 2:
            return
        rows: list[list[Cell]] = []
        for label, counts in sorted(self._by_label.items()):
            if len(counts) == 1 and counts.total() >= 5:
                ((name, count),) = counts.items()
                rows.append([label, name, count])
        if rows:
            note = f"{len(busy)} annotators decided {ENOUGH} records or more."
            columns = ["label", "annotator", "count"]
            yield Table("alone", "Labels that one annotator uses alone", columns, rows, note)


class LabelsBy:
    """How labels spread over the values of a field.

    Args:
        field: A path, such as ``meta.source``.
    """

    def __init__(self, field: str) -> None:
        self._field = field
        self._path = field.split(".")
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._records: Counter[str] = Counter()

    def add(self, record: CountedRecord) -> None:
        """Count a record."""
        if record.answer not in (None, "accept"):
            return
        value: object = record.fields
        for name in self._path:
            value = value.get(name) if isinstance(value, dict) else None
        said = UNKNOWN if value is None else str(value)[:80]
        if said not in self._records and len(self._records) >= 10_000:
            said = OTHER
        self._records[said] += 1
        self._counts[said].update(unit.label for unit in record.units)

    def tables(self) -> Iterator[Table]:
        """A row for each value and label that is much more or less frequent than elsewhere."""
        every: Counter[str] = Counter()
        for counts in self._counts.values():
            every += counts
        labels = [name for name, _ in every.most_common(6)]
        rows: list[list[Cell]] = []
        for value, count in top(self._records, MOST_VALUES):
            counts = self._counts[value]
            total = counts.total() or 1
            rows.append([value, count, *(counts[label] / total for label in labels)])
        columns = [self._field, "records", *labels]
        note = "Shares of the labels among all that were given there."
        odd = list(self._odd(every))
        if odd:
            note += " Unlikely by chance: " + "; ".join(odd[:8]) + "."
        title = f"Labels by {self._field}"
        yield Table("by", title, columns, rows, note, shares=labels)

    def _odd(self, every: Counter[str]) -> Iterator[str]:
        total = every.total()
        for value, _ in self._records.most_common(MOST_VALUES):
            counts = self._counts[value]
            size, others = counts.total(), total - counts.total()
            for label, count in every.most_common(20):
                z = difference(counts[label], size, count - counts[label], others)
                if abs(z) > UNLIKELY:
                    yield f"{'more' if z > 0 else 'less'} {label} in {value}"


def difference(hits: int, of: int, others: int, of_others: int) -> float:
    """How far two shares are apart, in standard errors; 0 where one is of too few.

    The z statistic of two proportions with a pooled variance.
    """
    if min(of, of_others) < ENOUGH:
        return 0.0
    pooled = (hits + others) / (of + of_others)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_others))
    return (hits / of - others / of_others) / error if error else 0.0


class Strings:
    """Strings that were labelled in two ways."""

    def __init__(self) -> None:
        self._labels: dict[str, Counter[str] | str] = {}
        self._full = False

    def add(self, record: CountedRecord) -> None:
        """Count a record."""
        text = record.fields.get("text")
        if not isinstance(text, str) or not record.units:
            return
        for label, start, end in record.units:
            if type(start) is int and type(end) is int and 0 < end - start < 80:
                self._take(text[start:end], label)

    def _take(self, string: str, label: str) -> None:
        known = self._labels.get(string)
        if known is None:
            if len(self._labels) >= MOST_STRINGS:
                self._full = True
            else:
                self._labels[string] = label
            return
        if isinstance(known, str):
            # Most strings are met once: a counter for each would fill the memory.
            known = self._labels[string] = Counter((known,))
        known[label] += 1

    def tables(self) -> Iterator[Table]:
        """A row for each such string, those with the most doubt first."""
        found: list[tuple[int, str, Counter[str]]] = []
        for string, labels in self._labels.items():
            if isinstance(labels, Counter) and len(labels) > 1:
                found.append((labels.total() - labels.most_common(1)[0][1], string, labels))
        found.sort(key=lambda item: (-item[0], item[1]))
        rows: list[list[Cell]] = [
            [string, ", ".join(f"{name} {count}" for name, count in labels.most_common(4))]
            for _, string, labels in found[:20]
        ]
        if rows:
            note = f"{len(found):,} of {len(self._labels):,} labelled strings."
            if self._full:
                note += f" Only the first {MOST_STRINGS:,} strings were looked at."
            title = "Strings that are labelled in two ways"
            yield Table("strings", title, ["string", "labels"], rows, note)


class Drift:
    """Labels whose share changes from the first quarter of the decisions to the last."""

    def __init__(self) -> None:
        self._parts: list[Counter[str]] = []
        self._size = 50
        self._in_last = 0

    def add(self, record: CountedRecord) -> None:
        """Count a record."""
        if record.answer != "accept":
            return
        if not self._parts or self._in_last == self._size:
            if len(self._parts) == 64:
                self._parts = [
                    one + other
                    for one, other in zip(self._parts[::2], self._parts[1::2], strict=True)
                ]
                self._size *= 2
            self._parts.append(Counter())
            self._in_last = 0
        self._parts[-1].update(unit.label for unit in record.units)
        self._in_last += 1

    def tables(self) -> Iterator[Table]:
        """A row for each such label."""
        quarter = len(self._parts) // 4
        if not quarter:
            return
        first: Counter[str] = Counter()
        last: Counter[str] = Counter()
        for part in self._parts[:quarter]:
            first += part
        for part in self._parts[-quarter:]:
            last += part
        rows: list[list[Cell]] = []
        for label in sorted({*first, *last}):
            z = difference(last[label], last.total(), first[label], first.total())
            if abs(z) > UNLIKELY:
                rows.append([label, first[label] / first.total(), last[label] / last.total()])
        if rows:
            columns = ["label", "first quarter", "last quarter"]
            note = "In the order of the lines: guidelines, texts or annotators changed."
            title = "Labels whose share changed"
            yield Table("drift", title, columns, rows, note, shares=columns[1:])
