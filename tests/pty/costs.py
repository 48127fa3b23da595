"""Long tasks, and what a key on them costs in bytes."""

from __future__ import annotations

import random
from functools import partial
from typing import Any

from tests.pty.terminal import Terminal

TOKENS = 100_000


def long_task(labelled: float) -> dict[str, Any]:
    """A text of 100,000 tokens, so many of which are labelled; of spans of one to three tokens."""
    chance = random.Random(5)
    words = [chance.choice(("Osei", "left", "the", "plant", "in", "Görlitz", "again", "quickly"))
             for _ in range(TOKENS)]  # fmt: skip
    tokens, spans, at = [], [], 0
    for number, word in enumerate(words):
        tokens.append({"text": word, "start": at, "end": at + len(word), "id": number, "ws": True})
        at += len(word) + 1
    number, wanted = 0, int(labelled * TOKENS)
    # Spans of two tokens on average, evenly over the text.
    while number + 3 < TOKENS and wanted > 0:
        length = chance.randint(1, 3)
        first, last = tokens[number], tokens[number + length - 1]
        label = chance.choice(("PER", "ORG", "GPE"))
        spans.append({"start": first["start"], "end": last["end"], "label": label})
        wanted -= length
        number += length + chance.randint(*_gap(labelled))
    return {"text": " ".join(words), "tokens": tokens, "spans": spans}


def _gap(labelled: float) -> tuple[int, int]:
    mean = 2 / labelled - 2
    return max(int(mean) - 1, 0), int(mean) + 2


def cost(terminal: Terminal, *keys: str) -> list[int]:
    """The bytes that each key costs; every one of them has to change something."""
    found = []
    for key in keys:
        before = terminal.settle().bytes_sent
        terminal.press(key).wait_for(partial(_more_than, before))
        found.append(terminal.settle().bytes_sent - before)
    return found


def _more_than(number: int, terminal: Terminal) -> bool:
    return terminal.bytes_sent > number
