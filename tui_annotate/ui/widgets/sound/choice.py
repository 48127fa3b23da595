"""The view of classes of a sound: the sound, and the options below or beside it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from tui_annotate.audio.window import Window
from tui_annotate.editors.base import Outcome
from tui_annotate.editors.choice.audio import SoundChoiceEditor
from tui_annotate.editors.regions.region import Regions
from tui_annotate.kinds import choice
from tui_annotate.kinds.audio_choice import Options
from tui_annotate.session.engine import Engine
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.line import Piece
from tui_annotate.ui.widgets.sound.lines import headline, work
from tui_annotate.ui.widgets.sound.pane import SoundPane, transport_of
from tui_annotate.ui.widgets.sound.view_state import Marks
from tui_annotate.ui.widgets.text.choice import ChoiceView


class WholeSound:
    """A sound that is listened to; nothing is marked in it.

    Attributes:
        editor: Says from where one listens.
    """

    listed = False
    cursor_follows = True

    def __init__(self) -> None:
        self.editor: SoundChoiceEditor | None = None

    @property
    def cursor(self) -> int:
        """The frame that one listens from."""
        return self.editor.cursor if self.editor is not None else 0

    def move_to(self, frame: int) -> None:
        """Move the cursor."""
        if self.editor is not None:
            self.editor.move_to(frame)

    def stretch(self) -> tuple[int, int] | None:
        """All of it."""
        return None if self.editor is None else (0, self.editor.clip.frames)

    def lane_names(self) -> Sequence[str]:
        """None: there are no lanes."""
        return ()

    def lane_count(self) -> int:
        """None: there are no lanes."""
        return 0

    def marks(self, window: Window, width: int, rows: int) -> Marks:
        """Nothing."""
        channel = self.editor.clip.channel if self.editor is not None else None
        return Marks(None, _NO_REGIONS, None, (), {}, {}, (channel,))

    def kept_viewport(self) -> tuple[int, int] | None:
        """None: every sound is shown from its start."""
        return None

    def keep_viewport(self, viewport: tuple[int, int] | None) -> None:
        """Nothing is kept."""

    def playhead_moved(self) -> None:
        """Nothing depends on it."""


_NO_REGIONS = Regions()


class SoundChoiceView(ChoiceView):
    """Draws a `SoundChoiceEditor`, and plays its sound."""

    DEFAULT_CSS = """
    SoundChoiceView { height: 1fr; width: 1fr; layout: vertical; overflow: hidden; }
    SoundChoiceView:focus { background-tint: transparent; }
    """

    def __init__(self, theme: Theme, options: Options) -> None:
        super().__init__(theme, choice.Options())
        self._whole = WholeSound()
        self.sound = SoundPane(theme, self._whole, transport_of(options))
        self._auto_play = options.auto_play

    def compose(self) -> ComposeResult:
        """The sound, and the options."""
        yield self.sound
        yield self.rows

    def attach(self, engine: Engine) -> None:
        """Take the session, and what plays in it."""
        self.sound.attach(engine)

    def received(self, message: object) -> bool:
        """Take what is known of the sound."""
        return self.sound.received(message)

    def headline(self) -> str | None:
        """The name of the sound, its channels, its rate and its length."""
        return headline(self.sound.current_task, self.sound.clip, self.app.size.width)

    def _show_text(self) -> None:
        editor = self.editor
        assert editor is None or isinstance(editor, SoundChoiceEditor)
        if editor is not None and editor is self._whole.editor:
            return
        self._whole.editor = editor
        self.sound.set_clip(editor.clip if editor is not None else None)
        if editor is not None and self._auto_play:
            self.sound.hear(editor.cursor % max(editor.clip.frames, 1), editor.clip.frames)

    def sync(self) -> None:
        """Draw what a command has changed."""
        super().sync()
        if self.sound.transport.playhead is None:
            self.sound.viewport.show_frame(self._whole.cursor)
        self.sound.paint()

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        super().set_theme(theme)
        self.sound.set_theme(theme)

    def run(self, command: str) -> Outcome | None:
        """Play, move in the sound, zoom; None for the rest."""
        transport = self.sound.transport
        match command:
            case "auto_play":
                self._auto_play = not self._auto_play
                on = "on" if self._auto_play else "off"
                return Outcome(message=f"auto-play {on}")
            case "escape":
                transport.stop()
                return Outcome()
        return self.sound.run(command)

    def under_cursor(self) -> list[Piece]:
        """The option that the mark stands on, and what is still worked on."""
        doing = work(self.sound.content.progress)
        busy: list[Piece] = [(f"  {doing}", self.theme.warning)] if doing else []
        return [*super().under_cursor(), *busy]
