"""The algebra of sets of spans."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.text.spans import Span, Spans


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(st.integers(0, 60))
    length = draw(st.integers(1, 25))
    return Span(start, start + length, draw(st.sampled_from("ABC")))


span_lists = st.lists(spans(), max_size=20)
ranges = st.tuples(st.integers(0, 90), st.integers(1, 30)).map(lambda r: (r[0], r[0] + r[1]))


@given(span_lists)
def test_the_order_is_by_start_then_the_longer_first(items: list[Span]) -> None:
    ordered = list(Spans(items))
    assert ordered == sorted(items, key=lambda s: (s.start, -s.end, s.label))


@given(span_lists, spans())
def test_adding_one_by_one_is_the_same_as_all_at_once(items: list[Span], more: Span) -> None:
    assert Spans(items).add(more) == Spans([*items, more])


@given(span_lists, spans())
def test_discarding_what_was_added_gives_the_set_back(items: list[Span], more: Span) -> None:
    assert Spans(items).add(more).discard(more) == Spans(items)


@given(span_lists, spans())
def test_discarding_what_is_not_there_changes_nothing(items: list[Span], other: Span) -> None:
    assert Spans(one for one in items if one != other).discard(other) == Spans(
        one for one in items if one != other
    )


@given(span_lists, ranges)
def test_overlapping_finds_exactly_those_that_share_a_code_point(
    items: list[Span], where: tuple[int, int]
) -> None:
    found = Spans(items).overlapping(*where)
    shared = [s for s in items if set(range(s.start, s.end)) & set(range(*where))]
    assert found == list(Spans(shared))


@given(span_lists, spans(), ranges)
def test_overlapping_still_finds_all_after_edits(
    items: list[Span], more: Span, where: tuple[int, int]
) -> None:
    edited = Spans(items).add(more)
    for gone in items[::2]:
        edited = edited.discard(gone)
    rest = [*items[1::2], more]
    assert edited.overlapping(*where) == Spans(rest).overlapping(*where)


@given(span_lists, span_lists)
def test_exchange_takes_out_and_puts_in(items: list[Span], fresh: list[Span]) -> None:
    out = items[: len(items) // 2]
    assert Spans(items).exchange(out, fresh) == Spans([*items[len(items) // 2 :], *fresh])


@given(spans(), ranges)
def test_crossing_is_overlap_without_nesting(span: Span, where: tuple[int, int]) -> None:
    own, other = set(range(span.start, span.end)), set(range(*where))
    assert span.crosses(*where) == bool(own & other and own - other and other - own)


def test_at_gives_the_innermost_first() -> None:
    outer, inner = Span(0, 20, "A"), Span(5, 9, "B")
    assert Spans([outer, inner]).at(6) == [inner, outer]


@given(span_lists, st.integers(0, 90))
def test_after_and_before_are_the_nearest_by_start(items: list[Span], offset: int) -> None:
    found = Spans(items)
    assert list(found.following(offset)) == [one for one in found if one.start >= offset]
    after, before = found.after(offset), found.before(offset)
    assert (after.start if after else None) == min(
        (s.start for s in items if s.start > offset), default=None
    )
    assert (before.start if before else None) == max(
        (s.start for s in items if s.start < offset), default=None
    )
