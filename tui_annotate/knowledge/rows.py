"""Entities from CSV, TSV and JSONL, however their columns are called."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.formats.decoding import decode_fields, decode_text, invalid_bytes
from tui_annotate.knowledge.entity import NIL
from tui_annotate.wording import quoted, reason

_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "kb_id", "entity_id", "qid", "identifier", "entity", "key"),
    "name": ("name", "label", "title", "text", "term", "preferred", "entity_name"),
    "aliases": ("aliases", "alias", "synonyms", "synonym", "names", "also_known_as"),
    "description": ("description", "desc", "definition", "about", "gloss"),
    "prior": ("prior", "probability", "freq", "frequency", "count", "popularity", "sitelinks"),
    "url": ("url", "uri", "link", "iri"),
}
COLUMNS = tuple(_NAMES)
"""What a column can be."""

_LINES = (".jsonl", ".ndjson")
_TABLES = (".csv", ".tsv", ".tab")
_SUFFIXES = (*_LINES, *_TABLES)
_SNIFFED = 200
_DELIMITERS = ",;\t|"
_BETWEEN_ALIASES = "|"
_DIGITS = re.compile(r"\d+")
NIL_ENTITY = f"this entity has the id {NIL}, which is written for a mention without an entity"


@dataclass(frozen=True, slots=True)
class Row:
    """An entity as a file has it.

    Attributes:
        id: Its id.
        name: Its name.
        description: A few words on it.
        aliases: Its other names, each with how often it means this entity, where that is known.
        prior: How often it is meant.
        url: Where to read about it.
    """

    id: str
    name: str
    description: str = ""
    aliases: tuple[tuple[str, float | None], ...] = ()
    prior: float | None = None
    url: str = ""


Told = Callable[[int], None]


def is_table(path: Path) -> bool:
    """Whether a file is called as tables of entities are."""
    return Path(path.name.removesuffix(".gz")).suffix in _SUFFIXES


def read_rows(
    path: Path, *, columns: Sequence[str] | None = None, told: Told = lambda position: None
) -> Iterator[Row]:
    """The entities of a file.

    Args:
        path: CSV, TSV or JSONL, each also as ``.gz``.
        columns: What the columns of a table are, where that cannot be seen.
        told: Told now and then how many bytes of the file were read.

    Raises:
        AnnotateError: The file cannot be read or a line is wrong; it is named.
    """
    name = path.name.removesuffix(".gz")
    try:
        with ExitStack() as stack:
            raw = stack.enter_context(open(path, "rb"))
            whole: Iterable[bytes] = raw
            if path.name.endswith(".gz"):
                whole = stack.enter_context(gzip.open(raw))
            lines = _lines(whole, lambda: told(raw.tell()))
            if Path(name).suffix in _LINES:
                yield from _objects(lines, str(path))
            elif Path(name).suffix in _TABLES:
                delimiter = None if name.endswith(".csv") else "\t"
                yield from _table(lines, str(path), delimiter, columns)
            else:
                raise UsageError(
                    "this is neither CSV, TSV nor JSONL",
                    where=str(path),
                    do="name the file .csv, .tsv or .jsonl",
                )
    except (OSError, EOFError, zlib.error) as error:
        raise AnnotateError(
            f"the entities cannot be read ({reason(error)})", where=str(path)
        ) from error


def _lines(raw: Iterable[bytes], told: Callable[[], None]) -> Iterator[bytes]:
    for number, line in enumerate(raw):
        if not number:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if number % 1000 == 0:
            told()
        yield line


_USED = frozenset(key for keys in _NAMES.values() for key in keys)


def _objects(lines: Iterable[bytes], path: str) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        fields = decode_fields(line, "an entity", _USED)
        if isinstance(fields, str):
            raise AnnotateError(fields, where=where)
        found = {
            column: next((fields[key] for key in keys if fields.get(key) is not None), None)
            for column, keys in _NAMES.items()
        }
        yield _row(found, where)


def _table(
    lines: Iterable[bytes], path: str, delimiter: str | None, columns: Sequence[str] | None
) -> Iterator[Row]:
    csv.field_size_limit(1 << 26)
    text = _decoded(lines, path)
    first = next((line for line in text if line.strip()), None)
    if first is None:
        return
    delimiter = delimiter or max(_DELIMITERS, key=lambda mark: (first.count(mark), mark == ","))
    reader = csv.reader(chain([first], text), delimiter=delimiter, strict=True)
    cells = _cells(reader, path)
    head = list(islice(cells, _SNIFFED))
    rows = [row for _, row in head]
    header = _header(rows[0])
    if header is not None or _is_like_header(rows):
        if header is None and columns is None:
            raise UsageError(
                f"this row looks like a header ({', '.join(map(quoted, rows[0][:4]))}), but it "
                "does not say which columns are id and name",
                where=f"{path}:{head[0][0]}",
                do="call them id and name, or say what they are: --columns id,name",
            )
        del head[0]
    columns = columns or header or _guessed(rows, path)
    for number, row in chain(head, cells):
        where = f"{path}:{number}"
        if len(row) > len(columns):
            raise AnnotateError(
                f"{len(row)} cells where there are {len(columns)} columns",
                where=where,
                do="quote cells that hold the delimiter",
            )
        yield _row(dict(zip(columns, row, strict=False)), where)


def _decoded(lines: Iterable[bytes], path: str) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        text = decode_text(line)
        if isinstance(text, UnicodeDecodeError):
            raise AnnotateError(invalid_bytes(text), where=f"{path}:{number}")
        yield text


def _cells(reader: Any, path: str) -> Iterator[tuple[int, list[str]]]:
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error:
            raise AnnotateError(
                "broken table: the quotes of this row do not fit",
                where=f"{path}:{number}",
                do="close each quote, and double those inside a quoted cell",
            ) from None
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield number, row


def _header(cells: Sequence[str]) -> list[str] | None:
    """What the columns are called, if the first row says so; unknown ones are left out."""
    found = []
    for cell in cells:
        column = next((name for name, names in _NAMES.items() if _folded(cell) in names), "")
        found.append(column if column not in found else "")
    return found if "id" in found and "name" in found else None


def _is_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns, though not those of id and name by names known here."""
    first = [cell.strip() for cell in rows[0]]
    if any(map(str.isdigit, "".join(first))):
        return False
    known = sum(any(_folded(cell) in names for names in _NAMES.values()) for cell in first)
    if 2 * known > len(first):
        return True
    # Q1, Q2, Q3 below something else.
    shapes = {_DIGITS.sub("0", row[0].strip()) for row in rows[1:]}
    return len(rows) > (1 if known else 2) and len(shapes) == 1 and "0" in shapes.pop()


