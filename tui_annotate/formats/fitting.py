"""The spans and tokens of a text, made such that a format can hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tui_annotate.formats.holding import (
    ANY,
    OF_SUGGESTION,
    SPAN_PLACE,
    TOKEN_PLACE,
    UNUSED,
    Holds,
    Losses,
    Tokenise,
)
from tui_annotate.inventory.tagset import JOINT, UPOS
from tui_annotate.task.task import Fields
from tui_annotate.text.tokens import wrong_tokens
from tui_annotate.wording import quoted

TAGGED = "pos_manual"
"""The view whose spans are the tags of tokens."""

_OF_SPANS = frozenset({"entity_linking", "ner_manual", "spans_manual"})

_UNIVERSAL = frozenset(UPOS.names)


def fit_text(
    fields: Mapping[str, Any], kept: Fields, holds: Holds, losses: Losses, tokenise: Tokenise
) -> bool:
    """Put the spans and tokens of a task that a format can hold into what is kept of it.

    Returns:
        Whether there is anything to write.
    """
    text: str = fields["text"]
    spans = _placed(fields.get("spans"), text, losses)
    tokens = fields.get("tokens")
    came = bool(tokens) and wrong_tokens(tokens, text) is None
    tagged = fields.get("_view_id") == TAGGED
    if came:
        # What a token says its text is may be missing.
        tokens = [{**token, "text": text[token["start"] : token["end"]]} for token in tokens or ()]
        if holds.token is not None:
            tokens = _covering(text, tokens, losses)
    elif holds.token is not None or holds.borders or tagged:
        pairs = cut_at(tokenise(text), () if tagged else spans)
        tokens = [_token(text, number, *pair) for number, pair in enumerate(pairs)]
    else:
        tokens = []
    if tagged:
        _tag(tokens, spans, fields.get("_labels") or (), losses)
        spans = []
    elif "spans" in fields or ("answer" in fields and fields.get("_view_id") in _OF_SPANS):
        # Prodigy writes no spans where there are none.
        spans = _held_spans(text, spans, tokens, holds, losses)
        if holds.field("spans"):
            kept["spans"] = spans
    if holds.token is None:
        _count_token_fields(tokens, holds, losses)
    else:
        kept["tokens"] = [_held_token(token, holds, losses) for token in tokens]
    if holds.text:
        return True
    if any(_spaced(text, kept["tokens"])):
        losses.inherent["the space between tokens"] += 1
    kept["tokens"] = [*_words(kept["tokens"], losses)]
    if not kept["tokens"]:
        losses.lose("tasks without a word")
    return bool(kept["tokens"])


def _words(tokens: Iterable[Fields], losses: Losses) -> Iterator[Fields]:
    """The tokens for a file in which white space ends a token."""
    for token in tokens:
        words = str(token["text"]).split()
        if len(words) > 1:
            losses.lose("tokens with white space in them", quoted(token["text"]))
        if words:
            yield token | {"text": "_".join(words)}


def _covering(text: str, tokens: list[Fields], losses: Losses) -> list[Fields]:
    """Tokens that leave out nothing of a text but white space."""
    covering: list[Fields] = []
    at = 0
    for token in [*tokens, {"start": len(text), "end": len(text)}]:
        between = text[at : token["start"]]
        if between.strip():
            losses.lose("text that no token covers", quoted(between.strip()))
            start = at + len(between) - len(between.lstrip())
            covering.append(_token(text, len(covering), start, start + len(between.strip())))
        covering.append(token)
        at = token["end"]
    return covering[:-1]


def cut_at(
    pairs: Iterable[tuple[int, int]], spans: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int]]:
    """Cut tokens that are ours wherever a span begins or ends."""
    borders = sorted({span[side] for span in spans for side in ("start", "end")})
    cut: list[tuple[int, int]] = []
    for start, end in pairs:
        for border in borders:
            if start < border < end:
                cut.append((start, border))
                start = border
        cut.append((start, end))
    return cut


def _token(text: str, number: int, start: int, end: int) -> Fields:
    ws = text[end : end + 1] == " "
    return {"text": text[start:end], "start": start, "end": end, "id": number, "ws": ws}


def _placed(spans: object, text: str, losses: Losses) -> list[Fields]:
    """The spans that lie in the text, in order."""
    found: list[Fields] = []
    for span in spans if isinstance(spans, list) else ():
        if isinstance(span, dict):
            start, end = span.get("start"), span.get("end")
            if type(start) is int and type(end) is int and 0 <= start < end <= len(text):
                found.append(span)
                continue
        losses.lose("spans outside their text", quoted(span))
    return sorted(found, key=lambda span: (span["start"], -span["end"]))


def _held_spans(
    text: str,
    spans: list[Fields],
    tokens: Sequence[Mapping[str, Any]],
    holds: Holds,
    losses: Losses,
) -> list[Fields]:
    if not holds.field("spans"):
        for span in spans:
            losses.lose("spans", shown(text, span))
        return []
    if holds.borders:
        spans = _on_borders(text, spans, tokens, losses)
    if not holds.overlaps:
        spans = _apart(text, spans, losses)
    return list(filter(None, (_held_span(span, holds, losses) for span in spans)))


def shown(text: str, span: Mapping[str, Any]) -> str:
    """A span for a message: its text, label and place."""
    start, end = span["start"], span["end"]
    return f"{quoted(text[start:end])} {quoted(span.get('label', ''))[1:-1]} {start}–{end}"


def _on_borders(
    text: str, spans: list[Fields], tokens: Sequence[Mapping[str, Any]], losses: Losses
) -> list[Fields]:
    """The spans that begin and end where tokens do, without white space at either end."""
    starts = {token["start"] for token in tokens}
    ends = {token["end"] for token in tokens}
    kept = []
    for span in spans:
        start, end = span["start"], span["end"]
        if start not in starts or end not in ends:
            losses.lose("spans that are not on the borders of tokens", shown(text, span))
        elif text[start].isspace() or text[end - 1].isspace():
            losses.lose("spans that begin or end in white space", shown(text, span))
        else:
            kept.append(span)
    return kept


def _apart(text: str, spans: list[Fields], losses: Losses) -> list[Fields]:
    """The spans that do not overlap, the longest first."""
    kept: list[Fields] = []
    for span in sorted(spans, key=lambda span: (span["start"] - span["end"], span["start"])):
        if any(span["start"] < one["end"] and one["start"] < span["end"] for one in kept):
            losses.lose("spans that overlap longer ones", shown(text, span))
        else:
            kept.append(span)
    return sorted(kept, key=lambda span: (span["start"], -span["end"]))


def _held_span(span: Fields, holds: Holds, losses: Losses) -> Fields | None:
    if ANY in holds.span:
        return span
    label = span.get("label")
    label = "" if label is None else str(label)
    if holds.plain is not None:
        if not label.strip():
            losses.lose("spans without a label")
            return None
        if any(letter.isspace() or letter in holds.plain for letter in label):
            losses.lose("labels with characters that are not allowed", quoted(label))
            label = "".join(
                "_" if letter.isspace() or letter in holds.plain else letter for letter in label
            )
    held: Fields = {"start": span["start"], "end": span["end"], "label": label}
    for name, value in span.items():
        if name in holds.span:
            held[name] = value
        elif name in OF_SUGGESTION or name.startswith("_") or _suggested_rank(name, span):
            losses.omitted[f"spans.{name}"] += 1
        elif name not in SPAN_PLACE and value is not None and value != "":
            if holds.span_field(name):
                held[name] = value
            else:
                losses.lose(f"spans.{name}")
    return held


def _suggested_rank(name: str, span: Mapping[str, Any]) -> bool:
    """Whether a rank is that of a suggestion among others, not that of a keyphrase."""
    return name == "rank" and "score" in span


def _tag(
    tokens: list[Fields],
    spans: Sequence[Mapping[str, Any]],
    offered: Sequence[object],
    losses: Losses,
) -> None:
    """Write the tags that are spans into the tokens that they stand on."""
    named = [*map(str, offered), *(str(span.get("label", "")) for span in spans)]
    labels = [part for label in named for part in label.split(JOINT)]
    column = "pos" if all(label in _UNIVERSAL for label in labels) else "tag"
    at = {(token["start"], token["end"]): token for token in tokens}
    for token in tokens:
        # A decision on the tags of a text is one on all of them.
        if spans:
            token.pop(column, None)
    for span in spans:
        if tagged := at.get((span["start"], span["end"])):
            tagged[column] = span.get("label", "")
        else:
            losses.lose("tags that are not on one token", quoted(span.get("label")))


def _held_token(token: Fields, holds: Holds, losses: Losses) -> Fields:
    _count_token_fields([token], holds, losses)
    return {
        name: value
        for name, value in token.items()
        if name in TOKEN_PLACE or _said(name, value, holds)
    }


def _said(name: str, value: object, holds: Holds) -> bool:
    """Whether a format can hold what a token says."""
    if not holds.token_field(name):
        return False
    if holds.plain is None:
        return True
    if not isinstance(value, str) or value in UNUSED or not value.strip():
        return False
    # The lemma of a word that has a space in it has one, too.
    return value.split() == [value] or (name == "lemma" and value == " ".join(value.split()))


def _count_token_fields(tokens: Iterable[Fields], holds: Holds, losses: Losses) -> None:
    for token in tokens:
        for name, value in token.items():
            if name in TOKEN_PLACE or name.startswith("_") or _said(name, value, holds):
                continue
            if holds.plain is not None and isinstance(value, str) and value in UNUSED:
                continue
            if value is not None and value not in ("", [], {}):
                losses.lose(f"tokens.{name}")


def _spaced(text: str, tokens: Iterable[Mapping[str, Any]]) -> Iterable[bool]:
    """Whether what stands before each token is something else than one space."""
    before = None
    for token in tokens:
        yield before is not None and text[before : token["start"]] != " "
        before = token["end"]
