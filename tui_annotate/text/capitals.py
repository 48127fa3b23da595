"""Capitals at the start of words."""

from __future__ import annotations

CAPITAL = "^"
"""The label of a suggestion that says a word is written large."""

_DOTTED = frozenset({"tr", "az", "tt", "crh", "kk-latn"})
"""Languages in which İ and i are one letter, and I and ı another."""


def _place(word: str) -> int | None:
    """Where the letter stands that is written large, if there is one."""
    for place, character in enumerate(word):
        if character.isalpha():
            return place
        if character.isalnum():
            return None
    return None


def is_capital(word: str) -> bool:
    """Whether a word begins with a capital."""
    place = _place(word)
    return place is not None and (word[place].isupper() or word[place].istitle())


def has_case(word: str) -> bool:
    """Whether a word can begin with a capital or without: not in Hebrew, and not with a digit."""
    place = _place(word)
    return place is not None and word[place].lower() != word[place].title()


def with_capital(word: str, capital: bool, language: str = "") -> str:
    """The word with a capital at its start, or without; as it is in scripts that have none.

    Args:
        word: The word.
        capital: Whether it is to begin with one.
        language: The code of its language; Turkish and its kin have a dotted İ and a dotless ı.
    """
    place = _place(word)
    if place is None or is_capital(word) == capital:
        return word
    letter = word[place]
    if language in _DOTTED and letter in "iİIı":
        other = {"i": "İ", "ı": "I", "İ": "i", "I": "ı"}[letter]
    else:
        other = letter.title() if capital else letter.lower()
    return f"{word[:place]}{other}{word[place + 1 :]}"
