"""Extended grapheme clusters (UAX #29): what a reader takes for one character.

The rules are wcwidth's. Most text needs none of them, so two classes of code
points that never join one another are kept here: where there is nothing else,
wcwidth is neither called nor imported, which takes longer than most documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import cache, lru_cache
from itertools import accumulate
from typing import Final

# Ranges for character classes: printable code points that are clusters of their
# own beside any other of them, and take one cell, or two, everywhere. Some join
# with what is not in the ranges (a combining mark, a joiner, a Hangul jamo).
# The plain ones also run from left to right.
PLAIN: Final = (
    "\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u0482\u048a-\u0556"
    "\u0561-\u0587\u10d0-\u10ff\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u2010-\u2027"
    "\u2030-\u203b\u203d-\u2048\u20a0-\u20c0\u2500-\u257f"
)
NARROW: Final = (
    f"{PLAIN}\u05d0-\u05ea\u0620-\u064a\u0671-\u06d3\u0904-\u0939\u0e01-\u0e30\u0e40-\u0e46"
)
WIDE: Final = (
    "\u3000-\u3029\u3041-\u3096\u309b-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60"
    "\U0001f442-\U0001f4fc\U0001f600-\U0001f64f\U0001f680-\U0001f6c5\U0001f947-\U0001f9ff"
)
_REGIONAL = "".join(map(chr, range(0x1F1E6, 0x1F200)))


@cache
def _simple() -> re.Pattern[str]:
    # Most texts are ASCII, and never need it.
    return re.compile(f"[\t\n{NARROW}{WIDE}]*")


@cache
def _clusters() -> Callable[[str, int, int], Iterator[str]]:
    from wcwidth import iter_graphemes

    return iter_graphemes


def clusters(text: str, start: int, end: int) -> Iterator[str]:
    """Iterate lazily over the clusters themselves; what is not read costs nothing.

    Args:
        text: The text.
        start: Where to begin, in code points; taken for a boundary.
        end: Where to stop (exclusive).
    """
    return _clusters()(text, start, end)


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
    simple = _simple().match(text, start, end)
    if simple is not None and simple.end() >= end:
        yield from zip(range(start, end), range(start + 1, end + 1), strict=True)
        return
    for cluster in clusters(text, start, end):
        yield start, (start := start + len(cluster))


def is_boundary(text: str, offset: int) -> bool:
    """Whether a text may be cut before the code point at ``offset``.

    The start and the end of the text are boundaries; CR LF is one cluster.
    """
    if offset <= 0 or offset >= len(text):
        return 0 <= offset <= len(text)
    before, after = text[offset - 1], text[offset]
    if before < "\x80" and after < "\x80":
        return not (before == "\r" and after == "\n")
    alone = _parts(before, after)
    if alone is not None:
        return alone
    if before in _REGIONAL:
        return (offset - len(text[:offset].rstrip(_REGIONAL))) % 2 == 0
    start = offset - 1
    while start > 0 and not _parts(text[start - 1], text[start]):
        start -= 1
    for cluster in clusters(text, start, len(text)):
        start += len(cluster)
        if start >= offset:
            break
    return start == offset


@lru_cache(maxsize=1 << 15)
def _parts(before: str, after: str) -> bool | None:
    """Whether two code points part; None if that depends on what precedes them."""
    joined = _join(before, after)
    if before in _REGIONAL and after in _REGIONAL:
        return None
    # Emoji sequences and Indic conjuncts join across a mark or joiner.
    if not joined and after >= "\x80" and _join("a", before):
        return None
    return not joined


def _join(before: str, after: str) -> bool:
    return len(next(clusters(before + after, 0, 2))) == 2


def all_boundaries(text: str, offsets: Collection[int]) -> bool:
    """Whether a text may be cut at each of these code point offsets."""
    if text.isascii() and "\r" not in text:
        return True
    # Few different pairs of code points stand at the borders of many tokens.
    around = {text[offset - 1 : offset + 1] for offset in offsets if offset > 0}
    verdicts = {pair: _parts(pair[0], pair[1]) for pair in around if len(pair) == 2}
    if False in verdicts.values():
        return False
    unsure = {pair for pair, verdict in verdicts.items() if verdict is None}
    return not unsure or all(
        is_boundary(text, offset)
        for offset in offsets
        if offset > 0 and text[offset - 1 : offset + 1] in unsure
    )


def boundaries(text: str) -> frozenset[int]:
    """All the code point offsets where a text may be cut, its start and end among them."""
    return frozenset(accumulate(map(len, clusters(text, 0, len(text))), initial=0))
