"""Runs of tokens that look like something to label, where no model says so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterator
from functools import cached_property

from tui_annotate.text.tokens import Tokens

_JOINERS = frozenset(
    {"of", "'s", "’s", "de", "del", "di", "da", "van", "von", "der", "la", "le", "&", "-", "–"}
)
_ENDS = frozenset({".", "!", "?", "…", "。", "！", "？", ":"})
_BLOCK = 64
_LONGEST = 6
"""Tokens that a string labelled before may have, to be looked for."""


class Candidates:
    """Runs of capitalised or numeric tokens in a text, found as they are asked for.

    A capital at the start of a sentence alone counts only if the word is not
    short and does not stand elsewhere in the text in small letters.

    Args:
        text: The text.
        tokens: Its tokens.
        known: Strings that were labelled before; they are always candidates.
    """

    def __init__(self, text: str, tokens: Tokens, known: Container[str] = ()) -> None:
        self._text = text
        self._stops = tokens.stops
        self._starts = [tokens.starts[i] for i in tokens.stops]
        self._ends = [tokens.ends[i] for i in tokens.stops]
        self._known = known

    @cached_property
    def _small(self) -> frozenset[str]:
        return frozenset(word for word in self._text.split() if word.islower())

    def _word(self, n: int) -> str:
        return self._text[self._starts[n] : self._ends[n]]

    def _begins(self, n: int) -> bool:
        """Whether a sentence or a line begins with a token."""
        if n == 0 or "\n" in self._text[self._ends[n - 1] : self._starts[n]]:
            return True
        return self._word(n - 1) in _ENDS

    @staticmethod
    def _strong(word: str) -> bool:
        return word[:1].isupper() or any(c.isdigit() for c in word)

    def _run(self, first: int) -> int | None:
        """The last token of the run that begins with a token, or None."""
        word = self._word(first)
        known = self._known_from(first)
        if not self._strong(word):
            return known
        last = first
        n = first + 1
        while n < len(self._starts) and not self._begins(n):
            if self._strong(self._word(n)):
                last = n
            elif self._word(n) not in _JOINERS:
                break
            n += 1
        if known is not None and known >= last:
            return known
        alone = last == first and self._begins(first)
        if alone and not any(c.isdigit() for c in word):
            short = len(word) <= 3 and not word.isupper()
            if short or word.lower() in self._small:
                return None
        return last

    def _known_from(self, first: int) -> int | None:
        """The last token of the longest string labelled before that begins with a token."""
        text, start = self._text, self._starts[first]
        stop = min(first + _LONGEST, len(self._starts))
        return next(
            (
                n
                for n in range(stop - 1, first - 1, -1)
                if text[start : self._ends[n]] in self._known
            ),
            None,
        )

    def after(self, offset: int) -> Iterator[tuple[int, int]]:
        """The candidates that begin at or after an offset, in order."""
        n = bisect_left(self._starts, offset)
        yield from ((self._starts[a], self._ends[b]) for a, b in self._runs(n, len(self._starts)))

    def before(self, offset: int) -> Iterator[tuple[int, int]]:
        """The candidates that begin before an offset, nearest first."""
        end = bisect_left(self._starts, offset)
        while end > 0:
            start = max(end - _BLOCK, 0)
            while start > 0 and not self._begins(start):
                start -= 1
            for a, b in reversed(list(self._runs(start, end))):
                yield self._starts[a], self._ends[b]
            end = start

    def _runs(self, n: int, end: int) -> Iterator[tuple[int, int]]:
        while n < end:
            last = self._run(n)
            if last is not None:
                yield n, last
                n = last
            n += 1
