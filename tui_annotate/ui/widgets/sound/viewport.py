"""What of a sound is in sight, and at which scale."""

from __future__ import annotations

from collections.abc import Callable

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.window import Window
from tui_annotate.ui.widgets.sound.bands import Shown

_WHOLE_SECONDS = 20.0
"""A sound that is no longer is shown whole at first."""

_SECONDS_SHOWN = 12.0
"""How much is shown at first of one that is."""

_FLATTEST, _TALLEST = -3, 8
"""How often the height of a waveform is halved or doubled, at most."""

_ORDER: tuple[Shown, ...] = ("waveform", "spectrogram", "both")


class Viewport:
    """The part of a sound that is on the screen.

    Args:
        moved: Told whenever another part is to be seen.

    Attributes:
        window: The frames on the screen, and how many of them a column has.
        shown: Whether waveform, spectrogram or both are to be seen.
        height: How tall the waveform is drawn: so many times doubled, beside what fits.
        border: By how many rows the border over the list was moved down.
    """

    def __init__(self, moved: Callable[[Window], None]) -> None:
        self.window = Window.whole(1, 1, 1)
        self.shown: Shown = "auto"
        self.height = 0
        self.border = 0
        self._moved = moved
        self._seconds: float | None = None
        self._before_fit: Window | None = None

    def open(self, clip: Clip, columns: int, cursor: int, kept: tuple[int, int] | None) -> None:
        """Show another sound.

        Args:
            clip: The sound.
            columns: How many columns there are for it.
            cursor: A frame that is to be in sight.
            kept: The first frame and the frames of a column, where the sound was left so.
        """
        self._before_fit = None
        window = Window.whole(max(clip.frames, 1), columns, clip.rate)
        at_first = _SECONDS_SHOWN if clip.duration > _WHOLE_SECONDS else clip.duration
        seconds = self._seconds or at_first
        if seconds < clip.duration:
            half = round(seconds * clip.rate / 2)
            middle = max(cursor, half)
            window = window.spanning(middle - half * 4 // 5, middle + half * 4 // 5)
        if kept is not None:
            window = window.looking(*kept)
            self._remember_scale(window)
        self.window = window.around(cursor)

    def resize(self, columns: int, about: int) -> None:
        """Take another number of columns; a frame keeps its place."""
        self.window = self.window.resized(columns, about)

    def show(self, window: Window) -> None:
        """Show another part."""
        if window != self.window:
            self.window = window
            self._moved(window)

    def show_frame(self, frame: int) -> None:
        """Have a frame in sight."""
        self.show(self.window.around(min(frame, max(self.window.total - 1, 0))))

    def turn_page(self, frames: int) -> None:
        """Go on, or back, by so many frames."""
        self.show(self.window.at(self.window.start + frames))

    @property
    def page(self) -> int:
        """The frames of a page: some columns are seen on both."""
        return (self.window.columns - 4) * self.window.step

    def zoom(self, steps: int, about: int) -> bool:
        """Show more of the sound, or less; whether that can be.

        Args:
            steps: How many steps nearer; less than none for further away.
            about: The frame that keeps its place.
        """
        window = self.window.zoomed(steps, about)
        if window == self.window:
            return False
        self.show(window)
        self._remember_scale(window)
        return True

    def fit(self, stretch: tuple[int, int] | None, cursor: int) -> None:
        """Show the whole sound; then what is meant, or what was shown before."""
        if not self.window.is_whole:
            self._before_fit = self.window
            self.show(self.window.fitted())
        elif stretch is not None:
            self.show(self.window.spanning(*stretch))
        elif self._before_fit is not None:
            self.show(self._before_fit.resized(self.window.columns, cursor))
            self.show(self.window.around(cursor))

    def stretch(self, by: int) -> bool:
        """Draw the waveform twice as tall, or half; whether that can be.

        Args:
            by: 1 or -1.
        """
        height = min(max(self.height + by, _FLATTEST), _TALLEST)
        changed = height != self.height
        self.height = height
        return changed

    def show_next(self, *, both: bool) -> Shown:
        """Show the waveform, the spectrogram or both in turn.

        Args:
            both: Whether both are to be seen now.
        """
        now = self.shown
        if now == "auto":
            now = "both" if both else "waveform"
        self.shown = _ORDER[(_ORDER.index(now) + 1) % len(_ORDER)]
        return self.shown

    def _remember_scale(self, window: Window) -> None:
        """The next sound is shown at the scale that the annotator has chosen for this one."""
        seconds = window.columns * window.step / max(window.min_step * 1000, 1)
        self._seconds = None if window.is_whole else seconds
