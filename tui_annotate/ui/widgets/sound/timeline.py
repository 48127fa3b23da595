"""The view of regions: a sound with lanes of regions, their list, and a field for what is said."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from tui_annotate.audio.messages import Compare, Likely
from tui_annotate.audio.window import Window
from tui_annotate.editors.base import Outcome
from tui_annotate.editors.regions.edges import NUDGES
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.editors.regions.tracks import channel_name
from tui_annotate.keymap.keymap import Keymap, key_name
from tui_annotate.kinds.regions import Options
from tui_annotate.session.engine import Engine
from tui_annotate.text.display import safe, visible_width
from tui_annotate.ui import status
from tui_annotate.ui.first_steps import first_steps
from tui_annotate.ui.key_repeat import Held
from tui_annotate.ui.screens.prompt import Prompt
from tui_annotate.ui.theme import Theme
from tui_annotate.ui.widgets.line import Piece
from tui_annotate.ui.widgets.sound.axis import seconds_in
from tui_annotate.ui.widgets.sound.label_keys import LabelKeys
from tui_annotate.ui.widgets.sound.lines import headline, hints, key_hints, region_line, work
from tui_annotate.ui.widgets.sound.pane import SoundPane, transport_of
from tui_annotate.ui.widgets.sound.region_marks import RegionMarks
from tui_annotate.ui.widgets.sound.transcribing import Transcribing
from tui_annotate.ui.widgets.sound.view_state import Marks
from tui_annotate.ui.widgets.view import View, ViewChanged

_JUMPS = frozenset(
    {"next_span", "previous_span", "next_uncovered", "left_edge", "right_edge", "undo", "redo"}
)


class TimelineView(View, can_focus=True):
    """Shows a `RegionEditor`: in a pane of sound, and a field for what is said.

    Attributes:
        sound: Draws and plays the sound.
        transcribing: The field.
    """

    DEFAULT_CSS = """
    TimelineView { height: 1fr; width: 1fr; overflow: hidden; }
    TimelineView:focus { background-tint: transparent; }
    """

    listed = True
    cursor_follows = False
    editor: RegionEditor | None

    def __init__(self, theme: Theme, options: Options) -> None:
        super().__init__(id="view")
        self.theme = theme
        self.slots: Mapping[str, int] = {}
        self.editor = None
        self.sound = SoundPane(theme, self, transport_of(options))
        self.transcribing = Transcribing(self.sound, options, self._picked)
        self.now = time.monotonic
        self._marks = RegionMarks()
        self._keys = LabelKeys()
        self._key = Held()
        self._left_from: int | None = None
        self._came_to: int | None = None
        self._auto_play: bool | None = None
        self._voices = Voices(self.sound)
        self._heard_in: tuple[str | None, int | None] = None, None

    def compose(self) -> ComposeResult:
        """The sound: lanes, list and field are drawn in its pane."""
        yield self.sound

    # ── what the pane asks ─────────────────────────────────────────────────

    @property
    def cursor(self) -> int:
        """The frame of the cursor."""
        return self.editor.cursor.frame if self.editor is not None else 0

    def move_to(self, frame: int) -> None:
        """Move the cursor."""
        if self.editor is not None:
            self.editor.cursor.move_to(frame)

    def stretch(self) -> tuple[int, int] | None:
        """What is marked or selected, else the region that commands mean."""
        if self.editor is None:
            return None
        cursor = self.editor.cursor
        region = cursor.active if cursor.stretch is None else None
        return cursor.stretch if region is None else (region.start, region.end)

    def kept_viewport(self) -> tuple[int, int] | None:
        """What was in sight when the task was left."""
        return self.editor.viewport if self.editor is not None else None

    def keep_viewport(self, viewport: tuple[int, int] | None) -> None:
        """Have the draft keep what is in sight."""
        if self.editor is not None:
            self.editor.viewport = viewport

    def lane_count(self) -> int:
        """How many lanes there are."""
        return len(self.editor.cursor.tracks) if self.editor is not None else 0

    def lane_names(self) -> Sequence[str]:
        """The labels, with the number of their channel before them where there are several."""
        if self.editor is None:
            return list(self.slots)
        cursor, keys = self.editor.cursor, self._keys.of(self.keymap, self.slots)
        before = f"{channel_name(0, cursor.by_channel)} " if cursor.by_channel else ""
        names = [(name, before + name) for name in self.slots]
        names += [(one.label or "", one.name) for one in cursor.tracks]
        return [f"{keys[label]} {name}" if label in keys else name for label, name in names]

    def marks(self, window: Window, width: int, rows: int) -> Marks:
        """What is marked in the sound, and what the list says."""
        editor, field, transport = self.editor, self.transcribing.field, self.sound.transport
        assert editor is not None
        if field is None:
            editor.cursor.playhead = transport.meant
        shown = field.shown(width, rows, self.theme) if field is not None else ()
        return self._marks.of(
            editor,
            window,
            self.slots,
            self._keys.of(self.keymap, self.slots),
            playhead=transport.playhead,
            field=shown,
            field_first=field is not None and field.whole,
            empty=_no_regions(self.keymap) if field is None else "",
        )

    def playhead_moved(self) -> None:
        """Say what the playhead is on where that is new, and now and then how much is marked."""
        if self.transcribing.field is not None or self.editor is None:
            return
        cursor, rate = self.editor.cursor, self.editor.clip.rate
        cursor.playhead = self.sound.transport.meant
        region = cursor.active
        name = region.id if region is not None else None
        marked = None if cursor.mark_in is None else cursor.here * 5 // rate
        if (name, marked) != self._heard_in:
            self._heard_in = name, marked
            self.post_message(ViewChanged())

    # ── what the screen asks ───────────────────────────────────────────────

    def attach(self, engine: Engine) -> None:
        """Take the session, and what plays in it."""
        self.sound.attach(engine)

    def set_keymaps(self, keymaps: Sequence[Keymap]) -> None:
        """Take what each key does."""
        self._keys = LabelKeys()
        super().set_keymaps(keymaps)
        self.transcribing.actions = self.keymap.fields

    def set_editor(self, editor: RegionEditor | None) -> None:
        """Show another task's editor, or nothing."""
        same = editor is not None and editor is self.editor
        self.editor = editor
        self._marks.forget()
        self._voices.forget()
        self.transcribing.set_editor(editor)
        if not same:
            if editor is not None and self._auto_play is not None:
                editor.cursor.auto_play = self._auto_play
            self.sound.set_clip(editor.clip if editor is not None else None)
        else:
            self.sound.redraw()

    def sync(self) -> None:
        """Draw what a command has changed, and play what it wants to be heard."""
        editor, sound = self.editor, self.sound
        if editor is None:
            return
        cursor, viewport = editor.cursor, sound.viewport
        if cursor.heard is not None:
            stretch, cursor.heard = cursor.heard, None
            sound.hear(*stretch)
        elif self._left_from not in (None, cursor.frame) and sound.transport.free:
            # What plays from the cursor on goes with it.
            sound.transport.seek(cursor.frame)
            viewport.show_frame(cursor.frame)
        self._left_from = None
        is_still = sound.transport.playhead is None
        if is_still and cursor.frame != self._came_to:
            self._came_to = cursor.frame
            # What a command has led to is to be seen whole.
            region, selection = cursor.active, cursor.selection
            if region is not None and region.start == cursor.frame:
                viewport.show(viewport.window.arriving(region.start, region.end))
            elif selection is not None and selection[0] == cursor.frame:
                viewport.show(viewport.window.arriving(*selection))
            viewport.show_frame(cursor.frame)
        self._voices.ask(editor, self.stretch() if is_still else None)
        sound.paint()

    def received(self, message: object) -> bool:
        """Take what is known of the sound, and whose voice it is."""
        if isinstance(message, Likely):
            self._voices.take(self.editor, message)
            return False
        return self.sound.received(message)

    def find(self, name: str, query: str) -> Outcome | None:
        """Go to a time of the file, or to a region in which something is said."""
        editor = self.editor
        if name != "goto" or editor is None or not query:
            return None
        editor.cursor.playhead = self.sound.transport.meant
        self._left_from = editor.cursor.frame
        if (seconds := seconds_in(query)) is not None:
            return editor.do("goto_time", repr(seconds))
        return editor.do("search", query) if editor.says(query) else None

    def headline(self) -> str | None:
        """The name of the sound, its channels, its rate and its length."""
        return headline(self.sound.current_task, self.sound.clip, self.app.size.width)

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self.theme = theme
        self.sound.set_theme(theme)

    def run(self, command: str) -> Outcome | None:
        """Carry out what only the view can; before all else the editor is told what is heard."""
        editor, transport = self.editor, self.sound.transport
        if editor is None:
            return None
        editor.cursor.playhead = transport.meant
        self._left_from = None
        match command:
            case "auto_play":
                self._auto_play = editor.cursor.auto_play = not editor.cursor.auto_play
                return Outcome(message=f"auto-play {'on' if self._auto_play else 'off'}")
            case "transcript" | "whole_transcript":
                return self.transcribing.begin(command)
        return self.sound.run(command)

    def prepare(self, command: str) -> str | None:
        """Tell the editor what is heard.

        Returns:
            How many steps a held key goes; where the sound crosses zero.
        """
        editor, transport = self.editor, self.sound.transport
        if editor is None:
            return None
        editor.cursor.playhead = transport.meant
        self._left_from = editor.cursor.frame if command in _JUMPS else None
        if command == "escape":
            transport.stop()
        if command in NUDGES:
            return str(self._key.press(command, self.now()))
        if command != "snap_zero":
            return None
        stretch, peaks = editor.edges.stretch, self.sound.content.peaks[0]
        if stretch is None or peaks is None:
            return None
        channel, offset = editor.edges.channel, editor.clip.start
        found = (peaks.zero_crossing(offset + at, channel) for at in stretch)
        return " ".join(str(frame - offset) for frame in found)

    def ask(self, command: str) -> ModalScreen[str | None] | Outcome | None:
        """Ask for the new name of a label."""
        if command != "rename" or self.editor is None:
            return None
        region = self.editor.cursor.active
        if region is None:
            return Outcome(message="no region here to rename; go to a region of that label")
        return Renaming(region.speaker or region.label)

    def suggested(self) -> int:
        """How many suggestions nobody has looked at yet."""
        return self.editor.placement.unseen() if self.editor is not None else 0

    def bar(self, engine: Engine, keymap: Keymap) -> tuple[list[Piece], list[Piece]]:
        """The labels with their keys and counts; how much of the speech is covered."""
        editor, theme, field = self.editor, self.theme, self.transcribing.field
        width = self.app.size.width
        covered = editor.placement.coverage() if editor is not None else None
        said: list[Piece] = []
        if covered is not None:
            said = [(f"{covered * 100:.0f} % covered ", theme.plain)]
        room = visible_width(said[0][0]) if said else 0
        left, _ = status.label_bar(engine, keymap, theme, width - room)
        room = width - room - sum(visible_width(text) for text, _ in left) - 4
        if field is not None:
            # While it is open no other key does what is written beside it.
            return left, [*key_hints(field.hints(), key_name("f1"), theme, room), *said]
        if editor is None:
            # No key of a recording does anything while none is open.
            shown = left if engine.stage == "waiting" else []
            return shown, hints(keymap, theme, room, ())
        first = first_steps(engine, keymap, theme, room)
        return left, [*(first or hints(keymap, theme, room)), *said]

    def under_cursor(self) -> list[Piece]:
        """What the cursor is on, and what is done in the background."""
        if self.editor is None:
            return []
        pieces = region_line(self.editor, self.theme, self.slots)
        doing = work(self.sound.content.progress)
        return [*pieces, (f"  {doing}", self.theme.warning)] if doing else pieces

    # ── the field ──────────────────────────────────────────────────────────

    @property
    def takes_keys(self) -> bool:
        """Whether the text field is open."""
        return self.transcribing.field is not None

    def take_key(self, key: str, character: str | None) -> bool:
        """Take a key while the field is open; whether it was the field's."""
        return self.transcribing.take_key(key, character)

    def on_paste(self, event: events.Paste) -> None:
        """Put what was pasted into the field."""
        if self.takes_keys:
            event.stop()
            self.transcribing.paste(event.text)
            self.sync()

    def _picked(self) -> None:
        self.sync()
        self.post_message(ViewChanged())


