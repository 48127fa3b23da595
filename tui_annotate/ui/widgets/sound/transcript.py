"""The field that a transcript is typed in: rows of the timeline's list, with keys of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.style import Style

from tui_annotate.keymap.keymap import Action, key_name
from tui_annotate.text.entry import Entry
from tui_annotate.text.layout import Layout
from tui_annotate.text.tokens import Tokens, fallback_pairs
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.cells import Cell, cells_of, fitted, row_of
from tui_annotate.ui.widgets.view import mirrored_key

WHOLE = "transcript of the whole recording"
MARGIN = 3
_MAX_ROWS = 6

PASSED_ON = frozenset({"f1", "ctrl+q"})
"""The keys of a field that are not its own: help, and leaving."""


class TranscriptField:
    """A text that is being typed for a region, or for the whole sound.

    Attributes:
        entry: The text and its caret.
        message: What stands in the place of the keys, until the next one.
        last: Whether the text of the last region has been kept, and nothing typed since.

    Args:
        command: The command that takes the text: ``transcript`` or ``whole_transcript``.
        text: What stands there at first.
        caret: Where the caret is.
        keys: The actions that have keys here.
        words: The words to complete with, the likeliest first.
    """

    def __init__(
        self,
        command: str,
        text: str,
        caret: int | None,
        keys: Sequence[Action],
        words: Callable[[], Iterable[str]],
    ) -> None:
        self.command = command
        self.entry = Entry(text, caret)
        self.message: str | None = None
        self.last = False
        self._actions = {key: action.id for action in keys for key in action.keys}
        self._shown = {action.id: key_name(action.keys[0]) for action in keys if action.keys}
        self._words = words
        self._first = 0
        self._width = 40

    @property
    def whole(self) -> bool:
        """Whether the text is that of the whole sound."""
        return self.command == "whole_transcript"

    def key(self, key: str, character: str | None) -> str | None:
        """Take a key.

        Args:
            key: Its name.
            character: What it prints, if anything.

        Returns:
            The action that it stands for, where that is not the field's own business.
        """
        self.message = None
        self.last = self.last and self._actions.get(key) == "field_commit"
        if character is not None and character.isprintable():
            self.entry.insert(character)
        elif key in self._actions:
            action = self._actions[key]
            if action != "field_complete":
                return action
            self.message = self.entry.complete(self._words())
        elif key in ("up", "down", "home", "end"):
            self._move_by_row(key)
        else:
            self.entry.edit(self._turned(key))
        return None

    def _turned(self, key: str) -> str:
        """The key that does what a key of the arrows means, where the text may run to the left."""
        if mirrored_key(key) == key:
            return key
        layout = self._layout()
        return mirrored_key(key) if layout.base(layout.row_of(self.entry.caret)) else key

    def paste(self, text: str) -> None:
        """Put a text in, on one line."""
        self.entry.insert(" ".join(text.split()))

    def _layout(self) -> Layout:
        text = self.entry.text
        return Layout(text, Tokens.from_pairs(text, fallback_pairs(text)), self._width)

    def _move_by_row(self, key: str) -> None:
        layout, entry = self._layout(), self.entry
        row = layout.row_of(entry.caret)
        start, end = layout.rows[row]
        if key in ("home", "end"):
            last = row == len(layout.rows) - 1
            entry.move_to(start if key == "home" else end if last else max(end - 1, start))
            return
        target = row + (1 if key == "down" else -1)
        if target < 0:
            entry.move_to(0)
        elif target >= len(layout.rows):
            entry.move_to(len(entry.text))
        else:
            column = layout.column_of(entry.caret)
            first, last_one = layout.rows[target]
            past = column >= layout.row_width(target)
            if past:
                entry.move_to(
                    last_one if target == len(layout.rows) - 1 else max(last_one - 1, first)
                )
            else:
                entry.move_to(layout.offset_at(target, column))

    def shown(self, width: int, rows: int, theme: Theme) -> tuple[tuple[Cell, ...], ...]:
        """The field in the list of regions; over that of the whole sound stands a title.

        Args:
            width: The columns of a row.
            rows: The rows of the list.
            theme: The colours.
        """
        made = self.rows(width, max(rows - 1, 1), theme)
        if self.whole:
            made = [row_of([(f" ▸ {WHOLE}", theme.strong)], width), *made]
        return tuple(map(tuple, made))

    def rows(self, width: int, max_rows: int, theme: Theme) -> list[list[Cell]]:
        """The field as rows: the text under a caret, then its keys where there is room.

        Args:
            width: The columns of a row.
            max_rows: How many rows there are for it.
            theme: The colours.
        """
        self._width = max(width - 2 * MARGIN, 4)
        layout, entry = self._layout(), self.entry
        at = layout.row_of(entry.caret)
        hint = max_rows > 2
        height = max(min(len(layout.rows), _MAX_ROWS, max_rows - hint), 1)
        self._first = min(max(self._first, at - height + 1), at, max(len(layout.rows) - height, 0))
        made = [
            self._row(layout, n, width, theme) for n in range(self._first, self._first + height)
        ]
        if hint:
            made.append(row_of([(" " * MARGIN + self._hint(), theme.dim)], width))
        return made

    def _row(self, layout: Layout, row: int, width: int, theme: Theme) -> list[Cell]:
        mark = "┃" if theme.depth == "mono" else "▎"
        cells: list[Cell] = [(" ", Style()), (mark, theme.warning), (" ", Style())]
        caret = self.entry.caret
        here = layout.row_of(caret) == row
        reverse = Style(reverse=True)
        seen = False
        for cell in layout.cells(row):
            on = here and not seen and cell.start <= caret < cell.end
            seen = seen or on
            style = reverse if on else theme.plain
            cells += [(cell.shown, style), *[("", style)] * (cell.width - 1)]
        if here and not seen and layout.indent(row):
            cells[len(cells) - layout.row_width(row) + layout.indent(row) - 1] = (" ", reverse)
        elif here and not seen:
            cells += cells_of(" ", reverse)
        return fitted(cells, width)

    def _hint(self) -> str:
        return self.message or "   ".join(f"{key} {does}" for key, does in self.hints())

    def hints(self) -> list[tuple[str, str]]:
        """Its keys, the most needed first, with what each does."""
        words = [
            ("field_commit", "next"),
            ("field_play", "play"),
            ("field_replay", "again"),
            ("field_back", "back"),
            ("field_complete", "complete"),
            ("field_snippets", "snippets"),
            ("field_slower", "slower"),
            ("field_leave", "leave"),
        ]
        if self.whole:
            words[0] = ("field_commit", "keep")
        return [(self._shown[name], does) for name, does in words if name in self._shown]
