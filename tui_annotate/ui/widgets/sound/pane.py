"""A pane of sound: what is drawn when, and what follows when something plays."""

from __future__ import annotations

import time

from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.messages import Focus, Peaks, Request, Spectrum
from tui_annotate.audio.player.null_player import NullPlayer
from tui_annotate.audio.player.transport import Transport
from tui_annotate.audio.sound_data import SoundData, preload
from tui_annotate.audio.window import Window
from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.kinds.options import SoundOptions
from tui_annotate.session.engine import Engine
from tui_annotate.task.task import Task
from tui_annotate.text.display import safe, visible_width
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.canvas import Canvas
from tui_annotate.ui.widgets.cells import Cell
from tui_annotate.ui.widgets.fitted import Fitted
from tui_annotate.ui.widgets.sound.bands import Bands, bands
from tui_annotate.ui.widgets.sound.commands import SoundCommands
from tui_annotate.ui.widgets.sound.frame_budget import FRAMES_PER_SECOND, FrameBudget
from tui_annotate.ui.widgets.sound.renderer import Renderer
from tui_annotate.ui.widgets.sound.subject import Subject
from tui_annotate.ui.widgets.sound.view_state import ViewState
from tui_annotate.ui.widgets.sound.viewport import Viewport
from tui_annotate.ui.widgets.view import ViewChanged, ViewSaid

_LISTENING_SECONDS = 5.0
_MIN_GUTTER, _MAX_GUTTER = 7, 14


