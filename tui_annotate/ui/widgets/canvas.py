"""A widget of cells that sends those that changed, and no more of them than the line takes."""

from __future__ import annotations

from collections.abc import Sequence

from rich.color import ColorSystem
from textual.geometry import Region
from textual.strip import Strip

from tui_annotate.ui.terminal import drawn_tightly
from tui_annotate.ui.widgets.cells import Cell, changed, strip_of

_MOVE = 10
"""Bytes that lead to where a stretch of cells begins."""


class Canvas:
    """What is drawn, row by row.

    Attributes:
        rows: The cells that are on the screen, or on their way to it.
    """

    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []
        self._strips: list[Strip | None] = []

    def replace(self, rows: Sequence[list[Cell]]) -> None:
        """Draw everything anew."""
        self.rows = [list(row) for row in rows]
        self._strips = [None] * len(self.rows)

    def strip(self, y: int) -> Strip | None:
        """A row as Textual draws it; None below the last one."""
        if not 0 <= y < len(self.rows):
            return None
        strip = self._strips[y]
        if strip is None:
            strip = self._strips[y] = strip_of(self.rows[y])
        return strip

    def paint(self, rows: Sequence[list[Cell]]) -> list[Region]:
        """Draw what differs.

        Args:
            rows: How the rows shall be; as many as there are, and as wide.

        Returns:
            What has changed.
        """
        return [
            self._put(y, row, start, end)
            for y, row in enumerate(rows)
            for start, end in changed(self.rows[y], row)
        ]

    def paint_within(
        self, rows: Sequence[list[Cell]], room: int, colours: ColorSystem | None
    ) -> tuple[list[Region], int]:
        """Draw what differs, from the top, as far as there is room; the rest differs still.

        Args:
            rows: How the rows shall be.
            room: How many bytes may be sent.
            colours: The colours of the terminal.

        Returns:
            What has changed, and how many bytes that takes.
        """
        regions: list[Region] = []
        left = room
        for y, row in enumerate(rows):
            for start, end in changed(self.rows[y], row):
                stop, cost = self._affordable(row, start, end, left, colours)
                left -= cost
                if stop > start:
                    regions.append(self._put(y, row, start, stop))
                if stop < end:
                    break
        return regions, room - left

    def _put(self, y: int, row: Sequence[Cell], start: int, end: int) -> Region:
        self.rows[y][start:end] = row[start:end]
        self._strips[y] = None
        return Region(start, y, end - start, 1)

    @staticmethod
    def _affordable(
        row: Sequence[Cell], start: int, end: int, left: int, colours: ColorSystem | None
    ) -> tuple[int, int]:
        """How far a stretch can be sent, and what that costs."""
        while end > start:
            drawn = drawn_tightly(strip_of(row[start:end]), colours)
            cost = len(drawn.encode()) + _MOVE
            if cost <= left:
                return end, cost
            if (end - start == len(row) and "" in (c for c, _ in row)) or left <= 2 * _MOVE:
                break
            end = start + min(max((end - start) * left // cost, 0), end - start - 1)
        return start, 0
