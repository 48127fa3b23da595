"""Several sources' suggestions as one set."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine_bench import Bench, FakeProcess
from tui_annotate.session.text_preparation import WINDOW
from tui_annotate.suggest.merge import merge, trimmed, windows
from tui_annotate.suggest.messages import Suggested, SuggesterSpec
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


def test_white_space_at_borders_is_taken_off() -> None:
    text = " New York \n\u3000 x"
    found = [s(0, 10), s(1, 9), s(9, 12), s(1, 14), s(0, 99), s(20, 30)]
    ranges = [(one.start, one.end) for one in trimmed(found, text)]
    assert ranges == [(1, 9), (1, 9), (1, 14), (0, 99), (20, 30)]


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
        apart = [[x for x in merged if x.source == name] for name in ("one", "two")]
        assert merge(apart, overlap=overlap) == merged


# ── windows ────────────────────────────────────────────────────────────────


def test_a_window_is_cut_only_where_nothing_overlaps() -> None:
    # What begins first reaches further than what comes after it.
    long = [s(0, 9), s(2, 4), s(5, 6), s(9, 12), s(11, 14)]
    assert list(windows(long, 2)) == [long[:3], long[3:]]
    # Each begins within the one before.
    chain = [s(0, 4), s(3, 7), s(6, 9), s(9, 10)]
    assert list(windows(chain, 1)) == [chain[:3], chain[3:]]


def test_windows_have_at_least_so_many_and_no_more_than_they_must() -> None:
    apart = [s(at, at + 2) for at in range(0, 14, 2)]
    assert [len(window) for window in windows(apart, 3)] == [3, 3, 1]
    assert [len(window) for window in windows(apart[:6], 3)] == [3, 3]
    assert [len(window) for window in windows(apart, 1)] == [1] * 7
    assert list(windows([], 3)) == []


@given(suggestions("one"), suggestions("two"), st.integers(1, 5))
def test_each_window_can_be_merged_by_itself(
    one: list[Suggestion], two: list[Suggestion], size: int
) -> None:
    parts = list(windows([*one, *two], size))
    assert [x for part in parts for x in part] == sorted([*one, *two], key=lambda x: x.start)
    assert all(len(part) >= size for part in parts[:-1])
    for overlap in (False, True):
        merged = [
            x
            for part in parts
            for x in merge(
                [[y for y in part if y.source == name] for name in ("one", "two")],
                overlap=overlap,
            )
        ]
        assert merged == merge([one, two], overlap=overlap)


def test_a_long_text_is_suggested_for_window_by_window_and_none_cuts_an_overlap(
    tmp_path: Path,
) -> None:
    words = 4 * WINDOW
    text = " ".join(f"w{number:06}" for number in range(words))
    # Every third word of the first source; of the second, three words of every four.
    first = [s(8 * at, 8 * at + 7, source="first") for at in range(0, words, 3)]
    second = [s(8 * at, 8 * at + 23, source="second") for at in range(0, words - 3, 4)]
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": text}))
    for overlap in (False, True):
        process = FakeProcess()
        bench = Bench(
            tmp_path / "in.jsonl",
            tmp_path / f"{overlap}.jsonl",
            labels=["A"],
            process=process,
            specs=[SuggesterSpec("entities", "first"), SuggesterSpec("entities", "second")],
            overlap=overlap,
        )
        bench.tokenise(0)
        bench.engine.receive(Suggested(0, [*second, *first]))
        while bench.engine.filling:
            bench.engine.fill_on()
        found = [(span.start, span.end, span.source) for span in bench.editor.spans]
        expected = merge([first, second], overlap=overlap)
        assert found == [(one.start, one.end, one.source) for one in expected]
        bench.close()
