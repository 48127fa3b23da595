"""Sounds on the screen: where regions are drawn, what keys do, what is sent."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.ui.sounds import RATE, SoundSitting, beeps, listening
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.ui.theme import Depth

FOUND = [
    Suggestion(2 * RATE, 3 * RATE, "SPEECH", "speech", 0.9),
    Suggestion(5 * RATE, 7 * RATE, "SPEECH", "speech", 0.8),
]
SPANS = [
    {"start": 2.0, "end": 3.0, "label": "ANNA", "text": "so what did you"},
    {"start": 2.5, "end": 6.0, "label": "BEN"},
    {"start": 5.0, "end": 7.0, "label": "ANNA"},
]
TASK = {"audio": "call.wav", "audio_spans": SPANS}


def call(folder: Path) -> dict[str, Any]:
    beeps(folder / "call.wav", (2, 3), (5, 7))
    return TASK


def row(here: SoundSitting, name: str) -> str:
    """The row of a lane: its label's key stands before its name."""
    lines: list[str] = here.lines()
    gutter = here.view.sound.gutter_width
    return next(line for line in lines if re.fullmatch(rf".(\d )?{name} *", line[:gutter]))


def body(here: SoundSitting, line: str) -> str:
    """What stands in the columns of the sound."""
    gutter = here.view.sound.gutter_width
    return line[gutter : gutter + here.view.sound.viewport.window.columns].ljust(
        here.view.sound.viewport.window.columns
    )


def waves(here: SoundSitting) -> list[str]:
    """The rows of the waveform, in the columns of the sound."""
    height = here.view.sound.bands.wave
    return [body(here, line) for line in here.lines()[4 : 4 + height]]


def drawn(here: SoundSitting, name: str) -> list[int]:
    """The columns of the sound in which a lane has a bar."""
    y = here.lines().index(row(here, name))
    gutter = here.view.sound.gutter_width
    columns = range(here.view.sound.viewport.window.columns)
    return [x for x in columns if here.style(y, gutter + x).bgcolor is not None]


def expected(here: SoundSitting, *stretches: tuple[float, float]) -> list[int]:
    """The columns in which stretches are, in seconds."""
    window, rate = here.view.sound.viewport.window, here.editor.clip.rate
    return [
        c
        for c in range(window.columns)
        if any(
            window.frame_of(c) < end * rate and window.frame_of(c) + window.step > start * rate
            for start, end in stretches
        )
    ]


# ── where things are ───────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 60)])
async def test_regions_are_drawn_where_the_sound_is(tmp_path: Path, size: tuple[int, int]) -> None:
    async with listening(tmp_path, call(tmp_path), size=size) as here:
        await here.go(9.9)
        for keys in ((), ("z",), ("z", "z"), ("home", "z")):
            await here.press(*keys)
            window = here.view.sound.viewport.window
            cursor = window.column_of(here.editor.cursor.frame)
            for name, stretches in (("ANNA", [(2, 3), (5, 7)]), ("BEN", [(2.5, 6)])):
                columns = set(expected(here, *stretches)) | {cursor}
                assert set(drawn(here, name)) | {cursor} == columns
            # The waveform is more than a line just where it sounds.
            rows = waves(here)
            middle = len(rows) // 2
            tall = {
                x
                for y, line in enumerate(rows)
                for x, c in enumerate(line)
                if c not in " │" and abs(y - middle + 0.5) > 1
            }
            sounding = set(expected(here, (2, 3), (5, 7)))
            edges = {x for x in sounding if x - 1 not in sounding or x + 1 not in sounding}
            assert tall - {cursor} <= sounding
            assert sounding - edges - {cursor} <= tall


