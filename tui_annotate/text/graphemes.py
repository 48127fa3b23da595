"""Extended grapheme clusters (UAX #29): what a reader takes for one character.

The rules are wcwidth's. Most text needs none of them, so a class of code
points that never join their like is kept here: between two of those there is
always a boundary, and wcwidth is neither called nor imported for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

# Code points that are clusters of their own beside one another. Some of them
# join others that are not in the class (a combining mark, a Hangul jamo), so
# only a pair of them proves a boundary. Carriage return is not one of them.
_SIMPLE = (
    "\x00-\x0c\x0e-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u058f"
    "\u05d0-\u05ea\u0620-\u064a\u0671-\u06d3\u0e01-\u0e30\u0e40-\u0e46\u10a0-\u10ff"
    "\u1e00-\u1fff\u2010-\u2027\u202f-\u205e\u20a0-\u20cf\u2100-\u2bff"
    "\u3000-\u3029\u3041-\u3096\u309b-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uff01-\uff9d"
)
_SIMPLE_PAIR = re.compile(f"[{_SIMPLE}]{{2}}")
# From one boundary that is certain to the next, around what may join.
_JOINING = re.compile(f"[{_SIMPLE}]?[^{_SIMPLE}]+(?:[{_SIMPLE}][^{_SIMPLE}]+)*[{_SIMPLE}]?")


@cache
def _clusters() -> Callable[[str, int, int], Iterator[str]]:
    # wcwidth takes longer to import than most documents take to lay out.
    from wcwidth import iter_graphemes

    return iter_graphemes


def graphemes(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Iterate over the clusters of a part of a text.

    Args:
        text: The text.
        start: Where to begin, in code points; taken for a boundary.
        end: Where to stop (exclusive); the end of the text if not given.

    Yields:
        The code point range (start, end) of each cluster; together they cover
        the part without a gap.
    """
    end = len(text) if end is None else min(end, len(text))
    at = start
    for joining in _JOINING.finditer(text, start, end):
        first, last = joining.span()
        while at < first:
            yield at, at + 1
            at += 1
        for cluster in _clusters()(text, first, last):
            yield at, (at := at + len(cluster))
    while at < end:
        yield at, at + 1
        at += 1


def clusters_from(text: str, start: int, end: int) -> Iterator[str]:
    """Iterate lazily over the clusters themselves, however long the part is.

    For a reader that stops early: nothing beyond the clusters read is looked at.
    """
    return _clusters()(text, start, end)


def inner_offsets(text: str) -> frozenset[int]:
    """The code point offsets that lie inside a cluster, where no cut may be made."""
    inner: set[int] = set()
    if text.isascii() and "\r" not in text:
        return frozenset()
    for joining in _JOINING.finditer(text):
        at, last = joining.span()
        for cluster in _clusters()(text, at, last):
            following = at + len(cluster)
            if following - at > 1:
                inner.update(range(at + 1, following))
            at = following
    return frozenset(inner)


def is_boundary(text: str, offset: int) -> bool:
    """Whether a text may be cut before the code point at ``offset``.

    The start and the end of the text are boundaries; CR LF is one cluster.
    """
    if offset <= 0 or offset >= len(text):
        return 0 <= offset <= len(text)
    before, after = text[offset - 1], text[offset]
    if before < "\x80" and after < "\x80":
        return not (before == "\r" and after == "\n")
    start = offset - 1
    if _SIMPLE_PAIR.match(text, start):
        return True
    while start > 0 and not _SIMPLE_PAIR.match(text, start - 1):
        start -= 1
    for cluster in _clusters()(text, start, len(text)):
        start += len(cluster)
        if start >= offset:
            break
    return start == offset
