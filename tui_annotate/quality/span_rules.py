"""Rules for spans in a text: where they may begin and end, and how they stand to each other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from tui_annotate.quality.problem import CheckedRecord, Placed, Problem, objects
from tui_annotate.task.task import Fields
from tui_annotate.text.graphemes import is_boundary
from tui_annotate.text.tokens import wrong_tokens
from tui_annotate.wording import quoted

NIL_REASONS = ("absent", "ambiguous", "not_an_entity")


def placed(fields: Fields) -> list[Placed]:
    """The spans of a record that lie in its text, in the order in which they stand."""
    text = fields.get("text")
    if not isinstance(text, str):
        return []
    found = []
    for number, span in objects(fields.get("spans")):
        start, end = span.get("start"), span.get("end")
        if type(start) is int and type(end) is int and 0 <= start < end <= len(text):
            found.append(Placed(number, start, end, span))
    return found


def tokens_of(fields: Fields) -> list[Fields] | None:
    """The tokens of a record, where they agree with its text."""
    tokens, text = fields.get("tokens"), fields.get("text")
    if not isinstance(tokens, list) or not tokens or not isinstance(text, str):
        return None
    return None if wrong_tokens(tokens, text) else tokens


def token_range(tokens: list[Fields], start: int, end: int) -> tuple[int, int] | None:
    """The numbers of the first and the last token of a span, or None where it cuts one."""
    first = bisect_left(tokens, start, key=lambda token: token["start"])
    last = bisect_left(tokens, end, key=lambda token: token["end"])
    if first == len(tokens) or last == len(tokens):
        return None
    fits = tokens[first]["start"] == start and tokens[last]["end"] == end
    return (first, last) if fits else None


def place_problems(record: CheckedRecord) -> Iterator[Problem]:
    """Spans that begin or end where none should."""
    text, tokens = record.text, record.tokens
    for number, start, end, span in record.spans:
        piece = text[start:end]
        if "text" in span and span["text"] != piece:
            quote = quoted(span["text"])
            yield Problem(
                "span", f"span {number} says its text is {quote}, but {quoted(piece)} stands there"
            )
        if piece != piece.strip():
            yield Problem(
                "span-space", f"span {number} {quoted(piece)} begins or ends in white space"
            )
        if not (is_boundary(text, start) and is_boundary(text, end)):
            yield Problem("span-cut-character", f"span {number} {quoted(piece)} cuts a character")
        if tokens is None or _is_hidden_word(record.fields):
            continue
        there = token_range(tokens, start, end)
        if there is None:
            yield Problem("span-cut-token", f"span {number} {quoted(piece)} cuts a token")
            continue
        said = span.get("token_start"), span.get("token_end")
        if said != (None, None) and said != there:
            yield Problem(
                "span-token",
                f"span {number} {quoted(piece)} is tokens {there[0]} to {there[1]}, "
                f"and says {said[0]} to {said[1]}",
            )


def _is_hidden_word(fields: Fields) -> bool:
    # With --strip the tokens are those that were shown, and spans are whole words with marks.
    return fields.get("_view_id") == "punctuation"


def order_problems(record: CheckedRecord) -> Iterator[Problem]:
    """Spans that stand twice, cross, overlap, or are not sorted."""
    spans = record.spans
    if any(one.order > other.order for one, other in pairwise(spans)):
        yield Problem("span-order", "the spans are not sorted by where they begin")
    seen: dict[tuple[object, ...], int] = {}
    for number, start, end, span in spans:
        key = (start, end, str(span.get("label")), str(span.get("kb_id")))
        if key in seen:
            yield Problem("span-double", f"span {number} is the same as span {seen[key]}")
        seen.setdefault(key, number)
    yield from _crossing(record)


def _crossing(record: CheckedRecord) -> Iterator[Problem]:
    text, spans = record.text, record.spans
    flat = record.fields.get("_view_id") in ("ner_manual", "pos_manual", "entity_linking")
    open_spans: list[Placed] = []
    for span in sorted(spans, key=lambda span: span.order):
        open_spans = [before for before in open_spans if before.end > span.start]
        for before in open_spans:
            same = (before.start, before.end) == (span.start, span.end)
            if before.end < span.end:
                what = "cross"
            elif flat and not (same and before.span.get("label") == span.span.get("label")):
                what = "overlap"
            else:
                continue
            yield Problem(
                "span-cross",
                f"spans {before.number} {quoted(text[before.start : before.end])} and "
                f"{span.number} {quoted(text[span.start : span.end])} {what}",
            )
        open_spans.append(span)


def tag_problems(record: CheckedRecord) -> Iterator[Problem]:
    """Tokens without a tag, where each is to have one."""
    fields, text, spans, tokens = record
    if fields.get("_view_id") != "pos_manual" or tokens is None:
        return
    if fields.get("answer", "accept") != "accept":
        return
    tagged = {(start, end) for _, start, end, _ in spans}
    without = [
        token
        for token in tokens
        if (token["start"], token["end"]) not in tagged
        and text[token["start"] : token["end"]].strip()
    ]
    if without:
        first = quoted(text[without[0]["start"] : without[0]["end"]])
        more = f" and {len(without) - 1} more" if len(without) > 1 else ""
        yield Problem("untagged", f"{first}{more} of {len(tokens)} tokens have no tag")


def link_problems(record: CheckedRecord) -> Iterator[Problem]:
    """Links without an id, and reasons that there are not."""
    fields = record.fields
    if fields.get("_view_id") != "entity_linking" or fields.get("answer") != "accept":
        return
    for number, span in objects(fields.get("spans")):
        entity, nil = span.get("kb_id"), span.get("nil")
        if not isinstance(entity, str) or not entity:
            yield Problem("link", f"span {number} has no kb_id")
        elif nil is not None and (entity != "NIL" or nil not in NIL_REASONS):
            reasons = ", ".join(NIL_REASONS)
            yield Problem("link", f'span {number} has {quoted(nil)} as "nil", not one of {reasons}')
