"""Marks at the sides of words: what stands there, what did, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from tui_annotate.inventory.marks import MarkSet, Side
from tui_annotate.text.gaps import Gaps, Word

Place = tuple[int, Side]
"""A word, and a side of it."""


class Slot(NamedTuple):
    """A place for one mark at a side of a word.

    Attributes:
        mark: The mark that stands there; None for one that was taken away or is hidden.
        original: The mark that the text came with.
        offset: Where it stands in the text, or would.
        lead: The white space that the text has before it; None for a mark that was put.
        label: Its class.
        source: The suggestion source it came from.
        score: What that source was sure of.
        manual: Whether the annotator has put or taken it.
    """

    mark: str | None
    original: str | None
    offset: int
    lead: str | None = None
    label: str | None = None
    source: str | None = None
    score: float | None = None
    manual: bool = False

    @property
    def suggested(self) -> bool:
        """Whether a source has suggested it and nobody has changed it."""
        return self.source is not None and not self.manual and self.mark is not None

    @property
    def unchanged(self) -> bool:
        """Whether the mark that came stands there."""
        return self.original is not None and self.mark == self.original

    @property
    def stays(self) -> bool:
        """Whether there is anything to remember of it."""
        return self.mark is not None or self.original is not None

    def taken(self) -> Slot:
        """The same place without its mark."""
        return self._replace(mark=None, label=None, source=None, score=None, manual=True)


class Part(NamedTuple):
    """A part of a gap as it reads.

    Attributes:
        text: What stands there.
        slot: The mark it is, or None for white space.
    """

    text: str
    slot: Slot | None = None


Slots = tuple[Slot, ...]


def applied(gaps: Gaps, marks: MarkSet, gap: int, both: tuple[Slots, Slots]) -> list[Part]:
    """What stands in a gap, from left to right.

    A gap that has the marks it came with reads as it came; else each mark
    brings the white space that it came with, or that its like has.
    """
    after, before = both
    start, end = gaps.gap(gap)
    if all(slot.unchanged for slot in (*after, *before)):
        return _as_it_came(gaps.text, start, end, (*after, *before))
    parts: list[Part] = []
    space = gaps.space(gap)
    for slot in after:
        if slot.mark is None:
            continue
        known = marks[slot.mark]
        lead = known.lead if slot.lead is None or not slot.unchanged else slot.lead
        if lead:
            parts.append(Part(lead))
        parts.append(Part(slot.mark, slot))
        stuck = known.tight
        if slot.unchanged and slot.original is not None:
            stuck = _sticks(gaps.text, slot.offset + len(slot.original), end)
        if stuck and slot is after[-1] and "\n" not in space and gap < len(gaps.words):
            space = ""
    if space:
        parts.append(Part(space))
    for slot in before:
        if slot.mark is not None:
            parts.append(Part(slot.mark, slot))
            behind = _space_behind(gaps.text, slot, end) if slot.unchanged else ""
            if behind:
                parts.append(Part(behind))
    return parts


def _space_behind(text: str, slot: Slot, end: int) -> str:
    """The white space that came behind a mark, as in ``« Bonjour``."""
    assert slot.original is not None
    rest = text[slot.offset + len(slot.original) : end]
    return rest[: len(rest) - len(rest.lstrip())]


def _sticks(text: str, at: int, end: int) -> bool:
    """Whether no white space stands between a mark and the word behind it."""
    return not any(character.isspace() for character in text[at:end])


def _as_it_came(text: str, start: int, end: int, slots: Slots) -> list[Part]:
    parts: list[Part] = []
    at = start
    for slot in slots:
        assert slot.original is not None
        if slot.offset > at:
            parts.append(Part(text[at : slot.offset]))
        at = slot.offset + len(slot.original)
        parts.append(Part(slot.original, slot))
    if at < end:
        parts.append(Part(text[at:end]))
    return parts


def confirmed(slots: Slots, mark: str) -> Slots | None:
    """The marks of a place with one that was suggested confirmed; None if it was not."""
    for index, slot in enumerate(slots):
        if slot.mark == mark and slot.suggested:
            return (*slots[:index], slot._replace(manual=True), *slots[index + 1 :])
    return None


def without(slots: Slots, mark: str) -> Slots | None:
    """The marks of a place without one; None where it does not stand there."""
    for index in range(len(slots) - 1, -1, -1):
        if slots[index].mark == mark:
            return remaining((*slots[:index], slots[index].taken(), *slots[index + 1 :]))
    return None


def remaining(slots: Slots) -> Slots:
    """The slots of a place of which there is anything to remember."""
    return tuple(slot for slot in slots if slot.stays)


def with_mark(
    slots: Slots, new: Slot, marks: MarkSet, word: Word, side: Side, *, beside: bool = False
) -> Slots:
    """The marks of a place with one more, or with it instead of another of its like.

    Args:
        slots: The marks there.
        new: The new one; where it will stand is found out.
        marks: What is known about marks.
        word: The word.
        side: The side of it.
        beside: Put it beside those that are there in any case.
    """
    assert new.mark is not None
    pairs = marks[new.mark].pairs

    def put(index: int) -> Slots:
        made = slots[index]._replace(
            mark=new.mark, source=new.source, score=new.score, manual=new.manual
        )
        return (*slots[:index], made, *slots[index + 1 :])

    if not beside:
        for index, slot in enumerate(slots):
            if slot.mark is not None and not pairs and not marks[slot.mark].pairs:
                return put(index)
    free = [index for index, slot in enumerate(slots) if slot.mark is None]
    for index in free:
        if slots[index].original == new.mark:
            return put(index)
    for index in free:
        original = slots[index].original
        if original is not None and marks[original].pairs == pairs:
            return put(index)
    offset = word.end if side == "after" else word.start
    if side == "after" and slots:
        offset = slots[-1].offset + len(slots[-1].original or "")
    return (*slots, new._replace(offset=offset))


def write_entry(slot: Slot, side: Side, token: int | None) -> dict[str, Any]:
    """A mark as the format has it.

    Args:
        slot: The mark.
        side: The side of its word that it stands at.
        token: The id of the token there, if there is one.
    """
    entry: dict[str, Any] = {}
    if token is not None:
        entry["token"] = token
    entry |= {"side": side, "offset": slot.offset, "mark": slot.mark, "was": slot.original}
    if slot.label is not None:
        entry["label"] = slot.label
    if slot.source is not None:
        entry["source"] = slot.source
        if slot.score is not None:
            entry["score"] = slot.score
    return entry


def read_entry(entry: Mapping[str, Any], there: Slot | None) -> Slot:
    """A mark of the format, given the one that the text has at its place."""
    source, score = entry.get("source"), entry.get("score")
    if entry.get("was") is None:
        there = None
    return Slot(
        entry.get("mark"),
        None if there is None else there.original,
        int(entry["offset"]),
        None if there is None else there.lead,
        entry.get("label"),
        source if isinstance(source, str) else None,
        float(score) if isinstance(score, int | float) else None,
        source is None and entry.get("mark") != entry.get("was"),
    )
