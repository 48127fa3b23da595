"""The decisions on the windows of a recording as one annotation."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.task.recording import join_windows, recording_of


def window(start: float, end: float, *spans: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The decision on a window: the times of its regions are those of the window."""
    return {
        "audio": "call.wav",
        "chunk": {"start": start, "end": end},
        "audio_spans": list(spans),
        "duration": end - start,
        "answer": "accept",
        **fields,
    }


def span(start: float, end: float, label: str = "ANNA", **fields: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "label": label, **fields}


def brief(record: dict[str, Any]) -> list[tuple[float, float, str]]:
    return [(one["start"], one["end"], one["label"]) for one in record["audio_spans"]]


def test_regions_have_the_times_of_the_file_and_windows_come_in_any_order() -> None:
    joined = join_windows(
        [window(60, 90, span(10, 12, "BEN")), window(0, 60, span(1, 2), span(5, 6))]
    )
    assert brief(joined.record) == [(1, 2, "ANNA"), (5, 6, "ANNA"), (70, 72, "BEN")]
    assert (joined.count, joined.gaps, joined.remarks) == (2, (), ())
    assert "chunk" not in joined.record
    assert joined.record["duration"] == 90


def test_a_region_that_the_border_of_two_windows_cuts_is_one_with_both_texts() -> None:
    joined = join_windows(
        [
            window(0, 60, span(50, 60, text="so what", id="a"), span(55, 60, "BEN")),
            window(60, 120, span(0, 60, text="did you do", id="b"), span(5, 6, "BEN")),
            window(120, 150, span(0.01, 3, text="then?"), span(10, 11)),
        ]
    )
    assert brief(joined.record) == [
        (50, 123, "ANNA"),
        (55, 60, "BEN"),
        (65, 66, "BEN"),
        (130, 131, "ANNA"),
    ]
    assert joined.record["audio_spans"][0]["text"] == "so what did you do then?"
    assert joined.record["audio_spans"][0]["id"] == "a"


def test_regions_that_only_come_near_the_border_stay_two() -> None:
    joined = join_windows([window(0, 60, span(50, 59.9)), window(60, 120, span(0, 3))])
    assert brief(joined.record) == [(50, 59.9, "ANNA"), (60, 63, "ANNA")]
    other_voice = join_windows([window(0, 60, span(50, 60)), window(60, 120, span(0, 3, "BEN"))])
    assert len(other_voice.record["audio_spans"]) == 2


def test_what_two_overlapping_windows_both_have_is_there_once() -> None:
    joined = join_windows(
        [
            window(0, 60, span(52, 57, text="one two"), span(58, 60, text="three four")),
            window(50, 110, span(2.03, 7.1, text="one two"), span(8, 15, text="four five")),
        ]
    )
    assert brief(joined.record) == [(52, 57, "ANNA"), (58, 65, "ANNA")]
    texts = [one["text"] for one in joined.record["audio_spans"]]
    assert texts == ["one two", "three four five"]
    assert joined.remarks == ()


def test_what_only_one_of_two_overlapping_windows_has_stays_and_is_told() -> None:
    joined = join_windows(
        [window(0, 60, span(55, 58)), window(50, 110, span(5, 8, "BEN"), span(30, 31))]
    )
    assert brief(joined.record) == [(55, 58, "ANNA"), (55, 58, "BEN"), (80, 81, "ANNA")]
    assert sorted(joined.remarks) == [
        "55.00–58.00 s: only one window has ANNA",
        "55.00–58.00 s: only one window has BEN",
    ]


def test_what_no_window_is_about_is_told() -> None:
    joined = join_windows([window(0, 60), window(120, 180), window(240, 300)])
    assert joined.gaps == ((60, 120, None), (180, 240, None))


def test_channels_are_joined_each_by_itself() -> None:
    joined = join_windows(
        [
            window(0, 60, span(58, 60), channel=0),
            window(60, 120, span(0, 2), channel=0),
            window(0, 60, span(58, 60), channel=1),
            window(120, 130, span(0, 2), channel=1),
        ]
    )
    found = [(one["start"], one["end"], one["channel"]) for one in joined.record["audio_spans"]]
    assert found == [(58, 60, 1), (58, 62, 0), (120, 122, 1)]
    assert joined.gaps == ((60, 120, 1),)
    assert "channel" not in joined.record


def test_ids_differ_and_what_else_was_decided_is_summed_up() -> None:
    joined = join_windows(
        [
            window(
                0, 60, span(1, 2, id="r1"), transcript="so", _keys=3, _seconds=1.5, flagged=True
            ),
            window(60, 99, span(1, 2, id="r1"), transcript="what", _keys=4, comment="noisy"),
        ]
    )
    record = joined.record
    assert [one["id"] for one in record["audio_spans"]] == ["r1", "r1-2"]
    assert record["transcript"] == "so what"
    assert (record["_keys"], record["_seconds"]) == (7, 1.5)
    assert (record["flagged"], record["comment"]) == (True, "noisy")


def test_a_window_that_reaches_behind_the_sound_ends_with_it() -> None:
    joined = join_windows([window(0, 60, duration=60), window(60, 120, span(0, 5), duration=5)])
    assert joined.record["duration"] == 65


@pytest.mark.parametrize(
    ("fields", "recording"),
    [
        ({"audio": "a.wav", "chunk": {"start": 0, "end": 1}}, "a.wav"),
        ({"audio": "a.wav", "channel": 1}, "a.wav"),
        ({"audio": "a.wav"}, None),
        ({"text": "hello", "chunk": 1}, None),
    ],
)
def test_a_part_names_its_recording(fields: dict[str, Any], recording: str | None) -> None:
    assert recording_of(fields) == recording


@given(
    edges=st.lists(st.integers(0, 3000), min_size=2, max_size=12, unique=True).map(sorted),
    cuts=st.lists(st.integers(1, 2999), max_size=4, unique=True).map(sorted),
)
def test_what_is_cut_into_windows_and_joined_is_as_it_was(
    edges: list[int], cuts: list[int]
) -> None:
    """Regions apart from each other, cut at the borders of windows, come back whole."""
    regions = [(a / 10, b / 10) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    windows = list(pairwise([0, *(cut / 10 for cut in cuts), 300]))
    made = []
    for start, end in windows:
        inside = [
            span(max(a, start) - start, min(b, end) - start)
            for a, b in regions
            if a < end and b > start
        ]
        made.append(window(start, end, *inside))
    joined = join_windows(made)
    found = [(one["start"], one["end"]) for one in joined.record["audio_spans"]]
    assert [pytest.approx(one) for one in found] == regions
    assert (joined.gaps, joined.remarks) == ((), ())
