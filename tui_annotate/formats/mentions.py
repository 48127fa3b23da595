"""Linked mentions as Prodigy has them: a line of JSON for each, its candidates in `options`.

This is what Prodigy's converter to a spaCy linker expects. The entity that was chosen is the only
candidate here; ``tui-annotate kb choices`` writes all that a knowledge base has for a mention.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tui_annotate.formats.decoding import decode_fields
from tui_annotate.formats.format import Format, only
from tui_annotate.formats.holding import OTHERS, Holds, Losses
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.writing import StreamWriter, Target, Writer
from tui_annotate.task.task import Fields

NIL = "NIL"
"""What stands in `kb_id` where none of the entities is meant."""

NILS: Mapping[str, Mapping[str, str]] = {
    "absent": {"id": "NIL_otherLink", "text": "Link not in options"},
    "ambiguous": {"id": "NIL_ambiguous", "text": "Need more context"},
    "not_an_entity": {"id": "NIL_notEntity", "text": "Not an entity"},
}
"""Reasons for NIL as options."""


FIRST = "_first"
"""The field that says whether a line has the first mention of a task."""


def nil_reason(id_: str) -> str | None:
    """Why none is meant, where an option's id says that none is."""
    if not id_.upper().startswith(NIL):
        return None
    rest = id_[len(NIL) :].casefold()
    if "ambig" in rest or "context" in rest:
        return "ambiguous"
    return "not_an_entity" if "not" in rest and "entity" in rest else "absent"


def linked(accept: object) -> Fields:
    """What the accepted option adds to the mention's span."""
    if not isinstance(accept, list) or len(accept) != 1 or not isinstance(accept[0], str):
        return {}
    (id_,) = accept
    reason = nil_reason(id_)
    if not id_:
        return {}
    return {"kb_id": id_} if reason is None else {"kb_id": NIL, "nil": reason}


def chosen(span: Mapping[str, Any]) -> list[str]:
    """What stands in `accept` for a mention."""
    kb_id = span.get("kb_id")
    if not isinstance(kb_id, str) or not kb_id:
        return []
    if kb_id != NIL:
        return [kb_id]
    return [NILS.get(str(span.get("nil")), NILS["absent"])["id"]]


def rows(lines: Lines) -> Iterator[Row]:
    """Read mentions; those of one text that follow each other are a task."""
    begun: tuple[int, Fields] | None = None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        fields = decode_fields(line)
        mention = fields if isinstance(fields, str) else _mention(fields)
        if isinstance(mention, str):
            yield number, mention
        elif begun is not None and _goes_on(begun[1], mention):
            begun[1]["spans"] += mention["spans"]
        else:
            if begun is not None:
                yield begun
            begun = number, mention
        if isinstance(mention, dict):
            mention.pop(FIRST, None)
    if begun is not None:
        yield begun


def _mention(fields: Fields) -> Fields | str:
    spans = fields.get("spans")
    if not isinstance(fields.get("text"), str):
        return "the line has no text"
    if not isinstance(spans, list) or not all(isinstance(span, dict) for span in spans):
        return "the line has no spans"
    rest = {name: value for name, value in fields.items() if name not in _OF_ONE}
    if len(spans) == 1:
        spans = [spans[0] | linked(fields.get("accept"))]
    return rest | {"spans": spans}


_OF_ONE = frozenset({"accept", "config", "options", "spans", "_view_id"})
"""The fields of a mention, not of its text."""

_OF_LINE = frozenset({"_input_hash", "_task_hash", "spans"})


def _goes_on(begun: Fields, mention: Fields) -> bool:
    """Whether a mention is one more of the task that was begun."""
    if FIRST in mention:
        return mention[FIRST] is False
    rest = {name: value for name, value in begun.items() if name not in _OF_LINE}
    if rest != {name: value for name, value in mention.items() if name not in _OF_LINE}:
        return False
    places = [span.get("start") for span in begun["spans"]]
    return bool(mention["spans"]) and mention["spans"][0].get("start") not in places


def _fit(fields: Fields, losses: Losses) -> None:
    for span in fields.get("spans") or ():
        known = linked(chosen(span))
        for name in ("kb_id", "nil"):
            if name in span and span[name] != known.get(name):
                losses.lose(f"spans.{name} that is no link")
        span.pop("kb_id", None)
        span.pop("nil", None)
        span |= known


def _encode(fields: Fields) -> bytes:
    rest = {name: value for name, value in fields.items() if name != "spans"}
    lines: list[Fields] = []
    for span in fields.get("spans") or ():
        accept = chosen(span)
        ids = [one for one in accept if nil_reason(one) is None]
        options = [{"id": one, "text": one} for one in ids]
        lines.append(
            rest
            | {
                FIRST: not lines,
                "spans": [{k: v for k, v in span.items() if k not in ("kb_id", "nil")}],
                "options": [*options, *map(dict, NILS.values())],
                "accept": accept,
                "config": {"choice_style": "single"},
                "_view_id": "choice",
            }
        )
    if not lines:
        lines.append(rest | {FIRST: True, "spans": []})
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def _writer(target: Target) -> Writer:
    return StreamWriter(target, _encode)


FORMATS = (
    Format(
        "mentions",
        "linked mentions",
        (".jsonl",),
        Holds(frozenset({"spans", "answer", OTHERS}), span=frozenset({OTHERS}), fit=_fit),
        only(Reader("linked mentions", rows)),
        writer=_writer,
        notes="a line a mention, as Prodigy has them; only with `--from mentions`",
    ),
)
