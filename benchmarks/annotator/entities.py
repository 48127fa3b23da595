"""Entities: what is wrong about them, and the keys that may help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from benchmarks.annotator.desk import Desk
from benchmarks.annotator.gold import Entity, Gold
from benchmarks.annotator.path import Mistake

EFFORT = 2.5
"""Keys that a mistake costs, about."""


class Entities:
    """Puts the spans of a document right, from the left.

    Args:
        gold: The document.
    """

    def __init__(self, gold: Gold) -> None:
        self.gold = gold
        self.wanted = frozenset(gold.entities)
        self.texts = Counter(gold.text[start:end] for start, end, _ in gold.entities)

    @staticmethod
    def _present(desk: Desk) -> set[Entity]:
        return {(span.start, span.end, span.label) for span in desk.editor.spans}

    def _wrong(self, desk: Desk) -> list[Entity]:
        return sorted(self._present(desk) ^ self.wanted)

    def next(self, desk: Desk) -> Mistake | None:
        """The first stretch that is wrong."""
        wrong = self._wrong(desk)
        if not wrong:
            return None
        start, end = wrong[0][:2]
        for first, last, _ in wrong:
            if first < end:
                end = max(end, last)
        goal = next((e for e in wrong if e in self.wanted and e[0] < end), None)
        if goal is not None:
            over = [e for e in wrong if e[0] < goal[1] and goal[0] < e[1]]
            start, end = min(e[0] for e in over), max(e[1] for e in over)
            wrong = over
        caret = desk.editor.caret
        units = caret.unit_starts(start, end)
        borders = {caret.unit(at)[0] for a, b, _ in wrong if a < end for at in (a, b - 1)}
        return Mistake(start, end, tuple(sorted({units[0], units[-1], *borders})), goal)

    def done(self, desk: Desk, mistake: Mistake) -> bool:
        """Whether the stretch is as it should be, or what is wanted first in it."""
        there = desk.editor.spans.overlapping(mistake.start, mistake.end)
        present = {(span.start, span.end, span.label) for span in there}
        if mistake.goal is not None:
            return mistake.goal in present
        return present <= self.wanted

    def edits(self, desk: Desk, mistake: Mistake, *, whole: bool) -> list[str]:
        """Label keys, deletion and the moves of a border, where the cursor is on the stretch."""
        editor, keymap = desk.editor, desk.keymap
        start, end = editor.cursor.target()
        if start >= mistake.end or end <= mistake.start:
            return []
        keys: list[str] = []
        labels = {e[2] for e in self.wanted if e[0] < mistake.end and mistake.start < e[1]}
        fits = [e for e in self.wanted if (e[0], e[1]) == (start, end)]
        active = editor.active if editor.caret.selection is None else None
        if fits or (active is not None and not whole):
            keys += [keymap.label_key(label) or "" for label in sorted(labels)]
            if fits and active is None and editor.marking.last_label == fits[0][2]:
                keys += keymap.keys("label_all")[:1]
        if active is not None and (not whole or mistake.goal is None):
            keys += keymap.keys("delete")[:1]
        if editor.caret.selection is not None or (active is not None and not whole):
            for name in ("grow", "shrink", "grow_left", "shrink_left"):
                keys += keymap.keys(name)[:1]
        return [key for key in keys if key]

    def spreading(self, desk: Desk) -> list[str]:
        """The key that labels all that are alike, where there are several."""
        editor = desk.editor
        span = editor.steps.left or (editor.active if editor.caret.selection is None else None)
        if span is None or editor.text.count(editor.text[span.start : span.end]) < 2:
            return []
        return list(desk.keymap.keys("label_all")[:1])

    def left(self, desk: Desk) -> float:
        """About how many keys are wanted still: those of each stretch that is wrong."""
        stretches, end = 0, -1
        for first, last, _ in self._wrong(desk):
            if first >= end:
                stretches += 1
            end = max(end, last)
        return stretches * EFFORT

    def place(self, desk: Desk, mistake: Mistake) -> Any:
        """The cursor, and the spans of the stretch."""
        there = desk.editor.spans.overlapping(mistake.start, mistake.end)
        spans = tuple((span.start, span.end, span.label) for span in there)
        editor = desk.editor
        return (*desk.place, spans, editor.marking.last_label, editor.marking.auto_advance)

    def written(self, fields: dict[str, Any]) -> bool:
        """Whether what is written equals the gold."""
        spans: Sequence[dict[str, Any]] = fields["spans"]
        return {(s["start"], s["end"], s["label"]) for s in spans} == self.wanted
