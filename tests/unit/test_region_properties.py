"""What holds of regions whatever is done."""

from __future__ import annotations

import itertools
import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tui_annotate.audio.clip import Clip
from tui_annotate.editors.regions.cover import length, minus, union
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.editors.regions.fields import Names, read_regions, write_region
from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.suggest.suggestion import Suggestion

RATES = (8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000)
TEN_HOURS = 36_000
FRAMES = 2_000


def clip(frames: int, rate: int) -> Clip:
    return Clip(b"a", b"a", rate, 1, 0, frames)


# ── times ──────────────────────────────────────────────────────────────────


@st.composite
def sounds(draw: st.DrawFn) -> tuple[Clip, list[tuple[int, int]]]:
    rate = draw(st.sampled_from(RATES) | st.integers(8_000, 192_000))
    frames = draw(st.integers(1, TEN_HOURS * rate))
    edges = st.integers(0, frames)
    pairs = draw(st.lists(st.tuples(edges, edges), max_size=5))
    return clip(frames, rate), [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]


@given(sounds())
def test_what_is_written_reads_back_to_the_same_frames(
    sound: tuple[Clip, list[tuple[int, int]]],
) -> None:
    of, pairs = sound
    regions = Regions(Region(a, b, "A", f"r{n}") for n, (a, b) in enumerate(pairs))
    written = json.loads(json.dumps([write_region(one, of.rate) for one in regions]))
    assert all(round(one[side], 6) == one[side] for one in written for side in ("start", "end"))
    assert [(one["start"], one["end"]) for one in written] == sorted(
        (one["start"], one["end"]) for one in written
    )
    back = list(read_regions(written, of, Names(written)))
    assert back == [
        Region(one.start, one.end, one.label, one.id, original=n) for n, one in enumerate(regions)
    ]


@given(
    sounds(),
    st.dictionaries(st.sampled_from(["color", "confidence", "note"]), st.integers(), max_size=3),
)
def test_what_is_not_known_passes_through(
    sound: tuple[Clip, list[tuple[int, int]]], more: dict[str, Any]
) -> None:
    of, pairs = sound
    came = [
        {"start": a / of.rate, "end": b / of.rate, "label": "A", "id": n, **more}
        for n, (a, b) in enumerate(sorted(pairs))
    ]
    one = RegionEditor(of, ["A"], initial=came)
    assert one.fields()["audio_spans"] == came


# ── the algebra ────────────────────────────────────────────────────────────

stretches = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair))),
    max_size=8,
)


def frames_in(parts: list[tuple[int, int]]) -> set[int]:
    return {frame for start, end in parts for frame in range(start, end)}


@given(stretches, stretches)
def test_stretches_are_sets_of_frames(
    one: list[tuple[int, int]], two: list[tuple[int, int]]
) -> None:
    whole, rest = union(one), minus(union(one), union(two))
    assert frames_in(whole) == frames_in(one)
    assert frames_in(rest) == frames_in(one) - frames_in(two)
    for parts in (whole, rest):
        assert length(parts) == len(frames_in(parts))
        assert all(a < b for a, b in parts)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(whole))


@given(stretches, st.integers(0, 60), st.integers(1, 10))
def test_regions_are_found_where_they_are(
    pairs: list[tuple[int, int]], start: int, wide: int
) -> None:
    listed = [Region(a, b, "A", f"r{n}") for n, (a, b) in enumerate(pairs) if a < b]
    regions = Regions(listed)
    end = start + wide
    assert set(regions.overlapping(start, end)) == {r for r in listed if r.overlaps(start, end)}
    assert set(regions.from_(start)) | set(regions.until(start)) == set(listed)
    ended = regions.ended(start)
    best = max((r.end for r in listed if r.end <= start), default=None)
    assert (None if ended is None else ended.end) == best


@given(stretches, st.lists(st.integers(0, 7), max_size=4), stretches, st.booleans())
def test_regions_are_exchanged(
    pairs: list[tuple[int, int]], out: list[int], more: list[tuple[int, int]], known: bool
) -> None:
    listed = [Region(a, b, "A", f"r{n}") for n, (a, b) in enumerate(pairs) if a < b]
    gone = [region for region in listed if int(region.id[1:]) in out]
    fresh = [Region(a, b, "B", f"s{n}") for n, (a, b) in enumerate(more) if a < b]
    before = Regions(listed)
    if known:
        before.get("r0")
    after = before.exchange(gone, fresh)
    wanted = Regions([*(region for region in listed if region not in gone), *fresh])
    assert after == wanted
    assert before == Regions(listed)
    for frame in range(0, 60, 7):
        assert after.at(frame) == wanted.at(frame)
        assert after.ended(frame) == wanted.ended(frame)
    assert all(after.get(region.id) == region for region in wanted)
    assert all(after.get(region.id) is None for region in gone)


# ── the editor ─────────────────────────────────────────────────────────────

COMMANDS = (
    "mark_in", "mark_out", "extend", "split", "merge_next", "merge_previous", "delete",
    "next_span", "previous_span", "next_uncovered", "left_edge", "right_edge", "snap", "cycle",
    "lane_up", "lane_down", "escape", "undo", "redo",
)  # fmt: skip

