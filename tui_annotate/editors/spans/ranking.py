"""Which spans are one phrase, and how the phrases of a text are ranked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui_annotate.editors.spans.state import Edit, Order
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
    def key(self) -> tuple[str, str]:
        """What tells it from other phrases."""
        return self.lemma, self.label

    @property
    def score(self) -> float | None:
        """The best score that a source gave it."""
        return max((span.score for span in self.spans if span.score is not None), default=None)

    @property
    def suggested(self) -> bool:
        """Whether nobody has looked at any of it yet."""
        return all(span.suggested for span in self.spans)


class TooManyPhrases(Exception):
    """No phrase more may be chosen."""


class PhraseRanking:
    """The phrases of a text and their ranks, as far as its spans say.

    Args:
        text: The text.
        tokens: Its tokens.
        max_phrases: How many phrases may be chosen; any number if None.

    Attributes:
        max_phrases: How many phrases may be chosen.
        gave_way: The phrases that the last edit has taken out to make room.
    """

    def __init__(self, text: str, tokens: Tokens, max_phrases: int | None) -> None:
        self._text = text
        self._tokens = tokens
        self.max_phrases = max_phrases
        self.gave_way: list[Phrase] = []
        self._lemmas: dict[str, str] = {}
        self._listed: list[Phrase] = []
        self._listed_of: tuple[Spans, Order] | None = None

    # ── words and lemmas ───────────────────────────────────────────────────

    def words(self, start: int, end: int) -> str:
        """The words of a stretch, in small letters."""
        covered = self._tokens.covering(start, end)
        if covered is None or self._tokens.aligned(start, end) is None:
            return " ".join(self._text[start:end].casefold().split())
        starts, ends = self._tokens.starts, self._tokens.ends
        found = (self._text[starts[n] : ends[n]] for n in range(covered[0], covered[1] + 1))
        return " ".join(" ".join(found).casefold().split())

    def _lemma_of(self, words: str) -> str:
        return " ".join(self._lemmas.get(word, word) for word in words.split(" "))

    def lemma(self, start: int, end: int) -> str:
        """What makes a stretch of the text one phrase with others."""
        return self._lemma_of(self.words(start, end))

    def learn(self, suggestions: Iterable[Suggestion]) -> None:
        """Learn the lemmas of words from what is suggested."""
        for one in suggestions:
            words = self.words(one.start, one.end).split(" ")
            lemmas = one.lemma.split(" ") if one.lemma is not None else []
            if len(words) == len(lemmas):
                for word, lemma in zip(words, lemmas, strict=True):
                    self._lemmas.setdefault(word, lemma)
        self._listed_of = None

    def occurrences(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where the phrase of a stretch stands in the text, in all its forms."""
        text, tokens = self._text, self._tokens
        wanted, after = self.lemma(start, end), -1
        lemmas = wanted.split(" ")
        for n in range(len(tokens.stops) - len(lemmas) + 1):
            first = tokens.starts[tokens.stops[n]]
            last = tokens.ends[tokens.stops[n + len(lemmas) - 1]]
            if first < after:
                continue
            word = text[first : tokens.ends[tokens.stops[n]]].casefold()
            if self._lemmas.get(word, word) != lemmas[0]:
                continue
            if self.lemma(first, last) == wanted:
                after = last
                yield first, last

    # ── the list ───────────────────────────────────────────────────────────

    def take_initial(self, initial: Iterable[Mapping[str, Any]]) -> Order:
        """The order that the spans came with."""
        ranks: dict[tuple[str, str], int] = {}
        for span in initial:
            rank = span.get("rank")
            if isinstance(rank, int) and not isinstance(rank, bool):
                entry = self.words(span["start"], span["end"]), str(span["label"])
                ranks[entry] = min(rank, ranks.get(entry, rank))
        return tuple(sorted(ranks, key=lambda entry: ranks[entry]))

    def phrases(self, spans: Spans, order: Order) -> list[Phrase]:
        """The phrases of some spans: those that have a place, then by score, then by the text.

        Args:
            spans: The spans.
            order: The words and labels of those that have a place.
        """
        known = self._listed_of
        if known is None or known[0] is not spans or known[1] is not order:
            self._listed, self._listed_of = self._ranked(spans, order), (spans, order)
        return self._listed

    def _ranked(self, spans: Iterable[Span], order: Order) -> list[Phrase]:
        places: dict[tuple[str, str], int] = {}
        for place, (words, label) in enumerate(order):
            places.setdefault((self._lemma_of(words), label), place)

        def rank(phrase: Phrase) -> tuple[int, float, int]:
            score = phrase.score
            place = places.get(phrase.key, len(order))
            return place, 1.0 if score is None else -score, phrase.spans[0].start

        return sorted(self._grouped(spans), key=rank)

    def _grouped(self, spans: Iterable[Span]) -> list[Phrase]:
        groups: dict[tuple[str, str], list[Span]] = {}
        for span in spans:
            groups.setdefault((self.lemma(span.start, span.end), span.label), []).append(span)
        return [
            Phrase(lemma, label, self.words(found[0].start, found[0].end), tuple(found))
            for (lemma, label), found in groups.items()
        ]

    # ── edits ──────────────────────────────────────────────────────────────

    def after(self, edit: Edit, spans: Spans, order: Order) -> Edit:
        """What an edit comes to.

        Ranks stay as they are, and a phrase that another one grows from has its rank. Where
        there may be no more phrases, others give way.

        Args:
            edit: The edit.
            spans: The spans before it.
            order: The order of the phrases before it.

        Raises:
            TooManyPhrases: There would be more than may be chosen.
        """
        before = self.phrases(spans, order)
        after = before if edit.spans is spans else self._ranked(edit.spans, order)
        made, out, into = edit.spans, list(edit.out), list(edit.into)
        if self.max_phrases is not None:
            over = len(after) - max(self.max_phrases, len(before))
            self.gave_way = self._giving_way(after, into, over) if over > 0 else []
            gone = {phrase.key for phrase in self.gave_way}
            before = [phrase for phrase in before if phrase.key not in gone]
            after = [phrase for phrase in after if phrase.key not in gone]
            for phrase in self.gave_way:
                made = made.exchange(phrase.spans, ())
                out += phrase.spans
        wanted = order_of(_inherited(before, after)) if edit.order is None else edit.order
        return Edit(made, out, into, wanted)

    def _giving_way(
        self, phrases: Sequence[Phrase], made: Collection[Span], count: int
    ) -> list[Phrase]:
        """The last of the phrases that are only suggested and not made now."""
        free = [one for one in phrases if one.suggested and not set(one.spans).intersection(made)]
        if len(free) < count:
            raise TooManyPhrases
        return free[-count:]


def order_of(phrases: Iterable[Phrase]) -> Order:
    """The order that phrases stand in."""
    return tuple((phrase.words, phrase.label) for phrase in phrases)


def _inherited(before: Sequence[Phrase], after: Sequence[Phrase]) -> list[Phrase]:
    now = {phrase.key: phrase for phrase in after}
    was = {phrase.key for phrase in before}
    fresh = [phrase for key, phrase in now.items() if key not in was]
    gone = [phrase for phrase in before if phrase.key not in now]
    made = []
    for phrase in before:
        if phrase.key in now:
            made.append(now[phrase.key])
        elif len(gone) == len(fresh) == 1:
            made.append(fresh.pop())
    return made + fresh
