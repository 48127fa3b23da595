"""The view of classes of a sound: the sound, and the options below or beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual.app import ComposeResult

from tui_annotate.editors.base import Outcome
from tui_annotate.editors.choice.audio import SoundChoiceEditor
from tui_annotate.editors.regions.region import Regions
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.session.engine import Engine
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.line import Piece
from tui_annotate.ui.widgets.sound.bands import Bands
from tui_annotate.ui.widgets.sound.lines import work
from tui_annotate.ui.widgets.sound.view import SoundView
from tui_annotate.ui.widgets.sound.view_state import ViewState
from tui_annotate.ui.widgets.text.choice import ChoiceView

_NOTHING: Any = Regions()


class SoundPane(SoundView, can_focus=False):
    """A sound that is listened to; nothing is marked in it."""

    DEFAULT_CSS = "SoundPane { height: 1fr; width: 1fr; }"

    listed = False
    editor: SoundChoiceEditor | None

    @property
    def cursor(self) -> int:
        """The frame that one listens from."""
        return self.editor.cursor if self.editor is not None else 0

    def go_to(self, frame: int) -> None:
        """Move the cursor."""
        if self.editor is not None:
            self.editor.move_to(frame)

    def hear(self, start: int, end: int) -> None:
        """Play a stretch; the cursor comes along."""
        self.transport.play(start, end, free=True)
        self.start()

    def meant(self) -> tuple[int, int] | None:
        """All of it."""
        return None if self.clip is None else (0, self.clip.frames)

    def sight(self, layout: Bands, gutter: int) -> ViewState:
        """What is to be drawn."""
        clip, transport, playhead = self.clip, self.transport, self.playhead
        assert clip is not None
        return ViewState(
            window=self.window,
            bands=layout,
            gutter=gutter,
            rate=clip.rate,
            cursor=None if playhead is not None else self.cursor,
            playhead=playhead,
            clock=self.cursor if playhead is None else playhead,
            speed=transport.player.speed,
            looping=transport.looping,
            stretch=None,
            regions=_NOTHING,
            active=None,
            lanes=(),
            slots={},
            peaks=self.matter.peaks,
            channels=(clip.channel,),
            offset=clip.start,
            picture=self.matter.picture,
        )

    def set_editor(self, editor: SoundChoiceEditor | None) -> None:
        """Show another task's sound, or none."""
        if editor is not None and editor is self.editor:
            return
        self.editor = editor
        self.set_clip(editor.clip if editor is not None else None)

    def sync(self) -> None:
        """Draw what differs."""
        if self.playhead is None:
            self.show_frame(self.cursor)
        self.paint()

    def bar(self, engine: Engine, keymap: Keymap) -> tuple[list[Piece], list[Piece]]:
        """Nothing: the options say what can be chosen."""
        return [], []

    def under_cursor(self) -> list[Piece]:
        """Nothing: the clock beside the overview says where one listens."""
        return []


class SoundChoiceView(ChoiceView):
    """Draws a `SoundChoiceEditor`, and plays its sound."""

    DEFAULT_CSS = """
    SoundChoiceView { height: 1fr; width: 1fr; layout: vertical; overflow: hidden; }
    SoundChoiceView:focus { background-tint: transparent; }
    """

    def __init__(self, theme: Theme, options: Mapping[str, Any]) -> None:
        super().__init__(theme, options)
        self.sound = SoundPane(theme, options)
        self._auto_play = bool(options.get("auto_play"))

    def compose(self) -> ComposeResult:
        """The sound, and the options."""
        yield self.sound
        yield self.rows

    def attach(self, engine: Engine) -> None:
        """Take the session, and what plays in it."""
        self.sound.attach(engine)

    def set_keymaps(self, keymaps: Sequence[Keymap]) -> None:
        """Take what each key does."""
        super().set_keymaps(keymaps)
        self.sound.set_keymaps(keymaps)

    def received(self, message: object) -> bool:
        """Take what is known of the sound."""
        return self.sound.received(message)

    def headline(self) -> str | None:
        """The name of the sound, its channels, its rate and its length."""
        return self.sound.headline()

    def leaving(self) -> None:
        """Be silent."""
        self.sound.leaving()

    def _show_text(self) -> None:
        editor = self.editor
        assert editor is None or isinstance(editor, SoundChoiceEditor)
        new = editor is not None and editor is not self.sound.editor
        self.sound.set_editor(editor)
        if new and editor is not None and self._auto_play:
            self.sound.hear(editor.cursor % max(editor.clip.frames, 1), editor.clip.frames)

    def sync(self) -> None:
        """Draw what a command has changed."""
        super().sync()
        self.sound.sync()

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        super().set_theme(theme)
        self.sound.set_theme(theme)

    def run(self, command: str) -> Outcome | None:
        """Play, move in the sound, zoom; None while there is no sound."""
        match command:
            case "auto_play":
                self._auto_play = not self._auto_play
                on = "on" if self._auto_play else "off"
                return Outcome(message=f"auto-play {on}")
            case "escape":
                self.sound.transport.stop()
                return Outcome()
        return self.sound.run(command)

    def under_cursor(self) -> list[Piece]:
        """The option that the mark stands on, and what is still worked on."""
        doing = work(self.sound.matter.progress)
        busy: list[Piece] = [(f"  {doing}", self.theme.warning)] if doing else []
        return [*super().under_cursor(), *busy]
