"""Label Studio's JSON: a list of tasks, each with its annotations.

Offsets are UTF-16 code units there, as JavaScript counts. Each annotation of a task becomes a task
of its annotator; of a task without any, the first prediction gives the spans.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import msgspec

from tui_annotate.formats.format import Format, Place
from tui_annotate.formats.holding import Holds, Losses
from tui_annotate.formats.json_tasks import JSON, ListWriter
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.writing import Target, Writer
from tui_annotate.task.task import Fields
from tui_annotate.wording import printable

TEXT = "text"
"""The name of the text, in `data` and for what shows it."""

_SPANS = frozenset({"labels", "hypertextlabels", "paragraphlabels"})


class _Broken(Exception):
    pass


def units(text: str, offset: int) -> int:
    """The UTF-16 code units before a code point."""
    return offset + sum(letter > "\uffff" for letter in text[:offset])


def points(text: str) -> list[int]:
    """Of each UTF-16 code unit of a text, and of its end, the code point that it belongs to."""
    found: list[int] = []
    for at, letter in enumerate(text):
        found += [at] if letter <= "\uffff" else [at, at]
    return [*found, len(text)]


def _reader(place: Place) -> Reader:
    def read(lines: Lines) -> Iterator[Row]:
        left_out: Counter[str] = Counter()
        for line, item in JSON.rows(lines):
            if isinstance(item, str):
                yield line, item
                continue
            try:
                yield from ((line, task) for task in _tasks(item, left_out))
            except _Broken as broken:
                yield line, str(broken)
        for what, count in left_out.items():
            place.tell(f"{place.shown}: left out {count:,} {printable(what, 40)}")

    return Reader("Label Studio", read)


def _tasks(item: Fields, left_out: Counter[str]) -> Iterator[Fields]:
    data = item.get("data")
    if not isinstance(data, dict):
        raise _Broken("the item has no data")
    annotations = [
        one
        for one in chain(_objects(item.get("annotations")), _objects(item.get("completions")))
        if isinstance(one.get("result"), list)
    ]
    predictions = [one for one in _objects(item.get("predictions")) if one.get("result")]
    chosen = annotations or predictions[:1]
    left_out["predictions"] += len(predictions) - (0 if annotations else len(chosen))
    if not left_out["predictions"]:
        del left_out["predictions"]
    results = [result for one in chosen for result in _objects(one["result"])]
    name = _name_of_text(data, results)
    text = data[name]
    meta = {key: value for key, value in data.items() if key != name}
    task: Fields = {"text": text, "meta": meta} if meta else {"text": text}
    for one in chosen:
        made = task | _annotation(text, _objects(one["result"]), left_out)
        if annotations:
            made["answer"] = "ignore" if one.get("was_cancelled") else "accept"
            if who := _annotator(one.get("completed_by")):
                made["_annotator_id"] = who
        yield made
    if not chosen:
        yield task


def _objects(value: object) -> list[Any]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _annotator(who: object) -> str:
    if isinstance(who, dict):
        who = who.get("email") or who.get("id")
    return str(who) if isinstance(who, str | int) and not isinstance(who, bool) else ""


def _name_of_text(data: Mapping[str, Any], results: list[Any]) -> str:
    """Which of the data is the text: the one that the spans are found in, or is called so."""
    texts = [name for name, value in data.items() if isinstance(value, str)]
    for result in results:
        value = result.get("value")
        if not isinstance(value, dict) or not isinstance(value.get("text"), str):
            continue
        for name in texts:
            at = points(data[name])
            start, end = value.get("start", -1), value.get("end", -1)
            fits = type(start) is int and type(end) is int and 0 <= start <= end < len(at)
            if fits and data[name][at[start] : at[end]] == value["text"]:
                return name
    if TEXT in texts:
        return TEXT
    if len(texts) == 1:
        return texts[0]
    raise _Broken('the data has no "text"' if not texts else "which of the data is the text?")


def _annotation(text: str, results: list[Any], left_out: Counter[str]) -> Fields:
    made: Fields = {}
    at = points(text)
    for result in results:
        kind, value = result.get("type"), result.get("value")
        if not isinstance(value, dict):
            left_out["results without a value"] += 1
        elif kind in _SPANS:
            labels = value.get(kind)
            place = value.get("globalOffsets") if kind != "labels" else None
            place = place if isinstance(place, dict) else value
            start, end = place.get("start", -1), place.get("end", -1)
            fits = type(start) is int and type(end) is int and 0 <= start < end < len(at)
            if not fits or not isinstance(labels, list):
                left_out["regions that are no spans of the text"] += 1
                continue
            for label in labels:
                span = {"start": at[start], "end": at[end], "label": str(label)}
                made.setdefault("spans", []).append(span)
        elif kind == "choices" and isinstance(value.get("choices"), list):
            made.setdefault("accept", []).extend(map(str, value["choices"]))
        else:
            left_out[f"results of the type {kind}"] += 1
    return made


def _fit(fields: Fields, losses: Losses) -> None:
    meta = fields.get("meta")
    if isinstance(meta, dict):
        if TEXT in meta:
            losses.lose("meta.text")
        fields["meta"] = {str(name): value for name, value in meta.items() if name != TEXT}
    elif meta:
        losses.lose("meta that is not an object")
        del fields["meta"]


def _encode(fields: Fields) -> bytes:
    text: str = fields["text"]
    results: list[Fields] = []
    for span in fields.get("spans") or ():
        start, end = units(text, span["start"]), units(text, span["end"])
        value = {"start": start, "end": end, "text": text[span["start"] : span["end"]]}
        results.append(_result(len(results), "label", "labels", value, [span["label"]]))
    accept = [fields["label"]] if "label" in fields else fields.get("accept")
    if accept:
        results.append(_result(len(results), "class", "choices", {}, [*map(str, accept)]))
    decided = "spans" in fields or accept is not None
    item = {
        "data": {TEXT: text} | (fields.get("meta") or {}),
        "annotations": [{"result": results, "was_cancelled": False}] if decided else [],
    }
    return msgspec.json.encode(item)


def _result(number: int, name: str, kind: str, value: Fields, chosen: list[str]) -> Fields:
    return {
        "id": f"r{number}",
        "from_name": name,
        "to_name": TEXT,
        "type": kind,
        "value": value | {kind: chosen},
    }


def _is_one(head: bytes) -> bool:
    if head.lstrip()[:1] not in (b"[", b"{"):
        return False
    annotated = b'"annotations"' in head or b'"completions"' in head
    return annotated and (b'"data"' in head or b'"result"' in head)


def _writer(target: Target) -> Writer:
    return ListWriter(target, _encode)


FORMATS = (
    Format(
        "label-studio",
        "Label Studio",
        (".json",),
        Holds(frozenset({"spans", "accept", "label", "meta"}), fit=_fit),
        _reader,
        writer=_writer,
        sniff=_is_one,
        notes="offsets in UTF-16; data beside the text is meta",
    ),
)
