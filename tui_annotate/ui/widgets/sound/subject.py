"""What a pane of sound asks of whoever shows something in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tui_annotate.audio.window import Window
from tui_annotate.ui.widgets.sound.view_state import Marks


class Subject(Protocol):
    """Says where the annotator is in a sound, and what is marked there."""

    @property
    def listed(self) -> bool:
        """Whether there are lanes and a list of regions at all."""
        ...

    @property
    def cursor_follows(self) -> bool:
        """Whether the cursor comes along with whatever plays, not only with what began at it."""
        ...

    @property
    def cursor(self) -> int:
        """The frame of the cursor."""
        ...

    def move_to(self, frame: int) -> None:
        """Move the cursor."""
        ...

    def stretch(self) -> tuple[int, int] | None:
        """The stretch that is played as the region: what is selected, or meant here."""
        ...

    def lane_names(self) -> Sequence[str]:
        """What stands before the lanes, or could."""
        ...

    def lane_count(self) -> int:
        """How many lanes there would be."""
        ...

    def marks(self, window: Window, width: int, rows: int) -> Marks:
        """What is marked.

        Args:
            window: What of the sound is on the screen.
            width: The columns of the view.
            rows: The rows of the list.
        """
        ...

    def kept_viewport(self) -> tuple[int, int] | None:
        """What was in sight when the task was left: the first frame, and those of a column."""
        ...

    def keep_viewport(self, viewport: tuple[int, int] | None) -> None:
        """Something else is in sight; None for the whole sound."""
        ...

    def playhead_moved(self) -> None:
        """Something plays, and has been heard a little further."""
        ...