async def test_the_axis_tells_the_columns_of_whole_seconds(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.go(9.9)
        line = body(here, here.lines()[3])
        for seconds in ("2.0", "4.0", "6.0"):
            at = line.index(f"│{seconds}")
            assert here.view.sound.viewport.window.column_of(round(float(seconds) * RATE)) == at


async def test_a_suggestion_is_dotted_and_has_a_question_mark_until_it_is_passed(
    tmp_path: Path,
) -> None:
    async with listening(tmp_path, found=FOUND) as here:
        bar = body(here, row(here, "SPEECH"))
        assert bar.count("?") == 2
        assert "┄" in bar
        assert "─" not in bar
        assert "suggested by speech 0.90" in here.screen()
        await here.press("tab", "tab")
        bar = body(here, row(here, "SPEECH"))
        assert bar.count("?") == 1
        # It waits for a name, and is dotted as long as it does.
        assert "─" not in bar
        await here.press("shift+tab", "1")
        assert "─" in body(here, row(here, "ANNA"))


async def test_overlapping_speakers_have_lanes_of_their_own(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        assert set(drawn(here, "ANNA")) & set(drawn(here, "BEN"))
        await here.go(2.7)
        assert "1 of 2" in here.status
        before = here.editor.cursor.active
        await here.press("w")
        assert here.editor.cursor.active != before
        [listed] = [line for line in here.lines() if "▸" in line]
        assert here.active.label in listed


async def test_names_in_wide_letters_have_the_room_they_take(tmp_path: Path) -> None:
    beeps(tmp_path / "wide.wav", (2, 3))
    spans = [{"start": 2.0, "end": 3.0, "label": "山田太郎"}]
    async with listening(
        tmp_path, {"audio": "wide.wav", "audio_spans": spans}, labels=["山田太郎"]
    ) as here:
        shown = [line.replace(" ", "") for line in here.lines() if "山" in line]
        assert len([line for line in shown if "山田太郎" in line]) == 3, shown


async def test_what_lies_behind_the_end_of_the_sound_is_said(tmp_path: Path) -> None:
    beeps(tmp_path / "call.wav", (2, 3))
    spans = [
        {"start": 2.0, "end": 3.0, "label": "ANNA"},
        {"start": 12.0, "end": 13.0, "label": "BEN"},
    ]
    async with listening(
        tmp_path, {"audio": "call.wav", "audio_spans": spans}, size=(120, 40)
    ) as here:
        assert "a region lies past the end of the recording (10 s)" in here.screen()


async def test_channels_have_waveforms_and_lanes_of_their_own(tmp_path: Path) -> None:
    beeps(tmp_path / "two.wav", (2, 3), channels=2)
    spans = [
        {"start": 2.0, "end": 3.0, "label": "ANNA", "channel": 0},
        {"start": 4.0, "end": 5.0, "label": "ANNA", "channel": 1},
    ]
    task = {"audio": "two.wav", "audio_spans": spans}
    async with listening(tmp_path, task, view={"channels": True}) as here:
        await here.go(9.9)
        assert set(drawn(here, "L ANNA")) == set(expected(here, (2, 3)))
        assert set(drawn(here, "R ANNA")) == set(expected(here, (4, 5)))
        heads = [line[: here.view.sound.gutter_width].strip() for line in here.lines()[4:11]]
        assert "L" in heads
        assert "R" in heads


@pytest.mark.parametrize("depth", ["true", "256", "16", "mono"])
async def test_every_state_is_told_without_colour(tmp_path: Path, depth: Depth) -> None:
    async with listening(tmp_path, call(tmp_path), depth=depth) as here:
        await here.go(2.2)
        assert "┣" in row(here, "ANNA")
        assert "▸" in here.screen()
        assert "▼" in here.lines()[3]
        await here.press(",", *["shift+right"] * 2)
        window, gutter = here.view.sound.viewport.window, here.view.sound.gutter_width
        x = gutter + window.column_of(round(3.2 * RATE))
        styles = [here.style(y, x) for y in range(4, 4 + here.view.sound.bands.wave)]
        if depth in ("16", "mono"):
            assert any(style.underline for style in styles)
            assert here.style(4, gutter + window.column_of(here.editor.cursor.frame)).reverse
        else:
            assert all(style.bgcolor is not None for style in styles)
        here.assert_painted("a mark")


# ── keys ───────────────────────────────────────────────────────────────────


async def test_the_cursor_goes_by_columns_seconds_edges_and_pages(tmp_path: Path) -> None:
    async with listening(tmp_path, found=FOUND) as here:
        step = here.view.sound.viewport.window.step
        await here.press("right", "right")
        assert here.editor.cursor.frame == 2 * step
        await here.press("left")
        assert here.editor.cursor.frame == step
        await here.press("shift+right")
        assert here.editor.cursor.frame == step + RATE
        await here.press("ctrl+right")
        assert here.editor.cursor.frame == 2 * RATE
        await here.press("end")
        assert here.editor.cursor.frame == 10 * RATE
        await here.press("home", "z", "z", "z")
        window = here.view.sound.viewport.window
        await here.press("pagedown")
        assert here.view.sound.viewport.window.start > window.start
        assert here.view.sound.viewport.window.shows(here.editor.cursor.frame)
        here.assert_painted("a page")


async def test_zooming_keeps_the_cursor_where_it_stands(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.go(5.0)
        column = here.view.sound.viewport.window.column_of(here.editor.cursor.frame)
        for _ in range(20):
            await here.press("z")
            assert (
                abs(here.view.sound.viewport.window.column_of(here.editor.cursor.frame) - column)
                <= 1
            )
        assert "cannot zoom in" in here.status
        assert here.view.sound.viewport.window.step <= RATE * 0.002
        await here.press("F")
        assert here.view.sound.viewport.window.is_whole
        await here.press("F")
        assert here.view.sound.viewport.window.columns_of(5 * RATE, 7 * RATE) is not None
        assert not here.view.sound.viewport.window.is_whole
        here.assert_painted("zooming")


async def test_the_spectrogram_comes_with_a_key_and_follows_the_window(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        assert here.view.sound.bands.spectrum == 0
        await here.press("v")
        assert here.status.strip().startswith("spectrogram")
        assert here.view.sound.bands.wave == 0
        assert "▀" in here.screen() or "▄" in here.screen()
        await here.press("v", "z")
        made = here.view.sound.bands
        assert made.wave >= 4 <= made.spectrum + 2
        assert (here.view.sound.content.picture.start, here.view.sound.content.picture.columns) == (
            here.view.sound.viewport.window.start,
            here.view.sound.viewport.window.columns,
        )
        here.assert_painted("a spectrogram")


async def test_the_waveform_is_drawn_taller_and_flatter(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:

        def dots() -> int:
            return sum(c not in " │" for line in waves(here) for c in line)

        await here.go(9.9)
        fitting = dots()
        assert " 0 dB" in here.lines()[4]
        await here.press("Y", "ctrl+down")
        assert " 12 dB" in here.lines()[4]
        assert dots() < fitting
        await here.press("y", "ctrl+up", "y")
        assert " -6 dB" in here.lines()[4]
        assert dots() >= fitting
        await here.press(*["y"] * 12)
        assert "the waveform gets no taller" in here.status
        here.assert_painted("a taller waveform")
        await here.press("v", "Y")
        assert "no waveform here; v shows it" in here.status


async def test_the_border_over_the_list_moves_and_stays_for_the_next_task(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), call(tmp_path) | {"meta": {"n": 2}}) as here:
        before = here.view.sound.bands
        await here.press("shift+up", "shift+up")
        larger = here.view.sound.bands
        assert (larger.list, larger.wave) == (before.list + 2, before.wave - 2)
        here.assert_painted("a larger list")
        await here.press("]")
        await here.until(lambda: here.item.position == 1)
        assert here.view.sound.bands == larger
        await here.press(*["shift+down"] * 30)
        assert "the border cannot be moved further" in here.status
        assert here.view.sound.bands.list == 1
        await here.press("shift+up")
        assert here.view.sound.bands.list == 2


async def test_the_key_of_a_label_stands_before_its_lane_and_in_the_list(tmp_path: Path) -> None:
    labels = ("ANNA", "BEN")
    async with listening(tmp_path, call(tmp_path), labels=labels, size=(80, 24)) as here:
        rows = here.screen().splitlines()
        lanes = [line.split()[:2] for line in rows if line.split()[:1] in (["1"], ["2"])]
        assert ["1", "ANNA"] in lanes
        assert ["2", "BEN"] in lanes
        assert any("00:03.000    1.00  1 ANNA" in line for line in rows)
        assert any("00:06.000    3.50  2 BEN" in line for line in rows)


async def test_a_region_is_marked_and_labelled_with_keys(tmp_path: Path) -> None:
    async with listening(tmp_path) as here:
        assert "no regions yet" in here.screen()
        await here.go(2.0)
        await here.press(",", "shift+right")
        assert "marked 00:02.000–00:03.000" in here.status
        await here.press("1")
        assert here.regions == [(2.0, 3.0, "ANNA")]
        await here.press("end")
        assert drawn(here, "ANNA") == expected(here, (2, 3))
        await here.press("u")
        assert here.regions == []
        here.assert_painted("undo")


async def test_nudges_go_by_ten_milliseconds_and_the_edge_is_heard(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.go(5.5)
        await here.press("w")
        first = here.active
        await here.press("l")
        region = here.region(first.id)
        assert region.end - first.end == RATE // 100
        assert here.view.sound.transport.playing
        start, end = here.view.sound.transport.stretch
        assert start < region.end == end


async def test_a_held_nudge_speeds_up_and_is_one_step_back(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.go(5.5)
        await here.press("w")
        first = here.active
        at = iter(n * 0.03 for n in range(100))
        here.view.now = lambda: next(at)
        await here.press(*["l"] * 10)
        moved = here.region(first.id).end - first.end
        assert moved > 10 * RATE // 100
        await here.press("u")
        assert here.region(first.id).end == first.end


async def test_edges_go_to_where_the_sound_crosses_zero(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.go(2.2)
        await here.press("l", "`")
        region = here.active
        peaks = here.view.sound.content.peaks[0]
        assert peaks.zero_crossing(region.end) == region.end


async def test_a_mark_that_is_pending_leaves_the_zero_crossings_to_the_region(
    tmp_path: Path,
) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.go(0.5)
        await here.press(",")
        await here.go(2.2)
        before = here.active
        await here.press("`")
        near = round(0.05 * RATE)
        assert abs(here.active.start - before.start) < near
        assert abs(here.active.end - before.end) < near


async def test_a_label_is_renamed_wherever_it_stands(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.go(2.2)
        await here.press("E")
        await here.press(*["backspace"] * 4)
        await here.write("CLARA")
        await here.press("enter")
        assert [label for _, _, label in here.regions] == ["CLARA", "BEN", "CLARA"]
        assert "CLARA" in row(here, "CLARA")
        assert "1 CLARA 2" in here.bar


async def test_one_comes_back_to_the_same_playhead(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.go(4.321)
        await here.press("1")
        await here.press("right")
        at = here.editor.cursor.frame
        regions = here.regions
    async with listening(tmp_path, TASK) as here:
        assert here.editor.cursor.frame == at
        assert here.regions == regions
        assert here.view.sound.viewport.window.shows(at)


async def test_decided_regions_are_written_and_read_back_to_the_frame(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), "call.wav") as here:
        await here.go(5.5)
        await here.press("l", "a")
        await here.saved()
        [line] = here.written()
        assert line["_view_id"] == "audio_manual"
        assert [one["end"] for one in line["audio_spans"]] == [3.0, 6.0, 7.01]
        await here.press("backspace")
        assert [end for _, end, _ in here.regions] == [3.0, 6.0, 7.01]


# ── playing ────────────────────────────────────────────────────────────────


async def test_the_playhead_follows_what_is_heard(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.press("space")
        for seconds in (0.5, 1.5, 2.5):
            await here.later(seconds)
            frame = here.view.sound.transport.playhead
            x = here.view.sound.gutter_width + here.view.sound.viewport.window.column_of(frame)
            assert here.lines()[3][x] == "▼"
            assert here.lines()[4][x] == "│"
            here.assert_painted("playing")
        assert here.view.sound.transport.playhead == 4.5 * RATE
        await here.press("space")
        assert here.view.sound.transport.playhead is None
        assert here.editor.cursor.frame == 4.5 * RATE


async def test_it_pages_when_the_playhead_leaves_the_window(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.press("z", "z", "space")
        window = here.view.sound.viewport.window
        await here.later(window.columns * window.step / RATE + 0.1)
        assert here.view.sound.viewport.window.start > window.start
        assert here.view.sound.viewport.window.shows(here.view.sound.transport.playhead)
        for _ in range(10):
            await here.later(0.05)
        here.assert_painted("paging")


async def test_marks_are_made_while_it_plays_a_reaction_earlier(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), view={"reaction": 0.2}) as here:
        await here.press("space")
        await here.later(7.5)
        await here.press(",")
        await here.later(1.0)
        assert "marked 00:07.300–00:08.300" in here.status
        await here.press("2")
        assert here.view.sound.transport.playing
        assert (7.3, 8.3, "BEN") in here.regions


async def test_a_region_is_played_and_the_cursor_stays(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.go(2.2)
        await here.press("r")
        assert here.view.sound.transport.stretch == (2 * RATE, 3 * RATE)
        await here.later(0.5)
        assert here.editor.cursor.frame == round(2.2 * RATE)
        await here.later(0.6)
        assert not here.view.sound.transport.playing
        assert here.editor.cursor.frame == round(2.2 * RATE)
        await here.go(9.0)
        await here.press("r")
        assert "no region" in here.status


async def test_auto_play_plays_what_one_arrives_at(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.press("tab")
        assert not here.view.sound.transport.playing
        await here.press("A", "tab")
        assert here.view.sound.transport.stretch == (round(2.5 * RATE), 6 * RATE)
        assert here.view.sound.transport.playing


async def test_what_plays_goes_along_with_a_jump(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.press("space")
        await here.later(0.5)
        await here.press("tab")
        assert here.view.sound.transport.playhead == 2 * RATE
        await here.later(0.25)
        await here.press("shift+right")
        assert here.view.sound.transport.playhead == round(3.25 * RATE)
        await here.press("space")
        assert here.editor.cursor.frame == round(3.25 * RATE)


async def test_another_size_and_other_colours_keep_what_is_in_sight(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        await here.go(5.5)
        await here.press("z", "z", "space")
        await here.later(0.5)
        for size in ((60, 15), (130, 45), (50, 10), (80, 24)):
            await here.resize(*size)
            if size[0] >= 60:
                assert here.view.sound.viewport.window.shows(here.view.sound.transport.playhead)
                assert here.view.sound.viewport.window.columns == here.view.sound._columns
                here.assert_painted(f"{size}")
        await here.press("f12", "v", "v")
        here.assert_painted("light")
        assert here.view.sound.transport.playhead is not None


async def test_leaving_a_task_ends_what_plays(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), "call.wav") as here:
        await here.press("space")
        await here.later(1.0)
        await here.press("a")
        await here.saved()
        assert not here.view.sound.transport.playing


async def test_a_player_without_sound_says_so_once_and_work_goes_on(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:
        here.view.sound.transport.player.notice = "there is no sound: no device"
        await here.press("space")
        assert "no device" in here.status
        await here.later(1.0)
        assert here.view.sound.transport.playhead == RATE
        await here.press("space", "space")
        assert "no device" not in here.status


# ── what is sent ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(("depth", "most", "across"), [("true", 600, 700), ("256", 400, 600)])
async def test_a_cursor_key_sends_few_bytes(
    tmp_path: Path, depth: Depth, most: int, across: int
) -> None:
    async with listening(tmp_path, call(tmp_path), depth=depth) as here:
        here.count_colours(depth)
        await here.go(0.5)
        for _ in range(60):
            before = here.editor.cursor.active
            sent = await here.sends("right")
            # Where another region is meant, its bar, the list and the status line say so.
            assert sent <= (most if here.editor.cursor.active == before else across)


@pytest.mark.parametrize("depth", ["true", "256"])
async def test_a_label_key_sends_few_bytes(tmp_path: Path, depth: Depth) -> None:
    async with listening(tmp_path, call(tmp_path), depth=depth) as here:
        here.count_colours(depth)
        for seconds in (2.2, 5.2, 6.8):
            await here.go(seconds)
            sent = [await here.sends(key) for key in ("2", "1")]
            assert max(sent) <= 1000, sent


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_no_frame_while_playing_sends_more_than_three_kilobytes(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with listening(tmp_path, call(tmp_path), size=size) as here:
        here.count_colours("true")
        here.view.sound.viewport.shown = "both"
        await here.press("z", "z", "z", "home", "space")
        assert here.view.sound.bands.spectrum
        pages = set()
        for _ in range(120):
            here.app.frames.clear()
            await here.later(0.05)
            pages.add(here.view.sound.viewport.window.start)
            assert sum(map(len, here.app.frames)) <= 3000
        assert len(pages) >= 3


async def test_what_could_not_be_sent_at_once_comes_with_the_next_frames(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), size=(200, 60)) as here:
        await here.press("v", "v", "z", "z", "z", "home", "space")
        for _ in range(40):
            await here.later(0.05)
            here.assert_painted("a part of a page")
        await here.press("space")
        here.assert_painted("playing")
        assert here.view.sound.drawn == here.view.sound.rows()


async def test_where_the_line_is_slow_there_are_fewer_frames(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:

        class Line:
            drained = False
            on_its_way = 0

            def __init__(self) -> None:
                self.marked: list[Any] = []

            def mark(self, reached: Any) -> None:
                self.marked.append(reached)

        def is_painted() -> bool:
            with suppress(AssertionError):
                here.assert_painted()
                return True
            return False

        line = Line()
        await here.here.until(is_painted, "the first picture")
        here.app._driver.paper = line
        await here.press("space")
        # What was to be painted anew before the line was busy may still come.
        await here.later(0.5)
        here.app.frames.clear()
        for _ in range(5):
            await here.later(0.5)
        assert not any("▼".encode() in frame for frame in here.app.frames)
        assert len(line.marked) == 1
        line.drained = True
        line.marked[0](0.0)
        await here.settle()
        assert any("▼".encode() in frame for frame in here.app.frames)
        await here.later(0.05)
        here.assert_painted("a line that was slow")
        del here.app._driver.paper


async def test_a_line_that_was_full_gets_half_of_what_it_takes(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path)) as here:

        class Line:
            drained = True
            on_its_way = 0
            speed: float | None = 3000.0

            def mark(self, reached: Any) -> None:
                reached(0.0)

        here.app._driver.paper = Line()
        here.count_colours("true")
        await here.press("z", "z", "z", "home", "space")
        for _ in range(20):
            # What may be sent at once is used up.
            await here.later(0.05)
        here.app._driver.paper.speed = Line.speed
        here.app.frames.clear()
        for _ in range(40):
            await here.later(0.05)
        # Two seconds; more is tried bit by bit, in case the line has become faster.
        assert sum(map(len, here.app.frames)) <= 2 * 3000 * 0.8
        assert any("▼".encode() in frame for frame in here.app.frames)
        assert Line.speed == 3000.0
        assert here.app._driver.paper.speed > 3000.0
        del here.app._driver.paper


async def test_on_a_small_screen_the_lane_of_the_region_that_is_meant_is_in_sight(
    tmp_path: Path,
) -> None:
    spans = [
        {"start": n + 0.2, "end": n + 0.8, "label": name}
        for n, name in enumerate(("ANNA", "BEN", "CARL", "DORA"))
    ]
    beeps(tmp_path / "call.wav", (0, 4))
    task = {"audio": "call.wav", "audio_spans": spans}
    async with listening(
        tmp_path, task, labels=("ANNA", "BEN", "CARL", "DORA"), size=(60, 15)
    ) as here:
        for at, name in ((0.5, "ANNA"), (3.5, "DORA"), (1.5, "BEN")):
            await here.go(at)
            rows = here.screen().splitlines()
            assert any(
                re.match(rf" *\d {name[:2]}", row) and set(row) & set("┣┫") for row in rows
            ), here.screen()


async def test_a_window_of_a_recording_shows_the_times_of_the_file(tmp_path: Path) -> None:
    task = call(tmp_path) | {"chunk": {"start": 4.0, "end": 9.0}, "audio_spans": [
        {"start": 1.0, "end": 3.0, "label": "ANNA"}]}  # fmt: skip
    async with listening(tmp_path, task) as here:
        ticks = here.lines()[3]
        assert "│5.0" in ticks
        assert "│2.0" not in ticks
        assert "00:05.000  00:07.000    2.00  1 ANNA" in "\n".join(here.lines())
        await here.go(2.0)
        assert "ANNA  00:05.000–00:07.000  2.00 s" in here.status


async def test_the_axis_goes_on_from_window_to_window(tmp_path: Path) -> None:
    windows = [call(tmp_path) | {"chunk": {"start": 4.0 * n, "end": 4.0 * n + 4},
                                 "audio_spans": []} for n in range(2)]  # fmt: skip
    async with listening(tmp_path, *windows) as here:
        assert "│2.0" in here.lines()[3]
        await here.press("]")
        await here.until(lambda: here.item.position == 1)
        assert "│6.0" in here.lines()[3]
        assert "│2.0" not in here.lines()[3]


async def test_goto_goes_to_a_time_of_the_file_and_to_what_is_said(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), call(tmp_path) | {"meta": {"n": 2}}) as here:

        async def go(query: str) -> None:
            await here.press("g")
            await here.write(query)
            await here.press("enter")

        await go("0:04.5")
        assert here.editor.cursor.frame == round(4.5 * RATE)
        await go("1.25")
        assert here.editor.cursor.frame == round(1.25 * RATE)
        await go("12:30")
        assert "750 s is not in this recording: 0 to 10 s" in here.status
        await go("WHAT did")
        assert here.active.start == 2 * RATE
        assert "'WHAT did': 1 of 1" in here.status
        await go("2")
        await here.until(lambda: here.item.position == 1)
