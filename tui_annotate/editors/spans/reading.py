"""What is drawn of a text with labelled spans."""

from __future__ import annotations

from typing import Protocol

from tui_annotate.editors.caret import Caret
from tui_annotate.text.spans import Span, Spans


class LabelledText(Protocol):
    """A text with spans and a cursor, whatever the spans are for."""

    text: str

    @property
    def caret(self) -> Caret:
        """Where the annotator is."""
        ...

    @property
    def spans(self) -> Spans:
        """The spans."""
        ...

    @property
    def active(self) -> Span | None:
        """The span under the cursor that every action acts on."""
        ...

    @property
    def pending(self) -> int:
        """How many spans nobody has looked at yet."""
        ...

    def under_cursor(self) -> list[Span]:
        """The spans under the cursor, innermost first."""
        ...

    def take_dirty(self) -> list[tuple[int, int]]:
        """The ranges whose spans have changed since this was last asked."""
        ...
