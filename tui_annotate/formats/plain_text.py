"""Plain text: a task is a line, a paragraph or a file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tui_annotate.formats.decoding import decode_text, invalid_bytes
from tui_annotate.formats.format import Format, Place
from tui_annotate.formats.holding import Holds
from tui_annotate.formats.records import Lines, Reader, Row, line_format
from tui_annotate.task.task import Fields


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


SUFFIXES = frozenset({".txt", ".text", ".md", ".rst"})
TEXT = {
    "line": line_format("text", parse_text_line),
    "paragraph": Reader("text", paragraph_rows),
    "file": Reader("text", whole_rows),
}


def _reader(place: Place) -> Reader:
    return TEXT[place.options.get("split") or "line"]


FORMATS = (Format("text", "plain text", tuple(sorted(SUFFIXES)), Holds(), _reader),)
