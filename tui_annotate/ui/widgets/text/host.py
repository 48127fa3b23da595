"""A view that shows a document and something of its own beside it."""

from __future__ import annotations

from collections.abc import Mapping

from tui_annotate.editors.base import Outcome
from tui_annotate.ui.widgets.text.spans import SpanView
from tui_annotate.ui.widgets.view import View


class HostView(View):
    """Leaves to its document what is the document's.

    Attributes:
        document: The document.
    """

    document: SpanView

    @property
    def slots(self) -> Mapping[str, int]:
        """The colour slot of each label on offer."""
        return self.document.slots

    @slots.setter
    def slots(self, slots: Mapping[str, int]) -> None:
        self.document.slots = slots

    def set_compact(self, compact: bool) -> bool:
        """Leave the label rows out, or show them; there are some."""
        return self.document.set_compact(compact)

    def preview(self, text: str, cursor: int) -> bool:
        """Show the text of a task whose tokens are not there yet."""
        return self.document.preview(text, cursor)

    def prepare(self, command: str) -> str | None:
        """Get the document ready for an action that the editor owns."""
        return self.document.prepare(command)

    def turned(self, key: str) -> str:
        """The key that does what a key of the arrows means in the document."""
        return self.document.turned(key)

    def run(self, command: str) -> Outcome | None:
        """Carry out a movement by screen rows; None if it is not one."""
        return self.document.run(command)

    def show_hints(self) -> bool:
        """Put a hint over every unit on the screen."""
        return self.document.show_hints()

    def jump(self, key: str) -> bool:
        """Take a key while hints are shown; whether they still are."""
        return self.document.jump(key)
