"""The view of tags: every token in a column, its tag under it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_annotate.editors.caret import Caret
from tui_annotate.editors.tags.editor import TagEditor
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds.tagging import Options
from tui_annotate.session.engine import Engine
from tui_annotate.text.columns import Columns, Piece
from tui_annotate.text.display import cut, safe, visible_width
from tui_annotate.text.layout import Layout
from tui_annotate.text.ordering import in_order
from tui_annotate.ui.first_steps import first_steps
from tui_annotate.ui.theme import FOREIGN, Look, Theme
from tui_annotate.ui.widgets.line import Piece as Text
from tui_annotate.ui.widgets.line import strip_on
from tui_annotate.ui.widgets.text.document import MARGIN, DocumentView, hints_of, margin
from tui_annotate.ui.widgets.text.jump_hints import overlaid
from tui_annotate.ui.widgets.view import View
from tui_annotate.wording import counted

_WIDEST = 10
"""Cells that a tag gets at most of itself; a longer name is cut, the status line has it whole."""

_FIRST_STEPS = 30
"""Columns that the tags leave to what to press in a new session."""

_NONE = "·"


class TagView(DocumentView, View):
    """Draws a `TagEditor`.

    The columns are as wide as the widest tag on offer, so that nothing moves
    when a tag changes. Tags are dim; those the model was unsure of have a
    ``?`` and stand out until they are looked at, those set by hand are bold
    and have their colour.
    """

    def __init__(self, theme: Theme, options: Options) -> None:
        super().__init__(theme)
        self.slots: Mapping[str, int] = {}
        self.editor: TagEditor | None = None
        self._tab = "tab"

    @property
    def rows_below(self) -> int:
        """Under each row of text stands one of tags."""
        return 1

    def set_editor(self, editor: TagEditor | None) -> None:
        """Show another task's editor, or nothing."""
        self.editor = editor
        if editor is not None:
            editor.take_dirty()
        self.set_caret(editor.caret if editor is not None else None)

    def preview(self, text: str, cursor: int) -> bool:
        """How wide the columns are depends on the tokens."""
        return False

    def make_layout(self, caret: Caret, width: int) -> Layout:
        """Put every token in a column."""
        editor = self.editor
        assert editor is not None
        reserve = max((visible_width(safe(label)) for label in editor.labels), default=1)
        # Tags of several words are only as long as they came.
        width_of = cache(lambda label: visible_width(safe(label)))
        wider = {
            index: min(width_of(tag.label), 2 * _WIDEST)
            for index, tag in enumerate(editor.tags)
            if tag is not None and width_of(tag.label) > reserve
        }
        least = min(reserve, _WIDEST)
        return Columns(caret.text, caret.tokens, width, least, wider, order=self.theme.order)

    def sync(self) -> None:
        """Draw what a command has changed."""
        editor = self.editor
        if editor is None:
            return
        for start, end in editor.take_dirty():
            self.redraw(start, end, whole=True)
        super().sync()

    # ── the rows below the document ────────────────────────────────────────

    def bar(self, engine: Engine, keymap: Keymap) -> tuple[list[Text], list[Text]]:
        """The tags with their keys, as many as there is room for."""
        theme = self.theme
        pieces: list[Text] = []
        self._tab = keymap.shown("next_span")
        width = self.app.size.width
        right = first_steps(engine, keymap, theme, _FIRST_STEPS)
        right = right or [(f"{keymap.shown('help')} help ", theme.dim)]
        room = width - sum(visible_width(text) for text, _ in right) - 2
        for label in keymap.labels:
            key, shown = keymap.label_key(label) or "", safe(label, _WIDEST)
            length = visible_width(key + shown) + 2
            if length + 2 > room:
                pieces.append((" …", theme.dim))
                break
            pieces += [(f" {key} ", theme.strong), (shown, theme.plain)]
            room -= length
        return pieces, right

    def under_cursor(self) -> list[Text]:
        """The token, its tag, and what else was suggested for it."""
        editor, theme = self.editor, self.theme
        if editor is None:
            return []
        if not len(editor):
            return [(" (no text)", theme.dim)]
        caret, index = editor.caret, editor.here
        selection = caret.selection
        start, end = selection or caret.unit()
        pieces: list[Text] = [(f" {safe(editor.text[start:end], 24)}", theme.strong)]
        if selection is not None:
            pieces.append((f"  {counted(len(editor.target()), 'token')} selected", theme.dim))
            return pieces
        pieces.append((f"  token {index}", theme.dim))
        pieces += _tag_here(theme, editor, index)
        if editor.joining:
            pieces.append(("  + …", theme.warning))
        last: list[Text] = []
        if left := editor.unsure_left:
            missing = len(editor) - sum(editor.counts().values()) - len(editor.table.disabled)
            what = "without a tag" if left == missing else "to check"
            last = [(f"  {self._tab}  {left} {what}", theme.dim)]
        room = self.app.size.width - sum(visible_width(text) for text, _ in [*pieces, *last])
        for piece in _others(theme, editor, index):
            room -= visible_width(piece[0])
            if room < 0:
                break
            pieces.append(piece)
        return pieces + last

    # ── drawing ────────────────────────────────────────────────────────────

    def _text_row(self, row: int) -> Strip:
        layout, editor = self.layout_, self.editor
        assert isinstance(layout, Columns)
        assert editor is not None
        cursor, selection = editor.caret.unit(), editor.caret.selection
        drawn: list[tuple[str, int, Style]] = []
        column = 0
        for piece in layout.pieces(row):
            look = Look(
                cursor=cursor[0] <= piece.start and piece.end <= cursor[1],
                selected=selection is not None
                and selection[0] <= piece.start
                and piece.end <= selection[1],
            )
            if piece.column > column:
                # Blanks look the same in any style that only colours letters.
                drawn.append((" " * (piece.column - column), piece.column - column, Style()))
            style = self.theme.text(look)
            drawn += [(cell.shown, cell.width, style) for cell in layout.cells_of(piece)]
            column = piece.column + sum(cell.width for cell in layout.cells_of(piece))
        segments = overlaid(
            drawn, hints_of(layout, row, self.hints), self.theme.text(Look(hint=True))
        )
        return strip_on([margin(layout, row), *segments], self.size.width)

    def below(self, row: int) -> list[Strip]:
        """The tags under a row of text."""
        layout, editor = self.layout_, self.editor
        if not isinstance(layout, Columns) or editor is None:
            return []
        line = _Styled(MARGIN)
        for piece in layout.pieces(row):
            if piece.token is None:
                continue
            line.go_to(MARGIN + piece.column)
            text, style = self._tag(editor, piece)
            line.put(in_order(text, self.theme.order), visible_width(text), style)
        return [line.strip(self.size.width)]

    def _tag(self, editor: TagEditor, piece: Piece) -> tuple[str, Style]:
        assert piece.token is not None
        theme = self.theme
        tag = editor.tags[piece.token]
        if tag is None:
            disabled = piece.token in editor.table.disabled
            return ("", theme.plain) if disabled else (_NONE, theme.warning)
        unsure = editor.unsure(piece.token)
        name = cut(safe(tag.label), piece.width)
        if unsure:
            return name + "?", theme.warning
        if tag.manual:
            return name, theme.label(self.slots.get(tag.label, FOREIGN), True)
        return name, theme.dim


