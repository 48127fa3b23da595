"""What the desk asks of the view of every kind of annotation."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol, runtime_checkable

from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget

from tui_annotate.editors.base import Outcome
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds.base import Kind, OptionsT
from tui_annotate.session.engine import Engine
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.fitted import Fitted
from tui_annotate.ui.widgets.line import Piece


def view_of(kind: Kind[OptionsT], theme: Theme, options: OptionsT) -> View:
    """Make the view of a kind of annotation.

    Args:
        kind: The kind.
        theme: The colours.
        options: The view options of the recipe.
    """
    module, _, name = kind.widget.partition(":")
    made = getattr(import_module(module), name)(theme, options)
    assert isinstance(made, View)
    return made


class ViewChanged(Message):
    """What the lines around a view say of it may have changed."""


class ViewSaid(Message):
    """Something to tell the annotator, in one sentence."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


@runtime_checkable
class Turning(Protocol):
    """A view of text, where what comes next may be on the left."""

    def turned(self, key: str) -> str:
        """The key that does what a key of the arrows means where the cursor is."""
        ...


def turned(view: Widget, key: str) -> str:
    """The key that does what a key of the arrows means in a view."""
    return view.turned(key) if isinstance(view, Turning) else key


def mirrored_key(key: str) -> str:
    """The key of the opposite arrow to the side; any other is itself."""
    before, plus, arrow = key.rpartition("+")
    return before + plus + {"left": "right", "right": "left"}.get(arrow, arrow)


class View(Fitted, Widget):
    """Draws an editor; made with the theme and the recipe's view options.

    Attributes:
        editor: The editor of the current task, or None.
        slots: The colour slot of each label on offer.
        keymap: What each key does, for keys that are shown in the view.
    """

    editor: Any
    slots: Mapping[str, int]
    keymap: Keymap

    def attach(self, engine: Engine) -> None:
        """Take the session that it shows, before its first task; most views need nothing of it."""

    def received(self, message: object) -> bool:
        """Take what the process beside the interface says of things only a view knows.

        Returns:
            Whether it was such a thing, and nothing around the view differs for it.
        """
        return False

    def headline(self) -> str | None:
        """What the top line calls the task, where the name of the source does not do."""
        return None

    def prepare(self, command: str) -> str | None:
        """Get ready for an action that the editor owns: tell it what only the view knows.

        Returns:
            What the action acts with, where that is not the key's to say.
        """
        return None

    def find(self, name: str, query: str) -> Outcome | None:
        """Find what only the view knows; None where it is looked for elsewhere.

        Args:
            name: The action: ``search`` for text as the view shows it, ``goto`` for a place in
                the task that is open.
            query: What was typed.
        """
        return None

    @abstractmethod
    def set_editor(self, editor: Any) -> None:
        """Show another task's editor, or nothing."""

    def preview(self, text: str, cursor: int) -> bool:
        """Show the text of a task whose tokens are not there yet, as it will stand with them.

        Args:
            text: The text.
            cursor: Where the cursor will be in it.

        Returns:
            Whether it can be told how it will stand.
        """
        return False

    @abstractmethod
    def sync(self) -> None:
        """Draw what a command has changed, and nothing else."""

    @abstractmethod
    def run(self, command: str) -> Outcome | None:
        """Carry out an action that the view owns; None where there is nothing to do it with."""

    @abstractmethod
    def bar(self, engine: Engine, keymap: Keymap) -> tuple[list[Piece], list[Piece]]:
        """The row under the view: what can be chosen, and hints where there is room."""

    @abstractmethod
    def under_cursor(self) -> list[Piece]:
        """The status line's left side: what the cursor is on."""

    def labels(self, engine: Engine) -> Sequence[str]:
        """The labels to find one by name among, first those that are likely to be looked for."""
        return self.keymap.labels

    def suggested(self) -> int:
        """How many suggestions nobody has looked at yet, for the right end of the status line.

        None where the view says so elsewhere, or has nothing to look at one by one.
        """
        return 0

    def set_keymaps(self, keymaps: Sequence[Keymap]) -> None:
        """Take what each key does, at each stage of a task if it has several."""
        self.keymap = keymaps[0]

    @abstractmethod
    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""

    def set_compact(self, compact: bool) -> bool:
        """Leave label rows out, or show them; whether the view has any."""
        return False

    def ask(self, command: str) -> ModalScreen[str | None] | Outcome | None:
        """What to ask the annotator before a command; its answer is the command's argument.

        An outcome where there is nothing to ask about; None for a command without a question.
        """
        return None

    @property
    def takes_keys(self) -> bool:
        """Whether a text field of the view's own is open."""
        return False

    def take_key(self, key: str, character: str | None) -> bool:
        """Take a key for that field; whether it was one of the field's.

        Args:
            key: The key's name.
            character: What it prints, if anything.
        """
        return False

    def show_hints(self) -> bool:
        """Put a hint over everything one can jump to; whether there is anything."""
        return False

    def jump(self, key: str) -> bool:
        """Take a key while hints are shown; whether they still are."""
        return False
