"""Arabic letters as they are written in a word, for terminals that do not join them.

Unicode has each form of a letter as a character of its own, for the letters of Arabic,
Persian, Urdu and their kin; other letters are left as they are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

_FORMS = (*range(0xFB50, 0xFBFF), *range(0xFE70, 0xFEFD))
_TATWEEL = "\u0640"
_NON_JOINER = "\u200c"


@cache
def _table() -> dict[str, dict[str, str]]:
    """The forms of each letter: ``isolated``, ``initial``, ``medial``, ``final``."""
    found: dict[str, dict[str, str]] = {}
    for code in _FORMS:
        kind, _, letters = unicodedata.decomposition(chr(code)).partition(" ")
        if kind.startswith("<") and letters and " " not in letters:
            found.setdefault(chr(int(letters, 16)), {})[kind[1:-1]] = chr(code)
    return found


def joined(cells: Sequence[str]) -> list[str]:
    """The letters of a row, in the order of the text, each in the form that it has there.

    Args:
        cells: What each cell shows: a letter and its marks, or anything else.
    """
    shown = list(cells)
    for at, cell in enumerate(cells):
        forms = _table().get(cell[:1])
        if forms is None:
            continue
        before = at > 0 and _joins_next(cells[at - 1]) and "final" in forms
        after = at + 1 < len(cells) and _joins_next(cell) and _joins_previous(cells[at + 1])
        form = {(0, 0): "isolated", (0, 1): "initial", (1, 0): "final", (1, 1): "medial"}
        written = forms.get(form[before, after])
        if written is not None:
            shown[at] = written + cell[1:]
    return shown


def _ends_joining(cell: str) -> bool:
    return _NON_JOINER in cell


def _joins_next(cell: str) -> bool:
    if _ends_joining(cell):
        return False
    return cell[:1] == _TATWEEL or "initial" in _table().get(cell[:1], ())


def _joins_previous(cell: str) -> bool:
    return cell[:1] == _TATWEEL or "final" in _table().get(cell[:1], ())
