"""Suggestions as they are written, in a record and in a draft, and read back."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.editors.regions.fields import seconds_codec
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.suggestion import Suggestion

texts = st.text(min_size=1, max_size=5)
maybe = st.none() | texts
suggestions = st.builds(
    Suggestion,
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.text(max_size=5),
    texts,
    st.none() | st.floats(0, 1),
    maybe,
    maybe,
    maybe,
    maybe,
    st.booleans(),
)


@given(suggestions, st.sampled_from([8_000, 44_100, 192_000]))
def test_what_is_written_reads_back(one: Suggestion, rate: int) -> None:
    for codec in (PLAIN, seconds_codec(rate)):
        written = json.loads(json.dumps(codec.encode(one)))
        assert codec.decode(written) == one


@given(suggestions)
def test_a_suggestion_is_written_as_msgspec_writes_it(one: Suggestion) -> None:
    assert msgspec.json.decode(msgspec.json.encode(one)) == PLAIN.encode(one)


@pytest.mark.parametrize(
    "entry",
    [None, "x", {}, {"start": 1}, {"start": "a", "end": 2}, {"start": 1.5, "end": 2},
     {"start": True, "end": 2}],
)  # fmt: skip
def test_what_is_no_suggestion_is_left_out(entry: object) -> None:
    good = {"start": 1, "end": 2, "label": "X"}
    assert PLAIN.decode_all([entry, good]) == [Suggestion(1, 2, "X", "task")]
    assert PLAIN.decode_all(entry) == []
    with pytest.raises(ValueError, match=r"not an object|no stretch|not a whole number"):
        PLAIN.decode(entry)


def test_times_that_are_none_are_left_out() -> None:
    codec = seconds_codec(1000)
    ends: list[object] = [float("nan"), float("inf"), None, [], 0.5]
    entries = [{"start": 0.25, "end": end} for end in ends]
    assert codec.decode_all(entries) == [Suggestion(250, 500, "", "task")]
