"""How the rows of the timeline are shared out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Shown = Literal["auto", "waveform", "spectrogram", "both"]

MIN_WAVE = 4
_MAX_WAVE = 14
_MIN_SPECTRUM = 4
_MAX_SPECTRUM = 12
_MAX_LANES = 6
_ROOM_FOR_BOTH = 27
"""Rows of the view from which on the spectrogram has room beside the rest."""


@dataclass(frozen=True, slots=True)
class Bands:
    """So many rows for each part, from the top.

    Attributes:
        axis: The time axis.
        wave: The waveform.
        spectrum: The spectrogram.
        lanes: The lanes of regions.
        minimap: The whole sound in a row.
        gap: A thin line over the list.
        list: The list of regions.
    """

    axis: int
    wave: int
    spectrum: int
    lanes: int
    minimap: int
    gap: int
    list: int

    @property
    def height(self) -> int:
        """All rows."""
        return (
            self.axis + self.wave + self.spectrum + self.lanes + self.minimap + self.gap + self.list
        )


def bands(height: int, lanes: int, shown: Shown, *, listed: bool = True, border: int = 0) -> Bands:
    """Share out the rows of a view.

    Where there are few, the spectrogram gives way first, then the list.

    Args:
        height: The rows there are.
        lanes: How many lanes there would be.
        shown: What the annotator wants to see; ``auto`` is both where there is room.
        listed: Whether there is a list of regions at all.
        border: By how many rows the annotator has moved the border over the list down.
    """
    axis = minimap = 1
    max_lanes = _MAX_LANES if height >= _ROOM_FOR_BOTH else 4 if height >= 15 else 2
    lanes = min(max(lanes, 1), max_lanes) if listed else 0
    rest = max(height - axis - minimap - lanes, MIN_WAVE)
    if shown == "auto":
        shown = "both" if height >= _ROOM_FOR_BOTH else "waveform"
    gap = 1 if listed and rest >= 11 else 0
    rest -= gap
    min_picture = MIN_WAVE + _MIN_SPECTRUM if shown == "both" else MIN_WAVE
    max_picture = _MAX_WAVE + _MAX_SPECTRUM if shown == "both" else _MAX_WAVE
    picture = rest if not listed else min(max(rest * 12 // 20, min_picture), max_picture, rest)
    if listed and border:
        picture = max(min(picture + border, rest - 1), min(MIN_WAVE, picture))
    rows = rest - picture if listed else 0
    if shown == "both" and picture >= MIN_WAVE + 2:
        spectrum = min(max(picture * 9 // 20, 2), picture - MIN_WAVE)
        return Bands(axis, picture - spectrum, spectrum, lanes, minimap, gap, rows)
    if shown == "spectrogram":
        return Bands(axis, 0, picture, lanes, minimap, gap, rows)
    return Bands(axis, picture, 0, lanes, minimap, gap, rows)
