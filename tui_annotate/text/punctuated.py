"""A text with marks put into it: what stands where, how it reads, and how it is written."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from tui_annotate.inventory.marks import DEFAULT, MarkSet, Side
from tui_annotate.text.capitals import has_case, is_capital, with_capital
from tui_annotate.text.gaps import Gaps
from tui_annotate.text.mark_slots import (
    Part,
    Place,
    Slot,
    Slots,
    applied,
    read_entry,
    with_mark,
    write_entry,
)
from tui_annotate.text.tokens import Tokens

SIDES: tuple[Side, Side] = ("before", "after")


class PunctuatedText:
    """The marks at the sides of the words of a text, and the capitals that follow them.

    Args:
        text: The text.
        tokens: Its tokens.
        marks: The marks on offer.
        strip: Hide the marks that the text has.
        capitals: Whether capitals follow the stops.
        initial: Entries of ``marks`` that the task came with, or was decided with.
        changed: The ids of the tokens whose capital was changed, with those.

    Attributes:
        gaps: What stands between the words as the text has come.
        words: The words.
        original: The marks that the text has come with.
        placed: The marks that stand there now, and the slots of those that are gone.
        manual_capitals: The words whose capital the annotator has set or taken.
        capitalised: The words that a source wants written large, and the source.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        marks: MarkSet = DEFAULT,
        *,
        strip: bool = False,
        capitals: bool = True,
        initial: Iterable[Mapping[str, Any]] | None = None,
        changed: Iterable[int] = (),
    ) -> None:
        self.text = text
        self.marks = marks
        self.strip = strip
        self.gaps = Gaps(text, tokens, marks)
        self.tokens = self.gaps.tokens
        self.words = self.gaps.words
        self.capitals = capitals
        bare = not strip and not (any(self.gaps.after) or any(self.gaps.before))
        self._starts_bare = capitals and bare
        self.manual_capitals: dict[int, bool] = {}
        self.capitalised: dict[int, str] = {}
        self._names: set[str] | None = None
        self._ids: dict[int, int] | None = None
        self.original: dict[Place, Slots] = {}
        for number in range(len(self.words)):
            for side in SIDES:
                found = self.gaps.before if side == "before" else self.gaps.after
                if found[number]:
                    self.original[number, side] = tuple(
                        Slot(None if strip else one.mark, one.mark, one.offset, one.lead)
                        for one in found[number]
                    )
        self.placed: dict[Place, Slots] = dict(self.original)
        if initial is not None:
            self._take_initial(initial, set(changed))

    def _ends(self, text: str | None) -> bool:
        return text is not None and self.marks[text].kind == "stop"

    def slots(self, word: int, side: Side) -> Slots:
        """The marks at a side of a word, those taken away among them."""
        return self.placed.get((word, side), ())

    def visible(self, word: int, side: Side) -> Slots:
        """The marks that stand at a side of a word."""
        return tuple(slot for slot in self.slots(word, side) if slot.mark is not None)

    def parts(self, gap: int) -> list[Part]:
        """What stands in a gap, from left to right."""
        both = self._both(gap)
        if both == ((), ()):
            start, end = self.gaps.gap(gap)
            return [Part(self.text[start:end])] if start < end else []
        return applied(self.gaps, self.marks, gap, both)

    def _both(self, gap: int) -> tuple[Slots, Slots]:
        after = self.slots(gap - 1, "after") if gap else ()
        before = self.slots(gap, "before") if gap < len(self.words) else ()
        return after, before

    def word(self, number: int) -> str:
        """A word as it will read."""
        word = self.words[number]
        text = self.text[word.start : word.end]
        return with_capital(text, self.capital(number), self.marks.language)

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
        hand = self.manual_capitals.get(number)
        return self.automatic_capital(number) if hand is None else hand

    def original_capital(self, number: int) -> bool:
        """Whether a word began with a capital when it came."""
        word = self.words[number]
        return is_capital(self.text[word.start : word.end])

    def has_case(self, number: int) -> bool:
        """Whether a word can begin with a capital."""
        word = self.words[number]
        return has_case(self.text[word.start : word.end])

    def automatic_capital(self, number: int) -> bool:
        """Whether a word begins with a capital if the annotator has not said so."""
        original = self.original_capital(number)
        if not self.capitals or not self.has_case(number):
            return original
        if number in self.capitalised:
            return True
        if self._starts_bare and self._always_capital(number):
            return True
        if not self._starts_bare and self._unchanged(number):
            return original
        now = self.begins(number, True)
        was = self.begins(number, False)
        if now == was:
            return original
        if now:
            return True
        return original and self._keeps(number)

    def _unchanged(self, number: int) -> bool:
        """Whether it is plain that a word begins a sentence just if it did."""
        if not number:
            return True
        word = self.words[number - 1]
        return self.text[word.end - 1].isalnum() and all(
            slot.unchanged for slot in self.slots(number - 1, "after")
        )

    def _always_capital(self, number: int) -> bool:
        """Whether a word is written large wherever it stands, as the English ``I`` is."""
        word = self.words[number]
        alone = self.text[word.start : word.end].replace("’", "'").partition("'")[0]
        return alone in self.marks.capitalised

    def begins(self, number: int, now: bool) -> bool:
        """Whether a sentence begins with a word: as things are, or as the text came."""
        word = number
        while word:
            if self.gaps.paragraph(word):
                break
            slots = self.slots(word - 1, "after")
            if any(self._ends(slot.mark if now else slot.original) for slot in slots):
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
                if not self.begins(place, False) and self.original_capital(place)
            }
        return text in self._names

    def written(self) -> dict[str, Any]:
        """The marks, the capitals, the text with them, and a span for each token with a mark."""
        entries = []
        spans = []
        for number in range(len(self.words)):
            for side in SIDES:
                slots = self.slots(number, side)
                entries += [write_entry(slot, side, self.token_id(number, side)) for slot in slots]
            after = self.visible(number, "after")
            if after:
                spans.append(self._span(number, after))
        caps = [
            self.token_id(number, "before")
            for number in range(len(self.words))
            if self.capital(number) != self.original_capital(number)
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

    def _take_initial(self, initial: Iterable[Mapping[str, Any]], changed: set[int]) -> None:
        """Take up marks that somebody has written down."""
        by_id: dict[tuple[int | None, Side], int] = {}
        for number in range(len(self.words)):
            for side in SIDES:
                by_id[self.token_id(number, side), side] = number
        by_id = {key: number for key, number in by_id.items() if key[0] is not None}
        written: dict[Place, list[Slot]] = {}
        for entry in initial:
            at: Side = entry["side"]
            offset = int(entry["offset"])
            owner = by_id.get((entry.get("token"), at), self._owner(offset, at))
            if owner is None:
                continue
            place: Place = (owner, at)
            there = [slot for slot in self.original.get(place, ()) if slot.offset == offset]
            written.setdefault(place, []).append(read_entry(entry, next(iter(there), None)))
        for place, slots in written.items():
            known = {slot.offset for slot in slots if slot.original is not None}
            rest = [slot for slot in self.original.get(place, ()) if slot.offset not in known]
            self.placed[place] = tuple(sorted([*rest, *slots], key=lambda slot: slot.offset))
        for number in range(len(self.words)):
            other = self.token_id(number, "before") in changed and self.has_case(number)
            wanted = self.original_capital(number) != other
            if self.automatic_capital(number) != wanted:
                self.manual_capitals[number] = wanted

    def _owner(self, offset: int, side: str) -> int | None:
        """The word that an offset in a gap belongs to."""
        if side == "after":
            place = bisect_right(self.words, offset, key=lambda word: word.end) - 1
            return place if place >= 0 else None
        place = bisect_left(self.gaps.starts, offset)
        return place if place < len(self.words) else None

    def place_of(self, word: int, label: str) -> Place:
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
            for (number, side), slots in self.placed.items()
            for slot in slots
            if number < word or (number == word and side == "before")
        )
        return word, "after" if before % 2 else "before"

    def with_mark(
        self,
        place: Place,
        mark: str,
        *,
        source: str | None = None,
        score: float | None = None,
        beside: bool = False,
    ) -> Slots:
        """The marks of a place with one more, or with it instead of another of its like.

        Args:
            place: Where it is put.
            mark: The mark.
            source: Who suggests it; None for the annotator.
            score: What the source is sure of.
            beside: Put it beside those that are there in any case.
        """
        new = Slot(mark, None, 0, None, None, source, score, source is None)
        word, side = place
        return with_mark(
            self.slots(word, side), new, self.marks, self.words[word], side, beside=beside
        )
