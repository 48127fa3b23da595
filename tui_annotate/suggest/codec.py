"""A suggestion as it is written: in `_suggested`, and in a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tui_annotate.suggest.suggestion import Suggestion


def _same(place: int) -> int:
    return place


def _whole(place: Any) -> int:
    if type(place) is not int:
        raise ValueError(f"not a whole number: {place!r}")
    return place


class SuggestionCodec(msgspec.Struct, frozen=True):
    """Writes suggestions as plain JSON values, and reads them again.

    By default places are written as they are: code points of a text, frames of a sound.

    Attributes:
        to_json: What a place is written as.
        from_json: The place that was written so; raises ValueError, TypeError or
            OverflowError where there is none.
    """

    to_json: Callable[[int], float] = _same
    from_json: Callable[[Any], int] = _whole

    def encode(self, suggestion: Suggestion) -> dict[str, Any]:
        """The object to write; what has no value is left out."""
        written: dict[str, Any] = {
            "start": self.to_json(suggestion.start),
            "end": self.to_json(suggestion.end),
            "label": suggestion.label,
            "source": suggestion.source,
        }
        for name in ("score", "lemma", "text", "kb_id", "nil"):
            value = getattr(suggestion, name)
            if value is not None:
                written[name] = value
        if suggestion.channel is not None:
            written["channel"] = suggestion.channel
        if suggestion.hints_only:
            written["hints_only"] = True
        return written

    def decode(self, entry: Any, source: str = "task") -> Suggestion:
        """The suggestion that an object was written from.

        Args:
            entry: The object; a suggestion that was not written yet is itself.
            source: The source, where the object does not name one.

        Raises:
            ValueError: It is no suggestion.
        """
        if isinstance(entry, Suggestion):
            return entry
        if not isinstance(entry, Mapping):
            raise ValueError("not an object")
        try:
            start, end = self.from_json(entry["start"]), self.from_json(entry["end"])
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError("no stretch") from error
        named, score = entry.get("source"), entry.get("score")
        channel = entry.get("channel")
        return Suggestion(
            start,
            end,
            str(entry.get("label", "")),
            named if isinstance(named, str) and named else source,
            float(score) if isinstance(score, (int, float)) else None,
            _text(entry, "lemma"),
            _text(entry, "text"),
            _text(entry, "kb_id") or None,
            _text(entry, "nil") or None,
            hints_only=(entry.get("hints_only") or entry.get("look")) is True,
            channel=channel if type(channel) is int else None,
        )

    def decode_all(self, entries: object, source: str = "task") -> list[Suggestion]:
        """The suggestions of a field, without what is none.

        Args:
            entries: The field's value, whatever it is.
            source: The source of those that name none.
        """
        found: list[Suggestion] = []
        for entry in entries if isinstance(entries, list) else ():
            try:
                found.append(self.decode(entry, source))
            except ValueError:
                continue
        return found


def _text(entry: Mapping[str, Any], name: str) -> str | None:
    value = entry.get(name)
    return value if isinstance(value, str) else None


PLAIN = SuggestionCodec()
"""Places as they are: in a draft, and in the `_suggested` of a text."""
