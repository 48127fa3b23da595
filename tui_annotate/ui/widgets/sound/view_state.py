"""What the picture of a sound depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui_annotate.audio.sound_data import Picture
from tui_annotate.audio.window import Window
from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.ui.widgets.cells import Cell
from tui_annotate.ui.widgets.sound.bands import Bands


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A lane as it is shown.

    Attributes:
        name: What stands before it.
        slot: The colour of its name, or None.
        key: The key of its label, or nothing.
        focused: Whether commands mean it.
        unassigned: Whether its label says that somebody speaks, but not who.
        regions: What may stand in it, in order.
    """

    name: str
    slot: int | None
    key: str
    focused: bool
    unassigned: bool
    regions: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked in a sound, as far as the picture depends on it.

    Attributes:
        stretch: The frames that are selected or marked so far.
        regions: All regions, in order.
        active: The id of the region that commands act on.
        lanes: The lanes.
        slots: The colour of each label.
        keys: The key of each label that has one.
        channels: The channels that have a waveform each; None for one of the mixed sound.
        field: The rows of an open text field, which stand in the list.
        field_first: Whether they stand before all regions, and not under the active one.
        empty: What the list says where there is no region.
    """

    stretch: tuple[int, int] | None
    regions: Regions
    active: str | None
    lanes: tuple[LaneRow, ...]
    slots: Mapping[str, int]
    keys: Mapping[str, str]
    channels: tuple[int | None, ...]
    field: tuple[tuple[Cell, ...], ...] = ()
    field_first: bool = False
    empty: str = ""


@dataclass(frozen=True, slots=True)
class ViewState:
    """Everything that the picture depends on.

    Attributes:
        window: What is on the screen.
        bands: How the rows are shared out.
        gutter: The columns before the sound.
        rate: Frames per second.
        cursor: The frame of the cursor; None where the playhead stands for it.
        playhead: The frame that is heard, while something plays.
        clock: The frame whose time is shown.
        speed: How fast it is played.
        looping: Whether it is played again and again.
        marks: What is marked.
        peaks: What the waveform is drawn from, and how much of it is known.
        offset: Where the clip begins in the file.
        picture: The spectrogram.
        height: How tall the waveform is drawn: so many times doubled, beside what fits.
    """

    window: Window
    bands: Bands
    gutter: int
    rate: int
    cursor: int | None
    playhead: int | None
    clock: int
    speed: float
    looping: bool
    marks: Marks
    peaks: tuple[Any, float]
    offset: int
    picture: Picture | None
    height: int = 0
