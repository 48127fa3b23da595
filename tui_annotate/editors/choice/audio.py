"""The editor of classes of a sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_annotate.audio.clip import Clip, seconds_of
from tui_annotate.editors.base import Restored
from tui_annotate.editors.choice.editor import ChoiceEditor
from tui_annotate.editors.choice.fields import Choices
from tui_annotate.editors.regions.fields import seconds_codec
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment


class SoundChoiceEditor(ChoiceEditor):
    """Chooses among labels for a whole sound.

    Args:
        clip: The sound.
        choices: What the task asks.
        options: What `ChoiceEditor` takes.

    Attributes:
        cursor: The frame that one listens from.
    """

    def __init__(self, clip: Clip, choices: Choices, **options: Any) -> None:
        self.clip = clip
        self.cursor = 0
        super().__init__("", choices, **options)

    def move_to(self, frame: int) -> None:
        """Go to a frame."""
        self.cursor = min(max(frame, 0), self.clip.frames)

    def fields(self) -> dict[str, Any]:
        """What is chosen, and the sound."""
        clip, codec = self.clip, seconds_codec(self.clip.rate)
        whole = [
            Suggestion(0, clip.frames, one.label, one.source, one.score) for one in self.offered
        ]
        return {
            **super().fields(),
            "duration": seconds_of(clip.frames, clip.rate),
            "sample_rate": clip.rate,
            "channels": clip.channels,
            **({"_sound_hash": clip.content} if clip.content else {}),
            "_suggested": [codec.encode(one) for one in whole],
        }

    def state(self) -> dict[str, Any]:
        """What is chosen, and where one listens, as plain JSON values."""
        return {**super().state(), "cursor": self.cursor, "rate": self.clip.rate}

    def restore(self, state: Mapping[str, Any], moved: Alignment = SAME) -> Restored:
        """Take up a draft again; the cursor goes where it was in time."""
        restored = super().restore(state, moved)
        cursor, rate = int(state["cursor"]), int(state.get("rate") or self.clip.rate)
        self.move_to(round(cursor * self.clip.rate / rate))
        return restored
