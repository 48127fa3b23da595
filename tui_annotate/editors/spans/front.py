"""What the session and the views ask of every editor of spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_annotate.editors.base import Outcome
from tui_annotate.editors.caret import Caret
from tui_annotate.editors.spans.cursor import SpanCursor
from tui_annotate.editors.spans.state import SpanState
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.spans import Span, Spans


class SpanFront:
    """The front of an editor: its spans and their cursor answer what is the same for all.

    Args:
        marking: The spans.
        cursor: Which span is meant.

    Attributes:
        text: The text.
        marking: The spans step by step: offered, undone, drafted.
        cursor: Which span is meant.
    """

    def __init__(self, marking: SpanState, cursor: SpanCursor) -> None:
        self.text = marking.text
        self.marking = marking
        self.cursor = cursor

    @property
    def caret(self) -> Caret:
        """Where the annotator is."""
        return self.marking.caret

    @property
    def spans(self) -> Spans:
        """The spans as they are now."""
        return self.marking.spans

    @property
    def active(self) -> Span | None:
        """The span under the cursor that every action acts on."""
        return self.cursor.active

    @property
    def pending(self) -> int:
        """How many spans nobody has looked at yet."""
        return self.marking.pending

    @property
    def edited(self) -> bool:
        """Whether the annotator has changed anything."""
        return self.marking.edited

    @property
    def offered(self) -> Sequence[Suggestion]:
        """Every suggestion that has been offered, as it was offered."""
        return self.marking.offered

    @property
    def remarks(self) -> Sequence[str]:
        """What there is to say of spans that overlap where none made here would."""
        last, crossed = 0, 0
        for span in () if self.marking.overlap else self.marking.spans:
            crossed += span.start < last
            last = max(last, span.end)
        if not crossed:
            return ()
        spans = (
            "1 span overlaps another and stays"
            if crossed == 1
            else (f"{crossed} spans overlap others and stay")
        )
        return (f"{spans}; with --overlap they are shown side by side",)

    def under_cursor(self) -> list[Span]:
        """The spans under the cursor, innermost first."""
        return self.cursor.under_cursor()

    def take_dirty(self) -> list[tuple[int, int]]:
        """The ranges whose spans have changed since this was last asked."""
        return self.marking.take_dirty()

    def counts(self) -> Mapping[str, int]:
        """How often each label stands in the task."""
        return self.marking.counts()

    def add_label(self, label: str) -> None:
        """A label is on offer from now on; which are is for the session to know."""

    def withdraw(self, source: str) -> Outcome:
        """Take out what a source suggested and nobody has looked at."""
        return self.marking.withdraw(source)

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Go to the unit over an offset, as up, down and the jump hints do, or select up to it."""
        self.cursor.move_to(offset, extend=extend)
