"""The last decision on each task by each annotator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tui_annotate.records.reading import Line
from tui_annotate.store.keys import key_of
from tui_annotate.task.decision import annotator_of, identity


def decision_of(fields: Mapping[str, Any]) -> int | None:
    """A number for what a record decides: a task, as one annotator; None where nothing is."""
    task = identity(fields)
    return None if task is None else key_of(f"{task}\0{annotator_of(fields)}")


class Latest:
    """Which of many records are the last of their task and annotator.

    Where both say when they were decided, the later one counts; else the one that comes
    later. It holds about 150 bytes for each decision, and nothing of its content.
    """

    def __init__(self, records: Iterable[Line]) -> None:
        self._best: dict[int, tuple[float, int]] = {}
        self.count = 0
        self.superseded = 0
        for line in records:
            self._take(line.fields, self.count)
            self.count += 1
        self._kept = {place for _, place in self._best.values()}

    def _take(self, fields: Mapping[str, Any], place: int) -> None:
        decision = decision_of(fields)
        # What decides nothing is superseded by nothing.
        key = decision if decision is not None else -1 - place
        when = fields.get("_timestamp")
        at = float(when) if isinstance(when, int | float) else float("-inf")
        before = self._best.get(key)
        if before is not None:
            self.superseded += 1
            if float("-inf") < at < before[0]:
                return
        self._best[key] = at, place

    def holds(self, place: int) -> bool:
        """Whether the record that came at that place, from 0, is the last of its kind."""
        return place in self._kept
