"""The editor of keyphrases: spans, and the ranked list of the phrases they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui_annotate.editors.base import NOTHING, Outcome, Restored
from tui_annotate.editors.spans.drafts import SpanDraft
from tui_annotate.editors.spans.editor import SpanEditor
from tui_annotate.editors.spans.edits import message_of
from tui_annotate.editors.spans.front import SpanFront
from tui_annotate.editors.spans.ranking import Phrase, PhraseRanking, TooManyPhrases, order_of
from tui_annotate.editors.spans.state import Edit
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment
from tui_annotate.text.spans import Span
from tui_annotate.text.tokens import Tokens


class PhraseEditor(SpanFront):
    """Marks phrases and ranks them.

    Suggestions are ranked by their scores; what is marked by hand comes after what is
    there. Where there may be no more, the last suggestion that nobody has looked at
    gives way to it. Ranks belong to phrases, not to spans, and are undone like
    everything else.

    Args:
        text: The text.
        tokens: Its tokens.
        labels: The labels on offer, as the session has them at any time.
        max_phrases: How many phrases may be chosen; any number if None.
        options: What `SpanEditor` takes.

    Attributes:
        max_phrases: How many phrases may be chosen.
        span_editor: Marks the spans.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        labels: Sequence[str] = (),
        *,
        max_phrases: int | None = None,
        **options: Any,
    ) -> None:
        self._labels = labels
        self.max_phrases = max_phrases
        self._ranking = PhraseRanking(text, tokens, max_phrases)
        self.span_editor = SpanEditor(text, tokens, rule=self._after, **options)
        super().__init__(self.span_editor.marking, self.span_editor.cursor)
        self._ranking.learn(self.marking.offered)
        self.marking.order = self._ranking.take_initial(self.marking.initial)

    def _after(self, edit: Edit) -> Edit:
        return self._ranking.after(edit, self.marking.spans, self.marking.order)

    # ── the list ───────────────────────────────────────────────────────────

    @property
    def phrases(self) -> list[Phrase]:
        """The phrases chosen, the first in rank first."""
        return self._ranking.phrases(self.marking.spans, self.marking.order)

    @property
    def phrase(self) -> Phrase | None:
        """The phrase of the span under the cursor."""
        span = self.active
        if span is None:
            return None
        return next((one for one in self.phrases if span in one.spans), None)

    def ranks(self) -> dict[Span, int]:
        """The rank of each span's phrase, from 1."""
        listed = enumerate(self.phrases, start=1)
        return {span: rank for rank, phrase in listed for span in phrase.spans}

    def lemma(self, start: int, end: int) -> str:
        """What makes a stretch of the text one phrase with others."""
        return self._ranking.lemma(start, end)

    # ── what the session asks ──────────────────────────────────────────────

    def fields(self) -> dict[str, Any]:
        """The tokens and spans as the format has them, each with its rank, and the list."""
        fields = self.marking.fields()
        ranks = self.ranks()
        for span, written in zip(self.spans, fields["spans"], strict=True):
            written["rank"] = ranks[span]
        fields["keyphrases"] = [
            {
                "text": self._first(phrase),
                "lemma": phrase.lemma,
                "label": phrase.label,
                "rank": rank,
                "count": len(phrase.spans),
            }
            for rank, phrase in enumerate(self.phrases, start=1)
        ]
        return fields

    def _first(self, phrase: Phrase) -> str:
        return self.text[phrase.spans[0].start : phrase.spans[0].end]

    def state(self) -> dict[str, Any]:
        """Spans, cursor, selection and ranks as plain JSON values."""
        return self.marking.draft(self.marking.order).encode()

    def restore(self, state: Mapping[str, Any], moved: Alignment = SAME) -> Restored:
        """Take up a draft again, as far as it fits the task.

        Args:
            state: What `state` gave.
            moved: Where the parts of the text are that it was made of.

        Raises:
            ValueError: It is no draft of spans.
        """
        restored = self.marking.restore(SpanDraft.decode(state), moved)
        self._ranking.learn(self.marking.offered)
        return restored

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take phrases in that are not chosen yet, the likeliest first, as many as may be."""
        self._ranking.learn(suggestions)
        phrases = self.phrases
        known = {phrase.key for phrase in phrases}
        most = self.max_phrases
        room = len(suggestions) if most is None else max(most - len(phrases), 0)
        likely = sorted(
            suggestions, key=lambda one: (1.0 if one.score is None else -one.score, one.start)
        )
        taken: list[Suggestion] = []
        for one in likely:
            if not 0 <= one.start < one.end <= len(self.text):
                continue
            key = self.lemma(one.start, one.end), one.label
            if key in known or len(taken) >= room:
                continue
            known.add(key)
            taken.append(one)
        return self.marking.suggest(sorted(taken, key=lambda one: (one.start, -one.end)))

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        self._ranking.gave_way = []
        try:
            outcome = self._do(command, argument)
        except TooManyPhrases:
            most = self.max_phrases
            chosen = "the phrase is" if most == 1 else f"all {most} phrases are"
            return Outcome(message=f"{chosen} chosen; remove one first")
        gave_way = self._ranking.gave_way
        if outcome is not None and outcome.edited and gave_way:
            names = ", ".join(repr(self._first(phrase)) for phrase in gave_way)
            return Outcome(True, f"replaced {names}; u undoes")
        return outcome

    def _do(self, command: str, argument: str | None) -> Outcome | None:
        match command:
            case "rank_up":
                return self._rank(-1)
            case "rank_down":
                return self._rank(1)
            case "next_phrase":
                return self._go_by_rank(1)
            case "previous_phrase":
                return self._go_by_rank(-1)
            case "drop_phrase":
                return self._drop_phrase()
            case "label_all":
                left = self.span_editor.steps.take_left()
                return self.span_editor.edits.label_all_of(left, self._label_all)
            case "next_span" | "previous_span" if self._next_alike():
                return NOTHING
        return self.span_editor.do(command, argument)

    def _rank(self, by: int) -> Outcome:
        """Move the phrase under the cursor up (-1) or down (1) the list."""
        phrase = self.phrase
        if phrase is None:
            return Outcome(message="no phrase here to rank")
        listed = list(self.phrases)
        place = listed.index(phrase)
        if not 0 <= place + by < len(listed):
            return Outcome(message="already the first" if by < 0 else "already the last")
        listed[place], listed[place + by] = listed[place + by], listed[place]
        self.marking.commit(self.spans, (), (), order_of(listed))
        return Outcome(True)

    def _go_by_rank(self, by: int) -> Outcome:
        """Go to the first occurrence of the phrase a rank on or back, looked at from now on."""
        phrases, here = self.phrases, self.phrase
        if not phrases:
            return Outcome(message="no phrase chosen yet")
        place = phrases.index(here) + by if here is not None else 0 if by > 0 else len(phrases) - 1
        if not 0 <= place < len(phrases):
            return Outcome(
                message="this is the first phrase" if by < 0 else "this is the last phrase"
            )
        if self.active is not None:
            self.marking.look_at(self.active)
        self.cursor.go(phrases[place].spans[0])
        return NOTHING

    def _drop_phrase(self) -> Outcome:
        """Take the phrase under the cursor off wherever it stands."""
        phrase = self.phrase
        if phrase is None:
            return Outcome(message="no phrase here")
        listed = self.phrases
        place = listed.index(phrase)
        lost = message_of(0, self.marking.exchange(phrase.spans, ()))
        count = len(phrase.spans)
        # The next in the list takes its place, as it does on the screen.
        following = [*listed[place + 1 :], *reversed(listed[:place])][:1]
        for one in following:
            self.cursor.go(one.spans[0])
        return Outcome(True, lost or (f"removed in {count} places" if count > 1 else None))

    def _label_all(self) -> Outcome:
        """Label every occurrence of the phrase under the cursor, in all its forms."""
        marking, cursor = self.marking, self.cursor
        span = cursor.unselected
        label = span.label if span is not None else marking.last_label
        label = label or next(iter(self._labels), None)
        start, end = cursor.target()
        aligned = marking.tokens.aligned(start, end)
        if label is None or aligned is None or self.caret.characters:
            return self.span_editor.edits.label_all()
        marked = {(one.start, one.end) for one in self.spans}
        made = [
            Span(first, last, label)
            for first, last in self._ranking.occurrences(start, end)
            if (first, last) not in marked
            and not marking.tokens.disabled(first, last)
            and (marking.overlap or not self.spans.overlapping(first, last))
        ]
        if not made:
            return Outcome(message="no other unlabelled occurrence")
        seen = [] if span is None else [span]
        looked_at = [one.seen() for one in seen]
        marking.exchange(seen, [*looked_at, *made])
        marking.last_label = label
        self.caret.drop()
        if looked_at:
            cursor.focus(looked_at[0])
        return Outcome(True, f"{len(made)} labelled {label}")

    def _next_alike(self) -> bool:
        """Go to the next of the suggestions that begin at one place; whether there was one."""
        here = self.cursor.unselected
        if here is None:
            return False
        around = self.spans.overlapping(here.start, here.start + 1)
        alike = [one for one in around if one.start == here.start and one.pending]
        following = next((one for one in alike if one != here), None)
        if following is None:
            return False
        self.span_editor.steps.take_left()
        self.marking.look_at(here)
        self.cursor.go(following, auto_advance=True)
        return True
