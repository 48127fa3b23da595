"""Files as lines of UTF-8 bytes, whatever they are compressed or encoded with."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from tui_annotate.errors import UsageError
from tui_annotate.wording import reason

BOM = codecs.BOM_UTF8
GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 16


class DamagedError(Exception):
    """The bytes end before the file does: broken compression, a disk error, a bad encoding."""


def checked_encoding(name: str) -> str:
    """Give the codec's own name for an encoding.

    Raises:
        UsageError: There is no such encoding.
    """
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)
    except (LookupError, TypeError):
        raise UsageError(
            f"there is no encoding {name!r}", where="--encoding", do="try utf-8 or cp1252"
        ) from None
    return "utf-8" if codec.name in ("utf-8-sig", "ascii") else codec.name


def open_stdin() -> IO[bytes]:
    """A handle of our own on the standard input, for the interface may put a terminal there.

    Raises:
        UsageError: The standard input is a terminal.
    """
    if sys.stdin is None or sys.stdin.closed:
        return io.BytesIO()
    if sys.stdin.isatty():
        raise UsageError(
            "the standard input is a terminal",
            where="-",
            do="pipe a file into it, or name the file instead of -",
        )
    try:
        return os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    except (OSError, ValueError):
        return sys.stdin.buffer


def open_file(path: Path) -> IO[bytes]:
    """Open a file for reading its bytes."""
    return path.open("rb")


def read_lines(stream: IO[bytes], encoding: str) -> Iterator[bytes]:
    """Give the lines of a stream as UTF-8, with their line ends, without a byte order mark.

    A stream that begins with the magic bytes of gzip is unpacked. Bytes that the encoding
    does not know are left as they are, which makes them invalid UTF-8 for whoever decodes.

    Raises:
        DamagedError: The stream cannot be read to its end.
    """
    try:
        lines = iter(_encoded_lines(_unpacked(stream), encoding))
        for first in lines:
            yield first.removeprefix(BOM)
            break
        yield from lines
    except UnicodeError:
        raise DamagedError(f"what follows is not {encoding}") from None
    except EOFError:
        raise DamagedError("the compressed data ends in the middle") from None
    except (gzip.BadGzipFile, zlib.error):
        raise DamagedError("the compressed data is damaged here") from None
    except OSError as error:
        raise DamagedError(f"what follows cannot be read ({reason(error)})") from error


def _encoded_lines(stream: Any, encoding: str) -> Iterator[bytes]:
    old = has_old_line_ends(stream.peek(1))
    if encoding == "utf-8":
        yield from _by_returns(stream) if old else stream
        return
    newline = "\r" if old else "\n"
    text = io.TextIOWrapper(stream, encoding=encoding, errors="surrogateescape", newline=newline)
    for line in text:
        yield line.encode("utf-8", "surrogateescape")


def has_old_line_ends(head: bytes) -> bool:
    """Whether lines end with a carriage return alone, as far as the beginning of a file tells.

    Spreadsheets on a Mac write such tables.
    """
    return b"\r" in head and b"\n" not in head


def _by_returns(stream: IO[bytes]) -> Iterator[bytes]:
    begun: list[bytes] = []
    while chunk := stream.read(_CHUNK):
        first, *lines = chunk.split(b"\r")
        begun.append(first)
        for line in lines:
            yield b"".join(begun) + b"\r"
            begun = [line]
    if last := b"".join(begun):
        yield last


def _unpacked(stream: IO[bytes]) -> Any:
    """The stream, which can be looked into before it is read."""
    peekable: Any = stream
    if not hasattr(stream, "peek"):
        peekable = io.BufferedReader(cast(io.RawIOBase, stream))
    if peekable.peek(2)[:2] == GZIP_MAGIC:
        peekable = gzip.GzipFile(fileobj=peekable)
    return peekable


def stamp(stream: IO[bytes]) -> tuple[int, int] | None:
    """The size and time of change of an open file, by which a change can be told."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns
