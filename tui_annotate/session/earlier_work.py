"""Decisions and drafts whose task has left the source, found for a text that is nearly theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from tui_annotate.session.context import SessionContext
from tui_annotate.session.draft_tokens import TEXT_KEPT
from tui_annotate.session.drafts import DraftKeeper
from tui_annotate.session.item import Item
from tui_annotate.text.alignment import Alignment, likeness
from tui_annotate.text.display import safe

MOST = 10_000
"""So many of the newest decisions are looked through."""

ALIKE = 0.75
"""How much two texts have to have in common."""

STEP = 0.004
"""The seconds that may be spent on looking before the next key."""

_SHORTEST = 12
_GRAM = 5
_SKETCH = 16
_IN_COMMON = 3
_SKETCHED = 20_000
"""The characters of a text that its sketch is made of."""

_CHANGES = 3
"""So many of the differences between two texts are told."""


class EarlierText(msgspec.Struct, frozen=True):
    """Work on a text that is not in the source any more.

    Attributes:
        task_id: The task it was.
        text: The text.
        decision: The line that decided it; None for a draft.
    """

    task_id: str
    text: str
    decision: Mapping[str, Any] | None = None

    def told(self, item: Item) -> str:
        """What to say of it, and of what is different in the text of a task."""
        aligned = Alignment(self.text, item.task.text)
        changes = list(aligned.changes())
        shown = [
            f"{safe(was, 24)} → {safe(now, 24)}" if was and now
            else f"without {safe(was, 24)}" if was else f"with {safe(now, 24)}"
            for was, now in changes[:_CHANGES]
        ]  # fmt: skip
        if len(changes) > _CHANGES:
            shown.append(f"{len(changes) - _CHANGES} more")
        differs = f" ({', '.join(shown)})" if shown else ""
        return f"almost this text{differs} {self._done()}"

    def _done(self) -> str:
        line = self.decision
        if line is None:
            return "has a draft"
        answer = {"accept": "accepted", "reject": "rejected"}.get(
            str(line.get("answer")), "skipped"
        )
        parts = [f"was {answer} before"]
        spans, chosen = line.get("spans"), line.get("accept")
        if isinstance(chosen, list):
            parts.append(safe(", ".join(map(str, chosen)) or "nothing chosen", 30))
        elif isinstance(spans, list):
            parts.append("a span" if len(spans) == 1 else f"{len(spans) or 'no'} spans")
        if line.get("flagged") is True:
            parts.append("flagged")
        if isinstance(line.get("comment"), str):
            parts.append(f"“{safe(line['comment'], 24)}”")
        return ", ".join(parts)


class EarlierWork:
    """Finds what was done on a text that has been changed a little since.

    Args:
        context: The session.
        drafts: What earlier sessions have left.
    """

    def __init__(self, context: SessionContext, drafts: DraftKeeper) -> None:
        self._context = context
        self._drafts = drafts
        self._found: list[tuple[str, str | None]] = []
        self._sketches: dict[int, list[int]] = {}
        self._unread = self._texts() if context.kind.medium == "text" else iter(())

    def _texts(self) -> Iterator[tuple[str, str | None]]:
        """The tasks of earlier work that are not in the source as far as it was read, and texts.

        A text is None where it is read again from its line.
        """
        stream, journal = self._context.description.stream, self._context.journal
        for task_id, text in self._drafts.texts():
            if stream.position_of(task_id) is None:
                self._note(text, task_id, text)
            yield task_id, text
        newest = journal.decisions
        for number in range(newest - 1, max(newest - MOST, 0) - 1, -1):
            try:
                task_id = journal.order(number)
            except LookupError:
                continue
            yield task_id, None
            if stream.position_of(task_id) is None:
                read = (journal.last(task_id) or {}).get("text")
                if isinstance(read, str):
                    self._note(read, task_id, None)

    def _note(self, text: str, task_id: str, kept: str | None) -> None:
        for one in _sketch(text):
            self._sketches.setdefault(one, []).append(len(self._found))
        self._found.append((task_id, kept))

    def read_on(self, count: int = 40) -> bool:
        """Look through some more, for as long as no key notices; whether there are others left."""
        until = self._context.clock() + STEP
        for _ in islice(self._unread, count):
            count -= 1
            if self._context.clock() > until:
                return True
        return not count

    def near(self, item: Item) -> EarlierText | None:
        """What was done on a text that is nearly that of a task, and is not there any more."""
        text = item.task.text
        if not self._found or not _SHORTEST <= len(text) <= TEXT_KEPT:
            return None
        alike = Counter(row for one in _sketch(text) for row in self._sketches.get(one, ()))
        best: tuple[float, EarlierText] | None = None
        for row, common in alike.most_common(5):
            earlier = self._read(*self._found[row]) if common >= _IN_COMMON else None
            if earlier is None or not self._drafts.is_gone(earlier.task_id):
                continue
            score = likeness(earlier.text, text)
            if score >= ALIKE and (best is None or score > best[0]):
                best = score, earlier
        return None if best is None else best[1]

    def _read(self, task_id: str, text: str | None) -> EarlierText | None:
        if text is not None:
            return EarlierText(task_id, text)
        line = self._context.journal.last(task_id)
        found = (line or {}).get("text")
        return EarlierText(task_id, found, line) if isinstance(found, str) else None

    def used(self, earlier: EarlierText) -> None:
        """It was taken for another task: it is offered for none after that."""
        gone = [row for row, (task_id, _) in enumerate(self._found) if task_id == earlier.task_id]
        for rows in self._sketches.values():
            rows[:] = [row for row in rows if row not in gone]


def _sketch(text: str) -> list[int]:
    """A few numbers that texts which are nearly the same have in common."""
    folded = text[:_SKETCHED].casefold()
    grams = {hash(folded[at : at + _GRAM]) for at in range(max(len(folded) - _GRAM + 1, 1))}
    return sorted(grams)[:_SKETCH]
