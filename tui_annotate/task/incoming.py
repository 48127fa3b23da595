"""The annotation that a task comes with: its labels, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Any, Literal, Protocol

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


class IncomingSpans:
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
    for number, span in enumerate(spans, start=1):
        if not isinstance(span, dict):
            yield f"span {number} is {json_kind(span)}, not an object", True
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
        elif labels is not None and not keep_labels and label not in labels:
            yield (
                f"span {number} has the label {quoted(label)}, which is not in the label set",
                True,
            )


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
