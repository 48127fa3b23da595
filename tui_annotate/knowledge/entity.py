"""What a knowledge base holds, and what it offers for a mention."""

from __future__ import annotations

from dataclasses import dataclass

from tui_annotate.formats.mentions import NIL as NIL

REASONS = ("absent", "ambiguous", "not_an_entity")
"""Why: it is not in the knowledge base; the text does not tell which; it names nothing."""


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity of a knowledge base.

    Attributes:
        id: Its id, which is written as ``kb_id``.
        name: Its name.
        description: A few words on it; may be empty.
        aliases: Its other names.
        prior: How often it is meant, or a probability; only the order counts.
        url: Where to read about it; may be empty.
    """

    id: str
    name: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    prior: float | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a mention may be linked to.

    Attributes:
        id: The entity's id, or `NIL`.
        name: Its name.
        description: A few words on it.
        score: How likely it is meant, in [0, 1]; None where nobody has an opinion.
        nil: The reason, where the id is `NIL`.
        again: Whether the same mention was linked to it before.
        here: Whether it is offered because another mention in the text is linked to it.
    """

    id: str
    name: str
    description: str = ""
    score: float | None = None
    nil: str | None = None
    again: bool = False
    here: bool = False


def nil_candidate(reason: str, *, again: bool = False) -> Candidate:
    """A reason for NIL, in the place of a candidate."""
    return Candidate(NIL, f"NIL: {reason.replace('_', ' ')}", "", None, reason, again)
