"""JSONL and JSON: tasks as the user, or a session before, wrote them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

import msgspec

from tui_annotate.formats.decoding import broken_json, decode_fields, decode_text
from tui_annotate.formats.format import Format, only
from tui_annotate.formats.holding import ANY, Holds
from tui_annotate.formats.plain_text import parse_text_line
from tui_annotate.formats.records import Lines, Reader, Row, line_format, through_first_filled
from tui_annotate.formats.writing import StreamWriter, Target, Writer
from tui_annotate.task.task import Fields

JSONL_SUFFIXES = frozenset({".jsonl", ".ndjson", ".jsonlines"})
JSON_SUFFIX = ".json"


def json_rows(lines: Lines) -> Iterator[Row]:
    """Read a list of tasks, with the line that each begins on, or its number if there is one line.

    Files named .json that hold one object a line are read as what they are.
    """
    lines = iter(lines)
    head = list(through_first_filled(lines))
    begins_like_one = bool(head) and head[-1].lstrip().startswith(b"{")
    if begins_like_one and isinstance(decode_fields(head[-1]), dict):
        further = list(through_first_filled(lines))
        head += further
        if further and further[-1].strip():
            yield from JSONL.rows(chain(head, lines))
            return
    data = b"".join(chain(head, lines))
    if not data.strip():
        return
    try:
        items = [bytes(item) for item in msgspec.json.decode(data, type=list[msgspec.Raw])]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        found = _items_one_by_one(data)
        if isinstance(found, tuple):
            yield found
            return
        items = found
    number, at = 1, 0
    if b"\n" not in data.strip():
        yield from ((-place, decode_fields(raw)) for place, raw in enumerate(items, start=1))
        return
    for raw in items:
        begins = data.index(raw, at)
        number += data.count(b"\n", at, begins)
        yield number, decode_fields(raw)
        number += raw.count(b"\n")
        at = begins + len(raw)


def _items_one_by_one(data: bytes) -> list[bytes] | Row:
    """Take a list apart that has something wrong in it, or say why that cannot be done."""
    import json

    text = decode_text(data)
    if isinstance(text, UnicodeDecodeError):
        line = data.count(b"\n", 0, text.start)
        return line + 1, str(parse_text_line(data.split(b"\n")[line]))
    if text.lstrip().startswith("{"):
        broken = decode_fields(data)
        if isinstance(broken, dict):
            broken = "the file holds one object, not a list of tasks; put [ and ] around it"
        return 1, broken
    items = list[bytes]()
    within = False
    scan = json.JSONDecoder().raw_decode
    try:
        at = _after_space(text, 0, "[")
        within = True
        while not text.startswith("]", _after_space(text, at)):
            at = _after_space(text, at)
            end = scan(text, at)[1]
            items.append(text[at:end].encode())
            at = _after_space(text, end)
            if not text.startswith("]", at):
                at = _after_space(text, at, ",")
        within = False
        _after_space(text, _after_space(text, at) + 1, "")
    except json.JSONDecodeError as error:
        in_one_line = within and "\n" not in text.strip()
        place = -len(items) - 1 if in_one_line else error.lineno
        return place, broken_json(text, error.pos, error.colno - 1)
    except (RecursionError, ValueError):
        return 1, str(decode_fields(data))
    return items


def _after_space(text: str, at: int, then: str | None = None) -> int:
    """Pass white space and what has to follow it; an empty string stands for the end."""
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    if then is None:
        return at
    if then == "":
        if at == len(text):
            return at
    elif text.startswith(then, at):
        return at + len(then)
    from json import JSONDecodeError

    raise JSONDecodeError("", text, at)


JSONL = line_format("JSONL", decode_fields, tasks=True)
JSON = Reader("JSON", json_rows, tasks=True)


def _write_lines(target: Target) -> Writer:
    return StreamWriter(target, lambda fields: msgspec.json.encode(fields) + b"\n")


class ListWriter(StreamWriter):
    """Writes a list, an item a line.

    Args:
        target: Where to.
        encode: From a task to an item.
    """

    def __init__(
        self, target: Target, encode: Callable[[Fields], bytes] = msgspec.json.encode
    ) -> None:
        super().__init__(target, encode, head=b"[", tail=b"\n]\n")
        self._between = dict.fromkeys(target.parts, b"\n")

    def add(self, fields: Fields, part: str) -> None:
        """Write the next item."""
        self._streams[part].write(self._between[part] + self._encode(fields))
        self._between[part] = b",\n"


_EVERYTHING = Holds(frozenset({ANY}), frozenset({ANY}), frozenset({ANY}))

FORMATS = (
    Format(
        "jsonl",
        "JSONL",
        tuple(sorted(JSONL_SUFFIXES)),
        _EVERYTHING,
        only(JSONL),
        writer=_write_lines,
    ),
    Format("json", "JSON", (JSON_SUFFIX,), _EVERYTHING, only(JSON), writer=ListWriter),
)
