"""The relations that a task came with, as long as the spans that they join are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tui_annotate.text.spans import Span
from tui_annotate.text.tokens import Tokens

_IDS = ("from_id", "to_id")
"""The ends of a relation by the ids of spans, as doccano has them."""

_SPANS = {"head_span": "head", "child_span": "child"}
"""The ends of a relation by place and label, and by token, as Prodigy has them."""


class Relations:
    """Relations between the spans of a task; one goes with a span that it joins.

    Args:
        written: The relations as they came.
        initial: The spans as they came.
        tokens: The tokens of the text.
    """

    def __init__(
        self,
        written: Sequence[Mapping[str, Any]],
        initial: Sequence[Mapping[str, Any]],
        tokens: Tokens,
    ) -> None:
        self._written = written
        self._tokens = tokens
        self._by_id = {one["id"]: at for at, one in enumerate(initial) if _is_id(one.get("id"))}
        self._by_place = {_place(one): at for at, one in enumerate(initial)}

    def among(self, spans: Iterable[Span]) -> list[dict[str, Any]]:
        """The relations whose spans are there, with places and labels as these are now."""
        now = {span.initial: span for span in spans if span.initial is not None}
        followed = (self._followed(relation, now) for relation in self._written)
        return [relation for relation in followed if relation is not None]

    def _followed(
        self, relation: Mapping[str, Any], now: Mapping[int, Span]
    ) -> dict[str, Any] | None:
        made = dict(relation)
        for name in _IDS:
            end = relation.get(name)
            if _is_id(end) and end in self._by_id and self._by_id[end] not in now:
                return None
        for name, token in _SPANS.items():
            end = relation.get(name)
            at = self._by_place.get(_place(end)) if isinstance(end, Mapping) else None
            if at is None:
                continue
            if at not in now:
                return None
            assert isinstance(end, Mapping)
            span = now[at]
            if (span.start, span.end, span.label) == _place(end):
                continue
            made[name] = {**end, "start": span.start, "end": span.end, "label": span.label}
            borders = self._tokens.span_fields(span.start, span.end)
            if borders is not None:
                made[name]["token_start"], made[name]["token_end"] = borders
                if token in relation:
                    made[token] = borders[1]
        return made


def relations_of(
    written: object, initial: Sequence[Mapping[str, Any]], tokens: Tokens
) -> Relations | None:
    """What keeps the relations of a task; None where there are none that could be kept."""
    if not isinstance(written, list) or not written:
        return None
    if not all(isinstance(one, Mapping) for one in written):
        return None
    return Relations(written, initial, tokens)


def _place(span: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return span.get("start"), span.get("end"), span.get("label")


def _is_id(value: object) -> bool:
    return isinstance(value, int | str)
