"""Putting, changing and taking marks and capitals."""

from __future__ import annotations

from tui_annotate.editors.base import Outcome
from tui_annotate.editors.punctuation.state import Capital, Change, PunctuationState
from tui_annotate.editors.punctuation.steps import PunctuationSteps
from tui_annotate.inventory.marks import Side
from tui_annotate.text.mark_slots import Place, confirmed, remaining, without

_INWARD: tuple[Side, Side] = ("after", "before")


class PunctuationEdits:
    """Changes the marks at the cursor.

    Args:
        state: The marks, and the cursor.
        steps: Leads on to what wants a look next.
        classes: The classes that a mark may have; a live list.
    """

    def __init__(
        self, state: PunctuationState, steps: PunctuationSteps, classes: list[str]
    ) -> None:
        self._state = state
        self._steps = steps
        self._classes = classes

    def label(self, label: str | None) -> Outcome:
        """Put a mark at the cursor's word, confirm it or take it off; or give it a class."""
        state, content = self._state, self._state.content
        if label is None:
            return Outcome(message="no mark has this key")
        if not content.words:
            return Outcome(message="no word here to put a mark after")
        if label in self._classes:
            return self._classify(label)
        if label not in content.marks:
            return Outcome(message=f"{label} is neither a mark nor a class")
        adding, state.adding = state.adding, False
        state.last_label = label
        pairs = content.marks[label].pairs
        selection = state.caret.selection
        if selection is not None and pairs:
            return self._enclose(label, selection)
        state.caret.drop()
        place = content.place_of(state.here, label)
        slots = content.slots(*place)
        taken = None
        made = None if adding else confirmed(slots, label)
        if made is None and not adding:
            made = taken = without(slots, label)
        if made is None:
            made = content.with_mark(place, label, beside=adding)
        state.commit([Change(place, slots, made)])
        if taken is None and not adding and not pairs and not self._classes:
            self._steps.lead_on()
        return Outcome(True)

    def _enclose(self, label: str, selection: tuple[int, int]) -> Outcome:
        """Put a pair of marks around the selection."""
        state, content = self._state, self._state.content
        first = content.gaps.at(selection[0])
        last = content.gaps.at(max(selection[1] - 1, 0))
        opening, closing = content.marks.pair(label)
        changes = []
        ends: list[tuple[Place, str]] = [((first, "before"), opening), ((last, "after"), closing)]
        for place, text in ends:
            slots = content.slots(*place)
            if not any(slot.mark == text for slot in slots):
                changes.append(Change(place, slots, content.with_mark(place, text)))
        state.caret.drop()
        state.go_to(last)
        if not changes:
            return Outcome(message="it has these brackets or quotes already")
        state.commit(changes)
        return Outcome(True)

    def _active(self) -> tuple[Place, int] | None:
        """The mark at the cursor that commands are about: its place, and which it is there."""
        state, content = self._state, self._state.content
        if not content.words:
            return None
        here = state.here
        for side in _INWARD:
            slots = content.slots(here, side)
            alone = len(content.visible(here, side)) == 1
            for index in range(len(slots) - 1, -1, -1):
                mark = slots[index].mark
                if mark is not None and (alone or not content.marks[mark].pairs):
                    return (here, side), index
        return None

    def _classify(self, label: str) -> Outcome:
        found = self._active()
        if found is None:
            return Outcome(message="no mark here to give a class")
        place, index = found
        slots = self._state.content.slots(*place)
        now = None if slots[index].label == label else label
        new = slots[index]._replace(label=now)
        self._state.attention.seen.add(place)
        self._state.commit([Change(place, slots, (*slots[:index], new, *slots[index + 1 :]))])
        return Outcome(True)

    def delete(self) -> Outcome:
        """Take off the marks at the cursor's word; of a selection, those of all its words."""
        state, content = self._state, self._state.content
        selection = state.caret.selection
        start, end = selection or state.caret.unit()
        first, last = content.gaps.at(start), content.gaps.at(max(end - 1, 0))
        changes = []
        for word in range(first, last + 1):
            for side in _INWARD:
                slots = content.slots(word, side)
                if any(slot.mark is not None for slot in slots):
                    left = remaining(tuple(slot.taken() for slot in slots))
                    changes.append(Change((word, side), slots, left))
                    if selection is None:
                        break
        if not changes:
            return Outcome(message="no mark here")
        state.commit(changes)
        state.caret.drop()
        return Outcome(True)

    def move(self, by: int) -> Outcome:
        """Move the mark at the cursor, and the cursor, to the next word or the one before."""
        state, content = self._state, self._state.content
        found = self._active()
        if found is None:
            return Outcome(message="no mark here to move")
        place, index = found
        target = place[0] + by
        if not 0 <= target < len(content.words):
            return Outcome(message="no word there to move it to")
        slots = content.slots(*place)
        moved = slots[index]
        assert moved.mark is not None
        there: Place = (target, place[1])
        before = content.slots(*there)
        if any(one.mark is not None and not content.marks[one.mark].pairs for one in before):
            return Outcome(message="there is already a mark")
        left = remaining((*slots[:index], moved.taken(), *slots[index + 1 :]))
        made = tuple(
            slot._replace(label=moved.label) if slot.mark == moved.mark else slot
            for slot in content.with_mark(there, moved.mark)
        )
        state.commit([Change(place, slots, left), Change(there, before, made)])
        state.caret.drop()
        state.go_to(target)
        return Outcome(True)

    def toggle_capital(self) -> Outcome:
        """Write the cursor's word with a capital, or without."""
        state, content = self._state, self._state.content
        if not content.words:
            return Outcome(message="no word here")
        here = state.here
        if not content.has_case(here):
            return Outcome(message="this word has no capital")
        now = not content.capital(here)
        before = content.manual_capitals.get(here)
        after = None if content.automatic_capital(here) == now else now
        state.caret.drop()
        state.commit([], [Capital(here, before, after)])
        return Outcome(True)
