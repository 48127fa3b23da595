"""Classification: the keys of one class among many."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from typing import Any

from benchmarks.annotator.count import Count, Trace, WrittenWronglyError
from benchmarks.annotator.gold import SHARED
from benchmarks.annotator.hands import Hands
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds import kind
from tui_annotate.kinds.base import EditorInput
from tui_annotate.kinds.choice import Options
from tui_annotate.suggest.local.words import Words
from tui_annotate.task.task import Origin, Task
from tui_annotate.text.tokens import Tokens, fallback_pairs
from tui_annotate.ui.screens.picker import most_like

LONGEST = 5
"""Letters that are typed at most to find a class by its name."""

Text = tuple[str, str]
"""A text and its class."""


def banking(part: str, limit: int | None = None, seed: int = 1) -> list[Text]:
    """A part of BANKING77 in a random order: the file has the classes one after the other."""
    path = SHARED / "textcat-banking77" / f"{part}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["category"]) for row in csv.DictReader(file)]
    random.Random(seed).shuffle(rows)
    return rows[:limit]


class Classifier:
    """One session of `textcat.manual` with a single choice, every task decided with least keys.

    The choice is exact: of the digit, the marks' moves, and every part of the name
    that may be typed to find it.

    Args:
        labels: The classes.
        words: What ranks them, if anything does.
    """

    def __init__(self, labels: Sequence[str], words: Words | None) -> None:
        self.labels = tuple(labels)
        self.words = words
        self.keymap = Keymap("choice", self.labels)
        self.number = 0

    def decide(self, text: str, label: str, *, learn: bool) -> tuple[str, ...]:
        """The keys that give a text its class.

        Raises:
            WrittenWronglyError: The class that would be written is another one.
        """
        tokens = Tokens.from_pairs(text, fallback_pairs(text))
        task = Task({"text": text}, f"{self.number:016x}", Origin("gold", 1), self.number)
        self.number += 1
        editor: Any = kind("choice").open(EditorInput(task, tokens, self.labels, Options()))
        if self.words is not None:
            editor.suggest(self.words.suggest(text, tokens, self.labels))
        keys = min(self._ways(editor, label), key=len)
        if self._press(editor, keys) != "accept" or editor.fields()["accept"] != [label]:
            raise WrittenWronglyError(text[:60])
        if learn and self.words is not None:
            self.words.learn(text, [(0, len(text), label)], self.labels)
        return keys

    def _ways(self, editor: Any, label: str) -> list[tuple[str, ...]]:
        keymap = self.keymap
        places = editor.places
        if label in places:
            key = keymap.keys(f"label_{places.index(label) + 1}")[0]
            return [(key,)]
        by_name = keymap.keys("label_by_name")[0]
        names = names_of(editor)
        ways = [(by_name, *["down"] * names.index(label), "enter")]
        for start in (0, *(n + 1 for n, letter in enumerate(label) if letter == "_")):
            for length in range(1, LONGEST + 1):
                query = label[start : start + length]
                found = list(most_like(query, names))
                if label in found:
                    downs = ["down"] * found.index(label)
                    ways.append((by_name, *query, *downs, "enter"))
        return ways

    def _press(self, editor: Any, keys: Sequence[str]) -> str | None:
        """Press keys; the answer they give."""

        def named(name: str, typed: str, down: int) -> None:
            label = list(most_like(typed, names_of(editor)))[down]
            hands.controller.act("label", label)

        hands = Hands(self.keymap, answer=named)
        hands.session.open(editor)
        for key in keys:
            hands.press(key)
        return hands.session.answer


def names_of(editor: Any) -> list[str]:
    """The classes as the list by name has them: first those without a digit."""
    places = frozenset(editor.places)
    if not editor.ranked:
        return list(editor.order)
    return [*(one for one in editor.order if one not in places), *editor.places]


def count(
    texts: Sequence[Text],
    classifier: Classifier,
    *,
    learn: bool,
    trace: Trace = None,
) -> Count:
    """Classify texts in order; an item is a text."""
    total = Count()
    for text, label in texts:
        keys = classifier.decide(text, label, learn=learn)
        total.keys += len(keys)
        total.items += 1
        total.documents += 1
        total.tokens += len(fallback_pairs(text))
        by_name = keys[0] == classifier.keymap.keys("label_by_name")[0]
        total.names["label_by_name" if by_name else "digit"] += len(keys)
        if trace is not None:
            trace(f"{' '.join(keys):24} {label}: {text[:60]}")
    return total
