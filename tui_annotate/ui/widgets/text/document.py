"""The document: wrapped text under a cursor, redrawn cell by cell.

Every cell that is dirty is sent again, so a move of the cursor refreshes the
cells of the units it left and reached, and an edit those of its rows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_annotate.editors.base import Outcome
from tui_annotate.editors.caret import Caret
from tui_annotate.text.layout import Layout
from tui_annotate.text.ordering import MARK
from tui_annotate.ui.theme import Look, Theme
from tui_annotate.ui.widgets.fitted import Fitted
from tui_annotate.ui.widgets.line import strip_on
from tui_annotate.ui.widgets.text.document_rows import DocumentRows, RowSteps
from tui_annotate.ui.widgets.text.jump_hints import JumpHints, overlaid
from tui_annotate.ui.widgets.view import mirrored_key

MARGIN = 3


class DocumentView(Fitted, ScrollView, can_focus=True):
    """Draws a text row by row and moves a caret over it.

    A kind of annotation subclasses it, says how each offset looks, and adds
    rows of its own under each row of text.
    """

    DEFAULT_CSS = """
    DocumentView { height: 1fr; width: 1fr; scrollbar-size: 0 0; overflow-x: hidden; }
    DocumentView:focus { background-tint: transparent; }
    """
    editor: Any = None

    def __init__(self, theme: Theme) -> None:
        super().__init__(id="view")
        self.theme = theme
        self.caret: Caret | None = None
        # A text that is shown before there is a caret to move over it.
        self._preview: tuple[str, int] | None = None
        self.layout_: Layout | None = None
        self.hints = JumpHints()
        self.rows = DocumentRows(lambda row: [self._text_row(row), *self.below(row)])
        self.steps = RowSteps()
        self._cursor: tuple[int, int] = (0, 0)
        self._selection: tuple[int, int] | None = None

    # ── the text ───────────────────────────────────────────────────────────

    @property
    def rows_below(self) -> int:
        """How many rows of the screen stand under each row of text."""
        return 0

    def set_caret(self, caret: Caret | None, preview: tuple[str, int] | None = None) -> None:
        """Show another text from its start, or none.

        Args:
            caret: What moves over it.
            preview: A text without a caret yet, and where the cursor will be in it.
        """
        self.caret, self._preview = caret, preview
        self.hints.hide()
        self.relayout()
        if self.size.height:
            # Textual learns only after the first frame that there is something to scroll.
            self.scroll_to(y=0, animate=False, force=True)
            self.follow()

    def preview(self, text: str, cursor: int) -> bool:
        """Show a text as it will stand once its tokens are there; whether that can be told."""
        self.set_caret(None, (text, cursor))
        return True

    def relayout(self) -> None:
        """Wrap again; the cursor stays where it is in the text."""
        self.rows.clear(stale=True)
        self.steps.forget()
        caret = self.caret
        shown = _shown(caret, self._preview)
        if not self.in_sight or shown is None:
            self.layout_ = None
            self.virtual_size = Size(self.size.width, 1)
        else:
            width = max(self.size.width - 2 * MARGIN, 8)
            same = self.layout_ is not None and (
                self.layout_.text is shown[0] and self.layout_.width == width
            )
            if not same:
                self.layout_ = (
                    Layout(shown[0], None, width, order=self.theme.order)
                    if caret is None
                    else self.make_layout(caret, width)
                )
            assert self.layout_ is not None
            self.rows.lay_out(self.layout_, self.rows_below)
            self.virtual_size = Size(self.size.width, self.rows.height)
            if caret is not None:
                self._cursor, self._selection = caret.unit(), caret.selection
        self.refresh()

    def make_layout(self, caret: Caret, width: int) -> Layout:
        """Wrap a text to a width."""
        # Those that came with the task are there from the start; no others may move a letter.
        tokens = caret.tokens if caret.tokens.fields is not None else None
        return Layout(caret.text, tokens, width, order=self.theme.order)

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
        strip = self.rows.strip(y + self.scroll_offset.y) if self.layout_ is not None else None
        return Strip.blank(self.size.width) if strip is None else strip

    def _text_row(self, row: int) -> Strip:
        layout = self.layout_
        assert layout is not None
        start, end = layout.rows[row]
        segments = [margin(layout, row)]
        hints = hints_of(layout, row, self.hints)
        style_of = self.theme.text
        if not hints and layout.is_plain(row):
            for first, last, look in self.look_at(start, end):
                segments.append(Segment(layout.text[first:last], style_of(look)))
        else:
            drawn = _cells(layout, row, self.look_at(start, end), self.theme)
            segments += overlaid(drawn, hints, style_of(Look(hint=True)))
        return strip_on(segments, max(self.size.width, MARGIN + layout.row_width(row)))

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
            known = self.rows.spoil(row)
            y = self.rows.tops[row] - top
            if not self.rows.may_show(y, height):
                continue
            left, right = layout.columns(row, start, end) or (-MARGIN, self.size.width - MARGIN)
            self._refresh_cells(left + MARGIN, y, right - left, 1)
            if whole and not known:
                self._refresh_cells(0, y + 1, self.size.width, self.rows.below)

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
        for y, first, last in self.rows.changed_below(self.scroll_offset.y, self.size):
            self._refresh_cells(first, y, last - first, 1)
        self.follow()

    def follow(self) -> None:
        """Scroll so that the cursor is in sight; half a screen at a time, so that it is rare."""
        shown, layout = _shown(self.caret, self._preview), self.layout_
        if shown is None or layout is None or not self.size.height:
            return
        height = self.size.height
        row = layout.row_of(shown[1])
        top = self.rows.tops[row] - 1
        bottom = self.rows.tops[row + 1]
        now = self.scroll_offset.y
        most = max(self.virtual_size.height - height, 0)
        # A step off the screen turns a page, keeping the row it came from in sight;
        # a leap puts its goal in the middle.
        if top < now:
            near = now - top <= height // 2
            goal = bottom + self.rows_below + 1 - height if near else bottom - height // 2
            self.scroll_to(y=max(goal, 0) if row else 0, animate=False, force=True)
        elif bottom + 1 > now + height:
            near = bottom - now - height <= height // 2
            goal = top - self.rows_below - 1 if near else top - height // 2
            self.scroll_to(y=min(max(goal, 0), most), animate=False, force=True)

    # ── moving by what is on the screen ────────────────────────────────────

    def turned(self, key: str) -> str:
        """The key that does what a key of the arrows means where the cursor is."""
        caret, layout = self.caret, self.layout_
        if caret is None or layout is None or mirrored_key(key) == key:
            return key
        return mirrored_key(key) if layout.base(layout.row_of(caret.offset)) else key

    def prepare(self, command: str) -> str | None:
        """Forget the column that movements by screen rows keep to: another command ends them."""
        self.steps.forget()
        return None

    def run(self, command: str) -> Outcome | None:
        """Carry out a movement by screen rows; None if it is not one."""
        editor, caret, layout = self.editor, self.caret, self.layout_
        if editor is None or caret is None or layout is None:
            return None
        tops, height = self.rows.tops, self.size.height
        target = self.steps.target(command, caret.offset, layout, tops, height)
        if target is None:
            return None
        editor.move_to(target)
        return Outcome()

    def show_hints(self) -> bool:
        """Put a hint over every unit on the screen, the nearest with one letter."""
        caret, layout = self.caret, self.layout_
        if caret is None or layout is None:
            return False
        top = self.scroll_offset.y
        first = max(self.rows.at(max(top, 1)), 0)
        last = min(max(self.rows.at(top + self.size.height - 1), 0), len(layout.rows) - 1)
        starts = caret.unit_starts(layout.rows[first][0], layout.rows[last][1])
        others = [start for start in starts if start != caret.offset]
        hints = self.hints
        hints.show(sorted(others, key=lambda start: abs(start - caret.offset)))
        hints.part(
            {one: (layout.row_of(at), _hint_column(layout, at, one)) for one, at in hints.items()}
        )
        self.rows.clear()
        self.refresh()
        return bool(self.hints)

    def jump(self, key: str) -> bool:
        """Take a key while hints are shown; whether they still are.

        As with the arrows, shift extends: a last letter that is a capital selects up to there.
        """
        target = self.hints.type(key) if len(key) == 1 else None
        if len(key) != 1:
            self.hints.hide()
        if target is not None and self.editor is not None:
            self.editor.move_to(target, extend=key.isupper())
        if not self.hints:
            self.rows.clear()
            self.refresh()
        return bool(self.hints)

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self.theme = theme
        self.relayout()


def _cells(
    layout: Layout, row: int, stretches: Sequence[tuple[int, int, Look]], theme: Theme
) -> Iterator[tuple[str, int, Style]]:
    """A row cell by cell, from left to right."""
    ends = [end for _, end, _ in stretches]
    for cell in layout.cells(row):
        at = min(bisect_right(ends, cell.start), len(ends) - 1)
        blank = cell.start == cell.end
        yield cell.shown, cell.width, Style() if blank else theme.text(stretches[at][2])


def margin(layout: Layout, row: int) -> Segment:
    """What stands before a row of text.

    Without a mark there, a terminal may take the row for one that runs from right to left.
    """
    mark = MARK if layout.is_marked(row) else ""
    return Segment(" " * MARGIN + mark, Style())


def hints_of(layout: Layout, row: int, hints: JumpHints) -> dict[int, str]:
    """The hints over a row of text, by the columns that they begin at."""
    found = hints.within(*layout.rows[row]) if hints else {}
    return {_hint_column(layout, at, hint): hint for at, hint in found.items()}


def _hint_column(layout: Layout, offset: int, hint: str) -> int:
    """Where a hint begins: over the first letters of a word, which may be its last cells."""
    column = layout.column_of(offset)
    return max(column - len(hint) + 1, 0) if layout.runs_left(offset) else column


def _shown(caret: Caret | None, preview: tuple[str, int] | None) -> tuple[str, int] | None:
    """The text, and where the cursor is or will be."""
    return preview if caret is None else (caret.text, caret.offset)
