"""A spectrogram in half blocks, or in shades where there is little colour."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import exp, log

from rich.style import Style

from tui_annotate.audio.sound_data import Picture
from tui_annotate.audio.window import Window
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.cells import BLANK, NO_STYLE, Cell

# The colour map "magma" of matplotlib (Smith and van der Walt, CC0) among the colours of a
# terminal with 256: where there are more, these take half the bytes, and look the same.
_MAGMA = (16, 235, 53, 54, 90, 126, 162, 161, 203, 209, 215, 222, 229)
_SHADES = " ░▒▓█"


class Spectrogram:
    """Draws pictures in the colours of a terminal."""

    def __init__(self, theme: Theme) -> None:
        self._blocks = theme.depth in ("true", "256")
        colours = [f"color({n})" for n in _MAGMA]
        self._colours = colours if theme.dark else colours[::-1]
        self._cell = lru_cache(maxsize=4096)(self._made)

    def _shade(self, upper: int, lower: int) -> Cell:
        shade = _SHADES[min((upper + lower) * len(_SHADES) // 512, len(_SHADES) - 1)]
        return (shade, NO_STYLE) if shade != " " else BLANK

    def _made(self, above: int, below: int, turned: bool) -> Cell:
        """A cell of two levels; turned, it is the lower half that has the colour of text."""
        # What is silent has the terminal's own background.
        if above == below:
            return (" ", Style(bgcolor=self._colours[above])) if above else BLANK
        if not above or (turned and below):
            ground = self._colours[above] if above else None
            return "▄", Style(color=self._colours[below], bgcolor=ground)
        ground = self._colours[below] if below else None
        return "▀", Style(color=self._colours[above], bgcolor=ground)

    def rows(self, picture: Picture | None, window: Window, rows: int) -> list[list[Cell]]:
        """A picture as it stands in a window, which need not be the one it was made for.

        Args:
            picture: The picture; None while there is none.
            window: What is on the screen.
            rows: How many rows of the screen it takes.
        """
        if picture is None:
            return [[BLANK] * window.columns for _ in range(rows)]
        bands = rows * 2
        columns: list[bytes | None] = []
        for column in range(window.columns):
            found = _column(picture, window.frame_of(column) + window.step // 2)
            if found is not None and picture.bands != bands:
                found = bytes(found[b * picture.bands // bands] for b in range(bands))
            columns.append(found)
        return [self._row(columns, bands - 1 - 2 * y) for y in range(rows)]

    def _row(self, columns: Sequence[bytes | None], top: int) -> list[Cell]:
        cell, count = self._cell, len(self._colours)
        row: list[Cell] = []
        text = ground = -1
        for levels in columns:
            if levels is None:
                row.append(BLANK)
                continue
            if not self._blocks:
                row.append(self._shade(levels[top], levels[top - 1]))
                continue
            above, below = levels[top] * count // 256, levels[top - 1] * count // 256
            # Half of a cell before it has set a colour already: what is left to tell is less.
            turned = (ground == above) + (text == below) > (text == above) + (ground == below)
            row.append(cell(above, below, turned))
            if above == below:
                ground = above
            elif not above or (turned and below):
                text, ground = below, above
            else:
                text, ground = above, below
        return row


def _column(picture: Picture | None, frame: int) -> bytes | None:
    """The column of a picture that a frame is in."""
    if picture is None or not picture.start <= frame < picture.end:
        return None
    at = (frame - picture.start) * picture.columns // (picture.end - picture.start)
    return picture.cells[at * picture.bands : (at + 1) * picture.bands]


def pitch_at(share: float, rate: int) -> float:
    """The frequency at a share of the height of a spectrogram, in Hz.

    Its bands lie evenly on the mel scale of Slaney's Auditory Toolbox, as those of
    `spectrum.Spectra` do.

    Args:
        share: From 0, the lowest, to 1.
        rate: Frames per second.
    """
    highest = min(rate / 2, _HIGHEST)
    lowest = _mel(min(_LOWEST, highest / 4))
    return _hertz(lowest + share * (_mel(highest) - lowest))


_LOWEST, _HIGHEST = 50.0, 12_000.0
_LINEAR = 200 / 3
_KNEE = 1000.0
_KNEE_MEL = _KNEE / _LINEAR
_LOG_STEP = 0.06875177742094912  # ln(6.4) / 27


def _mel(hertz: float) -> float:
    if hertz < _KNEE:
        return hertz / _LINEAR
    return _KNEE_MEL + log(hertz / _KNEE) / _LOG_STEP


def _hertz(mel: float) -> float:
    return mel * _LINEAR if mel < _KNEE_MEL else _KNEE * exp(_LOG_STEP * (mel - _KNEE_MEL))


def pitch_name(hertz: float) -> str:
    """A frequency in a few characters."""
    if hertz < 950:
        return f"{round(hertz, -1 if hertz >= 100 else 0):.0f}"
    thousands = hertz / 1000
    return (
        f"{thousands:.1f}k" if thousands < 9.95 and thousands % 1 >= 0.05 else f"{thousands:.0f}k"
    )
