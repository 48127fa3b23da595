"""Formats: how lines of a file become the fields of tasks.

A format reads lines of UTF-8 bytes and yields rows: the line a task begins on (None where
lines mean nothing) with its fields, or with a sentence on why it has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import msgspec

from tui_annotate.sources.decoding import decode_fields, decode_text, invalid_bytes
from tui_annotate.task import Fields

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
    if line.endswith(b"\r\n"):
        return line[:-2]
    return line[:-1] if line.endswith(b"\n") else line


def json_rows(lines: Lines) -> Iterator[Row]:
    """Read a list of tasks, with the line that each begins on.

    Files named .json that hold one object a line are read as what they are.
    """
    lines = iter(lines)
    head = list[bytes]()
    for line in lines:
        head.append(line)
        if line.strip():
            break
    if head and head[-1].lstrip().startswith(b"{") and isinstance(decode_fields(head[-1]), dict):
        second = next((line for line in lines if line.strip()), None)
        if second is not None:
            yield from JSONL.rows(chain(head, [second], lines))
            return
    data = b"".join(chain(head, lines))
    if not data.strip():
        return
    try:
        items = msgspec.json.decode(data, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        yield _broken_list(data)
        return
    number, at = 1, 0
    for item in items:
        raw = bytes(item)
        begins = data.index(raw, at)
        number += data.count(b"\n", at, begins)
        yield number, decode_fields(raw)
        number += raw.count(b"\n")
        at = begins + len(raw)


def _broken_list(data: bytes) -> Row:
    value = decode_fields(data)
    if isinstance(value, dict):
        return None, "the file holds one object and not a list of tasks; put [ and ] around it"
    text = decode_text(data)
    if isinstance(text, UnicodeDecodeError):
        line = data.count(b"\n", 0, text.start) + 1
        begins = data.rfind(b"\n", 0, text.start) + 1
        return line, invalid_bytes(
            UnicodeDecodeError("utf-8", data[begins:], text.start - begins, 0, "")
        )
    import json

    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        what = error.msg[:1].lower() + error.msg[1:]
        return error.lineno, f"broken JSON: {what} at character {error.colno - 1}"
    except (RecursionError, ValueError):
        pass
    return None, value


JSONL = line_format("JSONL", decode_fields, tasks=True)
JSON = Format("JSON", json_rows, tasks=True)
TEXT = {
    "line": line_format("text", parse_text_line),
    "paragraph": Format("text", paragraph_rows),
    "file": Format("text", whole_rows),
}
