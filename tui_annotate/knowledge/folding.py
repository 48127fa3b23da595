"""Names as they are compared: without case, diacritics and punctuation, word by word."""

from __future__ import annotations

import unicodedata

_PLAIN_LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "ŧ": "t",
    "æ": "ae", "œ": "oe", "þ": "th",
}  # fmt: skip
"""Letters that no decomposition takes apart, but a keyboard does."""

_JOINED = frozenset(".'’‘ʼ`´·")
"""Marks inside words: U.S. is us, O'Brien is obrien."""

_DROPPED = (
    (0x0300, 0x036F),  # on Latin, Greek and Cyrillic letters
    (0x0591, 0x05C7),  # Hebrew points
    (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),  # Arabic vowel signs
)  # fmt: skip
"""Marks that writers leave out; those of Indic scripts are vowels, and stay."""

_ALONE = (
    (0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Characters of scripts without spaces: each counts as a word."""


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


class _Table(dict[int, str]):
    """What each character becomes, found out once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in _PLAIN_LETTERS:
            made = _PLAIN_LETTERS[character]
        elif character in _JOINED or _within(code, _DROPPED):
            made = ""
        elif _within(code, _ALONE):
            made = f" {character} "
        elif character.isalnum() or unicodedata.category(character)[0] == "M":
            made = character
        else:
            made = " "
        self[code] = made
        return made


_TABLE = _Table()


def words(text: str) -> list[str]:
    """The words of a text as names are compared by: `Łódź-Süd` is lodz, sud."""
    text = text.casefold()
    if text.isascii():
        return text.translate(_TABLE).split()
    # Taken apart, a sign may turn out to be a capital: № is No.
    text = unicodedata.normalize("NFKD", text).casefold().translate(_TABLE)
    return unicodedata.normalize("NFC", text).split()


def folded(text: str) -> str:
    """A name as it is compared: its words with one space between them."""
    return " ".join(words(text))


def stem(word: str) -> str:
    """What a word begins with, so that Brazil is found in Brazilian."""
    return word[:5]
