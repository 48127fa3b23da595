"""Hard and hostile text on a terminal, reversibly.

Each grapheme cluster becomes one cell group whose code point range is kept, so
that what is on the screen always leads back to offsets in the text. What would
move the cursor, reorder the line or be drawn differently by different
terminals is spelled out or replaced by its visible parts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache, partial
from itertools import repeat
from typing import Final, NamedTuple

from tui_annotate.text.graphemes import PLAIN, clusters, graphemes

TAB: Final = "⇥   "
"""What a tab is shown as."""

_MOST_CELLS = 16
_MOST_MARKS = 8

_PLAIN = re.compile(f"[{PLAIN}]*")

_NAMES = {
    0x00AD: "SHY",
    0x061C: "ALM",
    0x200B: "ZWSP",
    0x200C: "ZWNJ",
    0x200D: "ZWJ",
    0x200E: "LRM",
    0x200F: "RLM",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2028: "LS",
    0x2029: "PS",
    0x2060: "WJ",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0xFEFF: "BOM",
}
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VARIATIONS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
# A pair of regional indicators is a flag; a run of tags is a flag, or hidden text.
_PIECES = re.compile("[\U0001f1e6-\U0001f1ff]{1,2}|[\U000e0020-\U000e007f]+|.", re.DOTALL)


class Cell(NamedTuple):
    """One grapheme cluster as it is drawn.

    Attributes:
        start: Where the cluster begins in the text, in code points.
        end: Where it ends (exclusive).
        shown: What to print; no control, bidi or joining code points.
        width: How many terminal cells that takes.
    """

    start: int
    end: int
    shown: str
    width: int


_cell: Callable[[Iterable[object]], Cell] = partial(tuple.__new__, Cell)


def shown(text: str, start: int, end: int) -> list[Cell]:
    """The cells of a part of a text, one for each grapheme cluster.

    Args:
        text: The text.
        start: Where to begin, in code points; a grapheme boundary.
        end: Where to stop (exclusive); a grapheme boundary.
    """
    if is_plain(text, start, end):
        return list(
            map(
                _cell, zip(range(start, end), range(start + 1, end + 1), text[start:end], repeat(1))
            )
        )
    cells: list[Cell] = []
    for cluster in clusters(text, start, end):
        drawn, width = visible(cluster)
        cells.append(_cell((start, start := start + len(cluster), drawn, width)))
    return cells


def display_string(text: str, start: int, end: int) -> str:
    """What a part of a text looks like on the screen."""
    if is_plain(text, start, end):
        return text[start:end]
    return "".join(visible(text[first:last])[0] for first, last in graphemes(text, start, end))


def safe(text: str, limit: int | None = None) -> str:
    """A one-line version for status lines, file names and messages.

    Args:
        text: Anything that came from data.
        limit: The most terminal cells it may take; what is longer ends in ``…``.
    """
    if limit is None:
        return display_string(text, 0, len(text))
    out: list[str] = []
    width = 0
    for first, last in graphemes(text):
        drawn, cells = visible(text[first:last])
        if width + cells > limit:
            while out and width + 1 > limit:
                width -= visible_width(out.pop())
            return "".join(out) + "…" if limit > 0 else ""
        out.append(drawn)
        width += cells
    return "".join(out)


def is_plain(text: str, start: int, end: int) -> bool:
    """Whether every cluster is one left-to-right code point of one cell.

    Then the column within the part is the offset within it.
    """
    matched = _PLAIN.match(text, start, end)
    return matched is not None and matched.end() >= end


@lru_cache(maxsize=16384)
def visible(cluster: str) -> tuple[str, int]:
    """How one grapheme cluster is shown, and how many cells that takes."""
    if len(cluster) == 1 and _PLAIN.fullmatch(cluster):
        return cluster, 1
    if cluster == "\t":
        return TAB, len(TAB)
    drawn = "⏎" if cluster == "\r\n" else _spelled(cluster)
    width = visible_width(drawn)
    if width > _MOST_CELLS:
        drawn, width = _cut(drawn), _MOST_CELLS
    return drawn, width


def visible_width(drawn: str) -> int:
    """The terminal cells that a string from this module takes.

    The C library and most terminals give a spacing vowel sign (category Mc) a
    cell of its own; wcwidth and Rich give it none.
    """
    if drawn.isascii() or _PLAIN.fullmatch(drawn):
        # The first frame has nothing else, and waits for no import of wcwidth.
        return len(drawn)
    return sum(map(_width, drawn))


@cache
def _width(character: str) -> int:
    width = _measures()[0](character)
    return 1 if width == 0 and unicodedata.category(character) == "Mc" else width


@cache
def _measures() -> tuple[Callable[[str], int], Callable[[str], int]]:
    from rich.cells import cell_len
    from wcwidth import wcwidth

    return wcwidth, cell_len


def cut(drawn: str, width: int, end: str = "…") -> str:
    """A string from this module on at most so many cells.

    Args:
        drawn: The string.
        width: The cells.
        end: What ends a string that was longer, one cell or none.
    """
    if visible_width(drawn) <= width:
        return drawn
    if width < 1:
        return ""
    kept = ""
    room = width - len(end)
    for character in drawn:
        room -= _width(character)
        if room < 0:
            break
        kept += character
    return kept + end


def filled(drawn: str, width: int, *, right: bool = False) -> str:
    """A string from this module on exactly so many cells, cut or with blanks behind it.

    Args:
        drawn: The string.
        width: The cells.
        right: Put the blanks before it.
    """
    kept = cut(drawn, width)
    blank = " " * (width - visible_width(kept))
    return blank + kept if right else kept + blank


def _cut(drawn: str) -> str:
    kept = cut(drawn, _MOST_CELLS)
    return kept + "…" * (_MOST_CELLS - visible_width(kept))


def _spelled(cluster: str) -> str:
    width_of = _measures()[0]
    out: list[str] = []
    base = previous = ""
    marks = 0
    for piece in _PIECES.findall(cluster):
        kind = unicodedata.category(base) if base else ""
        if _is_left_out(piece, kind, previous):
            previous = piece
            continue
        previous = piece
        drawn = piece if piece == _ZWNJ and kind == "Lo" else _piece(piece)
        if drawn != piece or width_of(piece) > 0:
            out.append(drawn)
            base, marks = drawn[-1], 0
            continue
        if not base:
            out.append("◌")
            base = "◌"
        marks += 1
        if marks <= _MOST_MARKS:
            out.append(piece)
    return "".join(out)


def _is_left_out(piece: str, base: str, previous: str) -> bool:
    """Whether a piece only picks a variant of a base of this category that is as plain without.

    Where it has no such base, or comes twice, it may hide something and is spelled out.
    """
    if piece in _VARIATIONS:
        return bool(base) and previous not in _VARIATIONS
    if piece in _SKIN_TONES:
        return base in ("So", "Cn")
    return piece == _ZWJ and base in ("So", "Cn", "Lo")


def _piece(piece: str) -> str:
    first = ord(piece[0])
    if 0x1F1E6 <= first <= 0x1F1FF:
        return f"‹{''.join(chr(ord(letter) - 0x1F1E6 + ord('A')) for letter in piece)}›"
    if 0xE0020 <= first <= 0xE007F:
        hidden = "".join(chr(ord(tag) - 0xE0000) for tag in piece)
        return f"‹{hidden.rstrip(chr(0x7F)).replace(chr(0x7F), '␡')}›"
    return _character(piece)


@lru_cache(maxsize=4096)
def _character(character: str) -> str:
    code = ord(character)
    if code == 0x0A:
        return "⏎"
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    width, rich_width = (measure(character) for measure in _measures())
    category = unicodedata.category(character)
    mark = category in ("Mn", "Mc", "Me")
    if (
        code in _NAMES
        or character in _VARIATIONS
        or category in ("Cc", "Cs", "Zl", "Zp")
        or (category == "Cf" and width == 0)
        or code & 0xFFFE == 0xFFFE
        or width != rich_width
        or (width <= 0 and not mark and not _joins(code))
    ):
        return _hexadecimal(code)
    return character


def _joins(code: int) -> bool:
    # Hangul vowels and finals have no width of their own: they complete a syllable.
    return 0x1161 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FB


def _hexadecimal(code: int) -> str:
    return f"‹{_NAMES.get(code) or f'U+{code:04X}'}›"
