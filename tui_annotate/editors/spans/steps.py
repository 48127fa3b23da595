"""The way from span to span, and to what may want a label."""

from __future__ import annotations

from collections.abc import Container
from functools import cached_property

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.spans.candidates import Candidates
from tui_annotate.editors.spans.cursor import SpanCursor
from tui_annotate.editors.spans.state import SpanState
from tui_annotate.suggest.local.lexicon import SOURCE as LEXICON
from tui_annotate.text.spans import Span


class SpanSteps:
    """Leads to suggestions, spans and candidates.

    Args:
        state: The spans, and the caret.
        cursor: Which span is meant.
        known: Strings that were labelled before, for the candidates.
        leads: Whether a label leads on.
        candidates: Whether runs that look like something to label are stops too.

    Attributes:
        left: What was labelled by the command before, if that led on from it.
    """

    def __init__(
        self,
        state: SpanState,
        cursor: SpanCursor,
        known: Container[str] = (),
        *,
        leads: bool = True,
        candidates: bool = True,
    ) -> None:
        self._state = state
        self._cursor = cursor
        self._known = known
        self._leads = leads
        self._candidates = candidates
        # What was labelled before says nothing about what has not been.
        self._has_sources = any(span.source is not None for span in state.spans)
        self.left: Span | None = None

    @cached_property
    def _runs(self) -> Candidates:
        return Candidates(self._state.text, self._state.tokens, self._known)

    def take_left(self) -> Span | None:
        """What was labelled before the cursor was led on here; another command forgets it."""
        left, self.left = self.left, None
        return left

    def next_stop(self, direction: int) -> Outcome:
        """Go to the next suggestion or span; in a task without suggestions also to candidates."""
        state, cursor = self._state, self._cursor
        start, end = cursor.target()
        here = cursor.unselected
        if here is not None:
            state.look_at(here)
        step = state.spans.after if direction > 0 else state.spans.before
        span = step(start)
        while span is not None and cursor.stands_on(span):
            span = step(span.start)
        run = None
        if self._seeks(span):
            fresh = state.caret.selection is None and cursor.active is None
            run = self._run(start if fresh or direction < 0 else end, direction)
        if not self._stop(span, run, direction):
            return Outcome(
                message="nothing left to check; ctrl+home goes to the start", then="accept"
            )
        return NOTHING

    def lead_on(self, last: Span) -> None:
        """Where the cursor was led to a span, go on to what wants a label next."""
        state = self._state
        if not (self._leads and state.auto_advance):
            return
        span = None
        if state.pending:
            following = state.spans.following(last.start)
            span = next((one for one in following if one.pending), None)
        run = self._run(last.end, 1) if self._seeks(span) else None
        state.auto_advance = self._stop(span, run, 1)
        self.left = last if state.auto_advance else None

    def _stop(self, span: Span | None, run: tuple[int, int] | None, direction: int) -> bool:
        """Go to a span or a candidate, whichever is nearer; whether there is any."""
        state = self._state
        if span is not None and (run is None or (span.start - run[0]) * direction <= 0):
            self._cursor.go(span, auto_advance=span.pending)
        elif run is not None:
            state.depth = 0
            state.caret.select(*run)
            state.auto_advance = True
        else:
            return False
        return True

    def _seeks(self, span: Span | None) -> bool:
        """Whether candidates are stops too, before the next span."""
        if not self._candidates:
            return False
        suggested = self._has_sources or any(one.source != LEXICON for one in self._state.since())
        return not suggested or span is None

    def _run(self, offset: int, direction: int) -> tuple[int, int] | None:
        runs = self._runs.after(offset) if direction > 0 else self._runs.before(offset)
        state = self._state
        free = (run for run in runs if not state.spans.overlapping(*run))
        return next((run for run in free if not state.tokens.disabled(*run)), None)
