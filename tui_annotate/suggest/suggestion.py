"""What a suggester offers for a stretch of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_annotate.text.rows import Row


class Suggestion(Row, frozen=True, omit_defaults=True, gc=False):
    """A labelled stretch of text that a source offers.

    Attributes:
        start: Code point where it begins.
        end: Code point after its last.
        label: The label it would get.
        source: The name of the source, as the status line shows it.
        score: The source's own confidence in [0, 1], where it has one.
        lemma: The lemmas of its words, with spaces between, where the source knows them.
        text: What is said in it, where it is a stretch of sound and the source knows that.
        kb_id: The entity that it offers to link a mention to, if that is what it offers.
        nil: Why it offers to link it to none, where the id is ``NIL``.
        look: It is worth a look there, no more: not put in, and not counted as offered.
        channel: The channel of a sound that it is about, from 0; None for all of them.
    """

    start: int
    end: int
    label: str
    source: str
    score: float | None = None
    lemma: str | None = None
    text: str | None = None
    kb_id: str | None = None
    nil: str | None = None
    look: bool = False
    channel: int | None = None

    @classmethod
    def from_span(cls, span: Mapping[str, Any], source: str) -> Suggestion:
        """From a span of a task, or an entry of ``_suggested``, that was found valid.

        Args:
            span: Its fields.
            source: The source, where the span does not name one.
        """
        if isinstance(span, Suggestion):
            return span
        named, score, lemma = span.get("source"), span.get("score"), span.get("lemma")
        return cls(
            span["start"],
            span["end"],
            str(span.get("label", "")),
            named if isinstance(named, str) and named else source,
            float(score) if isinstance(score, (int, float)) else None,
            lemma if isinstance(lemma, str) else None,
            kb_id=_text(span.get("kb_id")),
            nil=_text(span.get("nil")),
        )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
