"""The editor of punctuation: which marks stand where, and what is written large."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tui_annotate.editors.caret import Caret
from tui_annotate.editors.editor import NOTHING, Outcome
from tui_annotate.editors.search import Search
from tui_annotate.editors.slots import Part, Slot, applied, read_entry, write_entry
from tui_annotate.marks import DEFAULT, Inventory, Side, is_mark
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.capitals import is_capital, with_capital
from tui_annotate.text.gaps import Gaps
from tui_annotate.text.tokens import Tokens

Place = tuple[int, Side]
Slots = tuple[Slot, ...]
SIDES: tuple[Side, Side] = ("before", "after")


class _Change(NamedTuple):
    place: Place
    before: Slots
    after: Slots


class _Step(NamedTuple):
    """An edit: where the cursor was, what changed of the marks and of the capitals."""

    cursor: int
    changes: list[_Change]
    capitals: list[tuple[int, bool | None, bool | None]]


class PunctEditor:
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
        self.text = text
        self.marks = marks
        self.classes = list(classes)
        self.strip = strip
        self.gaps = Gaps(text, tokens, marks)
        self.tokens = self.gaps.tokens
        self.words = self.gaps.words
        self.caret = Caret(text, self.gaps.stops)
        self.adding = False
        self._capitals = capitals
        self._slots: dict[Place, Slots] = {}
        self._hand: dict[int, bool] = {}
        self._came: dict[Place, Slots] = {}
        bare = not strip and not (any(self.gaps.after) or any(self.gaps.before))
        self._starts_bare = capitals and bare
        for number in range(len(self.words)):
            for side in SIDES:
                place: Place = (number, side)
                came = self.gaps.before if side == "before" else self.gaps.after
                if came[number]:
                    self._came[place] = tuple(
                        Slot(None if strip else one.mark, one.mark, one.offset, one.lead)
                        for one in came[number]
                    )
        self._slots.update(self._came)
        self._offered: list[Suggestion] = list(offered or ())
        self._dirty: set[int] = set()
        if given is not None:
            self._take_given(given, set(changed))
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

    def _ends(self, text: str | None) -> bool:
        return text is not None and self.marks[text].kind == "stop"

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

    def slots(self, word: int, side: Side) -> Slots:
        """The marks at a side of a word, those taken away among them."""
        return self._slots.get((word, side), ())

    def visible(self, word: int, side: Side) -> Slots:
        """The marks that stand at a side of a word."""
        return tuple(slot for slot in self.slots(word, side) if slot.mark is not None)

    def pending(self, word: int, side: Side) -> bool:
        """Whether a suggestion stands there that nobody has looked at."""
        place = (word, side)
        return place not in self._seen and any(s.suggested for s in self._slots.get(place, ()))

    def parts(self, gap: int) -> list[Part]:
        """What stands in a gap, from left to right."""
        return applied(self.gaps, self.marks, gap, self._both(gap))

    def _both(self, gap: int) -> tuple[Slots, Slots]:
        after = self.slots(gap - 1, "after") if gap else ()
        before = self.slots(gap, "before") if gap < len(self.words) else ()
        return after, before

    def word(self, number: int) -> str:
        """A word as it will read."""
        word = self.words[number]
        return with_capital(self.text[word.start : word.end], self.capital(number))

    def punctuated(self) -> str:
        """The text with all that applies."""
        pieces = []
        for number in range(len(self.words)):
            pieces += [part.text for part in self.parts(number)]
            pieces.append(self.word(number))
        pieces += [part.text for part in self.parts(len(self.words))]
        return "".join(pieces) if self.words else self.text

    def capital(self, number: int) -> bool:
        """Whether a word begins with a capital."""
        hand = self._hand.get(number)
        return self._automatic(number) if hand is None else hand

    def came_capital(self, number: int) -> bool:
        """Whether a word began with a capital when it came."""
        word = self.words[number]
        return is_capital(self.text[word.start : word.end])

    def _automatic(self, number: int) -> bool:
        came = self.came_capital(number)
        if not self._capitals:
            return came
        if self._starts_bare and self._always_capital(number):
            return True
        now = self._begins(number, True)
        was = self._begins(number, False)
        if now == was:
            return came
        if now:
            return True
        return came and self._keeps(number)

    def _always_capital(self, number: int) -> bool:
        """Whether a word is written large wherever it stands, as the English ``I`` is."""
        word = self.words[number]
        alone = self.text[word.start : word.end].replace("’", "'").partition("'")[0]
        return alone in self.marks.large

    def _begins(self, number: int, now: bool) -> bool:
        """Whether a sentence begins with a word: as things are, or as the text came."""
        word = number
        while word:
            if self.gaps.paragraph(word):
                break
            slots = self.slots(word - 1, "after")
            if any(self._ends(slot.mark if now else slot.was) for slot in slots):
                return True
            word -= 1
            # Signs that are not on offer stand between a stop and its sentence.
            start, end = self.words[word].start, self.words[word].end
            if any(c.isalnum() for c in self.text[start:end]):
                return False
        return now or not self._starts_bare

    def _keeps(self, number: int) -> bool:
        """Whether a word is written large for itself, not for the sentence it began."""
        start, end = self.words[number].start, self.words[number].end
        text = self.text[start:end]
        letters = [c for c in text if c.isalpha()]
        # An "I", an acronym, a "McKay".
        if len(letters) < 2 or any(c.isupper() for c in letters[1:]) or "'" in text[:2]:
            return True
        if self._names is None:
            self._names = {
                self.text[word.start : word.end]
                for place, word in enumerate(self.words)
                if not self._begins(place, False) and self.came_capital(place)
            }
        return text in self._names

    _names: set[str] | None = None

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
        entries = []
        spans = []
        for number in range(len(self.words)):
            for side in SIDES:
                slots = self.slots(number, side)
                entries += [write_entry(self, number, side, slot) for slot in slots]
            after = self.visible(number, "after")
            if after:
                spans.append(self._span(number, after))
        caps = [
            self.token_id(number, "before")
            for number in range(len(self.words))
            if self.capital(number) != self.came_capital(number)
        ]
        return {
            "tokens": self._tokens(),
            "spans": spans,
            "marks": entries,
            "caps": [one for one in caps if one is not None],
            "punctuated": self.punctuated(),
        }

    def _span(self, number: int, after: Slots) -> dict[str, Any]:
        start, end = self.target(number)
        span: dict[str, Any] = {"start": start, "end": end}
        token = self.token_id(number, "after")
        if token is not None:
            span["token_start"] = span["token_end"] = token
        span["label"] = "".join(slot.mark for slot in after if slot.mark is not None)
        if len(after) == 1 and after[0].source is not None:
            span["source"] = after[0].source
            if after[0].score is not None:
                span["score"] = after[0].score
        return span

    def target(self, number: int) -> tuple[int, int]:
        """The range of the token that marks after a word follow."""
        word = self.words[number]
        if word.last < 0:
            return word.start, word.end
        return self.tokens.starts[word.last], self.tokens.ends[word.last]

    def token_id(self, number: int, side: Side) -> int | None:
        """The id of the token at a side of a word, as it is written; None where none is."""
        word = self.words[number]
        token = word.first if side == "before" else word.last
        if token < 0:
            return None
        if self.strip and self.tokens.fields is None:
            return self._shown_ids[token]
        found = self.tokens.span_fields(self.tokens.starts[token], self.tokens.ends[token])
        return None if found is None else found[0 if side == "before" else 1]

    @property
    def _shown_ids(self) -> dict[int, int]:
        if self._ids is None:
            hidden = self.gaps.mark_tokens
            shown = [token for token in range(len(self.tokens)) if token not in hidden]
            self._ids = {token: place for place, token in enumerate(shown)}
        return self._ids

    _ids: dict[int, int] | None = None

    def _tokens(self) -> list[Mapping[str, Any]]:
        written = self.tokens.to_fields(self.text)
        if not self.strip:
            return written
        hidden = {(self.tokens.starts[t], self.tokens.ends[t]) for t in self.gaps.mark_tokens}
        kept = [one for one in written if (one["start"], one["end"]) not in hidden]
        if self.tokens.fields is not None:
            return kept
        ends = {word.end: number for number, word in enumerate(self.words)}
        return [
            {
                **one,
                "id": place,
                "ws": self.gaps.space(ends[one["end"]] + 1) == " "
                if one["end"] in ends
                else one["ws"],
            }
            for place, one in enumerate(kept)
        ]

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

    def _take_given(self, given: Iterable[Mapping[str, Any]], changed: set[int]) -> None:
        """Take up marks that somebody has written down."""
        by_id: dict[tuple[int | None, Side], int] = {}
        for number in range(len(self.words)):
            for side in SIDES:
                by_id[self.token_id(number, side), side] = number
        by_id = {key: number for key, number in by_id.items() if key[0] is not None}
        written: dict[Place, list[Slot]] = {}
        for entry in given:
            at: Side = entry["side"]
            offset = int(entry["offset"])
            owner = by_id.get((entry.get("token"), at), self._owner(offset, at))
            if owner is None:
                continue
            place: Place = (owner, at)
            came = next((slot for slot in self._came.get(place, ()) if slot.offset == offset), None)
            written.setdefault(place, []).append(read_entry(entry, came))
        for place, slots in written.items():
            known = {slot.offset for slot in slots if slot.was is not None}
            rest = [slot for slot in self._came.get(place, ()) if slot.offset not in known]
            self._put(place, tuple(sorted([*rest, *slots], key=lambda slot: slot.offset)))
        for number in range(len(self.words)):
            wanted = self.came_capital(number) != (self.token_id(number, "before") in changed)
            if self._automatic(number) != wanted:
                self._hand[number] = wanted

    def _owner(self, offset: int, side: str) -> int | None:
        """The word that an offset in a gap belongs to."""
        if side == "after":
            place = bisect_right(self.words, offset, key=lambda word: word.end) - 1
            return place if place >= 0 else None
        place = bisect_left(self.gaps.starts, offset)
        return place if place < len(self.words) else None

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

    def move_to(self, offset: int) -> None:
        """Put the cursor on the word over an offset."""
        self._still = False
        self.caret.move_to(offset)

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

    def _place_of(self, word: int, label: str) -> Place:
        """The side of a word where a mark goes; a quote closes if one is open."""
        known = self.marks[label]
        if known.kind != "quote":
            return word, known.side
        sides: tuple[Side, Side] = ("before", "after")
        for side in sides:
            if any(slot.mark == label for slot in self.slots(word, side)):
                return word, side
        before = sum(
            slot.mark == label
            for (number, side), slots in self._slots.items()
            for slot in slots
            if number < word or (number == word and side == "before")
        )
        return word, "after" if before % 2 else "before"

    def _without(self, slots: Slots, label: str) -> Slots | None:
        """The marks of a place without one; None where it does not stand there."""
        for place in range(len(slots) - 1, -1, -1):
            if slots[place].mark == label:
                taken = (*slots[:place], slots[place].taken(), *slots[place + 1 :])
                return tuple(slot for slot in taken if slot.stays)
        return None

    def _with(
        self,
        place: Place,
        label: str,
        *,
        source: str | None = None,
        score: float | None = None,
        hand: bool = False,
        adding: bool = False,
    ) -> Slots:
        """The marks of a place with one more, or with it instead of another of its like."""
        slots = self._slots.get(place, ())
        pairs = self.marks[label].pairs

        def put(index: int) -> Slots:
            new = slots[index]._replace(mark=label, source=source, score=score, hand=hand)
            return (*slots[:index], new, *slots[index + 1 :])

        if not adding:
            for index, slot in enumerate(slots):
                if slot.mark is not None and not pairs and not self.marks[slot.mark].pairs:
                    return put(index)
        free = [index for index, slot in enumerate(slots) if slot.mark is None]
        for index in free:
            if slots[index].was == label:
                return put(index)
        for index in free:
            was = slots[index].was
            if was is not None and self.marks[was].pairs == pairs:
                return put(index)
        word = self.words[place[0]]
        if place[1] == "after":
            offset = word.end
            if slots and slots[-1].was is not None:
                offset = slots[-1].offset + len(slots[-1].was)
            elif slots:
                offset = slots[-1].offset
            return (*slots, Slot(label, None, offset, None, None, source, score, hand))
        return (*slots, Slot(label, None, word.start, None, None, source, score, hand))

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
        counts = getattr(self, "_counts", None)
        if counts is not None:
            for slot in self._slots.get(place, ()):
                counts.subtract(_names(slot))
            for slot in slots:
                counts.update(_names(slot))
        if slots:
            self._slots[place] = slots
        else:
            self._slots.pop(place, None)
        pending = getattr(self, "_pending", None)
        if pending is not None:
            at = bisect_left(pending, place)
            listed = at < len(pending) and pending[at] == place
            if self.pending(*place) != listed:
                if listed:
                    del pending[at]
                else:
                    pending.insert(at, place)
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
