"""The regions of an editor as the picture of a sound shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_annotate.audio.window import Window
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.ui.theme import FOREIGN
from tui_annotate.ui.widgets.sound.view_state import LaneRow, Marks


class RegionMarks:
    """Makes what is marked of an editor; lanes are made again only where they differ."""

    def __init__(self) -> None:
        self._lanes: tuple[Any, tuple[LaneRow, ...]] | None = None

    def forget(self) -> None:
        """Another editor is shown."""
        self._lanes = None

    def of(
        self,
        editor: RegionEditor,
        window: Window,
        slots: Mapping[str, int],
        keys: Mapping[str, str],
        *,
        playhead: int | None,
        **field: Any,
    ) -> Marks:
        """What is marked.

        Args:
            editor: The editor.
            window: What of the sound is on the screen.
            slots: The colour of each label.
            keys: The key of each label that has one.
            playhead: The frame that is heard.
            field: What the list says beside its regions: see `Marks`.
        """
        cursor, clip = editor.cursor, editor.clip
        stretch = cursor.selection
        if cursor.mark_in is not None:
            here = playhead if playhead is not None else cursor.frame
            stretch = min(cursor.mark_in, here), max(cursor.mark_in, here)
        active = cursor.active
        return Marks(
            stretch=stretch,
            regions=editor.regions,
            active=active.id if active is not None else None,
            lanes=self._lane_rows(editor, window, slots, keys),
            slots=dict(slots),
            keys=keys,
            channels=tuple(range(clip.channels)) if cursor.by_channel else (clip.channel,),
            **field,
        )

    def _lane_rows(
        self,
        editor: RegionEditor,
        window: Window,
        slots: Mapping[str, int],
        keys: Mapping[str, str],
    ) -> tuple[LaneRow, ...]:
        cursor = editor.cursor
        key = editor.regions, cursor.track_index, tuple(slots.items()), tuple(keys.items()), window
        if self._lanes is None or self._lanes[0] != key:
            found = editor.regions.overlapping(window.start, window.end)
            rows = tuple(
                LaneRow(
                    one.name,
                    slots.get(one.label, FOREIGN) if one.label else None,
                    keys.get(one.label or "", ""),
                    place == cursor.track_index,
                    bool(one.label) and editor.region_set.is_unassigned(one.label or ""),
                    tuple(region for region in found if one.holds(region)),
                )
                for place, one in enumerate(cursor.tracks)
            )
            self._lanes = key, rows
        return self._lanes[1]
