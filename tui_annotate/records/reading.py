"""Outputs and other JSONL files as records, one line at a time."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, NamedTuple

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.formats.decoding import decode_fields
from tui_annotate.sources.lines import DamagedError, open_file, open_stdin, read_lines
from tui_annotate.task.task import Fields
from tui_annotate.wording import reason, shown_path

STDIN = "-"
_REPORTED_BYTES = 1 << 20

Report = Callable[[str, int, int | None], None]
"""Told what is read, how many bytes of it, and how many there are, where that is known."""


class Line(NamedTuple):
    """A line of a file.

    Attributes:
        file: The file as the user named it.
        number: Its line there, from 1.
        raw: The line as it stands there, without its line feed.
        fields: What it says.
    """

    file: str
    number: int
    raw: bytes
    fields: Fields


def read_records(files: Sequence[str], report: Report | None = None) -> Iterator[Line]:
    """Read the records of JSONL files, also compressed ones; blank lines do not count.

    Args:
        files: Paths; ``-`` is the standard input.
        report: Told how far the reading has come.

    Raises:
        UsageError: There is no such file.
        AnnotateError: A file cannot be read, or a line is no record.
    """
    for file in files:
        for number, raw in read_raw(file, report):
            fields = decode_fields(raw, "a record")
            if isinstance(fields, str):
                raise AnnotateError(
                    fields,
                    where=f"{shown_path(file)}:{number}",
                    do="validate lists all that is wrong with a file",
                )
            yield Line(file, number, raw, fields)


def read_raw(file: str, report: Report | None = None) -> Iterator[tuple[int, bytes]]:
    """Give the lines of a file that are not blank, each with its number from 1.

    Raises:
        UsageError: There is no such file.
        AnnotateError: It cannot be read to its end.
    """
    shown = "stdin" if file == STDIN else shown_path(file)
    with closing(_opened(file)) as stream:
        size = _size(stream)
        told = 0
        number = 0
        try:
            for number, line in enumerate(read_lines(stream, "utf-8"), start=1):
                if report is not None and size is not None and not number % 1024:
                    at = stream.tell()
                    if at - told >= _REPORTED_BYTES:
                        told = at
                        report(f"reading {shown}", at, size)
                raw = line.rstrip(b"\r\n")
                if raw and not raw.isspace():
                    yield number, raw
        except DamagedError as error:
            raise AnnotateError(str(error), where=f"{shown}:{number + 1}") from None


def _opened(file: str) -> IO[bytes]:
    if file == STDIN:
        return open_stdin()
    path = Path(file)
    try:
        if path.is_dir():
            raise UsageError("this is a folder", where=shown_path(file), do="name the files in it")
        return open_file(path)
    except FileNotFoundError:
        raise UsageError("there is no such file", where=shown_path(file)) from None
    except (OSError, ValueError) as error:
        raise AnnotateError(
            f"it cannot be read ({reason(error)})", where=shown_path(file)
        ) from error


def _size(stream: IO[bytes]) -> int | None:
    try:
        status = os.fstat(stream.fileno())
    except (OSError, io.UnsupportedOperation):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None
