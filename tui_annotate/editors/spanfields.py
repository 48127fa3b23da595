"""Spans to and from the fields of the format, and to and from a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tui_annotate.text.spans import Span
from tui_annotate.text.tokens import Tokens

_OF_THE_SUGGESTION = frozenset({"source", "score", "rank", "text", "token_start", "token_end"})


def read_spans(given: Iterable[Mapping[str, Any]]) -> Iterator[Span]:
    """The spans of a task's field; only start, end and label are trusted."""
    for place, fields in enumerate(given):
        source, score = fields.get("source"), fields.get("score")
        yield Span(
            fields["start"],
            fields["end"],
            fields["label"],
            source if isinstance(source, str) else None,
            score if isinstance(score, float | int) else None,
            suggested=isinstance(source, str),
            came=place,
        )


def write_span(
    span: Span, tokens: Tokens, given: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """A span as the format has it.

    A span that nobody changed is written as it came, with its token indices
    set right; of one that was changed only its unknown fields stay.
    """
    came = None if span.came is None else given[span.came]
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
    borders = tokens.span_fields(span.start, span.end)
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
