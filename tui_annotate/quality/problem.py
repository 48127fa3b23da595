"""What a rule finds wrong with a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from tui_annotate.task.task import Fields
from tui_annotate.wording import json_kind


class Problem(NamedTuple):
    """One thing that is wrong with a record.

    Attributes:
        rule: The name of the rule that it breaks, such as ``span-space``.
        message: What is wrong, without the place and a full stop.
    """

    rule: str
    message: str


class Placed(NamedTuple):
    """A span that lies in its text.

    Attributes:
        number: Its place in the list, from 1.
        start: Where it begins, in code points.
        end: Where it ends, exclusive.
        span: Its fields.
    """

    number: int
    start: int
    end: int
    span: Fields

    @property
    def order(self) -> tuple[int, int]:
        """What spans are sorted by."""
        return self.start, -self.end


class CheckedRecord(NamedTuple):
    """A record, with what several rules ask of it.

    Attributes:
        fields: The record.
        text: Its text; empty where it has none.
        spans: Its spans that lie in the text, in the order in which they stand.
        tokens: Its tokens, where they agree with the text.
    """

    fields: Fields
    text: str
    spans: list[Placed]
    tokens: list[Fields] | None


Rule = Callable[[CheckedRecord], Iterator[Problem]]

RULES: Mapping[str, str] = {
    "json": "Each line is a JSON object, in UTF-8.",
    "input": "A record has a text or a recording, and its fields say where in it.",
    "field": "A field has the type that the format gives it.",
    "answer": "The answer is accept, reject or ignore.",
    "tokens": "Tokens stand in order and agree with the text.",
    "span": "A span lies in the text, has a label, and says what stands there.",
    "span-token": "The token numbers of a span are those of its offsets.",
    "span-order": "Spans are sorted by where they begin, the longer first.",
    "span-space": "A span neither begins nor ends in white space.",
    "span-cut-token": "A span begins and ends where tokens do.",
    "span-cut-character": "A span does not cut a character that is written as one.",
    "span-cross": "Spans do not cross; in ner_manual they do not overlap.",
    "span-double": "A span stands there once.",
    "untagged": "With part-of-speech tags, each token has one.",
    "link": "A link has an id, or says why it has none.",
    "label": "A label is one that was on offer (_labels).",
    "choice": "What was chosen is among the options, and only one where one is to be chosen.",
    "region": "A region lies in the recording, has a length and a label.",
    "region-order": "Regions are sorted by where they begin.",
    "region-overlap": "Regions of one speaker or label do not overlap in one channel.",
    "region-words": "The words of a region lie in it, in order.",
    "transcript": "Where speech is transcribed, each region of it has a text.",
    "decided-again": "A task is decided once by each annotator.",
    "same-input": "An input is one task, not several.",
}
"""The rules, with what each asks for."""


def wrong_type(
    fields: Fields, name: str, types: type | tuple[type, ...], wanted: str
) -> str | None:
    """Word that a field has another type than it should; None where it has not, or is missing."""
    value = fields.get(name)
    if value is None or (isinstance(value, types) and not _is_misread_bool(value, types)):
        return None
    return f'"{name}" is {json_kind(value)}, not {wanted}'


def _is_misread_bool(value: object, types: type | tuple[type, ...]) -> bool:
    # In Python true is a whole number.
    return isinstance(value, bool) and bool not in (types if isinstance(types, tuple) else (types,))


def objects(value: Any) -> list[tuple[int, Fields]]:
    """The items of a list that are objects, each with its number from 1."""
    items = value if isinstance(value, list) else []
    return [(number, item) for number, item in enumerate(items, 1) if isinstance(item, dict)]
