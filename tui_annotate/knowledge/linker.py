"""What mentions are linked to in a session: a knowledge base, and what was chosen before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from tui_annotate.errors import AnnotateError
from tui_annotate.knowledge.base import KnowledgeBase
from tui_annotate.knowledge.entity import NIL, Candidate, nil_candidate
from tui_annotate.knowledge.folding import folded, words
from tui_annotate.wording import reason

OFFERED = 9
"""How many candidates a mention gets: one for each digit."""

_AROUND = 600
"""How many characters on each side of a mention speak for what it means."""

_KEPT = 4096
"""How many mentions' candidates are kept."""


class Linker:
    """Finds candidates, and remembers what each mention was linked to.

    Args:
        base: The knowledge base.

    Attributes:
        problem: Why there are no candidates any more, if that is so.
    """

    def __init__(self, base: KnowledgeBase) -> None:
        self.base = base
        self.problem: str | None = None
        self._chosen: dict[str, dict[tuple[str, str | None], int]] = {}
        self._found: dict[tuple[str, str], list[Candidate]] = {}
        self._lock = Lock()
        self._coming: SimpleQueue[tuple[str, int, int]] = SimpleQueue()
        self._thread: Thread | None = None
        self._names: dict[str, Candidate | None] = {}

    @property
    def size(self) -> int:
        """How many entities there are."""
        return self.base.size

    def candidates(self, text: str, start: int, end: int) -> list[Candidate]:
        """What a mention may be linked to: first what it was linked to before, marked so.

        Args:
            text: The text.
            start: Where the mention begins.
            end: Where it ends.
        """
        mention = text[start:end]
        try:
            found = self._looked_up(self.base, text, start, end)
        except sqlite3.Error as error:
            found = self._failed(error)
        before = self.before(mention)
        if before is None:
            return found
        others = [one for one in found if (one.id, one.nil) != (before.id, before.nil)]
        return [before, *others][:OFFERED]

    @property
    def looking(self) -> bool:
        """Whether mentions wait to be looked up ahead."""
        return not self._coming.empty()

    def ahead(self, text: str, ranges: Iterable[tuple[int, int]]) -> None:
        """Look mentions up before they are asked for, in a thread.

        Args:
            text: The text.
            ranges: Start and end of each mention.
        """
        for start, end in ranges:
            self._coming.put((text, start, end))
            if self._thread is None:
                self._thread = Thread(target=self._work_ahead, name="knowledge", daemon=True)
                self._thread.start()

    def _work_ahead(self) -> None:
        # A connection of its own: nobody waits for this one's queries.
        try:
            base = KnowledgeBase(self.base.path)
        except AnnotateError:
            return
        while True:
            text, start, end = self._coming.get()
            with suppress(sqlite3.Error):
                self._looked_up(base, text, start, end)

    def _looked_up(self, base: KnowledgeBase, text: str, start: int, end: int) -> list[Candidate]:
        left = max(start - _AROUND, 0)
        around = text[left : end + _AROUND]
        key = (text[start:end], around)
        found = self._found.get(key)
        if found is None:
            near = _nearest(around, start - left)
            found = base.candidates(text[start:end], near, limit=OFFERED)
            with self._lock:
                self._found[key] = found
                if len(self._found) > _KEPT:
                    del self._found[next(iter(self._found))]
        return found

    def before(self, mention: str) -> Candidate | None:
        """What a mention was linked to before; the newest of what it was linked to most often."""
        counts = self._chosen.get(folded(mention))
        if not counts:
            return None
        id_, nil = max(reversed(counts), key=counts.__getitem__)
        if id_ == NIL:
            return nil_candidate(nil or "absent", again=True)
        known = self.candidate(id_)
        return replace(known, again=True) if known else Candidate(id_, id_, again=True)

    def candidate(self, id_: str) -> Candidate | None:
        """The entity of an id, as a candidate; None if the knowledge base has none."""
        if id_ not in self._names:
            try:
                entity = self.base.entity(id_)
            except sqlite3.Error as error:
                self._failed(error)
                return None
            self._names[id_] = (
                None if entity is None else Candidate(entity.id, entity.name, entity.description)
            )
        return self._names[id_]

    def search(self, query: str) -> list[Candidate]:
        """What a query may be the beginning of."""
        try:
            return self.base.search(query)
        except sqlite3.Error as error:
            return self._failed(error)

    def _failed(self, error: sqlite3.Error) -> list[Candidate]:
        # Work goes on without candidates: what is decided does not depend on them.
        self.problem = f"the knowledge base can no longer be read ({reason(error)})"
        return []

    def remember(self, line: Mapping[str, Any], *, earlier: bool = False) -> None:
        """Take in a decided task as it was written.

        Args:
            line: The line.
            earlier: It was decided before all that are known.
        """
        text = line.get("text")
        if line.get("answer") != "accept" or not isinstance(text, str):
            return
        once = {}
        for span in line.get("spans") or ():
            id_ = span.get("kb_id")
            if isinstance(id_, str) and id_:
                nil = span.get("nil") if id_ == NIL else None
                once[folded(text[span["start"] : span["end"]]), (id_, nil)] = True
        for mention, chosen in once:
            counts = self._chosen.setdefault(mention, {})
            if earlier:
                if chosen in counts:
                    counts[chosen] += 1
                else:
                    self._chosen[mention] = {chosen: 1, **counts}
                continue
            # What was chosen last stands last, and wins among equals.
            counts[chosen] = counts.pop(chosen, 0) + 1


def _nearest(around: str, at: int) -> list[str]:
    """The words around a mention, the nearest first."""
    before, after = words(around[:at])[::-1], words(around[at:])
    shorter = min(len(before), len(after))
    near = [word for pair in zip(before, after, strict=False) for word in pair]
    return [*near, *before[shorter:], *after[shorter:]]
