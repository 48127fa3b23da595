"""The keys of a sound: playing, moving by what is on the screen, zooming."""

from __future__ import annotations

from typing import Any

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.messages import Focus
from tui_annotate.audio.player.transport import Transport
from tui_annotate.audio.window import Window
from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.ui.widgets.sound.bands import Bands, Shown

_ORDER: tuple[Shown, ...] = ("waveform", "spectrogram", "both")


class SoundKeys:
    """What the keys of a sound do; mixed into its view.

    Attributes:
        clip: The sound of the task on the desk.
        window: What of it is on the screen.
        transport: What plays.
        shown: Whether waveform, spectrogram or both are to be seen.
        zoom: How many seconds the annotator wants to see, where that was said.
    """

    clip: Clip | None
    window: Window
    transport: Transport
    shown: Shown = "auto"
    zoom: float | None = None
    before_fit: Window | None = None

    @property
    def number(self) -> int:
        """The number of the task on the desk."""
        raise NotImplementedError

    @property
    def cursor(self) -> int:
        """The frame of the cursor."""
        raise NotImplementedError

    @property
    def playhead(self) -> int | None:
        """The frame that is heard, while something plays."""
        return self.transport.frame if self.transport.playing else None

    def go_to(self, frame: int) -> None:
        """Move the cursor."""
        raise NotImplementedError

    def meant(self) -> tuple[int, int] | None:
        """The stretch that is played as the region: what is selected, or meant here."""
        return None

    def keep_look(self, look: tuple[int, int] | None) -> None:
        """Something else is in sight; None for the whole sound."""

    def request(self, message: Any) -> None:
        """Ask the sound process for something."""
        raise NotImplementedError

    def layout_of(self) -> Bands:
        """How the rows are shared out."""
        raise NotImplementedError

    def start(self) -> None:
        """Something plays: follow it."""
        raise NotImplementedError

    def hear(self, start: int, end: int) -> None:
        """Play a stretch; the cursor stays."""
        self.transport.play(start, end)
        self.start()

    def run(self, command: str) -> Outcome | None:
        """Play, move by what is on the screen, zoom; None for the rest."""
        if self.clip is None:
            return None
        found = self._play(command)
        if found is None:
            found = self._look(command)
        return self._move(command) if found is None else found

    def _play(self, command: str) -> Outcome | None:
        transport = self.transport
        match command:
            case "play_pause":
                at = transport.toggle(self.cursor)
                if at is not None and transport.free:
                    self.go_to(at)
                self.start()
            case "play_region" | "play_edges":
                stretch = self.meant()
                if stretch is None:
                    return Outcome(message="no region here to play")
                if command == "play_edges":
                    transport.edges(stretch)
                    self.start()
                else:
                    self.hear(*stretch)
            case "loop":
                again = transport.loop()
                return Outcome(message="loop on" if again else "loop off")
            case "slower" | "faster":
                speed = transport.change_speed(1 if command == "faster" else -1)
                return Outcome(message=f"speed {speed:g}×")
            case "back_step":
                at = transport.back(self.cursor)
                if at is not None:
                    self.go_to(at)
            case "volume":
                return Outcome(message=f"volume {transport.change_volume():.0%}")
            case _:
                return None
        return Outcome(message=transport.notice() if transport.playing else None)

    def _look(self, command: str) -> Outcome | None:
        match command:
            case "zoom_in" | "zoom_out":
                frame = self.playhead
                about = frame if frame is not None and self.window.shows(frame) else self.cursor
                window = self.window.zoomed(1 if command == "zoom_in" else -1, about)
                if window == self.window:
                    most = "in" if command == "zoom_in" else "out"
                    return Outcome(message=f"cannot zoom {most} any further")
                self.set_window(window)
                self.zoom = None if window.is_whole else self._seconds(window)
            case "fit":
                self._fit()
            case "view":
                now = self.shown
                if now == "auto":
                    now = "both" if self.layout_of().spectrum else "waveform"
                self.shown = _ORDER[(_ORDER.index(now) + 1) % len(_ORDER)]
                return Outcome(message=self.shown)
            case _:
                return None
        return NOTHING

    @staticmethod
    def _seconds(window: Window) -> float:
        return window.columns * window.step / max(window.least * 1000, 1)

    def _fit(self) -> None:
        if not self.window.is_whole:
            self.before_fit = self.window
            self.set_window(self.window.fitted())
            return
        stretch = self.meant()
        if stretch is not None:
            self.set_window(self.window.spanning(*stretch))
        elif self.before_fit is not None:
            self.set_window(self.before_fit.resized(self.window.columns, self.cursor))
            self.set_window(self.window.around(self.cursor))

    def set_window(self, window: Window) -> None:
        """Look at another part of the sound, and have it worked on first."""
        if window != self.window:
            self.window = window
            self.keep_look(None if window.is_whole else (window.start, window.step))
            middle = window.start + window.columns * window.step // 2
            self.request(Focus(self.number, min(middle, max(window.total - 1, 0))))

    def _move(self, command: str) -> Outcome | None:
        clip, window = self.clip, self.window
        assert clip is not None
        frame = self.playhead if self.transport.free else None
        here = self.cursor if frame is None else frame
        page = (window.columns - 4) * window.step
        second = clip.rate
        target: int
        match command:
            case "left":
                target = here - window.step
            case "right":
                target = here + window.step
            case "left_second":
                target = here - second
            case "right_second":
                target = here + second
            case "page_up":
                target = here - page
                self.set_window(window.at(window.start - page))
            case "page_down":
                target = here + page
                self.set_window(window.at(window.start + page))
            case "first":
                target = 0
            case "last":
                target = clip.frames
            case _:
                return None
        target = min(max(target, 0), clip.frames)
        if frame is not None:
            self.transport.seek(target)
        else:
            self.go_to(target)
        self.show_frame(target)
        return NOTHING

    def show_frame(self, frame: int) -> None:
        """Have a frame in sight."""
        self.set_window(self.window.around(min(frame, max(self.window.total - 1, 0))))
