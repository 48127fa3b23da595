"""What counts something while records go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from tui_annotate.quality.tables import Table
from tui_annotate.task.decision import annotator_of
from tui_annotate.task.task import Fields

UNKNOWN = "(not said)"
OTHER = "(others)"


class Unit(NamedTuple):
    """One thing that was labelled.

    Attributes:
        label: Its label.
        start: Where it begins: code points, or seconds; None for the whole input.
        end: Where it ends.
    """

    label: str
    start: float | None = None
    end: float | None = None


class CountedRecord(NamedTuple):
    """A record with what most tallies ask of it.

    Attributes:
        fields: The record.
        place: The file as the user named it, and the line.
        annotator: Who decided; `UNKNOWN` where the record does not say.
        answer: The decision; None of a record that decides nothing.
        units: What was labelled; nothing in a record that was not accepted.
    """

    fields: Fields
    place: tuple[str, int]
    annotator: str
    answer: str | None
    units: list[Unit]


class Tally(Protocol):
    """Counts something."""

    def add(self, record: CountedRecord) -> None:
        """Count a record."""
        ...

    def tables(self) -> Iterator[Table]:
        """What was counted; nothing where there is nothing to say."""
        ...


def counted_record(fields: Fields, file: str, line: int) -> CountedRecord:
    """A record as tallies take it."""
    answer = fields.get("answer")
    return CountedRecord(
        fields,
        (file, line),
        annotator_of(fields) or UNKNOWN,
        answer if isinstance(answer, str) else None,
        units_of(fields) if answer in (None, "accept") else [],
    )


def units_of(fields: Fields) -> list[Unit]:
    """What is labelled in a record, of whatever kind."""
    units: list[Unit] = []
    for name in ("spans", "audio_spans"):
        spans = fields.get(name)
        if type(spans) is list:
            for span in spans:
                if type(span) is dict:
                    label, start, end = span.get("label"), span.get("start"), span.get("end")
                    if type(label) is str and _is_number(start) and _is_number(end):
                        units.append(Unit(label, start, end))
    chosen = fields.get("accept")
    if type(chosen) is list:
        units += [Unit(str(value)) for value in chosen if isinstance(value, str | int)]
    label = fields.get("label")
    if type(label) is str and label:
        units.append(Unit(label))
    return units


def _is_number(value: object) -> bool:
    return type(value) is int or type(value) is float


def number_of(fields: Mapping[str, Any], name: str) -> float | None:
    """A field that is a number; None where it is missing, or is none."""
    value = fields.get(name)
    return float(value) if _is_number(value) else None  # type: ignore[arg-type]


def top(counts: Counter[str], most: int) -> list[tuple[str, int]]:
    """The largest counts, and the rest as one."""
    found = counts.most_common()
    rest = sum(count for _, count in found[most:])
    return [*found[:most], *([(OTHER, rest)] if rest else [])]


def quantile(counts: Mapping[int, int], share: float) -> int:
    """The value below which a share of what was counted lies."""
    total, seen = sum(counts.values()), 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= share * total:
            return value
    return 0


def mean(counts: Mapping[int, int]) -> float:
    """The mean of the values that were counted."""
    total = sum(counts.values())
    return sum(value * count for value, count in counts.items()) / total if total else 0.0


def all_tables(tallies: Iterable[Tally]) -> Iterator[Table]:
    """The tables of several tallies."""
    for tally in tallies:
        yield from tally.tables()
