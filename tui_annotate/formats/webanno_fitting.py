"""What WebAnno TSV cannot hold of a text, its tokens and spans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tui_annotate.formats.file_names import fit_name
from tui_annotate.formats.holding import Losses
from tui_annotate.formats.webanno_cells import IDENTIFIER
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

_TAKEN = frozenset({IDENTIFIER, "value"})
"""Features that are no attributes."""

_FEATURE = re.compile(r"[A-Za-z]\w{0,79}")
_UNFIT = re.compile(r"[\t\n\r]+")


def fit_document(fields: Fields, losses: Losses) -> bool:
    """Make a task such that its file can hold it; false where it has no word."""
    text: str = fields["text"]
    fields["tokens"] = tokens = [*_fit_tokens(fields["tokens"], losses)]
    if not tokens:
        losses.lose("tasks without a word")
        return False
    before = text[: tokens[0]["start"]]
    if before.strip(" "):
        losses.lose("white space before the first word that is no blank")
        fields["text"] = " " * len(before) + text[len(before) :]
    if "spans" in fields:
        spans = (_fit_span(span, text, losses) for span in fields["spans"])
        fields["spans"] = [span for span in spans if span is not None]
    fit_name(fields, losses)
    return True


def _fit_tokens(tokens: Sequence[Fields], losses: Losses) -> Iterator[Fields]:
    """Tokens without tabs and line ends in them; those that are white space are none."""
    number = 0
    for token in tokens:
        for name in ("tag", "pos", "lemma"):
            value = token.get(name)
            if name in token and (not isinstance(value, str) or not value or "\r" in value):
                if value:
                    losses.lose(f"tokens.{name} that is no word", quoted(value))
                del token[name]
        text: str = token["text"]
        if not text.strip():
            if any(name in token for name in ("tag", "pos", "lemma")):
                losses.lose("what is said of white space")
            continue
        pieces = [found.span() for found in re.finditer(r"[^\t\n\r]+", text)]
        pieces = [piece for piece in pieces if text[slice(*piece)].strip()]
        if _UNFIT.search(text):
            losses.lose("tokens with tabs or line ends in them", quoted(text))
        for start, end in pieces:
            place = {"start": token["start"] + start, "end": token["start"] + end, "id": number}
            yield token | place | {"text": text[start:end]}
            number += 1


def _fit_span(span: Fields, text: str, losses: Losses) -> Fields | None:
    """A span without white space at its ends, whose label and link are single lines."""
    there = text[span["start"] : span["end"]]
    if not there.strip():
        losses.lose("spans of white space", quoted(span["label"]))
        return None
    if there != there.strip():
        losses.lose("white space at the ends of spans", quoted(there))
        span["start"] += len(there) - len(there.lstrip())
        span["end"] -= len(there) - len(there.rstrip())
    if "\r" in span["label"]:
        losses.lose("carriage returns in labels", quoted(span["label"]))
        span["label"] = span["label"].replace("\r", " ")
    entity = span.get("kb_id")
    if "kb_id" in span and (not isinstance(entity, str) or not entity or "\r" in entity):
        if entity:
            losses.lose("spans.kb_id that is no word", quoted(entity))
        del span["kb_id"]
    if "attributes" in span:
        span["attributes"] = _fit_attributes(span["attributes"], losses)
        if not span["attributes"]:
            del span["attributes"]
    return span


def _fit_attributes(attributes: object, losses: Losses) -> dict[str, str]:
    """The attributes that features can be; their values are text."""
    if not isinstance(attributes, dict):
        losses.lose("attributes that are no object", quoted(attributes))
        return {}
    held: dict[str, str] = {}
    for name, value in attributes.items():
        if isinstance(value, bool):
            value = "true" if value else "false"
        elif isinstance(value, int | float):
            value = str(value)
        fits = isinstance(value, str) and "\r" not in value
        if fits and _FEATURE.fullmatch(name) and name not in _TAKEN:
            held[name] = value
        elif value is not None:
            losses.lose("attributes that cannot be a feature", quoted(name))
    return held
