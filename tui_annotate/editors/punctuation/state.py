"""Marks that change step by step: what was offered, undo and drafts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tui_annotate.editors.base import NOTHING, Outcome, Restored
from tui_annotate.editors.caret import Caret
from tui_annotate.editors.drafts import read_suggestions
from tui_annotate.editors.history import History
from tui_annotate.editors.punctuation.attention import Attention
from tui_annotate.editors.punctuation.drafts import PunctuationDraft
from tui_annotate.editors.punctuation.fitting import fitted
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment
from tui_annotate.text.capitals import CAPITAL
from tui_annotate.text.mark_slots import Place, Slot, Slots, remaining
from tui_annotate.text.punctuated import PunctuatedText


class Change(NamedTuple):
    """What stood at a place, and what stands there now."""

    place: Place
    before: Slots
    after: Slots


class Capital(NamedTuple):
    """A word, and what was said of its capital before and is said now; None for nothing."""

    word: int
    before: bool | None
    after: bool | None


class Step(NamedTuple):
    """An edit: where the cursor was, what changed, and whether a mark led on."""

    cursor: int
    changes: Sequence[Change]
    capitals: Sequence[Capital]
    auto_advance: bool


class PunctuationState:
    """The marks between the words of a text, and how they came to stand there.

    Args:
        content: The text with its marks, as the task has come.
        offered: What was offered when the task was decided before.

    Attributes:
        content: The text with its marks.
        attention: Where a look is wanted.
        caret: Where the annotator is.
        offered: Every mark that has been offered, as it was offered.
        edited: Whether the annotator has changed anything.
        untouched: Whether no key was pressed yet.
        auto_advance: Whether the cursor was led to a place to look at, so that a mark leads on.
        last_label: The mark that was put last.
        adding: Whether the next mark is put beside the one that is there.
    """

    def __init__(self, content: PunctuatedText, offered: Sequence[Suggestion] | None) -> None:
        self.content = content
        self.attention = Attention(content)
        self.caret = Caret(content.text, content.gaps.stops)
        self.offered: list[Suggestion] = list(offered or ())
        self.edited = False
        self.untouched = True
        self.auto_advance = False
        self.last_label: str | None = None
        self.adding = False
        self._initial = dict(content.placed)
        self._initial_capitals = dict(content.manual_capitals)
        self._history: History[Step] = History()
        self._counts = self._count()
        self._dirty: set[int] = set()

    @property
    def here(self) -> int:
        """The word under the cursor."""
        return self.content.gaps.at(self.caret.offset)

    def go_to(self, word: int) -> None:
        """Put the cursor on a word."""
        self.caret.move_to(self.content.words[word].start)

    def take_dirty(self) -> list[int]:
        """The words at which something has changed since this was last asked."""
        dirty, self._dirty = self._dirty, set()
        return sorted(dirty)

    def look_at(self, word: int) -> bool:
        """Take what is suggested at a word for looked at; whether anything was."""
        waited, passed = self.attention.look_at(word)
        if passed:
            self._dirty.add(word)
        return waited

    def counts(self) -> Mapping[str, int]:
        """How often each mark and each class stands in the task."""
        return {label: count for label, count in self._counts.items() if count}

    def _count(self) -> Counter[str]:
        return Counter(
            name
            for slots in self.content.placed.values()
            for slot in slots
            for name in _names(slot)
        )

    # ── drafts ─────────────────────────────────────────────────────────────

    def draft(self) -> PunctuationDraft:
        """What differs from the task as it came."""
        content, attention, caret = self.content, self.attention, self.caret
        places = content.placed.keys() | self._initial.keys()
        now, then = content.manual_capitals, self._initial_capitals
        changed = [
            place
            for place in sorted(places)
            if content.placed.get(place) != self._initial.get(place)
        ]
        capitals = [
            (word, now.get(word))
            for word in sorted(now.keys() | then.keys())
            if now.get(word) != then.get(word)
        ]
        named = {word for word, _ in (*changed, *capitals, *attention.seen)}
        named |= attention.looked_at | content.capitalised.keys()
        words = [(number, content.words[number]) for number in sorted(named) if content.words]
        return PunctuationDraft(
            slots=[(*place, content.slots(*place)) for place in changed],
            capitals=capitals,
            seen=sorted(attention.seen),
            hints=[PLAIN.encode(one) for one in attention.hints.values()],
            looked_at=sorted(attention.looked_at),
            capitalised=list(content.capitalised.items()),
            cursor=caret.offset,
            anchor=caret.anchor,
            selecting=caret.selecting,
            adding=self.adding,
            auto_advance=self.auto_advance,
            last_label=self.last_label,
            touched=self.edited,
            offered=[PLAIN.encode(one) for one in self.offered],
            places=[(number, word.start, word.end) for number, word in words],
        )

    def restore(self, draft: PunctuationDraft, moved: Alignment = SAME) -> Restored:
        """Take up a draft again, as far as it fits the words.

        Args:
            draft: The draft.
            moved: Where the parts of the text are that it was made of.
        """
        content, attention = self.content, self.attention
        draft, restored = fitted(draft, content.text, content.words, content.original, moved)
        offered, hints = read_suggestions(draft.offered), read_suggestions(draft.hints)
        content.placed = dict(self._initial)
        for word, side, slots in draft.slots:
            self._put((word, "before" if side == "before" else "after"), slots)
        content.manual_capitals = dict(self._initial_capitals)
        for word, flag in draft.capitals:
            self._set_capital(word, flag)
        content.capitalised = dict(draft.capitalised)
        attention.seen = set(draft.seen)
        attention.hints = {content.gaps.at(one.start): one for one in hints}
        attention.looked_at = set(draft.looked_at)
        attention.recount()
        self.offered = offered
        self._counts = self._count()
        self.edited = draft.touched
        self.auto_advance = draft.auto_advance
        self.untouched = False
        self.adding = draft.adding
        self.last_label = draft.last_label
        draft.put_caret(self.caret, moved)
        self._dirty.update(range(len(content.words)))
        return restored

    # ── suggestions ────────────────────────────────────────────────────────

    def suggest_hidden(self) -> None:
        """Offer the marks that the text has and hides."""
        content = self.content
        self.suggest(
            [
                Suggestion(*content.target(number), one.mark, "text")
                for number, found in enumerate(content.gaps.after)
                for one in found
            ]
        )
        self._dirty.clear()

    def suggest(self, suggestions: Iterable[Suggestion]) -> Outcome:
        """Take suggestions in, where no mark stands and none was put or taken away.

        Before the first edit they are part of the task as it is shown; after
        it they come as one undoable step.
        """
        content, attention = self.content, self.attention
        changes: dict[Place, Change] = {}
        for item in suggestions:
            if item.label == CAPITAL:
                self._suggest_capital(item)
            if not content.words or item.label not in content.marks:
                continue
            side = content.marks[item.label].side
            word = content.gaps.at(max(item.end - 1, 0) if side == "after" else item.start)
            place: Place = (word, side)
            if place in changes or any(s.mark or s.manual for s in content.slots(*place)):
                continue
            if item.hints_only:
                attention.hints.setdefault(word, item)
                continue
            start, end = content.target(word)
            self.offered.append(Suggestion(start, end, item.label, item.source, item.score))
            made = content.with_mark(place, item.label, source=item.source, score=item.score)
            changes[place] = Change(place, content.slots(*place), made)
        attention.expect()
        found = list(changes.values())
        if not found:
            return NOTHING
        if self.edited:
            self.commit(found)
            return Outcome(True, f"{len(found)} new suggestion{'s' * (len(found) != 1)}")
        self._apply(found, forth=True)
        if self.untouched and attention.unsure and self.here == 0:
            self.go_to(attention.unsure[0])
        return NOTHING

    def _suggest_capital(self, item: Suggestion) -> None:
        """Write a word large that was small, as long as nobody has begun to edit."""
        content = self.content
        word = content.gaps.at(item.start)
        if self.edited or not content.capitals or content.original_capital(word):
            return
        if not content.has_case(word):
            return
        if word not in content.manual_capitals:
            content.capitalised[word] = item.source
            self.offered.append(item)
            self._dirty.add(word)

    def withdraw(self, source: str) -> Outcome:
        """Take out the marks of a source that nobody has changed."""
        changes = []
        for place, slots in self.content.placed.items():
            if any(slot.suggested and slot.source == source for slot in slots):
                left = tuple(
                    slot.taken() if slot.suggested and slot.source == source else slot
                    for slot in slots
                )
                changes.append(Change(place, slots, remaining(left)))
        self.attention.withdraw(source)
        capitalised = self.content.capitalised
        words = [word for word, named in capitalised.items() if named == source]
        for word in words:
            del capitalised[word]
        self._dirty.update(words)
        if not changes:
            return NOTHING
        self.commit(changes)
        return Outcome(True, f"removed {len(changes)} mark{'s' * (len(changes) != 1)} by {source}")

    # ── edits ──────────────────────────────────────────────────────────────

    def commit(self, changes: Sequence[Change], capitals: Sequence[Capital] = ()) -> None:
        """Make an edit that can be undone."""
        self._history.push(Step(self.caret.offset, changes, capitals, self.auto_advance))
        self.edited = True
        self._apply(changes, capitals, forth=True)

    def undo(self) -> Outcome:
        """Take the last edit back."""
        return self._travel(self._history.undo(), "nothing to undo", forth=False)

    def redo(self) -> Outcome:
        """Make the edit again that was taken back last."""
        return self._travel(self._history.redo(), "nothing to redo", forth=True)

    def _travel(self, step: Step | None, refusal: str, *, forth: bool) -> Outcome:
        if step is None:
            return Outcome(message=refusal)
        self._apply(step.changes, step.capitals, forth=forth)
        self.caret.drop()
        self.caret.move_to(step.cursor)
        self.auto_advance = step.auto_advance
        return Outcome(True)

    def _apply(
        self, changes: Sequence[Change], capitals: Sequence[Capital] = (), *, forth: bool
    ) -> None:
        for change in changes:
            self._put(change.place, change.after if forth else change.before)
        for capital in capitals:
            self._set_capital(capital.word, capital.after if forth else capital.before)

    def _set_capital(self, word: int, flag: bool | None) -> None:
        if flag is None:
            self.content.manual_capitals.pop(word, None)
        else:
            self.content.manual_capitals[word] = flag
        self._dirty.add(word)

    def _put(self, place: Place, slots: Slots) -> None:
        placed = self.content.placed
        for slot in placed.get(place, ()):
            self._counts.subtract(_names(slot))
        for slot in slots:
            self._counts.update(_names(slot))
        if slots:
            placed[place] = slots
        else:
            placed.pop(place, None)
        self.attention.update(place)
        word = place[0]
        self._dirty.add(word)
        if place[1] == "after" and word + 1 < len(self.content.words):
            # Its capital may follow.
            self._dirty.add(word + 1)


def _names(slot: Slot) -> list[str]:
    if slot.mark is None:
        return []
    return [slot.mark] if slot.label is None else [slot.mark, slot.label]
