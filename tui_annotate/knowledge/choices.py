"""Prodigy's format of linking: the candidates in `options`, what was chosen in `accept`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from tui_annotate.formats.mentions import NILS, chosen, linked, nil_reason
from tui_annotate.knowledge.entity import NIL, Candidate

_TAG = re.compile(r"<[^<>]*>")


class Named(Protocol):
    """What knows the entities of ids."""

    def candidate(self, id_: str) -> Candidate | None:
        """The entity of an id."""
        ...


class Choices:
    """The candidates that a task came with, for the one mention in it.

    Args:
        fields: The task.
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._options: dict[str, str] = {}
        options, spans = fields.get("options"), fields.get("spans")
        if not isinstance(options, list) or not isinstance(spans, list) or len(spans) != 1:
            return
        for option in options:
            if isinstance(option, dict) and isinstance(option.get("id"), str):
                self._options[option["id"]] = _shown(option)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._options)

    def candidates(self, base: Named) -> list[Candidate]:
        """The entities among them, as they stand in the task, named as the base knows them."""
        return [
            base.candidate(id_) or Candidate(id_, text)
            for id_, text in self._options.items()
            if nil_reason(id_) is None
        ]

    def preset(self, fields: Mapping[str, Any]) -> dict[str, str]:
        """What the accepted option adds to the mention's span."""
        accept = fields.get("accept")
        return linked(accept) if self._options else {}

    def accepted(self, kb_id: str | None, nil: str | None) -> list[str]:
        """What stands in `accept` for a link."""
        if kb_id is None:
            return []
        if kb_id != NIL:
            return [kb_id]
        return [id_ for id_ in self._options if nil_reason(id_) == nil][:1]


def _shown(option: Mapping[str, Any]) -> str:
    text = option.get("text")
    if not isinstance(text, str):
        text = _TAG.sub(" ", str(option.get("html", "")))
    return " ".join(html.unescape(text).split()) or str(option["id"])


def one_line_each(line: Mapping[str, Any], base: Any) -> Iterator[dict[str, Any]]:
    """A decided task as one task per mention, with `options` and `accept`, as Prodigy has it.

    Args:
        line: The task as it was written.
        base: A `Linker`, for the options.
    """
    text = line["text"]
    for span in line.get("spans") or ():
        kb_id = span.get("kb_id")
        found = list(base.candidates(text, span["start"], span["end"]))
        if kb_id and kb_id != NIL and all(one.id != kb_id for one in found):
            found.append(base.candidate(kb_id) or Candidate(kb_id, kb_id))
        options = [
            {"id": one.id, "text": f"{one.name}: {one.description}".rstrip(": ")}
            for one in found
            if one.nil is None
        ]
        options += [dict(option) for option in NILS.values()]
        kept = {k: v for k, v in line.items() if k not in ("spans", "tokens", "_suggested")}
        yield kept | {
            "spans": [{k: v for k, v in span.items() if k not in ("kb_id", "nil")}],
            "options": options,
            "accept": chosen(span),
            "config": {"choice_style": "single"},
            "_view_id": "choice",
        }
