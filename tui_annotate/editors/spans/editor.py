"""The editor of labelled spans: entities, keyphrases, mentions."""

from __future__ import annotations

from functools import cached_property
from itertools import islice

import msgspec

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.search import Search
from tui_annotate.editors.spans.candidates import Candidates
from tui_annotate.editors.spans.state import SpanState
from tui_annotate.suggest.local.lexicon import SOURCE as LEXICON
from tui_annotate.text.spans import Span


class SpanEditor(SpanState):
    """Labels stretches of a text.

    Where `next_span` led to a suggestion or a candidate, what labels it leads on to the
    next one; every key acts on what stands out, but `label_all` straight after such a
    label on what was labelled. It is made as `SpanState` is.

    Attributes:
        leads: Whether a label leads on.
    """

    leads = True
    _left: Span | None = None

    @cached_property
    def _search(self) -> Search:
        return Search(self.text, self.caret)

    @cached_property
    def _candidates(self) -> Candidates:
        return Candidates(self.text, self.tokens, self._known)

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        left, self._left = self._left, None
        if self.caret.do(command):
            self._depth = 0
            self._led = self._led and command in ("select", "extend_left", "extend_right")
            return NOTHING
        found = self._search.do(command, argument)
        if found is not None:
            if found is NOTHING:
                self._depth, self._led = 0, False
            return found
        match command:
            case "label":
                return self.label(argument)
            case "label_all":
                return self._label_all_of(left)
            case "repeat":
                return self.repeat()
            case "delete":
                return self.delete()
            case "grow" | "shrink" | "grow_left" | "shrink_left":
                return self.resize(command)
            case "next_span":
                return self.next_stop(1)
            case "previous_span":
                return self.next_stop(-1)
            case "cycle":
                return self.cycle()
            case "undo":
                return self._travel(self._history.undo, "nothing to undo")
            case "redo":
                return self._travel(self._history.redo, "nothing to redo")
            case "characters":
                self.caret.switch()
                mode = "characters" if self.caret.characters else "tokens"
                return Outcome(message=f"moving by {mode}")
            case "escape":
                self.caret.drop()
                return NOTHING
        return None

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Go to the unit over an offset, as up, down and the jump hints do, or select up to it."""
        self._depth = 0
        self._led = self._led and extend
        self.caret.move_to(offset, extend=extend)

    def target(self) -> tuple[int, int]:
        """The range that a label key labels: the selection, else the span, else the token."""
        if self.caret.selection is not None:
            return self.caret.selection
        span = self.active
        return (span.start, span.end) if span else self.caret.unit()

    def label(self, label: str | None) -> Outcome:
        """Label the target; a suggestion of that label is confirmed, what has it is unlabelled."""
        if label is None:
            return Outcome(message="no label has this key")
        start, end = self.target()
        if start == end:
            return Outcome(message="nothing to label here")
        active = self.active if self.caret.selection is None else None
        same = [s for s in self.spans.overlapping(start, end) if (s.start, s.end) == (start, end)]
        matching = next((s for s in same if s.label == label), None)
        if matching is not None and matching.suggested:
            return self._confirm(matching)
        if matching is not None and (active is None or active.label == label):
            self._commit(self.spans.discard(matching), [matching], ())
            self.caret.drop()
            return Outcome(True)
        if active is not None:
            out = [active] + ([matching] if matching else [])
            made = active.edited(label=label)
        else:
            out = [] if self.overlap else self.spans.overlapping(start, end)
            made = Span(start, end, label)
        self._commit(self.spans.exchange(out, [made]), out, [made])
        self.last_label = label
        led = self._led
        self._go(made)
        self._led = led
        self._lead_on(made)
        replaced = len(out) if active is None else 0
        return Outcome(
            True, f"replaced {replaced} span{'s' * (replaced != 1)}; u undoes" if replaced else None
        )

    def _confirm(self, span: Span) -> Outcome:
        """Take a suggestion as it is; what it links to still waits for a look."""
        confirmed = msgspec.structs.replace(span, suggested=False)
        self._commit(self.spans.exchange([span], [confirmed]), [span], [confirmed])
        self.last_label = span.label
        led = self._led
        self._go(confirmed)
        self._led = led
        self._lead_on(confirmed)
        return Outcome(True)

    def repeat(self) -> Outcome:
        """Give the last label once more, here; it never takes one off."""
        if self.last_label is None:
            return Outcome(message="nothing labelled yet")
        start, end = self.target()
        there = self.spans.overlapping(start, end)
        if any((s.start, s.end, s.label) == (start, end, self.last_label) for s in there):
            return Outcome(message=f"this is already {self.last_label}")
        return self.label(self.last_label)

    def label_all(self) -> Outcome:
        """Label every identical occurrence as the span under the cursor is.

        Those with another label keep it, unless it was suggested and nobody has looked at it.
        """
        span = self.active
        label = span.label if span is not None else self.last_label
        if label is None:
            return Outcome(message="label one of them first")
        start, end = self.target()
        wanted = self.text[start:end]
        if not wanted.strip():
            return Outcome(message="nothing to label here")
        result = self.spans
        out: list[Span] = []
        made: list[Span] = []
        at = self.text.find(wanted)
        while at >= 0:
            stop = at + len(wanted)
            fits = self.caret.characters or self.tokens.aligned(at, stop) is not None
            there = result.overlapping(at, stop) if fits else []
            same = next((s for s in there if (s.start, s.end) == (at, stop)), None)
            if fits and not there:
                fresh = Span(at, stop, label)
                result = result.add(fresh)
                made.append(fresh)
            elif same is not None and len(there) == 1 and same.suggested and same.label != label:
                fresh = same.edited(label=label)
                result = result.exchange([same], [fresh])
                out.append(same)
                made.append(fresh)
            # An occurrence that was passed over may reach into one that is free.
            at = self.text.find(wanted, at + 1)
        if not made:
            return Outcome(message=f"no other unlabelled {wanted!r}")
        self._commit(result, out, made)
        self.caret.drop()
        return Outcome(True, f"{len(made)} labelled {label}")

    def _label_all_of(self, left: Span | None) -> Outcome:
        """Label all alike: as what was labelled before it led on here, or what is here."""
        if left is None or left not in self.spans:
            return self.label_all()
        self._go(left)
        outcome = self.label_all()
        self._led = True
        self._lead_on(left)
        self._left = None
        return outcome

    def delete(self) -> Outcome:
        """Take the span under the cursor off."""
        span = self.active
        if span is None:
            return Outcome(message="no span under the cursor")
        self._commit(self.spans.discard(span), [span], ())
        return Outcome(True)

    def resize(self, command: str) -> Outcome:
        """Move a border of the selection, else of the span under the cursor, by one unit."""
        selection = self.caret.selection
        if selection is not None:
            start, end = self._resized(command, *selection)
            if not start < end or (start, end) == selection:
                return Outcome(message="the selection cannot be moved further")
            self.caret.stretch(start, end)
            return NOTHING
        span = self.active
        if span is None:
            return Outcome(message="no span under the cursor")
        caret = self.caret
        start, end = self._resized(command, span.start, span.end)
        if not start < end or (start, end) == (span.start, span.end):
            return Outcome(message="the span cannot be moved further")
        there = [s for s in self.spans.overlapping(start, end) if s != span]
        if self.overlap:
            there = [s for s in there if (s.start, s.end, s.label) == (start, end, span.label)]
        out = [span, *there]
        made = span.edited(start=start, end=end)
        self._commit(self.spans.exchange(out, [made]), out, [made])
        if not start <= caret.offset < end:
            caret.move_to(start if caret.offset < start else self._unit_before(end))
        self._focus(made)
        lost = len(out) - 1
        return Outcome(True, f"replaced {lost} span{'s' * (lost != 1)}; u undoes" if lost else None)

    def _resized(self, command: str, start: int, end: int) -> tuple[int, int]:
        caret = self.caret
        match command:
            case "grow":
                end = caret.unit(end)[1] if caret.unit(end)[0] >= end else end
            case "shrink":
                end = self._unit_end_before(end)
            case "grow_left":
                start = self._unit_before(start)
            case _:
                start = caret.unit(caret.unit(start)[1])[0]
        return start, end

    def _unit_before(self, offset: int) -> int:
        probe = offset - 1
        while probe >= 0:
            start, end = self.caret.unit(probe)
            if end <= offset and start < offset:
                return start
            probe -= 1
        return offset

    def _unit_end_before(self, end: int) -> int:
        last = self._unit_before(end)
        before = self._unit_before(last)
        return self.caret.unit(before)[1] if before < last else end

    def cycle(self) -> Outcome:
        """Mean the next of the spans under the cursor, outward and round again."""
        found = self.under_cursor()
        if len(found) < 2:
            return Outcome(message="only one span here" if found else "no span here")
        self._depth = (self._depth + 1) % len(found)
        return NOTHING

    def _focus(self, span: Span) -> None:
        found = self.under_cursor()
        self._depth = found.index(span) if span in found else 0

    def next_stop(self, direction: int) -> Outcome:
        """Go to the next suggestion or span; in a task without suggestions also to candidates."""
        start, end = self.target()
        here = self.active
        if here is not None and here.pending and self.caret.selection is None:
            self._pass(here)
        span = self.spans.after(start) if direction > 0 else self.spans.before(start)
        while span is not None and self._offset_of(span) == self.caret.offset:
            span = self.spans.after(span.start) if direction > 0 else self.spans.before(span.start)
        run = None
        if self._seeks(span):
            fresh = self.caret.selection is None and self.active is None
            run = self._candidate(start if fresh or direction < 0 else end, direction)
        if not self._stop(span, run, direction):
            return Outcome(message="nothing left to check; ctrl+home goes to the start")
        return NOTHING

    def _stop(self, span: Span | None, run: tuple[int, int] | None, direction: int) -> bool:
        """Go to a span or a candidate, whichever is nearer; whether there is any."""
        if span is not None and (run is None or (span.start - run[0]) * direction <= 0):
            self._go(span)
            self._led = span.pending
        elif run is not None:
            self._depth = 0
            self.caret.select(*run)
            self._led = True
        else:
            return False
        return True

    def _go(self, span: Span) -> None:
        self.caret.drop()
        self.move_to(span.start)
        self._focus(span)

    def _lead_on(self, last: Span) -> None:
        """Where the cursor was led to a span, go on to what wants a label next."""
        if not (self.leads and self._led):
            return
        span = None
        if self._pending:
            following = self.spans.following(last.start)
            span = next((one for one in following if one.pending), None)
        run = self._candidate(last.end, 1) if self._seeks(span) else None
        self._led = self._stop(span, run, 1)
        self._left = last if self._led else None

    def _seeks(self, span: Span | None) -> bool:
        """Whether runs that look like something to label are stops too, before the next span."""
        # What was labelled before says nothing about what has not been.
        fresh = islice(self._offered, self._offered_first, None)
        suggested = self._has_sources or any(one.source != LEXICON for one in fresh)
        return not suggested or span is None

    def _offset_of(self, span: Span) -> int:
        return self.caret.unit(span.start)[0]

    def _candidate(self, offset: int, direction: int) -> tuple[int, int] | None:
        found = self._candidates
        runs = found.after(offset) if direction > 0 else found.before(offset)
        return next((run for run in runs if not self.spans.overlapping(*run)), None)

    def _pass(self, span: Span) -> None:
        seen = span.seen()
        self._replace(self.spans.exchange([span], [seen]), [span], [seen])
