"""Keyboards that are not Latin: which Latin letter sits on the same key."""

from __future__ import annotations

import unicodedata

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,./"
_LAYOUTS = {
    "russian": "йцукенгшщзхъфывапролджэячсмитьбю.",
    "ukrainian": "йцукенгшщзхїфівапролджєячсмитьбю.",
    "greek": ";ςερτυθιοπ[]ασδφγηξκλ΄'ζχψωβνμ,./",
    "hebrew": "/'קראטוןםפ][שדגכעיחלךף,זסבהנמצתץ.",
    "arabic": "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظ",
    "persian": "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو./",
    "korean": "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ[]ㅁㄴㅇㄹㅎㅗㅓㅏㅣ;'ㅋㅌㅊㅍㅠㅜㅡ,./",
    "thai": "ๆไำพะัีรนยบลฟหกดเ้่าสวงผปแอิืทมใฝ",
    "georgian": "ქწერტყუიოპ[]ასდფგჰჯკლ;'ზხცვბნმ,./",
    "serbian": "љњертзуиопшђасдфгхјклчћѕџцвбнм,.-",
}


def _by_position() -> dict[str, str]:
    found: dict[str, str] = {}
    for letters in _LAYOUTS.values():
        for theirs, ours in zip(letters, _QWERTY, strict=False):
            if theirs.isalpha() and not theirs.isascii() and ours.isalpha():
                found.setdefault(theirs, ours)
                if theirs.upper() != theirs and len(theirs.upper()) == 1:
                    found.setdefault(theirs.upper(), ours.upper())
    return found


_LATIN = _by_position()
_ROWS = {"azerty": dict(zip("&é\"'(-è_çà", "1234567890", strict=True))}

KEYBOARDS = tuple(_ROWS)
"""Layouts that a config may name."""


def latin(character: str) -> str | None:
    """The Latin letter on the key of a non-Latin letter, or what a digit or a wide letter is."""
    if character.isascii():
        return None
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain.isascii() and plain != character else _LATIN.get(character)


def top_row_digit(character: str, keyboard: str | None) -> str | None:
    """The digit on a key of the top row that needs shift for it, or None.

    Args:
        character: What the key sends without shift.
        keyboard: The layout named in the user's config, if any.
    """
    return _ROWS.get(keyboard or "", {}).get(character)
