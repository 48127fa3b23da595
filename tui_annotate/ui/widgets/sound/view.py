"""A view of a sound: what is drawn when, and the keys that play, move and zoom."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.color import ColorSystem
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.player.null_player import SilentPlayer
from tui_annotate.audio.player.transport import Transport
from tui_annotate.audio.window import Window
from tui_annotate.session.engine import Engine
from tui_annotate.task.audio_names import short_name
from tui_annotate.text.display import safe
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.canvas import Canvas
from tui_annotate.ui.widgets.cells import Cell
from tui_annotate.ui.widgets.sound.axis import clock
from tui_annotate.ui.widgets.sound.bands import Bands, Shown, bands
from tui_annotate.ui.widgets.sound.data import SoundData, preload
from tui_annotate.ui.widgets.sound.keys import SoundKeys
from tui_annotate.ui.widgets.sound.renderer import Renderer
from tui_annotate.ui.widgets.sound.view_state import ViewState
from tui_annotate.ui.widgets.view import View

FRAMES_PER_SECOND = 20
"""How often the picture is drawn while something plays, at most."""

BYTES_PER_FRAME = 2600
"""How much of the picture is sent with one of these frames; the rest follows with the next."""

_LEAST_FRAME = 700
"""A frame with the playhead alone; less is not worth sending."""

_FRAMES_ON_THEIR_WAY = 3
"""Frames that may be on their way to the terminal: an answer to a key waits for no more."""

_OUR_SHARE = 0.5
_HOPE = 1.01

_WHOLE_SECONDS = 20.0
"""A sound that is no longer is shown whole at first."""

_SECONDS_SHOWN = 12.0
"""How much is shown at first of one that is."""

_LISTENING_SECONDS = 5.0
_LEAST_GUTTER, _MOST_GUTTER = 7, 12


class SoundView(SoundKeys, View, can_focus=True):
    """Draws a sound and plays it; what is marked in it is a subclass's matter.

    Attributes:
        clip: The sound of the task on the desk.
        window: What of it is on the screen.
        transport: What plays.
        matter: What is known of the sound.
    """

    DEFAULT_CSS = """
    SoundView { height: 1fr; width: 1fr; }
    SoundView:focus { background-tint: transparent; }
    """

    class Stirred(Message):
        """The player changed its state, or the terminal has taken what was sent."""

    def __init__(self, theme: Theme, options: Mapping[str, Any]) -> None:
        super().__init__(id="view")
        self.theme = theme
        self.compact = False
        self.slots: Mapping[str, int] = {}
        self.editor: Any = None
        self.engine: Engine | None = None
        self.clip: Clip | None = None
        self.window = Window.whole(1, 1, 1)
        self.matter = SoundData()
        self.shown: Shown = "auto"
        self.transport = Transport(SilentPlayer(), **_habits(options))
        self._options = options
        self._scene = Renderer(theme)
        self._canvas = Canvas()
        self._follow = False
        self.zoom: float | None = None
        self.before_fit: Window | None = None
        self._behind = False
        self._listened = 0.0
        self._room = BYTES_PER_FRAME
        self._timer: Timer | None = None

    # ── what a subclass says ───────────────────────────────────────────────

    def sight(self, layout: Bands, gutter: int) -> ViewState:
        """What is to be drawn."""
        raise NotImplementedError

    def lanes_wanted(self) -> int:
        """How many lanes there would be."""
        return 0

    def kept_look(self) -> tuple[int, int] | None:
        """What was in sight when the task was left: the first frame, and those of a column."""
        return None

    def names(self) -> Sequence[str]:
        """What stands before the lanes."""
        return ()

    listed = True

    # ── the desk and the processes ─────────────────────────────────────────

    def attach(self, engine: Engine) -> None:
        """Take the session, and what plays in it."""
        self.engine = engine
        player = engine.context.player
        if player is not None:
            self.transport.player = player
            player.on_change = self._stir

    def on_mount(self) -> None:
        """Be ready to follow what plays."""
        self._timer = self.set_interval(1 / FRAMES_PER_SECOND, self._tick, pause=True)
        # Once the first frame is out: numpy takes as long to import as that to come.
        self.call_after_refresh(self.call_after_refresh, preload, self._stir)
        self.call_after_refresh(self._ask_receipt)

    @property
    def number(self) -> int:
        """The number of the task on the desk."""
        item = self.engine.current if self.engine is not None else None
        return item.position if item is not None else -1

    def request(self, message: Any) -> None:
        """Ask the sound process for something."""
        send = getattr(self.engine.preparation, "request", None) if self.engine else None
        if send is not None:
            send(message)

    def set_clip(self, clip: Clip | None) -> None:
        """Show another task's sound, or none."""
        self.transport.open(clip)
        self.clip = clip
        self.before_fit = None
        self.matter.turn_to(self.number if clip is not None else -1)
        if clip is not None:
            self._first_window(clip)
        self.redraw()

    def _first_window(self, clip: Clip) -> None:
        """What of a sound is in sight at first."""
        self.window = Window.whole(max(clip.frames, 1), self._columns(), clip.rate)
        shown = self.zoom or (_SECONDS_SHOWN if clip.duration > _WHOLE_SECONDS else clip.duration)
        if shown < clip.duration:
            half = round(shown * clip.rate / 2)
            middle = max(self.cursor, half)
            self.window = self.window.spanning(middle - half * 4 // 5, middle + half * 4 // 5)
        look = self.kept_look()
        if look is not None:
            self.window = self.window.looking(*look)
            self.zoom = None if self.window.is_whole else self._seconds(self.window)
        self.window = self.window.around(self.cursor)

    def received(self, message: object) -> bool:
        """Take peaks, spectrograms and how far work has come."""
        differs = self.matter.take(message)
        if differs:
            self.paint()
        return differs is not None

    def headline(self) -> str | None:
        """The name of the sound, its channels, its rate and its length."""
        clip = self.clip
        if clip is None or self.engine is None or self.engine.current is None:
            return None
        kinds = {1: "mono", 2: "stereo"}
        channels = kinds.get(clip.channels, f"{clip.channels} channels")
        if clip.channel is not None:
            channels = f"channel {clip.channel + 1} of {clip.channels}"
        task = self.engine.current.task
        name = short_name(task.subject)
        length = clock(clip.duration, 0)
        if "chunk" in task.fields:
            length = f"{clock(clip.start / clip.rate, 0)}–{clock(clip.end / clip.rate, 0)}"
        room = max(self.app.size.width - 62, 14)
        rate = f"{clip.rate / 1000:g} kHz"
        return f"{safe(name, room)}  {channels} {rate}  {length}"

    def leaving(self) -> None:
        """Be silent."""
        self.transport.stop()

    def on_unmount(self) -> None:
        """End what plays."""
        self.transport.stop()
        self.transport.player.close()

    # ── drawing ────────────────────────────────────────────────────────────

    def _gutter(self) -> int:
        longest = max((cell_len(safe(name)) for name in self.names()), default=0) + 3
        most = _MOST_GUTTER if self.size.width >= 80 else _LEAST_GUTTER + 2
        return min(max(longest, _LEAST_GUTTER), most)

    def _columns(self) -> int:
        return max(self.size.width - self._gutter() - 1, 8)

    def layout_of(self) -> Bands:
        """How the rows are shared out."""
        return bands(max(self.size.height, 6), self.lanes_wanted(), self.shown, listed=self.listed)

    def _rows(self) -> list[list[Cell]]:
        width, height = self.size
        layout, gutter = self.layout_of(), self._gutter()
        self.window = self.window.resized(self._columns(), self.cursor)
        if layout.spectrum:
            wanted = self.matter.wanted(self.window, layout.spectrum * 2)
            if wanted is not None:
                self.request(wanted)
        rows = self._scene.rows(self.sight(layout, gutter), width)[:height]
        blank: list[Cell] = [(" ", self.theme.plain)] * width
        return rows + [list(blank) for _ in range(height - len(rows))]

    def redraw(self) -> None:
        """Draw everything anew."""
        if self.clip is None or not self.size.width:
            self._canvas.replace([])
        else:
            self._canvas.replace(self._rows())
        self.refresh()

    def paint(self) -> None:
        """Draw what differs, as soon as the terminal has taken what was sent before."""
        if self.clip is None or not self.size.width:
            return
        rows_there = self._canvas.rows
        if (
            len(rows_there) != self.size.height
            or not rows_there
            or (len(rows_there[0]) != self.size.width)
        ):
            self.redraw()
            return
        if self._is_line_busy():
            return
        rows = self._rows()
        if not self.transport.playing:
            regions = self._canvas.paint(rows)
        else:
            # Whatever is to be seen, a frame takes no more than its share of the line.
            regions, sent = self._canvas.paint_within(rows, self._room, self._colours())
            self._room -= sent
        if regions:
            self.refresh(*regions)

    def _colours(self) -> ColorSystem | None:
        found: ColorSystem | None = self.app.console._color_system
        return found

    def _is_line_busy(self) -> bool:
        """Whether the terminal has not taken the last frame yet; if so, draw once it has."""
        paper = self._paper
        if paper is None or paper.drained:
            return False
        if not self._behind:
            self._behind = True
            paper.mark(lambda at: self._stir())
        return True

    def _stir(self) -> None:
        """Something changed that is to be seen; from any thread."""
        self.post_message(self.Stirred())

    def render_line(self, y: int) -> Strip:
        """Draw a row of the screen."""
        strip = self._canvas.strip(y)
        return Strip.blank(self.size.width) if strip is None else strip

    def on_resize(self) -> None:
        """Share the room out anew."""
        if self.clip is not None and not self._canvas.rows:
            # Only now is it known how many columns there are.
            self._first_window(self.clip)
        self.redraw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self.theme = theme
        self._scene = Renderer(theme)
        self.redraw()

    # ── playing ────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Something plays: follow it."""
        self._follow = True
        if self._timer is not None and self.transport.playing:
            self._timer.resume()

    def _tick(self) -> None:
        if not self.transport.poll():
            self._ended()
            return
        now = time.monotonic()
        if self.engine is not None and now - self._listened > _LISTENING_SECONDS:
            self._listened = now
            self.engine.listened()
        self._follow_playhead()
        self.heard_on()
        self._room = min(self._room + self._share(), BYTES_PER_FRAME)
        on_their_way = self._paper.on_its_way if self._paper is not None else 0
        if self._room >= _LEAST_FRAME and on_their_way < _FRAMES_ON_THEIR_WAY:
            self.paint()
            self.call_after_refresh(self._ask_receipt)

    @property
    def _paper(self) -> Any:
        """What the driver writes to; None of one that draws elsewhere, as a test's."""
        return getattr(self.app._driver, "paper", None)

    def _ask_receipt(self) -> None:
        """Have the terminal say when it has got the frame that was just sent."""
        ask = getattr(self.app._driver, "ask_receipt", None)
        if ask is not None:
            ask()

    def _share(self) -> int:
        """How many bytes of the line are the picture's until the next frame.

        On a line that was full before they are so few that what is on its way grows less:
        the answer to a key stands behind it.
        """
        paper = self._paper
        speed: float | None = getattr(paper, "speed", None)
        if paper is None or speed is None:
            return BYTES_PER_FRAME
        # It may have become faster; if not, it will be full again.
        paper.speed = speed * _HOPE
        return int(speed * _OUR_SHARE / FRAMES_PER_SECOND)

    def _follow_playhead(self) -> None:
        frame = self.playhead
        if frame is None:
            return
        if self.window.shows(frame):
            self._follow = True
        elif self._follow:
            self.set_window(self.window.following(frame))

    def _ended(self) -> None:
        if self._timer is not None:
            self._timer.pause()
        if self.transport.free:
            self.go_to(self.transport.frame)
        self.paint()
        self.post_message(View.Changed())

    def on_sound_view_stirred(self) -> None:
        """Draw what has waited; say what the player has to say."""
        self._behind = False
        self.matter.open()
        if self.transport.playing:
            self.start()
        notice = self.transport.notice()
        if notice is not None:
            self.post_message(View.Said(notice))
        self.paint()

    def heard_on(self) -> None:
        """The playhead has moved."""


def _habits(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the recipe says of playing."""
    found: dict[str, Any] = {}
    step, reaction = options.get("step_back"), options.get("reaction")
    if isinstance(step, int | float):
        found["resume_seconds"] = float(step)
    if isinstance(reaction, int | float):
        found["reaction_seconds"] = float(reaction)
    return found
