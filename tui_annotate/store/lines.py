"""Reading a JSONL output: where its lines are, and whose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from tui_annotate import lenient_json

BLOCK = 1 << 18
# What some editors put before the first line.
_MARK = b"\xef\xbb\xbf"


class Head(
    msgspec.Struct,
    gc=False,
    rename={
        "task_id": "_task_id",
        "annotator": "_annotator_id",
        "input_hash": "_input_hash",
        "recipe": "_recipe",
        "view_id": "_view_id",
    },
):
    """The fields of a line that say what it decides; the rest is not built.

    Attributes:
        task_id: None in lines of other programs.
        annotator: Who decided.
        answer: The decision.
        input_hash: As it came, of any type.
        recipe: What the line was made with, of any type.
        view_id: The name of its view in the format, of any type.
    """

    task_id: str | None = None
    annotator: str | None = None
    answer: str | None = None
    input_hash: object = None
    recipe: object = None
    view_id: object = None


decode_head = msgspec.json.Decoder(Head).decode
"""A line's head, quickly; raises msgspec's errors."""


def head_of(line: bytes) -> Head | None:
    """What a line decides, or None if it is no JSON object or has other types."""
    line = line.removeprefix(_MARK)
    try:
        return decode_head(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        fields = _leniently(line)
    try:
        return None if fields is None else msgspec.convert(fields, Head)
    except msgspec.ValidationError:
        return None


def fields_of(line: bytes) -> dict[str, Any] | None:
    """A line's fields, or None if it is no JSON object."""
    line = line.removeprefix(_MARK)
    try:
        fields = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _leniently(line)
    return fields if isinstance(fields, dict) else None


def _leniently(line: bytes) -> dict[str, Any] | None:
    """The fields of a line that another program has written, with NaN, say."""
    try:
        fields, _ = lenient_json.decode(line)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def parses(line: bytes) -> bool:
    """Whether a line is whole: JSON from its first byte to its last."""
    try:
        msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _leniently(line) is not None
    return True


def lines(read: Callable[[int, int], bytes], start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a stretch of a file, in batches.

    Args:
        read: Gives up to so many bytes at an offset.
        start: Where a line begins.
        end: Where to stop; a line that goes on beyond is left out, as is a
            last one without a line feed.

    Yields:
        The offset of a batch, and its lines with a line feed between two.
    """
    parts: list[bytes] = []
    begin = at = start
    while at < end:
        block = read(min(BLOCK, end - at), at)
        if not block:
            return
        at += len(block)
        cut = block.rfind(b"\n")
        if cut < 0:
            parts.append(block)
            continue
        parts.append(block[:cut])
        batch = b"".join(parts)
        yield begin, batch
        begin += len(batch) + 1
        parts = [block[cut + 1 :]]


def line_at(read: Callable[[int, int], bytes], offset: int) -> bytes:
    """The line that begins at an offset, without its line feed."""
    parts: list[bytes] = []
    while block := read(1 << 13, offset):
        cut = block.find(b"\n")
        if cut >= 0:
            parts.append(block[:cut])
            break
        parts.append(block)
        offset += len(block)
    return b"".join(parts)


def numbered_line(read: Callable[[int, int], bytes], offset: int) -> tuple[int, bytes]:
    """The number of the line that begins at an offset, from 1, and what is in it."""
    breaks = sum(batch.count(b"\n") + 1 for _, batch in lines(read, 0, offset))
    return breaks + 1, line_at(read, offset)


def last_break(read: Callable[[int, int], bytes], size: int) -> int:
    """Where the last line of a file begins: the byte after the last line feed but its own."""
    at = size
    while at > 0:
        start = max(0, at - (1 << 16))
        block = read(at - start, start)
        cut = block.rfind(b"\n")
        if cut >= 0:
            return start + cut + 1
        at = start
    return 0


def lines_with(
    read: Callable[[int, int], bytes], end: int, names: tuple[bytes, ...]
) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that hold one of some strings, each with its offset.

    Args:
        read: Gives up to so many bytes at an offset.
        end: Where to stop.
        names: The strings.
    """
    for offset, batch in lines(read, 0, end):
        if not any(name in batch for name in names):
            continue
        for line in batch.split(b"\n"):
            if any(name in line for name in names):
                yield offset, line
            offset += len(line) + 1
