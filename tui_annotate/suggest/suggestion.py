"""What a suggester offers for a stretch of text."""

from __future__ import annotations

import msgspec


class Suggestion(msgspec.Struct, frozen=True, omit_defaults=True):
    """A labelled stretch of text that a source offers.

    Attributes:
        start: Code point where it begins.
        end: Code point after its last.
        label: The label it would get.
        source: The name of the source, as the status line shows it.
        score: The source's own confidence in [0, 1], where it has one.
    """

    start: int
    end: int
    label: str
    source: str
    score: float | None = None
