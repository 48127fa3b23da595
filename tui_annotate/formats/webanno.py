"""WebAnno TSV 3.3, as INCEpTION and WebAnno write it: a file is a document.

A line is a token, ``1-2<TAB>5-7<TAB>is<TAB>…``: the second of the first sentence, from the fifth
UTF-16 unit of the document to before the seventh, then a cell for each feature of each layer. A
line ``1-2.1`` is a part of that token which an annotation ends in. ``#Text=`` has the text of a
sentence: https://inception-project.github.io/releases/38.1/docs/user-guide.html#sect_webannotsv.

One layer is read as spans; parts of speech and lemmas go to the tokens.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Any

import msgspec

from tui_annotate.errors import UsageError
from tui_annotate.formats.annotation import BrokenFile
from tui_annotate.formats.decoding import decode_text, invalid_bytes
from tui_annotate.formats.file_names import FileNames
from tui_annotate.formats.format import Format, Option, Place
from tui_annotate.formats.holding import Holds
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.webanno_cells import (
    IDENTIFIER,
    NONE,
    OF_TOKENS,
    SPANS,
    STACKED,
    Layer,
    layer_of,
    text_out,
    value_out,
)
from tui_annotate.formats.webanno_document import TEXT, Document
from tui_annotate.formats.webanno_fitting import fit_document
from tui_annotate.formats.writing import Target, Writer
from tui_annotate.task.task import Fields
from tui_annotate.wording import printable, quoted

BEGINS = "#FORMAT=WebAnno TSV "
_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})\s*")


def _reader(place: Place) -> Reader:
    def read(lines: Lines) -> Iterator[Row]:
        data = b"".join(lines).removeprefix(b"\xef\xbb\xbf")
        beside = place.path is not None and place.path.suffix.lower() != ".tsv"
        if beside and not data.startswith(BEGINS.encode()):
            place.tell(f"{place.shown}: skipped, for it is no WebAnno TSV")
            return
        try:
            text = decode_text(data)
            if isinstance(text, UnicodeDecodeError):
                line = data.count(b"\n", 0, text.start) + 1
                raise BrokenFile(invalid_bytes(text), line)
            yield 1, _document(text.split("\n"), place)
        except BrokenFile as error:
            yield error.line, str(error)

    return Reader("WebAnno TSV", read)


def _document(lines: Sequence[str], place: Place) -> Fields:
    """The task that a file is.

    Raises:
        BrokenFile: It is no such file.
    """
    wanted, _, feature = (place.options.get("layer") or "").partition(":")
    version = _VERSION.fullmatch(lines[0].removeprefix(BEGINS))
    if not lines[0].startswith(BEGINS) or version is None:
        raise BrokenFile(f"the first line is not {BEGINS}3.3", 1)
    if version[1] != "3":
        raise BrokenFile(f"it is WebAnno TSV {version[1]}, and version 3 is read", 1)
    layers = list[Layer]()
    head = 1
    for head, raw in enumerate(lines[1:], start=2):
        line = raw.rstrip("\r")
        if not line.strip() or not line.startswith("#T_"):
            break
        layer = layer_of(line)
        if layer is None:
            raise BrokenFile(f"{quoted(line)} declares no layer", head)
        layers.append(layer)
    chosen = _chosen(layers, wanted)
    document = Document((int(version[1]), int(version[2])), layers, chosen)
    if wanted and chosen is None:
        there = ", ".join(layer.name for layer in layers if layer.kind == SPANS)
        place.tell(
            f"{place.shown}: there is no layer {printable(wanted, 80)}; "
            f"the layers of spans are {printable(there, 400) or 'none'}"
        )
    elif feature and chosen and chosen.labelling(feature) is None:
        plain = ", ".join(chosen.plain)
        raise BrokenFile(f"the layer has no feature {quoted(feature)} but {quoted(plain)}", 1)
    for number, raw in enumerate(lines[head - 1 :], start=head):
        document.take(number, raw.rstrip("\r"))
    fields = document.fields(feature or None, len(lines))
    if left := [*document.left_out()]:
        place.tell(f"{place.shown}: left out {', '.join(map(printable, left))}")
    if place.path is not None:
        fields["meta"] = {"id": place.path.stem}
    return fields


def _chosen(layers: Sequence[Layer], wanted: str) -> Layer | None:
    """The layer that is read as spans: the one that is named, else the first that is like spans."""
    of_spans = [layer for layer in layers if layer.kind == SPANS]
    if wanted:
        return next((one for one in of_spans if wanted in (one.name, one.short)), None)
    by_rank = sorted(
        (layer for layer in of_spans if layer.name not in OF_TOKENS),
        key=lambda layer: (layer.of_words, layer.labelling() is None),
    )
    return next(iter(by_rank), None)


class _Written(msgspec.Struct, frozen=True):
    """The layer that spans are written in, and the feature that has their labels."""

    layer: str
    feature: str


def _written(wanted: str | None) -> _Written:
    name, _, feature = (wanted or "").partition(":")
    if not name or name == _ENTITIES.rpartition(".")[2]:
        name = _ENTITIES
    return _Written(name if "." in name else _CUSTOM + name, feature or "value")


_ENTITIES = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
"""The layer for names, which every project has."""

_CUSTOM = "webanno.custom."
"""What the names of layers begin with that somebody made for a project."""


class _Writer(Writer):
    """Writes a file for each task."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._written = _written(target.options.get("layer"))
        self._names: dict[str, list[str]] = {part: [] for part in target.parts}
        self._file_names = FileNames()

    def add(self, fields: Fields, part: str) -> None:
        """Write the next file."""
        name = self._file_names.of(fields, part) + ".tsv"
        self.target.files.write(name, "".join(_lines(fields, self._written)).encode())
        self._names[part].append(name)

    def close(self) -> Mapping[str, list[str]]:
        """All is written."""
        return self._names


