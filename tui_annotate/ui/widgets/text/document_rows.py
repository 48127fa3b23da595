"""The rows of a document: where each stands, and what is drawn in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, zip_longest

from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from tui_annotate.text.layout import Layout
from tui_annotate.ui.widgets.line import difference, has_wide

_KEPT_ROWS = 400


class DocumentRows:
    """Rows of text, each with rows of its own under it, below a blank one.

    Args:
        draw: Draws a row of the text and those under it.

    Attributes:
        tops: The row of the whole document at which each row of the text stands, and the one
            behind the last.
        below: How many rows stand under each row of the text.
    """

    def __init__(self, draw: Callable[[int], list[Strip]]) -> None:
        self._draw = draw
        self._drawn: dict[int, list[Strip]] = {}
        # Rows as they stand on the screen, where something about them has changed.
        self._stale: dict[int, list[Strip]] = {}
        self.tops: list[int] = [0]
        self.below = 0

    def lay_out(self, layout: Layout, below: int) -> None:
        """Take the rows of a layout; blank ones have nothing under them."""
        self.below = below
        heights = (1 if start == end else 1 + below for start, end in layout.rows)
        self.tops = [1, *accumulate(heights, initial=1)][1:]

    @property
    def height(self) -> int:
        """How many rows the document has, with a blank one at both ends."""
        return self.tops[-1] + 1

    def at(self, y: int) -> int:
        """The row of the text that a row of the document belongs to."""
        return bisect_right(self.tops, y) - 1

    def strip(self, y: int) -> Strip | None:
        """What is drawn in a row of the document; None where nothing is."""
        if y < 1 or y >= self.tops[-1]:
            return None
        row = self.at(y)
        strips = self.strips(row)
        index = y - self.tops[row]
        return strips[index] if index < len(strips) else None

    def strips(self, row: int) -> list[Strip]:
        """A row of the text and those under it."""
        found = self._drawn.get(row)
        if found is None:
            found = self._drawn[row] = self._draw(row)
            if len(self._drawn) > _KEPT_ROWS:
                del self._drawn[next(iter(self._drawn))]
        return found

    def clear(self, *, stale: bool = False) -> None:
        """Draw all rows again when they are asked for.

        Args:
            stale: Forget what stands on the screen, too.
        """
        self._drawn.clear()
        if stale:
            self._stale.clear()

    def spoil(self, row: int) -> bool:
        """Have a row drawn again; whether it is known how those under it look on the screen."""
        drawn = self._drawn.pop(row, None)
        if drawn is not None and self.below:
            self._stale.setdefault(row, drawn)
        return row in self._stale

    def may_show(self, y: int, height: int) -> bool:
        """Whether a row of the text at a row of the screen, or one under it, is in sight."""
        return -1 - self.below <= y < height

    def changed_below(self, top: int, size: Size) -> Iterator[tuple[int, int, int]]:
        """What differs in the rows under those that were spoilt.

        Args:
            top: The row of the document at the top of the screen.
            size: The screen.

        Yields:
            The row of the screen, the first column and the one behind the last.
        """
        for row, drawn in self._stale.items():
            y = self.tops[row] - top
            if not self.may_show(y, size.height):
                continue
            pairs = zip_longest(drawn[1:], self.strips(row)[1:], fillvalue=Strip.blank(0))
            for under, (old, new) in enumerate(pairs, start=1):
                before, after = _cells(old), _cells(new)
                first, last = difference(before, after)
                if first is None:
                    continue
                if has_wide(before) or has_wide(after):
                    first, last = 0, size.width
                yield y + under, first, last
        self._stale.clear()


class RowSteps:
    """Moves by rows of the screen; the column one began in is kept while one goes on."""

    def __init__(self) -> None:
        self.column: int | None = None

    def forget(self) -> None:
        """Begin in another column."""
        self.column = None

    def target(
        self, command: str, offset: int, layout: Layout, tops: Sequence[int], height: int
    ) -> int | None:
        """Where a movement leads, as an offset; None if it is none by rows.

        Args:
            command: The movement.
            offset: Where it begins.
            layout: The rows of the text.
            tops: Where they stand in the document.
            height: The rows of the screen.
        """
        row = layout.row_of(offset)
        if command in ("line_start", "line_end"):
            self.column = None
            start, end = layout.rows[row]
            return start if command == "line_start" else max(end - 1, start)
        page = max(height - 2, 1)
        above = bisect_right(tops, max(tops[row] - page, 1)) - 1
        under = bisect_right(tops, tops[row] + page) - 1
        steps = {"up": -1, "down": 1, "page_up": above - row, "page_down": under - row}
        if command not in steps:
            self.column = None
            return None
        if self.column is None:
            self.column = layout.column_of(offset)
        step = steps[command]
        target = min(max(row + step, 0), len(layout.rows) - 1)
        direction = 1 if step > 0 else -1
        while 0 < target < len(layout.rows) - 1 and _is_blank(layout, target):
            target += direction
        return offset if _is_blank(layout, target) else layout.offset_at(target, self.column)


def _is_blank(layout: Layout, row: int) -> bool:
    start, end = layout.rows[row]
    return not layout.text[start:end].strip()


def _cells(strip: Strip) -> list[tuple[str, Style]]:
    plain = Style()
    return [(c, segment.style or plain) for segment in strip for c in segment.text]
