"""What the suggestion sources learn from decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from tui_annotate.editors.base import Informing
from tui_annotate.session.context import SessionContext
from tui_annotate.session.item import Item
from tui_annotate.session.queue import Queue
from tui_annotate.session.record import MALFORMED
from tui_annotate.suggest.track_record import TrackRecord

EARLIER = 10_000
"""How many of the decisions before the newest a kind may be told of."""

MANY = 1000
"""A line with more spans is learned from when there is time."""


class Feedback:
    """Tells the sources how tasks were decided, and keeps their track record."""

    def __init__(self, context: SessionContext, queue: Queue) -> None:
        self._context = context
        self._kind = context.kind
        self._queue = queue
        self.record = TrackRecord()
        self._earlier: Iterator[int] = iter(())
        self._told: Sequence[tuple[int, int, str]] | None = None
        self._due: list[tuple[str, Mapping[str, Any]]] = []

    def edited(self, item: Item) -> None:
        """Tell the sources at once what an editor knows that matters for the task itself."""
        if isinstance(item.editor, Informing):
            evidence = item.editor.evidence
            if evidence is not None and evidence is not self._told:
                self._told = evidence
                self._context.preparation.learn(item.task.text, evidence, position=item.position)

    def decided(self, text: str, line: Mapping[str, Any]) -> None:
        """Learn from a decision at once, or, where that takes long and can wait, afterwards.

        It cannot wait where a source says something else about the next task for it.
        """
        spans = line.get("spans")
        many = isinstance(spans, list) and len(spans) > MANY
        if many and not self._context.learners:
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
        units = self._kind.units(options, line)
        for unit in units:
            dropped: list[tuple[int, int]] = []
            if self._context.learners:
                kept = {(start, end) for start, end, _ in unit.labelled}
                places = [(s.start, s.end) for s in unit.claimed]
                dropped = [place for place in places if place not in kept]
            labels = line.get("_labels") or () if unit.labels is None else unit.labels
            self._context.learners.learn(text, unit.labelled, labels, dropped, unit.sources)
            self._context.preparation.learn(text, unit.labelled, sources=unit.sources)
        if units:
            self.record.add(
                str(line.get("_task_id", "")),
                [one for unit in units for one in unit.claimed],
                [one for unit in units for one in unit.labelled],
            )

    def replay(self, decisions: int = 100) -> None:
        """Learn again from the newest decisions, as the sources did when they were made."""
        newest = self._context.journal.decisions
        first = max(newest - decisions, 0)
        for number in range(first, newest):
            line = self._line(number)
            if line is not None:
                # One that cannot be read teaches nothing.
                with suppress(*MALFORMED):
                    self.learn(str(line.get("text") or ""), line)
        if self._kind.replay is not None:
            self._earlier = iter(range(first - 1, max(first - EARLIER, 0) - 1, -1))

    def replay_earlier(self, decisions: int = 20) -> bool:
        """Let the kind know of some decisions before those; whether there are more of them."""
        tell = self._kind.replay
        for number in islice(self._earlier, decisions):
            line = self._line(number)
            if line is not None and tell is not None:
                with suppress(*MALFORMED):
                    tell(self._context.description.options, line)
            decisions -= 1
        return not decisions

    def _line(self, number: int) -> Mapping[str, Any] | None:
        line = self._queue.decision(number)
        if line is None or not ("audio" in line or isinstance(line.get("text"), str)):
            return None
        return line
