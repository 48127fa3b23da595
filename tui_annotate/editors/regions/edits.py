"""Making and changing regions: labels, edges, cuts and joins."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.regions.cover import Stretch
from tui_annotate.editors.regions.cursor import RegionCursor
from tui_annotate.editors.regions.edges import RegionEdges
from tui_annotate.editors.regions.region import Region, Regions
from tui_annotate.editors.regions.region_set import RegionSet
from tui_annotate.editors.regions.renaming import new_speaker
from tui_annotate.editors.regions.room import divided_text, joined_text
from tui_annotate.editors.regions.steps import RegionSteps
from tui_annotate.editors.regions.suggestion_placement import SuggestionPlacement
from tui_annotate.editors.regions.undo import RegionHistory


class RegionEdits:
    """Makes and changes the region that is meant.

    Args:
        region_set: The regions.
        placement: What was suggested for them.
        cursor: Says what is meant.
        edges: Says where edges go.
        steps: Goes on to what wants a decision next.
        history: Makes the edits.

    Attributes:
        last_label: The label that was given last.
    """

    def __init__(
        self,
        region_set: RegionSet,
        placement: SuggestionPlacement,
        cursor: RegionCursor,
        edges: RegionEdges,
        steps: RegionSteps,
        history: RegionHistory,
    ) -> None:
        self._set = region_set
        self._placement = placement
        self._cursor = cursor
        self._edges = edges
        self._steps = steps
        self._history = history
        self.last_label: str | None = None

    # ── making regions ─────────────────────────────────────────────────────

    def label(self, label: str | None) -> Outcome:
        """Label the stretch that is marked or selected, else the region that is meant.

        Args:
            label: The label; None for a key that has none, which in the mode of speakers is a
                speaker who was not heard before.
        """
        added = None
        if label is None:
            if self._set.mode != "speakers":
                return Outcome(message="no label has this key")
            label = added = new_speaker(self._set.labels)
        stretch = self._cursor.stretch
        outcome = self._make(stretch, label) if stretch is not None else self.relabel(label)
        if added is None or not outcome.edited:
            return outcome
        self._set.add_label(added)
        return replace(
            outcome, message=outcome.message or f"new speaker {added}; E to rename", added=added
        )

    def _make(self, stretch: Stretch, label: str) -> Outcome:
        start, end = stretch
        cursor = self._cursor
        if end - start < self._set.min_frames:
            return Outcome(message="too short; move to where the region ends")
        made = Region(start, end, label, self._set.fresh_id(), channel=cursor.channel)
        outcome = self._put(made, ())
        if outcome.edited:
            way = cursor.auto_advance if cursor.selection is not None else ""
            cursor.drop_stretch()
            self._labelled(made.id, label, way)
        return outcome

    def relabel(self, label: str) -> Outcome:
        """Give the region that is meant another label."""
        cursor, region = self._cursor, self._cursor.active
        if region is None:
            return Outcome(message="no region here; , starts one")
        way, cursor.auto_advance = cursor.auto_advance, ""
        if region.label != label:
            outcome = self._put(region.edited(label=label), [region])
        elif region.suggested:
            outcome = self._put(region.edited(), [region])
        elif way:
            cursor.focus = region.id
            self._steps.advance(way)
            return NOTHING
        else:
            return Outcome(message=f"this is already {label}")
        if outcome.edited:
            self._labelled(region.id, label, way)
        return outcome

    def _labelled(self, id: str, label: str, way: str) -> None:
        """A region has got its label; go on to the next, if something had led to this one."""
        self.last_label = label
        self._cursor.focus, self._cursor.auto_advance = id, ""
        if way:
            self._steps.advance(way)

    def mark_out(self) -> Outcome:
        """A region ends here: of the focused track, or of the only label."""
        cursor, stretch = self._cursor, self._cursor.stretch
        if stretch is None:
            return Outcome(message="mark the start first with ,")
        if stretch[1] - stretch[0] < self._set.min_frames:
            return Outcome(message="too short; move to where the region ends")
        focused = cursor.track.label if cursor.track is not None else None
        only = self._set.labels[0] if len(self._set.labels) == 1 else None
        if (label := focused or only) is not None:
            return self._make(stretch, label)
        cursor.mark_in, cursor.selection = None, stretch
        return Outcome(message="which label?")

    def extend(self) -> Outcome:
        """Make a region from where the last one has ended."""
        cursor, here = self._cursor, self._cursor.inside
        if cursor.stretch is not None:
            return self.mark_out()
        seen = Regions(one for one in self._set.regions.until(here) if not one.suggested)
        last = seen.ended(here) or self._set.regions.ended(here)
        start = 0 if last is None else last.end
        label = self.last_label or (last.label if last is not None and last.label else None)
        if cursor.track is not None and cursor.track.label:
            label = cursor.track.label
        if label is None or self._set.is_unassigned(label):
            label = self._set.labels[0] if self._set.labels else None
        if label is None:
            return Outcome(message="no label yet")
        if here - start < self._set.min_frames:
            return Outcome(message="move to where the region ends")
        return self._make((start, here), label)

    def _put(self, made: Region, out: Iterable[Region],
             run: tuple[str, ...] | None = None) -> Outcome:  # fmt: skip
        """Put a region where there is room for it, in the place of others."""
        done = self._set.insert(made, out)
        if done.refused is not None:
            there, rate, first = done.refused, self._set.clip.rate, self._set.clip.start
            where = f"{(first + there.start) / rate:.3f}–{(first + there.end) / rate:.3f} s"
            return Outcome(message=f"there is already {there.label or 'a region'}, {where}")
        self._history.commit(done.regions, run)
        if not done.joined:
            return Outcome(True)
        return Outcome(True, f"joined {done.joined + 1} regions of {made.label}; u undoes")

    # ── changing regions ───────────────────────────────────────────────────

    def nudge(self, command: str, argument: str | None) -> Outcome:
        """Move an edge by little steps; those that follow each other are undone together."""
        region, stretch = self._edges.region, self._edges.nudged(command, argument)
        outcome = self.set_edges(stretch, (command, region.id) if region else None)
        if not isinstance(stretch, str) and (outcome is NOTHING or outcome.edited):
            self._cursor.heard = self._edges.heard(command, stretch)
        return outcome

    def snap(self, command: str) -> Outcome:
        """Move edges to the nearest edge of speech, or of a neighbour: both, or one."""
        stretch = self._edges.snapped(command)
        outcome = self.set_edges(stretch)
        if not isinstance(stretch, str):
            both = command == "snap"
            self._cursor.heard = stretch if both else self._edges.heard(command[5:], stretch)
        return outcome

    def put_here(self, command: str) -> Outcome:
        """Move an edge to where the annotator is."""
        region = self._edges.beside(command)
        stretch = self._edges.put_here(command, region)
        outcome = self.set_edges(stretch, None, region)
        if not isinstance(stretch, str) and outcome.edited and self._cursor.playhead is None:
            self._cursor.heard = self._edges.heard(command, stretch)
        return outcome

    def set_edges(
        self,
        stretch: Stretch | str,
        run: tuple[str, ...] | None = None,
        region: Region | None = None,
    ) -> Outcome:
        """Give a region, or the selection, other edges.

        Args:
            stretch: Where they go, or a message that says why they go nowhere.
            run: What the edit is, where it may go on.
            region: The region; the one that is meant, if none is named.
        """
        if isinstance(stretch, str):
            return Outcome(message=stretch)
        cursor, region = self._cursor, region or self._edges.region
        start, end = stretch
        if region is None:
            cursor.selection = stretch
            return NOTHING
        outcome = self._put(region.edited(start=start, end=end), [region], run)
        if outcome.edited:
            cursor.focus = region.id
            if not start <= cursor.frame < end and cursor.playhead is None:
                cursor.frame = min(max(cursor.frame, start), end - 1)
        return outcome

    def split(self) -> Outcome:
        """Cut the region in two here, and its text with it."""
        here, shortest = self._cursor.here, self._set.min_frames
        holding = [one for one in self._cursor.candidates() if one.start < here < one.end]
        if not holding:
            return Outcome(message="move to where you want to split the region")
        region = holding[0]
        if here - region.start < shortest or region.end - here < shortest:
            return Outcome(message="a part would be too short")
        first_text, second_text = divided_text(region.text, (here - region.start) / region.frames)
        first = region.edited(end=here, text=first_text)
        second = region.edited(start=here, text=second_text, id=self._set.fresh_id())
        self._history.commit(self._set.regions.exchange([region], [first, second]))
        self._cursor.focus = second.id
        self._cursor.frame, self._cursor.moved = here, True
        return Outcome(True)

    def merge(self, direction: int) -> Outcome:
        """Make one of the region and the next of its label, or the one before."""
        region = self._cursor.active
        if region is None:
            return Outcome(message="no region here")
        place = self._set.regions.place(region)
        items = self._set.regions.items
        is_unassigned = self._set.is_unassigned
        others = items[place + 1 :] if direction > 0 else items[:place][::-1]
        fitting = (
            one
            for one in others
            if one.channel == region.channel
            and (one.label == region.label or is_unassigned(one.label))
        )
        other = next(fitting, None)
        if other is None:
            side = "after" if direction > 0 else "before"
            return Outcome(message=f"no {region.label} region {side} this")
        made = region.edited(
            start=min(region.start, other.start),
            end=max(region.end, other.end),
            text=joined_text([region, other]),
            speaker=region.speaker or other.speaker,
        )
        outcome = self._put(made, [region, other])
        if outcome.edited:
            self._cursor.focus = region.id
        return outcome

    def delete(self) -> Outcome:
        """Drop what is marked or selected, else delete the region."""
        cursor = self._cursor
        if cursor.stretch is not None:
            cursor.drop_stretch()
            return NOTHING
        region = cursor.active
        if region is None:
            return Outcome(message="no region here")
        self._history.commit(self._set.regions.exchange([region], ()))
        self._placement.dismiss(region)
        cursor.focus = None
        if cursor.auto_advance:
            self._steps.advance(cursor.auto_advance, region)
        return Outcome(True)
