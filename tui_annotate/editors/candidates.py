"""Runs of tokens that look like something to label, where no model says so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container

from tui_annotate.text.tokens import Tokens, sentences

_JOINERS = frozenset(
    {"of", "de", "del", "di", "da", "van", "von", "der", "la", "le", "&", "-", "–"}
)


class Candidates:
    """Runs of capitalised or numeric tokens in a text, found once.

    A capital at the start of a sentence alone counts only if the word does
    not stand elsewhere in the text in small letters.

    Args:
        text: The text.
        tokens: Its tokens.
        known: Strings that were labelled before; they are always candidates.
    """

    def __init__(self, text: str, tokens: Tokens, known: Container[str] = ()) -> None:
        self._text = text
        self._tokens = tokens
        self._known = known
        self.ranges = self._find()
        self._starts = [start for start, _ in self.ranges]

    def _find(self) -> list[tuple[int, int]]:
        text, tokens = self._text, self._tokens
        words = [text[tokens.starts[i] : tokens.ends[i]] for i in tokens.stops]
        small = {word for word in words if word.islower()}
        stop_of = {token: n for n, token in enumerate(tokens.stops)}
        begins = {stop_of[i] for i in sentences(text, tokens) if i in stop_of}
        found: list[tuple[int, int]] = []
        n = 0
        while n < len(words):
            last = self._run(words, n, begins)
            if last is None:
                if words[n] in self._known:
                    last = n
                else:
                    n += 1
                    continue
            if last == n and n in begins and words[n] not in self._known:
                word = words[n]
                weak = word.lower() in small or (len(word) <= 3 and not word.isupper())
                if weak and not any(c.isdigit() for c in word):
                    n += 1
                    continue
            found.append((tokens.starts[tokens.stops[n]], tokens.ends[tokens.stops[last]]))
            n = last + 1
        return found

    @staticmethod
    def _strong(word: str) -> bool:
        return word[:1].isupper() or any(c.isdigit() for c in word)

    def _run(self, words: list[str], first: int, begins: Container[int]) -> int | None:
        if not self._strong(words[first]):
            return None
        last = first
        n = first + 1
        while n < len(words) and n not in begins:
            if self._strong(words[n]):
                last = n
            elif words[n] not in _JOINERS:
                break
            n += 1
        return last

    def after(self, offset: int) -> list[tuple[int, int]]:
        """The candidates that begin at or after an offset."""
        return self.ranges[bisect_left(self._starts, offset) :]

    def before(self, offset: int) -> list[tuple[int, int]]:
        """The candidates that begin before an offset, nearest first."""
        return self.ranges[: bisect_left(self._starts, offset)][::-1]
