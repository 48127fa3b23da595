"""A text field at the foot of the screen; only its own keys act while it is open."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tui_annotate.ui.widgets.ordered import OrderedStatic

_FIELD_KEYS = frozenset(
    {
        "left", "right", "home", "end", "backspace", "delete",
        "ctrl+left", "ctrl+right", "shift+left", "shift+right", "shift+home", "shift+end",
        "ctrl+w", "ctrl+u", "ctrl+k", "ctrl+e", "ctrl+d",
    }
)  # fmt: skip


class Field(Input):
    """A text field that lets no key through but those that close it."""

    async def on_event(self, event: events.Event) -> None:
        """Take the field's own keys, hand on those that close it, drop the rest."""
        if not isinstance(event, events.Key):
            await super().on_event(event)
            return
        event.stop()
        event.prevent_default()
        try:
            if event.is_printable and event.character is not None:
                await self._on_key(event)
                self._show_screen()
            elif event.key in _FIELD_KEYS:
                # Not through the bindings, which act only once later keys have been taken.
                for binding in self._bindings.get_bindings_for_key(event.key):
                    await self.run_action(binding.action)
                    self._show_screen()
            elif isinstance(screen := self.screen, Prompt):
                screen.pressed(event.key)
        finally:
            self.app.key_done()  # type: ignore[attr-defined]

    def _show_screen(self) -> None:
        if isinstance(screen := self.screen, Prompt):
            screen.look_at(self)


class Prompt(ModalScreen[str | None]):
    """Asks for a line of text; returns None if it is closed without one.

    Args:
        question: What is asked, shown before the field.
        value: What stands in the field at first.
        caret: Where the caret stands at first, in code points.
        changed: Called with the text and the caret at every change.
    """

    DEFAULT_CSS = """
    Prompt { align: left bottom; background: transparent; }
    Prompt > Vertical { height: auto; background: $background; }
    Prompt Static { height: auto; padding: 0 1; }
    Prompt #names { text-wrap: nowrap; text-overflow: ellipsis; }
    Prompt Field, Prompt Field:focus {
        border: none !important; height: 1; padding: 0 1; background: $background;
    }
    """

    def __init__(
        self,
        question: str,
        value: str = "",
        caret: int | None = None,
        changed: Callable[[str, int], None] = lambda text, caret: None,
    ) -> None:
        super().__init__()
        self.question = question
        self._value = value
        self._caret = len(value) if caret is None else caret
        self._changed = changed
        self._answered = False
        self._seen = value, self._caret

    def compose(self) -> ComposeResult:
        """The question and its field."""
        with Vertical():
            yield OrderedStatic(self.question, markup=False)
            yield Field(self._value, select_on_focus=False, id="field")

    def on_mount(self) -> None:
        """Put the caret where it was."""
        for field in self.query(Field):
            field.cursor_position = min(self._caret, len(self._value))
            field.focus()

    def on_key(self, event: events.Key) -> None:
        """A key that came before the field had the focus."""
        event.stop()
        event.prevent_default()
        for field in self.query(Field):
            field.post_message(events.Key(event.key, event.character))
            return
        self.app.key_done()  # type: ignore[attr-defined]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Something was pasted, or the field was filled."""
        self.look_at(event.input)

    def look_at(self, field: Input) -> None:
        """Take in what stands in the field and where its caret is, if that is new."""
        value, caret = field.value, field.cursor_position
        if self._answered or (value, caret) == self._seen:
            return
        if value != self._seen[0]:
            self.changed(value, caret)
        else:
            self._changed(value, caret)
        self._seen = value, caret

    def changed(self, value: str, caret: int) -> None:
        """Something else stands in the field."""
        self._changed(value, caret)

    def submit(self, value: str) -> None:
        """Return what stands in the field."""
        self.answer(value)

    def answer(self, value: str | None) -> None:
        """Close with an answer; keys typed ahead of the closing are late, and do nothing."""
        if not self._answered and self.is_current:
            self._answered = True
            self.dismiss(value)

    def pressed(self, key: str) -> None:
        """A key that edits nothing: closing, help and leaving act, others do not."""
        if key == "enter":
            self.submit(self.query_one(Field).value)
        elif key == "escape":
            self.answer(None)
        elif key == "ctrl+q":
            self.app.run_worker(self.app.action_quit())
        elif key == "f1":
            self.app.notify_help()  # type: ignore[attr-defined]
