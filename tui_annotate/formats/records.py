"""Formats of tasks: how lines of a file become the fields of tasks.

A format reads lines of UTF-8 bytes and yields rows: where a task begins (a line, or an item
as a negative number, or None; see `Origin`) with its fields, or with a sentence on why it
has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from tui_annotate.task.task import Fields

Row = tuple[int | None, Fields | str]
Lines = Iterable[bytes]


class Reader(msgspec.Struct, frozen=True):
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


def line_format(name: str, parse: Callable[[bytes], Fields | str], tasks: bool = False) -> Reader:
    """A format in which every line that is not blank is a task."""

    def rows(lines: Lines) -> Iterator[Row]:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, parse(line)

    return Reader(name, rows, parse, tasks)


def through_first_filled(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Give the lines up to the first that is not blank, and it as well."""
    for line in lines:
        yield line
        if line.strip():
            return
