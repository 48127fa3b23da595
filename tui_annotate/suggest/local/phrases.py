"""Which phrases of a text may be its keyphrases, and which of them first.

Pure: a pipeline's tags, lemmas and noun chunks come in as plain values. The
weights were set on the first half of SemEval 2017's task 10 and measured on the
other (`python -m benchmarks.keyphrases`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

_NOUNS = frozenset({"NOUN", "PROPN", "X"})
_MODIFIERS = frozenset({"ADJ"})
_LAST = _NOUNS | _MODIFIERS | {"NUM", "VERB"}
_NEVER_FIRST = frozenset(
    {"DET", "PRON", "PUNCT", "NUM", "CCONJ", "SCONJ", "ADV", "SPACE", "ADP", "AUX", "SYM", "PART"}
)
_LINKING = _NOUNS | _MODIFIERS | {"VERB"}
_JOINTS = frozenset("-‐‑–/")
_ENDS = frozenset(".!?…。！？؟")
_LONGEST = 4
"""How many words a phrase has at most where nothing but counting finds it."""

_WINDOW = 3
_DAMPING = 0.85
_ROUNDS = 30

_BY_LENGTH = (0.6, 1.8, 2.0, 1.9, 1.2)
_EARLY, _OFTEN, _CENTRAL, _CAPITAL = 0.25, 0.75, 1.0, 0.25
_WHOLE = 4.0
"""The points that count as a score of 1; hardly any phrase has as many."""


class Word(NamedTuple):
    """A token, as far as phrases are concerned.

    Attributes:
        text: The token.
        lemma: Its lemma, else itself, in small letters.
        tag: Its universal part of speech; empty where nothing tags.
        stop: Whether it is a function word.
        begins: Whether a sentence begins with it.
    """

    text: str
    lemma: str
    tag: str = ""
    stop: bool = False
    begins: bool = False

    @property
    def real(self) -> bool:
        """Whether there is a letter or a digit in it."""
        return any(character.isalnum() for character in self.text)

    @property
    def content(self) -> bool:
        """Whether a phrase may begin and end with it."""
        return self.real and not self.stop and not self.text.replace(".", "").isdigit()


class Phrase(NamedTuple):
    """A candidate with all its occurrences.

    Attributes:
        lemma: Its lemmas, with spaces between.
        score: How likely it is a keyphrase, in [0, 1]; to rank by, not a probability.
        places: First word and the one after the last, of each occurrence.
    """

    lemma: str
    score: float
    places: tuple[tuple[int, int], ...]


def ends_sentence(text: str) -> bool:
    """Whether a token ends a sentence."""
    return text in _ENDS


def trimmed(words: Sequence[Word], first: int, end: int) -> tuple[int, int] | None:
    """A noun chunk without its articles, numbers and the like; None if nothing is left."""
    while first < end and (
        not words[first].real
        or words[first].tag in _NEVER_FIRST
        or (words[first].stop and words[first].tag != "PROPN")
    ):
        first += 1
    while end > first and (
        not words[end - 1].real or words[end - 1].stop or words[end - 1].tag not in _LAST
    ):
        end -= 1
    return (first, end) if first < end else None


def tagged_runs(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Runs of adjectives and nouns that have a noun in them."""
    within = _NOUNS | _MODIFIERS
    for first, end in _runs(words, lambda word: word.tag in within and not word.stop):
        found = trimmed(words, first, end)
        if found is None:
            continue
        first, end = found
        # An adjective after its noun belongs to it; one after another adjective hangs in the air.
        while end - first > 1 and words[end - 1].tag in _MODIFIERS and not _after_noun(words, end):
            end -= 1
        if any(word.tag in _NOUNS for word in words[first:end]):
            yield first, end


def _after_noun(words: Sequence[Word], end: int) -> bool:
    return words[end - 2].tag in _NOUNS