def _tag_here(theme: Theme, editor: TagEditor, index: int) -> list[Text]:
    tag = editor.tags[index]
    if tag is None:
        return [("  no tag", theme.warning)]
    mark = "?" if editor.unsure(index) else ""
    pieces = [(f"  {safe(tag.label, 24)}{mark}", theme.warning if mark else theme.strong)]
    same = (row.score for row in editor.ranked(index) if row.label == tag.label)
    score = tag.score if tag.score is not None else next(same, None)
    if score is not None:
        pieces.append((f" {score:.2f}", theme.dim))
    return pieces


def _others(theme: Theme, editor: TagEditor, index: int) -> list[Text]:
    """The other tags that were suggested, with their numbers."""
    tag = editor.tags[index]
    return [
        (
            f"  {number} {safe(row.label, 16)}"
            + ("" if row.score is None else f" {row.score:.2f}"),
            theme.dim,
        )
        for number, row in enumerate(editor.ranked(index), start=1)
        if tag is None or row.label != tag.label
    ]


class _Styled:
    """A row of the screen in the making: runs of one style, blanks of any."""

    def __init__(self, margin: int) -> None:
        self._segments: list[Segment] = []
        self._run, self._style = " " * margin, Style()
        self._at = margin

    def go_to(self, column: int) -> None:
        """Go on at a cell further on."""
        blank = column - self._at
        if blank > 0:
            # Blanks look the same in any style that only colours letters.
            self.put(" " * blank, blank, Style() if _shows(self._style) else self._style)

    def put(self, text: str, width: int, style: Style) -> None:
        """Write some cells."""
        if style != self._style:
            if self._run:
                self._segments.append(Segment(self._run, self._style))
            self._run, self._style = "", style
        self._run += text
        self._at += width

    def strip(self, width: int) -> Strip:
        """The row, as wide as the screen."""
        self._segments.append(Segment(self._run, self._style))
        return strip_on(self._segments, width)


def _shows(style: Style) -> bool:
    return bool(style.reverse or style.underline or style.bgcolor is not None)