def _folded(cell: str) -> str:
    return cell.strip().casefold().replace(" ", "_")


def _guessed(rows: Sequence[Sequence[str]], path: str) -> list[str]:
    """What the columns of a table without a header are: id, name, then by what stands in them."""
    width = max(len(row) for row in rows)
    if width < 2:
        raise UsageError(
            "this table has one column, and an entity needs an id and a name",
            where=path,
            do="write id,name,description in each row, or name the columns in the first",
        )
    columns = ["id", "name"]
    for at in range(2, width):
        values = [row[at].strip() for row in rows if at < len(row) and row[at].strip()]
        if values and all(value.startswith(("http://", "https://")) for value in values):
            column = "url"
        elif values and all(_number(value) is not None for value in values):
            column = "prior"
        elif any(_BETWEEN_ALIASES in value for value in values):
            column = "aliases"
        else:
            column = "description"
        columns.append(column if column not in columns else "")
    return columns


def _number(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if abs(number) < 1e300 else None


def _row(fields: Mapping[str, Any], where: str) -> Row:
    id_, name = _string(fields.get("id")), _string(fields.get("name"))
    aliases = list(_aliases(fields.get("aliases")))
    if not name and aliases:
        name = aliases[0][0]
    for what, value in (("id", id_), ("name", name)):
        if not value:
            raise AnnotateError(
                f"this entity has no {what}",
                where=where,
                do="every entity needs an id and a name",
            )
    if id_ == NIL:
        raise AnnotateError(NIL_ENTITY, where=where, do="leave it out, or give it another id")
    prior = fields.get("prior")
    number = None
    if prior not in (None, ""):
        number = _number(prior)
        if number is None:
            raise AnnotateError("the prior of this entity is not a number", where=where)
    return Row(
        id_,
        name,
        _string(fields.get("description")),
        tuple((text, of_alias) for text, of_alias in aliases if text != name),
        number,
        _string(fields.get("url")),
    )


def _string(value: object) -> str:
    if isinstance(value, str):
        # One line each: names stand in rows of a list, and \n parts aliases in the file.
        return " ".join(value.replace("\0", " ").split())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def _aliases(value: object) -> Iterator[tuple[str, float | None]]:
    """Names as ``a|b``, a list of strings or of objects, or an object of names and priors."""
    given: Iterable[Any] = ()
    if isinstance(value, str):
        given = value.split(_BETWEEN_ALIASES)
    elif isinstance(value, list):
        given = value
    elif isinstance(value, dict):
        given = [{"name": name, "prior": prior} for name, prior in value.items()]
    for item in given:
        prior = None
        if isinstance(item, dict):
            prior = _number(item.get("prior", item.get("prob")))
            item = item.get("name") or item.get("alias") or item.get("text")
        if name := _string(item):
            yield name, prior
