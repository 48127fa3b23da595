"""How often each source has been right of late."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

import msgspec

from tui_annotate.suggest.suggestion import Suggestion

WINDOW = 20
"""How many of the newest suggestions of a source and label count."""

_ENOUGH = 5
"""Fewer say nothing about a source."""


class Score(msgspec.Struct, frozen=True, order=True):
    """How a source did with a label: so many right of those shown last.

    Attributes:
        source: The source.
        label: The label.
        right: How many were kept as they were.
        shown: How many were shown; at most `WINDOW`.
    """

    source: str
    label: str
    right: int
    shown: int

    @property
    def mostly_wrong(self) -> bool:
        """Whether hardly any of them was right, over enough of them to tell.

        A third: the best keyphrases there are for a text are right in less than half.
        """
        return self.shown >= _ENOUGH and 3 * self.right < self.shown


class TrackRecord:
    """The newest outcomes of each source and label."""

    def __init__(self) -> None:
        self._outcomes: dict[tuple[str, str], deque[tuple[str, bool]]] = {}

    def add(
        self,
        task_id: str,
        suggested: Iterable[Suggestion],
        spans: Iterable[tuple[int, int, str]],
    ) -> None:
        """Take in an accepted task.

        Args:
            task_id: Its id; a task that is decided again counts once.
            suggested: What was shown in it.
            spans: Start, end and label of its final spans. A suggestion was
                right if it is one of them.
        """
        self.forget(task_id)
        # No more than the newest count, and of a long text there are many.
        newest: dict[tuple[str, str], deque[Suggestion]] = {}
        for s in suggested:
            key = s.source, s.label
            try:
                newest[key].append(s)
            except KeyError:
                newest[key] = deque((s,), WINDOW)
        asked = {(s.start, s.end, s.label) for shown in newest.values() for s in shown}
        right = asked.intersection(spans)
        for key, shown in newest.items():
            outcomes = self._outcomes.setdefault(key, deque(maxlen=WINDOW))
            outcomes.extend((task_id, (s.start, s.end, s.label) in right) for s in shown)

    def forget(self, task_id: str) -> None:
        """Take a task out again, as when it is reopened."""
        for key, outcomes in self._outcomes.items():
            if any(task == task_id for task, _ in outcomes):
                rest = [outcome for outcome in outcomes if outcome[0] != task_id]
                self._outcomes[key] = deque(rest, maxlen=WINDOW)

    def scores(self) -> list[Score]:
        """Every source and label of which anything was shown, sorted."""
        return sorted(
            Score(source, label, sum(right for _, right in outcomes), len(outcomes))
            for (source, label), outcomes in self._outcomes.items()
            if outcomes
        )

    def of(self, source: str) -> tuple[int, int]:
        """How many of a source were right, and shown, over all its labels."""
        own = [score for score in self.scores() if score.source == source]
        return sum(score.right for score in own), sum(score.shown for score in own)

    def wrong_more_often(self) -> Sequence[Score]:
        """The sources and labels to warn about, the worst first."""
        bad = [score for score in self.scores() if score.mostly_wrong]
        return sorted(bad, key=lambda score: (score.right / score.shown, score))
