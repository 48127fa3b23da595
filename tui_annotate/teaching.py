"""What the suggestion sources learn from decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_annotate.course import Course
from tui_annotate.desk import Desk
from tui_annotate.kinds import Kind
from tui_annotate.suggest.record import TrackRecord


class Teaching:
    """Tells the sources how tasks were decided, and keeps their track record."""

    def __init__(self, desk: Desk, kind: Kind) -> None:
        self._desk = desk
        self._kind = kind
        self.record = TrackRecord()

    def learn(self, text: str, line: Mapping[str, Any]) -> None:
        """Learn from a decision.

        Args:
            text: The text of the task.
            line: The line that decided it.
        """
        options = self._desk.description.options
        self._kind.remember(options, line)
        lessons = self._kind.taught(options, line)
        for lesson in lessons:
            kept = {(start, end) for start, end, _ in lesson.labelled}
            dropped = [(s.start, s.end) for s in lesson.claimed if (s.start, s.end) not in kept]
            labels = line.get("_labels") or () if lesson.labels is None else lesson.labels
            self._desk.preparation.learn(text, lesson.labelled, labels, dropped, lesson.sources)
        if lessons:
            self.record.add(
                str(line.get("_task_id", "")),
                [one for lesson in lessons for one in lesson.claimed],
                [one for lesson in lessons for one in lesson.labelled],
            )

    def recall(self, course: Course, decisions: int) -> None:
        """Learn again from the newest decisions, as the sources did when they were made."""
        journal = self._desk.journal
        newest = journal.decisions
        for number in range(max(newest - decisions, 0), newest):
            task_id = course.decided_at(number)
            line = journal.last(task_id) if task_id is not None else None
            if line is not None and isinstance(line.get("text"), str):
                self.learn(line["text"], line)
