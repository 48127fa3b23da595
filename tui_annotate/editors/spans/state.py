"""Labelled spans that change step by step: what was offered, what came, undo and drafts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.caret import Caret
from tui_annotate.editors.history import History
from tui_annotate.editors.spans.fields import read_spans, write_span
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.spans import Span, Spans
from tui_annotate.text.tokens import Tokens

_Stand = tuple[int, int | None, bool]
"""Where the cursor is, where the selection began, and whether the cursor was led there."""


class SpanState:
    """The labelled stretches of a text, and how they came to be.

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
    """

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
        self._history: History[tuple[Spans, _Stand, tuple[Any, ...]]] = History()
        self._aside: tuple[Any, ...] = ()
        self._touched = False
        # Whether the cursor was led to something that wants a label, so that a label leads on.
        self._led = False
        if offered is None:
            offered = [
                Suggestion(span.start, span.end, span.label, span.source or "task", span.score)
                for span in self.spans
            ]
        self._offered: list[Suggestion] = list(offered)
        self._offered_first = len(self._offered)
        self._withdrawn: set[Suggestion] = set()
        self._has_sources = any(span.source is not None for span in self.spans)
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
            "held": caret.selecting,
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
            raise ValueError("the saved draft has spans outside the text")
        if not self._came.issuperset(removed):
            raise ValueError("the saved draft no longer fits this task: other spans")
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
        self.caret.selecting = bool(state["held"])
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
            return Outcome(True, f"{len(fresh)} new suggestion{'s' * (len(fresh) != 1)}")
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
        return Outcome(True, f"removed {len(out)} suggestion{'s' * (len(out) != 1)} by {source}")

    # ── edits ──────────────────────────────────────────────────────────────

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
        self._depth = 0
        self.caret.move_to(offset)
        self.caret.anchor, self._led = anchor, led
        return Outcome(True)
