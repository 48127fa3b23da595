from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import iter_graphemes, wcwidth

from tui_annotate.text.graphemes import (
    NARROW,
    PLAIN,
    WIDE,
    all_boundaries,
    boundaries,
    clusters,
    graphemes,
    is_boundary,
)

PIECES = (
    *"ab .\r\n\t\x00é中한ไทยक्षि\u0301\u200d\u200c\ufe0f\u20e3\u0600\u1112\u1161\u11ab\u202e",
    *"👩👍🏽🇺🇸🏳©‼",
    "\r\n",
    "👩\u200d👩\u200d👧",
    "🇺🇸🇩🇪",
    "क्‍ष",
    "e\u0301",
)
hard_text = st.lists(st.sampled_from(PIECES), max_size=24).map("".join) | st.text(max_size=24)


@given(hard_text)
def test_clusters_cover_the_text_and_are_those_of_the_library(text: str) -> None:
    found = [text[start:end] for start, end in graphemes(text)]
    assert found == list(iter_graphemes(text))


@given(hard_text)
def test_a_boundary_is_where_a_cluster_begins_or_ends(text: str) -> None:
    starts = {start for start, _ in graphemes(text)} | {0, len(text)}
    assert {o for o in range(len(text) + 1) if is_boundary(text, o)} == starts
    assert boundaries(text) == starts


@given(hard_text, st.data())
def test_a_part_between_boundaries_has_the_same_clusters(text: str, data: st.DataObject) -> None:
    edges = sorted(boundaries(text))
    start, end = sorted((data.draw(st.sampled_from(edges)), data.draw(st.sampled_from(edges))))
    inside = [(a, b) for a, b in graphemes(text) if start <= a and b <= end]
    assert list(graphemes(text, start, end)) == inside
    assert "".join(clusters(text, start, end)) == text[start:end]


@given(hard_text, st.data())
def test_offsets_are_all_boundaries_or_one_is_not(text: str, data: st.DataObject) -> None:
    offsets = data.draw(st.lists(st.integers(0, len(text)), max_size=6))
    assert all_boundaries(text, offsets) == all(is_boundary(text, o) for o in offsets)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a\r\nb", {2}),
        ("👩\u200d👩\u200d👧", {1, 2, 3, 4}),
        ("🇺🇸🇩🇪", {1, 3}),
        ("e\u0301", {1}),
        ("1\ufe0f\u20e3", {1, 2}),
        ("นี้", {1, 2}),
        ("क्षि", {1, 2, 3}),
        ("\n\r", set()),
        ("中文", set()),
    ],
)
def test_no_cut_inside_a_cluster(text: str, inside: set[int]) -> None:
    assert {o for o in range(len(text) + 1) if not is_boundary(text, o)} == inside


def test_offsets_outside_the_text_are_no_boundaries() -> None:
    assert not is_boundary("ab", -1)
    assert not is_boundary("ab", 3)
    assert is_boundary("", 0)


@pytest.mark.parametrize(("ranges", "width"), [(PLAIN, 1), (NARROW, 1), (WIDE, 2)])
def test_the_simple_code_points_are_clusters_of_one_width(ranges: str, width: int) -> None:
    every = "".join(map(chr, range(0x110000)))
    found = re.findall(f"[{ranges}]", every)
    assert len(found) > 1000
    assert [c for c in found if wcwidth(c) != width or cell_len(c) != width] == []
    assert [c for c in found if len(list(iter_graphemes(f"a{c}a中{c}{c}क{c}각"))) != 9] == []


@pytest.mark.shared_data
def test_clusters_of_real_text(shared_data: Path) -> None:
    joined = 0
    for path in sorted(shared_data.glob("ud-*/*.conllu")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# text = "):
                found = list(graphemes(line))
                assert found[0][0] == 0
                assert found[-1][1] == len(line)
                assert all(is_boundary(line, start) for start, _ in found)
                joined += sum(end - start > 1 for start, end in found)
    assert joined > 1000


@pytest.mark.shared_data
def test_carriage_returns_of_real_text_stay_with_their_line_feed(shared_data: Path) -> None:
    folder = shared_data / "prodigy-projects" / "textcat_docs_issues"
    seen = 0
    for path in sorted(folder.glob("*.control-chars.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            whole = boundaries(text)
            for found in re.finditer("\r\n", text):
                seen += 1
                assert found.start() + 1 not in whole
                assert not is_boundary(text, found.start() + 1)
    assert seen > 100
