"""Several sources' suggestions as one set that can be shown."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from msgspec.structs import replace

from tui_annotate.suggest.suggestion import Suggestion

_START = attrgetter("start")


def merge(
    sources: Iterable[Iterable[Suggestion]],
    *,
    overlap: bool = False,
    taken: Iterable[tuple[int, int]] = (),
) -> list[Suggestion]:
    """Merge suggestions, sorted by start, the longer one first.

    The same stretch with the same label is offered once, by the first source
    that has it. Without `overlap`, no two share a code point: an earlier
    source wins over a later one, and within a source the longer stretch.

    Args:
        sources: The suggestions of each source, in order of priority.
        overlap: Whether spans may overlap and nest.
        taken: Stretches (start, end) that nothing may touch, such as spans
            made by hand; with `overlap`, that nothing may repeat.
    """
    seen: set[tuple[int, int, str, int | None]] = set()
    kept: list[Suggestion] = []
    blocked = sorted(taken)
    stretches = set(blocked)
    for source in sources:
        for suggestion in sorted(source, key=lambda s: (s.start - s.end, s.start)):
            start, end = suggestion.start, suggestion.end
            same = start, end, suggestion.label, suggestion.channel
            if start >= end or same in seen:
                continue
            if overlap:
                if (start, end) in stretches:
                    continue
            elif _touches(blocked, start, end):
                continue
            else:
                insort(blocked, (start, end))
            seen.add(same)
            kept.append(suggestion)
    return sorted(kept, key=lambda s: (s.start, -s.end, s.label))


def trimmed(suggestions: Iterable[Suggestion], text: str) -> Iterator[Suggestion]:
    """Suggestions without white space at their borders; one of nothing else is left out.

    spaCy's training leaves out spans that begin or end with white space.
    """
    for one in suggestions:
        string = text[one.start : one.end] if one.start >= 0 and one.end <= len(text) else ""
        if not string or not (string[0].isspace() or string[-1].isspace()):
            yield one
        elif not string.isspace():
            start = one.end - len(string.lstrip())
            yield replace(one, start=start, end=start + len(string.strip()))


def windows(suggestions: Sequence[Suggestion], size: int) -> Iterator[list[Suggestion]]:
    """Suggestions in order of the text, some at a time: what overlaps stays together.

    Each window can be merged by itself, and the whole is the same.

    Args:
        suggestions: Suggestions in any order.
        size: How many a window has at least.
    """
    window: list[Suggestion] = []
    end = 0
    for suggestion in sorted(suggestions, key=_START):
        if len(window) >= size and suggestion.start >= end:
            yield window
            window = []
        window.append(suggestion)
        end = max(end, suggestion.end)
    if window:
        yield window


def _touches(blocked: list[tuple[int, int]], start: int, end: int) -> bool:
    # Nothing kept overlaps, so only the neighbours can touch.
    place = bisect_right(blocked, (start, end))
    return (place > 0 and blocked[place - 1][1] > start) or (
        place < len(blocked) and blocked[place][0] < end
    )
