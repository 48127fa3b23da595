"""What a suggester offers for a stretch of text."""

from __future__ import annotations

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
        hints_only: It is worth a look there, no more: not put in, and not counted as offered.
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
    hints_only: bool = False
    channel: int | None = None
