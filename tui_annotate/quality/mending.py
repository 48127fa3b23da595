"""Mends what needs no guess, and says what was mended."""

from __future__ import annotations

from typing import Any

from tui_annotate.quality.problem import Placed
from tui_annotate.quality.region_rules import timed
from tui_annotate.quality.span_rules import placed, token_range, tokens_of
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted


def mended(fields: Fields) -> tuple[Fields, list[str]]:
    """A record with what could be mended, and a sentence for each change.

    Nothing is done where more than one thing could be meant: a span without a label, one out
    of the text, crossing ones stay as they are.

    Args:
        fields: A record; it is not changed.
    """
    done: list[str] = []
    new = dict(fields)
    if isinstance(fields.get("text"), str) and isinstance(fields.get("spans"), list):
        _mend_spans(new, done)
    if isinstance(fields.get("audio_spans"), list):
        _mend_regions(new, done)
    return (new, done) if done else (fields, done)


def _mend_spans(fields: Fields, done: list[str]) -> None:
    text, tokens = fields["text"], tokens_of(fields)
    there = placed(fields)
    mended: dict[int, Fields] = {}
    for span in there:
        mended[span.number - 1] = _mended_span(span, text, tokens, fields, done)
    items: list[Any] = [mended.get(number, item) for number, item in enumerate(fields["spans"])]
    if len(there) == len(items):
        items = _without_doubles(items, done)
        ordered = sorted(items, key=lambda span: (span["start"], -span["end"]))
        if ordered != items:
            done.append("sorted the spans")
        items = ordered
    fields["spans"] = items


def _mended_span(
    span: Placed, text: str, tokens: list[Fields] | None, fields: Fields, done: list[str]
) -> Fields:
    new = dict(span.span)
    start, end = span.start, span.end
    piece = text[start:end]
    name = f"span {span.number} {quoted(piece)}"
    if piece.strip() and piece != piece.strip():
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        new |= {"start": start, "end": end}
        done.append(f"took the white space off the borders of {name}")
    if "text" in new and new["text"] != text[start:end]:
        new["text"] = text[start:end]
        done.append(f"set the text of {name} to what stands there")
    if tokens is not None and fields.get("_view_id") != "punctuation":
        numbers = token_range(tokens, start, end)
        said = new.get("token_start"), new.get("token_end")
        if numbers is not None and said != numbers and said != (None, None):
            new |= {"token_start": numbers[0], "token_end": numbers[1]}
            done.append(f"set the token numbers of {name} to those of its offsets")
    return new


def _without_doubles(spans: list[Fields], done: list[str]) -> list[Fields]:
    kept: list[Fields] = []
    for span in spans:
        if span in kept:
            done.append("took out a span that stands twice")
        else:
            kept.append(span)
    return kept


def _mend_regions(fields: Fields, done: list[str]) -> None:
    regions = timed(fields)
    length = _length(fields)
    if len(regions) != len(fields["audio_spans"]):
        return
    items: list[Fields] = []
    for region in regions:
        new = dict(region.fields)
        # More than that is no rounding, and somebody has to look at it.
        if length is not None and length < region.end < length + 0.05 and region.start < length:
            new["end"] = round(length, 6)
            done.append(f"cut region {region.number} at the end of the recording")
        items.append(new)
    ordered = sorted(items, key=lambda region: (region["start"], region["end"]))
    if ordered != items:
        done.append("sorted the regions")
    fields["audio_spans"] = ordered


def _length(fields: Fields) -> float | None:
    chunk = fields.get("chunk")
    if isinstance(chunk, dict):
        start, end = chunk.get("start"), chunk.get("end")
        if isinstance(start, int | float) and isinstance(end, int | float):
            return float(end - start)
        return None
    duration = fields.get("duration")
    return float(duration) if isinstance(duration, int | float) else None
