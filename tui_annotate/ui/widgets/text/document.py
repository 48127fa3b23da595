"""The document: wrapped text under a cursor, redrawn cell by cell.

Every cell that is dirty is sent again, so a move of the cursor refreshes the
cells of the units it left and reached, and an edit those of its rows.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, zip_longest
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_annotate.editors.base import Outcome
from tui_annotate.editors.caret import Caret
from tui_annotate.text.display import is_plain
from tui_annotate.text.layout import Layout
from tui_annotate.ui.theme import Look, Theme
from tui_annotate.ui.widgets.fitted import Fitted
from tui_annotate.ui.widgets.line import difference, has_wide

MARGIN = 3
_HINT_LETTERS = "asdfghjklewoiruvncmxqpztyb"
_KEPT_ROWS = 400


class DocumentView(Fitted, ScrollView, can_focus=True):
    """Draws a text row by row and moves a caret over it.

    A kind of annotation subclasses it, says how each offset looks, and adds
    rows of its own under each row of text.
    """

    DEFAULT_CSS = """
    DocumentView { height: 1fr; width: 1fr; scrollbar-size: 0 0; overflow-x: hidden; }
    DocumentView:focus { background-tint: transparent; }
    """
    extra_rows: ClassVar[int] = 0
    editor: Any = None

    def __init__(self, theme: Theme) -> None:
        super().__init__(id="view")
        self.theme = theme
        self.caret: Caret | None = None
        self.layout_: Layout | None = None
        self.hints: dict[str, int] = {}
        self.typed = ""
        self._tops: list[int] = [0]
        self._rows: dict[int, list[Strip]] = {}
        # Rows as they stand on the screen, where something about them has changed.
        self._stale: dict[int, list[Strip]] = {}
        self._goal: int | None = None
        self._cursor: tuple[int, int] = (0, 0)
        self._selection: tuple[int, int] | None = None

    # ── the text ───────────────────────────────────────────────────────────

    @property
    def rows_below(self) -> int:
        """How many rows of the screen stand under each row of text."""
        return self.extra_rows

    def set_caret(self, caret: Caret | None) -> None:
        """Show another text, or none."""
        self.caret = caret
        self.hints = {}
        self.relayout()
        if self.size.height:
            self.scroll_to(y=0, animate=False)
            self.follow()

    def relayout(self) -> None:
        """Wrap again; the cursor stays where it is in the text."""
        self._rows.clear()
        self._stale.clear()
        self._goal = None
        caret = self.caret
        if not self.in_sight or caret is None:
            self.layout_ = None
            self.virtual_size = Size(self.size.width, 1)
        else:
            width = max(self.size.width - 2 * MARGIN, 8)
            same = self.layout_ is not None and (
                self.layout_.text is caret.text and self.layout_.width == width
            )
            if not same:
                self.layout_ = self.make_layout(caret, width)
            assert self.layout_ is not None
            below = self.rows_below
            heights = (1 if start == end else 1 + below for start, end in self.layout_.rows)
            self._tops = [1, *accumulate(heights, initial=1)][1:]
            self.virtual_size = Size(self.size.width, self._tops[-1] + 1)
            self._cursor, self._selection = caret.unit(), caret.selection
        self.refresh()

    def make_layout(self, caret: Caret, width: int) -> Layout:
        """Wrap a text to a width."""
        return Layout(caret.text, caret.tokens, width)

    def fit(self) -> None:
        """Wrap to the new width and keep the cursor in sight."""
        self.relayout()
        self.follow()

    # ── drawing ────────────────────────────────────────────────────────────

    def look_at(self, start: int, end: int) -> list[tuple[int, int, Look]]:
        """How a range of text looks: stretches in order that cover it."""
        return [(start, end, Look())]

    def below(self, row: int) -> list[Strip]:
        """What stands under a row of text."""
        return []

    def render_line(self, y: int) -> Strip:
        """Draw a row of the screen."""
        width = self.size.width
        virtual = y + self.scroll_offset.y
        layout = self.layout_
        if layout is None or virtual < 1 or virtual >= self._tops[-1]:
            return Strip.blank(width)
        row = bisect_right(self._tops, virtual) - 1
        strips = self._drawn(row)
        index = virtual - self._tops[row]
        return strips[index] if index < len(strips) else Strip.blank(width)

    def _drawn(self, row: int) -> list[Strip]:
        """A row of the text and those under it."""
        strips = self._rows.get(row)
        if strips is None:
            strips = self._rows[row] = [self._text_row(row), *self.below(row)]
            if len(self._rows) > _KEPT_ROWS:
                del self._rows[next(iter(self._rows))]
        return strips

    def _text_row(self, row: int) -> Strip:
        layout = self.layout_
        assert layout is not None
        start, end = layout.rows[row]
        segments = [Segment(" " * MARGIN, Style())]
        hints = {}
        if self.hints:
            hints = {at: hint for hint, at in self.hints.items() if start <= at < end}
        used = MARGIN
        style_of = self.theme.text
        if not hints and is_plain(layout.text, start, end):
            for first, last, look in self.look_at(start, end):
                segments.append(Segment(layout.text[first:last], style_of(look)))
            used += end - start
        else:
            used += self._cells_row(row, segments, hints)
        blank = self.size.width - used
        if blank > 0:
            segments.append(Segment(" " * blank, Style()))
        return Strip(segments, used + max(blank, 0))

    def _cells_row(self, row: int, segments: list[Segment], hints: dict[int, str]) -> int:
        layout = self.layout_
        assert layout is not None
        start, end = layout.rows[row]
        stretches = self.look_at(start, end)
        index, used, left = 0, 0, ""
        for cell in layout.cells(row):
            while index + 1 < len(stretches) and stretches[index][1] <= cell.start:
                index += 1
            look = stretches[index][2]
            left = hints.get(cell.start, left)
            if left:
                letters, left = left[: cell.width], left[cell.width :]
                segments.append(Segment(letters, self.theme.text(Look(hint=True))))
                rest = " " * (cell.width - len(letters))
                segments.append(Segment(rest, self.theme.text(look)))
            else:
                segments.append(Segment(cell.shown, self.theme.text(look)))
            used += cell.width
        return used

    # ── refreshing ─────────────────────────────────────────────────────────

    def redraw(self, start: int, end: int, *, whole: bool = False) -> None:
        """Draw a range again, and with ``whole`` what differs in the rows under it too.

        Those are compared once everything is as it will be, at the end of `sync`.
        """
        layout = self.layout_
        if layout is None:
            return
        first, last = layout.row_of(start), layout.row_of(max(end - 1, start))
        top, height = self.scroll_offset.y, self.size.height
        for row in range(first, last + 1):
            drawn = self._rows.pop(row, None)
            if drawn is not None and self.rows_below:
                self._stale.setdefault(row, drawn)
            y = self._tops[row] - top
            if not -1 - self.rows_below <= y < height:
                continue
            cells = layout.columns(row, start, end)
            if cells is not None:
                left, right = cells
                self._refresh_cells(left + MARGIN, y, right - left, 1)
            else:
                self._refresh_cells(0, y, self.size.width, 1)
            if whole and row not in self._stale:
                self._refresh_cells(0, y + 1, self.size.width, self.rows_below)

    def _redraw_below(self) -> None:
        """Draw again what differs in the rows under those of the text."""
        top, height = self.scroll_offset.y, self.size.height
        for row, drawn in self._stale.items():
            y = self._tops[row] - top
            if not -1 - self.rows_below <= y < height:
                continue
            for under, (old, new) in enumerate(
                zip_longest(drawn[1:], self._drawn(row)[1:], fillvalue=Strip.blank(0)), start=1
            ):
                before, after = _cells(old), _cells(new)
                first, last = difference(before, after)
                if first is None:
                    continue
                if has_wide(before) or has_wide(after):
                    first, last = 0, self.size.width
                self._refresh_cells(first, y + under, last - first, 1)
        self._stale.clear()

    def _refresh_cells(self, x: int, y: int, width: int, height: int) -> None:
        region = Region(x, y, width, height).intersection(self.size.region)
        if region:
            self.refresh(region)

    def sync(self) -> None:
        """Draw what a command has changed about the cursor and the selection."""
        caret = self.caret
        if caret is None or self.layout_ is None:
            return
        cursor, selection = caret.unit(), caret.selection
        if selection != self._selection:
            ranges = [r for r in (selection, self._selection) if r is not None]
            if len(ranges) == 2:
                (a, b), (c, d) = ranges
                if a != c:
                    self.redraw(min(a, c), max(a, c))
                if b != d:
                    self.redraw(min(b, d), max(b, d))
            else:
                self.redraw(*ranges[0])
        if cursor != self._cursor:
            old, new = sorted((cursor, self._cursor))
            if self.layout_.row_of(old[0]) == self.layout_.row_of(new[0]) and (
                new[0] - old[1] <= 24
            ):
                self.redraw(old[0], max(old[1], new[1]))
            else:
                self.redraw(*old)
                self.redraw(*new)
        self._cursor, self._selection = cursor, selection
        self._redraw_below()
        self.follow()

    def follow(self) -> None:
        """Scroll so that the cursor is in sight; half a screen at a time, so that it is rare."""
        caret, layout = self.caret, self.layout_
        if caret is None or layout is None or not self.size.height:
            return
        height = self.size.height
        row = layout.row_of(caret.offset)
        top = self._tops[row] - 1
        bottom = self._tops[row + 1]
        now = self.scroll_offset.y
        most = max(self.virtual_size.height - height, 0)
        # A step off the screen turns a page, keeping the row it came from in sight;
        # a leap puts its goal in the middle.
        if top < now:
            near = now - top <= height // 2
            goal = bottom + self.rows_below + 1 - height if near else bottom - height // 2
            self.scroll_to(y=max(goal, 0) if row else 0, animate=False)
        elif bottom + 1 > now + height:
            near = bottom - now - height <= height // 2
            goal = top - self.rows_below - 1 if near else top - height // 2
            self.scroll_to(y=min(max(goal, 0), most), animate=False)

    # ── moving by what is on the screen ────────────────────────────────────

    def move(self, command: str) -> int | None:
        """Where a movement by screen rows leads, as an offset; None if it is none."""
        caret, layout = self.caret, self.layout_
        if caret is None or layout is None:
            return None
        row = layout.row_of(caret.offset)
        if command in ("line_start", "line_end"):
            self._goal = None
            start, end = layout.rows[row]
            return start if command == "line_start" else max(end - 1, start)
        page = max(self.size.height - 2, 1)
        above = bisect_right(self._tops, max(self._tops[row] - page, 1)) - 1
        under = bisect_right(self._tops, self._tops[row] + page) - 1
        steps = {"up": -1, "down": 1, "page_up": above - row, "page_down": under - row}
        if command not in steps:
            return None
        if self._goal is None:
            self._goal = layout.column_of(caret.offset)
        step = steps[command]
        target = min(max(row + step, 0), len(layout.rows) - 1)
        direction = 1 if step > 0 else -1
        while 0 < target < len(layout.rows) - 1 and self._is_blank(target):
            target += direction
        if self._is_blank(target):
            return caret.offset
        return layout.offset_at(target, self._goal)

    def _is_blank(self, row: int) -> bool:
        layout = self.layout_
        assert layout is not None
        start, end = layout.rows[row]
        return not layout.text[start:end].strip()

    def prepare(self, command: str) -> str | None:
        """Forget the column that movements by screen rows keep to: another command ends them."""
        self._goal = None
        return None

    def run(self, command: str) -> Outcome | None:
        """Carry out a movement by screen rows; None if it is not one."""
        editor = self.editor
        if editor is None:
            return None
        target = self.move(command)
        if target is None:
            return None
        editor.move_to(target)
        return Outcome()

    def visible_range(self) -> tuple[int, int]:
        """The range of text that is on the screen."""
        layout = self.layout_
        if layout is None:
            return 0, 0
        top = self.scroll_offset.y
        first = max(bisect_right(self._tops, max(top, 1)) - 1, 0)
        last = max(bisect_right(self._tops, top + self.size.height - 1) - 1, 0)
        last = min(last, len(layout.rows) - 1)
        return layout.rows[first][0], layout.rows[last][1]

    def show_hints(self) -> bool:
        """Put a hint over every unit on the screen, the nearest with one letter."""
        caret = self.caret
        if caret is None:
            return False
        first, last = self.visible_range()
        starts = [start for start in caret.unit_starts(first, last) if start != caret.offset]
        starts.sort(key=lambda start: abs(start - caret.offset))
        self.hints = dict(zip(_hints(len(starts)), starts, strict=False))
        self.typed = ""
        self._rows.clear()
        self.refresh()
        return bool(self.hints)

    def type_hint(self, character: str) -> int | None:
        """Take a letter of a hint, small or capital; the offset it names once it is whole.

        The hints go away when one is whole or nothing begins so.
        """
        self.typed += character.lower()
        found = self.hints.get(self.typed)
        if found is not None or not any(hint.startswith(self.typed) for hint in self.hints):
            self.hide_hints()
        return found

    def jump(self, key: str) -> bool:
        """Take a key while hints are shown; whether they still are.

        As with the arrows, shift extends: a last letter that is a capital selects up to there.
        """
        target = self.type_hint(key) if len(key) == 1 else None
        if len(key) != 1:
            self.hide_hints()
        if target is not None and self.editor is not None:
            self.editor.move_to(target, extend=key.isupper())
        return bool(self.hints)

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self.theme = theme
        self.relayout()

    def hide_hints(self) -> None:
        """Take the hints off the screen."""
        self.hints = {}
        self.typed = ""
        self._rows.clear()
        self.refresh()


def _cells(strip: Strip) -> list[tuple[str, Style]]:
    plain = Style()
    return [(c, segment.style or plain) for segment in strip for c in segment.text]


def _hints(count: int) -> list[str]:
    """Hints of one or two letters, none the beginning of another; the short ones first."""
    letters = _HINT_LETTERS
    n = len(letters)
    if count <= n:
        return list(letters[:count])
    prefixes = min(-(-(count - n) // (n - 1)), n)
    single = list(letters[: n - prefixes])
    double = [a + b for a in letters[n - prefixes :] for b in letters]
    return (single + double)[:count]
