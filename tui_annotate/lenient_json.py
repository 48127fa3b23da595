r"""JSON as programs write it: with NaN, with infinities, with halves of characters.

JSON has none of these, and what is strict about it refuses a whole line for one. They are kept
as the strings that stand for them: ``"NaN"``, ``"Infinity"``, ``"\ud83d"``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")

NOT_A_NUMBER = "broken JSON: {} is not a JSON number"
NOT_A_CHARACTER = "a lone surrogate escape ({}), which is not a character"


class _Literal(str):
    """What stood there instead of a number."""

    __slots__ = ()


def decode(raw: bytes) -> tuple[Any, Mapping[str, str]]:
    """Decode JSON that a strict reader may refuse.

    Returns:
        The value; and where it is an object, what is odd about which of its fields, in words.

    Raises:
        ValueError: It is no JSON even so, or no UTF-8.
        RecursionError: It is nested too deeply.
    """
    # Few lines need it, and the first picture waits for every import.
    import json

    value = json.loads(raw.decode(), parse_constant=_Literal, parse_float=_number)
    if not isinstance(value, dict):
        return _mended(value, []), {}
    fields: dict[str, Any] = {}
    odd: dict[str, str] = {}
    for name, of_field in value.items():
        found: list[str] = []
        fields[_spelled(name, found)] = _mended(of_field, found)
        if found:
            odd[_spelled(name, [])] = found[0]
    return fields, odd


def _number(literal: str) -> float | _Literal:
    number = float(literal)
    return number if math.isfinite(number) else _Literal(literal)


def _mended(value: Any, found: list[str]) -> Any:
    """A value that can be written as JSON; what is odd about it is added to what was found."""
    if isinstance(value, _Literal):
        found.append(NOT_A_NUMBER.format(value))
        return str(value)
    if isinstance(value, str):
        return _spelled(value, found)
    if isinstance(value, list):
        return [_mended(one, found) for one in value]
    if isinstance(value, dict):
        return {_spelled(name, found): _mended(one, found) for name, one in value.items()}
    return value


def _spelled(text: str, found: list[str]) -> str:
    first = None if text.isascii() else _SURROGATE.search(text)
    if first is None:
        return text
    found.append(NOT_A_CHARACTER.format(_escape(first)))
    return _SURROGATE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
