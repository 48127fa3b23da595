"""Spans to and from the fields of the format, and to and from a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tui_annotate.text.spans import Span
from tui_annotate.text.tokens import Tokens

_OF_THE_SUGGESTION = frozenset({"source", "score", "rank", "text", "token_start", "token_end"})


def read_spans(given: Iterable[Mapping[str, Any]]) -> Iterator[Span]:
    """The spans of a task's field; only start, end and label are trusted."""
    for fields in given:
        source, score = fields.get("source"), fields.get("score")
        yield Span(
            fields["start"],
            fields["end"],
            fields["label"],
            source if isinstance(source, str) else None,
            score if isinstance(score, float | int) else None,
            suggested=isinstance(source, str),
            fields=fields,
        )


def write_span(span: Span, tokens: Tokens) -> dict[str, Any]:
    """A span as the format has it.

    A span that nobody changed is written as it came, with its token indices
    set right; of one that was changed only its unknown fields stay.
    """
    came = span.fields
    unchanged = came is not None and (came["start"], came["end"], came["label"]) == (
        span.start,
        span.end,
        span.label,
    )
    if came is None:
        written: dict[str, Any] = {"start": span.start, "end": span.end}
    elif unchanged:
        written = dict(came)
    else:
        written = {k: v for k, v in came.items() if k not in _OF_THE_SUGGESTION}
        written["start"], written["end"] = span.start, span.end
    borders = tokens.aligned(span.start, span.end)
    if borders is None:
        written.pop("token_start", None)
        written.pop("token_end", None)
    else:
        written["token_start"], written["token_end"] = borders
    written["label"] = span.label
    if span.source is not None and not (unchanged and "source" in written):
        written["source"] = span.source
    if span.score is not None and not (unchanged and "score" in written):
        written["score"] = span.score
    return written


def span_state(span: Span) -> list[Any]:
    """A span as a draft keeps it."""
    fields = dict(span.fields) if span.fields is not None else None
    return [span.start, span.end, span.label, span.source, span.score, span.suggested, fields]


def span_from_state(row: list[Any]) -> Span:
    """A span from a draft."""
    return Span(*row)
