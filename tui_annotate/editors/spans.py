"""The editor of labelled spans: entities, keyphrases, mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from tui_annotate.editors.candidates import Candidates
from tui_annotate.editors.caret import Caret
from tui_annotate.editors.editor import NOTHING, Outcome
from tui_annotate.editors.history import History
from tui_annotate.editors.spanfields import read_spans, write_span
from tui_annotate.suggest.lexicon import SOURCE as LEXICON
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.spans import Span, Spans
from tui_annotate.text.tokens import Tokens

_Stand = tuple[int, int | None, bool]
"""Where the cursor is, where the selection began, and whether the cursor was led there."""


class SpanEditor:
    """Labels stretches of a text.

    Where `next_span` led to a suggestion or a candidate, what labels it leads on to the
    next one; every key acts on what stands out, but `label_all` straight after such a
    label on what was labelled.

    Args:
        text: The text.
        tokens: Its tokens; they never change while the editor lives.
        labels: The labels on offer.
        given: The spans that came with the task, as they came.
        offered: What was offered when the task was decided before; by default the
            spans that came with it.
        overlap: Let spans overlap and nest.
        characters: Begin in character mode.
        known: Strings that were labelled before, for the candidates.

    Attributes:
        leads: Whether a label leads on.
    """

    leads = True

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        labels: Iterable[str] = (),
        *,
        given: Iterable[Mapping[str, Any]] = (),
        offered: Iterable[Suggestion] | None = None,
        overlap: bool = False,
        characters: bool = False,
        known: Container[str] = (),
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.labels = list(labels)
        self.overlap = overlap
        self.caret = Caret(text, tokens, characters=characters)
        self._given = list(given)
        self.spans = Spans(read_spans(self._given, decided=offered is not None))
        self._came = frozenset(self.spans)
        self._added: set[Span] = set()
        self._removed: set[Span] = set()
        self._counts = Counter(span.label for span in self.spans)
        self._pending = sum(span.pending for span in self.spans)
        self.last_label: str | None = None
        self._depth = 0
        self._known = known
        self._candidates: Candidates | None = None
        self._history: History[tuple[Spans, _Stand, tuple[Any, ...]]] = History()
        self._aside: tuple[Any, ...] = ()
        self._touched = False
        # Whether the cursor was led to something that wants a label, so that a label leads on.
        self._led = False
        self._left: Span | None = None
        if offered is None:
            offered = [
                Suggestion(span.start, span.end, span.label, span.source or "task", span.score)
                for span in self.spans
            ]
        self._offered: list[Suggestion] = list(offered)
        self._offered_first = len(self._offered)
        self._withdrawn: set[Suggestion] = set()
        self._has_sources = any(span.source is not None for span in self.spans)
        self._query = ""
        self._dirty: list[tuple[int, int]] = []

    # ── what the session and the view ask ──────────────────────────────────

    @property
    def edited(self) -> bool:
        """Whether the annotator has changed anything."""
        return self._touched

    @property
    def offered(self) -> Sequence[Suggestion]:
        """Every suggestion that has been offered, as it was offered."""
        return self._offered

    def take_dirty(self) -> list[tuple[int, int]]:
        """The ranges whose spans have changed since this was last asked."""
        dirty, self._dirty = self._dirty, []
        return dirty

    def counts(self) -> Mapping[str, int]:
        """How often each label stands in the task."""
        return {label: count for label, count in self._counts.items() if count}

    def under_cursor(self) -> list[Span]:
        """The spans under the cursor, innermost first."""
        start, end = self.caret.unit()
        found = self.spans.overlapping(start, end)
        found.sort(key=lambda span: (span.end - span.start, -span.start, span.label))
        return found

    @property
    def active(self) -> Span | None:
        """The span under the cursor that every action acts on."""
        found = self.under_cursor()
        return found[self._depth % len(found)] if found else None

    def add_label(self, label: str) -> None:
        """Add a label to those on offer."""
        if label not in self.labels:
            self.labels.append(label)

    def fields(self) -> dict[str, Any]:
        """The tokens and spans as the format has them."""
        return {
            "tokens": self.tokens.to_fields(self.text),
            "spans": [write_span(span, self.tokens, self._given, self.text) for span in self.spans],
        }

    def state(self) -> dict[str, Any]:
        """Spans, cursor and selection as plain JSON values."""
        caret = self.caret
        return {
            "added": list(Spans(self._added)),
            "removed": list(Spans(self._removed)),
            "cursor": caret.offset,
            "anchor": caret.anchor,
            "held": caret.held,
            "led": self._led,
            "characters": caret.characters,
            "last_label": self.last_label,
            "touched": self._touched,
            "offered": [
                [s.start, s.end, s.label, s.source, s.score, s.lemma, s.text, s.kb_id, s.nil]
                for s in self._offered[self._offered_first :]
            ],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a draft again.

        Raises:
            ValueError: The draft does not fit the text.
        """
        added = msgspec.convert(state["added"], list[Span])
        removed = msgspec.convert(state["removed"], list[Span])
        if any(not 0 <= span.start < span.end <= len(self.text) for span in added):
            raise ValueError("the draft has spans outside the text")
        if not self._came.issuperset(removed):
            raise ValueError("the draft is of a task with other spans")
        self.spans = Spans([*self._came.difference(removed), *added])
        self._added, self._removed = set(added), set(removed)
        self._counts = Counter(span.label for span in self.spans)
        self._pending = sum(span.pending for span in self.spans)
        self._offered += [Suggestion(*row) for row in state["offered"]]
        self._touched = bool(state["touched"])
        self.last_label = state["last_label"]
        if bool(state["characters"]) != self.caret.characters:
            self.caret.switch()
        self.caret.move_to(int(state["cursor"]))
        self.caret.anchor = state["anchor"]
        self.caret.held = bool(state["held"])
        self._led = bool(state.get("led"))
        self._dirty.append((0, len(self.text)))

    # ── suggestions ────────────────────────────────────────────────────────

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take suggestions in, leaving what is there as it is.

        Before the first edit they are part of the task as it is shown; after
        it they come as one undoable step and touch nothing made by hand.
        """
        fresh: list[Span] = []
        result = self.spans
        if len(suggestions) > 200 and not result.overlapping(
            min(s.start for s in suggestions), max(s.end for s in suggestions)
        ):
            # One by one each would copy the whole set.
            spans = [Span(s.start, s.end, s.label, s.source, s.score, True) for s in suggestions]
            fresh = [s for s in spans if 0 <= s.start < s.end <= len(self.text)]
            result = result.exchange((), fresh)
            self._offered.extend(suggestions)
            suggestions = ()
        before = set(self._offered) if suggestions else set()
        for item in suggestions:
            if item not in before:
                self._offered.append(item)
            elif item not in self._withdrawn:
                continue
            if not 0 <= item.start < item.end <= len(self.text):
                continue
            there = result.overlapping(item.start, item.end)
            if self.overlap:
                blocked = any(
                    (s.start, s.end, s.label) == (item.start, item.end, item.label)
                    or (self._touched and s.crosses(item.start, item.end))
                    for s in there
                )
            else:
                blocked = bool(there)
            if blocked:
                continue
            span = Span(item.start, item.end, item.label, item.source, item.score, True)
            result = result.add(span)
            fresh.append(span)
        if not fresh:
            return NOTHING
        if self._touched:
            self._commit(result, (), fresh)
            return Outcome(True, f"{len(fresh)} suggestions came in")
        self._replace(result, (), fresh)
        return Outcome()

    def withdraw(self, source: str) -> Outcome:
        """Take out what a source suggested and nobody has looked at."""
        out = [span for span in self.spans if span.suggested and span.source == source]
        if not out:
            return NOTHING
        self._commit(self.spans.exchange(out, ()), out, ())
        gone = {(span.start, span.end, span.label) for span in out}
        self._withdrawn.update(
            one
            for one in self._offered
            if one.source == source and (one.start, one.end, one.label) in gone
        )
        return Outcome(True, f"{len(out)} suggestions by {source} taken out")

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        left, self._left = self._left, None
        if self.caret.do(command):
            self._depth = 0
            self._led = self._led and command in ("select", "extend_left", "extend_right")
            return NOTHING
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
            case "search":
                self._query = argument or ""
                return self.search(1, here=True)
            case "search_next":
                return self.search(1)
            case "search_previous":
                return self.search(-1)
            case "escape":
                self.caret.drop()
                return NOTHING
        return None

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Go to the unit over an offset, as up, down and the jump hints do, or select up to it."""
        self._depth = 0
        self._led = self._led and extend
        self.caret.move_to(offset, extend=extend)

    def _commit(self, spans: Spans, out: Iterable[Span], into: Iterable[Span]) -> None:
        self._history.push((self.spans, self._stand(), self._aside))
        self._touched = True
        self._replace(spans, out, into)

    def _stand(self) -> _Stand:
        return self.caret.offset, self.caret.anchor, self._led

    def _replace(self, spans: Spans, out: Iterable[Span], into: Iterable[Span]) -> None:
        self.spans = spans
        for span in out:
            self._counts[span.label] -= 1
            self._pending -= span.pending
            self._dirty.append((span.start, span.end))
            (self._removed.add if span in self._came else self._added.discard)(span)
        for span in into:
            self._counts[span.label] += 1
            self._pending += span.pending
            self._dirty.append((span.start, span.end))
            (self._removed.discard if span in self._came else self._added.add)(span)

    def _travel(self, step: Any, refusal: str) -> Outcome:
        back = step((self.spans, self._stand(), self._aside))
        if back is None:
            return Outcome(message=refusal)
        spans, (offset, anchor, led), self._aside = back
        before, after = set(self.spans), set(spans)
        self._replace(spans, before - after, after - before)
        self.caret.drop()
        self.move_to(offset)
        self.caret.anchor, self._led = anchor, led
        return Outcome(True)

    def target(self) -> tuple[int, int]:
        """The range that a label key labels: the selection, else the span, else the token."""
        if self.caret.selection is not None:
            return self.caret.selection
        span = self.active
        return (span.start, span.end) if span else self.caret.unit()

    def label(self, label: str | None) -> Outcome:
        """Label the target; where it has the label already, take it off."""
        if label is None:
            return Outcome(message="no label has this key")
        start, end = self.target()
        if start == end:
            return Outcome(message="there is nothing to label here")
        active = self.active if self.caret.selection is None else None
        same = [s for s in self.spans.overlapping(start, end) if (s.start, s.end) == (start, end)]
        matching = next((s for s in same if s.label == label), None)
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
        return Outcome(True, f"{replaced} spans replaced; u takes it back" if replaced else None)

    def repeat(self) -> Outcome:
        """Give the last label once more, here; it never takes one off."""
        if self.last_label is None:
            return Outcome(message="nothing has been labelled yet")
        start, end = self.target()
        there = self.spans.overlapping(start, end)
        if any((s.start, s.end, s.label) == (start, end, self.last_label) for s in there):
            return Outcome(message=f"this is {self.last_label} already")
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
            return Outcome(message="there is nothing to label here")
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
            at = self.text.find(wanted, max(stop, at + 1))
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
        return Outcome(True, f"{lost} spans replaced; u takes it back" if lost else None)

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
            return Outcome(message="nothing further to look at; ctrl+home goes to the start")
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
        if self._candidates is None:
            self._candidates = Candidates(self.text, self.tokens, self._known)
        found = self._candidates
        runs = found.after(offset) if direction > 0 else found.before(offset)
        return next((run for run in runs if not self.spans.overlapping(*run)), None)

    def _pass(self, span: Span) -> None:
        seen = span.seen()
        self._replace(self.spans.exchange([span], [seen]), [span], [seen])

    def search(self, direction: int, *, here: bool = False) -> Outcome:
        """Go to the next occurrence of what was searched; capitals matter only if typed."""
        query = self._query
        if not query:
            return Outcome(message="nothing searched yet; / begins")
        text = self.text
        if query == query.lower() and len(text.lower()) == len(text):
            text = text.lower()
        at = self.caret.offset
        if direction > 0:
            found = text.find(query, at if here else self.caret.unit()[1])
            if found < 0:
                found = text.find(query)
        else:
            found = text.rfind(query, 0, at)
            if found < 0:
                found = text.rfind(query)
        if found < 0:
            return Outcome(message=f"{query!r} is not in this text")
        self.caret.drop()
        self.move_to(found)
        stop = found + len(query)
        if self.caret.unit()[1] < stop:
            self.caret.select(found, stop)
        return NOTHING
