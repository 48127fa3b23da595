"""The order in which text that runs from right to left stands in a row (UAX #9).

Rows are short and hold no control codes, which `text.display` spells out: so there are
no explicit embeddings here, and each row is ordered by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_STRONG = frozenset({"L", "R", "AL"})
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_HELD = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
"""What each class counts as for the neutral ones beside it."""

_SAMPLE = 4096
"""A paragraph without a strong letter in so many characters runs from left to right."""


def has_right_to_left(text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether a part of a text has letters or digits that a terminal may reorder."""
    if text.isascii():
        return False
    end = len(text) if end is None else end
    return _RIGHT_TO_LEFT.search(text, start, end) is not None


def base_level(text: str, start: int = 0, end: int | None = None) -> int:
    """The level of a paragraph: 1 where its first letter runs from right to left, else 0."""
    end = len(text) if end is None else end
    for character in text[start : min(end, start + _SAMPLE)]:
        kind = direction_of(character)
        if kind in _STRONG:
            return int(kind != "L")
    return 0


@lru_cache(maxsize=4096)
def direction_of(character: str) -> str:
    """The bidirectional class of a character; what is not one counts as neutral."""
    kind = unicodedata.bidirectional(character)
    if not kind:
        return "R" if _RIGHT_TO_LEFT.match(character) else "L"
    # What changes how the rest is ordered does not occur in what is shown.
    return "ON" if kind in _CONTROLS else kind


_CONTROLS = frozenset({"LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"})


@lru_cache(maxsize=1024)
def mirrored(character: str) -> str:
    """The character that stands for another one where text runs from right to left."""
    if not unicodedata.mirrored(character):
        return character
    name = unicodedata.name(character, "")
    for side, other in (("LEFT", "RIGHT"), ("LESS-THAN", "GREATER-THAN")):
        for one, two in ((side, other), (other, side)):
            if one in name:
                return _named(name.replace(one, two)) or character
    return character


def _named(name: str) -> str | None:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return None


def levels(characters: Sequence[str], base: int) -> list[int]:
    """The embedding level of each character of a row, by the rules W1 to L1.

    Args:
        characters: The characters; a string of several counts as neutral.
        base: The level of the paragraph.
    """
    kinds = [direction_of(one) if len(one) == 1 else "ON" for one in characters]
    original = list(kinds)
    _resolve_weak(kinds, base)
    _resolve_brackets(characters, kinds, base)
    _resolve_neutral(kinds, base)
    found = [_level(kind, base) for kind in kinds]
    # White space at the end of a row stands where the paragraph ends.
    at = len(found)
    while at and original[at - 1] in ("WS", "S", "B"):
        at -= 1
        found[at] = base
    return found


def _level(kind: str, base: int) -> int:
    if base % 2:
        return base if kind == "R" else base + 1
    return {"L": base, "R": base + 1}.get(kind, base + 2)


def _resolve_weak(kinds: list[str], base: int) -> None:
    """The rules W1 to W7: marks, numbers, and what stands in and around them."""
    before = strong = "R" if base % 2 else "L"
    for at, kind in enumerate(kinds):
        if kind == "NSM":
            kind = before
        if kind in _STRONG:
            strong = kind
        elif kind == "EN" and strong == "AL":
            kind = "AN"
        kinds[at] = before = kind
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for at in range(1, len(kinds) - 1):
        sides = kinds[at - 1], kinds[at + 1]
        if (kinds[at] == "ES" and sides == ("EN", "EN")) or (
            kinds[at] == "CS" and sides in (("EN", "EN"), ("AN", "AN"))
        ):
            kinds[at] = sides[0]
    _resolve_terminators(kinds)
    strong = "R" if base % 2 else "L"
    for at, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"


def _resolve_terminators(kinds: list[str]) -> None:
    """The rules W5 and W6: a currency sign belongs to the number that it touches."""
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        if end > at:
            beside = "EN" in (kinds[at - 1] if at else "", kinds[end] if end < len(kinds) else "")
            kinds[at:end] = ["EN" if beside else "ON"] * (end - at)
        at = max(end, at + 1)
    kinds[:] = ["ON" if kind in ("ES", "CS") else kind for kind in kinds]


def _resolve_brackets(characters: Sequence[str], kinds: list[str], base: int) -> None:
    """The rule N0: brackets run as what they hold."""
    embedding = "R" if base % 2 else "L"
    for first, last in _pairs(characters, kinds):
        inner = {_HELD.get(kind) for kind in kinds[first + 1 : last]} - {None}
        if not inner:
            continue
        direction = embedding
        if embedding not in inner:
            strong = (_HELD[kind] for kind in reversed(kinds[:first]) if kind in _HELD)
            # Held by letters that run the other way, they do as well if so does what is before.
            before = next(strong, embedding)
            direction = embedding if before == embedding else before
        kinds[first] = kinds[last] = direction


def _pairs(characters: Sequence[str], kinds: Sequence[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for at, character in enumerate(characters):
        if kinds[at] != "ON" or len(character) != 1:
            continue
        category = unicodedata.category(character)
        if category == "Ps":
            opened.append((mirrored(character), at))
        elif category == "Pe":
            for place in range(len(opened) - 1, -1, -1):
                if opened[place][0] == character:
                    found.append((opened[place][1], at))
                    del opened[place:]
                    break
    return sorted(found)


def _resolve_neutral(kinds: list[str], base: int) -> None:
    """The rules N1 and N2: what stands between letters of one direction runs as they do."""
    embedding = "R" if base % 2 else "L"
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        if end > at:
            left = _HELD[kinds[at - 1]] if at else embedding
            right = _HELD[kinds[end]] if end < len(kinds) else embedding
            kinds[at:end] = [left if left == right else embedding] * (end - at)
        at = max(end, at + 1)


def visual_order(of_levels: Sequence[int]) -> list[int]:
    """The places of a row as they stand from left to right (rule L2)."""
    order = list(range(len(of_levels)))
    lowest_odd = min((level for level in of_levels if level % 2), default=None)
    if lowest_odd is None:
        return order
    for level in range(max(of_levels), lowest_odd - 1, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and of_levels[order[end]] >= level:
                end += 1
            if end > at:
                order[at:end] = order[at:end][::-1]
            at = max(end, at + 1)
    return order