numbers = st.integers(0, FRAMES)
step = st.one_of(
    st.tuples(st.just("go"), numbers),
    st.tuples(st.just("play"), numbers | st.none()),
    st.tuples(st.just("label"), st.sampled_from(["A", "B", None])),
    st.tuples(st.sampled_from(COMMANDS), st.none()),
    st.tuples(
        st.sampled_from(["start_earlier", "start_later", "end_earlier", "end_later"]),
        st.sampled_from(["1", "4", "40"]),
    ),
    st.tuples(st.just("snap_zero"), st.tuples(numbers, numbers).map(lambda p: f"{p[0]} {p[1]}")),
    st.tuples(st.just("transcript"), st.sampled_from(["", "so what", "well"])),
    st.tuples(st.just("rename"), st.sampled_from(["A\tC", "C\tA", "A\tB", "SPEAKER_1\tA"])),
    st.tuples(
        st.just("suggest"),
        st.lists(
            st.tuples(numbers, numbers, st.sampled_from(["SPEECH", "A", "B"]),
                      st.sampled_from(["speech", "speakers"])),
            max_size=4,
        ),
    ),
    st.tuples(st.just("withdraw"), st.sampled_from(["speech", "speakers"])),
)  # fmt: skip


def carry_out(one: RegionEditor, name: str, argument: Any) -> None:
    match name:
        case "go":
            one.cursor.move_to(argument)
        case "play":
            one.cursor.playhead = argument
        case "suggest":
            one.suggest(
                [Suggestion(min(a, b), max(a, b), label, source)
                 for a, b, label, source in argument if a != b]
            )  # fmt: skip
        case "withdraw":
            one.withdraw(argument)
        case _:
            assert one.do(name, argument) is not None, name


def check(one: RegionEditor) -> None:
    listed = list(one.regions)
    assert [(r.start, r.end) for r in listed] == sorted((r.start, r.end) for r in listed)
    assert len({r.id for r in listed}) == len(listed)
    assert all(r.id for r in listed)
    for region in listed:
        assert 0 <= region.start < region.end <= FRAMES
        assert region.frames >= one.region_set.min_frames
        if one.region_set.overlap:
            continue
        for other in one.regions.overlapping(region.start, region.end):
            assert other.id == region.id or other.track != region.track
    assert 0 <= one.cursor.frame <= FRAMES
    if one.cursor.selection is not None:
        assert 0 <= one.cursor.selection[0] < one.cursor.selection[1] <= FRAMES
    covered = one.placement.coverage()
    assert covered is None or 0.0 <= covered <= 1.0
    if one.cursor.heard is not None:
        assert 0 <= one.cursor.heard[0] < one.cursor.heard[1] <= FRAMES
    json.dumps(one.fields())


def by_hand(one: RegionEditor) -> list[tuple[int, int, str, str | None]]:
    return [(r.start, r.end, r.label, r.text) for r in one.regions if not r.suggested]


modes = st.sampled_from(["regions", "speakers", "transcribe"])


@examples(100)
@given(modes, st.booleans(), st.lists(step, max_size=25))
def test_regions_keep_to_their_rules(
    mode: Any, overlap: bool, steps: list[tuple[str, Any]]
) -> None:
    one = RegionEditor(clip(FRAMES, 1000), ["A", "B"], mode=mode, overlap=overlap)
    for name, argument in steps:
        carry_out(one, name, argument)
        check(one)


@examples(80)
@given(modes, st.lists(step, max_size=25))
def test_everything_is_undone_and_done_again(mode: Any, steps: list[tuple[str, Any]]) -> None:
    one = RegionEditor(clip(FRAMES, 1000), ["A", "B"], mode=mode)
    for name, argument in steps:
        carry_out(one, name, argument)
    after, labels = by_hand(one), list(one.labels)
    while (outcome := one.do("undo")) is not None and outcome.edited:
        check(one)
    # What tab has passed by is looked at, which is no edit.
    assert not [region for region in one.regions if not region.suggested and not region.source]
    while (outcome := one.do("redo")) is not None and outcome.edited:
        check(one)
    assert set(labels) <= set(one.labels)
    if not any(name in ("undo", "redo", "next_span", "previous_span") for name, _ in steps):
        assert by_hand(one) == after


@examples(80)
@given(modes, st.lists(step, max_size=20))
def test_a_draft_is_taken_up_as_it_was(mode: Any, steps: list[tuple[str, Any]]) -> None:
    came = [{"start": 0.1, "end": 0.4, "label": "A", "id": "x", "color": "red"},
            {"start": 0.3, "end": 0.9, "label": "B", "text": "so"}]  # fmt: skip
    one = RegionEditor(clip(FRAMES, 1000), ["A", "B"], initial=came, mode=mode)
    for name, argument in steps:
        carry_out(one, name, argument)
    other = RegionEditor(clip(FRAMES, 1000), list(one.labels), initial=came, mode=mode)
    other.restore(msgspec.json.decode(msgspec.json.encode(one.state())))
    assert other.regions == one.regions
    assert other.fields() == one.fields()
    one.cursor.frame, one.cursor.playhead = one.cursor.here, None
    assert other.state() == one.state()
    assert (other.cursor.active, other.cursor.track_index, other.placement.coverage()) == (
        one.cursor.active,
        one.cursor.track_index,
        one.placement.coverage(),
    )
