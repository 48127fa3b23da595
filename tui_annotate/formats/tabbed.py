"""Rows of tab-separated values, quoted or not.

Most tab-separated corpora know no quoting: a quote in them is a character of
the text. Others are quoted as CSV is, with tabs and line breaks inside quotes.
So a pair of quotes counts where it encloses a whole cell, and only there.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

LOOKED_AHEAD = 1 << 20
"""Characters after which a quote that opens is taken for one that never closes."""

_ENCLOSED = re.compile(r'"([^"]*(?:""[^"]*)*)"(?=\t|\Z)')
_OPEN = re.compile(r'"[^"]*(?:""[^"]*)*\Z')

Numbered = tuple[int, str]
Row = tuple[int, int, list[str]]


class TabbedRows:
    """The rows of a table, each with the numbers of its first and its last line.

    Args:
        lines: Numbered lines, with their line ends.
    """

    def __init__(self, lines: Iterator[Numbered]) -> None:
        self._lines = lines
        self._ahead: deque[Numbered] = deque()
        self._width = 0
        self._always_quoted = False

    def __iter__(self) -> Iterator[Row]:
        """Read on, row by row; a blank line is a row as well."""
        while (first := self._next()) is not None:
            number, line = first
            row = (self._over_lines(first) if '"' in line else None) or (
                number,
                number,
                _cells(line),
            )
            if not self._width and line.strip():
                self._width = len(row[2])
                self._always_quoted = line.startswith('"')
            yield row

    def _next(self) -> Numbered | None:
        return self._ahead.popleft() if self._ahead else next(self._lines, None)

    def _put_back(self, lines: list[Numbered]) -> None:
        self._ahead.extendleft(reversed(lines))

    def _over_lines(self, first: Numbered) -> Row | None:
        """The row that begins here and goes over several lines, if there is one."""
        taken = [first]
        while _is_open(text := "".join(line for _, line in taken)):
            further = self._through_quote(LOOKED_AHEAD - len(text))
            if not further:
                break
            taken += further
        else:
            if len(taken) > 1 and self._is_row(text, taken):
                return first[0], taken[-1][0], _cells(text)
        self._put_back(taken[1:])
        return None

    def _through_quote(self, most: int) -> list[Numbered]:
        """Take the lines through the next with a quote that may close; none if there is none."""
        found: list[Numbered] = []
        while most > 0 and (line := self._next()) is not None:
            found.append(line)
            most -= len(line[1])
            if '"' in line[1].replace('""', ""):
                return found
        self._put_back(found)
        return []

    def _is_row(self, text: str, taken: list[Numbered]) -> bool:
        """Whether lines are one row, rather than rows of which one opens and one closes a quote."""
        pieces = _pieces(text)
        if any("\n" in piece and not _ENCLOSED.fullmatch(piece) for piece in pieces):
            return False
        if self._width and len(pieces) != self._width:
            return False
        if self._always_quoted or self._width <= 1:
            return True
        return any(len(_pieces(line)) != self._width for _, line in taken)


def _is_open(line: str) -> bool:
    """Whether a cell opens a quote that may close on a later line."""
    text = _without_end(line)
    at = 0
    while at <= len(text):
        if text.startswith('"', at) and not _ENCLOSED.match(text, at) and _OPEN.match(text, at):
            return True
        at = _end(text, at) + 1
    return False


def _cells(line: str) -> list[str]:
    """The cells of a line, or of lines that are one row."""
    return [
        piece[1:-1].replace('""', '"') if _ENCLOSED.fullmatch(piece) else piece
        for piece in _pieces(line)
    ]


def _pieces(line: str) -> list[str]:
    """What stands between the tabs that count, quotes included."""
    text = _without_end(line)
    if '"' not in text:
        return text.split("\t")
    pieces: list[str] = []
    at = 0
    while at <= len(text):
        end = _end(text, at)
        pieces.append(text[at:end])
        at = end + 1
    return pieces


def _end(text: str, at: int) -> int:
    """Where the cell ends that begins at an offset."""
    if enclosed := _ENCLOSED.match(text, at):
        return enclosed.end()
    tab = text.find("\t", at)
    return len(text) if tab < 0 else tab


def _without_end(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")
