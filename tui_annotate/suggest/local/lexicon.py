"""What this annotator labels a string as, learned while they work."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING

from tui_annotate.suggest.suggestion import Suggestion

if TYPE_CHECKING:
    from tui_annotate.text.tokens import Tokens

SOURCE = "lexicon"
_MEMORY = 16
"""A count this high is halved with its fellows: what is new weighs more."""

_LONGEST = 200
"""Longer strings do not come again."""

_WORDS = re.compile(r"\w+|[^\w\s]")


class Lexicon:
    """Strings, and the labels they were given.

    A string counts once per text: for each label it has in it, or as left
    alone. It is offered with the label it has most often, as long as that was
    right more than half the time. Case matters.

    Args:
        descriptions: What is known about the labels; of no use here.
    """

    def __init__(self, descriptions: Mapping[str, str] | None = None) -> None:
        self._labels: dict[str, dict[str, int]] = {}
        self._alone: dict[str, int] = {}
        # The lengths of the strings that begin with these one or two code points, longest first.
        self._lengths: dict[str, list[int]] = {}

    def __len__(self) -> int:
        """How many strings it knows."""
        return len(self._labels)

    def __contains__(self, string: object) -> bool:
        """Whether a string was labelled before, even if it is no longer offered."""
        return string in self._labels

    def learn(
        self,
        text: str,
        spans: Iterable[tuple[int, int, str]],
        labels: Collection[str] = (),
        *,
        tokens: Tokens | None = None,
        dropped: Iterable[tuple[int, int]] = (),
    ) -> None:
        """Take in an accepted text.

        Args:
            text: The text.
            spans: Start, end and label of each of its spans.
            labels: The labels that were on offer; a string is not held to be left
                alone where its label was not among them. None named means any.
            tokens: Its tokens; without them words are found by a plain rule.
            dropped: What was offered and taken off: left alone, whatever its borders.
        """
        decided = list(spans)
        labelled = {(text[start:end], label) for start, end, label in decided}
        strings = {string for string, _ in labelled}
        # Of the spans that begin before a place, how far the farthest reaches.
        lefts = sorted(left for left, _, _ in decided)
        reach = list(accumulate((right for _, right, _ in sorted(decided)), max, initial=0))
        alone = {
            text[start:end]
            for start, end in self._occurrences(text, *_borders(text, tokens))
            if reach[bisect_left(lefts, end)] <= start
        }
        alone.update(text[start:end] for start, end in dropped)
        for string in alone - strings:
            offered = self._label(string)
            if offered is not None and (not labels or offered in labels):
                self._count(self._alone, string)
        for string, label in sorted(labelled):
            if string.strip() and len(string) <= _LONGEST:
                self._add(string, label)

    def suggest(
        self,
        text: str,
        tokens: Tokens,
        labels: Collection[str] = (),
        *,
        characters: bool = False,
    ) -> list[Suggestion]:
        """What to offer for a text: longest matches, from the left, none overlapping.

        Args:
            text: The text.
            tokens: Its tokens; matches begin and end at their borders.
            labels: The labels on offer; any, if none is named.
            characters: Match between any two graphemes instead, for scripts
                without spaces.
        """
        if not self._labels:
            return []
        found = []
        after = 0
        borders = _graphemes(text) if characters else _borders(text, tokens)
        for start, end in self._occurrences(text, *borders):
            label = self._label(text[start:end])
            if start < after or label is None or (labels and label not in labels):
                continue
            score = self._share(text[start:end], label)
            if score > 0.5:
                found.append(Suggestion(start, end, label, SOURCE, round(score, 2)))
                after = end
        return found

    def _occurrences(
        self, text: str, starts: Iterable[int], is_end: Callable[[int], bool]
    ) -> Iterator[tuple[int, int]]:
        """Where known strings stand; of those at one place the longest first."""
        known, lengths = self._labels, self._lengths
        for start in starts:
            prefix = text[start : start + 2]
            for length in lengths.get(prefix, ()):
                if text[start : start + length] in known and is_end(start + length):
                    yield start, start + length
            if prefix[:1] in known and len(prefix) == 2 and is_end(start + 1):
                yield start, start + 1

    def _label(self, string: str) -> str | None:
        counts = self._labels.get(string)
        # The newest of equals: counts keep the order of their last change.
        return max(reversed(counts), key=counts.__getitem__) if counts else None

    def _share(self, string: str, label: str) -> float:
        counts = self._labels[string]
        return counts[label] / (sum(counts.values()) + self._alone.get(string, 0))

    def _add(self, string: str, label: str) -> None:
        counts = self._labels.setdefault(string, {})
        counts[label] = counts.pop(label, 0) + 1
        lengths = self._lengths.setdefault(string[:2], [])
        if len(string) not in lengths:
            lengths.append(len(string))
            lengths.sort(reverse=True)
        self._fade(string)

    def _count(self, counts: dict[str, int], string: str) -> None:
        counts[string] = counts.get(string, 0) + 1
        self._fade(string)

    def _fade(self, string: str) -> None:
        counts = self._labels[string]
        alone = self._alone.get(string, 0)
        if max(alone, *counts.values()) < _MEMORY:
            return
        self._alone[string] = alone // 2
        halved = {label: count // 2 for label, count in counts.items() if count > 1}
        if halved:
            self._labels[string] = halved
        else:
            del self._labels[string], self._alone[string]


Borders = tuple[Iterable[int], Callable[[int], bool]]


def _borders(text: str, tokens: Tokens | None) -> Borders:
    if tokens is not None:
        return tokens.starts, frozenset(tokens.ends).__contains__
    return _sides(match.span() for match in _WORDS.finditer(text))


def _graphemes(text: str) -> Borders:
    from tui_annotate.text.graphemes import graphemes

    return _sides(graphemes(text))


def _sides(pairs: Iterable[tuple[int, int]]) -> Borders:
    listed = list(pairs)
    return [start for start, _ in listed], {end for _, end in listed}.__contains__
