"""A cursor and a selection over the tokens or the characters of a text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from tui_annotate.text.graphemes import graphemes
from tui_annotate.text.tokens import Tokens, sentences


class Caret:
    """Where the annotator is in a text, and what is selected.

    Offsets are code points. The cursor stands on a unit: a token that is not
    white space, or in character mode a grapheme.

    Attributes:
        offset: Where the unit under the cursor begins.
        anchor: Where the unit begins that the selection started on, or None.
        selecting: Whether plain moves extend the selection.
        characters: Whether the units are graphemes.
    """

    def __init__(self, text: str, tokens: Tokens, *, characters: bool = False) -> None:
        self.text = text
        self.tokens = tokens
        self.characters = characters
        self.anchor: int | None = None
        self.selecting = False
        self._stop_starts = [tokens.starts[index] for index in tokens.stops]
        self._sentences: list[int] | None = None
        self._graphemes: tuple[list[int], list[int]] | None = None
        self.offset = 0
        self.move_to(0)

    def _characters(self) -> tuple[list[int], list[int]]:
        if self._graphemes is None:
            pairs = [
                (start, end)
                for start, end in graphemes(self.text)
                if not self.text[start:end].isspace()
            ]
            self._graphemes = [start for start, _ in pairs], [end for _, end in pairs]
        return self._graphemes

    def _starts(self) -> list[int]:
        return self._characters()[0] if self.characters else self._stop_starts

    def unit(self, offset: int | None = None) -> tuple[int, int]:
        """The range of the unit over an offset, by default the cursor's; the next one in a gap."""
        if offset is None:
            offset = self.offset
        starts = self._starts()
        if not starts:
            return 0, 0
        index = max(bisect_right(starts, offset) - 1, 0)
        end = self._end(index)
        if end <= offset and index + 1 < len(starts):
            index += 1
            end = self._end(index)
        return starts[index], end

    def _end(self, index: int) -> int:
        if self.characters:
            return self._characters()[1][index]
        return self.tokens.ends[self.tokens.stops[index]]

    def unit_starts(self, start: int, end: int) -> list[int]:
        """Where the units of a range begin."""
        starts = self._starts()
        return starts[bisect_left(starts, start) : bisect_left(starts, end)]

    def index(self) -> int:
        """Which unit the cursor is on, counted from 0."""
        return max(bisect_right(self._starts(), self.offset) - 1, 0)

    @property
    def selection(self) -> tuple[int, int] | None:
        """The selected range, or None."""
        if self.anchor is None:
            return None
        first, last = self.unit(self.anchor), self.unit()
        return min(first[0], last[0]), max(first[1], last[1])

    def drop(self) -> bool:
        """Drop the selection; whether there was one."""
        had = self.anchor is not None or self.selecting
        self.anchor = None
        self.selecting = False
        return had

    def select(self, start: int, end: int) -> None:
        """Select a range; the cursor stands on its first unit."""
        last = self.unit(max(start, end - 1))[0]
        first = self.unit(start)[0]
        self.offset = first
        self.anchor = last
        self.selecting = False

    def stretch(self, start: int, end: int) -> None:
        """Select another range; the cursor stays at its end of it."""
        last, selecting = self.anchor is not None and self.offset > self.anchor, self.selecting
        self.select(start, end)
        if last and self.anchor is not None:
            self.offset, self.anchor = self.anchor, self.offset
        self.selecting = selecting

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Go to the unit over an offset."""
        if extend:
            if self.anchor is None:
                self.anchor = self.offset
        elif not self.selecting:
            self.anchor = None
        self.offset = self.unit(max(offset, 0))[0]

    def step(self, by: int, *, extend: bool = False) -> None:
        """Go some units on or back."""
        starts = self._starts()
        if not starts:
            return
        if self.anchor is not None and not extend and not self.selecting:
            start, _end = self.unit(self.anchor)
            edge = max(start, self.offset) if by > 0 else min(start, self.offset)
            self.offset = edge
        index = min(max(self.index() + by, 0), len(starts) - 1)
        self.move_to(starts[index], extend=extend)

    def sentence(self, by: int) -> None:
        """Go to the start of the next sentence, or of this one, then of the one before."""
        if self._sentences is None:
            self._sentences = [
                self.tokens.starts[index] for index in sentences(self.text, self.tokens)
            ] or [0]
        if by > 0:
            at = bisect_right(self._sentences, self.offset)
            target = self._sentences[at] if at < len(self._sentences) else len(self.text)
        else:
            at = bisect_left(self._sentences, self.offset) - 1
            target = self._sentences[max(at, 0)]
        self.move_to(target)

    def switch(self) -> None:
        """Change between tokens and characters."""
        self.characters = not self.characters
        self.drop()
        self.move_to(self.offset)

    def do(self, command: str) -> bool:
        """Carry out a movement of the key table; whether it was one."""
        match command:
            case "left":
                self.step(-1)
            case "right":
                self.step(1)
            case "extend_left":
                self.step(-1, extend=True)
            case "extend_right":
                self.step(1, extend=True)
            case "left_sentence":
                self.sentence(-1)
            case "right_sentence":
                self.sentence(1)
            case "first":
                self.move_to(0)
            case "last":
                self.move_to(len(self.text))
            case "select":
                if self.selecting:
                    self.drop()
                else:
                    self.anchor = self.offset if self.anchor is None else self.anchor
                    self.selecting = True
            case _:
                return False
        return True
