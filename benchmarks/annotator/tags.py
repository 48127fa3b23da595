"""Tags: what is wrong about them, and the keys that may help."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from benchmarks.annotator.desk import Desk
from benchmarks.annotator.gold import Gold
from benchmarks.annotator.path import Mistake

EFFORT = 2.5
"""Keys that a mistake costs, about."""


class Tags:
    """Puts the tags of a document right, from the left.

    Args:
        gold: The document.
    """

    def __init__(self, gold: Gold) -> None:
        self.gold = gold
        self.starts = gold.tokens.starts

    def _right(self, desk: Desk, index: int) -> bool:
        tag = desk.editor.tags[index]
        return tag is not None and bool(tag.label == self.gold.tags[index])

    def next(self, desk: Desk) -> Mistake | None:
        """The first token that is tagged wrongly."""
        tags = desk.editor.tags
        wanted = enumerate(self.gold.tags)
        index = next((n for n, tag in wanted if tags[n] is None or tags[n].label != tag), None)
        if index is None:
            return None
        start, end = self.starts[index], self.gold.tokens.ends[index]
        return Mistake(start, end, (start,), (start, end, self.gold.tags[index]))

    def done(self, desk: Desk, mistake: Mistake) -> bool:
        """Whether the token has its tag."""
        return self._right(desk, bisect_left(self.starts, mistake.start))

    def edits(self, desk: Desk, mistake: Mistake, *, whole: bool) -> list[str]:
        """The tag's key, or its place among the model's choices, where all the target wants it."""
        editor, keymap = desk.editor, desk.keymap
        target = editor.target()
        index = bisect_left(self.starts, mistake.start)
        wanted = self.gold.tags[index]
        if index not in target or any(self.gold.tags[n] != wanted for n in target):
            return []
        key = keymap.label_key(wanted)
        return [key] if key is not None and len(key) == 1 else []

    def spreading(self, desk: Desk) -> list[str]:
        """Nothing: the cursor has moved on."""
        return []

    def left(self, desk: Desk) -> float:
        """About how many keys are wanted still."""
        wrong = sum(not self._right(desk, n) for n in range(len(self.gold.tags)))
        # Of two ways that cost as much, the one that leads on.
        return wrong * EFFORT - (0.5 if self._leads(desk) else 0.0)

    def _leads(self, desk: Desk) -> bool:
        index = desk.editor.caret.index()
        return not self._right(desk, index)

    def place(self, desk: Desk, mistake: Mistake) -> Any:
        """The cursor, and whether the next tag leads on; the tag itself ends the search."""
        return (*desk.place, self.done(desk, mistake), desk.editor.auto_advance)

    def written(self, fields: dict[str, Any]) -> bool:
        """Whether what is written equals the gold."""
        spans = fields["spans"]
        tagged = {(span["start"], span["end"]): span["label"] for span in spans}
        pairs = zip(self.starts, self.gold.tokens.ends, strict=True)
        return tagged == dict(zip(pairs, self.gold.tags, strict=True))
