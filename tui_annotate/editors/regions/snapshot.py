"""What of a task's regions is undone together, and the text field that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_annotate.editors.regions.cover import Stretch
from tui_annotate.editors.regions.region import Regions
from tui_annotate.suggest.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Typing:
    """An open text field.

    Attributes:
        command: What its text is for: ``transcript`` or ``whole_transcript``.
        text: What is typed so far.
        caret: Where the caret is, in code points.
    """

    command: str
    text: str
    caret: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is undone together.

    Attributes:
        regions: The regions.
        labels: The labels on offer.
        transcript: What is said in the whole sound.
        dismissed: Suggestions that were deleted: start, end and label.
        withdrawn: Suggestions of sources that were switched off.
        offered: How many suggestions had been offered by then.
        cursor: Where the cursor was.
        focus: The region that was meant.
        selection: The stretch that was selected.
        led: What had led there: ``next_span``, ``next_uncovered``, or nothing.
    """

    regions: Regions
    labels: tuple[str, ...]
    transcript: str
    dismissed: tuple[tuple[int, int, str], ...]
    withdrawn: frozenset[Suggestion]
    offered: int
    cursor: int
    focus: str | None
    selection: Stretch | None
    led: str


def renamed(now: Sequence[str], then: Sequence[str]) -> tuple[str, str] | None:
    """The label that has another name in an earlier set; others may have been added since."""
    gone = [label for label in then if label not in now]
    new = [label for label in now if label not in then]
    if len(gone) == 1 and new and then.index(gone[0]) == now.index(new[0]):
        return new[0], gone[0]
    return None
