"""A spectrogram in half blocks, or in shades where there is little colour."""

from __future__ import annotations

from functools import lru_cache
from math import exp, log
from typing import NamedTuple

from rich.style import Style

from tui_annotate.audio.window import Window
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.cells import BLANK, Cell

# The colour map "magma" of matplotlib (Smith and van der Walt, CC0), at sixteen points.
_MAGMA = (
    "#000004", "#0b0924", "#20114b", "#3b0f70", "#57157e", "#721f81", "#8c2981", "#a8327d",
    "#c43c75", "#de4968", "#f1605d", "#fa7f5e", "#fe9f6d", "#febf84", "#fddea0", "#fcfdbf",
)  # fmt: skip
# The like among the colours that every terminal of 256 has.
_MAGMA_256 = (16, 17, 53, 54, 90, 126, 162, 161, 203, 209, 215, 222, 229)
_SHADES = " ░▒▓█"


class Picture(NamedTuple):
    """A spectrogram as it was computed.

    Attributes:
        start: The first frame.
        end: The frame after the last one.
        columns: How many columns it has.
        bands: How many bands of pitch.
        cells: The loudness of each, 0 to 255: column after column, the lowest band first.
    """

    start: int
    end: int
    columns: int
    bands: int
    cells: bytes


class Spectrogram:
    """Draws pictures in the colours of a terminal."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._blocks = theme.depth in ("true", "256")
        colours = [f"color({n})" for n in _MAGMA_256] if theme.depth == "256" else list(_MAGMA)
        self._colours = colours if theme.dark else colours[::-1]
        self._cell = lru_cache(maxsize=4096)(self._made)

    def _made(self, upper: int, lower: int) -> Cell:
        if not self._blocks:
            shade = _SHADES[min((upper + lower) * len(_SHADES) // 512, len(_SHADES) - 1)]
            return (shade, Style()) if shade != " " else BLANK
        count = len(self._colours)
        above, below = upper * count // 256, lower * count // 256
        # What is silent has the terminal's own background.
        if above == below:
            style = Style(bgcolor=self._colours[above]) if above else Style()
            return (" ", style) if above else BLANK
        if not above:
            return "▄", Style(color=self._colours[below])
        if not below:
            return "▀", Style(color=self._colours[above])
        return "▀", Style(color=self._colours[above], bgcolor=self._colours[below])

    def rows(self, picture: Picture | None, window: Window, rows: int) -> list[list[Cell]]:
        """A picture as it stands in a window, which need not be the one it was made for.

        Args:
            picture: The picture; None while there is none.
            window: What is on the screen.
            rows: How many rows of the screen it takes.
        """
        made: list[list[Cell]] = [[] for _ in range(rows)]
        bands = rows * 2
        cell = self._cell
        for column in range(window.columns):
            levels = _column(picture, window.frame_of(column) + window.step // 2)
            if levels is None or picture is None:
                for row in made:
                    row.append(BLANK)
                continue
            if picture.bands != bands:
                levels = bytes(levels[b * picture.bands // bands] for b in range(bands))
            for y, row in enumerate(made):
                top = bands - 1 - 2 * y
                row.append(cell(levels[top], levels[top - 1]))
        return made


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
