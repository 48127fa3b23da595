"""What the drafts of all editors of texts have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import msgspec
from msgspec.structs import replace

from tui_annotate.editors.caret import Caret
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment


class TextDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a draft keeps. Some names in the file are older than those in the program.

    Attributes:
        cursor: Where the cursor is.
        anchor: Where the selection began, if there is one.
        selecting: Whether plain moves extend the selection.
        auto_advance: Whether a label goes on to what wants one next.
        last_label: The label that was given last.
        touched: Whether the annotator has changed anything.
    """

    cursor: int
    anchor: int | None
    selecting: bool = msgspec.field(name="held")
    auto_advance: bool = msgspec.field(name="led", default=False)
    last_label: str | None
    touched: bool

    def encode(self) -> dict[str, Any]:
        """As values that can be written as JSON."""
        values = (getattr(self, name) for name in self.__struct_fields__)
        return dict(zip(self.__struct_encode_fields__, values, strict=True))

    @classmethod
    def decode(cls, state: Mapping[str, Any]) -> Self:
        """From such values.

        Raises:
            ValueError: They are no such draft.
        """
        return msgspec.convert(state, cls)

    def put_caret(self, caret: Caret, moved: Alignment = SAME) -> None:
        """Put a caret where it was.

        Args:
            caret: The caret.
            moved: Where the parts of the text are that it stood in.
        """
        caret.move_to(moved.place(self.cursor))
        anchor = None if self.anchor is None else caret.unit(moved.place(self.anchor))[0]
        caret.anchor, caret.selecting = anchor, self.selecting


def read_suggestions(entries: list[Any]) -> list[Suggestion]:
    """The suggestions of a draft; earlier versions have written rows of values."""
    return [
        Suggestion(*entry) if isinstance(entry, list | tuple) else PLAIN.decode(entry)
        for entry in entries
    ]


def moved_suggestions(found: list[Suggestion], moved: Alignment) -> list[Suggestion]:
    """Suggestions for an earlier text where they belong in a later one, without those gone."""
    if moved.same:
        return found
    places = ((one, moved.stretch(one.start, one.end)) for one in found)
    return [replace(one, start=at[0], end=at[1]) for one, at in places if at is not None]
