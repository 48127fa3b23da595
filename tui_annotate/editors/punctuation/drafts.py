"""A draft of punctuation."""

from __future__ import annotations

from typing import Any

import msgspec

from tui_annotate.editors.drafts import TextDraft
from tui_annotate.text.mark_slots import Place, Slots


class PunctuationDraft(TextDraft, frozen=True, kw_only=True):
    """What a draft of punctuation keeps.

    Attributes:
        slots: The places that differ from the task as it came: word, side, marks.
        capitals: The words whose capital was changed; None for one that follows the marks.
        seen: The places where somebody has looked at what is suggested.
        hints: The places where it is worth a look, no more.
        looked_at: The words of those that somebody has looked at.
        capitalised: The words that a source wants written large, and the source.
        adding: Whether the next mark is put beside the one that is there.
        offered: What has been offered.
        places: Number, start and end of every word that is named; none in earlier versions.
    """

    slots: list[tuple[int, str, Slots]]
    capitals: list[tuple[int, bool | None]]
    seen: list[Place]
    hints: list[Any] = msgspec.field(name="looks", default_factory=list)
    looked_at: list[int] = msgspec.field(name="looked", default_factory=list)
    capitalised: list[tuple[int, str]] = msgspec.field(name="large", default_factory=list)
    adding: bool
    offered: list[Any]
    places: list[tuple[int, int, int]] = msgspec.field(default_factory=list)
