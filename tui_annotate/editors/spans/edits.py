"""Labelling, resizing and deleting spans."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.spans.cursor import SpanCursor
from tui_annotate.editors.spans.state import SpanState
from tui_annotate.editors.spans.steps import SpanSteps
from tui_annotate.text.spans import Span

_DISABLED = "this token is disabled in the source: it cannot be labelled"


class SpanEdits:
    """Changes the span that is meant, or makes one.

    Args:
        state: The spans, and the caret.
        cursor: Which span is meant.
        steps: Goes on to what wants a label next.
    """

    def __init__(self, state: SpanState, cursor: SpanCursor, steps: SpanSteps) -> None:
        self._state = state
        self._cursor = cursor
        self._steps = steps

    # ── labels ─────────────────────────────────────────────────────────────

    def label(self, label: str | None) -> Outcome:
        """Label the target; a suggestion of that label is confirmed, what has it is unlabelled."""
        state, cursor = self._state, self._cursor
        if label is None:
            return Outcome(message="no label has this key")
        start, end = cursor.target()
        if start == end:
            return Outcome(message="nothing to label here")
        active = cursor.unselected
        matching = self._matching(start, end, label)
        if matching is not None and matching.suggested:
            return self._confirm(matching)
        if matching is not None and (active is None or active.label == label):
            state.caret.drop()
            return self._remove(matching)
        if active is not None:
            out = [active] + ([matching] if matching else [])
            made = active.edited(label=label)
        elif state.tokens.disabled(start, end):
            return Outcome(message=_DISABLED)
        else:
            out = [] if state.overlap else state.spans.overlapping(start, end)
            made = Span(start, end, label)
        lost = state.exchange(out, [made])
        self._labelled(made)
        return Outcome(True, message_of(len(out) if active is None else 0, lost))

    def _matching(self, start: int, end: int, label: str) -> Span | None:
        """The span that is just there and has a label."""
        there = self._state.spans.overlapping(start, end)
        return next((s for s in there if (s.start, s.end, s.label) == (start, end, label)), None)

    def _confirm(self, span: Span) -> Outcome:
        """Take a suggestion as it is; what it links to still waits for a look."""
        confirmed = msgspec.structs.replace(span, suggested=False)
        self._state.exchange([span], [confirmed])
        self._labelled(confirmed)
        return Outcome(True)

    def _labelled(self, span: Span) -> None:
        """A span has got its label; go on, if something had led to it."""
        self._state.last_label = span.label
        self._cursor.go(span, auto_advance=self._state.auto_advance)
        self._steps.lead_on(span)

    def repeat(self) -> Outcome:
        """Give the last label once more, here; it never takes one off."""
        label = self._state.last_label
        if label is None:
            return Outcome(message="nothing labelled yet")
        matching = self._matching(*self._cursor.target(), label)
        if matching is not None and not matching.suggested:
            return Outcome(message=f"this is already {label}")
        return self.label(label)

    def label_all(self) -> Outcome:
        """Label every identical occurrence as the span under the cursor is.

        Those with another label keep it, unless it was suggested and nobody has looked at it.
        """
        state = self._state
        span = self._cursor.active
        label = span.label if span is not None else state.last_label
        if label is None:
            return Outcome(message="label one of them first")
        start, end = self._cursor.target()
        wanted = state.text[start:end]
        if not wanted.strip():
            return Outcome(message="nothing to label here")
        result = state.spans
        out: list[Span] = []
        made: list[Span] = []
        for at, stop in occurrences(state, wanted):
            there = result.overlapping(at, stop)
            same = next((s for s in there if (s.start, s.end) == (at, stop)), None)
            if not there:
                fresh = Span(at, stop, label)
                result = result.add(fresh)
                made.append(fresh)
            elif same is not None and len(there) == 1 and same.suggested and same.label != label:
                fresh = same.edited(label=label)
                result = result.exchange([same], [fresh])
                out.append(same)
                made.append(fresh)
        if not made:
            return Outcome(message=f"no other unlabelled {wanted!r}")
        state.commit(result, out, made)
        state.caret.drop()
        return Outcome(True, f"{len(made)} labelled {label}")

    def label_all_of(self, left: Span | None, label_all: Callable[[], Outcome]) -> Outcome:
        """Label all alike: as what was labelled before it led on here, or what is here.

        Args:
            left: What was labelled before the cursor was led on here.
            label_all: Labels all that are like the span under the cursor.
        """
        if left is None or left not in self._state.spans:
            return label_all()
        self._cursor.go(left)
        outcome = label_all()
        self._state.auto_advance = True
        self._steps.lead_on(left)
        self._steps.left = None
        return outcome

    def delete(self) -> Outcome:
        """Take the span under the cursor off."""
        span = self._cursor.active
        if span is None:
            return Outcome(message="no span under the cursor")
        return self._remove(span)

    def _remove(self, span: Span) -> Outcome:
        return Outcome(True, message_of(0, self._state.exchange([span], ())))

    # ── borders ────────────────────────────────────────────────────────────

    def resize(self, command: str) -> Outcome:
        """Move a border of the selection, else of the span under the cursor, by one unit."""
        state, caret = self._state, self._state.caret
        selection = caret.selection
        if selection is not None:
            start, end = self._resized(command, *selection)
            if not start < end or (start, end) == selection:
                return Outcome(message="the selection cannot be moved further")
            caret.stretch(start, end)
            return NOTHING
        span = self._cursor.active
        if span is None:
            return Outcome(message="no span under the cursor")
        start, end = self._resized(command, span.start, span.end)
        if not start < end or (start, end) == (span.start, span.end):
            return Outcome(message="the span cannot be moved further")
        grown = min(start, span.start), max(end, span.end)
        if grown != (span.start, span.end) and state.tokens.disabled(start, end):
            return Outcome(message=_DISABLED)
        there = [s for s in state.spans.overlapping(start, end) if s != span]
        if state.overlap:
            there = [s for s in there if (s.start, s.end, s.label) == (start, end, span.label)]
        made = span.edited(start=start, end=end)
        lost = state.exchange([span, *there], [made])
        if not start <= caret.offset < end:
            caret.move_to(start if caret.offset < start else self._unit_before(end))
        self._cursor.focus(made)
        return Outcome(True, message_of(len(there), lost))

    def _resized(self, command: str, start: int, end: int) -> tuple[int, int]:
        caret = self._state.caret
        match command:
            case "grow":
                end = caret.unit(end)[1] if caret.unit(end)[0] >= end else end
            case "shrink":
                last = self._unit_before(end)
                before = self._unit_before(last)
                end = caret.unit(before)[1] if before < last else end
            case "grow_left":
                start = self._unit_before(start)
            case _:
                start = caret.unit(caret.unit(start)[1])[0]
        return start, end

    def _unit_before(self, offset: int) -> int:
        probe = offset - 1
        while probe >= 0:
            start, end = self._state.caret.unit(probe)
            if end <= offset and start < offset:
                return start
            probe -= 1
        return offset


def occurrences(state: SpanState, wanted: str) -> Iterator[tuple[int, int]]:
    """Where a string stands in a text and may be labelled; one may reach into the next."""
    at = state.text.find(wanted)
    while at >= 0:
        stop = at + len(wanted)
        if state.fits(at, stop):
            yield at, stop
        at = state.text.find(wanted, at + 1)


def message_of(replaced: int, relations: int) -> str | None:
    """What to say of the spans that gave way, and of the relations that went with spans."""
    said = [f"replaced {replaced} span{'s' * (replaced != 1)}"] if replaced else []
    if relations:
        said.append(f"removed {relations} relation{'s' * (relations != 1)}")
    return f"{' and '.join(said)}; u undoes" if said else None
