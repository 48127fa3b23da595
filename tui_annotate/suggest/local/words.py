"""Which class a text may have, learned from its words while the annotator works."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.tokens import needs_characters

if TYPE_CHECKING:
    from tui_annotate.text.tokens import Tokens

SOURCE = "words"

# Measured on BANKING77 (77 labels): after 500 decisions the right one is among the first nine
# in 92 of 100 texts, and it takes 1.3 keys; by name alone it would take 7.6.
_SMOOTHING = 0.2
_PRIOR = 0.5
_NAME = 4.0
_DESCRIPTION = 2.0
_LONG = 4
"""Shorter words of a name say less: most are no words of its subject."""

_SAME = 1e-6
_MOST_WORDS = 300
"""Of a long text the first words count: what it is about stands early."""

_WORDS = re.compile(r"[^\W\d_]+|\d+")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENDINGS = ("ing", "ied", "ies", "ed", "es", "s")


class Words:
    """A naive Bayes classifier over words, weighted by how rare they are.

    Before anything is decided it knows the words of the labels' names and
    descriptions. A score is the share of its label among all on offer: it
    says where to look first, not that something is so.

    Args:
        descriptions: What is known about the labels.
    """

    def __init__(self, descriptions: Mapping[str, str] | None = None) -> None:
        self._descriptions = descriptions or {}
        self._words: dict[str, Counter[str]] = {}
        self._totals: Counter[str] = Counter()
        self._texts_of: Counter[str] = Counter()
        self._texts_with: Counter[str] = Counter()
        self._texts = 0
        self._named: dict[str, dict[str, float]] = {}
        self._of_labels: tuple[str, ...] = ()

    def learn(
        self,
        text: str,
        spans: Iterable[tuple[int, int, str]],
        labels: Collection[str] = (),
        *,
        dropped: Iterable[tuple[int, int]] = (),
    ) -> None:
        """Take in a decided text and the labels it was given."""
        found = words_of(text)
        self._texts += 1
        self._texts_with.update(found)
        for label in {label for _, _, label in spans}:
            self._words.setdefault(label, Counter()).update(found)
            self._totals[label] += len(found)
            self._texts_of[label] += 1

    def suggest(
        self, text: str, tokens: Tokens, labels: Collection[str] = (), *, characters: bool = False
    ) -> list[Suggestion]:
        """Every label on offer for the whole text, the likeliest first."""
        labels = tuple(labels) or tuple(self._words)
        if len(labels) < 2 or not text:
            return []
        scores = self.scores(text, labels)
        if max(scores.values()) - min(scores.values()) < _SAME:
            return []
        ranked = sorted(scores, key=lambda label: -scores[label])
        return [
            Suggestion(0, len(text), label, SOURCE, round(scores[label], 4)) for label in ranked
        ]

    def scores(self, text: str, labels: Iterable[str]) -> dict[str, float]:
        """How likely each label is, as shares that sum to 1."""
        labels = tuple(labels)
        self._know(labels)
        found = words_of(text)
        # A word that no text had says nothing about any label but those it names.
        texts, texts_with = self._texts + 1, self._texts_with
        rarity = [math.log(texts / (texts_with[w] + 0.5)) if w in texts_with else 0 for w in found]
        vocabulary = _SMOOTHING * (len(self._texts_with) + 1)
        empty: Counter[str] = Counter()
        points: dict[str, float] = {}
        for label in labels:
            words, named = self._words.get(label, empty), self._named[label]
            of_all = math.log(self._totals[label] + vocabulary)
            sum_ = _PRIOR * math.log(self._texts_of[label] + 1)
            for word, weight in zip(found, rarity, strict=True):
                sum_ += (math.log(words.get(word, 0) + _SMOOTHING) - of_all) * weight
                if word in named:
                    sum_ += named[word]
            points[label] = sum_
        # Words are not independent: a long text would always be certain of itself.
        calm = 1 / max(1.0, math.sqrt(len(found)))
        highest = max(points.values())
        shares = {label: math.exp((value - highest) * calm) for label, value in points.items()}
        whole = sum(shares.values())
        return {label: share / whole for label, share in shares.items()}

    def _know(self, labels: tuple[str, ...]) -> None:
        """Weigh the words of names and descriptions: those that few labels have count most."""
        if labels == self._of_labels:
            return
        self._of_labels = labels
        names = {label: set(words_of(_HUMPS.sub(" ", label))) for label in labels}
        described = {label: set(words_of(self._descriptions.get(label, ""))) for label in labels}
        common = Counter(word for label in labels for word in names[label] | described[label])
        self._named = {
            label: {
                word: (_NAME if word in names[label] else _DESCRIPTION)
                * math.log(1 + len(labels) / common[word])
                * min(len(word) / _LONG, 1.0)
                for word in names[label] | described[label]
            }
            for label in labels
        }


def words_of(text: str) -> list[str]:
    """The words of a text without their endings, each once; pairs of signs in unspaced scripts."""
    runs = (match.group().lower() for match in _WORDS.finditer(text))
    if needs_characters(text):
        words = (run[i : i + 2] for run in runs for i in range(max(len(run) - 1, 1)))
    else:
        words = (_stem(run) for run in runs)
    return list(islice(dict.fromkeys(islice(words, 10 * _MOST_WORDS)), _MOST_WORDS))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
