"""The editor of punctuation: which marks stand where, and what is written large."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tui_annotate.editors.caret import Caret
from tui_annotate.editors.editor import NOTHING, Outcome
from tui_annotate.editors.punctuated import Place, Punctuated, Slots
from tui_annotate.editors.search import Search
from tui_annotate.editors.slots import Slot
from tui_annotate.marks import DEFAULT, Inventory, Side, is_mark
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.capitals import with_capital
from tui_annotate.text.tokens import Tokens


class _Change(NamedTuple):
    place: Place
    before: Slots
    after: Slots


class _Step(NamedTuple):
    """An edit: where the cursor was, what changed of the marks and of the capitals."""

    cursor: int
    changes: list[_Change]
    capitals: list[tuple[int, bool | None, bool | None]]


class PunctEditor(Punctuated):
    """Puts marks between the words of a text.

    A mark belongs to a word and stands after or before it. Capitals follow
    after a stop, unless they were set by hand.

    Args:
        text: The text.
        tokens: Its tokens; they never change while the editor lives.
        marks: The marks on offer.
        classes: The classes that a mark may have.
        strip: Hide the marks that the text has.
        capitals: Whether capitals follow the stops.
        given: Entries of ``marks`` that the task came with, or was decided with.
        changed: The ids of the tokens whose capital was changed, with those.
        offered: What was offered when the task was decided before.
        hints: Offer the marks that the text has as suggestions, where they are hidden.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        marks: Inventory = DEFAULT,
        classes: Iterable[str] = (),
        *,
        strip: bool = False,
        capitals: bool = True,
        given: Iterable[Mapping[str, Any]] | None = None,
        changed: Iterable[int] = (),
        offered: Sequence[Suggestion] | None = None,
        hints: bool = False,
    ) -> None:
        super().__init__(
            text, tokens, marks, strip=strip, capitals=capitals, given=given, changed=changed
        )
        self.classes = list(classes)
        self.caret = Caret(text, self.gaps.stops)
        self.adding = False
        self._offered: list[Suggestion] = list(offered or ())
        self._dirty: set[int] = set()
        self._first = dict(self._slots)
        self._first_hand = dict(self._hand)
        self._seen: set[Place] = set()
        self._pending: list[Place] = []
        self._past: list[_Step] = []
        self._future: list[_Step] = []
        self._touched = False
        self._still = True
        self.last_label: str | None = None
        self._search = Search(text, self.caret)
        self._counts = self._count()
        if hints and strip and offered is None:
            self.suggest(self._hidden())
        self._dirty.clear()

    # ── what the session and the view ask ──────────────────────────────────

    @property
    def edited(self) -> bool:
        """Whether the annotator has changed anything."""
        return self._touched

    @property
    def offered(self) -> Sequence[Suggestion]:
        """Every mark that has been offered, as it was offered."""
        return self._offered

    @property
    def here(self) -> int:
        """The word under the cursor."""
        return self.gaps.at(self.caret.offset)

    def take_dirty(self) -> list[int]:
        """The words at which something has changed since this was last asked."""
        dirty, self._dirty = self._dirty, set()
        return sorted(dirty)

    def pending(self, word: int, side: Side) -> bool:
        """Whether a suggestion stands there that nobody has looked at."""
        place = (word, side)
        return place not in self._seen and any(s.suggested for s in self._slots.get(place, ()))

    def counts(self) -> Mapping[str, int]:
        """How often each mark and each class stands in the task."""
        return {label: count for label, count in self._counts.items() if count}

    def _count(self) -> Counter[str]:
        return Counter(
            name
            for slots in self._slots.values()
            for slot in slots
            if slot.mark is not None
            for name in (slot.mark, slot.label)
            if name is not None
        )

    def add_label(self, label: str) -> None:
        """Add a mark, or a class, to those on offer."""
        if is_mark(label):
            self.marks = self.marks.with_marks([label])
        elif label not in self.classes:
            self.classes.append(label)

    def fields(self) -> dict[str, Any]:
        """The marks, the capitals, the text with them, and a span for each token with a mark."""
        return self.written()

    def state(self) -> dict[str, Any]:
        """Marks, capitals, cursor and selection as plain JSON values."""
        caret = self.caret
        places = self._slots.keys() | self._first.keys()
        return {
            "slots": [
                [word, side, [list(slot) for slot in self._slots.get((word, side), ())]]
                for word, side in sorted(places)
                if self._slots.get((word, side)) != self._first.get((word, side))
            ],
            "capitals": sorted(
                [number, self._hand.get(number)]
                for number in self._hand.keys() | self._first_hand.keys()
                if self._hand.get(number) != self._first_hand.get(number)
            ),
            "seen": sorted(list(place) for place in self._seen),
            "cursor": caret.offset,
            "anchor": caret.anchor,
            "held": caret.held,
            "adding": self.adding,
            "last_label": self.last_label,
            "touched": self._touched,
            "offered": [[s.start, s.end, s.label, s.source, s.score] for s in self._offered],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a draft again.

        Raises:
            ValueError: The draft does not fit the text.
        """
        changed: dict[Place, Slots] = {}
        for word, side, rows in state["slots"]:
            if side not in ("after", "before") or not 0 <= int(word) < len(self.words):
                raise ValueError("the draft has marks at words that are not there")
            changed[int(word), side] = tuple(Slot(*row) for row in rows)
        capitals = {int(number): flag for number, flag in state["capitals"]}
        if any(not 0 <= number < len(self.words) for number in capitals):
            raise ValueError("the draft has capitals of words that are not there")
        self._slots = dict(self._first)
        for place, slots in changed.items():
            self._put(place, slots)
        self._hand = dict(self._first_hand)
        for number, flag in capitals.items():
            self._set_hand(number, flag)
        self._seen = {(int(word), side) for word, side in state["seen"]}
        self._offered = [Suggestion(*row) for row in state["offered"]]
        self._counts = self._count()
        self._pending = sorted(place for place in self._slots if self.pending(*place))
        self._touched = bool(state["touched"])
        self._still = False
        self.adding = bool(state["adding"])
        self.last_label = state["last_label"]
        self.caret.move_to(int(state["cursor"]))
        self.caret.anchor = state["anchor"]
        self.caret.held = bool(state["held"])
        self._dirty.update(range(len(self.words)))

    # ── suggestions ────────────────────────────────────────────────────────

    def _hidden(self) -> list[Suggestion]:
        return [
            Suggestion(*self.target(number), one.mark, "text")
            for number, found in enumerate(self.gaps.after)
            for one in found
        ]

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take suggestions in, where no mark stands and none was put or taken away.

        Before the first edit they are part of the task as it is shown; after
        it they come as one undoable step.
        """
        changes: dict[Place, _Change] = {}
        for item in suggestions:
            if not self.words or item.label not in self.marks:
                continue
            side = self.marks[item.label].side
            number = self.gaps.at(max(item.end - 1, 0) if side == "after" else item.start)
            place: Place = (number, side)
            if place in changes or any(s.mark or s.hand for s in self._slots.get(place, ())):
                continue
            start, end = self.target(number)
            self._offered.append(Suggestion(start, end, item.label, item.source, item.score))
            made = self._with(place, item.label, source=item.source, score=item.score)
            changes[place] = _Change(place, self._slots.get(place, ()), made)
        found = list(changes.values())
        if not found:
            return NOTHING
        if self._touched:
            self._commit(found)
        else:
            self._apply(found, True)
        if not self._touched and self._still and self._pending and self.here == 0:
            self.caret.move_to(self.words[self._pending[0][0]].start)
        return Outcome(True, f"{len(found)} marks came in") if self._touched else NOTHING

    def withdraw(self, source: str) -> Outcome:
        """Take out the marks of a source that nobody has changed."""
        changes = []
        for place, slots in self._slots.items():
            if any(slot.suggested and slot.source == source for slot in slots):
                kept = [
                    slot.taken() if slot.suggested and slot.source == source else slot
                    for slot in slots
                ]
                changes.append(_Change(place, slots, tuple(s for s in kept if s.stays)))
        if not changes:
            return NOTHING
        self._commit(changes)
        return Outcome(True, f"{len(changes)} marks by {source} taken out")

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        self._still = False
        if command in ("left_sentence", "right_sentence"):
            return self.sentence(1 if command == "right_sentence" else -1)
        if self.caret.do(command):
            return NOTHING
        found = self._search.do(command, argument)
        if found is not None:
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
            case "escape":
                self.adding = False
                self.caret.drop()
                return NOTHING
        return None

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Put the cursor on the word over an offset, or select up to it."""
        self._still = False
        self.caret.move_to(offset, extend=extend)

    def sentence(self, by: int) -> Outcome:
        """Go to the next sentence, or the start of this one, as the marks are now."""
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
        """Put a mark at the cursor's word, or take it off; or give the mark there a class."""
        if label is None:
            return Outcome(message="no mark has this key")
        if not self.words:
            return Outcome(message="there is no word to put a mark after")
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
        made = self._without(slots, label)
        if made is None:
            made = self._with(place, label, hand=True, adding=adding)
        self._commit([_Change(place, slots, made)])
        return Outcome(True)

    def _enclose(self, label: str, selection: tuple[int, int]) -> Outcome:
        """Put a pair of marks around the selection."""
        first = self.gaps.at(selection[0])
        last = self.gaps.at(max(selection[1] - 1, 0))
        opening, closing = _pair(label, self.marks)
        changes = []
        ends: list[tuple[Place, str]] = [((first, "before"), opening), ((last, "after"), closing)]
        for place, text in ends:
            slots = self._slots.get(place, ())
            if not any(slot.mark == text for slot in slots):
                changes.append(_Change(place, slots, self._with(place, text, hand=True)))
        self.caret.drop()
        self.caret.move_to(self.words[last].start)
        if not changes:
            return Outcome(message="they stand around it already")
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
            return Outcome(message="there is no mark here to give a class")
        place, index = found
        slots = self._slots[place]
        now = None if slots[index].label == label else label
        new = slots[index]._replace(label=now)
        self._seen.add(place)
        self._commit([_Change(place, slots, (*slots[:index], new, *slots[index + 1 :]))])
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
                    changes.append(_Change(place, slots, tuple(s for s in taken if s.stays)))
                    if not several:
                        break
        if not changes:
            return Outcome(message="there is no mark here")
        self._commit(changes)
        self.caret.drop()
        return Outcome(True)

    def move_mark(self, by: int) -> Outcome:
        """Move the mark at the cursor, and the cursor, to the next word or the one before."""
        found = self.active()
        if found is None:
            return Outcome(message="there is no mark here to move")
        place, index = found
        target = place[0] + by
        if not 0 <= target < len(self.words):
            return Outcome(message="there is no word further on")
        slots = self._slots[place]
        moved = slots[index]
        assert moved.mark is not None
        there: Place = (target, place[1])
        if any(s.mark is not None and not self.marks[s.mark].pairs for s in self.slots(*there)):
            return Outcome(message="there stands a mark already")
        left = (*slots[:index], moved.taken(), *slots[index + 1 :])
        made = self._with(there, moved.mark, hand=True)
        made = tuple(
            slot._replace(label=moved.label) if slot.mark == moved.mark else slot for slot in made
        )
        self._commit(
            [
                _Change(place, slots, tuple(slot for slot in left if slot.stays)),
                _Change(there, self._slots.get(there, ()), made),
            ]
        )
        self.caret.drop()
        self.caret.move_to(self.words[target].start)
        return Outcome(True)

    def toggle_capital(self) -> Outcome:
        """Write the cursor's word with a capital, or without."""
        if not self.words:
            return Outcome(message="there is no word here")
        here = self.here
        word = self.words[here]
        text = self.text[word.start : word.end]
        now = not self.capital(here)
        if with_capital(text, now) == with_capital(text, not now):
            return Outcome(message="this word has no capital")
        before = self._hand.get(here)
        after = None if self._automatic(here) == now else now
        self.caret.drop()
        self._commit([], [(here, before, after)])
        return Outcome(True)

    def next_mark(self) -> Outcome:
        """Go to the next suggestion, else to the next mark; the one left counts as looked at."""
        here = self.here
        self.caret.drop()
        passed = [place for place in self._pending if place[0] == here]
        for place in passed:
            self._seen.add(place)
            self._pending.remove(place)
            self._dirty.add(place[0])
        place_at = bisect_right(self._pending, here, key=lambda place: place[0])
        if place_at < len(self._pending):
            self.caret.move_to(self.words[self._pending[place_at][0]].start)
            return NOTHING
        if self._pending:
            return Outcome(message=f"no suggestion further on; {len(self._pending)} before this")
        if passed:
            return Outcome(message="that was the last suggestion")
        return self._step_to_mark(range(here + 1, len(self.words)), "no mark further on")

    def previous_mark(self) -> Outcome:
        """Go back to the mark before."""
        self.caret.drop()
        return self._step_to_mark(range(self.here - 1, -1, -1), "no mark before this")

    def _step_to_mark(self, numbers: Iterable[int], refusal: str) -> Outcome:
        for number in numbers:
            if self.visible(number, "after") or self.visible(number, "before"):
                self.caret.move_to(self.words[number].start)
                return NOTHING
        return Outcome(message=refusal)

    @property
    def pending_left(self) -> int:
        """How many suggestions are still to be looked at."""
        return len(self._pending)

    # ── edits ──────────────────────────────────────────────────────────────

    def _commit(
        self,
        changes: list[_Change],
        capitals: Sequence[tuple[int, bool | None, bool | None]] = (),
    ) -> None:
        self._past.append(_Step(self.caret.offset, changes, list(capitals)))
        self._future.clear()
        self._touched = True
        self._apply(changes, True)
        for number, _, after in capitals:
            self._set_hand(number, after)

    def _apply(self, changes: Sequence[_Change], forth: bool) -> None:
        for change in changes:
            self._put(change.place, change.after if forth else change.before)

    def _set_hand(self, number: int, flag: bool | None) -> None:
        if flag is None:
            self._hand.pop(number, None)
        else:
            self._hand[number] = flag
        self._dirty.add(number)

    def _put(self, place: Place, slots: Slots) -> None:
        for slot in self._slots.get(place, ()):
            self._counts.subtract(_names(slot))
        for slot in slots:
            self._counts.update(_names(slot))
        if slots:
            self._slots[place] = slots
        else:
            self._slots.pop(place, None)
        at = bisect_left(self._pending, place)
        listed = at < len(self._pending) and self._pending[at] == place
        if self.pending(*place) != listed:
            if listed:
                del self._pending[at]
            else:
                self._pending.insert(at, place)
        number = place[0]
        self._dirty.add(number)
        if place[1] == "after" and number + 1 < len(self.words):
            # Its capital may follow.
            self._dirty.add(number + 1)

    def _travel(self, out: list[_Step], into: list[_Step], refusal: str) -> Outcome:
        if not out:
            return Outcome(message=refusal)
        step = out.pop()
        into.append(step)
        forth = out is self._future
        self._apply(step.changes, forth)
        for number, before, after in step.capitals:
            self._set_hand(number, after if forth else before)
        self.caret.drop()
        self.caret.move_to(step.cursor)
        return Outcome(True)


def _names(slot: Slot) -> list[str]:
    if slot.mark is None:
        return []
    return [slot.mark] if slot.label is None else [slot.mark, slot.label]


def _nothing(message: str) -> Outcome:
    return Outcome(message=message)


_PAIRS = {
    "(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "“": "”", "‘": "’", "¿": "?", "¡": "!",
    "「": "」", "『": "』", "（": "）", "《": "》", "【": "】",
}  # fmt: skip
_OPENED = {closing: opening for opening, closing in _PAIRS.items()}


def _pair(label: str, marks: Inventory) -> tuple[str, str]:
    """The two marks of a pair, of which one is known."""
    if marks[label].kind == "open":
        closing = _PAIRS.get(label)
        if label == "„":
            closing = "“" if "”" not in marks else "”"
        return label, closing or label
    opening = _OPENED.get(label)
    return opening or label, label
