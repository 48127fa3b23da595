"""Which frames stand in which column, at every zoom."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.audio.window import Window

TOTALS = st.integers(min_value=1, max_value=16000 * 3600 * 10)
RATES = st.sampled_from([8000, 11025, 16000, 44100, 48000, 192000])
COLUMNS = st.integers(min_value=1, max_value=240)


def panned(window: Window, columns: int) -> Window:
    return window.at(window.start + columns * window.step)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    total = draw(TOTALS)
    window = Window.whole(total, draw(COLUMNS), draw(RATES))
    window = window.zoomed(draw(st.integers(0, 24)), draw(st.integers(0, total - 1)))
    return panned(window, draw(st.integers(-500, 500)))


@given(windows())
def test_columns_share_the_frames_out_without_a_gap(window: Window) -> None:
    for column in range(window.columns):
        first = window.frame_of(column)
        assert window.column_of(first) == column
        assert window.column_of(first + window.step - 1) == column
    assert window.column_of(window.start - 1) == -1
    assert window.column_of(window.end) == window.columns


@given(windows(), st.data())
def test_a_stretch_is_drawn_in_the_columns_of_its_frames(
    window: Window, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, window.total - 1))
    end = data.draw(st.integers(start + 1, window.total))
    drawn = window.columns_of(start, end)
    expected = {
        column
        for column in range(window.columns)
        if window.frame_of(column) < end and window.frame_of(column) + window.step > start
    }
    assert expected == (set() if drawn is None else set(range(*drawn)))


@given(windows())
def test_a_window_begins_at_a_column_of_its_grid_and_keeps_within_the_sound(window: Window) -> None:
    assert window.start % window.step == 0
    assert 0 <= window.start < window.total
    assert window.end - window.step < window.total or window.start == 0


@given(TOTALS, COLUMNS, RATES)
def test_the_whole_sound_fits(total: int, columns: int, rate: int) -> None:
    window = Window.whole(total, columns, rate)
    assert window.is_whole
    assert window.fitted() == window
    assert window.zoomed(-1, total // 2) == window


@given(windows(), st.data(), st.integers(1, 3))
def test_zooming_in_and_out_keeps_the_column_of_a_frame(
    window: Window, data: st.DataObject, steps: int
) -> None:
    frame = data.draw(st.integers(window.start, min(window.end, window.total) - 1))
    nearer = window.zoomed(steps, frame)
    assert nearer.shows(frame)
    assert nearer.step <= window.step
    # It keeps its place but where the sound begins or ends.
    inside = nearer.start > 0 and nearer.end < nearer.total
    if inside and nearer.step < window.step:
        assert abs(nearer.column_of(frame) - window.column_of(frame)) <= 1
    farther = nearer.zoomed(-steps, frame)
    assert farther.shows(frame)
    assert farther.step >= nearer.step


@given(TOTALS, COLUMNS, RATES)
def test_zoom_ends_at_a_few_milliseconds_a_column(total: int, columns: int, rate: int) -> None:
    window = Window.whole(total, columns, rate).zoomed(60, total // 2)
    assert window.step / rate <= max(0.0012, 1 / rate)
    assert window.zoomed(1, total // 2) == window


@given(windows(), st.data())
def test_a_frame_out_of_sight_comes_into_sight(window: Window, data: st.DataObject) -> None:
    frame = data.draw(st.integers(0, window.total - 1))
    assert window.around(frame).shows(frame)
    assert window.following(frame).shows(frame)
    assert window.arriving(frame, window.total).shows(frame)
    if window.shows(frame):
        assert window.around(frame) == window == window.following(frame)


@given(windows(), st.data())
def test_a_region_that_fits_is_in_sight_whole(window: Window, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, window.total - 1))
    end = data.draw(st.integers(start + 1, window.total))
    spanning = window.spanning(start, end)
    assert spanning.start <= start
    assert end <= spanning.end
    arrived = window.arriving(start, end)
    assert arrived.shows(start)
    if end - start <= (window.columns - 2) * window.step * 9 // 10:
        assert end <= arrived.end


@given(windows(), COLUMNS, st.data())
def test_another_width_keeps_a_frame_in_sight(
    window: Window, columns: int, data: st.DataObject
) -> None:
    frame = data.draw(st.integers(window.start, min(window.end, window.total) - 1))
    resized = window.resized(columns, frame)
    assert resized.columns == columns
    assert resized.shows(frame)
    if window.is_whole:
        assert resized.is_whole


def test_panning_moves_the_picture_by_whole_columns() -> None:
    window = Window.whole(160_000, 80, 16000).zoomed(2, 0)
    moved = panned(window, 10)
    assert moved.start == window.start + 10 * window.step
    assert panned(moved, -10) == window


def test_a_stretch_that_ends_where_the_picture_begins_is_out_of_sight() -> None:
    window = Window.whole(160_000, 80, 16000).zoomed(2, 0)
    window = window.at(10 * window.step)
    assert window.columns_of(0, window.start) is None
    assert window.columns_of(window.end, window.end + 1) is None
    assert window.columns_of(0, window.start + 1) == (0, 1)


@given(windows())
def test_a_look_that_was_kept_comes_back_and_fits(window: Window) -> None:
    assert window.fitted().looking(window.start, window.step) == window
    closest = window.looking(window.start, 0)
    assert closest.step <= window.step <= window.looking(window.start, 10**9).step
