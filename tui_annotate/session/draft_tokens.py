"""The tokens of a text in its draft: it can be edited again before there is a tokeniser."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from tui_annotate.store.drafts import Drafts
from tui_annotate.task.task import Task
from tui_annotate.text.tokens import Tokens

TEXT_KEPT = 50_000
"""The characters up to which a draft keeps the text that it is of, and its tokens."""


def packed(tokens: Tokens) -> list[int]:
    """Tokens in few digits: of each, how far it begins behind the one before, and its length."""
    found: list[int] = []
    at = 0
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        found += (start - at, end - start)
        at = end
    return found


def unpacked(text: str, found: object) -> Tokens | None:
    """The tokens that were packed; None where they are none of this text."""
    if not isinstance(found, list) or not found or len(found) % 2:
        return None
    if not all(type(one) is int and one >= 0 for one in found) or not all(found[1::2]):
        return None
    borders = list(accumulate(found))
    if borders[-1] > len(text):
        return None
    pairs: Iterable[tuple[int, int]] = zip(borders[::2], borders[1::2], strict=True)
    return Tokens.from_pairs(text, pairs)


def drafted_tokens(drafts: Drafts, task: Task) -> Tokens | None:
    """The tokens that a draft keeps of a text that is the same today; None where it keeps none."""
    if not 0 < len(task.text) <= TEXT_KEPT:
        return None
    state = drafts.load(task.id)
    if state is None or state.get("text") != task.text:
        return None
    return unpacked(task.text, state.get("tokens"))
