"""A draft of spans made to fit a task whose text, spans or tokens have changed since."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import msgspec

from tui_annotate.editors.base import Restored
from tui_annotate.editors.spans.drafts import SpanDraft
from tui_annotate.text.alignment import Alignment
from tui_annotate.text.spans import Span, Spans
from tui_annotate.text.tokens import Tokens
from tui_annotate.wording import printable

_NAMED = 3
"""So many of what is left out are named."""


class Fitted(NamedTuple):
    """The spans of a draft as they fit the task.

    Attributes:
        added: Those that are to be put in.
        removed: Those that came with the task and are to go.
        restored: What there is to say of it.
    """

    added: set[Span]
    removed: set[Span]
    restored: Restored


def base_of(initial: Iterable[Span], tokens: Tokens) -> tuple[int, int]:
    """Numbers that differ where other spans came with a task, or where it has other tokens."""
    spans = repr([(one.start, one.end, one.label, one.link) for one in initial])
    borders = array("Q", tokens.starts).tobytes() + array("Q", tokens.ends).tobytes()
    return zlib.crc32(spans.encode("utf-8", "backslashreplace")), zlib.crc32(borders)


def fitted(
    draft: SpanDraft,
    initial: Collection[Span],
    tokens: Tokens,
    length: int,
    moved: Alignment,
    *,
    overlap: bool,
) -> Fitted:
    """Fit what a draft changed to the spans that come with the task now.

    What was made by hand wins over what came; a span that came is known by its place and label.

    Args:
        draft: The draft.
        initial: The spans that come with the task.
        tokens: Its tokens.
        length: How long its text is.
        moved: Where the parts of the text are that the draft was made of.
        overlap: Whether spans may overlap.
    """
    base = base_of(Spans(initial), tokens)
    same = moved.same and (draft.base or base)[0] == base[0] and set(draft.removed) <= set(initial)
    removed: set[Span] = set(draft.removed) if same else set()
    twins: dict[int | None, Span] = {}
    if not same:
        for was in draft.removed:
            if (now := _twin(was, initial, moved)) is not None:
                removed.add(now)
                twins[was.initial] = now
    added: list[Span] = []
    gone: list[Span] = []
    for span in draft.added:
        made = span if same else _moved(span, moved, twins)
        if made is not None and 0 <= made.start < made.end <= length:
            added.append(made)
        else:
            gone.append(span)
    given_way = 0
    if not same and not overlap:
        added, given_way = _made_room(added, Spans(set(initial) - removed), removed)
    adapted = []
    if not same and moved.same:
        adapted.append("other spans come with this task now; what you did is kept")
    if given_way:
        what = "a span that came gave" if given_way == 1 else f"{given_way} spans that came gave"
        adapted.append(f"{what} way to yours")
    if draft.base is not None and draft.base[1] != base[1] and not draft.characters:
        cut = sum(not _pending(one) and tokens.aligned(one.start, one.end) is None for one in added)
        if cut:
            what = "a span is" if cut == 1 else f"{cut} spans are"
            adapted.append(f"{what} off the borders of the tokens, which have changed")
    left_out = [one for one in gone if not _pending(one)]
    said = (f"{_count(left_out)} not fit the text any more: {_names(left_out, moved)}",)
    restored = Restored(tuple(adapted), said if left_out else (), len(left_out) < len(gone))
    return Fitted(set(added), removed, restored)


def _pending(span: Span) -> bool:
    """Whether nobody has done anything to a span by hand."""
    came_unlinked = span.initial is not None and span.link is not None and span.link.suggested
    return span.suggested or came_unlinked


def _twin(was: Span, initial: Collection[Span], moved: Alignment) -> Span | None:
    """The span that comes with the task now in the place of one that did."""
    place = moved.stretch(was.start, was.end)
    alike = [one for one in initial if (one.start, one.end) == place and one.label == was.label]
    return next((one for one in alike if one.link == was.link), next(iter(alike), None))


def _moved(span: Span, moved: Alignment, twins: dict[int | None, Span]) -> Span | None:
    place = moved.stretch(span.start, span.end)
    if place is None:
        return None
    twin = None if span.initial is None else twins.get(span.initial)
    return msgspec.structs.replace(
        span, start=place[0], end=place[1], initial=None if twin is None else twin.initial
    )


def _made_room(added: Sequence[Span], rest: Spans, removed: set[Span]) -> tuple[list[Span], int]:
    """Where two cross: what was made by hand stays, and what only was suggested goes."""
    kept: list[Span] = []
    given_way = 0
    for span in added:
        crossing = [one for one in rest.overlapping(span.start, span.end) if one not in removed]
        if crossing and _pending(span):
            continue
        removed.update(crossing)
        given_way += len(crossing)
        kept.append(span)
    return kept, given_way


def _count(spans: Sequence[Span]) -> str:
    return "a span does" if len(spans) == 1 else f"{len(spans)} spans do"


def _names(spans: Sequence[Span], moved: Alignment) -> str:
    named = [
        f"{printable(one.label, 20)} “{printable(text, 30)}”"
        if (text := moved.read(one.start, one.end))
        else printable(one.label, 20)
        for one in spans[:_NAMED]
    ]
    return ", ".join(named) + " …" * (len(spans) > _NAMED)
