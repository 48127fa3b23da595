"""Formats: how lines of a file become the fields of tasks.

A format reads lines of UTF-8 bytes and yields rows: where a task begins (a line, or an item
as a negative number, or None; see `Origin`) with its fields, or with a sentence on why it
has none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import msgspec

from tui_annotate.sources.decoding import (
    broken_json,
    decode_fields,
    decode_text,
    invalid_bytes,
)
from tui_annotate.task.task import Fields

Row = tuple[int | None, Fields | str]
Lines = Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of file is read.

    Attributes:
        name: What messages call it.
        rows: From the lines of a file to its rows.
        parse: From one line to its fields, where every line that is not blank is a task.
        tasks: The fields are the user's own and are not added to.
    """

    name: str
    rows: Callable[[Lines], Iterator[Row]]
    parse: Callable[[bytes], Fields | str] | None = None
    tasks: bool = False


def line_format(name: str, parse: Callable[[bytes], Fields | str], tasks: bool = False) -> Format:
    """A format in which every line that is not blank is a task."""

    def rows(lines: Lines) -> Iterator[Row]:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, parse(line)

    return Format(name, rows, parse, tasks)


def parse_text_line(line: bytes) -> Fields | str:
    """Take a line as the text of a task, without its line end."""
    text = decode_text(_without_end(line))
    if isinstance(text, UnicodeDecodeError):
        return invalid_bytes(text)
    return {"text": text}


def paragraph_rows(lines: Lines) -> Iterator[Row]:
    """Take what stands between blank lines as the text of a task, line ends within kept."""
    begins, paragraph = 0, list[bytes]()
    for number, line in enumerate(chain(lines, [b""]), start=1):
        if line.strip():
            begins = begins if paragraph else number
            paragraph.append(line)
        elif paragraph:
            yield _text_row(begins, paragraph)
            paragraph = []


def whole_rows(lines: Lines) -> Iterator[Row]:
    """Take all lines as the text of one task, without the line ends at its end."""
    kept = list(lines)
    while kept and not kept[-1].strip(b"\r\n"):
        kept.pop()
    if any(line.strip() for line in kept):
        yield _text_row(1, kept)


def _text_row(begins: int, lines: list[bytes]) -> Row:
    parsed = parse_text_line(b"".join(lines))
    if isinstance(parsed, dict):
        return begins, parsed
    for number, line in enumerate(lines, start=begins):
        if isinstance(message := parse_text_line(line), str):
            return number, message
    return begins, parsed


def _without_end(line: bytes) -> bytes:
    return line.removesuffix(b"\n").removesuffix(b"\r")


def through_first_filled(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Give the lines up to the first that is not blank, and it as well."""
    for line in lines:
        yield line
        if line.strip():
            return


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
        return place, broken_json(error, error.colno - 1)
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
        if at < len(text):
            raise json.JSONDecodeError("Extra data", text, at)
    elif not text.startswith(then, at):
        raise json.JSONDecodeError(f"Expecting '{then}'", text, at)
    return at + len(then)


JSONL = line_format("JSONL", decode_fields, tasks=True)
JSON = Format("JSON", json_rows, tasks=True)
TEXT = {
    "line": line_format("text", parse_text_line),
    "paragraph": Format("text", paragraph_rows),
    "file": Format("text", whole_rows),
}
