"""What stands around the gaps between words, as names that a model gives weights to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

_FAR = (1, 2, 3, 4, 6, 8, 11, 15, 20, 30)
_SHORT = (1, 2, 3, 5, 8)
_NOBODY = "-"


def bucket(count: int, bounds: Sequence[int] = _FAR) -> int:
    """The first of some bounds that a count does not pass; the last one for more."""
    return next((bound for bound in bounds if count <= bound), bounds[-1] + 1)


def of_words(words: Sequence[str]) -> list[list[str]]:
    """What the words themselves say about the gap after each.

    Args:
        words: The words of a text, without its marks.
    """
    small = [word.casefold().replace("’", "'") for word in words]
    found = []
    for n, word in enumerate(small):
        following = small[n + 1] if n + 1 < len(small) else _NOBODY
        second = small[n + 2] if n + 2 < len(small) else _NOBODY
        before = small[n - 1] if n else _NOBODY
        own = words[n + 1][:1].isupper() if n + 1 < len(words) else False
        found.append(
            [
                f"l={word}",
                f"r={following}",
                f"k={before}",
                f"s={second}",
                f"lr={word} {following}",
                f"rs={following} {second}",
                f"kl={before} {word}",
                f"c={words[n][:1].isupper():d}{own:d}",
            ]
        )
    return found


def of_place(opening: str, mark: int, stop: int) -> list[str]:
    """What the marks before a gap say about it.

    Args:
        opening: The first word after the last stop.
        mark: How many words stand between the last mark and the gap.
        stop: How many stand between the last stop and the gap.
    """
    return [f"d={bucket(mark)}", f"D={bucket(stop)}", f"q={opening.casefold()}"]


def of_parse(doc: Any, groups: Sequence[tuple[int, int]]) -> list[list[str]]:
    """What tags and a parse say about the gap after each word.

    Args:
        doc: The text, tagged and, it may be, parsed.
        groups: The first and the last token of each word.
    """
    tags = [token.tag_ or token.pos_ for token in doc]
    parsed = doc.has_annotation("DEP")
    crossing = _crossing(doc) if parsed else []
    found = []
    for n, (_, last) in enumerate(groups):
        following = groups[n + 1][0] if n + 1 < len(groups) else None
        a = tags[last]
        z = tags[last - 1] if last else _NOBODY
        b = tags[following] if following is not None else _NOBODY
        c = tags[following + 1] if following is not None and following + 1 < len(tags) else _NOBODY
        names = [f"pa={a}", f"pb={b}", f"pab={a} {b}", f"pzab={z} {a} {b}", f"pabc={a} {b} {c}"]
        if parsed and following is not None:
            names += _boundary(doc, last, following, crossing[last])
        found.append(names)
    return found


def _crossing(doc: Any) -> list[int]:
    """How many arcs of the parse pass over the gap after each token."""
    change = [0] * (len(doc) + 1)
    for token in doc:
        left, right = sorted((token.i, token.head.i))
        change[left] += 1
        change[right] -= 1
    return list(accumulate(change))


def _boundary(doc: Any, last: int, following: int, crossing: int) -> list[str]:
    """What ends with one token and begins with another."""
    ending, beginning = _largest(doc[last], False), _largest(doc[following], True)
    size = bucket(ending.right_edge.i - ending.left_edge.i + 1, _SHORT)
    length = bucket(beginning.right_edge.i - beginning.left_edge.i + 1, _SHORT)
    subject = any(child.dep_.startswith(("nsubj", "expl", "csubj")) for child in beginning.children)
    side = "<" if beginning.head.i < following else ">"
    before = "<" if ending.head.i <= last else ">"
    begins = bool(doc[following].is_sent_start)
    since = bucket(following - doc[following].sent.start)
    left = bucket(doc[following].sent.end - following)
    ends, starts = f"{ending.dep_}{before}", f"{beginning.dep_}{side}"
    return [
        f"S={begins:d}",
        f"x={min(crossing, 5)}",
        f"Sx={begins:d} {min(crossing, 5)}",
        f"e={ends}",
        f"b={starts}",
        f"eb={ends} {starts}",
        f"es={ends} {size}",
        f"bs={starts} {length} {subject:d}",
        f"bh={starts} {beginning.head.tag_ or beginning.head.pos_}",
        f"xb={min(crossing, 5)} {starts} {subject:d}",
        f"since={since}",
        f"left={left}",
    ]


def _largest(token: Any, begins: bool) -> Any:
    """The largest part of a sentence that begins, or ends, with a token."""
    edge = token.i
    while token.head != token:
        head = token.head
        if (head.left_edge.i if begins else head.right_edge.i) != edge:
            break
        token = head
    return token