def frequent_runs(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """What stands between function words and punctuation, and the parts of it that come again."""
    grams: list[tuple[int, int, bool]] = []
    for first, end in _runs(words, lambda word: word.content):
        for start in range(first, end):
            for stop in range(start + 1, min(start + _LONGEST, end) + 1):
                if words[start].content and words[stop - 1].content:
                    grams.append((start, stop, (start, stop) == (first, end)))
    counts = Counter(_lemma(words, start, stop) for start, stop, _ in grams)
    within: dict[str, int] = defaultdict(int)
    for lemma, count in counts.items():
        parts = lemma.split(" ")
        for shorter in (" ".join(parts[1:]), " ".join(parts[:-1])):
            within[shorter] = max(within[shorter], count)
    for start, stop, whole in grams:
        lemma = _lemma(words, start, stop)
        if whole or (counts[lemma] > 1 and within[lemma] < counts[lemma]):
            yield start, stop


def _runs(words: Sequence[Word], fits: Callable[[Word], bool]) -> Iterator[tuple[int, int]]:
    """The longest runs of words that fit, hyphens and slashes between them included."""
    at, count = 0, len(words)
    while at < count:
        if not fits(words[at]):
            at += 1
            continue
        end = at + 1
        while end < count:
            if fits(words[end]):
                end += 1
            elif words[end].text in _JOINTS and end + 1 < count and fits(words[end + 1]):
                end += 2
            else:
                break
        yield at, end
        at = end


def _lemma(words: Sequence[Word], first: int, end: int) -> str:
    return " ".join(word.lemma for word in words[first:end])


def ranked(words: Sequence[Word], candidates: Iterable[tuple[int, int]]) -> list[Phrase]:
    """The candidates as phrases, the likeliest first.

    What counts is how central a phrase's words are (TextRank over words that stand
    near each other), its length in words, how often it occurs, how early, and capitals
    within a sentence.
    """
    places: dict[str, list[tuple[int, int]]] = {}
    for first, end in candidates:
        found = places.setdefault(_lemma(words, first, end), [])
        if (first, end) not in found:
            found.append((first, end))
    central = _centrality(words)
    made = []
    for lemma, where in places.items():
        first, end = where[0]
        of_words = [central.get(word.lemma, 0.0) for word in words[first:end]]
        points = (
            _CENTRAL * sum(of_words) / len(of_words)
            + _BY_LENGTH[min(end - first, len(_BY_LENGTH)) - 1]
            + _OFTEN * math.log(len(where))
            + _EARLY * (1 - first / len(words))
            + _CAPITAL * any(_capital(word) for word in words[first:end])
        )
        made.append(Phrase(lemma, round(min(points / _WHOLE, 1.0), 4), tuple(where)))
    return sorted(made, key=lambda phrase: (-phrase.score, phrase.places[0]))


def _capital(word: Word) -> bool:
    return word.text[1:] != word.text[1:].lower() or (word.text[:1].isupper() and not word.begins)


def _centrality(words: Sequence[Word]) -> dict[str, float]:
    """TextRank: how central each lemma is among those that stand near it; the highest has 1."""
    lemmas = [
        word.lemma if word.content and (not word.tag or word.tag in _LINKING) else None
        for word in words
    ]
    links: dict[str, Counter[str]] = defaultdict(Counter)
    for place, lemma in enumerate(lemmas):
        if lemma is None:
            continue
        for other in lemmas[place + 1 : place + 1 + _WINDOW]:
            if other is not None and other != lemma:
                links[lemma][other] += 1
                links[other][lemma] += 1
    if not links:
        return {}
    totals = {lemma: sum(near.values()) for lemma, near in links.items()}
    ranks = dict.fromkeys(links, 1 / len(links))
    for _ in range(_ROUNDS):
        ranks = {
            lemma: (1 - _DAMPING) / len(links)
            + _DAMPING * sum(ranks[other] * n / totals[other] for other, n in near.items())
            for lemma, near in links.items()
        }
    highest = max(ranks.values())
    return {lemma: rank / highest for lemma, rank in ranks.items()}
