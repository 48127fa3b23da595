"""All tallies over all records."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

from tui_annotate.quality.statistics.decisions import Decisions, Pace
from tui_annotate.quality.statistics.inputs import Inputs, Lengths
from tui_annotate.quality.statistics.labels import (
    Drift,
    Labels,
    LabelsBy,
    LabelsOfAnnotators,
    Strings,
)
from tui_annotate.quality.statistics.sounds import Sounds
from tui_annotate.quality.statistics.suggestions import Suggestions
from tui_annotate.quality.statistics.tally import Tally, all_tables, counted_record
from tui_annotate.quality.tables import Table
from tui_annotate.records.latest import decision_of
from tui_annotate.records.reading import Line


class Statistics:
    """Counts what is in records as they go by.

    Args:
        by: Fields over whose values labels are spread, such as ``meta.source``.
    """

    def __init__(self, by: Sequence[str] = ()) -> None:
        self._tallies: list[Tally] = [
            Decisions(),
            Labels(),
            *(LabelsBy(field) for field in by),
            Suggestions(),
            Sounds(),
            Lengths(),
            Pace(),
            LabelsOfAnnotators(),
            Strings(),
            Drift(),
            Inputs(),
        ]
        self._decided = array("Q")

    def read(self, lines: Iterable[Line]) -> None:
        """Count records."""
        for file, number, _, fields in lines:
            record = counted_record(fields, file, number)
            for tally in self._tallies:
                tally.add(record)
            if (decision := decision_of(fields)) is not None:
                self._decided.append(decision)

    def tables(self) -> Iterator[Table]:
        """What was counted."""
        yield from all_tables(self._tallies)

    def superseded(self) -> int:
        """How many decisions were made again by the same annotator, and were counted twice."""
        import numpy as np

        decided = np.frombuffer(self._decided, dtype=np.uint64)
        return len(decided) - len(np.unique(decided))