class SoundPane(Fitted, Widget, can_focus=False):
    """Draws a sound and plays it; what is marked in it is its subject's to say.

    Args:
        theme: The colours.
        subject: Says where the annotator is, and what is marked.
        transport: Plays.

    Attributes:
        clip: The sound of the current task.
        content: What is known of the sound.
        viewport: What of it is on the screen.
    """

    DEFAULT_CSS = "SoundPane { height: 1fr; width: 1fr; }"

    class Stirred(Message, bubble=False):
        """The player changed its state, or the terminal has taken what was sent."""

    def __init__(self, theme: Theme, subject: Subject, transport: Transport) -> None:
        super().__init__()
        self.engine: Engine | None = None
        self.clip: Clip | None = None
        self.content = SoundData()
        self.transport = transport
        self.viewport = Viewport(self._window_moved)
        self._commands = SoundCommands(
            subject, transport, self.viewport, self.follow, lambda: self.bands.spectrum > 0
        )
        self._subject = subject
        self._theme = theme
        self._renderer = Renderer(theme)
        self._canvas = Canvas()
        self._budget = FrameBudget(lambda: self.app._driver)
        self._follows = False
        self._listened = 0.0
        self._timer: Timer | None = None

    # ── the session and the processes ──────────────────────────────────────

    def attach(self, engine: Engine) -> None:
        """Take the session, and what plays in it."""
        self.engine = engine
        if engine.context.sounds is not None:
            self.content = engine.context.sounds.data
        player = engine.context.player
        if player is not None:
            self.transport.player = player
            player.on_change = self._stir

    def on_mount(self) -> None:
        """Be ready to follow what plays."""
        self._timer = self.set_interval(1 / FRAMES_PER_SECOND, self.tick, pause=True)
        # Once the first frame is out: numpy takes as long to import as that to come.
        self.call_after_refresh(self.call_after_refresh, preload, self._stir)
        self.call_after_refresh(self._budget.ask_receipt)

    def on_unmount(self) -> None:
        """End what plays."""
        self.transport.stop()
        self.transport.player.close()

    @property
    def current_task(self) -> Task | None:
        """The current task."""
        item = self.engine.current if self.engine is not None else None
        return item.task if item is not None else None

    @property
    def number(self) -> int:
        """The number of the current task."""
        item = self.engine.current if self.engine is not None else None
        return item.position if item is not None else -1

    def request(self, message: Request) -> None:
        """Ask the sound process for something."""
        if self.engine is not None and self.engine.context.sounds is not None:
            self.engine.context.sounds.send(message)

    def received(self, message: object) -> bool:
        """Draw peaks and spectrograms that have come; whether it was that."""
        if not isinstance(message, Peaks | Spectrum):
            return False
        if message.number == self.number:
            self.paint()
        return True

    def set_clip(self, clip: Clip | None) -> None:
        """Show another task's sound, or none."""
        self.transport.open(clip)
        self.clip = clip
        self.content.turn_to(self.number if clip is not None else -1)
        self._open_viewport()
        self.redraw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self._theme = theme
        self._renderer = Renderer(theme)
        self.redraw()

    # ── what is in sight ───────────────────────────────────────────────────

    def _open_viewport(self) -> None:
        if self.clip is not None:
            subject = self._subject
            self.viewport.open(self.clip, self._columns, subject.cursor, subject.kept_viewport())

    def _window_moved(self, window: Window) -> None:
        """Have the part that is in sight worked on first."""
        self._subject.keep_viewport(None if window.is_whole else (window.start, window.step))
        middle = window.start + window.columns * window.step // 2
        self.request(Focus(self.number, min(middle, max(window.total - 1, 0))))

    @property
    def gutter_width(self) -> int:
        """The columns before the sound."""
        names = self._subject.lane_names()
        longest = max((visible_width(safe(name)) for name in names), default=0) + 3
        widest = _MAX_GUTTER if self.size.width >= 80 else _MIN_GUTTER + 2
        return min(max(longest, _MIN_GUTTER), widest)

    @property
    def _columns(self) -> int:
        return max(self.size.width - self.gutter_width - 1, 8)

    @property
    def bands(self) -> Bands:
        """How the rows are shared out."""
        subject = self._subject
        return bands(
            max(self.size.height, 6),
            subject.lane_count(),
            self.viewport.shown,
            listed=subject.listed,
            border=self.viewport.border,
        )

    # ── drawing ────────────────────────────────────────────────────────────

    def rows(self) -> list[list[Cell]]:
        """The picture as it should be."""
        width, height = self.size
        view_state = self._view_state()
        rows = self._renderer.rows(view_state, width)[:height]
        blank: list[Cell] = [(" ", self._theme.plain)] * width
        return rows + [list(blank) for _ in range(height - len(rows))]

    @property
    def drawn(self) -> list[list[Cell]]:
        """The picture as it is."""
        return self._canvas.rows

    def _view_state(self) -> ViewState:
        clip, transport, subject, layout = self.clip, self.transport, self._subject, self.bands
        assert clip is not None
        self.viewport.resize(self._columns, subject.cursor)
        window, playhead = self.viewport.window, transport.playhead
        wanted = self.content.wanted(window, layout.spectrum * 2) if layout.spectrum else None
        if wanted is not None:
            self.request(wanted)
        marks = subject.marks(window, self.size.width, layout.list)
        comes_along = playhead is not None and (transport.free or subject.cursor_follows)
        return ViewState(
            window=window,
            bands=layout,
            gutter=self.gutter_width,
            rate=clip.rate,
            cursor=None if comes_along else subject.cursor,
            playhead=playhead,
            clock=subject.cursor if playhead is None else playhead,
            speed=transport.player.speed,
            looping=transport.looping,
            marks=marks,
            peaks=self.content.peaks,
            offset=clip.start,
            picture=self.content.picture,
            height=self.viewport.height,
        )

    def redraw(self) -> None:
        """Draw everything anew."""
        is_shown = self.in_sight and self.clip is not None
        self._canvas.replace(self.rows() if is_shown else [])
        self.refresh()

    def paint(self) -> None:
        """Draw what differs, as soon as the terminal has taken what was sent before."""
        if not self.in_sight or self.clip is None:
            return
        drawn, (width, height) = self.drawn, self.size
        if len(drawn) != height or not drawn or len(drawn[0]) != width:
            self.redraw()
            return
        if self._budget.is_line_busy(self._stir):
            return
        rows = self.rows()
        if not self.transport.playing:
            regions = self._canvas.paint(rows)
        else:
            # Whatever is to be seen, a frame takes no more than its share of the line.
            colours = self.app.console._color_system
            regions, sent = self._canvas.paint_within(rows, self._budget.room, colours)
            self._budget.room -= sent
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Draw a row of the screen."""
        strip = self._canvas.strip(y)
        return Strip.blank(self.size.width) if strip is None else strip

    def fit(self) -> None:
        """Share the room out anew."""
        if not self.drawn:
            # Only now is it known how many columns there are.
            self._open_viewport()
        self.redraw()

    # ── playing ────────────────────────────────────────────────────────────

    def run(self, command: str) -> Outcome | None:
        """Play, move by what is on the screen, zoom; None for the rest."""
        if command in ("list_larger", "list_smaller"):
            return self._move_border(-1 if command == "list_larger" else 1)
        return self._commands.run(command)

    def _move_border(self, by: int) -> Outcome:
        """Move the border between the sound and the list."""
        before, viewport = self.bands, self.viewport
        viewport.border += by
        if self.bands == before:
            viewport.border -= by
            return Outcome(message="the border cannot be moved further")
        return NOTHING

    def hear(self, start: int, end: int) -> None:
        """Play a stretch."""
        self._commands.hear(start, end)

    def follow(self) -> None:
        """Something plays: follow it."""
        self._follows = True
        if self._timer is not None and self.transport.playing:
            self._timer.resume()

    def tick(self) -> None:
        """Draw where the playhead is by now."""
        if not self.transport.poll():
            self._ended()
            return
        now = time.monotonic()
        if self.engine is not None and now - self._listened > _LISTENING_SECONDS:
            self._listened = now
            self.engine.listened()
        self._follow_playhead()
        self._subject.playhead_moved()
        if self._budget.refill():
            self.paint()
            self.call_after_refresh(self._budget.ask_receipt)

    def _follow_playhead(self) -> None:
        frame, window = self.transport.playhead, self.viewport.window
        if frame is None:
            return
        if window.shows(frame):
            self._follows = True
        elif self._follows:
            self.viewport.show(window.following(frame))

    def _ended(self) -> None:
        if self._timer is not None:
            self._timer.pause()
        if self.transport.free:
            self._subject.move_to(self.transport.frame)
        self.paint()
        self.post_message(ViewChanged())

    def _stir(self) -> None:
        """Something changed that is to be seen; from any thread."""
        self.post_message(self.Stirred())

    def on_sound_pane_stirred(self) -> None:
        """Draw what has waited; say what the player has to say."""
        self._budget.resume()
        self.content.open()
        if self.transport.playing:
            self.follow()
        notice = self.transport.notice()
        if notice is not None:
            self.post_message(ViewSaid(notice))
        self.paint()


def transport_of(options: SoundOptions) -> Transport:
    """What plays as the recipe says: silent, until there is a session."""
    return Transport(
        NullPlayer(), resume_seconds=options.step_back, reaction_seconds=options.reaction
    )
