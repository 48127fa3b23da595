"""A decision on one text, as it would be on another that is nearly the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tui_annotate.text.alignment import Alignment
from tui_annotate.text.tokens import Tokens

_OF_TOKENS = ("token_start", "token_end", "text")
"""Fields of a span that say again where it is."""


def translated(
    line: Mapping[str, Any], text: str, tokens: Tokens, moved: Alignment
) -> tuple[dict[str, Any], int]:
    """Make the line that decides another text of the one that decided an earlier one.

    Args:
        line: The line of the earlier text.
        text: The other text.
        tokens: The tokens of the other text.
        moved: Where the parts of the earlier text are in the other one.

    Returns:
        The line, and how many of its spans and marks stand in text that is gone.
    """
    made = {**line, "text": text}
    made.pop("tokens", None)
    lost = 0
    for name in ("spans", "_suggested"):
        entries = line.get(name)
        if isinstance(entries, list):
            made[name] = list(_spans(entries, moved))
            lost += len(entries) - len(made[name]) if name == "spans" else 0
    marks, caps = line.get("marks"), line.get("caps")
    if isinstance(marks, list):
        made["marks"] = list(_marks(marks, line, moved))
        lost += len(marks) - len(made["marks"])
        made.pop("spans", None)
    if isinstance(caps, list):
        made["caps"] = list(_caps(caps, line, tokens, moved))
    return made, lost


def _spans(entries: list[Any], moved: Alignment) -> Iterator[dict[str, Any]]:
    for entry in entries:
        place = moved.stretch(entry["start"], entry["end"])
        if place is not None:
            kept = {name: value for name, value in entry.items() if name not in _OF_TOKENS}
            yield {**kept, "start": place[0], "end": place[1]}


def _marks(
    entries: list[Any], line: Mapping[str, Any], moved: Alignment
) -> Iterator[dict[str, Any]]:
    places = _places(line)
    for entry in entries:
        place = places.get(entry.get("token"))
        if place is not None and moved.stretch(*place) is None:
            continue
        kept = {name: value for name, value in entry.items() if name != "token"}
        yield {**kept, "offset": moved.place(int(entry["offset"]))}


def _caps(
    caps: list[Any], line: Mapping[str, Any], tokens: Tokens, moved: Alignment
) -> Iterator[int]:
    places = _places(line)
    for one in caps:
        place = places.get(one)
        now = None if place is None else moved.stretch(*place)
        ids = None if now is None else tokens.span_fields(*now)
        if ids is not None:
            yield ids[0]


def _places(line: Mapping[str, Any]) -> dict[Any, tuple[int, int]]:
    """Where the tokens of a line are, by their ids."""
    return {token["id"]: (token["start"], token["end"]) for token in line.get("tokens") or ()}
