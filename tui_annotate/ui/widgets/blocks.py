"""The view of several kinds of annotation on one task: the view of the block one is at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui_annotate.editors.base import Outcome
from tui_annotate.editors.blocks import BlocksEditor
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.kinds import kind
from tui_annotate.kinds.block import Block
from tui_annotate.kinds.blocks import Options
from tui_annotate.session.engine import Engine
from tui_annotate.text.display import safe
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.line import Piece
from tui_annotate.ui.widgets.view import View, turned, view_of


class BlocksView(View):
    """Draws a `BlocksEditor`: the views of all blocks lie on each other, one is on top."""

    DEFAULT_CSS = """
    BlocksView { height: 1fr; width: 1fr; layout: vertical; overflow: hidden; }
    BlocksView > Vertical { height: 1fr; width: 1fr; }
    """

    def __init__(self, theme: Theme, options: Options) -> None:
        super().__init__(id="blocks")
        self.theme = theme
        self.editor: BlocksEditor | None = None
        blocks = options.blocks
        self.views: list[View] = [_view(block, theme) for block in blocks]
        named = [set(block.labels) for block in blocks]
        # What only other blocks have; labels that are added later are anybody's.
        self._others = [set().union(*named) - own for own in named]
        # Each in a box of its own, because two may have the same id.
        self.boxes = [Vertical(view) for view in self.views]
        for box in self.boxes[1:]:
            box.display = False
        self._shown = 0

    def compose(self) -> ComposeResult:
        """All of them."""
        yield from self.boxes

    @property
    def view(self) -> View:
        """The view of the block one is at."""
        return self.views[self._shown]

    # ── what the desk sets ─────────────────────────────────────────────────

    @property
    def slots(self) -> Mapping[str, int]:
        """The colour slot of each label on offer."""
        return self.view.slots

    @slots.setter
    def slots(self, slots: Mapping[str, int]) -> None:
        for view, others in zip(self.views, self._others, strict=True):
            view.slots = {name: slot for name, slot in slots.items() if name not in others}

    def set_keymaps(self, keymaps: Sequence[Keymap]) -> None:
        """Take what each key does in each block."""
        self.keymap = keymaps[0]
        for view, keymap in zip(self.views, keymaps, strict=True):
            view.set_keymaps([keymap])

    def set_compact(self, compact: bool) -> bool:
        """Leave the label rows out, or show them; whether the block one is at has any."""
        have = {view: view.set_compact(compact) for view in self.views}
        return have[self.view]

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self.theme = theme
        for view in self.views:
            view.set_theme(theme)

    def set_editor(self, editor: BlocksEditor | None) -> None:
        """Show another task's editor, or nothing."""
        self.editor = editor
        if editor is None:
            for view in self.views:
                view.set_editor(None)
        self._turn()

    def preview(self, text: str, cursor: int) -> bool:
        """Show the text of a task whose tokens are not there yet, as the first block will."""
        return self.view.preview(text, cursor)

    def _turn(self) -> None:
        """Show the block one is at."""
        editor = self.editor
        at = editor.at if editor is not None else 0
        if at != self._shown:
            self.boxes[self._shown].display = False
            self.boxes[at].display = True
            self._shown = at
            self.view.focus()
        if editor is not None and self.view.editor is not editor.inner:
            self.view.set_editor(editor.inner)

    # ── what the desk asks ─────────────────────────────────────────────────

    def focus(self, scroll_visible: bool = True) -> BlocksView:
        """Focus the block one is at."""
        self.view.focus(scroll_visible)
        return self

    def sync(self) -> None:
        """Draw what a command has changed."""
        self._turn()
        self.view.sync()

    def attach(self, engine: Engine) -> None:
        """Give each block the session."""
        for view in self.views:
            view.attach(engine)

    def prepare(self, command: str) -> str | None:
        """Get the block ready for an action that the editor owns."""
        return self.view.prepare(command)

    def turned(self, key: str) -> str:
        """The key that does what a key of the arrows means in the block."""
        return turned(self.view, key)

    def run(self, command: str) -> Outcome | None:
        """Carry out what the block's view owns."""
        return self.view.run(command)

    def show_hints(self) -> bool:
        """Put a hint over everything one can jump to."""
        return self.view.show_hints()

    def jump(self, key: str) -> bool:
        """Take a key while hints are shown; whether they still are."""
        return self.view.jump(key)

    def ask(self, command: str) -> ModalScreen[str | None] | Outcome | None:
        """What the block asks before a command."""
        return self.view.ask(command)

    def labels(self, engine: Engine) -> Sequence[str]:
        """The labels of the block."""
        return self.view.labels(engine)

    def find(self, name: str, query: str) -> Outcome | None:
        """Find what only the block that is open knows."""
        return self.view.find(name, query)

    def suggested(self) -> int:
        """How many suggestions the block counts."""
        return self.view.suggested()

    def bar(self, engine: Engine, keymap: Keymap) -> tuple[list[Piece], list[Piece]]:
        """The row under the view, as the block has it."""
        return self.view.bar(engine, keymap)

    def under_cursor(self) -> list[Piece]:
        """Which block it is, and what the cursor is on in it."""
        if self.editor is None:
            return []
        place = f" {safe(self.editor.place, 32)}"
        if self.editor.at:
            place += f" ({self.view.keymap.shown('block_before')} back)"
        return [(place + " ", self.theme.dim), *self.view.under_cursor()]


def _view(block: Block, theme: Theme) -> View:
    return view_of(kind(block.view), theme, block.options)
