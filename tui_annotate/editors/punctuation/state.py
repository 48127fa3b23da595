"""Marks that change step by step: what was offered, what waits for a look, undo and drafts."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.editors.caret import Caret
from tui_annotate.inventory.marks import DEFAULT, MarkSet, Side, is_mark
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.capitals import CAPITAL
from tui_annotate.text.mark_slots import Slot
from tui_annotate.text.punctuated import SIDES, Place, PunctuatedText, Slots
from tui_annotate.text.tokens import Tokens

SURE = 0.9
"""A suggestion with this score need not be gone to; `tab` passes over it."""


class Change(NamedTuple):
    """What stood at a place, and what stands there now."""

    place: Place
    before: Slots
    after: Slots


class Step(NamedTuple):
    """An edit: where the cursor was, what changed, and whether the cursor was led there."""

    cursor: int
    changes: list[Change]
    capitals: list[tuple[int, bool | None, bool | None]]
    led: bool


class PunctuationState(PunctuatedText):
    """The marks between the words of a text, and how they came to stand there.

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
        marks: MarkSet = DEFAULT,
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
        self._looks: dict[int, Suggestion] = {}
        self._looked: set[int] = set()
        self._unsure: list[int] | None = None
        self._pending: list[Place] = []
        self._past: list[Step] = []
        self._future: list[Step] = []
        self._touched = False
        self._still = True
        # Whether the cursor was led to a place to look at, so that a mark leads on.
        self._led = False
        self.last_label: str | None = None
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

    @property
    def pending_left(self) -> int:
        """How many suggestions are still to be looked at."""
        return len(self.unsure)

    @property
    def pending_places(self) -> Sequence[Place]:
        """Where suggestions stand that nobody has looked at, from left to right."""
        return self._pending

    @property
    def unsure(self) -> Sequence[int]:
        """The words behind which it is worth to look, from left to right."""
        if self._unsure is None:
            known = {place[0] for place in self._pending} | self._looks.keys()
            self._unsure = sorted(filter(self._is_unsure, known))
        return self._unsure

    def _is_unsure(self, word: int) -> bool:
        return self.look(word) is not None or any(
            slot.suggested and (slot.score or 0.0) < SURE
            for side in SIDES
            if (word, side) not in self._seen
            for slot in self._slots.get((word, side), ())
        )

    def _weigh(self, word: int) -> None:
        """Find out again whether a word is unsure."""
        if self._unsure is None:
            return
        at = bisect_left(self._unsure, word)
        listed = at < len(self._unsure) and self._unsure[at] == word
        if self._is_unsure(word) != listed:
            if listed:
                del self._unsure[at]
            else:
                self._unsure.insert(at, word)

    def look(self, word: int) -> Suggestion | None:
        """What may be missing behind a word that nobody has looked at and no mark follows."""
        if word in self._looked or self.visible(word, "after"):
            return None
        return self._looks.get(word)

    def look_at(self, word: int) -> bool:
        """Take what is suggested at a word for looked at; whether anything was."""
        passed = [place for place in self._pending if place[0] == word]
        for place in passed:
            self._seen.add(place)
            self._pending.remove(place)
            self._dirty.add(word)
        waiting = self.look(word) is not None
        self._looked.add(word)
        self._weigh(word)
        return waiting or bool(passed)

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
            "looks": [[s.start, s.end, s.label, s.source, s.score] for s in self._looks.values()],
            "looked": sorted(self._looked),
            "large": [[number, source] for number, source in self._large.items()],
            "cursor": caret.offset,
            "anchor": caret.anchor,
            "held": caret.held,
            "adding": self.adding,
            "led": self._led,
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
                raise ValueError("the saved draft has marks at missing words")
            changed[int(word), side] = tuple(Slot(*row) for row in rows)
        capitals = {int(number): flag for number, flag in state["capitals"]}
        if any(not 0 <= number < len(self.words) for number in capitals):
            raise ValueError("the saved draft has capitals of missing words")
        self._slots = dict(self._first)
        for place, slots in changed.items():
            self._put(place, slots)
        self._hand = dict(self._first_hand)
        for number, flag in capitals.items():
            self._set_hand(number, flag)
        self._seen = {(int(word), side) for word, side in state["seen"]}
        self._offered = [Suggestion(*row) for row in state["offered"]]
        self._looks = {
            self.gaps.at(start): Suggestion(start, end, label, source, score, look=True)
            for start, end, label, source, score in state.get("looks") or ()
        }
        self._looked = set(state.get("looked") or ())
        self._large = {int(number): source for number, source in state.get("large") or ()}
        self._counts = self._count()
        self._pending = sorted(place for place in self._slots if self.pending(*place))
        self._unsure = None
        self._touched = bool(state["touched"])
        self._led = bool(state.get("led"))
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
        changes: dict[Place, Change] = {}
        for item in suggestions:
            if item.label == CAPITAL:
                self._suggest_capital(item)
            if not self.words or item.label not in self.marks:
                continue
            side = self.marks[item.label].side
            number = self.gaps.at(max(item.end - 1, 0) if side == "after" else item.start)
            place: Place = (number, side)
            if place in changes or any(s.mark or s.hand for s in self._slots.get(place, ())):
                continue
            if item.look:
                self._looks.setdefault(number, item)
                continue
            start, end = self.target(number)
            self._offered.append(Suggestion(start, end, item.label, item.source, item.score))
            made = self._with(place, item.label, source=item.source, score=item.score)
            changes[place] = Change(place, self._slots.get(place, ()), made)
        self._unsure = None
        found = list(changes.values())
        if not found:
            return NOTHING
        if self._touched:
            self._commit(found)
        else:
            self._apply(found, True)
        waiting = self.unsure
        if not self._touched and self._still and waiting and self.here == 0:
            self.caret.move_to(self.words[waiting[0]].start)
        return (
            Outcome(True, f"{len(found)} new suggestion{'s' * (len(found) != 1)}")
            if self._touched
            else NOTHING
        )

    def _suggest_capital(self, item: Suggestion) -> None:
        """Write a word large that was small, as long as nobody has begun to edit."""
        number = self.gaps.at(item.start)
        if self._touched or not self._capitals or self.came_capital(number):
            return
        if number not in self._hand:
            self._large[number] = item.source
            self._offered.append(item)
            self._dirty.add(number)

    def withdraw(self, source: str) -> Outcome:
        """Take out the marks of a source that nobody has changed."""
        changes = []
        for place, slots in self._slots.items():
            if any(slot.suggested and slot.source == source for slot in slots):
                kept = [
                    slot.taken() if slot.suggested and slot.source == source else slot
                    for slot in slots
                ]
                changes.append(Change(place, slots, tuple(s for s in kept if s.stays)))
        self._unsure = None
        self._looks = {n: one for n, one in self._looks.items() if one.source != source}
        words = [number for number, named in self._large.items() if named == source]
        for number in words:
            del self._large[number]
        self._dirty.update(words)
        if not changes:
            return NOTHING
        self._commit(changes)
        return Outcome(True, f"removed {len(changes)} mark{'s' * (len(changes) != 1)} by {source}")

    # ── edits ──────────────────────────────────────────────────────────────

    def _commit(
        self,
        changes: list[Change],
        capitals: Sequence[tuple[int, bool | None, bool | None]] = (),
    ) -> None:
        self._past.append(Step(self.caret.offset, changes, list(capitals), self._led))
        self._future.clear()
        self._touched = True
        self._apply(changes, True)
        for number, _, after in capitals:
            self._set_hand(number, after)

    def _apply(self, changes: Sequence[Change], forth: bool) -> None:
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
        self._weigh(number)
        self._dirty.add(number)
        if place[1] == "after" and number + 1 < len(self.words):
            # Its capital may follow.
            self._dirty.add(number + 1)

    def _travel(self, out: list[Step], into: list[Step], refusal: str) -> Outcome:
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
        self._led = step.led
        return Outcome(True)


def _names(slot: Slot) -> list[str]:
    if slot.mark is None:
        return []
    return [slot.mark] if slot.label is None else [slot.mark, slot.label]
