"""Marks at the sides of words: what stands there, what did, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from tui_annotate.inventory.marks import MarkSet
from tui_annotate.text.gaps import Gaps

if TYPE_CHECKING:
    from tui_annotate.text.punctuated import PunctuatedText


class Slot(NamedTuple):
    """A place for one mark at a side of a word.

    Attributes:
        mark: The mark that stands there; None for one that was taken away or is hidden.
        was: The mark that the text came with.
        offset: Where it stands in the text, or would.
        lead: The white space that the text has before it; None for a mark that was put.
        label: Its class.
        source: The suggestion source it came from.
        score: What that source was sure of.
        hand: Whether the annotator has put or taken it.
    """

    mark: str | None
    was: str | None
    offset: int
    lead: str | None = None
    label: str | None = None
    source: str | None = None
    score: float | None = None
    hand: bool = False

    @property
    def suggested(self) -> bool:
        """Whether a source has suggested it and nobody has changed it."""
        return self.source is not None and not self.hand and self.mark is not None

    @property
    def kept(self) -> bool:
        """Whether the mark that came stands there."""
        return self.was is not None and self.mark == self.was

    @property
    def stays(self) -> bool:
        """Whether there is anything to remember of it."""
        return self.mark is not None or self.was is not None

    def taken(self) -> Slot:
        """The same place without its mark."""
        return self._replace(mark=None, label=None, source=None, score=None, hand=True)


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
    if all(slot.kept for slot in (*after, *before)):
        return _as_it_came(gaps.text, start, end, (*after, *before))
    parts: list[Part] = []
    space = gaps.space(gap)
    for slot in after:
        if slot.mark is None:
            continue
        known = marks[slot.mark]
        lead = known.lead if slot.lead is None or not slot.kept else slot.lead
        if lead:
            parts.append(Part(lead))
        parts.append(Part(slot.mark, slot))
        stuck = known.tight
        if slot.kept and slot.was is not None:
            stuck = _sticks(gaps.text, slot.offset + len(slot.was), end)
        if stuck and slot is after[-1] and "\n" not in space and gap < len(gaps.words):
            space = ""
    if space:
        parts.append(Part(space))
    for slot in before:
        if slot.mark is not None:
            parts.append(Part(slot.mark, slot))
    return parts


def _sticks(text: str, at: int, end: int) -> bool:
    """Whether no white space stands between a mark and the word behind it."""
    return not any(character.isspace() for character in text[at:end])


def _as_it_came(text: str, start: int, end: int, slots: Slots) -> list[Part]:
    parts: list[Part] = []
    at = start
    for slot in slots:
        assert slot.was is not None
        if slot.offset > at:
            parts.append(Part(text[at : slot.offset]))
        at = slot.offset + len(slot.was)
        parts.append(Part(slot.was, slot))
    if at < end:
        parts.append(Part(text[at:end]))
    return parts


def write_entry(editor: PunctuatedText, number: int, side: str, slot: Slot) -> dict[str, Any]:
    """A mark as the format has it."""
    entry: dict[str, Any] = {}
    token = editor.token_id(number, "before" if side == "before" else "after")
    if token is not None:
        entry["token"] = token
    entry |= {"side": side, "offset": slot.offset, "mark": slot.mark, "was": slot.was}
    if slot.label is not None:
        entry["label"] = slot.label
    if slot.source is not None:
        entry["source"] = slot.source
        if slot.score is not None:
            entry["score"] = slot.score
    return entry


def read_entry(entry: Mapping[str, Any], came: Slot | None) -> Slot:
    """A mark of the format, given the one that the text has at its place."""
    source, score = entry.get("source"), entry.get("score")
    return Slot(
        entry.get("mark"),
        came.was if came is not None and entry.get("was") is not None else None,
        int(entry["offset"]),
        came.lead if came is not None and entry.get("was") is not None else None,
        entry.get("label"),
        source if isinstance(source, str) else None,
        float(score) if isinstance(score, int | float) else None,
        source is None and entry.get("mark") != entry.get("was"),
    )
