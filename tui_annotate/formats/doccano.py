"""doccano: a line of JSON a text, its spans or classes in `label`.

Spans are ``[start, end, label]``, in code points. Where a text has spans and classes, they are in
`entities` and `cats`. Read are the older names of these fields, too, and several annotators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from tui_annotate.formats.decoding import decode_fields
from tui_annotate.formats.format import Format, only
from tui_annotate.formats.holding import OTHERS, Holds, Losses
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.writing import StreamWriter, Target, Writer
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

_SPANS = ("label", "labels", "entities")
_CLASSES = ("label", "labels", "cats")
OWN = frozenset({"annotations", "cats", "entities", "labels"})
"""The names of fields that mean something here."""

_HEAD = re.compile(
    rb'"(?:labels?|entities)"\s*:\s*\[\s*(?:\[\s*\d|\{[^{}]*"start_offset")'
    rb'|"annotations"\s*:\s*\[\s*\{[^{}]*"user"'
    rb'|"labels?"\s*:\s*\[\s*"'
)


def rows(lines: Lines) -> Iterator[Row]:
    """Read texts; one that several annotators have labelled is a task for each."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        fields = decode_fields(line)
        if isinstance(fields, str):
            yield number, fields
            continue
        try:
            for task in _tasks(fields):
                yield number, task
        except _Broken as broken:
            yield number, str(broken)


class _Broken(Exception):
    pass


def _tasks(fields: Fields) -> Iterator[Fields]:
    if not isinstance(fields.get("text"), str):
        raise _Broken("the line has no text")
    annotations = fields.get("annotations")
    if not isinstance(annotations, list):
        yield _task(fields)
        return
    rest = {name: value for name, value in fields.items() if name != "annotations"}
    users: dict[object, list[Any]] = {}
    for one in annotations:
        if not isinstance(one, dict):
            raise _Broken(f"{quoted(one)} is not an annotation")
        users.setdefault(one.get("user"), []).append(one)
    for user, of_user in users.items():
        spans = [one for one in of_user if "start_offset" in one]
        task = _task(rest | ({"entities": spans} if spans else {}))
        classes = [str(one["label"]) for one in of_user if "label" in one and one not in spans]
        if classes:
            task["accept"] = classes
        if user is not None:
            task |= {"_annotator_id": str(user), "answer": "accept"}
        yield task
    if not users:
        yield rest


def _task(fields: Fields) -> Fields:
    task = dict(fields)
    for name in dict.fromkeys((*_SPANS, *_CLASSES)):
        value = task.get(name)
        if not isinstance(value, list):
            continue
        if not value:
            # Of an empty list nobody knows what it would hold, but for those two.
            del task[name]
            task |= {"entities": {"spans": []}, "cats": {"accept": []}}.get(name, {}) | task
        elif all(isinstance(one, str) for one in value) and name in _CLASSES:
            _add(task, "accept", task.pop(name))
        elif all(isinstance(one, list | dict) for one in value) and name in _SPANS:
            _add(task, "spans", [_span(one) for one in task.pop(name)])
        else:
            raise _Broken(f'"{name}" holds neither spans such as [0, 2, "ORG"] nor classes')
    return task


def _add(task: Fields, name: str, values: list[Any]) -> None:
    known = task.get(name)
    task[name] = (known if isinstance(known, list) else []) + values


def _span(value: Any) -> Fields:
    match value:
        case [int(start), int(end), label]:
            return {"start": start, "end": end, "label": str(label)}
        case {"start_offset": int(start), "end_offset": int(end)}:
            # Relations name their spans by it.
            own = {"id": value["id"]} if "id" in value else {}
            return {"start": start, "end": end, "label": str(value.get("label", "")), **own}
    raise _Broken(f'{quoted(value)} is not a span such as [0, 2, "ORG"]')


def _fit(fields: Fields, losses: Losses) -> None:
    """Take out fields whose names mean something else here."""
    for name in OWN & fields.keys():
        losses.lose(name)
        del fields[name]


def _encode(fields: Fields) -> bytes:
    kept = {name: value for name, value in fields.items() if name not in _APART}
    spans, accept = fields.get("spans"), fields.get("accept")
    if "label" in fields:
        accept = [fields["label"]]
    listed = [[span["start"], span["end"], span["label"]] for span in spans or ()]
    classes = [str(one) for one in accept or ()]
    if spans is not None and accept is not None:
        kept |= {"entities": listed, "cats": classes}
    elif accept is not None:
        kept["label"] = classes
    elif spans is not None:
        kept["label"] = listed
    return msgspec.json.encode(kept) + b"\n"


_APART = frozenset({"accept", "answer", "config", "label", "options", "spans"})


def _is_one(head: bytes) -> bool:
    first = head.lstrip().split(b"\n", 1)[0]
    ours = b'"_task_id"' in first or b'"_input_hash"' in first
    return first.startswith(b"{") and not ours and _HEAD.search(first) is not None


def _writer(target: Target) -> Writer:
    return StreamWriter(target, _encode)


FORMATS = (
    Format(
        "doccano",
        "doccano",
        (".jsonl",),
        Holds(frozenset({"spans", "accept", "label", OTHERS}), fit=_fit),
        only(Reader("doccano", rows)),
        writer=_writer,
        sniff=_is_one,
    ),
)
