"""A desk without a screen: keys act on an editor and on the layout of its view."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import lru_cache
from types import MethodType
from typing import Any

from textual.geometry import Offset, Size

from benchmarks.annotator.hands import Hands
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds import keyphrases, punctuation, spans, tagging
from tui_annotate.text.punctuated import PunctuatedText
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.text.document import DocumentView
from tui_annotate.ui.widgets.text.keyphrases import PhraseText
from tui_annotate.ui.widgets.text.links import MentionView
from tui_annotate.ui.widgets.text.punctuated_layout import Restored
from tui_annotate.ui.widgets.text.punctuation import PunctView
from tui_annotate.ui.widgets.text.spans import SpanView
from tui_annotate.ui.widgets.text.tags import TagView

SCREEN = Size(80, 24 - 6)
"""The view in a terminal of 80 by 24: two rows and a line above, three below."""

EDITORS = "tui_annotate.editors."
"""The modules whose objects are parts of an editor."""

CANDIDATES = 6
"""The rows of candidates that the view of links has there."""


class _Unseen(DocumentView):
    """The document as it lies on the screen, which is never drawn."""

    size = SCREEN
    virtual_size = SCREEN
    scroll_offset = Offset(0, 0)

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


class _Phrases(_Unseen, PhraseText):
    """The view of keyphrases, above the list of them."""

    size = virtual_size = Size(80, SCREEN.height - 8)


class _Mentions(_Unseen, MentionView):
    """The view of mentions, above their candidates."""

    size = virtual_size = Size(80, SCREEN.height - 1 - CANDIDATES)


class _Marks(_Unseen, PunctView):
    """The view of a text with its marks."""


Screen = SpanView | TagView | PunctView
_SCREENS: dict[str, Callable[[Theme], Screen]] = {
    "spans": lambda theme: _Spans(theme, spans.Options()),
    "tagging": lambda theme: _Tags(theme, tagging.Options()),
    "keyphrases": lambda theme: _Phrases(theme, keyphrases.Options()),
    # The document asks nothing of the knowledge base, which only the list beside it shows.
    "linking": lambda theme: _Mentions(theme, spans.Options()),
    "punctuation": lambda theme: _Marks(theme, punctuation.Options()),
}


def screen_of(editor: Any, view: str) -> Screen:
    """The view of an editor, as it opens."""
    screen = _SCREENS[view](Theme("mono"))
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
        self.layout = self.screen.layout_
        self.top = self.screen.scroll_offset.y
        self.goal: int | None = None
        # All twins press the same keys, one after the other.
        self._hands = Hands(keymap, self.screen, self._answered)

    def twin(self) -> Desk:
        """The same again, to try something with."""
        other = copy.copy(self)
        other.editor = twin_of(self.editor)
        return other

    @property
    def place(self) -> tuple[Any, ...]:
        """Where the cursor is, what is selected and what is on the screen."""
        caret = self.editor.caret
        return caret.offset, caret.anchor, caret.selecting, self.top

    @property
    def answer(self) -> str | None:
        """What the last key decided."""
        return self._hands.session.answer

    def press(self, *keys: str) -> None:
        """Press keys one after the other; those after a jump's are its hint.

        Raises:
            ValueError: A key does nothing.
        """
        self._hands.session.open(self.editor)
        screen = self._shown()
        for key in keys:
            if self._hands.press(key):
                screen = self._redrawn()
                screen.follow()
        self.top, self.goal = screen.scroll_offset.y, screen.steps.column

    def _answered(self, name: str, typed: str, down: int) -> None:
        """What was typed into a field is searched in the text, or in the knowledge base."""
        session = self._hands.session
        if name != "knowledge":
            session.edit(name, typed)
            return
        assert session.current is not None
        editor: Any = session.current.editor
        found = editor.knowledge.search(typed) if typed else editor.candidates()
        found = [one.id for one in found if one.nil is None]
        session.edit(name, found[down] if down < len(found) else None)

    def _redrawn(self) -> Screen:
        """The screen after a key: the marks that were put have their place in the rows."""
        if isinstance(self.layout, Restored):
            dirty = self.editor.take_dirty()
            if dirty:
                self.layout = _rows_of(self.layout, self.editor.content)
                self.layout.update(dirty)
                return self._shown()
        return self.screen

    def hints(self) -> dict[int, str]:
        """The hints a jump would show: the letters of each place on the screen."""
        screen = self._shown()
        screen.show_hints()
        found = {at: hint for hint, at in screen.hints.items()}
        screen.hints.hide()
        return found

    def _shown(self) -> Screen:
        screen = self.screen
        screen.editor = self.editor
        if isinstance(screen, PunctView):
            screen.layout_ = self.layout
            screen.relayout()
            self.layout = screen.layout_
        screen.caret = self.editor.caret
        screen.scroll_to(y=self.top, animate=False)
        screen.steps.column = self.goal
        return screen


def _rows_of(layout: Restored, content: PunctuatedText) -> Restored:
    """The rows as they are, of the text of another editor."""
    other = copy.copy(layout)
    other._reading = content
    other._firsts = list(layout._firsts)
    other._pieces_of = lru_cache(maxsize=512)(other._made)
    return other


def twin_of(editor: Any) -> Any:
    """A copy of an editor that shares only what no command changes."""
    return _twin(editor, {})


def _twin(value: Any, twins: dict[int, Any]) -> Any:
    """A copy of a value, the same wherever it is referred to; what never changes is itself."""
    if id(value) in twins:
        return twins[id(value)]
    if isinstance(value, MethodType):
        return MethodType(value.__func__, _twin(value.__self__, twins))
    if isinstance(value, list | set | dict):
        twins[id(value)] = made = copy.copy(value)
    elif isinstance(value, PunctuatedText) or (
        type(value).__module__.startswith(EDITORS) and hasattr(value, "__dict__")
    ):
        twins[id(value)] = made = copy.copy(value)
        parts = vars(made)
        for name, part in parts.items():
            parts[name] = _twin(part, twins)
    else:
        return value
    return made
