"""Labelled stretches of a text, and the algebra of sets of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from operator import attrgetter

import msgspec

_start = attrgetter("start")


def _order(span: Span) -> tuple[int, int, str]:
    return (span.start, -span.end, span.label)


class Link(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a span refers to.

    Attributes:
        kb_id: An id of a knowledge base, or ``NIL``.
        nil: Why none of its entities is meant, where the id is ``NIL``.
        score: What its source was sure of, in [0, 1].
        suggested: Whether nobody has looked at it yet.
    """

    kb_id: str
    nil: str | None = None
    score: float | None = None
    suggested: bool = False


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A labelled stretch of text.

    Attributes:
        start: Code point where it begins.
        end: Code point after its last.
        label: Its label.
        source: The suggestion source it came from, if any.
        score: What that source was sure of, in [0, 1].
        suggested: Whether nobody has looked at it yet.
        initial: Its place among the spans that came with the task, if it came so;
            its unknown fields are kept.
        link: What it refers to, where that is annotated.
    """

    start: int
    end: int
    label: str
    source: str | None = None
    score: float | None = None
    suggested: bool = False
    initial: int | None = None
    link: Link | None = None

    @property
    def pending(self) -> bool:
        """Whether something about it is suggested, and nobody has looked at it yet."""
        return self.suggested or (self.link is not None and self.link.suggested)

    def overlaps(self, start: int, end: int) -> bool:
        """Whether it shares a code point with the range."""
        return self.start < end and start < self.end

    def crosses(self, start: int, end: int) -> bool:
        """Whether it shares code points with the range and neither holds the other."""
        return self.overlaps(start, end) and not (
            (self.start <= start and end <= self.end) or (start <= self.start and self.end <= end)
        )

    def seen(self) -> Span:
        """The same span, looked at."""
        if not self.pending:
            return self
        link = self.link
        if link is not None and link.suggested:
            link = msgspec.structs.replace(link, suggested=False, score=None)
        return msgspec.structs.replace(self, suggested=False, link=link)

    def linked(self, link: Link | None) -> Span:
        """The same span, looked at, with another link."""
        return msgspec.structs.replace(self, suggested=False, link=link)

    def edited(
        self, *, start: int | None = None, end: int | None = None, label: str | None = None
    ) -> Span:
        """The span with a border or its label changed by hand; it is the annotator's now."""
        return Span(
            self.start if start is None else start,
            self.end if end is None else end,
            self.label if label is None else label,
            initial=self.initial,
            link=self.link,
        )


class Spans:
    """An immutable set of spans, ordered by start, the longer one first."""

    __slots__ = ("_items", "_longest")

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._items: tuple[Span, ...] = tuple(sorted(spans, key=_order))
        self._longest = max((span.end - span.start for span in self._items), default=0)

    @classmethod
    def _ordered(cls, items: tuple[Span, ...], longest: int) -> Spans:
        made = cls.__new__(cls)
        made._items = items
        made._longest = longest
        return made

    def __iter__(self) -> Iterator[Span]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, span: object) -> bool:
        if not isinstance(span, Span):
            return False
        return span in self._items[slice(*self._starting_at(span.start))]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spans) and self._items == other._items

    def __hash__(self) -> int:
        return hash(self._items)

    def __repr__(self) -> str:
        return f"Spans({list(self._items)!r})"

    def _starting_at(self, start: int) -> tuple[int, int]:
        return (
            bisect_left(self._items, start, key=_start),
            bisect_right(self._items, start, key=_start),
        )

    def add(self, span: Span) -> Spans:
        """The set with one span more."""
        at = bisect_right(self._items, _order(span), key=_order)
        items = (*self._items[:at], span, *self._items[at:])
        return self._ordered(items, max(self._longest, span.end - span.start))

    def discard(self, span: Span) -> Spans:
        """The set without one of the spans equal to this one."""
        first, last = self._starting_at(span.start)
        for at in range(first, last):
            if self._items[at] == span:
                return self._ordered(self._items[:at] + self._items[at + 1 :], self._longest)
        return self

    def exchange(self, out: Iterable[Span], into: Iterable[Span]) -> Spans:
        """The set with some spans taken out and others put in."""
        result = self
        out, into = list(out), list(into)
        if len(out) + len(into) > 8:
            rest = list(self._items)
            for span in out:
                rest.remove(span)
            return Spans([*rest, *into])
        for span in out:
            result = result.discard(span)
        for span in into:
            result = result.add(span)
        return result

    def overlapping(self, start: int, end: int) -> list[Span]:
        """Every span that shares a code point with the range, in order."""
        first = bisect_left(self._items, start - self._longest, key=_start)
        last = bisect_left(self._items, end, key=_start)
        return [span for span in self._items[first:last] if span.end > start]

    def at(self, offset: int) -> list[Span]:
        """Every span over a code point, innermost first."""
        found = self.overlapping(offset, offset + 1)
        found.sort(key=lambda span: (span.end - span.start, -span.start))
        return found

    def after(self, offset: int) -> Span | None:
        """The first span that begins after a code point."""
        at = bisect_right(self._items, offset, key=_start)
        return self._items[at] if at < len(self._items) else None

    def following(self, offset: int) -> Iterator[Span]:
        """Every span that begins at or after a code point, in order."""
        for at in range(bisect_left(self._items, offset, key=_start), len(self._items)):
            yield self._items[at]

    def before(self, offset: int) -> Span | None:
        """The last span that begins before a code point."""
        at = bisect_left(self._items, offset, key=_start)
        return self._items[at - 1] if at else None