class _Cell(msgspec.Struct):
    """A token or a part of one, in code points, and the spans on it."""

    start: int
    end: int
    spans: list[int] = []


def _lines(fields: Fields, written: _Written) -> Iterator[str]:
    """The lines of a file."""
    text: str = fields["text"]
    tokens: list[Fields] = fields["tokens"]
    spans: list[Fields] = fields.get("spans") or []
    columns = _columns(spans, written)
    said = [layer for layer in OF_TOKENS if any(_said(layer, token) for token in tokens)]
    yield f"{BEGINS}3.3\n"
    if spans:
        yield f"#T_SP={written.layer}|{'|'.join(columns)}\n"
    for layer in said:
        yield f"#T_SP={layer}|{'|'.join(OF_TOKENS[layer])}\n"
    yield "\n"
    units = [0, *accumulate(1 + (letter > "\uffff") for letter in text)]
    cells = _cells(tokens, spans)
    numbers = _numbers(cells)
    for number, (first, last, end) in enumerate(_sentences(text, tokens), start=1):
        yield "\n"
        for line in text[tokens[first]["start"] : end].split("\n"):
            yield f"{TEXT}{text_out(line)}\n"
        for place in range(first, last):
            of_token = [_said(layer, tokens[place]) for layer in said]
            for part, cell in enumerate(cells[place]):
                name = f"{number}-{place - first + 1}" + (f".{part}" if part else "")
                row = [name, f"{units[cell.start]}-{units[cell.end]}", text[cell.start : cell.end]]
                if spans:
                    row += [_values(column, cell, columns, spans, numbers) for column in columns]
                for layer, values in zip(said, of_token, strict=True):
                    filled = values and not part
                    row += [
                        value_out(values.get(name)) if filled else NONE for name in OF_TOKENS[layer]
                    ]
                yield "\t".join(row) + "\t\n"


def _said(layer: str, token: Mapping[str, Any]) -> dict[str, str]:
    """What a token has for the features of a layer."""
    return {name: token[field] for name, field in OF_TOKENS[layer].items() if token.get(field)}


def _columns(spans: Sequence[Fields], written: _Written) -> dict[str, Callable[[Fields], Any]]:
    """The features of the spans, each with what gives its value."""
    found: dict[str, Callable[[Fields], Any]] = {written.feature: itemgetter("label")}
    if written.layer == _ENTITIES or any("kb_id" in span for span in spans):
        found[IDENTIFIER] = lambda span: span.get("kb_id")
    for name in dict.fromkeys(name for span in spans for name in span.get("attributes", ())):
        if name == written.feature:
            raise UsageError(
                f"spans have an attribute {name!r}, too", where="--layer", do="name another feature"
            )
        found[name] = partial(_attribute, name)
    return dict(sorted(found.items()))


