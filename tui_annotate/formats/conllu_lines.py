"""The lines of a sentence in CoNLL-U, with what was decided in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from tui_annotate.formats.conll2003 import iob2
from tui_annotate.formats.conllu_sentence import (
    COLUMNS,
    FEATS,
    FORM,
    LEMMA,
    META,
    MISC,
    TEXT_AS_IS,
    UNUSED,
    UPOS,
    XPOS,
    Broken,
    Sentence,
    parsed,
    said,
)
from tui_annotate.formats.holding import Losses
from tui_annotate.inventory.tagset import JOINT
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

ENTITY = "NE"
"""The key of an entity in MISC."""

_ENTITY = re.compile(r"(?:NE|NER|ner|name)=(.*)")
_COLUMN = {"lemma": LEMMA, "pos": UPOS, "tag": XPOS, "morph": FEATS}


def entity_tags(sentence: Sentence) -> list[str]:
    """The entity tag of each token, as its first word has it in MISC; empty where it has none."""
    return [
        _tag_in(sentence.lines[placed.words[0].row].split("\t")[MISC]) for placed in sentence.tokens
    ]


def _tag_in(misc: str) -> str:
    if "=" not in misc:
        return ""
    found = next(filter(None, map(_ENTITY.fullmatch, misc.split("|"))), None)
    tag = found[1] if found else ""
    return tag if re.fullmatch(r"[BIESLU]-[^|\s]+|O", tag) else ""


def fit_sentence(fields: Fields, losses: Losses) -> bool:
    """Give a task the lines of its sentence as they are to be written.

    The lines that it came with are kept, but for what is said otherwise in its tokens and spans.

    Returns:
        Whether there are any.
    """
    tokens = [_trimmed(token, losses) for token in fields["tokens"] if token["text"].strip()]
    if not tokens:
        losses.lose("tasks without a word")
        return False
    fields["tokens"] = tokens
    sentence = _sentence(fields.get("conllu"))
    if sentence is not None and not _fits(sentence, fields):
        losses.lose("conllu: lines of sentences whose words or text changed")
        sentence = None
    if sentence is None:
        for token in tokens:
            if token.pop("multiword", None):
                losses.lose("tokens.multiword")
        sentence = _sentence(_new_lines(fields))
        # A word of a text is found again in it, whatever it is.
        assert sentence is not None
    tags = iob2(tokens, fields.get("spans") or ())
    lines = list(sentence.lines)
    for placed, token, tag in zip(sentence.tokens, tokens, tags, strict=True):
        before = said(placed)
        for name, column in _COLUMN.items():
            value = token.get(name, "")
            if value == before.get(name, ""):
                continue
            parts = value.split(JOINT) if len(placed.words) > 1 else [value]
            for word, part in zip(placed.words, parts, strict=True):
                lines[word.row] = _with(lines[word.row], column, part or UNUSED)
        first, *rest = placed.words
        misc = lines[first.row].split("\t")[MISC]
        lines[first.row] = _with(lines[first.row], MISC, _with_entity(misc, tag))
        for word in rest:
            misc = lines[word.row].split("\t")[MISC]
            if _tag_in(misc):
                lines[word.row] = _with(lines[word.row], MISC, _with_entity(misc, "O"))
    fields["conllu"] = lines
    return True


def _trimmed(token: Fields, losses: Losses) -> Fields:
    """A token without white space at its ends."""
    text: str = token["text"]
    if text == text.strip():
        return token
    losses.lose("tokens that begin or end in white space", quoted(text))
    start = token["start"] + len(text) - len(text.lstrip())
    end = start + len(text.strip())
    return token | {"text": text.strip(), "start": start, "end": end}


def _sentence(lines: object) -> Sentence | None:
    """The sentence that lines are; None if they are none."""
    if not isinstance(lines, list) or not all(
        isinstance(line, str) and line.strip() and "\n" not in line for line in lines
    ):
        return None
    try:
        return parsed([(number, line.encode()) for number, line in enumerate(lines)])
    except (Broken, UnicodeEncodeError):
        return None


def _fits(sentence: Sentence, fields: Mapping[str, object]) -> bool:
    """Whether a task still is what its lines say, but for what can be changed in them."""
    tokens = fields["tokens"]
    assert isinstance(tokens, list)
    places = [(placed.start, placed.end) for placed in sentence.tokens]
    if sentence.text != fields["text"] or sentence.meta != (fields.get("meta") or {}):
        return False
    if places != [(token["start"], token["end"]) for token in tokens]:
        return False
    for placed, token in zip(sentence.tokens, tokens, strict=True):
        if len(placed.words) == 1:
            continue
        before = said(placed)
        for name in _COLUMN:
            value = token.get(name, "")
            parts = len(value.split(JOINT))
            if value != before.get(name, "") and parts != len(placed.words):
                return False
    return True


def _new_lines(fields: Mapping[str, object]) -> list[str]:
    """The lines of a task that did not come from CoNLL-U; its tags are put in later."""
    text, tokens = str(fields["text"]), fields["tokens"]
    assert isinstance(tokens, list)
    return [*_comments(text, fields.get("meta")), *_words(text, tokens)]


def _comments(text: str, meta: object) -> Iterator[str]:
    rest = dict(meta) if isinstance(meta, dict) else {}
    sent_id = rest.get("sent_id")
    if isinstance(sent_id, str) and sent_id and sent_id == " ".join(sent_id.split()):
        yield f"# sent_id = {rest.pop('sent_id')}"
    if rest:
        yield f"# {META} = {json.dumps(rest, ensure_ascii=False)}"
    shown = " ".join(text.split())
    yield f"# text = {shown}"
    if shown != text:
        yield f"# {TEXT_AS_IS} = {json.dumps(text)}"


def _words(text: str, tokens: Sequence[Mapping[str, object]]) -> Iterator[str]:
    for number, token in enumerate(tokens, start=1):
        columns = [UNUSED] * COLUMNS
        columns[0] = str(number)
        columns[FORM] = re.sub(r"\s", " ", str(token["text"]))
        end = token["end"]
        assert isinstance(end, int)
        if end < len(text) and not text[end].isspace():
            columns[MISC] = "SpaceAfter=No"
        yield "\t".join(columns)


def _with(line: str, column: int, value: str) -> str:
    columns = line.split("\t")
    columns[column] = value
    return "\t".join(columns)


def _with_entity(misc: str, tag: str) -> str:
    """MISC with an entity tag; as it was where it says so already."""
    if _tag_in(misc) == tag or (tag == "O" and not _tag_in(misc)):
        return misc
    kept = [] if misc == UNUSED else misc.split("|")
    at = next((n for n, one in enumerate(kept) if _ENTITY.fullmatch(one)), None)
    if tag == "O":
        if at is not None:
            del kept[at]
    elif at is not None:
        kept[at] = f"{kept[at].partition('=')[0]}={tag}"
    else:
        kept.append(f"{ENTITY}={tag}")
    return "|".join(kept) or UNUSED
