"""A draft of regions: all that is lost with the editor otherwise, as plain JSON values."""

from __future__ import annotations

from typing import Any

import msgspec

from tui_annotate.editors.regions.cover import Stretch
from tui_annotate.editors.regions.region import Region
from tui_annotate.editors.regions.suggestion_placement import Dismissed


class Typing(msgspec.Struct, frozen=True, array_like=True):
    """An open text field.

    Attributes:
        command: What its text is for: ``transcript`` or ``whole_transcript``.
        text: What is typed so far.
        caret: Where the caret is, in code points.
    """

    command: str
    text: str
    caret: int


class RegionDraft(msgspec.Struct, frozen=True):
    """What a draft keeps. Some names in the file are older than those in the program.

    Attributes:
        frames: How long the sound is.
        rate: Frames per second.
        added: The regions that did not come with the task as they are.
        removed: The ids of those that came with it and are not there as they came.
        cursor: Where the annotator is.
        focus: The region that is meant.
        mark_in: The start that was marked.
        selection: A stretch that is no region yet.
        auto_advance: What to go on to once that is decided.
        last_label: The label that was given last.
        transcript: What is said in the whole sound.
        dismissed: The suggestions that were deleted.
        withdrawn: The places of withdrawn suggestions among all that were offered.
        touched: Whether the annotator has changed anything.
        auto_play: Whether a region that one arrives at is to be heard.
        typing: The text field that is open.
        offered: What has been offered since the task was opened.
        viewport: The first frame in sight and the frames of a column.
        track: Label and channel of the focused track.
        base: What tells the regions that came with the task from others; None if not known.
        original: The regions of `removed` and `focus` that came with the task, as they came.
        offered_before: How many suggestions `withdrawn` counts before those of `offered`.
        original_transcript: The transcript that came with the task.
    """

    frames: int
    rate: int
    added: list[Region]
    removed: list[str]
    cursor: int
    focus: str | None
    mark_in: int | None
    selection: Stretch | None
    auto_advance: str = msgspec.field(name="led")
    last_label: str | None
    transcript: str
    dismissed: tuple[Dismissed, ...]
    withdrawn: list[int]
    touched: bool
    auto_play: bool
    typing: Typing | None
    offered: list[dict[str, Any]]
    track: tuple[str | None, int | None] | None = msgspec.field(name="lane")
    viewport: tuple[int, int] | None = msgspec.field(name="look", default=None)
    base: int | None = None
    original: list[Region] = msgspec.field(default_factory=list)
    offered_before: int | None = None
    original_transcript: str | None = None

    def encode(self) -> dict[str, Any]:
        """As plain JSON values."""
        written: dict[str, Any] = msgspec.to_builtins(self)
        return written

    @classmethod
    def decode(cls, state: Any) -> RegionDraft:
        """From plain JSON values.

        Raises:
            ValueError: They are no draft.
        """
        draft = msgspec.convert(state, cls)
        if draft.frames < 0 or draft.rate <= 0:
            raise ValueError("a sound has frames and a rate")
        return draft
