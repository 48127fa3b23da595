"""The words that a transcript may go on with."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tui_annotate.errors import UsageError

_WORD = re.compile(r"\w[\w'’\-]*(?:\.\w+)*", re.UNICODE)
LEAST = 2
"""Shorter words are typed sooner than they are completed."""


class Vocabulary:
    """Words by how often they were said, those of the session before those of a list.

    Args:
        words: A list of words, the likeliest first.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._listed = {word: place for place, word in enumerate(dict.fromkeys(words))}
        self._said: Counter[str] = Counter()
        self._sorted = sorted((word.casefold(), word) for word in self._listed)

    def learn(self, text: str) -> None:
        """Take in what was said."""
        for word in _WORD.findall(text):
            if len(word) < LEAST:
                continue
            if word not in self._said and word not in self._listed:
                insort(self._sorted, (word.casefold(), word))
            self._said[word] += 1

    def complete(self, begun: str, limit: int = 9) -> list[str]:
        """The words that begin so, the likeliest first; capitals matter only if typed.

        Args:
            begun: How the word begins.
            limit: How many at most.
        """
        if not begun:
            return []
        folded = begun.casefold()
        found: list[str] = []
        for place in range(bisect_left(self._sorted, (folded,)), len(self._sorted)):
            key, word = self._sorted[place]
            if not key.startswith(folded):
                break
            if word != begun and (begun == begun.casefold() or word.startswith(begun)):
                found.append(word)
        last = len(self._listed)
        found.sort(key=lambda word: (-self._said[word], self._listed.get(word, last), word))
        return found[:limit]


def word_before(text: str, caret: int) -> str:
    """The part of a word that stands before the caret; nothing where none does."""
    for match in _WORD.finditer(text):
        if match.start() < caret <= match.end():
            return text[match.start() : caret]
    return ""


def read_vocabulary(values: Sequence[str]) -> Vocabulary:
    """Read a file of words, one a line, the likeliest first; what follows a tab is not read.

    Raises:
        UsageError: The file cannot be read.
    """
    path = Path(values[-1])
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(f"the words cannot be read ({error.strerror})", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise UsageError("the file of words is not UTF-8", where=str(path)) from error
    words = (line.partition("\t")[0].strip() for line in lines)
    return Vocabulary(word for word in words if word)
