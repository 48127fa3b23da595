"""What a source of suggestions must be able to do, and the texts that it gets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec

from tui_annotate.suggest.suggestion import Suggestion


class Prepared(msgspec.Struct, frozen=True):
    """A text as a suggester gets it.

    Attributes:
        text: The text.
        pairs: Start and end of each token, in code points.
        doc: The spaCy ``Doc`` of exactly these tokens, made by the session's
            pipeline or tokeniser.
    """

    text: str
    pairs: Sequence[tuple[int, int]]
    doc: Any


class Suggester(Protocol):
    """What a source of suggestions can do; it runs in the suggestion process.

    An entry point of the group ``tui_annotate.suggesters`` names a callable
    that takes ``labels`` and the options of `plugged` as keyword arguments and
    returns one. A long text comes in several documents, each with offsets of
    its own; a document's ``doc`` is good until `suggest` returns.
    """

    name: str

    def suggest(self, documents: Sequence[Prepared]) -> Iterable[Sequence[Suggestion]]:
        """For each document, in order, what to offer."""
        ...

    def feedback(self, text: str, spans: Sequence[tuple[int, int, str]]) -> None:
        """How a text was decided: start, end and label of each span."""
        ...


class Checked:
    """A suggester of another package, held to the protocol.

    Args:
        name: What its suggestions are to call their source.
        suggester: The suggester.
    """

    def __init__(self, name: str, suggester: Suggester) -> None:
        self.name = name
        self._suggester = suggester

    def suggest(self, documents: Sequence[Prepared]) -> list[list[Suggestion]]:
        """What it offers.

        Raises:
            ValueError: If that does not fit the documents.
        """
        answers = [list(offered) for offered in self._suggester.suggest(documents)]
        if len(answers) != len(documents):
            raise ValueError(f"it answered {len(answers)} of {len(documents)} texts")
        return [
            [self._checked(suggestion, len(document.text)) for suggestion in offered]
            for document, offered in zip(documents, answers, strict=True)
        ]

    def feedback(self, text: str, spans: Sequence[tuple[int, int, str]]) -> None:
        """Hand on how a text was decided."""
        self._suggester.feedback(text, spans)

    def _checked(self, suggestion: object, length: int) -> Suggestion:
        checked = msgspec.convert(suggestion, Suggestion, from_attributes=True)
        if not 0 <= checked.start < checked.end <= length or not checked.label:
            raise ValueError(
                f"it offered {checked.start}–{checked.end} {checked.label!r} in a text of {length}"
            )
        return msgspec.structs.replace(checked, source=self.name)
