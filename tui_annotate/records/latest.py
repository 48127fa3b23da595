"""The last decision on each task by each annotator."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from hashlib import blake2b
from typing import Any

from tui_annotate.records.reading import Line
from tui_annotate.task.task import task_hash


def annotator_of(fields: Mapping[str, Any]) -> str | None:
    """Who decided: `_annotator_id`, else `_session_id`; None where the record does not say."""
    for name in ("_annotator_id", "_session_id"):
        value = fields.get(name)
        if isinstance(value, str) and value:
            return value
    return None


def decision_of(fields: Mapping[str, Any]) -> Hashable | None:
    """What a record decides: a task, as one annotator; None for a record that decides nothing.

    The task is known by its `_task_id`, and in files of other programs by its `_task_hash`.
    A task that was asked again on purpose (`_repeat`) is decided twice.
    """
    if "answer" not in fields:
        return None
    own = fields.get("_task_id")
    task = own if isinstance(own, str) else task_hash(fields)
    return task, annotator_of(fields), fields.get("_repeat") is True


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
        key = _key(decision if decision is not None else (place,))
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


def _key(decision: Hashable) -> int:
    return int.from_bytes(blake2b(repr(decision).encode(), digest_size=8).digest(), "big")
