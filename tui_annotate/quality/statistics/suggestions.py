"""What became of suggestions: kept, changed or dropped."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from tui_annotate.quality.statistics.tally import CountedRecord, Unit
from tui_annotate.quality.tables import Cell, Table

MOST_ROWS = 30
CLOSE = 0.01
"""Seconds by which the borders of a region may differ and it is still kept."""


class Suggestions:
    """Suggestions by source and label, compared with what was accepted."""

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def add(self, record: CountedRecord) -> None:
        """Count a record."""
        offered = record.fields.get("_suggested")
        if record.answer != "accept" or not isinstance(offered, list) or not offered:
            return
        units = record.units
        exact = {(unit.start, unit.end, unit.label) for unit in units}
        labels = {unit.label for unit in units if unit.start is None}
        spans = sorted(
            (unit for unit in units if unit.start is not None), key=lambda unit: unit.start or 0
        )
        for entry in offered:
            if isinstance(entry, dict) and not entry.get("hints_only"):
                label = str(entry.get("label", ""))
                source = str(entry.get("source", "task"))
                start, end = entry.get("start"), entry.get("end")
                if (start, end, label) in exact or (not spans and label in labels):
                    fate = "kept"
                elif isinstance(start, int | float) and isinstance(end, int | float):
                    fate = _fate(Unit(label, start, end), spans)
                else:
                    fate = "dropped"
                self._counts[source, label][fate] += 1

    def tables(self) -> Iterator[Table]:
        """A row for each source and label, and one for each source."""
        if not self._counts:
            return
        sources: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for (source, _), counts in self._counts.items():
            sources[source] += counts
        rows: list[list[Cell]] = []
        for source, counts in sorted(sources.items(), key=lambda item: -item[1].total()):
            rows.append(_row(source, "all", counts))
            of_source = [
                (label, found) for (name, label), found in self._counts.items() if name == source
            ]
            of_source.sort(key=lambda item: -item[1].total())
            if len(of_source) > 1:
                rows += [_row(source, label, found) for label, found in of_source]
        more = len(rows) - MOST_ROWS
        note = f"{more} more rows are in --json." if more > 0 else ""
        columns = ["source", "label", "suggested", "kept", "changed", "dropped", "kept share"]
        title = "Suggestions"
        yield Table("suggestions", title, columns, rows, note, shares=["kept share"])


def _row(source: str, label: str, counts: Counter[str]) -> list[Cell]:
    total = counts.total()
    fates = [counts[fate] for fate in ("kept", "changed", "dropped")]
    return [source, label, total, *fates, fates[0] / total]


def _fate(suggested: Unit, spans: list[Unit]) -> str:
    """Whether something else stands where a suggestion did."""
    start, end = suggested.start or 0, suggested.end or 0
    for label, begin, stop in spans:
        if begin is None or stop is None or stop <= start:
            continue
        if begin >= end:
            break
        near = abs(begin - start) <= CLOSE and abs(stop - end) <= CLOSE
        return "kept" if near and label == suggested.label else "changed"
    return "dropped"
