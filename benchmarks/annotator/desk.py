"""A desk without a screen: keys go through the key table to the editor and the view's layout."""

from __future__ import annotations

import copy
from typing import Any

from textual.geometry import Offset, Size

from tui_annotate.editors.caret import Caret
from tui_annotate.editors.history import History
from tui_annotate.editors.search import Search
from tui_annotate.keys import Keymap
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.document import DocumentView
from tui_annotate.ui.widgets.spans import SpanView
from tui_annotate.ui.widgets.tags import TagView

SCREEN = Size(80, 24 - 6)
"""The view in a terminal of 80 by 24: two rows and a line above, three below."""


class _Unseen(DocumentView):
    """The document as it lies on the screen, which is never drawn."""

    size = SCREEN
    virtual_size = SCREEN
    scroll_offset = Offset(0, 0)
    extra_rows = 1

    def refresh(self, *args: Any, **kwargs: Any) -> Any:
        """Draw nothing."""
        return self

    def scroll_to(self, *args: Any, **kwargs: Any) -> None:
        """Be there at once."""
        self.scroll_offset = Offset(0, int(kwargs["y"]))


class _Spans(_Unseen, SpanView):
    """The view of labelled spans."""


class _Tags(_Unseen, TagView):
    """The view of a tag for every token."""


def screen_of(editor: Any, view: str) -> SpanView | TagView:
    """The view of an editor, as it opens."""
    kinds: dict[str, type[SpanView | TagView]] = {"spans": _Spans, "tags": _Tags}
    screen = kinds[view](Theme("mono"), {})
    screen.set_editor(editor)
    return screen


class Desk:
    """One task with its cursor, its edits and its place on the screen.

    Args:
        editor: The editor of the task.
        keymap: What the keys do.
    """

    def __init__(self, editor: Any, keymap: Keymap) -> None:
        self.editor = editor
        self.keymap = keymap
        self.screen = screen_of(editor, keymap.view)
        self.top = self.screen.scroll_offset.y
        self.goal: int | None = None

    def twin(self) -> Desk:
        """The same again, to try something with."""
        other = copy.copy(self)
        other.editor = twin_of(self.editor)
        return other

    @property
    def place(self) -> tuple[Any, ...]:
        """Where the cursor is, what is selected and what is on the screen."""
        caret = self.editor.caret
        return caret.offset, caret.anchor, caret.held, self.top

    def press(self, *keys: str) -> None:
        """Press keys one after the other; those after a jump's are its hint.

        Raises:
            ValueError: A key does nothing.
        """
        pressed = iter(keys)
        screen = self._shown()
        for key in pressed:
            found = self.keymap.resolve(key)
            if found is None:
                raise ValueError(f"{key!r} does nothing")
            name, argument = found
            if name == "jump":
                screen.show_hints()
                at = None
                while screen.hints:
                    at = screen.type_hint(next(pressed))
                if at is not None:
                    self.editor.move_to(at)
            elif name == "search":
                typed = ""
                while (letter := next(pressed)) != "enter":
                    typed += letter
                self.editor.do("search", typed)
            elif (at := screen.move(name)) is not None:
                self.editor.move_to(at)
            elif self.editor.do(name, argument) is None:
                raise ValueError(f"the editor knows no {name!r}")
            screen.follow()
        self.top, self.goal = screen.scroll_offset.y, screen._goal

    def hints(self) -> dict[int, str]:
        """The hints a jump would show: the letters of each place on the screen."""
        screen = self._shown()
        screen.show_hints()
        found = {at: hint for hint, at in screen.hints.items()}
        screen.hide_hints()
        return found

    def _shown(self) -> SpanView | TagView:
        screen = self.screen
        screen.caret = self.editor.caret
        screen.scroll_to(y=self.top, animate=False)
        screen._goal = self.goal
        return screen


def twin_of(editor: Any) -> Any:
    """A copy of an editor that shares only what no command changes."""
    other = copy.copy(editor)
    held = vars(other)
    for name, value in held.items():
        if isinstance(value, (list, set, dict, Caret)):
            held[name] = copy.copy(value)
        elif isinstance(value, History):
            held[name] = fresh = copy.copy(value)
            for part, states in vars(fresh).items():
                setattr(fresh, part, list(states))
        elif isinstance(value, Search):
            held[name] = copy.copy(value)
            vars(held[name])["_caret"] = other.caret
    return other
