"""Spans where other tools put them: doccano's `label` and `entities`, spaCy's `entities`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FIELDS = ("label", "labels", "entities", "annotations")
"""Where they may be, as ``[start, end, label]`` or as objects."""

_NAMES = frozenset(_FIELDS)

_PLACES = {"start_offset": "start", "end_offset": "end"}


def spans_of(fields: Mapping[str, Any]) -> Any:
    """The spans of a task: those in `spans`, else those that another tool put elsewhere.

    Numbers that stand for labels are read as their digits. What is wrong with
    them is left as it is, for others to find.

    Returns:
        The list; None where there is none; whatever else `spans` is.
    """
    spans = fields.get("spans")
    if spans is None:
        if _NAMES.isdisjoint(fields):
            # As in most tasks of a long source.
            return None
        found = (fields.get(name) for name in _FIELDS)
        foreign = next((one for one in found if _holds_spans(one)), None)
        return None if foreign is None else [_span(one) for one in foreign]
    if not isinstance(spans, list) or not any(map(_is_numbered, spans)):
        return spans
    return [_named(one) if _is_numbered(one) else one for one in spans]


def _holds_spans(value: object) -> bool:
    return isinstance(value, list) and any(map(_is_foreign, value))


def _is_foreign(one: object) -> bool:
    if isinstance(one, list):
        return len(one) == 3 and _is_number(one[0]) and _is_number(one[1])
    if not isinstance(one, dict) or "label" not in one:
        return False
    return "start_offset" in one or "start" in one


def _span(one: object) -> object:
    """A span as it is written here; what is none stays what it is."""
    if not _is_foreign(one):
        return one
    if isinstance(one, list):
        return _named({"start": one[0], "end": one[1], "label": one[2]})
    assert isinstance(one, dict)
    return _named({_PLACES.get(str(name), str(name)): value for name, value in one.items()})


def _is_numbered(one: object) -> bool:
    return isinstance(one, dict) and _is_number(one.get("label"))


def _named(one: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(one)
    if _is_number(made.get("label")):
        made["label"] = str(made["label"])
    return made


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
