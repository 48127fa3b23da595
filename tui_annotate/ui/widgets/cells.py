"""Rows of the screen as cells, and which of them differ from what was there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_annotate.text.display import is_plain
from tui_annotate.text.graphemes import PLAIN
from tui_annotate.text.ordering import Order, cells_in_order

Cell = tuple[str, Style]
"""What stands in one column; nothing in that behind a wide character."""

NO_STYLE = Style()
BLANK: Cell = (" ", NO_STYLE)

_GAP = 6
"""So few cells between two that changed are sent with them: going past them costs as much."""

_character = itemgetter(0)

# Every terminal gives these one column, and writes them from left to right.
_STEADY = re.compile(f"[{PLAIN}\u2580-\u25ff\u2800-\u28ff]*")


def cells_of(text: str, style: Style, order: Order = "letters") -> list[Cell]:
    """The cells of a text that may be printed as it is, from left to right.

    Args:
        text: The text.
        style: Its style.
        order: Who orders letters that run from right to left.
    """
    if is_plain(text, 0, len(text)):
        return [(character, style) for character in text]
    made: list[Cell] = []
    for cell in cells_in_order(text, order):
        made.append((cell.shown, style))
        made.extend([("", style)] * (cell.width - 1))
    return made


def row_of(pieces: Iterable[tuple[str, Style]], width: int, order: Order = "letters") -> list[Cell]:
    """A row of pieces; what does not fit is cut, and a cut wide character is left out."""
    row: list[Cell] = []
    for text, style in pieces:
        row += cells_of(text, style, order)
    return fitted(row, width)


def fitted(row: list[Cell], width: int) -> list[Cell]:
    """A row of exactly so many columns."""
    if len(row) > width:
        cut = width
        while cut and row[cut][0] == "":
            cut -= 1
        row = row[:cut]
    return row + [BLANK] * (width - len(row))


def strip_of(row: Sequence[Cell]) -> Strip:
    """A row as Textual draws it: one segment for each run of a style."""
    segments: list[Segment] = []
    run: list[str] = []
    look: Style | None = None
    for character, style in row:
        if style is not look and style != look:
            if run:
                segments.append(Segment("".join(run), look))
            run, look = [], style
        run.append(character)
    if run:
        segments.append(Segment("".join(run), look))
    return Strip(segments, len(row))


def changed(old: Sequence[Cell], new: Sequence[Cell]) -> list[tuple[int, int]]:
    """The stretches of columns in which two rows of the same width differ."""
    if old == new:
        return []
    if not (_is_steady(old) and _is_steady(new)):
        return [(0, len(new))]
    stretches: list[tuple[int, int]] = []
    first = last = -1
    for column, (before, after) in enumerate(zip(old, new, strict=True)):
        if before is after or before == after:
            continue
        if first >= 0 and column - last > _GAP:
            stretches.append((first, last + 1))
            first = column
        elif first < 0:
            first = column
        last = column
    stretches.append((first, last + 1))
    return stretches


def _is_steady(row: Sequence[Cell]) -> bool:
    text = "".join(map(_character, row))
    return len(text) == len(row) and _STEADY.fullmatch(text) is not None
