"""What of a task's regions is undone together, and the way back and forth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_annotate.editors.base import Outcome
from tui_annotate.editors.history import History
from tui_annotate.editors.regions.cover import Stretch
from tui_annotate.editors.regions.cursor import RegionCursor
from tui_annotate.editors.regions.region import Regions
from tui_annotate.editors.regions.region_set import RegionSet
from tui_annotate.editors.regions.suggestion_placement import Dismissed, SuggestionPlacement
from tui_annotate.suggest.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is undone together.

    Attributes:
        regions: The regions.
        labels: The labels on offer.
        transcript: What is said in the whole sound.
        dismissed: The suggestions that were deleted.
        withdrawn: Suggestions of sources that were switched off.
        offered: How many suggestions had been offered by then.
        cursor: Where the cursor was.
        focus: The region that was meant.
        selection: The stretch that was selected.
        auto_advance: What to go on to once that was decided.
    """

    regions: Regions
    labels: tuple[str, ...]
    transcript: str
    dismissed: tuple[Dismissed, ...]
    withdrawn: frozenset[Suggestion]
    offered: int
    cursor: int
    focus: str | None
    selection: Stretch | None
    auto_advance: str


class RegionHistory:
    """Makes edits of regions, and takes them back.

    Args:
        region_set: The regions.
        placement: What was suggested for them.
        cursor: Where the annotator is.

    Attributes:
        edited: Whether the annotator has changed anything.
        snapshots: The states before and after the current one.
    """

    def __init__(
        self, region_set: RegionSet, placement: SuggestionPlacement, cursor: RegionCursor
    ) -> None:
        self._set = region_set
        self._placement = placement
        self._cursor = cursor
        self.edited = False
        self.snapshots: History[Snapshot] = History()

    def commit(self, regions: Regions, run: tuple[str, ...] | None = None) -> None:
        """Make an edit; one that goes on with the edit before it is undone with that.

        Args:
            regions: The regions as they are from now on.
            run: What the edit is; the same as before if it goes on.
        """
        self.snapshots.push(self._snapshot(), run)
        self.edited = True
        self._set.regions = regions

    def undo(self) -> Outcome:
        """Take the last edit back."""
        return self._travel(self.snapshots.undo(self._snapshot()), "nothing to undo")

    def redo(self) -> Outcome:
        """Make the edit again that was taken back last."""
        return self._travel(self.snapshots.redo(self._snapshot()), "nothing to redo")

    def _snapshot(self) -> Snapshot:
        return Snapshot(
            self._set.regions,
            tuple(self._set.labels),
            self._set.transcript,
            self._placement.dismissed,
            self._placement.withdrawn,
            len(self._placement.offered),
            self._cursor.frame,
            self._cursor.focus,
            self._cursor.selection,
            self._cursor.auto_advance,
        )

    def _travel(self, back: Snapshot | None, refusal: str) -> Outcome:
        if back is None:
            return Outcome(message=refusal)
        content, placement, cursor = self._set, self._placement, self._cursor
        now = tuple(content.labels)
        content.transcript = back.transcript
        placement.dismissed, placement.withdrawn = back.dismissed, back.withdrawn
        content.regions = placement.with_later(back.regions, back.offered)
        cursor.focus, cursor.selection = back.focus, back.selection
        cursor.auto_advance = back.auto_advance
        cursor.mark_in = None
        if cursor.playhead is None:
            cursor.frame = back.cursor
        renamed = _renamed(now, back.labels)
        if renamed is not None:
            content.labels[content.labels.index(renamed[0])] = renamed[1]
            return Outcome(True, renamed=renamed)
        gone = [label for label in back.labels if label not in now]
        if not gone:
            return Outcome(True)
        # It had become one with another.
        content.add_label(gone[0])
        return Outcome(True, added=gone[0])


def _renamed(now: Sequence[str], then: Sequence[str]) -> tuple[str, str] | None:
    """The label that has another name in an earlier set; others may have been added since."""
    gone = [label for label in then if label not in now]
    new = [label for label in now if label not in then]
    if len(gone) == 1 and new and then.index(gone[0]) == now.index(new[0]):
        return new[0], gone[0]
    return None
