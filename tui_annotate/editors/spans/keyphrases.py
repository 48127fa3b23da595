"""The editor of keyphrases: spans, and the ranked list of the phrases they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.spans.editor import SpanEditor
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.spans import Span, Spans
from tui_annotate.text.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that is chosen, with all its occurrences.

    Attributes:
        lemma: What makes it one phrase: its lemmas where they are known, else its words,
            in small letters.
        label: Its label.
        words: The words of its first occurrence, in small letters.
        spans: Where it is marked, in the order of the text.
    """

    lemma: str
    label: str
    words: str
    spans: tuple[Span, ...]

    @property
    def score(self) -> float | None:
        """The best score that a source gave it."""
        return max((span.score for span in self.spans if span.score is not None), default=None)

    @property
    def suggested(self) -> bool:
        """Whether nobody has looked at any of it yet."""
        return all(span.suggested for span in self.spans)


class PhraseEditor(SpanEditor):
    """Marks phrases and ranks them.

    Suggestions are ranked by their scores; what is marked by hand comes after what is
    there. Where there may be no more, the last suggestion that nobody has looked at
    gives way to it. Ranks belong to phrases, not to spans, and are undone like
    everything else.

    Args:
        text: The text.
        tokens: Its tokens.
        labels: The labels on offer.
        most: How many phrases may be chosen; any number if None.
        options: What `SpanEditor` takes.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        labels: Iterable[str] = (),
        *,
        most: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(text, tokens, labels, **options)
        self.most = most
        self._gave_way: list[Phrase] = []
        self._lemmas: dict[str, str] = {}
        self._listed: list[Phrase] = []
        self._listed_of: tuple[Spans, tuple[Any, ...]] | None = None
        self._learn(self._offered)
        self._aside = self._order_given()

    # ── the list ───────────────────────────────────────────────────────────

    @property
    def phrases(self) -> list[Phrase]:
        """The phrases chosen, the first in rank first."""
        state = self.spans, self._aside
        if self._listed_of is None or any(
            a is not b for a, b in zip(self._listed_of, state, strict=True)
        ):
            self._listed, self._listed_of = self._ranked(self.spans), state
        return self._listed

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

    def _words(self, start: int, end: int) -> str:
        covered = self.tokens.covering(start, end)
        if covered is None or self.tokens.aligned(start, end) is None:
            return " ".join(self.text[start:end].casefold().split())
        starts, ends = self.tokens.starts, self.tokens.ends
        found = (self.text[starts[n] : ends[n]] for n in range(covered[0], covered[1] + 1))
        return " ".join(" ".join(found).casefold().split())

    def _lemma(self, words: str) -> str:
        return " ".join(self._lemmas.get(word, word) for word in words.split(" "))

    def lemma(self, start: int, end: int) -> str:
        """What makes a stretch of the text one phrase with others."""
        return self._lemma(self._words(start, end))

    def _learn(self, suggestions: Iterable[Suggestion]) -> None:
        for one in suggestions:
            words = self._words(one.start, one.end).split(" ")
            lemmas = one.lemma.split(" ") if one.lemma is not None else []
            if len(words) == len(lemmas):
                for word, lemma in zip(words, lemmas, strict=True):
                    self._lemmas.setdefault(word, lemma)
        self._listed_of = None

    def _grouped(self, spans: Iterable[Span]) -> list[Phrase]:
        groups: dict[tuple[str, str], list[Span]] = {}
        for span in spans:
            groups.setdefault((self.lemma(span.start, span.end), span.label), []).append(span)
        return [
            Phrase(lemma, label, self._words(found[0].start, found[0].end), tuple(found))
            for (lemma, label), found in groups.items()
        ]

    def _ranked(self, spans: Iterable[Span]) -> list[Phrase]:
        """The phrases of some spans: those that have a place, then by score, then by the text."""
        places: dict[tuple[str, str], int] = {}
        for place, (words, label) in enumerate(self._aside):
            places.setdefault((self._lemma(words), label), place)
        last = len(self._aside)

        def order(phrase: Phrase) -> tuple[int, float, int]:
            score = phrase.score
            place = places.get((phrase.lemma, phrase.label), last)
            return place, 1.0 if score is None else -score, phrase.spans[0].start

        return sorted(self._grouped(spans), key=order)

    def _order_given(self) -> tuple[Any, ...]:
        """The order that the spans came with."""
        ranks: dict[tuple[str, str], int] = {}
        for span in self._given:
            rank = span.get("rank")
            if isinstance(rank, int) and not isinstance(rank, bool):
                entry = self._words(span["start"], span["end"]), str(span["label"])
                ranks[entry] = min(rank, ranks.get(entry, rank))
        return tuple(sorted(ranks, key=lambda entry: ranks[entry]))

    # ── what the session asks ──────────────────────────────────────────────

    def fields(self) -> dict[str, Any]:
        """The tokens and spans as the format has them, each with its rank, and the list."""
        fields = super().fields()
        ranks = self.ranks()
        for span, written in zip(self.spans, fields["spans"], strict=True):
            written["rank"] = ranks[span]
        fields["keyphrases"] = [
            {
                "text": self.text[phrase.spans[0].start : phrase.spans[0].end],
                "lemma": phrase.lemma,
                "label": phrase.label,
                "rank": rank,
                "count": len(phrase.spans),
            }
            for rank, phrase in enumerate(self.phrases, start=1)
        ]
        return fields

    def state(self) -> dict[str, Any]:
        """Spans, cursor, selection and ranks as plain JSON values."""
        return {**super().state(), "order": [list(entry) for entry in self._aside]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a draft again."""
        super().restore(state)
        self._aside = tuple((str(words), str(label)) for words, label in state["order"])
        self._learn(self._offered)

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take phrases in that are not chosen yet, the likeliest first, as many as may be."""
        self._learn(suggestions)
        phrases = self.phrases
        known = {(phrase.lemma, phrase.label) for phrase in phrases}
        room = len(suggestions) if self.most is None else max(self.most - len(phrases), 0)
        likely = sorted(
            suggestions, key=lambda one: (1.0 if one.score is None else -one.score, one.start)
        )
        taken: list[Suggestion] = []
        for one in likely:
            if not 0 <= one.start < one.end <= len(self.text):
                continue
            entry = self.lemma(one.start, one.end), one.label
            if entry in known or len(taken) >= room:
                continue
            known.add(entry)
            taken.append(one)
        return super().suggest(sorted(taken, key=lambda one: (one.start, -one.end)))

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        self._gave_way = []
        try:
            match command:
                case "rank_up":
                    return self.rank(-1)
                case "rank_down":
                    return self.rank(1)
                case "next_phrase":
                    return self.go_by_rank(1)
                case "previous_phrase":
                    return self.go_by_rank(-1)
                case "drop_phrase":
                    return self.drop_phrase()
            outcome = super().do(command, argument)
            if outcome is not None and outcome.edited and self._gave_way:
                names = ", ".join(repr(self._first(phrase)) for phrase in self._gave_way)
                return Outcome(True, f"replaced {names}; u undoes")
            return outcome
        except _Full:
            return Outcome(message=f"all {self.most} phrases are chosen; remove one first")

    def rank(self, by: int) -> Outcome:
        """Move the phrase under the cursor up (-1) or down (1) the list."""
        phrase = self.phrase
        if phrase is None:
            return Outcome(message="no phrase here to rank")
        listed = list(self.phrases)
        place = listed.index(phrase)
        if not 0 <= place + by < len(listed):
            return Outcome(message="already the first" if by < 0 else "already the last")
        listed[place], listed[place + by] = listed[place + by], listed[place]
        self._commit(self.spans, (), (), order=listed)
        return Outcome(True)

    def go_by_rank(self, by: int) -> Outcome:
        """Go to the first occurrence of the phrase a rank on or back, looked at from now on."""
        phrases, here = self.phrases, self.phrase
        if not phrases:
            return Outcome(message="no phrase chosen yet")
        place = phrases.index(here) + by if here is not None else 0 if by > 0 else len(phrases) - 1
        if not 0 <= place < len(phrases):
            return Outcome(
                message="this is the first phrase" if by < 0 else "this is the last phrase"
            )
        active = self.active
        if active is not None and active.pending:
            self._pass(active)
        self._go(phrases[place].spans[0])
        return NOTHING

    def drop_phrase(self) -> Outcome:
        """Take the phrase under the cursor off wherever it stands."""
        phrase = self.phrase
        if phrase is None:
            return Outcome(message="no phrase here")
        self._commit(self.spans.exchange(phrase.spans, ()), phrase.spans, ())
        count = len(phrase.spans)
        return Outcome(True, f"removed in {count} places" if count > 1 else None)

    def label_all(self) -> Outcome:
        """Label every occurrence of the phrase under the cursor, in all its forms."""
        span = self.active if self.caret.selection is None else None
        label = span.label if span is not None else self.last_label or next(iter(self.labels), None)
        start, end = self.target()
        aligned = self.tokens.aligned(start, end)
        if label is None or aligned is None or self.caret.characters:
            return super().label_all()
        wanted = self._words(start, end).split(" ")
        lemmas = [self._lemmas.get(word, word) for word in wanted]
        marked = {(one.start, one.end) for one in self.spans}
        made = [
            Span(first, last, label)
            for first, last in self._occurrences(lemmas)
            if (first, last) not in marked
            and (self.overlap or not self.spans.overlapping(first, last))
        ]
        if not made:
            return Outcome(message="no other unlabelled occurrence")
        seen = [] if span is None else [span]
        kept = [one.seen() for one in seen]
        self._commit(self.spans.exchange(seen, [*kept, *made]), seen, [*kept, *made])
        self.last_label = label
        self.caret.drop()
        if span is not None:
            self._focus(kept[0])
        return Outcome(True, f"{len(made)} labelled {label}")

    def _occurrences(self, lemmas: Sequence[str]) -> Iterable[tuple[int, int]]:
        stops, count, after = self.tokens.stops, len(lemmas), -1
        starts, ends = self.tokens.starts, self.tokens.ends
        for n in range(len(stops) - count + 1):
            first, last = starts[stops[n]], ends[stops[n + count - 1]]
            if first < after:
                continue
            word = self.text[first : ends[stops[n]]].casefold()
            if self._lemmas.get(word, word) != lemmas[0]:
                continue
            if self.lemma(first, last) == " ".join(lemmas):
                after = last
                yield first, last

    def next_stop(self, direction: int) -> Outcome:
        """Go to the next phrase; suggestions that begin at one place are passed one by one."""
        here = self.active if self.caret.selection is None else None
        if here is not None:
            around = self.spans.overlapping(here.start, here.start + 1)
            alike = [one for one in around if one.start == here.start and one.pending]
            following = next((one for one in alike if one != here), None)
            if following is not None:
                if here.pending:
                    self._pass(here)
                self._go(following)
                self._led = True
                return NOTHING
        return super().next_stop(direction)

    def _commit(
        self,
        spans: Spans,
        out: Iterable[Span],
        into: Iterable[Span],
        *,
        order: Iterable[Phrase] | None = None,
    ) -> None:
        """Keep the ranks as they are; a phrase that another one grows from has its rank.

        Raises:
            _Full: There would be more phrases than may be chosen.
        """
        before = self.phrases
        after = before if spans is self.spans else self._ranked(spans)
        out, into = list(out), list(into)
        if self.most is not None:
            over = len(after) - max(self.most, len(before))
            self._gave_way = self._giving_way(after, into, over) if over > 0 else []
            for phrase in self._gave_way:
                before, after = _without(before, phrase), _without(after, phrase)
                spans = spans.exchange(phrase.spans, ())
                out += phrase.spans
        super()._commit(spans, out, into)
        if order is None:
            order = self._inherited(before, after)
        self._aside = tuple((phrase.words, phrase.label) for phrase in order)

    def _giving_way(
        self, phrases: Sequence[Phrase], made: Collection[Span], count: int
    ) -> list[Phrase]:
        """The last of the phrases that are only suggested and not made now.

        Raises:
            _Full: There are not so many.
        """
        free = [one for one in phrases if one.suggested and not set(one.spans).intersection(made)]
        if len(free) < count:
            raise _Full
        return free[-count:]

    def _first(self, phrase: Phrase) -> str:
        return self.text[phrase.spans[0].start : phrase.spans[0].end]

    @staticmethod
    def _inherited(before: Sequence[Phrase], after: Sequence[Phrase]) -> list[Phrase]:
        now = {(phrase.lemma, phrase.label): phrase for phrase in after}
        was = {(phrase.lemma, phrase.label) for phrase in before}
        fresh = [phrase for entry, phrase in now.items() if entry not in was]
        gone = [phrase for phrase in before if (phrase.lemma, phrase.label) not in now]
        made = []
        for phrase in before:
            entry = phrase.lemma, phrase.label
            if entry in now:
                made.append(now[entry])
            elif len(gone) == len(fresh) == 1:
                made.append(fresh.pop())
        return made + fresh


def _without(phrases: Sequence[Phrase], phrase: Phrase) -> list[Phrase]:
    """The phrases but one."""
    entry = phrase.lemma, phrase.label
    return [one for one in phrases if (one.lemma, one.label) != entry]


class _Full(Exception):
    """No phrase more may be chosen."""
