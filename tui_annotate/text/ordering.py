"""What a terminal is sent of a row that has letters of scripts that run from right to left.

Some terminals reorder such rows, most do not. Here the program does, and it parts the
letters with marks that are not seen, so that one that reorders finds nothing to do: both
kinds show every letter in the cell where it stands for the program, over its label.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from tui_annotate.text.arabic import joined
from tui_annotate.text.direction import (
    base_level,
    direction_of,
    has_right_to_left,
    levels,
    mirrored,
    visual_order,
)
from tui_annotate.text.display import Cell, shown

Order = Literal["letters", "words", "off"]
"""Who orders right-to-left text.

``letters``: the program, letter by letter. ``words``: the program orders the words, the
terminal the letters of each. ``off``: nobody; all runs from left to right.
"""

ORDERS: tuple[Order, ...] = get_args(Order)

MARK = "\u200e"
"""The left-to-right mark: it takes no cell, and no terminal reorders letters across it."""

_RUNS_LEFT = frozenset({"R", "AL"})
_REORDERED = frozenset({"R", "AL", "AN"})


class Ordered(NamedTuple):
    """The cells of a row as they stand on the screen.

    Attributes:
        places: Which cell, in the order of the text, stands at each place from the left.
        shown: What is printed at each place.
        backwards: Of each cell, in the order of the text, whether it runs from right to left.
    """

    places: list[int]
    shown: list[str]
    backwards: list[bool]


def ordered(cells: Sequence[str], base: int, order: Order) -> Ordered:
    """Order the cells of a row.

    Args:
        cells: What each of them shows, in the order of the text.
        base: The level of the paragraph: 1 where it runs from right to left.
        order: Who orders.
    """
    signs = list(map(_sign, cells))
    if order == "off":
        return Ordered(
            list(range(len(cells))), list(map(_parted, cells, signs)), [False] * len(cells)
        )
    of_levels = levels(signs, base)
    places = visual_order(of_levels)
    backwards = [level % 2 == 1 for level in of_levels]
    if order == "words":
        return Ordered(places, _by_words(cells, signs, places, backwards), backwards)
    letters = joined(cells)
    printed = [_parted(_turned(letters[at], backwards[at]), signs[at]) for at in places]
    return Ordered(places, printed, backwards)


def ordered_levels(cells: Sequence[str], base: int) -> list[int]:
    """The level of each cell of a row."""
    return levels(list(map(_sign, cells)), base)


def _turned(cell: str, backwards: bool) -> str:
    return mirrored(cell) if backwards and len(cell) == 1 else cell


def _sign(cell: str) -> str:
    """What a cell counts as: the letter under its marks; what is spelled out is neutral."""
    if len(cell) > 1 and all(direction_of(one) in ("NSM", "ON") for one in cell[1:]):
        return cell[0]
    return cell


def _parted(cell: str, sign: str) -> str:
    return cell + MARK if len(sign) == 1 and direction_of(sign) in _REORDERED else cell


def _by_words(
    cells: Sequence[str], signs: Sequence[str], places: Sequence[int], backwards: Sequence[bool]
) -> list[str]:
    """What is printed where the terminal turns the letters of each word around."""
    printed: list[str] = []
    at = 0
    while at < len(places):
        end = at
        while end < len(places) and _is_letter(signs[places[end]]):
            end += 1
        if end > at:
            word = [cells[place] for place in sorted(places[at:end])]
            printed += [*word[:-1], word[-1] + MARK]
            at = end
            continue
        place = places[at]
        printed.append(_parted(_turned(cells[place], backwards[place]), signs[place]))
        at += 1
    return printed


def _is_letter(sign: str) -> bool:
    return len(sign) == 1 and direction_of(sign) in _RUNS_LEFT


class RowCells(NamedTuple):
    """The cells of a row from left to right.

    Attributes:
        cells: The cells; blank ones before a text that runs from right to left are empty
            stretches at the end of the row.
        backwards: Where the cells begin that run from right to left.
    """

    cells: list[Cell]
    backwards: frozenset[int] = frozenset()


def row_cells(text: str, start: int, end: int, base: int, order: Order, width: int) -> RowCells:
    """The cells of a row of a text.

    Args:
        text: The text.
        start: Where the row begins.
        end: Where it ends (exclusive).
        base: The level of its paragraph.
        order: Who orders.
        width: The cells of the screen, for a row that stands at their right end.
    """
    cells = shown(text, start, end)
    if not base and not has_right_to_left(text, start, end):
        return RowCells(cells)
    found = ordered([cell.shown for cell in cells], base, order)
    made = [
        Cell(cells[place].start, cells[place].end, printed, cells[place].width)
        for place, printed in zip(found.places, found.shown, strict=True)
    ]
    if base and order != "off":
        blank = max(width - sum(cell.width for cell in cells), 0)
        made = [Cell(end, end, " ", 1)] * blank + made
    backwards = frozenset(
        cell.start for cell, runs in zip(cells, found.backwards, strict=True) if runs
    )
    return RowCells(made, backwards)


def in_order(drawn: str, order: Order) -> str:
    """A string from `text.display` as a terminal is to get it, in as many cells.

    White space around it stays where it is. It begins with a mark, so that no terminal takes
    its row for one that runs from right to left.
    """
    if not has_right_to_left(drawn):
        return drawn
    first = len(drawn) - len(drawn.lstrip(" "))
    cells = cells_in_order(drawn, order)[first:]
    return " " * first + MARK + "".join(cell.shown for cell in cells)


def cells_in_order(drawn: str, order: Order) -> list[Cell]:
    """The cells of a string from `text.display`, from left to right."""
    cells = shown(drawn, 0, len(drawn))
    if not has_right_to_left(drawn):
        return cells
    first = len(drawn) - len(drawn.lstrip(" "))
    last = len(drawn.rstrip(" "))
    core = row_cells(drawn, first, last, base_level(drawn), order, 0).cells
    return [*cells[:first], *core, *cells[len(cells) - len(drawn) + last :]]
