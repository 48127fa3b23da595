"""Punctuation: marks between the words of a text, and the capitals that follow them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from tui_annotate.editors.base import Editor
from tui_annotate.editors.punctuation.editor import PunctEditor
from tui_annotate.inventory.marks import DEFAULT, KNOWN, MarkSet
from tui_annotate.kinds.base import EditorInput, FirstTasks, Kind, Offer, Record, TrainingExample
from tui_annotate.kinds.options import ViewOptions
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.task.incoming import Fault, Fields, Incoming, renamed_in
from tui_annotate.text.capitals import CAPITAL
from tui_annotate.wording import json_kind, quoted

_RUN = re.compile(r"(?<!\S)[^\w\s]+|[^\w\s]+(?!\S)|(?<=\w)(?:-{2,}|[—–…]|\.{3})(?=\w)")


class Options(ViewOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of the view of punctuation.

    Attributes:
        marks: The punctuation marks on offer, with their keys.
        classes: Classes that a mark may have.
        strip: Hide the marks that the texts have.
        hints: With hidden marks, offer them as suggestions.
        capitals: Let capitals follow after a stop; else they stay as they are.
    """

    marks: MarkSet = DEFAULT
    classes: tuple[str, ...] = ()
    strip: bool = False
    hints: bool = False
    capitals: bool = True


class IncomingMarks(Incoming):
    """Marks in the text itself, and in `marks`, where somebody has written them down.

    Args:
        marks: The marks on offer.
    """

    def __init__(self, marks: MarkSet) -> None:
        self._marks = marks
        self._known = MarkSet(DEFAULT.marks).with_marks(sorted(KNOWN))

    def labels(self, fields: Fields) -> Iterable[str]:
        """The marks that a task comes with, as far as they are known for such."""
        if not self._marks.open:
            return []
        text = fields.get("text")
        found: list[str] = []
        for run in _RUN.findall(text if isinstance(text, str) else ""):
            found += self._known.split(run) or ()
        found += [mark for entry in _entries(fields) if isinstance(mark := entry.get("mark"), str)]
        return dict.fromkeys(found)

    def faults(
        self, fields: Fields, labels: Collection[str] | None, keep_labels: bool
    ) -> Iterable[Fault]:
        """Marks that are no marks, out of place or not on offer, and classes that are not."""
        if fields.get("marks") is None:
            return
        yield from self._wrong(fields)
        if labels is None or keep_labels:
            return
        for one in self.strange(fields, labels):
            yield f"it has the mark or class {quoted(one)}, which is not on offer", True

    def strange(self, fields: Fields, labels: Collection[str]) -> Iterable[str]:
        """Marks and classes that somebody has written down and that are not on offer."""
        found: dict[str, None] = {}
        for entry in _entries(fields):
            mark, label = entry.get("mark"), entry.get("label")
            if isinstance(mark, str) and not (self._marks.open or mark in labels):
                found[mark] = None
            if isinstance(label, str) and label and label not in labels:
                found[label] = None
        return found

    def renamed(self, fields: Fields, mapping: Mapping[str, str]) -> Fields:
        """A task with the marks that are written down, and their classes, as they are here."""
        return renamed_in(fields, "marks", lambda one: mapping.get(one, one), ("mark", "label"))

    def _wrong(self, fields: Fields) -> Iterator[Fault]:
        marks, text = fields["marks"], fields["text"]
        if not isinstance(marks, list):
            yield f'"marks" is {json_kind(marks)}, not a list', True
            return
        for number, entry in enumerate(marks, start=1):
            if not isinstance(entry, dict):
                yield f"mark {number} is {json_kind(entry)}, not an object", True
                continue
            offset, mark, was = entry.get("offset"), entry.get("mark"), entry.get("was")
            if type(offset) is not int or not 0 <= offset <= len(text):
                yield f'mark {number} has no "offset" within the text', True
            elif entry.get("side") not in ("after", "before"):
                yield f'mark {number} has neither "after" nor "before" as its "side"', True
            elif not all(one is None or (isinstance(one, str) and one) for one in (mark, was)):
                yield f'mark {number} has a "mark" or "was" that is not a string', True
            elif was is not None and text[offset : offset + len(was)] != was:
                there = quoted(text[offset : offset + len(was)])
                yield f"mark {number} says {quoted(was)} was there, but {there} stands there", True


def _entries(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = fields.get("marks")
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _open(opening: EditorInput[Options]) -> Editor:
    line, options = opening.record, opening.options
    marks, classes = options.marks, options.classes
    # What was added in a session is among the labels.
    added = [label for label in opening.labels if label not in classes]
    more = [label for label in added if label not in marks]
    return PunctEditor(
        opening.task.text,
        opening.tokens,
        marks.with_marks(label for label in more if not any(c.isalnum() for c in label)),
        [*classes, *(label for label in more if any(c.isalnum() for c in label))],
        strip=options.strip,
        capitals=options.capitals,
        initial=_entries(line) if "marks" in line else None,
        changed=[token for token in line.get("caps") or () if isinstance(token, int)],
        offered=opening.offered,
        hints=options.hints,
    )


def _units(options: Options, line: Record) -> Sequence[TrainingExample]:
    """The marks after tokens, each for itself, and the tokens that were written large."""
    if line.get("answer") != "accept" or "marks" not in line:
        return ()
    tokens = {token["id"]: token for token in line.get("tokens") or ()}
    labelled = [
        (tokens[entry["token"]]["start"], tokens[entry["token"]]["end"], entry["mark"])
        for entry in _entries(line)
        if entry.get("token") in tokens and entry.get("mark") is not None
    ]
    capitals = [tokens[token] for token in line.get("caps") or () if token in tokens]
    labelled += [(token["start"], token["end"], CAPITAL) for token in capitals]
    return (TrainingExample(labelled, PLAIN.decode_all(line.get("_suggested"), "?")),)


def _complete(offer: Offer[Options], first: FirstTasks) -> Offer[Options]:
    """Offer the marks that come with the first tasks, where the inventory is open."""
    marks = offer.options.marks
    if marks.open:
        marks = marks.with_marks(first.labels)
    # What reads the texts without their marks must know all of them.
    specs = tuple(
        replace(spec, options={**spec.options, "marks": list(marks.names)}, labels=marks.names)
        if spec.kind == "punctuation"
        else spec
        for spec in offer.suggesters
    )
    return replace(
        offer,
        labels=(*marks.names, *offer.options.classes),
        keys=marks.keys,
        suggesters=specs,
        options=replace(offer.options, marks=marks),
    )


KIND = Kind(
    options=Options,
    open=_open,
    widget="tui_annotate.ui.widgets.text.punctuation:PunctView",
    view_id=lambda options: "punctuation",
    overlapping=lambda options: True,
    incoming=lambda options: IncomingMarks(options.marks),
    hidden_labels=frozenset({CAPITAL}),
    units=_units,
    complete=_complete,
)
