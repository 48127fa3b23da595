"""What every worker process says of itself."""

from __future__ import annotations

import msgspec


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
