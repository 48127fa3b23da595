"""What every worker process says of itself."""

from __future__ import annotations

import msgspec

LONGEST = 300
"""How many characters of an error are said."""


class Ready(msgspec.Struct, frozen=True, tag=True):
    """Everything is loaded.

    Attributes:
        labels: Of each source that could be loaded, the labels it can offer.
        notices: What the user should know, one sentence each.
    """

    labels: dict[str, list[str]]
    notices: list[str] = []


class Failed(msgspec.Struct, frozen=True, tag=True):
    """One source cannot go on; the others do.

    Attributes:
        message: One sentence for the user.
        source: The source that is gone; none if it is the tokeniser, which is
            then replaced by spaCy's for any language.
    """

    message: str
    source: str | None = None


class Gone(msgspec.Struct, frozen=True, tag=True):
    """A worker process has ended without being asked to.

    Attributes:
        reason: One sentence for the user.
    """

    reason: str


def sentence(error: BaseException) -> str:
    """An error in one line, without a full stop."""
    text = " ".join(str(error).split()).removesuffix(".") or type(error).__name__
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
