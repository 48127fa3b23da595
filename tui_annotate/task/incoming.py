"""The annotation that a task comes with: its labels, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Literal, Protocol

import msgspec

from tui_annotate.task.foreign_spans import spans_of
from tui_annotate.wording import json_kind, quoted

Fields = dict[str, Any]
Medium = Literal["text", "audio"]
"""What a task is made of, and the field that it is in."""

Fault = tuple[str, bool]
"""What is wrong, worded without the place, and whether the task cannot be shown for it."""


class Incoming(Protocol):
    """Which of a task's fields hold the annotation that a session is about.

    Every kind of annotation has one; what is in other fields passes through
    and is nobody's fault.
    """

    def labels(self, fields: Fields) -> Iterable[str]:
        """The labels that a task comes with, in the order they are met."""
        ...

    def faults(
        self, fields: Fields, labels: Collection[str] | None, keep_labels: bool
    ) -> Iterable[Fault]:
        """What is wrong with the annotation of a task whose text is sound; nothing if false.

        Args:
            fields: The task as it came.
            labels: The labels on offer; None where any will do.
            keep_labels: Let labels pass that are missing or not on offer.
        """
        ...

    def strange(self, fields: Fields, labels: Collection[str]) -> Iterable[str]:
        """The labels that a task comes with and that are not among those on offer."""
        return [one for one in dict.fromkeys(self.labels(fields)) if one not in labels]

    def renamed(self, fields: Fields, mapping: Mapping[str, str]) -> Fields:
        """A task with its labels as they are called here; the same where none has another name.

        Args:
            fields: The task as it came.
            mapping: What labels are called here, by their own name.
        """
        return renamed_in(fields, "spans", lambda label: mapping.get(label, label))


def renamed_in(
    fields: Fields, name: str, call: Callable[[str], str], keys: Iterable[str] = ("label",)
) -> Fields:
    """A task in which the labels of a list of objects are as they are called here.

    Args:
        fields: The task as it came.
        name: The field with the list.
        call: What a label is called here.
        keys: The fields of each object that hold a label.
    """

    def renamed(one: Any) -> Any:
        if not isinstance(one, dict):
            return one
        return one | {key: call(one[key]) for key in keys if isinstance(one.get(key), str)}

    # Those that another tool put elsewhere are in `spans` once they are renamed.
    found = spans_of(fields) if name == "spans" else fields.get(name)
    made = [renamed(one) for one in found] if isinstance(found, list) else found
    return fields if made == found else {**fields, name: made}


class IncomingSpans(Incoming):
    """Labelled stretches of the text, in `spans` or where other tools put them.

    Args:
        of_tokens: Whether each is a token, which may be white space.
    """

    def __init__(self, *, of_tokens: bool = False) -> None:
        self._of_tokens = of_tokens

    def labels(self, fields: Fields) -> Iterable[str]:
        """The labels of the spans."""
        spans = spans_of(fields)
        return [
            span["label"]
            for span in (spans if isinstance(spans, list) else ())
            if isinstance(span, dict) and isinstance(span.get("label"), str) and span["label"]
        ]

    def faults(
        self, fields: Fields, labels: Collection[str] | None, keep_labels: bool
    ) -> Iterable[Fault]:
        """Spans out of place, without a label, or with one that is not on offer."""
        spans = spans_of(fields)
        if spans is None:
            return ()
        text = fields["text"]
        wrong = _wrong_spans(spans, text, labels, keep_labels)
        return wrong if self._of_tokens else chain(wrong, _white_borders(spans, text))


SPANS = IncomingSpans()

_OF_THE_TOKENS = frozenset({"id", "token_start", "token_end"})


def _white_borders(spans: list[Any], text: str) -> Iterator[Fault]:
    """Yield the spans that begin or end with white space, if their places are sound."""
    for number, span in enumerate(spans, start=1):
        if not isinstance(span, dict) or _wrong_place(span, len(text)):
            continue
        string = text[span["start"] : span["end"]]
        if string[0].isspace() or string[-1].isspace():
            yield (
                f"span {number} ({quoted(string)}) begins or ends with white space; "
                "spaCy's training leaves such spans out",
                False,
            )


def _wrong_spans(
    spans: object, text: str, labels: Collection[str] | None, keep_labels: bool
) -> Iterator[Fault]:
    """Yield what is wrong with the spans, and whether it is fatal."""
    if not isinstance(spans, list):
        yield f'"spans" is {json_kind(spans)}, not a list', True
        return
    twins = twins_in(spans)
    told: set[str] = set()
    for number, span in enumerate(spans, start=1):
        if not isinstance(span, dict):
            yield f"span {number} is {json_kind(span)}, not an object", True
            continue
        if number - 1 in twins:
            yield f"span {number} is span {twins[number - 1] + 1} again; it is kept once", False
            continue
        if misplaced := _wrong_place(span, len(text)):
            yield f"span {number} {misplaced}", True
            continue
        start, end = span["start"], span["end"]
        if "text" in span and span["text"] != text[start:end]:
            said, there = quoted(span["text"]), quoted(text[start:end])
            yield f"span {number} says its text is {said}, but {there} stands there", False
        label = span.get("label")
        if label is None or label == "":
            yield f"span {number} has no label", not keep_labels
        elif not isinstance(label, str):
            yield f"span {number} has {json_kind(label)} as its label, not a string", True
        elif labels is not None and not keep_labels and not (label in labels or label in told):
            # Of a label that many spans have, one is named.
            told.add(label)
            yield (
                f"span {number} has the label {quoted(label)}, which is not in the label set",
                True,
            )


def twins_in(spans: Sequence[object]) -> dict[int, int]:
    """The places of spans that say once more what another one says, with that of the first.

    Token indices and ids of their own make no difference.
    """
    first: dict[tuple[int, int], int] = {}
    again: dict[tuple[int, int], dict[bytes, int]] = {}
    twins: dict[int, int] = {}
    for place, span in enumerate(spans):
        if not isinstance(span, dict) or not (
            _is_int(span.get("start")) and _is_int(span.get("end"))
        ):
            continue
        where = span["start"], span["end"]
        before = first.setdefault(where, place)
        if before == place:
            continue
        known = again.setdefault(where, {_content(spans[before]): before})
        twin = known.setdefault(_content(span), place)
        if twin != place:
            twins[place] = twin
    return twins


def _content(span: Any) -> bytes:
    said = {name: value for name, value in span.items() if name not in _OF_THE_TOKENS}
    return msgspec.json.encode(said, order="sorted", enc_hook=repr)


def _wrong_place(span: Fields, length: int) -> str | None:
    """What is wrong with the offsets of a span, worded to follow its number."""
    for side in ("start", "end"):
        if side not in span:
            return f'has no "{side}"'
        if not _is_int(span[side]):
            return f'has {json_kind(span[side])} as its "{side}", not a whole number'
    start, end = span["start"], span["end"]
    if start > end:
        return f"is reversed: it starts at {start} and ends at {end}"
    if start == end:
        return f"is empty: it starts and ends at {start}"
    if start < 0 or end > length:
        return f"({start} to {end}) is out of range: the text has {length} characters"
    return None


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
