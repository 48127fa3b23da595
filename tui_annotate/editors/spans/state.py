"""Labelled spans that change step by step: what was offered, what came, undo and drafts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from tui_annotate.editors.base import NOTHING, Outcome, Restored
from tui_annotate.editors.caret import Caret
from tui_annotate.editors.drafts import moved_suggestions, read_suggestions
from tui_annotate.editors.history import History
from tui_annotate.editors.spans.drafts import SpanDraft
from tui_annotate.editors.spans.fields import read_spans, write_span
from tui_annotate.editors.spans.fitting import base_of, fitted
from tui_annotate.editors.spans.relations import relations_of
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment
from tui_annotate.text.spans import Span, Spans
from tui_annotate.text.tokens import Tokens

_MANY = 200
"""More suggestions than these are put in together: one by one each would copy the whole set."""

Order = tuple[tuple[str, str], ...]
"""Of ranked phrases, their words and labels; the first in rank comes first."""


class Edit(NamedTuple):
    """A change of the spans.

    Attributes:
        spans: The spans after it.
        out: Those that it takes out.
        into: Those that it puts in.
        order: The order of the phrases after it; None to leave it as it is.
    """

    spans: Spans
    out: Iterable[Span]
    into: Iterable[Span]
    order: Order | None = None


class Snapshot(NamedTuple):
    """All that is undone together, and where the cursor was."""

    spans: Spans
    order: Order
    offset: int
    anchor: int | None
    auto_advance: bool


class SpanState:
    """The labelled stretches of a text, and how they came to be.

    Args:
        text: The text.
        tokens: Its tokens; they never change while the editor lives.
        initial: The spans that came with the task, as they came.
        offered: What was offered when the task was decided before; by default the
            spans that came with it.
        overlap: Let spans overlap and nest.
        characters: Begin in character mode.
        rule: What every edit has to pass before it is made.
        relations: The relations between the spans that came with the task, as they came.

    Attributes:
        caret: Where the annotator is.
        depth: Which of the spans under the cursor is meant, from the innermost.
        auto_advance: Whether the cursor was led to something that wants a label, so that a
            label leads on.
        spans: The spans as they are now.
        order: The order of the phrases that they are, where they are ranked.
        initial: The spans as the task has them.
        pending: How many spans nobody has looked at yet.
        offered: Every suggestion that has been offered, as it was offered.
        edited: Whether the annotator has changed anything.
        last_label: The label that was given last.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        *,
        initial: Iterable[Mapping[str, Any]] = (),
        offered: Iterable[Suggestion] | None = None,
        overlap: bool = False,
        characters: bool = False,
        rule: Callable[[Edit], Edit] | None = None,
        relations: object = None,
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.overlap = overlap
        self.caret = Caret(text, tokens, characters=characters)
        self.depth = 0
        self.auto_advance = False
        self.initial = list(initial)
        self._relations = relations_of(relations, self.initial, tokens)
        self.spans = Spans(read_spans(self.initial, decided=offered is not None))
        self.order: Order = ()
        self.pending = sum(span.pending for span in self.spans)
        self.edited = False
        self.last_label: str | None = None
        self._initial_spans = frozenset(self.spans)
        self._added: set[Span] = set()
        self._removed: set[Span] = set()
        self._counts = Counter(span.label for span in self.spans)
        self._rule = rule
        self._history: History[Snapshot] = History()
        if offered is None:
            offered = [
                Suggestion(span.start, span.end, span.label, span.source or "task", span.score)
                for span in self.spans
            ]
        self.offered: list[Suggestion] = list(offered)
        self._offered_first = len(self.offered)
        self._withdrawn: set[Suggestion] = set()
        self._dirty: list[tuple[int, int]] = []

    # ── what is there ──────────────────────────────────────────────────────

    def take_dirty(self) -> list[tuple[int, int]]:
        """The ranges whose spans have changed since this was last asked."""
        dirty, self._dirty = self._dirty, []
        return dirty

    def counts(self) -> Mapping[str, int]:
        """How often each label stands in the task."""
        return {label: count for label, count in self._counts.items() if count}

    def since(self) -> Iterable[Suggestion]:
        """What has been offered since the task was opened."""
        return islice(self.offered, self._offered_first, None)

    def fits(self, start: int, end: int) -> bool:
        """Whether a span may be put there: at tokens, unless one moves by characters."""
        at_borders = self.caret.characters or self.tokens.aligned(start, end) is not None
        return at_borders and not self.tokens.disabled(start, end)

    def fields(self) -> dict[str, Any]:
        """The tokens and spans as the format has them."""
        fields: dict[str, Any] = {
            "tokens": self.tokens.to_fields(self.text),
            "spans": [
                write_span(span, self.tokens, self.initial, self.text) for span in self.spans
            ],
        }
        if self._relations is not None:
            fields["relations"] = self._relations.among(self.spans)
        return fields

    def _related(self) -> int:
        """How many of the relations that came with the task have both their spans."""
        return 0 if self._relations is None else len(self._relations.among(self.spans))

    # ── drafts ─────────────────────────────────────────────────────────────

    @cached_property
    def _base(self) -> tuple[int, int]:
        return base_of(Spans(self._initial_spans), self.tokens)

    def draft(self, order: Order | None = None) -> SpanDraft:
        """What differs from the task as it came.

        Args:
            order: The order of the phrases, where they are ranked.
        """
        return SpanDraft(
            added=list(Spans(self._added)),
            removed=list(Spans(self._removed)),
            cursor=self.caret.offset,
            anchor=self.caret.anchor,
            selecting=self.caret.selecting,
            auto_advance=self.auto_advance,
            characters=self.caret.characters,
            last_label=self.last_label,
            touched=self.edited,
            offered=[PLAIN.encode(one) for one in self.since()],
            base=self._base,
            order=None if order is None else list(order),
        )

    def restore(self, draft: SpanDraft, moved: Alignment = SAME) -> Restored:
        """Take up a draft again, as far as it fits the task.

        Args:
            draft: What `draft` gave.
            moved: Where the parts of the text are that it was made of.
        """
        found = fitted(
            draft, self._initial_spans, self.tokens, len(self.text), moved, overlap=self.overlap
        )
        offered = moved_suggestions(read_suggestions(draft.offered), moved)
        self.spans = Spans([*self._initial_spans.difference(found.removed), *found.added])
        self._added, self._removed = found.added, found.removed
        self._counts = Counter(span.label for span in self.spans)
        self.pending = sum(span.pending for span in self.spans)
        self.offered += offered
        self.order = tuple(draft.order or ())
        self.edited = draft.touched
        self.last_label = draft.last_label
        if draft.characters != self.caret.characters:
            self.caret.switch()
        draft.put_caret(self.caret, moved)
        self.auto_advance = draft.auto_advance
        self._dirty.append((0, len(self.text)))
        return found.restored

    # ── suggestions ────────────────────────────────────────────────────────

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take suggestions in, leaving what is there as it is.

        Before the first edit they are part of the task as it is shown; after
        it they come as one undoable step and touch nothing made by hand.
        """
        fresh: list[Span] = []
        result = self.spans
        if len(suggestions) > _MANY and not result.overlapping(
            min(s.start for s in suggestions), max(s.end for s in suggestions)
        ):
            fresh = [_suggested(item) for item in suggestions if self._inside(item)]
            result = result.exchange((), fresh)
            self.offered.extend(suggestions)
            suggestions = ()
        before = set(self.offered) if suggestions else set()
        for item in suggestions:
            if item not in before:
                self.offered.append(item)
            elif item not in self._withdrawn:
                continue
            if self._inside(item) and not self._blocked(item, result):
                span = _suggested(item)
                result = result.add(span)
                fresh.append(span)
        if not fresh:
            return NOTHING
        if self.edited:
            self.commit(result, (), fresh)
            return Outcome(True, f"{len(fresh)} new suggestion{'s' * (len(fresh) != 1)}")
        self.replace(result, (), fresh)
        return Outcome()

    def _inside(self, item: Suggestion) -> bool:
        within = 0 <= item.start < item.end <= len(self.text)
        return within and not self.tokens.disabled(item.start, item.end)

    def _blocked(self, item: Suggestion, spans: Spans) -> bool:
        there = spans.overlapping(item.start, item.end)
        if not self.overlap:
            return bool(there)
        return any(
            (s.start, s.end, s.label) == (item.start, item.end, item.label)
            or (self.edited and s.crosses(item.start, item.end))
            for s in there
        )

    def withdraw(self, source: str) -> Outcome:
        """Take out what a source suggested and nobody has looked at."""
        out = [span for span in self.spans if span.suggested and span.source == source]
        if not out:
            return NOTHING
        self.exchange(out, ())
        gone = {(span.start, span.end, span.label) for span in out}
        self._withdrawn.update(
            one
            for one in self.offered
            if one.source == source and (one.start, one.end, one.label) in gone
        )
        return Outcome(True, f"removed {len(out)} suggestion{'s' * (len(out) != 1)} by {source}")

    # ── edits ──────────────────────────────────────────────────────────────

    def exchange(self, out: Sequence[Span], into: Sequence[Span]) -> int:
        """Put some spans in place of others; that can be undone.

        Returns:
            How many relations go with them.
        """
        before = self._related()
        self.commit(self.spans.exchange(out, into), out, into)
        return before - self._related()

    def commit(
        self,
        spans: Spans,
        out: Iterable[Span],
        into: Iterable[Span],
        order: Order | None = None,
    ) -> None:
        """Make an edit that can be undone.

        Args:
            spans: The spans after it.
            out: Those that it takes out.
            into: Those that it puts in.
            order: The order of the phrases after it, where that is what it changes.
        """
        edit = Edit(spans, out, into, order)
        if self._rule is not None:
            edit = self._rule(edit)
        self._history.push(self._snapshot())
        self.edited = True
        self.replace(edit.spans, edit.out, edit.into)
        if edit.order is not None:
            self.order = edit.order

    def replace(self, spans: Spans, out: Iterable[Span], into: Iterable[Span]) -> None:
        """Change the spans without a step of its own: undone with the edit before."""
        self.spans = spans
        for span in out:
            self._counts[span.label] -= 1
            self.pending -= span.pending
            self._dirty.append((span.start, span.end))
            (self._removed.add if span in self._initial_spans else self._added.discard)(span)
        for span in into:
            self._counts[span.label] += 1
            self.pending += span.pending
            self._dirty.append((span.start, span.end))
            (self._removed.discard if span in self._initial_spans else self._added.add)(span)

    def look_at(self, span: Span) -> None:
        """Take what is suggested of a span for looked at."""
        if span.pending:
            seen = span.seen()
            self.replace(self.spans.exchange([span], [seen]), [span], [seen])

    def undo(self) -> Outcome:
        """Take the last edit back."""
        return self._travel(self._history.undo(self._snapshot()), "nothing to undo")

    def redo(self) -> Outcome:
        """Make the edit again that was taken back last."""
        return self._travel(self._history.redo(self._snapshot()), "nothing to redo")

    def _snapshot(self) -> Snapshot:
        caret = self.caret
        return Snapshot(self.spans, self.order, caret.offset, caret.anchor, self.auto_advance)

    def _travel(self, back: Snapshot | None, refusal: str) -> Outcome:
        if back is None:
            return Outcome(message=refusal)
        before, after = set(self.spans), set(back.spans)
        self.replace(back.spans, before - after, after - before)
        self.order = back.order
        self.caret.drop()
        self.depth = 0
        self.caret.move_to(back.offset)
        self.caret.anchor, self.auto_advance = back.anchor, back.auto_advance
        return Outcome(True)


def _suggested(item: Suggestion) -> Span:
    return Span(item.start, item.end, item.label, item.source, item.score, True)