def _attribute(name: str, span: Fields) -> str | None:
    value: str | None = span.get("attributes", {}).get(name)
    return value


def _cells(tokens: Sequence[Fields], spans: Sequence[Fields]) -> list[list[_Cell]]:
    """For each token itself, and the parts of it that spans cover, each with the spans on it."""
    found = [[_Cell(token["start"], token["end"], [])] for token in tokens]
    ends = [token["end"] for token in tokens]
    for number, span in enumerate(spans):
        place = bisect_right(ends, span["start"])
        while place < len(tokens) and tokens[place]["start"] < span["end"]:
            start = max(span["start"], tokens[place]["start"])
            end = min(span["end"], ends[place])
            for cell in found[place]:
                if (cell.start, cell.end) == (start, end):
                    break
            else:
                cell = _Cell(start, end, [])
                found[place].append(cell)
            cell.spans.append(number)
            place += 1
    for of_token in found:
        of_token[1:] = sorted(of_token[1:], key=lambda cell: (cell.start, cell.end))
    return found


def _numbers(cells: Sequence[Sequence[_Cell]]) -> dict[int, int]:
    """The numbers that spans have which stand in several cells, or in one with others."""
    every = [cell.spans for of_token in cells for cell in of_token]
    often = Counter(span for spans in every for span in spans)
    found: dict[int, int] = {}
    for spans in every:
        for span in spans:
            if len(spans) > 1 or often[span] > 1:
                found.setdefault(span, len(found) + 1)
    return found


def _sentences(text: str, tokens: Sequence[Fields]) -> Iterator[tuple[int, int, int]]:
    """The lines of a text as sentences: the first token, the one behind the last, and the end.

    A sentence begins at its first token, and what is before is read as a line end with blanks.
    Where it is something else, it stands within a sentence.
    """
    first = 0
    for place, (before, token) in enumerate(pairwise(tokens), start=1):
        end = text.rfind("\n", before["end"], token["start"])
        if end >= 0 and not text[end + 1 : token["start"]].strip(" "):
            yield first, place, end
            first = place
    yield first, len(tokens), len(text)


def _values(
    column: str,
    cell: _Cell,
    columns: Mapping[str, Callable[[Fields], Any]],
    spans: Sequence[Fields],
    numbers: Mapping[int, int],
) -> str:
    values = []
    for span in cell.spans:
        number = f"[{numbers[span]}]" if span in numbers else ""
        values.append(value_out(columns[column](spans[span])) + number)
    return STACKED.join(values) if values else NONE


def _is_one(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").startswith(BEGINS.encode())


def _layer(typed: str) -> str:
    """A layer, and after a colon its feature, as they were typed."""
    if not _LAYER.fullmatch(typed) or typed.endswith(f":{IDENTIFIER}"):
        raise UsageError(
            f"{printable(typed, 80)!r} is no layer with a feature",
            where="--layer",
            do="write it like webanno.custom.Span or webanno.custom.Span:value",
        )
    return typed


_LAYER = re.compile(r"\w+(\.\w+)*(:[A-Za-z]\w*)?")

FORMATS = (
    Format(
        "webanno",
        "WebAnno TSV 3.3",
        (".tsv",),
        Holds(
            frozenset({"spans", "meta"}),
            span=frozenset({"kb_id", "attributes"}),
            token=frozenset({"tag", "pos", "lemma"}),
            fit=fit_document,
        ),
        _reader,
        writer=_Writer,
        sniff=_is_one,
        folder=True,
        options=(
            Option(
                "--layer",
                "The layer whose annotations are the spans; a colon and the feature that is "
                "the label may follow.",
                "NAME",
                read=_layer,
                reading=True,
            ),
            Option(
                "--layer",
                "The layer of the spans (default: NamedEntity); a colon and the feature that is "
                "the label may follow.",
                "NAME",
                read=_layer,
            ),
        ),
        notes="INCEpTION and WebAnno; a file for each text",
    ),
)
