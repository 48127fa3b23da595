"""Several sources' suggestions as one set."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.suggest.merge import by_source, merge
from tui_annotate.suggest.suggestion import Suggestion


def s(start: int, end: int, label: str = "A", source: str = "one") -> Suggestion:
    return Suggestion(start, end, label, source)


@st.composite
def suggestions(draw: st.DrawFn, source: str) -> list[Suggestion]:
    pairs = st.tuples(st.integers(0, 30), st.integers(1, 8), st.sampled_from("AB"))
    return [
        s(start, start + length, label, source) for start, length, label in draw(st.lists(pairs))
    ]


def test_the_first_source_wins_even_over_a_longer_stretch() -> None:
    assert merge([[s(5, 7)], [s(0, 10, "B", "two")]]) == [s(5, 7)]


def test_within_a_source_the_longer_stretch_wins() -> None:
    assert merge([[s(0, 4), s(2, 9), s(9, 12)]]) == [s(2, 9), s(9, 12)]


def test_the_same_stretch_is_offered_once_by_the_first() -> None:
    assert merge([[s(0, 4)], [s(0, 4, source="two")]], overlap=True) == [s(0, 4)]


def test_overlap_keeps_what_crosses_and_nests_and_a_second_label() -> None:
    crossing = [s(0, 4), s(0, 4, "B"), s(1, 2), s(2, 6)]
    assert merge([crossing], overlap=True) == crossing


def test_nothing_touches_what_was_made_by_hand() -> None:
    assert merge([[s(0, 4), s(4, 6), s(8, 9)]], taken=[(3, 4), (9, 12)]) == [s(4, 6), s(8, 9)]
    assert merge([[s(0, 4), s(2, 3)]], overlap=True, taken=[(0, 4)]) == [s(2, 3)]


def test_empty_stretches_are_left_out() -> None:
    assert merge([[s(3, 3), s(5, 4)]]) == []


@given(suggestions("one"), suggestions("two"))
def test_without_overlap_no_two_share_a_code_point(
    one: list[Suggestion], two: list[Suggestion]
) -> None:
    merged = merge([one, two])
    assert all(a.end <= b.start for a, b in pairwise(merged))
    # Whatever was left out is in the way of something that was kept.
    for lost in {*one, *two} - set(merged):
        assert any(k.start < lost.end and lost.start < k.end for k in merged)


@given(suggestions("one"), suggestions("two"))
def test_merging_again_changes_nothing(one: list[Suggestion], two: list[Suggestion]) -> None:
    for overlap in (False, True):
        merged = merge([one, two], overlap=overlap)
        assert merge(by_source(merged, ["one", "two"]), overlap=overlap) == merged


def test_sources_come_apart_in_the_order_asked_for() -> None:
    mixed = [s(0, 1, source="two"), s(1, 2), s(2, 3, source="two"), s(3, 4, source="zed")]
    names = [[x.source for x in group] for group in by_source(mixed, ["one", "two"])]
    assert names == [["one"], ["two", "two"], ["zed"]]
