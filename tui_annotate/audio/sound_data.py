"""What is known of the sounds of a session: peaks, a spectrogram, how far work has come."""

from __future__ import annotations

import contextlib
import importlib
import sys
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from tui_annotate.audio.messages import Peaks, Progress, Spectrum, SpectrumOf
from tui_annotate.audio.window import Window

_WANTED = ("numpy", "soundfile", "tui_annotate.audio.peaks", "tui_annotate.audio.sound")
"""What is imported before the first peaks can be drawn."""


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


class SoundData:
    """Keeps what the sound process says, for the sound that is open.

    Attributes:
        number: The number of its task.
        peaks: What a waveform is drawn from, if it is there, and how much of it is exact.
        picture: The newest spectrogram.
        progress: How far work on it has come, by what it is.
    """

    def __init__(self) -> None:
        self.number = -1
        self.peaks: tuple[Any, float] = (None, 0.0)
        self.picture: Picture | None = None
        self.progress: dict[str, float] = {}
        self._files: dict[int, bytes] = {}
        self._ticket = 0
        self._awaited: SpectrumOf | None = None

    def turn_to(self, number: int) -> None:
        """Another sound is open, or the same one anew.

        Args:
            number: Its task; -1 for none.
        """
        self.number = number
        self.peaks = (None, 0.0)
        self.picture = self._awaited = None
        self.progress = {}
        self.open()

    def open(self) -> bool:
        """Open the peaks, if they are there and can be read by now; whether that is new."""
        path = self._files.get(self.number)
        if self.peaks[0] is not None or path is None or not _loaded():
            return False
        from tui_annotate.audio.peaks import PeakFile

        try:
            found = PeakFile.open(path)
        except (OSError, ValueError):
            return False
        self.peaks = found, found.done
        return True

    def take(self, message: object) -> None:
        """Take what the sound process says."""
        match message:
            case Peaks(number=number):
                self._files[number] = message.path
                if number == self.number and not self.open() and self.peaks[0] is not None:
                    self.peaks = self.peaks[0], message.done
            case Spectrum(ticket=ticket):
                if ticket != self._ticket or message.number != self.number:
                    return
                self._awaited = None
                self.picture = Picture(
                    message.start, message.end, message.columns, message.rows, message.cells
                )
            case Progress(number=number):
                if number == self.number:
                    self.progress[message.what] = message.done

    def wanted(self, window: Window, bands: int) -> SpectrumOf | None:
        """What to ask for the spectrogram of a window; None if it is there or on its way.

        Args:
            window: What is on the screen.
            bands: How many bands of pitch there is room for.
        """
        inside = min(window.columns, -(-(window.total - window.start) // window.step))
        shape = (window.start, window.start + inside * window.step, inside, bands)
        have, awaited = self.picture, self._awaited
        if have is not None and (have.start, have.end, have.columns, have.bands) == shape:
            return None
        if awaited is not None and shape == (
            awaited.start, awaited.end, awaited.columns, awaited.rows
        ):  # fmt: skip
            return None
        self._ticket += 1
        self._awaited = SpectrumOf(self.number, self._ticket, *shape)
        return self._awaited


def preload(ready: Callable[[], None]) -> None:
    """Import what peaks are read with, in a thread, while the first sound is being opened.

    Args:
        ready: Called from there once that is done.
    """

    def load() -> None:
        # A library that is missing is what the sound process says.
        with contextlib.suppress(ImportError, OSError):
            for name in _WANTED:
                importlib.import_module(name)
            ready()

    threading.Thread(target=load, name="preload", daemon=True).start()


def _loaded() -> bool:
    """Whether what peaks are read with is imported."""
    found = (sys.modules.get(name) for name in _WANTED)
    return all(m is not None and not getattr(m.__spec__, "_initializing", False) for m in found)
