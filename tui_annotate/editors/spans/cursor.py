"""Which span is meant, and which range an action acts on."""

from __future__ import annotations

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.spans.state import SpanState
from tui_annotate.text.spans import Span


class SpanCursor:
    """The cursor among spans that may lie in each other.

    Args:
        state: The spans, and the caret.
    """

    def __init__(self, state: SpanState) -> None:
        self._state = state

    def under_cursor(self) -> list[Span]:
        """The spans under the cursor, innermost first."""
        start, end = self._state.caret.unit()
        found = self._state.spans.overlapping(start, end)
        found.sort(key=lambda span: (span.end - span.start, -span.start, span.label))
        return found

    @property
    def active(self) -> Span | None:
        """The span under the cursor that every action acts on."""
        found = self.under_cursor()
        return found[self._state.depth % len(found)] if found else None

    @property
    def unselected(self) -> Span | None:
        """That span, unless something is selected."""
        return self.active if self._state.caret.selection is None else None

    def target(self) -> tuple[int, int]:
        """The range that a label key labels: the selection, else the span, else the token."""
        selection = self._state.caret.selection
        if selection is not None:
            return selection
        span = self.active
        return (span.start, span.end) if span else self._state.caret.unit()

    def cycle(self) -> Outcome:
        """Mean the next of the spans under the cursor, outward and round again."""
        found = self.under_cursor()
        if len(found) < 2:
            return Outcome(message="only one span here" if found else "no span here")
        self._state.depth = (self._state.depth + 1) % len(found)
        return NOTHING

    def focus(self, span: Span) -> None:
        """Mean a span under the cursor."""
        found = self.under_cursor()
        self._state.depth = found.index(span) if span in found else 0

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Go to the unit over an offset, or select up to it."""
        state = self._state
        state.depth = 0
        state.auto_advance = state.auto_advance and extend
        state.caret.move_to(offset, extend=extend)

    def go(self, span: Span, *, auto_advance: bool = False) -> None:
        """Go to a span and mean it.

        Args:
            span: The span.
            auto_advance: Whether a label leads on from there.
        """
        self._state.caret.drop()
        self.move_to(span.start)
        self.focus(span)
        self._state.auto_advance = auto_advance

    def stands_on(self, span: Span) -> bool:
        """Whether the cursor is where a span begins."""
        caret = self._state.caret
        return caret.unit(span.start)[0] == caret.offset
