"""Spans to and from the fields of the format, and to and from a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tui_annotate.task.incoming import twins_in
from tui_annotate.text.spans import Link, Span
from tui_annotate.text.tokens import Tokens

_OF_THE_SUGGESTION = frozenset({"source", "score", "rank", "text", "token_start", "token_end"})


def read_spans(initial: Iterable[Mapping[str, Any]], *, decided: bool = False) -> Iterator[Span]:
    """The spans of a task's field; only start, end and label are trusted.

    Of those that say the same the first is taken.

    Args:
        initial: The spans as they came.
        decided: Whether the annotator has decided on them before.
    """
    initial = list(initial)
    twins = twins_in(initial)
    for place, fields in enumerate(initial):
        if place in twins:
            continue
        source, score = fields.get("source"), fields.get("score")
        yield Span(
            fields["start"],
            fields["end"],
            fields["label"],
            source if isinstance(source, str) else None,
            score if isinstance(score, float | int) else None,
            suggested=isinstance(source, str) and not decided,
            initial=place,
            link=read_link(fields),
        )


def read_link(fields: Mapping[str, Any]) -> Link | None:
    """What a span of a task refers to, in ``kb_id`` and ``nil``."""
    kb_id, nil = fields.get("kb_id"), fields.get("nil")
    if not isinstance(kb_id, str) or not kb_id:
        return None
    return Link(kb_id, nil if isinstance(nil, str) else None)


def write_span(
    span: Span, tokens: Tokens, initial: Sequence[Mapping[str, Any]] = (), text: str | None = None
) -> dict[str, Any]:
    """A span as the format has it.

    A span that nobody changed is written as it came, with its token indices
    and its text set right; of one that was changed only its unknown fields stay.
    """
    original = None if span.initial is None else initial[span.initial]
    unchanged = original is not None and (
        original["start"],
        original["end"],
        original["label"],
    ) == (
        span.start,
        span.end,
        span.label,
    )
    if original is None:
        written: dict[str, Any] = {"start": span.start, "end": span.end}
    elif unchanged:
        written = dict(original)
    else:
        written = {k: v for k, v in original.items() if k not in _OF_THE_SUGGESTION}
        written["start"], written["end"] = span.start, span.end
    borders = tokens.span_fields(span.start, span.end)
    if borders is None:
        written.pop("token_start", None)
        written.pop("token_end", None)
    else:
        written["token_start"], written["token_end"] = borders
    if text is not None and isinstance(written.get("text"), str):
        written["text"] = text[span.start : span.end]
    written["label"] = span.label
    if span.source is not None and not (unchanged and "source" in written):
        written["source"] = span.source
    if span.score is not None and not (unchanged and "score" in written):
        written["score"] = span.score
    if span.link is not None:
        written["kb_id"] = span.link.kb_id
        if span.link.nil is not None:
            written["nil"] = span.link.nil
        else:
            written.pop("nil", None)
    elif original is not None and read_link(original) is not None:
        written.pop("kb_id", None)
        written.pop("nil", None)
    return written
