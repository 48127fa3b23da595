"""A draft of labelled spans."""

from __future__ import annotations

from typing import Any

from tui_annotate.editors.drafts import TextDraft
from tui_annotate.text.spans import Span


class SpanDraft(TextDraft, frozen=True, kw_only=True):
    """What a draft of spans keeps.

    Attributes:
        added: The spans that did not come with the task as they are.
        removed: The spans that came with it and are not there as they came.
        characters: Whether the cursor moves by characters.
        offered: What has been offered since the task was opened.
        base: What tells the spans that came, and the tokens, from others; None if it is not known.
        order: Of ranked phrases, their words and labels in the order of the ranks.
    """

    added: list[Span]
    removed: list[Span]
    characters: bool
    offered: list[Any]
    base: tuple[int, int] | None = None
    order: list[tuple[str, str]] | None = None
