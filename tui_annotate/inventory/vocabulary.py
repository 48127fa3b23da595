"""The words that a transcript may go on with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tui_annotate.errors import UsageError
from tui_annotate.wording import reason

_WORD = re.compile(r"\w[\w'’\-]*(?:\.\w+)*", re.UNICODE)
LEAST = 3
"""Shorter words are typed sooner than they are completed."""


class Vocabulary:
    """Words by how often they were said, those of the session before those of a list.

    Args:
        words: A list of words, the likeliest first.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._listed = tuple(dict.fromkeys(words))
        self._said: Counter[str] = Counter()

    def learn(self, text: str) -> None:
        """Take in what was said."""
        self._said.update(_words_of(text))

    def words(self, texts: Iterable[str] = ()) -> list[str]:
        """All words, the likeliest first.

        Args:
            texts: What was said besides, in the task on the desk.
        """
        said = self._said + Counter(word for text in texts for word in _words_of(text))
        ranked = sorted(said, key=lambda word: (-said[word], word))
        return list(dict.fromkeys((*ranked, *self._listed)))


def _words_of(text: str) -> Iterator[str]:
    return (word for word in _WORD.findall(text) if len(word) >= LEAST)


def read_vocabulary(values: Sequence[str]) -> Vocabulary:
    """Read a file of words, one a line, the likeliest first; what follows a tab is not read.

    Raises:
        UsageError: The file cannot be read.
    """
    path = Path(values[-1])
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(f"the words cannot be read ({reason(error)})", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise UsageError("the file of words is not UTF-8", where=str(path)) from error
    words = (line.partition("\t")[0].strip() for line in lines)
    return Vocabulary(word for word in words if word)
