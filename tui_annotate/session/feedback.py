"""What the suggestion sources learn from decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

from tui_annotate.kinds import Kind
from tui_annotate.session.context import SessionContext
from tui_annotate.session.queue import TaskQueue
from tui_annotate.session.record import MALFORMED
from tui_annotate.suggest.track_record import TrackRecord

EARLIER = 10_000
"""How many of the decisions before the newest a kind may be told of."""

MANY = 1000
"""Of a line with more spans one learns when there is time."""


class Feedback:
    """Tells the sources how tasks were decided, and keeps their track record."""

    def __init__(self, context: SessionContext, kind: Kind) -> None:
        self._context = context
        self._kind = kind
        self.record = TrackRecord()
        self._earlier: Iterator[int] = iter(())
        self._due: list[tuple[str, Mapping[str, Any]]] = []

    def decided(self, text: str, line: Mapping[str, Any]) -> None:
        """Learn from a decision at once, or, where that takes long and can wait, afterwards.

        It cannot wait where a source says something else about the next task for it.
        """
        spans = line.get("spans")
        many = isinstance(spans, list) and len(spans) > MANY
        if many and not self._context.preparation.minds_dropped:
            self._due.append((text, line))
        else:
            self.catch_up()
            self.learn(text, line)

    def catch_up(self) -> bool:
        """Learn from the decisions that waited; whether any did."""
        due, self._due = self._due, []
        for text, line in due:
            self.learn(text, line)
        return bool(due)

    def learn(self, text: str, line: Mapping[str, Any]) -> None:
        """Learn from a decision.

        Args:
            text: The text of the task.
            line: The line that decided it.
        """
        options = self._context.description.options
        self._kind.remember(options, line)
        lessons = self._kind.taught(options, line)
        for lesson in lessons:
            dropped: list[tuple[int, int]] = []
            if self._context.preparation.minds_dropped:
                kept = {(start, end) for start, end, _ in lesson.labelled}
                places = [(s.start, s.end) for s in lesson.claimed]
                dropped = [place for place in places if place not in kept]
            labels = line.get("_labels") or () if lesson.labels is None else lesson.labels
            self._context.preparation.learn(text, lesson.labelled, labels, dropped, lesson.sources)
        if lessons:
            self.record.add(
                str(line.get("_task_id", "")),
                [one for lesson in lessons for one in lesson.claimed],
                [one for lesson in lessons for one in lesson.labelled],
            )

    def recall(self, course: TaskQueue, decisions: int) -> None:
        """Learn again from the newest decisions, as the sources did when they were made."""
        newest = self._context.journal.decisions
        first = max(newest - decisions, 0)
        for number in range(first, newest):
            line = self._line(course, number)
            if line is not None:
                # One that cannot be read teaches nothing.
                with suppress(*MALFORMED):
                    self.learn(str(line.get("text") or ""), line)
        if self._kind.recall is not None:
            self._earlier = iter(range(first - 1, max(first - EARLIER, 0) - 1, -1))

    def recall_earlier(self, course: TaskQueue, decisions: int) -> bool:
        """Let the kind know of some decisions before those; whether there are more of them."""
        tell = self._kind.recall
        for number in islice(self._earlier, decisions):
            line = self._line(course, number)
            if line is not None and tell is not None:
                with suppress(*MALFORMED):
                    tell(self._context.description.options, line)
            decisions -= 1
        return not decisions

    def _line(self, course: TaskQueue, number: int) -> Mapping[str, Any] | None:
        task_id = course.decided_at(number)
        line = self._context.journal.last(task_id) if task_id is not None else None
        if line is None or not ("audio" in line or isinstance(line.get("text"), str)):
            return None
        return line
