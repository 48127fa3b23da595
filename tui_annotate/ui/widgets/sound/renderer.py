"""What the timeline shows, as rows of cells: each part is made again only when it has to be."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import log10
from typing import Any

from rich.color import ColorSystem
from rich.style import Style

from tui_annotate.editors.regions.region import Region
from tui_annotate.editors.regions.tracks import channel_name
from tui_annotate.text.display import filled, safe
from tui_annotate.ui.theme import FOREIGN, Theme
from tui_annotate.ui.widgets.cells import BLANK, NO_STYLE, Cell, cells_of, fitted, row_of
from tui_annotate.ui.widgets.sound.axis import axis, clock
from tui_annotate.ui.widgets.sound.lanes import lane
from tui_annotate.ui.widgets.sound.memo import Memo
from tui_annotate.ui.widgets.sound.minimap import brackets, loudness
from tui_annotate.ui.widgets.sound.regionlist import RegionList
from tui_annotate.ui.widgets.sound.spectrogram import Spectrogram, pitch_at, pitch_name
from tui_annotate.ui.widgets.sound.view_state import LaneRow, ViewState
from tui_annotate.ui.widgets.sound.waveform import DOTS_ACROSS, gain_of, waveform

_MAX_CURSOR = {"wave": 10, "spectrum": 5, "lanes": 4}
"""On so many rows of each part a cursor is drawn: every one of them costs bytes with each step."""

PLAYING, STOPPED = "▶", "■"
_OVERVIEW = 480


class Renderer:
    """Draws what is in sight."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._spectrogram = Spectrogram(theme)
        self._memo = Memo()
        self._bars: dict[int, Style] = {}
        self._label = lru_cache(maxsize=512)(self._label_style)
        self._list = RegionList(theme, self._memo, self._label)
        self._selected = self._selection_style()
        self._here = Style(reverse=True)
        self._playhead = self._playhead_style()

    def _selection_style(self) -> Style:
        if self.theme.depth in ("16", "mono"):
            return Style(underline=True)
        return Style(bgcolor="#2c3e55" if self.theme.dark else "#d3e3f5")

    def _playhead_style(self) -> Style:
        match self.theme.depth:
            case "mono":
                return Style(bold=True)
            case "16":
                return Style(color="bright_red" if self.theme.dark else "red")
        # Few codes: it is sent for every row twenty times a second.
        return Style(color="color(203)" if self.theme.dark else "color(160)")

    def _cursor(self, cell: Cell) -> Cell:
        """A cell with the cursor on it."""
        if self.theme.depth in ("16", "mono"):
            return cell[0], self._here
        # In the terminal's own colour it takes no codes at all.
        return "│", NO_STYLE

    # ── the whole ──────────────────────────────────────────────────────────

    def rows(self, state: ViewState, width: int) -> list[list[Cell]]:
        """All rows, from the top."""
        bands = state.bands
        rows = [self._axis(state)]
        rows += self._wave(state) if bands.wave else []
        rows += self._spectrum(state) if bands.spectrum else []
        rows += self._lanes(state) if bands.lanes else []
        rows += [self._minimap(state)]
        if bands.gap:
            rows.append([("─", self.theme.dim)] * width)
        rows = [fitted(row, width) for row in rows]
        return rows + self._list.rows(state, width)

    def _marked(self, rows: list[list[Cell]], state: ViewState, part: str) -> list[list[Cell]]:
        """Rows with the selection, the cursor and the playhead in them."""
        window, gutter = state.window, state.gutter
        rows = [list(row) for row in rows]
        stretch = state.marks.stretch
        if stretch is not None and part != "spectrum":
            columns = window.columns_of(*stretch) if stretch[1] > stretch[0] else None
            marked = rows if self._selected.bgcolor is not None else rows[-1:]
            if columns is not None:
                for row in marked:
                    for x in range(gutter + columns[0], gutter + columns[1]):
                        row[x] = row[x][0], row[x][1] + self._selected
        drawn = _dashes(len(rows), _MAX_CURSOR[part])
        at = None if state.cursor is None else self._column(state, state.cursor)
        if at is not None:
            for y in drawn:
                rows[y][at] = self._cursor(rows[y][at])
        at = None if state.playhead is None else self._column(state, state.playhead)
        if at is not None:
            for y in drawn:
                rows[y][at] = "┃" if self.theme.depth == "mono" else "│", self._playhead
        return rows

    @staticmethod
    def _column(state: ViewState, frame: int) -> int | None:
        column = state.window.column_of(frame)
        # The end of the sound is in its last column.
        if column == state.window.columns:
            column -= 1
        return state.gutter + column if 0 <= column < state.window.columns else None

    # ── the parts ──────────────────────────────────────────────────────────

    def _axis(self, state: ViewState) -> list[Cell]:
        window = state.window
        dim = self.theme.dim

        def make() -> list[Cell]:
            return row_of([(" " * state.gutter + axis(window, state.rate, state.offset), dim)],
                          state.gutter + window.columns)  # fmt: skip

        row = list(self._memo.get("axis", (window, state.rate, state.gutter, state.offset), make))
        for frame, style in ((state.cursor, NO_STYLE), (state.playhead, self._playhead)):
            x = None if frame is None else self._column(state, frame)
            if x is not None:
                row[x] = "▼", style
        return row

    def _wave(self, state: ViewState) -> list[list[Cell]]:
        key = (state.window, state.bands.wave, id(state.marks.regions), state.marks.active,
               state.peaks, state.marks.channels, state.gutter, state.offset, state.height,
               len(state.marks.slots))  # fmt: skip
        rows = self._memo.get("wave", key, lambda: self._make_wave(state))
        return self._marked(rows, state, "wave")

    def _make_wave(self, state: ViewState) -> list[list[Cell]]:
        window, dim = state.window, self.theme.dim
        key = (window, state.bands.wave, state.peaks, state.marks.channels, state.offset,
               state.height)  # fmt: skip
        drawn, gain = self._memo.get("dots", key, lambda: self._dots(state))
        labelled = (window, id(state.marks.regions), len(state.marks.slots))
        colours = self._memo.get("colours", labelled, lambda: self._colours(state))
        rows = []
        for y, (text, title) in enumerate(drawn):
            name = title or (f"{-20 * log10(gain) + 0.0:.0f} dB" if y == 0 else "")
            head = row_of(
                [(filled(safe(name), state.gutter - 1, right=True) + " ", dim)],
                state.gutter,
                self.theme.order,
            )
            rows.append(head + [BLANK if c == " " else (c, style)
                                for c, style in zip(text, colours, strict=True)])  # fmt: skip
        return rows

    def _dots(self, state: ViewState) -> tuple[list[tuple[str, str]], float]:
        """The rows of the waveforms with what stands before each, and what they are scaled by."""
        window, (peaks, _) = state.window, state.peaks
        height = state.bands.wave
        inside = min(window.columns, -(-(window.total - window.start) // window.step))
        if peaks is None:
            unknown = [None] * (inside * DOTS_ACROSS)
            rows = waveform(unknown, unknown, height)
            return [(row.ljust(window.columns), "") for row in rows], 1.0
        gain = self._overview(state)[1] * 2.0**state.height
        count = len(state.marks.channels)
        shares = [height // count + (n < height % count) for n in range(count)]
        made: list[tuple[str, str]] = []
        start = state.offset + window.start
        for channel, share in zip(state.marks.channels, shares, strict=True):
            if share < 1:
                continue
            low, high = peaks.minmax(
                start, start + inside * window.step, inside * DOTS_ACROSS, channel
            )
            rows = waveform(_floats(low), _floats(high), share, gain)
            names = [""] * share
            if count > 1 and channel is not None:
                names[share // 2] = channel_name(channel, count)
            made += [(row.ljust(window.columns), name)
                     for row, name in zip(rows, names, strict=True)]  # fmt: skip
        return made, gain

    def _overview(self, state: ViewState) -> tuple[list[Any], float]:
        """The loudness of the whole sound, and what it is scaled by."""
        peaks = state.peaks[0]
        total = state.window.total

        def make() -> tuple[list[Any], float]:
            found = _floats(peaks.loudness(_OVERVIEW, state.offset, state.offset + total))
            known = [value for value in found if value is not None and value == value]
            return found, gain_of(known)

        return self._memo.get("overview", (state.peaks, state.offset, total), make)

    def _colours(self, state: ViewState) -> list[Style]:
        """The colour of each column: that of the region there, of several the one begun last."""
        window = state.window
        colours = [self.theme.dim] * window.columns
        for region in _overlapping(state.marks.regions, window.start, window.end):
            columns = window.columns_of(region.start, region.end)
            if columns is not None:
                colours[slice(*columns)] = [self._style(state, region)] * (columns[1] - columns[0])
        return colours

    def _style(self, state: ViewState, region: Region) -> Style:
        return self._label(state.marks.slots.get(region.label, FOREIGN))

    def _label_style(self, slot: int, strong: bool = False) -> Style:
        """The colour of a label: of those with a number, which take half the bytes."""
        style = self.theme.label(slot, strong)
        if self.theme.depth != "true" or style.color is None:
            return style
        return style + Style.from_color(style.color.downgrade(ColorSystem.EIGHT_BIT))

    def _bar(self, state: ViewState, region: Region) -> Style:
        """The colour of a region's bar: where there are many colours it has a ground."""
        slot = state.marks.slots.get(region.label, FOREIGN)
        found = self._bars.get(slot)
        if found is None:
            found = self._bars[slot] = self._label(slot) + self.theme.ground(slot)
        return found

    def _spectrum(self, state: ViewState) -> list[list[Cell]]:
        height, gutter = state.bands.spectrum, state.gutter
        # A picture is drawn once, and then only where the sound has been.
        key = (state.window, height, id(state.picture), gutter, state.rate)

        def make() -> list[list[Cell]]:
            rows = self._spectrogram.rows(state.picture, state.window, height)
            heads = [""] * height
            for y in range(0, height, 3):
                heads[y] = pitch_name(pitch_at(1 - y / height, state.rate))
            return [
                row_of([(f"{head:>{gutter - 1}} ", self.theme.dim)], gutter) + row
                for head, row in zip(heads, rows, strict=True)
            ]

        rows = self._memo.get("spectrum", key, make)
        self._memo.hold("picture", state.picture)
        return self._marked(rows, state, "spectrum")

    def _lanes(self, state: ViewState) -> list[list[Cell]]:
        heads = [
            (one.name, one.key, one.slot, one.focused, one.unassigned) for one in state.marks.lanes
        ]
        key = (
            (state.window, state.bands.lanes, state.gutter),
            (id(state.marks.regions), state.marks.active, heads),
        )
        rows = self._memo.get("lanes", key, lambda: self._make_lanes(state))
        self._memo.hold("regions", state.marks.regions)
        return self._marked(rows, state, "lanes")

    def _make_lanes(self, state: ViewState) -> list[list[Cell]]:
        theme, gutter = self.theme, state.gutter
        shown, more = _lanes_in_sight(state.marks.lanes, state.bands.lanes, state.marks.active)
        rows: list[list[Cell]] = []
        for n, one in enumerate(shown):
            before = f"{one.key} " if one.key else ""
            room = gutter - 2 - len(before)
            name = safe(one.name, room)
            if more and n == len(shown) - 1:
                name = safe(one.name, room - len(str(more)) - 1) + f"+{more}"
            colour = theme.dim if one.slot is None else self._label(one.slot, one.focused)
            head = row_of(
                [("›" if one.focused else " ", theme.strong), (before, theme.dim), (name, colour)],
                gutter,
                theme.order,
            )
            named = one.slot is not None
            bars = lane(
                one.regions,
                state.window,
                active=state.marks.active,
                style=lambda region: self._bar(state, region),
                title=lambda region, named=named: _title(region, named),  # type: ignore[misc]
                dotted=one.unassigned,
            )
            rows.append(head + bars)
        while len(rows) < state.bands.lanes:
            rows.append([BLANK] * (gutter + state.window.columns))
        return rows

    def _minimap(self, state: ViewState) -> list[Cell]:
        theme, window = self.theme, state.window
        sign = f"{PLAYING if state.playhead is not None else STOPPED} "
        longest = len(clock((state.offset + window.total) / state.rate)) + 10
        room = max(window.columns - longest - 1, 8)
        key = (window, room, state.peaks, state.offset, state.gutter, id(state.marks.regions),
               len(state.marks.slots))  # fmt: skip
        row = list(self._memo.get("minimap", key, lambda: self._make_minimap(state, room)))
        frame = state.playhead if state.playhead is not None else state.cursor
        if frame is not None:
            x = state.gutter + min(frame * room // max(window.total, 1), room - 1)
            row[x] = row[x][0], self._here
        speed = f" {state.speed:g}×"
        row += cells_of("  ", NO_STYLE)
        row += cells_of(sign, self._playhead if state.playhead is not None else theme.dim)
        row += cells_of(clock((state.offset + state.clock) / state.rate), theme.plain)
        row += cells_of(speed if state.speed != 1 else "", theme.warning)
        row += cells_of(" ↻" if state.looping else "", theme.strong)
        return row

    def _make_minimap(self, state: ViewState, room: int) -> list[Cell]:
        theme, window, gutter = self.theme, state.window, state.gutter
        length = clock(window.total / state.rate, 0)
        head = row_of([(f"{length:>{gutter - 1}} ", theme.dim)], gutter)
        regions, slots = state.marks.regions, state.marks.slots
        key = (window.total, room, state.peaks, state.offset, id(regions), len(slots))
        row = list(self._memo.get("whole", key, lambda: self._whole(state, room)))
        if not window.is_whole:
            left, right = brackets(window.start, window.end, window.total, room)
            row[left], row[right] = ("[", theme.strong), ("]", theme.strong)
        return head + row

    def _whole(self, state: ViewState, room: int) -> list[Cell]:
        """All of the sound, each column in the colour of the last region there."""
        total = state.window.total
        found: list[Any] = [None] * room
        gain = 1.0
        if state.peaks[0] is not None:
            found, gain = self._overview(state)
        blocks = loudness([_greatest(found, n, room) for n in range(room)], gain)
        styles = [self.theme.dim] * room
        for region in state.marks.regions:
            first = region.start * room // total
            last = min(max(-(-region.end * room // total), first + 1), room)
            styles[first:last] = [self._style(state, region)] * (last - first)
        return list(zip(blocks, styles, strict=True))


def _title(region: Region, named: bool) -> str:
    text = region.text or ""
    if named:
        return text
    return f"{region.label} {text}" if text else region.label


def _overlapping(regions: Any, start: int, end: int) -> Sequence[Region]:
    found: Sequence[Region] = regions.overlapping(start, end)
    return found


def _floats(values: Any) -> list[Any]:
    return values.tolist() if hasattr(values, "tolist") else list(values)


def _greatest(values: list[Any], n: int, parts: int) -> Any:
    """The greatest of a part of some values; None where none of them is known."""
    first = n * len(values) // parts
    last = max((n + 1) * len(values) // parts, first + 1)
    known = [value for value in values[first:last] if value is not None and value == value]
    return max(known, default=None)


def _dashes(rows: int, count: int) -> range:
    """Rows evenly apart, so many at most."""
    return range(0, rows, max(-(-rows // count), 1))


def _lanes_in_sight(
    lanes: tuple[LaneRow, ...], rows: int, active: str | None
) -> tuple[tuple[LaneRow, ...], int]:
    """The lanes that there is room for, with the one that is meant; how many are out of sight."""
    if len(lanes) <= rows:
        return lanes, 0
    holding = (n for n, one in enumerate(lanes) if any(r.id == active for r in one.regions))
    focused = next((n for n, one in enumerate(lanes) if one.focused), None)
    if focused is None:
        focused = next(holding, 0)
    first = min(max(focused - rows + 1, 0), len(lanes) - rows)
    return lanes[first : first + rows], len(lanes) - rows
