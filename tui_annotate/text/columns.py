"""A text in columns: every token as wide as what stands under it needs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from tui_annotate.text.direction import visual_order
from tui_annotate.text.display import Cell, is_plain, shown
from tui_annotate.text.layout import Layout
from tui_annotate.text.ordering import Order, RowCells, ordered_levels, row_cells
from tui_annotate.text.tokens import Tokens

_ODD = re.compile("[^ -~\n]")

GAP = 2
"""Cells between columns."""


class Piece(NamedTuple):
    """What stands in one column: a token, a part of one too wide for a row, or loose text.

    Attributes:
        start: Where it begins in the text, in code points.
        end: Where it ends (exclusive).
        column: The cell of its row it begins in.
        width: The cells that it takes, without the gap.
        token: Which token it begins, white space not counted; None for what is no token's start.
    """

    start: int
    end: int
    column: int
    width: int
    token: int | None


class Columns(Layout):
    """A text wrapped to a width, with a column for each token.

    The columns do not depend on what stands under them at any time, so that
    the text keeps its place.

    Args:
        text: The text.
        tokens: Its tokens.
        width: The terminal cells of a row.
        reserve: How wide every token's column is at least.
        wider: Of tokens that need more, how wide their columns are, by their
            number without white space.
        order: Who orders letters that run from right to left.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        width: int,
        reserve: int,
        wider: Mapping[int, int] | None = None,
        *,
        order: Order = "letters",
    ) -> None:
        self._reserve = min(reserve, max(width - GAP, 1))
        self._wider = wider or {}
        # The pieces of all rows, side by side: objects for all of them would cost too much.
        self._piece_starts: list[int] = []
        self._piece_ends: list[int] = []
        self._piece_columns: list[int] = []
        self._piece_widths: list[int] = []
        self._piece_tokens: list[int | None] = []
        self._firsts: list[int] = []
        self._pieces_of = lru_cache(maxsize=64)(self._turned)
        super().__init__(text, tokens, width, order=order)

    def pieces(self, row: int) -> list[Piece]:
        """What stands in a row, from left to right."""
        return self._pieces_of(row) if self.is_marked(row) else self._laid_out(row)

    def _laid_out(self, row: int) -> list[Piece]:
        """What stands in a row, in the order of the text."""
        last = self._firsts[row + 1] if row + 1 < len(self._firsts) else len(self._piece_starts)
        return [
            Piece(
                self._piece_starts[i],
                self._piece_ends[i],
                self._piece_columns[i],
                self._piece_widths[i],
                self._piece_tokens[i],
            )
            for i in range(self._firsts[row], last)
        ]

    def _turned(self, row: int) -> list[Piece]:
        """What stands in a row with letters that run from right to left."""
        pieces = self._laid_out(row)
        if self.order == "off" or not pieces:
            return pieces
        start, end = self.rows[row]
        base = self.base(row)
        cells = shown(self.text, start, end)
        places = [cell.start for cell in cells]
        of_cells = ordered_levels([cell.shown for cell in cells], base)
        of_pieces = [of_cells[bisect_right(places, piece.start) - 1] for piece in pieces]
        column = self.width - pieces[-1].column - pieces[-1].width if base else 0
        made: list[Piece] = []
        for at in visual_order(of_pieces):
            made.append(pieces[at]._replace(column=column))
            column += pieces[at].width + GAP
        return made

    def cells_of(self, piece: Piece) -> list[Cell]:
        """How a piece is drawn, from left to right."""
        return self._ordered(piece).cells

    def _ordered(self, piece: Piece) -> RowCells:
        base = int(self.base(self.row_of(piece.start)))
        return row_cells(self.text, piece.start, piece.end, base, self.order, 0)

    def _piece_at(self, offset: int) -> Piece | None:
        """The piece of its row that an offset is in or behind."""
        before = [one for one in self.pieces(self.row_of(offset)) if one.start <= offset]
        return max(before, key=lambda one: one.start, default=None)

    def runs_left(self, offset: int) -> bool:
        """Whether the grapheme at an offset runs from right to left."""
        if not self.is_marked(self.row_of(offset)):
            return False
        piece = self._piece_at(offset)
        return piece is not None and offset in self._ordered(piece).backwards

    def column_of(self, offset: int) -> int:
        """The cell of its row that the grapheme at ``offset`` begins in."""
        found = self._piece_at(offset)
        if found is None:
            return 0
        if offset >= found.end:
            return found.column + found.width
        if is_plain(self.text, found.start, found.end) and not self.base(self.row_of(offset)):
            return found.column + offset - found.start
        column = found.column
        for cell in self.cells_of(found):
            if cell.start <= offset < cell.end:
                break
            column += cell.width
        return column

    def offset_at(self, row: int, column: int) -> int:
        """Where the column that a cell of a row is in begins in the text."""
        row = max(0, min(row, len(self.rows) - 1))
        pieces = self.pieces(row)
        if not pieces:
            return self.rows[row][0]
        place = bisect_right(pieces, column, key=lambda piece: piece.column) - 1
        return pieces[max(place, 0)].start

    def row_width(self, row: int) -> int:
        """The terminal cells that a row takes."""
        pieces = self.pieces(row)
        return pieces[-1].column + pieces[-1].width if pieces else 0

    def columns(self, row: int, start: int, end: int) -> tuple[int, int] | None:
        """The cells of a row that a range of the text takes, gaps within it included.

        None where that cannot be told for every terminal.
        """
        if not self.is_plain(row) and not self._is_even(row):
            return None
        return self.places(row, start, end)

    def places(self, row: int, start: int, end: int) -> tuple[int, int]:
        """The cells that the columns of a range of the text take, as they are laid out."""
        inside = [piece for piece in self.pieces(row) if piece.start < end and piece.end > start]
        if not inside:
            at = self.column_of(start)
            return at, at + 1
        return inside[0].column, inside[-1].column + inside[-1].width

    def _wrapped(self) -> Iterator[tuple[int, int]]:
        text, tokens = self.text, self._tokens
        assert tokens is not None
        starts, ends = tokens.starts, tokens.ends
        reserve, wider, width = self._reserve, self._wider, self.width
        # Where code points are that may not take one cell; line feeds are in no token.
        odd = [found.start() for found in _ODD.finditer(text)] + [len(text)]
        passed = 0
        self._rows_made: list[tuple[int, int]] = []
        self._used = 0
        self._firsts.append(0)
        place = self._place
        at = 0
        for index, stop in enumerate(tokens.stops):
            start, end = starts[stop], ends[stop]
            if start > at and text[at:start] != " ":
                self._place_loose(at, start)
            while odd[passed] < start:
                passed += 1
            wide = end - start if odd[passed] >= end else self._measured(start, end)
            if wide > width:
                self._place_cut(start, end, index)
            else:
                wide = max(wide, reserve, wider.get(index, 0)) if wider else max(wide, reserve)
                place(start, end, wide, index)
            at = end
        # Line breaks at the end of the text end no further row.
        if text[at:].strip():
            self._place_loose(at, len(text))
        if self._firsts[-1] < len(self._piece_starts) or not self._rows_made:
            self._close(0)
        self._firsts.pop()
        return iter(self._rows_made)

    def _place(self, start: int, end: int, wide: int, index: int | None) -> None:
        """Put a piece behind the others, or at the start of the next row."""
        used = self._used
        if used and used + wide > self.width:
            self._close(start)
            used = 0
        self._piece_starts.append(start)
        self._piece_ends.append(end)
        self._piece_columns.append(used)
        self._piece_widths.append(wide)
        self._piece_tokens.append(index)
        self._used = used + wide + GAP

    def _close(self, blank: int) -> None:
        """End a row; a blank one stands where its line feed does."""
        first, last = self._firsts[-1], len(self._piece_starts)
        filled = first < last
        self._rows_made.append(
            (self._piece_starts[first], self._piece_ends[-1]) if filled else (blank, blank)
        )
        self._firsts.append(last)
        self._used = 0

    def _place_loose(self, start: int, end: int) -> None:
        """Place what stands between tokens: line breaks, and text that no token covers."""
        at = start
        while at < end:
            stop = self.text.find("\n", at, end)
            stop = end if stop < 0 else stop
            for word in self.text[at:stop].split():
                first = self.text.index(word, at)
                at = first + len(word)
                self._place_cut(first, at, None)
            if stop < end:
                self._close(stop)
            at = stop + 1

    def _place_cut(self, start: int, end: int, index: int | None) -> None:
        """Place what may be wider than a row, in as many rows as it takes."""
        begins, width = start, 0
        for cell in shown(self.text, start, end):
            if width and width + cell.width > self.width:
                self._place(begins, cell.start, width, index)
                begins, width, index = cell.start, 0, None
            width += cell.width
        self._place(begins, end, width, index)

    def _measured(self, start: int, end: int) -> int:
        return sum(cell.width for cell in shown(self.text, start, end))
