"""Wrapping a text into rows of the screen, and the way between offsets and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import cast

from tui_annotate.text.direction import base_level, has_right_to_left
from tui_annotate.text.display import Cell, is_plain, visible
from tui_annotate.text.graphemes import NARROW, WIDE, clusters, is_boundary
from tui_annotate.text.ordering import MARK, Order, RowCells, row_cells
from tui_annotate.text.tokens import Tokens, breaking_places

# White space that a row may end at: not the no-break spaces.
_SPACES = " \t\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000"
_SPACE_SET = frozenset(_SPACES)
# A starred class always matches, if only nothing.
_Run = Callable[[str, int, int], re.Match[str]]
_ascii = cast(_Run, re.compile("[ -~]*").match)
_space = cast(_Run, re.compile(f"[{_SPACES}]*").match)
# Closing marks of scripts without spaces, which do not stand at the start of a row.
_NEVER_FIRST = frozenset("，。、；：？！）」』】》〉…,.;:?!)]}”’％%")
_ROWS_KEPT = 512


@cache
def _runs() -> tuple[_Run, _Run]:
    """Match code points that take one cell, and those that take two; ASCII needs neither."""
    narrow, wide = (re.compile(f"[{ranges}]*").match for ranges in (NARROW, WIDE))
    return cast(_Run, narrow), cast(_Run, wide)


class Layout:
    """A text wrapped to a width, once.

    Line breaks and blank lines of the text are kept. A long line breaks at
    white space, else between tokens or words, else between graphemes; the white space
    at such a break is hidden, so that rows cover the text but for line breaks
    and hidden white space. Only a grapheme that is wider than the screen makes
    a row that is.

    Args:
        text: The text.
        tokens: Its tokens, whose borders are the second best place to break; None where the
            text alone says that, so that it can be laid out before its tokens are known.
        width: The terminal cells of a row, at least 2.
        order: Who orders letters that run from right to left.
    """

    def __init__(
        self, text: str, tokens: Tokens | None, width: int, *, order: Order = "letters"
    ) -> None:
        self.text = text
        self.width = max(2, width)
        self.order = order
        self._turns = has_right_to_left(text)
        self._tokens = tokens
        self._rows = list(self._wrapped())
        self._starts = [start for start, _ in self._rows]
        self._row_cells = lru_cache(maxsize=_ROWS_KEPT)(self._cells_of)

    @property
    def rows(self) -> Sequence[tuple[int, int]]:
        """The code point range of each row, without the line break; never empty."""
        return self._rows

    def row_of(self, offset: int) -> int:
        """The row an offset is on; a line break and hidden space belong to the row they end."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def column_of(self, offset: int) -> int:
        """The cell of its row that the grapheme at ``offset`` begins in.

        For a line break, hidden white space and the end of the text it is the
        cell after the row's last one, which may be the row's width.
        """
        start, end = self._rows[row := self.row_of(offset)]
        if self.is_plain(row):
            return min(max(0, offset - start), end - start)
        if offset >= end:
            # Behind the last one is on its left, where the row runs there.
            return max(self.indent(row) - 1, 0) if self.base(row) else self.row_width(row)
        column = 0
        for cell in self.cells(row):
            if cell.start <= offset < cell.end:
                break
            column += cell.width
        return column

    def offset_at(self, row: int, column: int) -> int:
        """Where the grapheme in a cell of a row begins; beyond the row its last grapheme."""
        row = max(0, min(row, len(self._rows) - 1))
        start, end = self._rows[row]
        if start == end:
            return start
        if self.is_plain(row):
            return min(start + max(column, 0), end - 1)
        reached = 0
        for cell in self.cells(row):
            reached += cell.width
            if reached > column and cell.end > cell.start:
                return cell.start
        return cell.start

    def row_width(self, row: int) -> int:
        """The terminal cells that a row takes."""
        start, end = self._rows[row]
        if self.is_plain(row):
            return end - start
        return sum(cell.width for cell in self.cells(row))

    def stretches(self, row: int, start: int, end: int) -> list[tuple[int, int]]:
        """The cells of a row that a range of the text stands in, from left to right.

        There are several stretches where a part of it runs from right to left.
        """
        first, last = self._rows[row]
        if self.is_plain(row):
            left = max(start, first) - first
            return [(left, max(min(end, last) - first, left + 1))]
        found: list[tuple[int, int]] = []
        column = 0
        for cell in self.cells(row):
            right = column + cell.width
            if cell.start < end and cell.end > start:
                if found and found[-1][1] == column:
                    found[-1] = found[-1][0], right
                else:
                    found.append((column, right))
            column = right
        return found

    def base(self, row: int) -> int:
        """The level of the paragraph that a row is in: 1 where it runs from right to left."""
        if not self._turns or self.order == "off":
            return 0
        start, end = self._rows[row]
        last = self.text.find("\n", end)
        return base_level(
            self.text, self.text.rfind("\n", 0, start) + 1, last if last >= 0 else None
        )

    def is_marked(self, row: int) -> bool:
        """Whether a row is not just in the order of the text, or a terminal may reorder it."""
        return self._turns and (
            bool(self.base(row)) or has_right_to_left(self.text, *self._rows[row])
        )

    def is_plain(self, row: int) -> bool:
        """Whether the column within a row is the offset within it."""
        return is_plain(self.text, *self._rows[row]) and not self.base(row)

    def runs_left(self, offset: int) -> bool:
        """Whether the grapheme at an offset runs from right to left."""
        return self._turns and offset in self._row_cells(self.row_of(offset)).backwards

    def indent(self, row: int) -> int:
        """How many blank cells stand before a row that runs from right to left."""
        cells = self.cells(row) if self._turns else []
        return next((at for at, cell in enumerate(cells) if cell.end > cell.start), 0)

    def _is_even(self, row: int) -> bool:
        """Whether a row has letters that run from right to left, and each takes one cell."""
        return self.is_marked(row) and all(
            cell.width == 1 and len(cell.shown.removesuffix(MARK)) == 1 for cell in self.cells(row)
        )

    def columns(self, row: int, start: int, end: int) -> tuple[int, int] | None:
        """The cells of a row that a range of the text takes.

        None where that cannot be told for every terminal.
        """
        first, last = self._rows[row]
        if not self.is_plain(row):
            if not self._is_even(row):
                return None
            found = self.stretches(row, start, end)
            return (found[0][0], found[-1][1]) if found else None
        left = max(start, first) - first
        return left, max(min(end, last) - first, left + 1)

    def cells(self, row: int) -> list[Cell]:
        """The cells of a row from left to right; the list is shared and not to be changed."""
        return self._row_cells(row).cells

    def _cells_of(self, row: int) -> RowCells:
        base, order, width = self.base(row), self.order, self.width
        return row_cells(self.text, *self._rows[row], base, order, width)

    def _wrapped(self) -> Iterator[tuple[int, int]]:
        text = self.text
        start = 0
        while True:
            newline = text.find("\n", start)
            end = newline if newline >= 0 else len(text)
            if end > start and newline >= 0 and text[end - 1] == "\r":
                end -= 1
            yield from self._wrapped_line(start, end)
            if newline < 0 or newline + 1 == len(text):
                return
            start = newline + 1

    def _wrapped_line(self, start: int, line_end: int) -> Iterator[tuple[int, int]]:
        while True:
            fits = self._fitting(start, line_end)
            if fits == line_end:
                yield start, line_end
                return
            end, following = self._break(start, fits, line_end)
            yield start, end
            if following >= line_end:
                return
            start = following

    def _fitting(self, start: int, line_end: int) -> int:
        """How far the row that begins at ``start`` could reach."""
        text = self.text
        at, room = start, self.width
        while True:
            # One more than fits: what follows the last cell may be a mark that belongs to it.
            window = min(at + room + 1, line_end)
            narrow = _ascii(text, at, window).end()
            if narrow < window:
                match_narrow, match_wide = _runs()
                narrow = match_narrow(text, narrow, window).end()
            if narrow == window:
                return min(at + room, line_end)
            window = min(narrow + (room - (narrow - at)) // 2 + 1, line_end)
            wide = match_wide(text, narrow, window).end()
            if wide == narrow:
                break
            room -= narrow - at
            if wide == window:
                return min(narrow + room // 2, line_end)
            room -= 2 * (wide - narrow)
            at = wide
        # What comes now may join the last code point of the run.
        if narrow > at:
            room -= narrow - 1 - at
            at = narrow - 1
        elif at > start:
            room += 2
            at -= 1
        for cluster in clusters(text, at, line_end):
            room -= visible(cluster)[1]
            if room < 0 and at > start:
                return at
            at += len(cluster)
        return at

    def _break(self, start: int, fits: int, line_end: int) -> tuple[int, int]:
        """Where the row ends and the next one begins, ``fits`` being short of the line's end."""
        space = self._last_space(start, fits)
        if space >= 0:
            following = self._after_spaces(space, line_end)
            end = self._before_spaces(start, space)
            if end > start and (space == fits or not self._needs_cutting(following, line_end)):
                return end, following
        border = self._token_border(start, fits, line_end)
        return self._before_spaces(start, border) or border, self._after_spaces(border, line_end)

    def _needs_cutting(self, start: int, line_end: int) -> bool:
        """Whether what follows fits no row uncut, as in scripts without spaces."""
        text = self.text
        if text.find(" ", start, min(start + self.width // 2 + 1, line_end)) >= 0:
            return False
        fits = self._fitting(start, line_end)
        return fits < line_end and _SPACE_SET.isdisjoint(text[start : fits + 1])

    def _token_border(self, start: int, fits: int, line_end: int) -> int:
        """The best token border to break at; ``fits`` if there is none worth it."""
        starts, ends = self._borders(start, fits, line_end)
        last = bisect_right(starts, fits) - 1
        for token in (last, last - 1):
            border = starts[token] if token >= 0 else 0
            if 2 * (border - start) < fits - start or border == start:
                break
            if self.text[border] not in _NEVER_FIRST and is_boundary(self.text, border):
                return border
        if last >= 0 and starts[last] > start and is_boundary(self.text, starts[last]):
            token_end = min(ends[last], line_end)
            if token_end <= self._fitting(starts[last], line_end):
                return starts[last]
        return fits

    def _borders(self, start: int, fits: int, line_end: int) -> tuple[Sequence[int], Sequence[int]]:
        """Where pieces that are better not cut begin and end, on the row and right behind it."""
        if self._tokens is not None:
            return self._tokens.starts, self._tokens.ends
        # A piece that reaches further fits no row of its own either.
        found = breaking_places(self.text, start, min(fits + self.width + 2, line_end))
        return [first for first, _ in found], [last for _, last in found]

    def _last_space(self, start: int, fits: int) -> int:
        """The last white space on the row or right behind it; -1 if there is none."""
        text = self.text
        at = text.rfind(" ", start, fits + 1)
        if not _SPACE_SET.isdisjoint(behind := text[max(at + 1, start) : fits + 1]):
            at = fits - next(i for i, c in enumerate(reversed(behind)) if c in _SPACE_SET)
        while at >= start and not (text[at] in _SPACE_SET and self._is_space(at)):
            at -= 1
        return at if at >= start else -1

    def _is_space(self, at: int) -> bool:
        text = self.text
        return text[at] in _SPACE_SET and is_boundary(text, at) and is_boundary(text, at + 1)

    def _after_spaces(self, at: int, line_end: int) -> int:
        following = _space(self.text, at, line_end).end()
        if following == at or not is_boundary(self.text, at):
            return at
        # The last one may carry a mark.
        return following if is_boundary(self.text, following) else following - 1

    def _before_spaces(self, start: int, at: int) -> int:
        """Where the white space before ``at`` begins; 0 if nothing but that is on the row."""
        before = start + len(self.text[start:at].rstrip(_SPACES))
        if not is_boundary(self.text, before):
            before += 1
        return before if before > start else 0
