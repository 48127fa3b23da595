"""Hints over a text: letters to type to go to where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from rich.segment import Segment
from rich.style import Style

from tui_annotate.text.ordering import MARK

_LETTERS = "asdfghjklewoiruvncmxqpztyb"


class JumpHints(dict[str, int]):
    """The hints that are shown, each with the offset that it leads to; empty while none are."""

    def __init__(self) -> None:
        super().__init__()
        self._typed = ""

    def show(self, offsets: Sequence[int]) -> None:
        """Give each offset a hint, those at the front the short ones."""
        self.hide()
        self.update(zip(_hints(len(offsets)), offsets, strict=False))

    def type(self, character: str) -> int | None:
        """Take a letter of a hint, small or capital; the offset it names once it is whole.

        The hints go away when one is whole or nothing begins so.
        """
        self._typed += character.lower()
        found = self.get(self._typed)
        if found is not None or not any(hint.startswith(self._typed) for hint in self):
            self.hide()
        return found

    def hide(self) -> None:
        """Show none."""
        self.clear()
        self._typed = ""

    def part(self, places: Mapping[str, tuple[int, int]]) -> None:
        """Drop as few hints as leave each of the others whole on the screen.

        Args:
            places: The row and the first column of each hint.
        """
        before = ""
        for hint in sorted(self, key=places.__getitem__):
            row, column = places[hint]
            if before and places[before][0] == row and column < places[before][1] + len(before):
                # The short ones are the nearest.
                if len(before) <= len(hint):
                    del self[hint]
                    continue
                del self[before]
            before = hint

    def within(self, start: int, end: int) -> dict[int, str]:
        """The hints in a stretch of text, by their offset."""
        return {at: hint for hint, at in self.items() if start <= at < end}


def overlaid(
    cells: Iterable[tuple[str, int, Style]], hints: Mapping[int, str], style: Style
) -> Iterator[Segment]:
    """A row of cells with hints over some of them, and behind the last.

    Args:
        cells: What each of them shows, its width and its style, from left to right.
        hints: The hints, by the columns that they begin at.
        style: The style of hints.
    """
    letters = {at + place: one for at, hint in hints.items() for place, one in enumerate(hint)}
    for look, parts in groupby(_overlaid(cells, letters, style), key=itemgetter(1)):
        texts = [text for text, _ in parts]
        # Where a row is cut, each mark stays with its letter.
        if any(MARK in text for text in texts):
            yield from (Segment(text, look) for text in texts)
        else:
            yield Segment("".join(texts), look)


def _overlaid(
    cells: Iterable[tuple[str, int, Style]], letters: dict[int, str], style: Style
) -> Iterator[tuple[str, Style]]:
    column = 0
    for shown, width, look in cells:
        columns = range(column, column + width)
        column += width
        if not letters or letters.keys().isdisjoint(columns):
            yield shown, look
            continue
        for at in columns:
            letter = letters.pop(at, None)
            yield (" ", look) if letter is None else (letter, style)
    for at in sorted(letters):
        if at > column:
            yield " " * (at - column), Style()
        yield letters[at], style
        column = at + 1


def _hints(count: int) -> list[str]:
    """Hints of one or two letters, none the beginning of another; the short ones first."""
    n = len(_LETTERS)
    if count <= n:
        return list(_LETTERS[:count])
    prefixes = min(-(-(count - n) // (n - 1)), n)
    single = list(_LETTERS[: n - prefixes])
    double = [a + b for a in _LETTERS[n - prefixes :] for b in _LETTERS]
    return (single + double)[:count]
