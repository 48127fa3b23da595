"""The same by slate's keys: its own documents and moves, and the keys of its own table."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.annotator.count import Count
from benchmarks.annotator.gold import Gold

LABEL_KEYS = 2
"""Its labels have two keys each: space and a letter."""


def presses(documents: Sequence[Gold], *, tags: bool = False) -> Count:
    """The fewest keys from entity to entity, and one for each next document.

    Args:
        documents: The documents.
        tags: Label every token, not the entities.
    """
    total = Count()
    for gold in documents:
        pairs = zip(gold.tokens.starts, gold.tokens.ends, strict=True)
        stretches = list(pairs) if tags else [(start, end) for start, end, _ in gold.entities]
        total.keys += _document(gold, stretches)
        total.items += len(stretches)
        total.tokens += len(gold.tokens)
        total.documents += 1
    return total


def classes(texts: int, tokens: int) -> Count:
    """A label for each whole document, and one key for the next document."""
    return Count(texts * (LABEL_KEYS + 1), texts, tokens, texts)


def _document(gold: Gold, stretches: Sequence[tuple[int, int]]) -> int:
    from slate.config import Config
    from slate.data import Document, Span

    unset = argparse.Namespace(ann_scope="token", ann_type="categorical", config_file=None)
    actions = set(Config(unset).input_to_action.values())
    needed = {"move-right", "extend-right", "contract-left", "update-num", "next-file"}
    assert needed <= actions
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document"
        path.write_text("\n".join(map(" ".join, gold.lines)) + "\n", encoding="utf-8")
        document = Document(str(path))
    words = [(y, x) for y, line in enumerate(gold.lines) for x in range(len(line))]
    places = {start: n for n, start in enumerate(gold.tokens.starts)}
    ends = {end: n for n, end in enumerate(gold.tokens.ends)}
    cursor = Span("token", document)
    keys = 0
    for start, end in stretches:
        goal = words[places[start]], words[ends[end]]
        paid, cursor = _way(cursor, goal, words)
        keys += paid + LABEL_KEYS
    return keys + 1


def _way(cursor: Any, goal: tuple[Any, Any], words: list[tuple[int, int]]) -> tuple[int, Any]:
    number = {word: n for n, word in enumerate(words)}
    order = count()
    waiting = [(0, next(order), cursor)]
    best = {(cursor.start, cursor.end): 0}
    while waiting:
        paid, _, here = heappop(waiting)
        if (here.start, here.end) == goal:
            return paid, here
        if paid > best[here.start, here.end]:
            continue
        for cost, after in _steps(here, goal, number):
            key = (after.start, after.end)
            if best.get(key, 10**6) > paid + cost:
                best[key] = paid + cost
                heappush(waiting, (paid + cost, next(order), after))
    raise AssertionError("slate's keys lead everywhere")


def _steps(
    here: Any, goal: tuple[Any, Any], number: dict[tuple[int, int], int]
) -> Iterator[tuple[int, Any]]:
    for direction in ("left", "right", "up", "down"):
        yield 1, here.edited(direction, "move", 1)
        yield 1, here.edited(direction, "move", 1, maxjump=True)
    yield 1, here.edited("right", "expand", 1)
    yield 1, here.edited("left", "expand", 1)
    yield 1, here.edited("left", "contract", 1)
    yield 1, here.edited("right", "contract", 1)
    # A number before a move repeats it.
    for a, b in ((here.start, goal[0]), (here.end, goal[1])):
        by = number[b] - number[a]
        if abs(by) > 1:
            yield 1 + len(str(abs(by))), here.edited("right" if by > 0 else "left", "move", abs(by))
        lines = b[0] - a[0]
        if abs(lines) > 1:
            keys = 1 + len(str(abs(lines)))
            yield keys, here.edited("down" if lines > 0 else "up", "move", abs(lines))
    by = number[goal[1]] - number[here.end]
    if by > 1:
        yield 1 + len(str(by)), here.edited("right", "expand", by)
