"""What the timeline shows, as rows of cells: each part is made again only when it has to be."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import log10
from typing import Any, TypeVar

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style

from tui_annotate.editors.regions.region import Region
from tui_annotate.text.display import safe
from tui_annotate.ui.theme import FOREIGN, Theme
from tui_annotate.ui.widgets.cells import BLANK, NO_STYLE, Cell, cells_of, fitted, row_of
from tui_annotate.ui.widgets.sound.axis import axis, clock
from tui_annotate.ui.widgets.sound.lanes import lane
from tui_annotate.ui.widgets.sound.minimap import brackets, loudness
from tui_annotate.ui.widgets.sound.regionlist import first_row, region_row
from tui_annotate.ui.widgets.sound.spectrogram import Spectrogram, pitch_at, pitch_name
from tui_annotate.ui.widgets.sound.view_state import LaneRow, ViewState
from tui_annotate.ui.widgets.sound.waveform import DOTS_ACROSS, gain_of, waveform

Made = TypeVar("Made")

_MOST_CURSOR = {"wave": 10, "spectrum": 5, "lanes": 4}
"""On so many rows of each part a cursor is drawn: every one of them costs bytes with each step."""

PLAYING, STOPPED = "▶", "■"
_OVERVIEW = 480


class Renderer:
    """Draws what is in sight."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._spectrogram = Spectrogram(theme)
        self._memo: dict[str, tuple[Any, Any]] = {}
        self._bars: dict[int, Style] = {}
        self._label = lru_cache(maxsize=512)(self._made_label)
        self._first_listed = 0
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

    def _kept(self, name: str, key: Any, make: Callable[[], Made]) -> Made:
        held = self._memo.get(name)
        if held is not None and held[0] == key:
            made: Made = held[1]
            return made
        made = make()
        self._memo[name] = key, made
        return made

    # ── the whole ──────────────────────────────────────────────────────────

    def rows(self, sight: ViewState, width: int) -> list[list[Cell]]:
        """All rows, from the top."""
        bands = sight.bands
        rows = [self._axis(sight)]
        rows += self._wave(sight) if bands.wave else []
        rows += self._spectrum(sight) if bands.spectrum else []
        rows += self._lanes(sight) if bands.lanes else []
        rows += [self._minimap(sight)]
        if bands.gap:
            rows.append([("─", self.theme.dim)] * width)
        rows = [fitted(row, width) for row in rows]
        return rows + self._list(sight, width)

    def _marked(self, rows: list[list[Cell]], sight: ViewState, part: str) -> list[list[Cell]]:
        """Rows with the selection, the cursor and the playhead in them."""
        window, gutter = sight.window, sight.gutter
        rows = [list(row) for row in rows]
        if sight.stretch is not None and part != "spectrum":
            columns = (
                window.columns_of(*sight.stretch) if sight.stretch[1] > sight.stretch[0] else None
            )
            marked = rows if self._selected.bgcolor is not None else rows[-1:]
            if columns is not None:
                for row in marked:
                    for x in range(gutter + columns[0], gutter + columns[1]):
                        row[x] = row[x][0], row[x][1] + self._selected
        drawn = _dashes(len(rows), _MOST_CURSOR[part])
        at = None if sight.cursor is None else self._column(sight, sight.cursor)
        if at is not None:
            for y in drawn:
                rows[y][at] = self._cursor(rows[y][at])
        at = None if sight.playhead is None else self._column(sight, sight.playhead)
        if at is not None:
            for y in drawn:
                rows[y][at] = "┃" if self.theme.depth == "mono" else "│", self._playhead
        return rows

    @staticmethod
    def _column(sight: ViewState, frame: int) -> int | None:
        column = sight.window.column_of(frame)
        # The end of the sound is in its last column.
        if column == sight.window.columns:
            column -= 1
        return sight.gutter + column if 0 <= column < sight.window.columns else None

    # ── the parts ──────────────────────────────────────────────────────────

    def _axis(self, sight: ViewState) -> list[Cell]:
        window = sight.window
        dim = self.theme.dim

        def make() -> list[Cell]:
            return row_of([(" " * sight.gutter + axis(window, sight.rate), dim)],
                          sight.gutter + window.columns)  # fmt: skip

        row = list(self._kept("axis", (window, sight.rate, sight.gutter), make))
        for frame, look in ((sight.cursor, NO_STYLE), (sight.playhead, self._playhead)):
            x = None if frame is None else self._column(sight, frame)
            if x is not None:
                row[x] = "▼", look
        return row

    def _wave(self, sight: ViewState) -> list[list[Cell]]:
        key = (sight.window, sight.bands.wave, id(sight.regions), sight.active,
               sight.peaks, sight.channels, sight.gutter, sight.offset,
               len(sight.slots))  # fmt: skip
        rows = self._kept("wave", key, lambda: self._make_wave(sight))
        return self._marked(rows, sight, "wave")

    def _make_wave(self, sight: ViewState) -> list[list[Cell]]:
        window, dim = sight.window, self.theme.dim
        key = (window, sight.bands.wave, sight.peaks, sight.channels, sight.offset)
        drawn, gain = self._kept("dots", key, lambda: self._dots(sight))
        labelled = (window, id(sight.regions), len(sight.slots))
        colours = self._kept("colours", labelled, lambda: self._colours(sight))
        rows = []
        for y, (text, title) in enumerate(drawn):
            name = title or (f"{-20 * log10(gain) + 0.0:.0f} dB" if y == 0 else "")
            head = row_of(
                [(f"{safe(name, sight.gutter - 1):>{sight.gutter - 1}} ", dim)], sight.gutter
            )
            rows.append(head + [BLANK if c == " " else (c, look)
                                for c, look in zip(text, colours, strict=True)])  # fmt: skip
        return rows

    def _dots(self, sight: ViewState) -> tuple[list[tuple[str, str]], float]:
        """The rows of the waveforms with what stands before each, and what they are scaled by."""
        window, (peaks, _) = sight.window, sight.peaks
        height = sight.bands.wave
        inside = min(window.columns, -(-(window.total - window.start) // window.step))
        if peaks is None:
            unknown = [None] * (inside * DOTS_ACROSS)
            rows = waveform(unknown, unknown, height)
            return [(row.ljust(window.columns), "") for row in rows], 1.0
        _, gain = self._overview(sight)
        count = len(sight.channels)
        shares = [height // count + (n < height % count) for n in range(count)]
        made: list[tuple[str, str]] = []
        start = sight.offset + window.start
        for channel, share in zip(sight.channels, shares, strict=True):
            if share < 1:
                continue
            least, most = peaks.minmax(
                start, start + inside * window.step, inside * DOTS_ACROSS, channel
            )
            rows = waveform(_floats(least), _floats(most), share, gain)
            names = [""] * share
            if count > 1 and channel is not None:
                names[share // 2] = ("L", "R")[channel] if count == 2 else f"{channel + 1}"
            made += [(row.ljust(window.columns), name)
                     for row, name in zip(rows, names, strict=True)]  # fmt: skip
        return made, gain

    def _overview(self, sight: ViewState) -> tuple[list[Any], float]:
        """The loudness of the whole sound, and what is is scaled by."""
        peaks = sight.peaks[0]
        total = sight.window.total

        def make() -> tuple[list[Any], float]:
            found = _floats(peaks.loudness(_OVERVIEW, sight.offset, sight.offset + total))
            known = [value for value in found if value is not None and value == value]
            return found, gain_of(known)

        return self._kept("overview", (sight.peaks, sight.offset, total), make)

    def _colours(self, sight: ViewState) -> list[Style]:
        """The colour of each column: that of the region there, of several the one begun last."""
        window = sight.window
        colours = [self.theme.dim] * window.columns
        for region in _overlapping(sight.regions, window.start, window.end):
            columns = window.columns_of(region.start, region.end)
            if columns is not None:
                colours[slice(*columns)] = [self.style(sight, region)] * (columns[1] - columns[0])
        return colours

    def style(self, sight: ViewState, region: Region) -> Style:
        """The colour of a region."""
        return self._label(sight.slots.get(region.label, FOREIGN))

    def _made_label(self, slot: int, strong: bool = False) -> Style:
        """The colour of a label: of those with a number, which take half the bytes."""
        style = self.theme.label(slot, strong)
        if self.theme.depth != "true" or style.color is None:
            return style
        return style + Style.from_color(style.color.downgrade(ColorSystem.EIGHT_BIT))

    def _bar(self, sight: ViewState, region: Region) -> Style:
        """The colour of a region's bar: where there are many colours it has a ground."""
        slot = sight.slots.get(region.label, FOREIGN)
        found = self._bars.get(slot)
        if found is None:
            found = self._bars[slot] = self._label(slot) + self.theme.ground(slot)
        return found

    def _spectrum(self, sight: ViewState) -> list[list[Cell]]:
        height, gutter = sight.bands.spectrum, sight.gutter
        # A picture is drawn once, and then only where the sound has been.
        key = (sight.window, height, id(sight.picture), gutter, sight.rate)

        def make() -> list[list[Cell]]:
            rows = self._spectrogram.rows(sight.picture, sight.window, height)
            heads = [""] * height
            for y in range(0, height, 3):
                heads[y] = pitch_name(pitch_at(1 - y / height, sight.rate))
            return [
                row_of([(f"{head:>{gutter - 1}} ", self.theme.dim)], gutter) + row
                for head, row in zip(heads, rows, strict=True)
            ]

        rows = self._kept("spectrum", key, make)
        # The picture is kept alive, so that its id stays its own.
        self._memo["picture"] = None, sight.picture
        return self._marked(rows, sight, "spectrum")

    def _lanes(self, sight: ViewState) -> list[list[Cell]]:
        heads = [(one.name, one.slot, one.focused) for one in sight.lanes]
        key = (
            (sight.window, sight.bands.lanes, sight.gutter),
            (id(sight.regions), sight.active, heads),
        )
        rows = self._kept("lanes", key, lambda: self._make_lanes(sight))
        self._memo["regions"] = None, sight.regions
        return self._marked(rows, sight, "lanes")

    def _make_lanes(self, sight: ViewState) -> list[list[Cell]]:
        theme, gutter = self.theme, sight.gutter
        shown, more = _lanes_in_sight(sight.lanes, sight.bands.lanes, sight.active)
        rows: list[list[Cell]] = []
        for n, one in enumerate(shown):
            name = safe(one.name, gutter - 2)
            if more and n == len(shown) - 1:
                name = safe(one.name, gutter - 2 - len(str(more)) - 1) + f"+{more}"
            colour = theme.dim if one.slot is None else self._label(one.slot, one.focused)
            head = row_of([("›" if one.focused else " ", theme.strong), (name, colour)], gutter)
            named = one.slot is not None
            bars = lane(
                one.regions,
                sight.window,
                active=sight.active,
                style=lambda region: self._bar(sight, region),
                title=lambda region, named=named: _title(region, named),  # type: ignore[misc]
            )
            rows.append(head + bars)
        while len(rows) < sight.bands.lanes:
            rows.append([BLANK] * (gutter + sight.window.columns))
        return rows

    def _minimap(self, sight: ViewState) -> list[Cell]:
        theme, window = self.theme, sight.window
        state = f"{PLAYING if sight.playhead is not None else STOPPED} "
        longest = len(clock(window.total / sight.rate)) + 10
        room = max(window.columns - longest - 1, 8)
        key = (window, room, sight.peaks, sight.offset, sight.gutter, id(sight.regions),
               len(sight.slots))  # fmt: skip
        row = list(self._kept("minimap", key, lambda: self._make_minimap(sight, room)))
        frame = sight.playhead if sight.playhead is not None else sight.cursor
        if frame is not None:
            x = sight.gutter + min(frame * room // max(window.total, 1), room - 1)
            row[x] = row[x][0], self._here
        speed = f" {sight.speed:g}×"
        row += cells_of("  ", NO_STYLE)
        row += cells_of(state, self._playhead if sight.playhead is not None else theme.dim)
        row += cells_of(clock(sight.clock / sight.rate), theme.plain)
        row += cells_of(speed if sight.speed != 1 else "", theme.warning)
        row += cells_of(" ↻" if sight.looping else "", theme.strong)
        return row

    def _make_minimap(self, sight: ViewState, room: int) -> list[Cell]:
        theme, window, gutter = self.theme, sight.window, sight.gutter
        length = clock(window.total / sight.rate, 0)
        head = row_of([(f"{length:>{gutter - 1}} ", theme.dim)], gutter)
        key = (window.total, room, sight.peaks, sight.offset, id(sight.regions), len(sight.slots))
        row = list(self._kept("whole", key, lambda: self._whole(sight, room)))
        if not window.is_whole:
            left, right = brackets(window.start, window.end, window.total, room)
            row[left], row[right] = ("[", theme.strong), ("]", theme.strong)
        return head + row

    def _whole(self, sight: ViewState, room: int) -> list[Cell]:
        """All of the sound, each column in the colour of the last region there."""
        total = sight.window.total
        found: list[Any] = [None] * room
        gain = 1.0
        if sight.peaks[0] is not None:
            found, gain = self._overview(sight)
        blocks = loudness([_greatest(found, n, room) for n in range(room)], gain)
        looks = [self.theme.dim] * room
        for region in sight.regions:
            first = region.start * room // total
            last = min(max(-(-region.end * room // total), first + 1), room)
            looks[first:last] = [self.style(sight, region)] * (last - first)
        return list(zip(blocks, looks, strict=True))

    # ── the list ───────────────────────────────────────────────────────────

    def _list(self, sight: ViewState, width: int) -> list[list[Cell]]:
        height, theme = sight.bands.list, self.theme
        if not height:
            return []
        regions = sight.regions
        if not len(regions) and not sight.field:
            blank = [[BLANK] * width for _ in range(height)]
            blank[0] = row_of([(f"   {sight.empty}", theme.dim)], width)
            return blank
        active = self._kept(
            "active", (id(regions), sight.active),
            lambda: next((n for n, one in enumerate(regions) if one.id == sight.active), None),
        )  # fmt: skip
        taken = min(len(sight.field), max(height - 1, 1))
        room = height - taken
        near = active
        if near is None:
            # Between regions the list is where the cursor is, too.
            near = max(bisect_right(regions, sight.clock, key=lambda one: one.start) - 1, 0)
        self._first_listed = first_row(near, self._first_listed, max(room, 1), len(regions))
        first = self._first_listed
        names = [*sight.slots, *(one.name for one in sight.lanes)]
        label_room = min(max((cell_len(safe(name)) for name in names), default=6) + 2, 16)
        digits = max(len(str(len(regions))), 2)
        field = [fitted(list(row), width) for row in sight.field[:taken]]
        rows: list[list[Cell]] = field if sight.field_first else []
        shown = range(first, min(first + room, len(regions)))
        for n in shown:
            region = regions[n]
            key = (region, n, width, region.id == sight.active, label_room, digits,
                   sight.slots.get(region.label))  # fmt: skip
            rows.append(self._kept(f"row {n - first}", key, lambda n=n: region_row(  # type: ignore[misc]
                regions[n], n + 1, width, rate=sight.rate, theme=theme,
                active=regions[n].id == sight.active, label_room=label_room, digits=digits,
                style=lambda one: self.style(sight, one))))  # fmt: skip
            if n == active and not sight.field_first:
                rows += field
        if active not in shown and not sight.field_first:
            rows += field
        rows += [[BLANK] * width for _ in range(height - len(rows))]
        return rows[:height]


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


def _dashes(rows: int, most: int) -> range:
    """Rows evenly apart, so many at most."""
    return range(0, rows, max(-(-rows // most), 1))


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
