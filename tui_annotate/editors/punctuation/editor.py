"""The editor of punctuation: which marks stand where, and what is written large."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.punctuation.state import Change, PunctuationState
from tui_annotate.editors.search import Search
from tui_annotate.inventory.marks import Side
from tui_annotate.text.capitals import with_capital
from tui_annotate.text.punctuated import Place


class PunctEditor(PunctuationState):
    """Puts marks between the words of a text.

    A mark belongs to a word and stands after or before it. Capitals follow
    after a stop, unless they were set by hand. Where `next_span` led to a place
    that is worth a look, a mark put there leads on to the next one; one that
    stands beside others or may want a class does not. It is made as `PunctuationState` is.
    """

    @cached_property
    def _search(self) -> Search:
        return Search(self.text, self.caret)

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        self._still = False
        if command in ("left_sentence", "right_sentence"):
            return self.sentence(1 if command == "right_sentence" else -1)
        if self.caret.do(command):
            self._led = self._led and command in ("select", "extend_left", "extend_right")
            return NOTHING
        found = self._search.do(command, argument)
        if found is not None:
            self._led = False
            return found
        match command:
            case "label":
                return self.label(argument)
            case "label_by_name" if argument is not None:
                return self.label(argument)
            case "repeat":
                return self.label(self.last_label) if self.last_label else _nothing("no mark yet")
            case "capital":
                return self.toggle_capital()
            case "delete":
                return self.delete()
            case "add_mark":
                self.adding = not self.adding
                return NOTHING
            case "move_left" | "move_right":
                return self.move_mark(1 if command == "move_right" else -1)
            case "next_span":
                return self.next_mark()
            case "previous_span":
                return self.previous_mark()
            case "undo":
                return self._travel(self._past, self._future, "nothing to undo")
            case "redo":
                return self._travel(self._future, self._past, "nothing to redo")
            case "characters":
                return Outcome(message="marks belong to whole words")
            case "escape":
                self.adding = False
                self.caret.drop()
                return NOTHING
        return None

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Put the cursor on the word over an offset, or select up to it."""
        self._still = False
        self._led = self._led and extend
        self.caret.move_to(offset, extend=extend)

    def sentence(self, by: int) -> Outcome:
        """Go to the next sentence, or the start of this one, as the marks are now."""
        self._led = False
        here = self.here
        candidates = range(here + 1, len(self.words)) if by > 0 else range(here - 1, -1, -1)
        for number in candidates:
            if number == 0 or self._begins(number, True):
                self.caret.move_to(self.words[number].start)
                return NOTHING
        if self.words and by > 0:
            self.caret.move_to(self.words[-1].start)
        return NOTHING

    def label(self, label: str | None) -> Outcome:
        """Put a mark at the cursor's word, confirm it or take it off; or give it a class."""
        if label is None:
            return Outcome(message="no mark has this key")
        if not self.words:
            return Outcome(message="no word here to put a mark after")
        if label in self.classes:
            return self._classify(label)
        if label not in self.marks:
            return Outcome(message=f"{label} is neither a mark nor a class")
        adding, self.adding = self.adding, False
        self.last_label = label
        selection = self.caret.selection
        if selection is not None and self.marks[label].pairs:
            return self._enclose(label, selection)
        self.caret.drop()
        here = self.here
        place = self._place_of(here, label)
        slots = self._slots.get(place, ())
        made = None if adding else self._confirmed(slots, label)
        fresh = made is not None
        if made is None and not adding:
            made = self._without(slots, label)
        fresh = fresh or made is None
        if made is None:
            made = self._with(place, label, hand=True, adding=adding)
        self._commit([Change(place, slots, made)])
        if fresh and not adding and not self.marks[label].pairs:
            self._lead_on()
        return Outcome(True)

    def _lead_on(self) -> None:
        """Where the cursor was led to the mark, go on to the next place to look at."""
        if not self._led or self.classes:
            return
        self.look_at(self.here)
        following = self._next_to_look_at()
        self._led = following is not None
        if following is not None:
            self.caret.move_to(self.words[following].start)

    def _enclose(self, label: str, selection: tuple[int, int]) -> Outcome:
        """Put a pair of marks around the selection."""
        first = self.gaps.at(selection[0])
        last = self.gaps.at(max(selection[1] - 1, 0))
        opening, closing = self.marks.pair(label)
        changes = []
        ends: list[tuple[Place, str]] = [((first, "before"), opening), ((last, "after"), closing)]
        for place, text in ends:
            slots = self._slots.get(place, ())
            if not any(slot.mark == text for slot in slots):
                changes.append(Change(place, slots, self._with(place, text, hand=True)))
        self.caret.drop()
        self.caret.move_to(self.words[last].start)
        if not changes:
            return Outcome(message="it has these brackets or quotes already")
        self._commit(changes)
        return Outcome(True)

    def active(self) -> tuple[Place, int] | None:
        """The mark at the cursor that commands are about: its place, and which it is there."""
        if not self.words:
            return None
        sides: tuple[Side, Side] = ("after", "before")
        for side in sides:
            slots = self.slots(self.here, side)
            for index in range(len(slots) - 1, -1, -1):
                slot = slots[index]
                if slot.mark is not None and (
                    not self.marks[slot.mark].pairs or len(self.visible(self.here, side)) == 1
                ):
                    return (self.here, side), index
        return None

    def _classify(self, label: str) -> Outcome:
        found = self.active()
        if found is None:
            return Outcome(message="no mark here to give a class")
        place, index = found
        slots = self._slots[place]
        now = None if slots[index].label == label else label
        new = slots[index]._replace(label=now)
        self._seen.add(place)
        self._commit([Change(place, slots, (*slots[:index], new, *slots[index + 1 :]))])
        return Outcome(True)

    def delete(self) -> Outcome:
        """Take off the marks at the cursor's word; of a selection, those of all its words."""
        selection = self.caret.selection or self.caret.unit()
        first, last = self.gaps.at(selection[0]), self.gaps.at(max(selection[1] - 1, 0))
        changes = []
        sides: tuple[Side, Side] = ("after", "before")
        several = self.caret.selection is not None
        for number in range(first, last + 1):
            for side in sides:
                place: Place = (number, side)
                slots = self._slots.get(place, ())
                if any(slot.mark is not None for slot in slots):
                    taken = tuple(slot.taken() for slot in slots)
                    changes.append(Change(place, slots, tuple(s for s in taken if s.stays)))
                    if not several:
                        break
        if not changes:
            return Outcome(message="no mark here")
        self._commit(changes)
        self.caret.drop()
        return Outcome(True)

    def move_mark(self, by: int) -> Outcome:
        """Move the mark at the cursor, and the cursor, to the next word or the one before."""
        found = self.active()
        if found is None:
            return Outcome(message="no mark here to move")
        place, index = found
        target = place[0] + by
        if not 0 <= target < len(self.words):
            return Outcome(message="no word there to move it to")
        slots = self._slots[place]
        moved = slots[index]
        assert moved.mark is not None
        there: Place = (target, place[1])
        if any(s.mark is not None and not self.marks[s.mark].pairs for s in self.slots(*there)):
            return Outcome(message="there is already a mark")
        left = (*slots[:index], moved.taken(), *slots[index + 1 :])
        made = self._with(there, moved.mark, hand=True)
        made = tuple(
            slot._replace(label=moved.label) if slot.mark == moved.mark else slot for slot in made
        )
        self._commit(
            [
                Change(place, slots, tuple(slot for slot in left if slot.stays)),
                Change(there, self._slots.get(there, ()), made),
            ]
        )
        self.caret.drop()
        self.caret.move_to(self.words[target].start)
        return Outcome(True)

    def toggle_capital(self) -> Outcome:
        """Write the cursor's word with a capital, or without."""
        if not self.words:
            return Outcome(message="no word here")
        here = self.here
        word = self.words[here]
        text = self.text[word.start : word.end]
        now = not self.capital(here)
        language = self.marks.language
        if with_capital(text, now, language) == with_capital(text, not now, language):
            return Outcome(message="this word has no capital")
        before = self._hand.get(here)
        after = None if self._automatic(here) == now else now
        self.caret.drop()
        self._commit([], [(here, before, after)])
        return Outcome(True)

    def next_mark(self) -> Outcome:
        """Go to the next place that is unsure, else suggestion, else mark.

        What one leaves counts as looked at.
        """
        here = self.here
        self.caret.drop()
        passed = self.look_at(here)
        following = self._next_to_look_at()
        self._led = following is not None
        if following is not None:
            self.caret.move_to(self.words[following].start)
            return NOTHING
        if self.pending_left:
            return Outcome(message=f"nothing left to check after this; {self.pending_left} before")
        if passed:
            return Outcome(message="that was the last suggestion")
        return self._step_to_mark(range(here + 1, len(self.words)), "no more marks")

    def _next_to_look_at(self) -> int | None:
        """The next word where it is worth to look, else with a suggestion that is sure."""
        for places in (self.unsure, [number for number, _ in self.pending_places]):
            at = bisect_right(places, self.here)
            if at < len(places):
                return places[at]
        return None

    def previous_mark(self) -> Outcome:
        """Go back to the mark before."""
        self._led = False
        self.caret.drop()
        return self._step_to_mark(range(self.here - 1, -1, -1), "no mark before this")

    def _step_to_mark(self, numbers: Iterable[int], refusal: str) -> Outcome:
        for number in numbers:
            if self.visible(number, "after") or self.visible(number, "before"):
                self.caret.move_to(self.words[number].start)
                return NOTHING
        return Outcome(message=refusal)


def _nothing(message: str) -> Outcome:
    return Outcome(message=message)
