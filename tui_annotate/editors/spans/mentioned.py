"""The entities that a text is about already: those that its mentions are linked to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator

from tui_annotate.knowledge.folding import words
from tui_annotate.text.spans import Span, Spans

_LOOKED_AT = 200
"""How many linked mentions on each side are looked at."""


class Mentioned:
    """What other mentions in a text are linked to, the nearest before a mention first.

    Args:
        text: The text.
        spans: Its mentions.
        name: The name of the entity of an id.
    """

    def __init__(self, text: str, spans: Spans, name: Callable[[str], str]) -> None:
        self._text = text
        self._name = name
        self._linked = [
            (span, span.link.kb_id)
            for span in spans
            if span.link is not None and span.link.nil is None and not span.link.suggested
        ]
        self._starts = [span.start for span, _ in self._linked]
        self._words: dict[str, frozenset[str]] = {}

    def around(self, span: Span) -> tuple[list[str], list[str]]:
        """The ids of those that a mention names a part of, and of the others."""
        wanted = frozenset(words(self._text[span.start : span.end]))
        named: list[str] = []
        others: list[str] = []
        for id_ in dict.fromkeys(self._nearest(span)):
            alike = wanted and wanted <= self._words_of(id_)
            (named if alike else others).append(id_)
        return named, others

    def _nearest(self, span: Span) -> Iterator[str]:
        at = bisect_left(self._starts, span.start)
        before = range(at - 1, max(at - 1 - _LOOKED_AT, -1), -1)
        after = range(at, min(at + _LOOKED_AT, len(self._linked)))
        for number in (*before, *after):
            other, id_ = self._linked[number]
            if other != span:
                yield id_

    def _words_of(self, id_: str) -> frozenset[str]:
        found = self._words.get(id_)
        if found is None:
            found = self._words[id_] = frozenset(words(self._name(id_)))
        return found
