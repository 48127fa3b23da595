"""A draft of tags made to fit a text that has changed, or that is cut into other tokens."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from tui_annotate.editors.base import Restored
from tui_annotate.editors.drafts import moved_suggestions, read_suggestions
from tui_annotate.editors.tags.drafts import TagDraft, Tagged
from tui_annotate.text.alignment import Alignment
from tui_annotate.wording import printable

_NAMED = 3


def base_of(starts: Sequence[int], ends: Sequence[int]) -> int:
    """A number that differs where a text is cut into other tokens."""
    return zlib.crc32(array("Q", starts).tobytes() + array("Q", ends).tobytes())


def fitted(
    draft: TagDraft, text: str, starts: Sequence[int], ends: Sequence[int], moved: Alignment
) -> tuple[TagDraft, Restored]:
    """Find the tokens of a draft among those that there are now.

    A token is known by its place in the text.

    Args:
        draft: The draft.
        text: The text as it is now.
        starts: Where each token begins.
        ends: Where each token ends.
        moved: Where the parts of the text are that the draft was made of.

    Returns:
        The draft with the numbers that its tokens have now, and what became of it.
    """
    named = {i for i, _ in (*draft.tags, *draft.ranked, *draft.offered)}.union(draft.seen)
    same = moved.same and draft.base in (None, base_of(starts, ends))
    if same:
        # The same tokens, or a draft of an earlier version, which kept no more than numbers.
        now = {index: index for index in named if 0 <= index < len(starts)}
    else:
        by_place = {place: index for index, place in enumerate(zip(starts, ends, strict=True))}
        now = {}
        for index, start, end in draft.places:
            place = moved.stretch(start, end)
            if place is not None and place in by_place:
                now[index] = by_place[place]
    gone = [
        (index, tag)
        for index, tag in draft.tags
        if index not in now and tag is not None and tag.manual
    ]
    left_out: tuple[str, ...] = ()
    if gone:
        what = "a tag is" if len(gone) == 1 else f"{len(gone)} tags are"
        left_out = (
            f"{what} of tokens that are not there any more: {_names(draft, gone, moved, text)}",
        )
    made = replace(
        draft,
        tags=[(now[i], tag) for i, tag in draft.tags if i in now],
        ranked=[(now[i], _moved(rows, moved)) for i, rows in draft.ranked if i in now],
        offered=[
            (now[i], row) for i, rows in draft.offered if i in now for row in _moved([rows], moved)
        ],
        seen=[now[i] for i in draft.seen if i in now],
    )
    adapted = ("the tokens have changed; your tags are kept",) if not same and not gone else ()
    return made, Restored(adapted, left_out, ask_again=not same)


def _moved(rows: list[object], moved: Alignment) -> list[object]:
    if moved.same:
        return rows
    return list(moved_suggestions(read_suggestions(rows), moved))


def _names(draft: TagDraft, gone: Sequence[tuple[int, Tagged]], moved: Alignment, text: str) -> str:
    places: Mapping[int, tuple[int, int]] = {i: (start, end) for i, start, end in draft.places}
    named = []
    for index, tag in gone[:_NAMED]:
        start, end = places.get(index, (0, 0))
        word = text[start:end] if moved.same else moved.read(start, end)
        named.append(f"{printable(word, 20)} {printable(tag.label, 12)}".strip())
    return ", ".join(named) + " …" * (len(gone) > _NAMED)
