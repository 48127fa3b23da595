"""The keys of a sound: playing, moving by what is on the screen, zooming."""

from __future__ import annotations

from collections.abc import Callable

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.player.transport import Transport
from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.ui.widgets.sound.subject import Subject
from tui_annotate.ui.widgets.sound.viewport import Viewport


class SoundCommands:
    """Carries out what the keys of a sound say.

    Args:
        subject: Says where the annotator is.
        transport: Plays.
        viewport: What is in sight.
        follow: Called when something has begun to play.
        has_spectrum: Whether the spectrogram is to be seen.
    """

    def __init__(
        self,
        subject: Subject,
        transport: Transport,
        viewport: Viewport,
        follow: Callable[[], None],
        has_spectrum: Callable[[], bool],
    ) -> None:
        self._subject = subject
        self._transport = transport
        self._viewport = viewport
        self._follow = follow
        self._has_spectrum = has_spectrum

    def run(self, command: str) -> Outcome | None:
        """Play, move by what is on the screen, zoom; None for the rest."""
        clip = self._transport.clip
        if clip is None:
            return None
        found = self._play(command)
        if found is None:
            found = self._zoom(command)
        return self._move(command, clip) if found is None else found

    def hear(self, start: int, end: int) -> None:
        """Play a stretch."""
        self._transport.play(start, end, free=self._subject.cursor_follows)
        self._follow()

    def _play(self, command: str) -> Outcome | None:
        transport, subject = self._transport, self._subject
        match command:
            case "play_pause":
                at = transport.toggle(subject.cursor)
                if at is not None and transport.free:
                    subject.move_to(at)
                self._follow()
            case "play_region" | "play_edges":
                stretch = subject.stretch()
                if stretch is None:
                    return Outcome(message="no region here to play")
                if command == "play_edges":
                    transport.edges(stretch)
                    self._follow()
                else:
                    self.hear(*stretch)
            case "loop":
                again = transport.loop()
                return Outcome(message="loop on" if again else "loop off")
            case "slower" | "faster":
                speed = transport.change_speed(1 if command == "faster" else -1)
                return Outcome(message=f"speed {speed:g}×")
            case "back_step":
                at = transport.back(subject.cursor)
                if at is not None:
                    subject.move_to(at)
            case "volume":
                return Outcome(message=f"volume {transport.change_volume():.0%}")
            case _:
                return None
        return Outcome(message=transport.notice() if transport.playing else None)

    def _zoom(self, command: str) -> Outcome | None:
        transport, viewport, cursor = self._transport, self._viewport, self._subject.cursor
        match command:
            case "zoom_in" | "zoom_out":
                frame = transport.playhead
                about = frame if frame is not None and viewport.window.shows(frame) else cursor
                if not viewport.zoom(1 if command == "zoom_in" else -1, about):
                    way = "in" if command == "zoom_in" else "out"
                    return Outcome(message=f"cannot zoom {way} any further")
            case "fit":
                viewport.fit(self._subject.stretch(), cursor)
            case "taller" | "flatter":
                if viewport.shown == "spectrogram":
                    return Outcome(message="no waveform here; v shows it")
                if not viewport.stretch(1 if command == "taller" else -1):
                    return Outcome(message=f"the waveform gets no {command}")
            case "view":
                return Outcome(message=viewport.show_next(both=self._has_spectrum()))
            case _:
                return None
        return NOTHING

    def _move(self, command: str, clip: Clip) -> Outcome | None:
        transport, viewport = self._transport, self._viewport
        frame = transport.playhead if transport.free else None
        here = self._subject.cursor if frame is None else frame
        step, page = viewport.window.step, viewport.page
        target: int
        match command:
            case "left":
                target = here - step
            case "right":
                target = here + step
            case "left_second":
                target = here - clip.rate
            case "right_second":
                target = here + clip.rate
            case "page_up":
                target = here - page
                viewport.turn_page(-page)
            case "page_down":
                target = here + page
                viewport.turn_page(page)
            case "first":
                target = 0
            case "last":
                target = clip.frames
            case _:
                return None
        target = min(max(target, 0), clip.frames)
        if frame is not None:
            transport.seek(target)
        else:
            self._subject.move_to(target)
        viewport.show_frame(target)
        return NOTHING
