"""A text with its marks as it will read, in rows that move as little as can be."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from tui_annotate.inventory.marks import Side
from tui_annotate.text.display import Cell, is_plain, shown
from tui_annotate.text.gaps import Word
from tui_annotate.text.layout import Layout
from tui_annotate.text.mark_slots import Part, Slot
from tui_annotate.text.ordering import Order, Ordered, ordered
from tui_annotate.text.tokens import Tokens


class Reading(Protocol):
    """What the rows are made of."""

    words: list[Word]

    def parts(self, gap: int) -> list[Part]:
        """What stands in a gap."""
        ...

    def word(self, number: int) -> str:
        """A word as it will read."""
        ...

    def visible(self, word: int, side: Side) -> Sequence[Slot]:
        """The marks at a side of a word."""
        ...


class Piece(NamedTuple):
    """What stands in some cells of a row.

    Attributes:
        text: What stands there.
        width: The cells that it takes.
        word: The word it is, or belongs to.
        slot: The mark it is; None for a word and for white space.
        gap: Whether it is white space.
        side: On which side of its word it stands, if it is a mark.
    """

    text: str
    width: int
    word: int
    slot: Slot | None = None
    gap: bool = False
    side: Side = "after"


class Restored(Layout):
    """A text with its marks, wrapped to a width.

    Rows are broken with some room left, and keep the words they have: a mark
    moves what stands behind it in its row, and only where the row gets too
    long the rows from there on are broken again. Offsets are those of the
    text as it came.

    Args:
        text: The text as it came.
        tokens: Its words.
        width: The terminal cells of a row.
        reading: The text as it will read.
        order: Who orders letters that run from right to left.
    """

    def __init__(
        self, text: str, tokens: Tokens, width: int, reading: Reading, *, order: Order = "letters"
    ) -> None:
        self._reading = reading
        self._room = max(3, width // 12)
        self._firsts: list[int] = []
        self._pieces_of = lru_cache(maxsize=512)(self._made)
        super().__init__(text, tokens, width, order=order)

    # ── what stands where ──────────────────────────────────────────────────

    def head(self, word: int) -> list[Part]:
        """The marks before a word."""
        return self._split(word)[1]

    def tail(self, word: int) -> list[Part]:
        """What stands behind a word, up to the marks before the next one."""
        return self._split(word + 1)[0]

    def _split(self, gap: int) -> tuple[list[Part], list[Part]]:
        parts = self._reading.parts(gap)
        if gap == 0:
            return [], parts
        if len(parts) < 2 and not (parts and parts[0].slot):
            return parts, []
        left = len(self._reading.visible(gap - 1, "after"))
        for place, part in enumerate(parts):
            if part.slot is not None:
                if not left:
                    return parts[:place], parts[place:]
                left -= 1
        return parts, []

    def pieces(self, row: int) -> list[Piece]:
        """What stands in a row, in the order of the text."""
        return self._pieces_of(row)

    def words(self, row: int) -> range:
        """The words of a row."""
        if self.rows[row][0] == self.rows[row][1]:
            return range(0)
        last = len(self._reading.words)
        following = self._firsts[row + 1] if row + 1 < len(self._firsts) else last
        return range(self._firsts[row], following)

    def _made(self, row: int) -> list[Piece]:
        found: list[Piece] = []
        for number in self.words(row):
            found += [
                Piece(part.text, _width(part.text), number, part.slot, part.slot is None, "before")
                for part in self.head(number)
                if "\n" not in part.text
            ]
            text = self._reading.word(number)
            found.append(Piece(text, _width(text), number))
            found += [
                Piece(part.text, _width(part.text), number, part.slot, part.slot is None)
                for part in self.tail(number)
                if "\n" not in part.text
            ]
        while found and found[-1].gap:
            found.pop()
        return found

    def plain(self, row: int) -> bool:
        """Whether every cell of a row is one printable narrow character."""
        return not self.base(row) and all(
            is_plain(piece.text, 0, len(piece.text)) for piece in self.pieces(row)
        )

    def cells_of(self, piece: Piece) -> list[Cell]:
        """How a piece is drawn."""
        return shown(piece.text, 0, len(piece.text))

    # ── what a layout knows ────────────────────────────────────────────────

    def row_width(self, row: int) -> int:
        """The terminal cells that a row takes."""
        return sum(piece.width for piece in self.pieces(row))

    def ordered(self, row: int) -> Ordered | None:
        """How the cells of a row stand on the screen, where that is not as in the text."""
        if not self.is_marked(row):
            return None
        cells = [cell.shown for piece in self.pieces(row) for cell in self.cells_of(piece)]
        return ordered(cells, self.base(row), self.order)

    def indent(self, row: int) -> int:
        """How many blank cells stand before a row that runs from right to left."""
        return max(self.width - self.row_width(row), 0) if self.base(row) else 0

    def _places(self, row: int) -> list[tuple[int, int, Piece]]:
        """The cells of a row from left to right: their columns, widths and pieces."""
        cells = [(piece, cell) for piece in self.pieces(row) for cell in self.cells_of(piece)]
        turned = self.ordered(row)
        column = self.indent(row)
        made: list[tuple[int, int, Piece]] = []
        for at in range(len(cells)) if turned is None else turned.places:
            piece, cell = cells[at]
            made.append((column, cell.width, piece))
            column += cell.width
        return made

    def column_of(self, offset: int) -> int:
        """The cell of its row that the word over an offset begins in."""
        row, number = self.row_of(offset), self._word_at(offset)
        if self.is_marked(row):
            inside = [at for at, _, piece in self._places(row) if _is_word(piece, number)]
            if inside:
                return inside[-1 if self.runs_left(offset) else 0]
        column = self.indent(row)
        for piece in self.pieces(row):
            if _is_word(piece, number):
                return column
            column += piece.width
        return column

    def _word_at(self, offset: int) -> int:
        """The first word that ends behind an offset."""
        return bisect_right(self._reading.words, offset, key=lambda word: word.end)

    def runs_left(self, offset: int) -> bool:
        """Whether the first letter of the word over an offset runs from right to left."""
        row, number = self.row_of(offset), self._word_at(offset)
        turned = self.ordered(row)
        if turned is None:
            return False
        cells = [piece for piece in self.pieces(row) for _ in self.cells_of(piece)]
        first = next((at for at, one in enumerate(cells) if _is_word(one, number)), None)
        return first is not None and turned.backwards[first]

    def offset_at(self, row: int, column: int) -> int:
        """Where the word in a cell of a row begins in the text."""
        row = max(0, min(row, len(self.rows) - 1))
        found = self.rows[row][0]
        for at, width, piece in self._places(row):
            found = self._reading.words[piece.word].start
            if at + width > column:
                break
        return found

    def columns(self, row: int, start: int, end: int) -> tuple[int, int] | None:
        """The cells of a row that the words of a range take, with their marks and their gap.

        None where that cannot be told for every terminal.
        """
        if not self.plain(row):
            return None
        left: int | None = None
        column = right = 0
        for piece in self.pieces(row):
            word = self._reading.words[piece.word]
            if word.start < end and word.end > start:
                left = column if left is None else left
                right = column + piece.width
            column += piece.width
        if left is None:
            return column, column + 1
        return left, right + 1

    # ── breaking into rows ─────────────────────────────────────────────────

    def update(self, words: Iterable[int]) -> bool:
        """Take in that marks at some words have changed; whether rows were broken again."""
        self._pieces_of.cache_clear()
        rows_of = {self.row_of(self._reading.words[word].start) for word in words}
        row = min((row for row in rows_of if self.row_width(row) > self.width), default=None)
        if row is None:
            return False
        kept = self._firsts[row]
        self._firsts = self._firsts[:row]
        rows = self._rows[:row]
        rows.extend(self._broken(kept))
        self._rows = rows
        self._starts = [start for start, _ in rows]
        self._pieces_of.cache_clear()
        return True

    def _feeds(self, word: int) -> int:
        """How many line feeds stand before a word."""
        return sum(part.text.count("\n") for part in self._reading.parts(word))

    def _wrapped(self) -> Iterator[tuple[int, int]]:
        yield from self._broken(0)

    def _broken(self, word: int) -> Iterator[tuple[int, int]]:
        words = self._reading.words
        count = len(words)
        if word == 0:
            for at in range(self._feeds(0) if count else 0):
                self._firsts.append(0)
                yield at, at
        limit = self.width - self._room
        first, used = word, 0
        for number in range(word, count):
            # A capital is as wide as its small letter, and asking for it takes longer.
            own = _width(self.text[words[number].start : words[number].end]) + sum(
                _width(part.text) for part in self.head(number)
            )
            tail = self.tail(number)
            gap = tail.pop().text if tail and tail[-1].slot is None else ""
            own += sum(_width(part.text) for part in tail)
            if number > first and used + own > limit:
                self._firsts.append(first)
                yield words[first].start, words[number - 1].end
                first, used = number, 0
            used += own + len(gap)
            if "\n" in gap and number + 1 < count:
                self._firsts.append(first)
                yield words[first].start, words[number].end
                for at in range(1, gap.count("\n")):
                    self._firsts.append(number + 1)
                    yield words[number].end + at, words[number].end + at
                first, used = number + 1, 0
        if first < count:
            self._firsts.append(first)
            yield words[first].start, words[-1].end
        elif not count:
            self._firsts.append(0)
            yield 0, 0


def _is_word(piece: Piece, number: int) -> bool:
    return piece.word == number and piece.slot is None and not piece.gap


def _width(text: str) -> int:
    if text.isascii() and text.isprintable():
        return len(text)
    if is_plain(text, 0, len(text)):
        return len(text)
    return sum(cell.width for cell in shown(text, 0, len(text)))
