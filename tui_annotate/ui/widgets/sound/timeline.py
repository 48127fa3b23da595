"""The view of regions: a sound with lanes of regions, their list, and a field for what is said."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from textual.screen import ModalScreen

from tui_annotate.audio.messages import Compare, Likely, Regions
from tui_annotate.editors.base import Outcome
from tui_annotate.keymap.keymap import Keymap, key_name
from tui_annotate.session.engine import Engine
from tui_annotate.text.display import safe
from tui_annotate.ui import status
from tui_annotate.ui.key_repeat import Held
from tui_annotate.ui.screens.prompt import Prompt
from tui_annotate.ui.theme import FOREIGN, Theme
from tui_annotate.ui.widgets.cells import row_of
from tui_annotate.ui.widgets.line import Piece
from tui_annotate.ui.widgets.sound.bands import Bands
from tui_annotate.ui.widgets.sound.lines import hints, key_hints, region_line, work
from tui_annotate.ui.widgets.sound.transcribing import Transcribing
from tui_annotate.ui.widgets.sound.view_state import LaneRow, ViewState
from tui_annotate.ui.widgets.view import View

WHOLE = "transcript of the whole sound"

_NUDGES = frozenset({"start_earlier", "start_later", "end_earlier", "end_later"})
_JUMPS = frozenset(
    {"next_span", "previous_span", "next_uncovered", "left_edge", "right_edge", "undo", "redo"}
)


class TimelineView(Transcribing):
    """Draws a `RegionEditor`."""

    def __init__(self, theme: Theme, options: Mapping[str, Any]) -> None:
        super().__init__(theme, options)
        self._held = Held()
        self.now = time.monotonic
        self._lanes: tuple[Any, tuple[LaneRow, ...]] | None = None
        self._told: Any = None
        self._compared: tuple[int, int] | None = None
        self._tickets = 0
        self._left_from: int | None = None
        self._came_to: int | None = None
        self._heard_in: tuple[str | None, int | None] = None, None
        self._auto_play: bool | None = None

    # ── what the sound view asks ───────────────────────────────────────────

    @property
    def cursor(self) -> int:
        """The frame of the cursor."""
        frame: int = self.editor.cursor if self.editor is not None else 0
        return frame

    def go_to(self, frame: int) -> None:
        """Move the cursor."""
        if self.editor is not None:
            self.editor.move_to(frame)

    def kept_look(self) -> tuple[int, int] | None:
        """What was in sight when the task was left."""
        look: tuple[int, int] | None = self.editor.look if self.editor is not None else None
        return look

    def keep_look(self, look: tuple[int, int] | None) -> None:
        """Have the draft keep what is in sight."""
        if self.editor is not None:
            self.editor.look = look

    def meant(self) -> tuple[int, int] | None:
        """What is marked or selected, else the region that commands mean."""
        editor = self.editor
        if editor is None:
            return None
        if editor.mark_in is not None:
            start, end = sorted((editor.mark_in, editor.here))
            return start, end
        if editor.selection is not None:
            selection: tuple[int, int] = editor.selection
            return selection
        region = editor.active
        return None if region is None else (region.start, region.end)

    def lanes_wanted(self) -> int:
        """How many lanes there are."""
        return len(self.editor.lanes) if self.editor is not None else 0

    def names(self) -> Sequence[str]:
        """The labels, with the number of their channel before them where there are several."""
        if self.editor is None:
            return list(self.slots)
        before = "1 " if self.editor.by_channel else ""
        return [*(before + name for name in self.slots), *(one.name for one in self.editor.lanes)]

    def _lane_rows(self) -> tuple[LaneRow, ...]:
        editor = self.editor
        key = editor.regions, editor.lane, tuple(self.slots.items()), self.window
        if self._lanes is None or self._lanes[0] != key:
            found = editor.regions.overlapping(self.window.start, self.window.end)
            rows = tuple(
                LaneRow(
                    one.name,
                    self.slots.get(one.label, FOREIGN) if one.label else None,
                    place == editor.lane,
                    tuple(region for region in found if one.holds(region)),
                )
                for place, one in enumerate(editor.lanes)
            )
            self._lanes = key, rows
        return self._lanes[1]

    def sight(self, layout: Bands, gutter: int) -> ViewState:
        """What is to be drawn."""
        editor, transport = self.editor, self.transport
        playhead = self.playhead
        if self.field is None:
            editor.playhead = transport.meant
        stretch = editor.selection
        if editor.mark_in is not None:
            here = playhead if playhead is not None else editor.cursor
            stretch = min(editor.mark_in, here), max(editor.mark_in, here)
        region = editor.active
        clip = editor.clip
        channels: tuple[int | None, ...] = (clip.channel,)
        if editor.by_channel:
            channels = tuple(range(clip.channels))
        field: tuple[Any, ...] = ()
        if self.field is not None:
            rows = self.field.rows(self.size.width, max(layout.list - 1, 1), self.theme)
            if self.field.whole:
                title = (f" ▸ {WHOLE}", self.theme.strong)
                rows = [row_of([title], self.size.width), *rows]
            field = tuple(tuple(row) for row in rows)
        return ViewState(
            window=self.window,
            bands=layout,
            gutter=gutter,
            rate=clip.rate,
            cursor=None if playhead is not None and transport.free else editor.cursor,
            playhead=playhead,
            clock=editor.cursor if playhead is None else playhead,
            speed=transport.player.speed,
            looping=transport.looping,
            stretch=stretch,
            regions=editor.regions,
            active=region.id if region is not None else None,
            lanes=self._lane_rows(),
            slots=dict(self.slots),
            peaks=self.matter.peaks,
            channels=channels,
            offset=clip.start,
            picture=self.matter.picture,
            field=field,
            field_first=self.field is not None and self.field.whole,
            empty=self._empty(),
        )

    def _empty(self) -> str:
        if self.field is not None:
            return ""
        keymap = self.keymap
        start, end = keymap.shown("mark_in"), keymap.shown("mark_out")
        return f"no regions yet: {start} starts a region, {end} or a label's key ends it"

    # ── what the desk asks ─────────────────────────────────────────────────

    def set_editor(self, editor: Any) -> None:
        """Show another task's editor, or nothing."""
        same = editor is not None and editor is self.editor
        self.editor = editor
        self._lanes = self._told = self._compared = None
        self.field = None
        if not same:
            if editor is not None and self._auto_play is not None:
                editor.auto_play = self._auto_play
            self.set_clip(editor.clip if editor is not None else None)
        if editor is not None and editor.typing is not None:
            self.open_field(editor.typing)
        self.redraw()

    def sync(self) -> None:
        """Draw what a command has changed, and play what it wants to be heard."""
        editor = self.editor
        if editor is None:
            return
        if editor.heard is not None:
            stretch, editor.heard = editor.heard, None
            self.hear(*stretch)
        elif self._left_from not in (None, editor.cursor) and self.transport.free:
            # What plays from the cursor on goes with it.
            self.transport.seek(editor.cursor)
            self.show_frame(editor.cursor)
        self._left_from = None
        if self.playhead is None and editor.cursor != self._came_to:
            self._came_to = editor.cursor
            # What a command has led to is to be seen whole.
            region = editor.active
            if region is not None and region.start == editor.cursor:
                self.set_window(self.window.arriving(region.start, region.end))
            elif editor.selection is not None and editor.selection[0] == editor.cursor:
                self.set_window(self.window.arriving(*editor.selection))
            self.show_frame(editor.cursor)
        self._tell()
        self.paint()

    def heard_on(self) -> None:
        """Say what the playhead is on where that is new, and now and then how much is marked."""
        editor = self.editor
        if self.field is not None or editor is None:
            return
        editor.playhead = self.transport.meant
        region = editor.active
        name = region.id if region is not None else None
        marked = None if editor.mark_in is None else editor.here * 5 // editor.clip.rate
        if (name, marked) != self._heard_in:
            self._heard_in = name, marked
            self.post_message(View.Changed())

    def _tell(self) -> None:
        """Tell the sound process who was named to speak where, and ask who speaks here."""
        editor = self.editor
        if editor.mode != "speakers":
            return
        if self._told is not editor.regions:
            self._told = editor.regions
            self.request(
                Regions(
                    self.number,
                    [
                        (one.start, one.end, one.label)
                        for one in editor.regions
                        if not one.suggested and not editor.nameless(one.label)
                    ],
                )
            )
            self._compared = None
        stretch = self.meant() if self.playhead is None else None
        if stretch is None or stretch == self._compared:
            if stretch is None:
                editor.likely = ()
            return
        self._compared, editor.likely = stretch, ()
        self._tickets += 1
        self.request(Compare(self.number, self._tickets, *stretch))

    def received(self, message: object) -> bool:
        """Take what is known of the sound, and whose voice it is."""
        if isinstance(message, Likely):
            if message.ticket == self._tickets and self.editor is not None:
                self.editor.likely = tuple((name, score) for name, score in message.names)
            return False
        return super().received(message)

    def run(self, command: str) -> Outcome | None:
        """Carry out what only the view can; before all else the editor is told what is heard."""
        editor = self.editor
        if editor is None:
            return None
        editor.playhead = self.transport.meant
        self._left_from = None
        match command:
            case "auto_play":
                self._auto_play = editor.auto_play = not editor.auto_play
                return Outcome(message=f"auto-play {'on' if editor.auto_play else 'off'}")
            case "transcript" | "whole_transcript":
                return self.begin_typing(command)
        return super().run(command)

    def prepare(self, command: str) -> str | None:
        """Tell the editor what is heard.

        Returns:
            How many steps a held key goes; where the sound crosses zero.
        """
        editor = self.editor
        if editor is None:
            return None
        editor.playhead = self.transport.meant
        self._left_from = editor.cursor if command in _JUMPS else None
        if command == "escape" and self.transport.playing:
            self.transport.stop()
        if command in _NUDGES:
            return str(self._held.press(command, self.now()))
        if command == "snap_zero" and (stretch := editor.adjusted_stretch) is not None:
            peaks, offset = self.matter.peaks[0], editor.clip.start
            if peaks is None:
                return None
            channel = editor.adjusted_channel
            found = (peaks.zero_crossing(offset + at, channel) for at in stretch)
            return " ".join(str(frame - offset) for frame in found)
        return None

    def ask(self, command: str) -> ModalScreen[str | None] | Outcome | None:
        """Ask for the new name of a label."""
        if command != "rename" or self.editor is None:
            return None
        region = self.editor.active
        if region is None:
            return Outcome(message="no region here to rename; go to a region of that label")
        return Renaming(region.speaker or region.label)

    def bar(self, engine: Engine, keymap: Keymap) -> tuple[list[Piece], list[Piece]]:
        """The labels with their keys and counts; how much of the speech is covered."""
        editor, theme = self.editor, self.theme
        width = self.app.size.width
        covered = editor.coverage() if editor is not None else None
        said: list[Piece] = []
        if covered is not None:
            said = [(f"{covered * 100:.0f} % covered ", theme.plain)]
        room = cell_len(said[0][0]) if said else 0
        left, _ = status.label_bar(engine, keymap, theme, width - room)
        room = width - room - sum(cell_len(text) for text, _ in left) - 4
        if self.field is not None:
            # While it is open no other key does what is written beside it.
            return left, [*key_hints(self.field.hints(), key_name("f1"), theme, room), *said]
        return left, [*hints(keymap, theme, room), *said]

    def under_cursor(self) -> list[Piece]:
        """What the cursor is on, and what is done in the background."""
        editor, theme = self.editor, self.theme
        if editor is None:
            return []
        pieces = region_line(editor, theme, self.slots)
        doing = work(self.matter.progress)
        if doing:
            pieces.append((f"  {doing}", theme.warning))
        return pieces


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
