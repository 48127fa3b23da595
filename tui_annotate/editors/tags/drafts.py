"""A draft of tags."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from tui_annotate.editors.drafts import TextDraft


class Tagged(NamedTuple):
    """The tag of a token.

    Attributes:
        label: The tag.
        source: The suggestion source it came from, if any.
        score: How probable that source holds it to be.
        manual: Whether the annotator has set it.
    """

    label: str
    source: str | None = None
    score: float | None = None
    manual: bool = False

    @property
    def suggested(self) -> bool:
        """Whether a source has suggested it and nobody has changed it."""
        return self.source is not None and not self.manual


class TagDraft(TextDraft, frozen=True, kw_only=True):
    """What a draft of tags keeps; tokens are given by their numbers.

    Attributes:
        tags: The tags that differ from the task as it came.
        ranked: Of the tokens where another may be wanted, what was suggested.
        offered: Of those, the best that was.
        seen: The tokens that somebody has looked at.
        joining: Whether the next tag is added to the one that is there.
        places: Number, start and end of the tokens that somebody has done something to.
        base: What tells the tokens from others; None in earlier versions.
    """

    tags: list[tuple[int, Tagged | None]]
    ranked: list[tuple[int, list[Any]]]
    offered: list[tuple[int, Any]]
    seen: list[int]
    joining: bool
    places: list[tuple[int, int, int]] = msgspec.field(default_factory=list)
    base: int | None = None
