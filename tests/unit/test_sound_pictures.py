"""The parts of the picture of a sound: each stands where its frames are."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style

from tui_annotate.audio.sound_data import Picture
from tui_annotate.audio.window import Window
from tui_annotate.editors.regions.region import Region
from tui_annotate.ui.terminal import drawn_tightly
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.canvas import Canvas
from tui_annotate.ui.widgets.cells import Cell, cells_of, changed, fitted, row_of, strip_of
from tui_annotate.ui.widgets.sound.axis import axis, clock, seconds_in
from tui_annotate.ui.widgets.sound.bands import MIN_WAVE, Shown, bands
from tui_annotate.ui.widgets.sound.lanes import lane
from tui_annotate.ui.widgets.sound.minimap import brackets, loudness
from tui_annotate.ui.widgets.sound.regionlist import first_row
from tui_annotate.ui.widgets.sound.spectrogram import Spectrogram, pitch_at, pitch_name
from tui_annotate.ui.widgets.sound.waveform import gain_of, waveform

RATE = 16_000


# ── the waveform ───────────────────────────────────────────────────────────


def dots(rows: list[str]) -> list[set[int]]:
    """The rows of dots that are set, from the top, in each column of dots."""
    bits = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
    found: list[set[int]] = []
    for column in range(len(rows[0])):
        for half in bits:
            found.append(
                {
                    4 * y + n
                    for y, row in enumerate(rows)
                    for n, bit in enumerate(half)
                    if row[column] != " " and (ord(row[column]) - 0x2800) & bit
                }
            )
    return found


SAMPLES = st.floats(-1, 1, allow_nan=False)


@given(st.lists(st.tuples(SAMPLES, SAMPLES), min_size=2, max_size=20), st.integers(1, 6))
def test_every_column_of_dots_reaches_from_the_least_to_the_greatest_sample(
    pairs: list[tuple[float, float]], rows: int
) -> None:
    pairs = [(min(p), max(p)) for p in pairs[: len(pairs) // 2 * 2]]
    drawn = waveform([p[0] for p in pairs], [p[1] for p in pairs], rows)
    middle = (4 * rows - 1) / 2
    for (low, high), found in zip(pairs, dots(drawn), strict=True):
        assert found == set(range(min(found), max(found) + 1))
        assert abs(min(found) - (middle - high * middle)) <= 1
        assert abs(max(found) - (middle - low * middle)) <= 1


def test_silence_is_a_line_and_what_is_unknown_a_dotted_one() -> None:
    assert all(len(found) == 2 for found in dots(waveform([0.0] * 8, [0.0] * 8, 3)))
    unknown = dots(waveform([None] * 8, [math.nan] * 8, 3))
    assert [len(found) for found in unknown] == [1, 0] * 4


def test_what_is_louder_than_the_rows_is_cut_at_their_ends() -> None:
    assert dots(waveform([-3.0, -3.0], [3.0, 3.0], 2)) == [set(range(8))] * 2


@given(st.lists(st.floats(0, 4), min_size=1, max_size=50))
def test_a_sound_fills_its_rows_in_steps_of_three_decibels(peaks: list[float]) -> None:
    gain = gain_of(peaks)
    assert math.isclose(2 * math.log2(gain) % 1, 0, abs_tol=1e-9)
    loud = sorted(peaks)[int(0.98 * (len(peaks) - 1))]
    assert loud * gain <= 1.0001


# ── the axis ───────────────────────────────────────────────────────────────


@given(st.integers(1, RATE * 36_000), st.integers(20, 200), st.integers(0, 20), st.data())
def test_every_tick_stands_in_the_column_of_its_time(
    total: int, columns: int, zoom: int, data: st.DataObject
) -> None:
    about = data.draw(st.integers(0, total - 1))
    window = Window.whole(total, columns, RATE).zoomed(zoom, about)
    offset = data.draw(st.just(0) | st.integers(0, RATE * 36_000))
    text = axis(window, RATE, offset)
    assert len(text) == columns
    parts = text.split("│")
    at = len(parts[0])
    for part in parts[1:]:
        if part.strip():
            seconds = 0.0
            for piece in part.split()[0].split(":"):
                seconds = seconds * 60 + float(piece)
            assert window.column_of(round(seconds * RATE) - offset) == at
        at += 1 + len(part)


def test_times_as_they_are_written() -> None:
    assert clock(12.48) == "00:12.480"
    assert clock(59.9996) == "01:00.000"
    assert clock(3725.5, 1) == "1:02:05.5"
    assert clock(1800, 0) == "30:00"


# ── lanes, list, minimap ───────────────────────────────────────────────────


@st.composite
def regions(draw: st.DrawFn) -> Region:
    start = draw(st.integers(0, 9_000))
    return Region(start, draw(st.integers(start + 1, 10_000)), "ANNA", "r1",
                  suggested=draw(st.booleans()))  # fmt: skip


@given(regions(), st.integers(8, 120), st.integers(0, 8), st.data(), st.booleans())
def test_a_bar_covers_the_columns_of_its_frames_and_no_other(
    region: Region, columns: int, zoom: int, data: st.DataObject, active: bool
) -> None:
    window = Window.whole(10_000, columns, 1000).zoomed(zoom, data.draw(st.integers(0, 9_999)))
    row = lane(
        [region], window, active="r1" if active else None,
        style=lambda one: Style(bold=True), title=lambda one: one.label,
    )  # fmt: skip
    drawn = [x for x, (_, look) in enumerate(row) if look.bold]
    expected = [
        c for c in range(columns)
        if window.frame_of(c) < region.end and window.frame_of(c) + window.step > region.start
    ]  # fmt: skip
    assert drawn == expected
    assert len(row) == columns
    if drawn and region.suggested:
        assert "?" in "".join(c for c, _ in row)


def test_a_bar_bears_its_name_where_it_has_room_and_is_heavy_where_it_is_meant() -> None:
    window = Window.whole(1000, 20, 1000)

    def drawn(region: Region, active: str | None = None) -> str:
        row = lane([region], window, active=active, style=lambda one: Style(),
                   title=lambda one: one.label)  # fmt: skip
        return "".join(c for c, _ in row).rstrip()

    assert drawn(Region(0, 500, "ANNA", "a")) == "├ANNA────┤"
    assert drawn(Region(0, 500, "ANNA", "a"), "a") == "┣ANNA────┫"
    assert drawn(Region(0, 500, "ANNA", "a", suggested=True)) == "├ANNA┄┄┄?┤"
    assert drawn(Region(0, 100, "ANNA", "a")) == "├┤"
    assert drawn(Region(0, 50, "ANNA", "a", suggested=True)) == "?"
    assert drawn(Region(100, 600, "日本語会議", "a")) == "  ├日本語…─┤"


@pytest.mark.parametrize(
    ("spans", "active", "shown"),
    [
        ([(0, 300), (0, 600), (0, 1000)], None, "├────┤─────┤───────┤"),
        ([(0, 300), (0, 600), (0, 1000)], "2", "┣────┤─────┤───────┫"),
        ([(0, 300), (0, 600), (0, 1000)], "0", "┣────┫─────┤───────┤"),
        ([(0, 600), (400, 1000)], "0", "┣───────├──┫───────┤"),
        ([(0, 1000), (400, 600)], "0", "┣───────├──┤───────┫"),
        ([(0, 1000), (400, 450)], "0", "┣───────│──────────┫"),
    ],
)
def test_the_ends_of_regions_that_overlap_are_all_seen(
    spans: list[tuple[int, int]], active: str | None, shown: str
) -> None:
    overlapping = [Region(*span, "", str(number)) for number, span in enumerate(spans)]
    row = lane(overlapping, Window.whole(1000, 20, 1000), active=active,
               style=lambda one: Style(), title=lambda one: one.label)  # fmt: skip
    assert "".join(c for c, _ in row) == shown


@given(st.integers(1, 10**9), st.integers(4, 100), st.data())
def test_the_brackets_hold_the_window(total: int, columns: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, total - 1))
    end = data.draw(st.integers(start + 1, total))
    left, right = brackets(start, end, total, columns)
    assert 0 <= left < right < columns
    assert left <= start * columns // total
    assert right >= (end - 1) * columns // total


def test_the_minimap_says_what_is_not_known() -> None:
    assert loudness([0.0, 0.5, 1.0, math.nan, None]) == "▁▅█··"


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 12), st.integers(1, 50))
def test_the_list_shows_the_active_region(active: int, first: int, rows: int, count: int) -> None:
    active = min(active, count - 1)
    begins = first_row(active, first, rows, count)
    assert begins <= active < begins + rows
    assert 0 <= begins <= max(count - rows, 0)
    # It is not moved where it need not be.
    assert first_row(active, begins, rows, count) == begins


# ── the spectrogram ────────────────────────────────────────────────────────


def picture(columns: int, bands: int, start: int = 0, step: int = 100) -> Picture:
    cells = bytes((7 * c + 31 * b) % 256 for c in range(columns) for b in range(bands))
    return Picture(start, start + columns * step, columns, bands, cells)


def halves(cell: Cell) -> tuple[object, object]:
    """The colours of the upper and the lower half of a cell."""
    character, style = cell
    text = style.color.number if style.color else None
    ground = style.bgcolor.number if style.bgcolor else None
    return {"▀": (text, ground), "▄": (ground, text), " ": (ground, ground)}[character]


def test_a_spectrogram_stands_where_the_sound_does_low_below_high() -> None:
    window = Window(total=4000, columns=40, step=100, start=0)
    shown = Spectrogram(Theme("256"))
    made = picture(40, 8)
    colours: dict[int, object] = {}
    for column in range(40):
        rows = shown.rows(made, window, 4)
        for y in range(4):
            upper, lower = halves(rows[y][column])
            for band, colour in ((7 - 2 * y, upper), (6 - 2 * y, lower)):
                level = made.cells[column * 8 + band] * 13 // 256
                assert colours.setdefault(level, colour) == colour
    assert len(set(colours.values())) == len(colours)


def test_a_picture_of_another_window_is_drawn_where_it_belongs() -> None:
    made = picture(40, 8)
    shown = Spectrogram(Theme("256"))
    whole = shown.rows(made, Window(total=4000, columns=40, step=100), 4)
    later = shown.rows(made, Window(total=4000, columns=40, step=100, start=1000), 4)
    for row, moved in zip(whole, later, strict=True):
        assert [halves(c) for c in moved[:30]] == [halves(c) for c in row[10:]]
        assert all(cell == (" ", Style()) for cell in moved[30:])


def test_without_colours_a_spectrogram_has_shades() -> None:
    rows = Spectrogram(Theme("mono")).rows(
        picture(40, 8), Window(total=4000, columns=40, step=100), 4
    )
    assert {c for row in rows for c, _ in row} <= set(" ░▒▓█")
    assert all(style == Style() for row in rows for _, style in row)


def test_pitches_lie_evenly_on_the_mel_scale() -> None:
    assert pitch_at(0, 16_000) == pytest.approx(50)
    assert pitch_at(1, 16_000) == pytest.approx(8000)
    assert pitch_at(1, 44_100) == pytest.approx(12_000)
    assert pitch_at(0.5, 16_000) < 4000
    assert [pitch_name(hertz) for hertz in (80, 440, 1000, 2200, 12_000)] == [
        "80", "440", "1k", "2.2k", "12k"
    ]  # fmt: skip


# ── rows and cells ─────────────────────────────────────────────────────────


@given(st.integers(6, 80), st.integers(0, 12), st.sampled_from(["auto", "waveform", "spectrogram",
                                                               "both"]), st.booleans())  # fmt: skip
def test_the_rows_are_shared_out_to_the_last(
    height: int, lanes: int, shown: Shown, listed: bool
) -> None:
    made = bands(height, lanes, shown, listed=listed)
    assert made.height == height or height < 8
    assert made.wave >= MIN_WAVE or shown == "spectrogram"
    assert all(
        rows >= 0
        for rows in (made.wave, made.spectrum, made.lanes, made.minimap, made.gap, made.list)
    )


def test_the_spectrogram_gives_way_first_and_then_the_list() -> None:
    large, middle, small = (bands(height, 2, "auto") for height in (34, 18, 9))
    assert large.spectrum >= 4 < large.list
    assert middle.spectrum == 0 < middle.list
    assert (small.wave, small.lanes, small.spectrum) == (4, 2, 0)
    assert bands(18, 2, "both").spectrum > 0


PIECES = st.lists(
    st.tuples(
        st.text(alphabet="ab─├⣿ 日é", max_size=6),
        st.sampled_from([Style(), Style(bold=True), Style(color="red"), Style(bgcolor="#123456"),
                         Style(color="red", bgcolor="blue", reverse=True)]),
    ),
    max_size=8,
)  # fmt: skip


@given(PIECES, st.integers(1, 30))
def test_a_row_has_just_the_columns_that_there_are(
    pieces: list[tuple[str, Style]], width: int
) -> None:
    row = row_of(pieces, width)
    assert len(row) == width
    assert strip_of(row).cell_length == width
    assert row[0][0] != ""
    assert fitted(row, width) == row


@given(PIECES, PIECES, st.integers(1, 24))
def test_what_is_sent_makes_the_old_row_the_new_one(
    before: list[tuple[str, Style]], after: list[tuple[str, Style]], width: int
) -> None:
    old, new = row_of(before, width), row_of(after, width)
    there = list(old)
    for start, end in changed(old, new):
        there[start:end] = new[start:end]
    assert there == new
    if old == new:
        assert changed(old, new) == []


@given(st.lists(st.tuples(PIECES, PIECES), min_size=1, max_size=5), st.integers(40, 200))
def test_a_picture_comes_in_frames_that_keep_their_limit(
    rows: list[tuple[list[tuple[str, Style]], list[tuple[str, Style]]]], limit: int
) -> None:
    width = 12
    canvas = Canvas()
    canvas.replace([row_of(before, width) for before, _ in rows])
    wanted = [row_of(after, width) for _, after in rows]
    colours = ColorSystem.TRUECOLOR
    for _ in range(200):
        if canvas.rows == wanted:
            break
        regions, told = canvas.paint_within(wanted, limit, colours)
        assert told <= limit
        sent = 0
        for region in regions:
            strip = strip_of(canvas.rows[region.y][region.x : region.right])
            sent += len(drawn_tightly(strip, colours).encode())
        # A row with a wide character cannot be sent in part, however long it is.
        risky = any("" in (c for c, _ in row) for row in [*wanted, *canvas.rows])
        assert sent <= limit or risky
    if limit >= 150:
        assert canvas.rows == wanted


def test_cells_of_wide_characters_take_two_columns() -> None:
    assert [c for c, _ in cells_of("日a", Style())] == ["日", "", "a"]
    assert [c for c, _ in row_of([("a日", Style())], 2)] == ["a", " "]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("12:30", 750.0),
        ("1:02:05,5", 3725.5),
        ("90.5", 90.5),
        ("90 s", 90.0),
        ("90.5s", 90.5),
        ("90", None),
        ("12:", None),
        ("hello 1.5", None),
        ("٣.٥", None),
    ],
)
def test_times_as_people_write_them(written: str, seconds: float | None) -> None:
    assert seconds_in(written) == seconds


@given(
    height=st.integers(6, 60),
    lanes=st.integers(0, 9),
    border=st.integers(-40, 40),
    shown=st.sampled_from(["auto", "waveform", "spectrogram", "both"]),
)
def test_wherever_the_border_is_moved_every_part_keeps_a_row(
    height: int, lanes: int, border: int, shown: Shown
) -> None:
    plain = bands(height, lanes, shown)
    moved = bands(height, lanes, shown, border=border)
    assert moved.height == plain.height
    assert moved.wave + moved.spectrum >= min(MIN_WAVE, plain.wave + plain.spectrum)
    assert moved.list >= min(1, plain.list)
