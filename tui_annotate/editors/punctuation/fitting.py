"""A draft of punctuation made to fit a text that has changed, or that is cut into other words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from tui_annotate.editors.base import Restored
from tui_annotate.editors.drafts import moved_suggestions, read_suggestions
from tui_annotate.editors.punctuation.drafts import PunctuationDraft
from tui_annotate.inventory.marks import Side
from tui_annotate.text.alignment import Alignment
from tui_annotate.text.gaps import Word
from tui_annotate.text.mark_slots import Place, Slot, Slots, remaining
from tui_annotate.wording import printable

_NAMED = 3


class _Words:
    """Finds the words of a draft among those that there are now: each end of a word by itself."""

    def __init__(self, draft: PunctuationDraft, words: Sequence[Word], moved: Alignment) -> None:
        self._count = len(words)
        self._moved = moved
        self._by_start = {word.start: number for number, word in enumerate(words)}
        self._by_end = {word.end: number for number, word in enumerate(words)}
        self._places = {number: (start, end) for number, start, end in draft.places}

    def at(self, word: int, side: Side) -> int | None:
        """The word now with the border that a word of the draft had on a side."""
        if not self._places:
            # Earlier versions have kept no more than numbers.
            return word if 0 <= word < self._count else None
        place = self._places.get(word)
        found = None if place is None else self._moved.stretch(*place)
        if found is None:
            return None
        return self._by_start.get(found[0]) if side == "before" else self._by_end.get(found[1])

    def read(self, word: int, text: str) -> str:
        """What a word of the draft read."""
        start, end = self._places.get(word, (0, 0))
        return text[start:end] if self._moved.same else self._moved.read(start, end)


def fitted(
    draft: PunctuationDraft,
    text: str,
    words: Sequence[Word],
    original: Mapping[Place, Slots],
    moved: Alignment,
) -> tuple[PunctuationDraft, Restored]:
    """Find the words of a draft among those that there are now.

    Args:
        draft: The draft.
        text: The text as it is now.
        words: Its words.
        original: The marks that the text has of itself.
        moved: Where the parts of the text are that the draft was made of.

    Returns:
        The draft with the numbers that its words have now, and what became of it.
    """
    now = _Words(draft, words, moved)
    slots: list[tuple[int, str, Slots]] = []
    gone: list[str] = []
    changed = False
    for word, name, before in draft.slots:
        side: Side = "before" if name == "before" else "after"
        found = now.at(word, side)
        changed = changed or found != word
        if found is None:
            gone += [
                f"{printable(slot.mark, 5)} {printable(now.read(word, text), 20)}".strip()
                for slot in before
                if slot.manual and slot.mark is not None
            ]
            continue
        after = (
            before if moved.same else _moved_slots(before, original.get((found, side), ()), moved)
        )
        slots.append((found, side, after))
    capitals = [
        (found, flag)
        for word, flag in draft.capitals
        if (found := now.at(word, "before")) is not None
    ]
    lost_capitals = len(draft.capitals) - len(capitals)
    left_out = []
    if gone:
        what = "a mark has" if len(gone) == 1 else f"{len(gone)} marks have"
        more = " …" * (len(gone) > _NAMED)
        left_out.append(f"{what} no place any more: {', '.join(gone[:_NAMED])}{more}")
    if lost_capitals:
        what = "a capital was" if lost_capitals == 1 else f"{lost_capitals} capitals were"
        left_out.append(f"{what} of words that are not there any more")
    made = replace(
        draft,
        slots=slots,
        capitals=capitals,
        seen=[
            (found, side) for word, side in draft.seen if (found := now.at(word, side)) is not None
        ],
        hints=list(moved_suggestions(read_suggestions(draft.hints), moved)),
        looked_at=[
            found for word in draft.looked_at if (found := now.at(word, "after")) is not None
        ],
        capitalised=[
            (found, source)
            for word, source in draft.capitalised
            if (found := now.at(word, "before")) is not None
        ],
        offered=list(moved_suggestions(read_suggestions(draft.offered), moved)),
    )
    adapted = ("the words have changed; your marks are kept",) if changed and not gone else ()
    return made, Restored(adapted, tuple(left_out), ask_again=changed)


def _moved_slots(before: Slots, there: Slots, moved: Alignment) -> Slots:
    """The marks at a side of a word, beside those that the text has there now."""
    free = list(there)
    made: list[Slot] = []
    for slot in before:
        twin = next((one for one in free if one.original == slot.original), None)
        if slot.original is not None and twin is not None:
            free.remove(twin)
            made.append(slot._replace(offset=twin.offset, lead=twin.lead))
        else:
            offset = moved.place(slot.offset)
            made.append(slot._replace(original=None, offset=offset, lead=None))
    return remaining((*made, *free))