class Voices:
    """Asks the sound process who speaks where the annotator is.

    Args:
        sound: The sound.
    """

    def __init__(self, sound: SoundPane) -> None:
        self._sound = sound
        self._tickets = 0
        self._told: object = None
        self._compared: tuple[int, int] | None = None

    def forget(self) -> None:
        """Another task is shown."""
        self._told = self._compared = None

    def ask(self, editor: RegionEditor, stretch: tuple[int, int] | None) -> None:
        """Ask whose voice is heard in a stretch, unless that was asked already."""
        if editor.region_set.mode != "speakers":
            return
        if self._told is not editor.regions:
            # The process knows of them before it is asked.
            self._told = editor.regions
            self._compared = None
        if stretch is None:
            editor.likely = ()
        elif stretch != self._compared:
            self._compared, editor.likely = stretch, ()
            self._tickets += 1
            self._sound.request(Compare(self._sound.number, self._tickets, *stretch))

    def take(self, editor: RegionEditor | None, message: Likely) -> None:
        """Take the answer to the last question."""
        if message.ticket == self._tickets and editor is not None:
            editor.likely = tuple((name, score) for name, score in message.names)


class Renaming(Prompt):
    """Asks for the new name of a label; answers with both.

    Args:
        name: The name it has.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"New name for {safe(name, 40)}:", name)
        self._name = name

    def submit(self, value: str) -> None:
        """Both names, with a tab between."""
        self.answer(f"{self._name}\t{value}")


def _no_regions(keymap: Keymap) -> str:
    start, end = keymap.shown("mark_in"), keymap.shown("mark_out")
    return f"no regions yet: {start} starts a region, {end} or a label's key ends it"
