"""The view of punctuation: the text as it will read, with the cursor in a gap."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.strip import Strip

from tui_annotate.editors.caret import Caret
from tui_annotate.editors.punctuation.editor import PunctEditor
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds.punctuation import Options
from tui_annotate.session.engine import Engine
from tui_annotate.text.display import safe, visible_width
from tui_annotate.text.layout import Layout
from tui_annotate.text.mark_slots import Slot
from tui_annotate.ui.first_steps import first_steps
from tui_annotate.ui.theme import FOREIGN, Look, Theme
from tui_annotate.ui.widgets.line import Piece as Text
from tui_annotate.ui.widgets.line import strip_on
from tui_annotate.ui.widgets.text.document import MARGIN, DocumentView, hints_of, margin
from tui_annotate.ui.widgets.text.jump_hints import overlaid
from tui_annotate.ui.widgets.text.punctuated_layout import Piece, Restored
from tui_annotate.ui.widgets.view import View

_BAR = "▕"
_Drawn = tuple[str, int, Style]
"""What a cell shows, its width and its style."""
_FIRST_STEPS = 30
"""Columns that the marks leave to what to press in a new session."""


class PunctView(DocumentView, View):
    """Draws a `PunctEditor`.

    The cursor is a bar in the gap after a word. It takes the place of the
    gap's white space, so that nothing moves when it does.
    """

    def __init__(self, theme: Theme, options: Options) -> None:
        super().__init__(theme)
        self.slots: Mapping[str, int] = {}
        self.editor: PunctEditor | None = None

    def set_editor(self, editor: PunctEditor | None) -> None:
        """Show another task's editor, or nothing."""
        self.editor = editor
        self.layout_ = None
        if editor is not None:
            editor.take_dirty()
        self.set_caret(editor.caret if editor is not None else None)

    def preview(self, text: str, cursor: int) -> bool:
        """Where the rows break depends on the words."""
        return False

    def make_layout(self, caret: Caret, width: int) -> Layout:
        """Put the words and their marks into rows."""
        assert self.editor is not None
        content, order = self.editor.content, self.theme.order
        return Restored(caret.text, caret.tokens, width, content, order=order)

    def sync(self) -> None:
        """Draw what a command has changed: of a row, what stands behind the change."""
        editor, layout = self.editor, self.layout_
        if editor is None:
            return
        dirty = editor.take_dirty()
        if isinstance(layout, Restored) and dirty:
            if layout.update(dirty):
                self.relayout()
            else:
                self.rows.clear()
                words = editor.content.words
                firsts = {layout.row_of(words[word].start): word for word in dirty[::-1]}
                for row, word in firsts.items():
                    self._redraw_from(layout, row, word)
        super().sync()

    def _redraw_from(self, layout: Restored, row: int, word: int) -> None:
        y = self.rows.tops[row] - self.scroll_offset.y
        if not 0 <= y < self.size.height:
            return
        assert self.editor is not None
        start, end = self.editor.content.words[word].start, self.editor.content.words[word].end
        cells = layout.columns(row, start, end)
        left = 0 if cells is None else cells[0] + MARGIN
        self._refresh_cells(left, y, self.size.width - left, 1)

    # ── the rows below the document ────────────────────────────────────────

    def bar(self, engine: Engine, keymap: Keymap) -> tuple[list[Text], list[Text]]:
        """The marks and the classes with their keys and counts."""
        theme, editor = self.theme, self.editor
        counts = editor.counts() if editor is not None else {}
        first = first_steps(engine, keymap, theme, _FIRST_STEPS)
        hints: list[Text] = first or [
            (f"{keymap.shown('capital')} capital  ", theme.dim),
            (f"{keymap.shown('next_span')} next  ", theme.dim),
            (f"{keymap.shown('help')} help ", theme.dim),
        ]
        names = list(keymap.labels)
        names += [name for name in counts if name not in names]
        pieces: list[Text] = []
        needed = sum(visible_width(text) for text, _ in (first or hints[-1:]))
        room = self.app.size.width - needed - 4
        for index, name in enumerate(names):
            key, shown = keymap.label_key(name), safe(name, 16)
            own = "" if key == name or key is None else f"{key} "
            count = f" {counts.get(name, 0)}  "
            room -= visible_width(own + shown) + len(count) + (0 if pieces else 1)
            if room < 0:
                pieces.append((f"+{len(names) - index}", theme.dim))
                break
            pieces += [
                (own if pieces else f" {own}", theme.plain),
                (shown, theme.label(self.slots.get(name, FOREIGN))),
                (count, theme.dim),
            ]
        while (
            not first
            and len(hints) > 1
            and room < sum(visible_width(text) for text, _ in hints[:-1])
        ):
            hints.pop(0)
        return pieces, hints

    def under_cursor(self) -> list[Text]:
        """The word, the marks after and before it, and where they come from."""
        editor, theme = self.editor, self.theme
        if editor is None:
            return []
        if not editor.content.words:
            return [(" (no text)", theme.dim)]
        here, content = editor.here, editor.content
        word = content.words[here]
        selection = editor.caret.selection
        if selection is not None:
            text = safe(editor.text[selection[0] : selection[1]], 28)
            return [(f" {text}", theme.strong), ("  selected", theme.dim)]
        pieces: list[Text] = [(f" {safe(content.word(here), 24)}", theme.strong)]
        token = content.token_id(here, "after")
        number = "" if token is None else f"  token {token}"
        pieces.append((f"{number}  {word.start}–{word.end}", theme.dim))
        before, after = content.visible(here, "before"), content.visible(here, "after")
        for slot in (*before, *after):
            pieces += _mark(theme, slot)
        for slot in () if content.strip else content.slots(here, "after"):
            if slot.original and not slot.unchanged:
                pieces.append((f"  was {safe(slot.original)}", theme.dim))
        if editor.adding:
            pieces.append(("  + …", theme.warning))
        hint = editor.attention.hint(here)
        if hint is not None:
            pieces.append((f"  {safe(hint.label)} ? {hint.score or 0:.2f}", theme.dim))
        left = len(editor.attention.unsure)
        if left:
            pieces.append((f"  tab  {left} to check", theme.dim))
        return pieces

    # ── drawing ────────────────────────────────────────────────────────────

    def _text_row(self, row: int) -> Strip:
        layout, editor = self.layout_, self.editor
        assert isinstance(layout, Restored)
        assert editor is not None
        here = editor.here if editor.content.words else -1
        selection = editor.caret.selection
        cells: list[_Drawn] = []
        pieces = layout.pieces(row)
        last = max((i for i, p in enumerate(pieces) if p.word == here and not p.gap), default=-1)
        barred = False
        for place, piece in enumerate(pieces):
            word = editor.content.words[piece.word]
            chosen = selection is not None and selection[0] <= word.start < selection[1]
            look = self._look(piece, chosen)
            style = self.theme.text(look)
            drawn = layout.cells_of(piece)
            if piece.word == here and place >= last:
                if piece.gap and place == last + 1:
                    cells.append((_BAR.ljust(drawn[0].width), drawn[0].width, self.theme.warning))
                    cells += [(cell.shown, cell.width, Style()) for cell in drawn[1:]]
                    barred = True
                    continue
                if place == last and place + 1 < len(pieces) and not pieces[place + 1].gap:
                    # Without white space there is no cell for the bar.
                    style += Style(reverse=True)
                    barred = True
            if piece.word == here and piece.slot is None and not piece.gap:
                style += Style(bold=True)
            cells += [(cell.shown, cell.width, style) for cell in drawn]
        bar = [(_BAR, 1, self.theme.warning)] if last >= 0 and not barred else []
        cells = _turned(layout, row, cells, bar)
        segments = overlaid(
            cells, hints_of(layout, row, self.hints), self.theme.text(Look(hint=True))
        )
        return strip_on([margin(layout, row), *segments], self.size.width)

    def _look(self, piece: Piece, chosen: bool) -> Look:
        slot = piece.slot
        if slot is None or slot.mark is None:
            return Look(selected=chosen and not piece.gap)
        if slot.unchanged and slot.label is None and not slot.manual and slot.source is None:
            return Look(selected=chosen)
        assert self.editor is not None
        waits = slot.suggested and self.editor.attention.is_pending(piece.word, piece.side)
        colour = self.slots.get(slot.label or slot.mark, FOREIGN)
        return Look(slot=colour, selected=waits or chosen)


def _mark(theme: Theme, slot: Slot) -> list[Text]:
    pieces: list[Text] = [(f"  {safe(slot.mark or '')}", theme.strong)]
    if slot.label is not None:
        pieces.append((f" {safe(slot.label, 20)}", theme.plain))
    if slot.suggested:
        score = "" if slot.score is None else f" {slot.score:.2f}"
        pieces.append((f" by {safe(slot.source or '', 20)}{score}", theme.dim))
    return pieces


def _turned(layout: Restored, row: int, cells: list[_Drawn], bar: list[_Drawn]) -> list[_Drawn]:
    """A row from left to right, the bar behind its last word."""
    turned = layout.ordered(row)
    if turned is None:
        return cells + bar
    made = [
        (shown if cells[at][0][:1] != _BAR else cells[at][0], *cells[at][1:])
        for at, shown in zip(turned.places, turned.shown, strict=True)
    ]
    indent = layout.indent(row)
    if not indent:
        return made + bar
    return [(" ", 1, Style())] * (indent - len(bar)) + bar + made
