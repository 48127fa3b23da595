"""CSV and TSV: one column is the text, the others go into `meta`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.formats.decoding import decode_text, invalid_bytes
from tui_annotate.formats.format import Format, Option, Place
from tui_annotate.formats.holding import OTHERS, Holds, Losses
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.tabbed import TabbedRows
from tui_annotate.formats.writing import Target, Writer
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

LARGEST_CELL = 1 << 26
DELIMITERS = ",;\t|"
SUFFIXES = {".csv": None, ".tsv": "\t", ".tab": "\t"}
"""The ends of names, and what stands between cells where that is certain."""
_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')


def table_format(
    text_column: str | None,
    delimiter: str | None,
    where: str,
    *,
    columns: Sequence[str] = ("text",),
    fields: Collection[str] = (),
) -> Reader:
    """A table whose first row names the columns.

    Args:
        text_column: The column that holds the text; None for the one named ``text``, or the
            only one.
        delimiter: What stands between cells; None to take what the first row has.
        where: The file, for messages.
        columns: What the column may be called where it is not named; it becomes the field
            of the first of these names.
        fields: The columns that become fields too; the others go into `meta`.
    """

    def rows(lines: Lines) -> Iterator[Row]:
        return _Table(lines, text_column, delimiter, where, columns, fields).rows()

    return Reader("TSV" if delimiter == "\t" else "CSV", rows)


class _Table:
    """One reading of a table, which keeps its place for messages."""

    def __init__(
        self,
        lines: Lines,
        text_column: str | None,
        delimiter: str | None,
        where: str,
        names: Sequence[str],
        fields: Collection[str],
    ) -> None:
        self._lines = iter(lines)
        self._text_column = text_column
        self._delimiter = delimiter
        self._where = where
        self._names = names
        self._fields = fields
        self._number = 0
        self._undecodable: dict[int, str] = {}

    def rows(self) -> Iterator[Row]:
        lines = self._decoded()
        first = next((line for line in lines if line[1].strip()), None)
        if first is None:
            return
        delimiter = self._delimiter or _delimiter_of(first[1])
        lines = chain([first], lines)
        read = TabbedRows(lines) if delimiter == "\t" else self._quoted_rows(lines, delimiter)
        columns: list[str] | None = None
        text_at, ours = 0, False
        for begins, ends, cells in read:
            bad = next((n for n in range(begins, ends + 1) if n in self._undecodable), None)
            if bad is not None:
                message = self._undecodable.pop(bad)
                if columns is None:
                    raise AnnotateError(
                        f"the first row, which names the columns, is {message}",
                        where=f"{self._where}:{bad}",
                        do="name the encoding with --encoding, such as cp1252",
                    )
                yield bad, message
            elif isinstance(cells, str):
                yield begins, cells
            elif not any(cell.strip() for cell in cells):
                continue
            elif columns is None:
                columns, text_at = cells, self._text_index(cells)
                ours = columns == [*EXPORTED]
            elif len(cells) != len(columns):
                yield begins, f"{_cells(len(cells))} where the first row has {len(columns)}"
            else:
                task = _exported(cells) if ours else self._task(columns, cells, text_at)
                yield begins, task

    def _quoted_rows(
        self, lines: Iterator[tuple[int, str]], delimiter: str
    ) -> Iterator[tuple[int, int, list[str] | str]]:
        """The cells of each row, or what is wrong with it, and its first and last line."""
        csv.field_size_limit(LARGEST_CELL)
        taken = list[str]()

        def texts() -> Iterator[str]:
            for _, line in lines:
                taken.append(line)
                yield line

        reader = csv.reader(texts(), delimiter=delimiter, strict=True)
        # The first line was read already.
        begins = self._number
        while True:
            try:
                cells: list[str] | str | None = next(reader, None)
            except csv.Error:
                cells = _fault("".join(taken), delimiter)
            taken.clear()
            if cells is None:
                return
            yield begins, self._number, cells
            begins = self._number + 1

    def _decoded(self) -> Iterator[tuple[int, str]]:
        """Give lines as text, numbered; what cannot be decoded is noted."""
        for line in self._lines:
            self._number += 1
            text = decode_text(line)
            if isinstance(text, UnicodeDecodeError):
                self._undecodable[self._number] = invalid_bytes(text)
                text = line.decode(errors="replace")
            yield self._number, text

    def _text_index(self, columns: list[str]) -> int:
        twice = {name for name in columns if columns.count(name) > 1}
        if twice:
            raise UsageError(
                f"two columns are called {quoted(min(twice))}", where=self._where, do="rename one"
            )
        named = ", ".join(quoted(name) for name in columns)
        if self._text_column is not None:
            if self._text_column in columns:
                return columns.index(self._text_column)
            import difflib

            close = difflib.get_close_matches(self._text_column, columns, n=1)
            meant = f"did you mean {quoted(close[0])}? The" if close else "the"
            raise UsageError(
                f"there is no column {quoted(self._text_column)}",
                where=self._where,
                do=f"{meant} columns are {named}",
            )
        if len(columns) == 1:
            return 0
        lowered = [name.strip().lower() for name in columns]
        for wanted in self._names:
            if wanted in lowered:
                return lowered.index(wanted)
        raise UsageError(
            f"no column is called {quoted(self._names[0])}",
            where=self._where,
            do=f"name the one that holds it with --text-column; the columns are {named}",
        )

    def _task(self, columns: list[str], cells: list[str], text_at: int) -> Fields:
        task: Fields = {self._names[0]: cells[text_at]}
        meta: Fields = {}
        for at, (name, cell) in enumerate(zip(columns, cells, strict=True)):
            if at != text_at:
                (task if name in self._fields and name not in task else meta)[name] = cell
        return {**task, "meta": meta} if meta else task


def _delimiter_of(header: str) -> str:
    """The delimiter that the first row has most of, outside quotes; the comma if in doubt."""
    bare = re.sub(r'"[^"]*"?', "", header)
    return max(DELIMITERS, key=bare.count)


def _cells(number: int) -> str:
    return f"{number} cell" if number == 1 else f"{number} cells"


def _fault(row: str, delimiter: str) -> str:
    """What is wrong with a row that `csv` refuses: found here, as its words may change."""
    if len(row) > LARGEST_CELL:
        return "a cell is larger than 64 MB; is a quote in this row never closed?"
    ends = delimiter, "\r", "\n"
    at = -1
    while at < 0 or row.startswith(delimiter, at):
        at += 1
        if row.startswith('"', at):
            cell = _QUOTED.match(row, at)
            if cell is None:
                return "a quote that opens in this row is never closed"
            at = cell.end()
            if at < len(row) and not row.startswith(ends, at):
                return "a quote inside a quoted cell is not doubled"
        while at < len(row) and not row.startswith(ends, at):
            at += 1
    if row[at:].strip("\r\n"):
        return "a carriage return stands inside a cell without quotes"
    return "this row is broken"


def _reader(delimiter: str | None) -> Callable[[Place], Reader]:
    def make(place: Place) -> Reader:
        return table_format(place.options.get("text_column"), delimiter, place.shown)

    return make


_COLUMN = Option("--text-column", "Column that holds the text.", "NAME", reading=True)

EXPORTED = ("text", "label", "answer", "spans", "accept", "meta", "comment")
"""The columns of a table that an export writes; lists and objects in it are JSON."""

_JSON = ("spans", "accept", "meta")


def _exported(cells: Sequence[str]) -> Fields | str:
    """The task that a row of our own is."""
    row = dict(zip(EXPORTED, cells, strict=True))
    task: Fields = {"text": row["text"]}
    for name in _JSON:
        if row[name]:
            try:
                task[name] = msgspec.json.decode(row[name])
            except (msgspec.MsgspecError, ValueError, RecursionError):
                return f"the column {name} is not JSON"
    if row["label"] and "accept" not in task:
        task["label"] = row["label"]
    return task | {name: row[name] for name in ("answer", "comment") if row[name]}


class _Writer(Writer):
    """Writes tables."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._tables: dict[str, tuple[io.TextIOWrapper, Any]] = {}
        for part in target.parts:
            stream = target.files.open(target.name(part))
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
            self._tables[part] = text, csv.writer(text, lineterminator="\n")
            self._tables[part][1].writerow(EXPORTED)

    def add(self, fields: Fields, part: str) -> None:
        """Write a row."""
        accept = fields.get("accept")
        label = fields.get("label", "|".join(map(str, accept or ())))
        row = {"text": fields["text"], "label": label, "comment": fields.get("comment", "")}
        row["answer"] = fields.get("answer", "")
        for name in _JSON:
            value = fields.get(name)
            row[name] = "" if value is None else msgspec.json.encode(value).decode()
        self._tables[part][1].writerow([row[name] for name in EXPORTED])

    def close(self) -> Mapping[str, str]:
        """End the tables."""
        for text, _ in self._tables.values():
            text.flush()
            text.detach()
        return {part: self.target.name(part) for part in self._tables}


def _fit(fields: Fields, losses: Losses) -> bool:
    for name in ("comment", "label"):
        if name in fields and not isinstance(fields[name], str):
            losses.lose(f"{name} that is not a text")
            del fields[name]
    if "label" in fields:
        fields.pop("accept", None)
        if not fields["label"]:
            losses.lose("questions without a label")
            del fields["label"]
    in_words = (str(fields.get(name, "")).strip() for name in ("text", "label", "comment"))
    if any(in_words) or any(fields.get(name) is not None for name in ("answer", *_JSON)):
        return True
    # A row of blank cells is none.
    losses.lose("tasks without text")
    return False


_TASKS = Holds(
    frozenset({"spans", "accept", "label", "answer", "meta", "comment"}),
    span=frozenset({OTHERS}),
    fit=_fit,
)

FORMATS = tuple(
    Format(
        name,
        name.upper(),
        tuple(suffix for suffix, between in SUFFIXES.items() if between == delimiter),
        _TASKS if name == "csv" else Holds(frozenset({"meta"})),
        _reader(delimiter),
        writer=_Writer if name == "csv" else None,
        options=(_COLUMN,),
    )
    for name, delimiter in (("csv", None), ("tsv", "\t"))
)
