"""A file of WebAnno TSV 3, line by line, to the fields of a task."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from tui_annotate.formats.annotation import BrokenFile
from tui_annotate.formats.webanno_cells import (
    CHAINS,
    IDENTIFIER,
    NONE,
    OF_TOKENS,
    RELATIONS,
    ROLE,
    Layer,
    numbered,
    parts,
    text_in,
    value_in,
)
from tui_annotate.task.task import Fields
from tui_annotate.wording import counted, quoted

TEXT, SENTENCE_ID = "#Text=", "#Sentence.id="
"""What the lines of a sentence's text, and of its id, begin with."""

_UNIT = re.compile(r"\d+-\d+(\.\d+)?")
_OFFSETS = re.compile(r"(\d{1,9})-(\d{1,9})")
_CHAINED = re.compile(r"->(\d+-\d+)$")
_GAPS = 1_000_000
"""UTF-16 units of a document that are in no sentence; more are a mistake."""


class _Annotation(msgspec.Struct):
    """An annotation of a layer: where it is, in UTF-16 units, and the values it has."""

    start: int
    end: int
    values: dict[str, str] = {}
    slots: int = 0


class _Found(msgspec.Struct):
    """What was found of a layer: its annotations, by number or by line, and links of chains."""

    layer: Layer
    annotations: dict[object, _Annotation] = {}
    links: set[str] = set()


def _annotate(found: _Found, cells: Sequence[str], number: int, start: int, end: int) -> None:
    """Take in what a token, or a part of one, says of a layer of spans."""
    here: list[_Annotation] = []
    layer = found.layer
    for at, (feature, cell) in enumerate(zip(layer.features, cells, strict=True)):
        if cell == NONE:
            continue
        fills = at > 0 and layer.features[at - 1].startswith(ROLE)
        for index, part in enumerate(parts(cell)):
            # Numbers of what fills a slot are others.
            raw, known = (part, None) if fills else numbered(part)
            if index == len(here):
                key = (number, index) if known is None else known
                one = found.annotations.setdefault(key, _Annotation(start, end))
                one.start, one.end = min(one.start, start), max(one.end, end)
                here.append(one)
            if feature.startswith(ROLE):
                here[index].slots = len(parts(raw, ";")) if raw != NONE else 0
            elif feature and not fills and (value := value_in(raw)) is not None:
                here[index].values[feature] = value


class Document:
    """What was read so far of a file.

    Args:
        version: The version of the format.
        layers: Those that the head declares, in its order.
        chosen: The one that is read as spans.
    """

    def __init__(
        self, version: tuple[int, int], layers: Sequence[Layer], chosen: Layer | None
    ) -> None:
        self._chosen = chosen
        self._version = version
        self._columns = sum(len(layer.features) for layer in layers)
        self._found = [_Found(layer) for layer in layers]
        self._relations = self._ids = self._comments = self._gaps = 0
        self._points: list[int] = [0]
        """Of each UTF-16 unit so far, and of the end, the code point that it belongs to."""
        self._sentence, self._base = "", 0
        """The text of the sentence, and the code point that it begins at."""
        self._pieces: list[str] = []
        self._pending: list[str] = []
        self._tokens: list[Fields] = []
        self._places: dict[tuple[int, int], int] = {}

    def take(self, number: int, line: str) -> None:
        """Take in a line after the head.

        Raises:
            BrokenFile: It is none that such a file has.
        """
        if line.startswith(TEXT):
            self._pending.append(text_in(line.removeprefix(TEXT), self._version))
        elif line.startswith(SENTENCE_ID):
            self._ids += 1
        elif line.startswith("#"):
            self._comments += 1
        elif line.strip():
            self._row(number, line.removesuffix("\t").split("\t"))
        elif "".join(self._pending).strip():
            raise BrokenFile("the sentence before has no tokens, which say where it is", number)

    def _row(self, number: int, cells: list[str]) -> None:
        # A token with a tab in it has it as it is.
        first = len(cells) - self._columns
        unit = _UNIT.fullmatch(cells[0])
        offsets = _OFFSETS.fullmatch(cells[1]) if len(cells) > 1 else None
        if unit is None or offsets is None:
            raise BrokenFile(f"{quoted(cells[0])} begins no token, such as 1-1 with 0-4", number)
        if first < 2 + bool(self._columns):
            raise BrokenFile(
                f"the token has {counted(len(cells) - 3, 'cell')}, "
                f"and the layers have {counted(self._columns, 'column')}",
                number,
            )
        said = "\t".join(cells[2:first])
        start, end = int(offsets[1]), int(offsets[2])
        if self._pending:
            self._begin(number, start, said)
        if not start <= end < len(self._points) or self._points[start] < self._base:
            raise BrokenFile(f"{start} to {end} is not within the sentence", number)
        there = self._sentence[self._points[start] - self._base : self._points[end] - self._base]
        if there != said:
            raise BrokenFile(
                f"it says {quoted(said)}, and {quoted(there)} stands there in the text", number
            )
        if unit[1] is None:
            self._token(number, start, end)
        at = first
        for found in self._found:
            cells_of = cells[at : at + len(found.layer.features)]
            at += len(cells_of)
            if found.layer.kind == CHAINS:
                values = [one for cell in cells_of for one in parts(cell)]
                found.links.update(link[1] for one in values if (link := _CHAINED.search(one)))
            elif found.layer.kind == RELATIONS:
                self._relations += len(parts(cells_of[-1])) if cells_of[-1] != NONE else 0
            else:
                _annotate(found, cells_of, number, start, end)

    def _begin(self, number: int, start: int, said: str) -> None:
        """Put the text of a sentence where its first token says that it is."""
        sentence = "\n".join(self._pending)
        self._pending.clear()
        before = sentence[: len(sentence) - len(sentence.lstrip())]
        if not sentence.startswith(said):
            start -= len(before)
        gap = start - (len(self._points) - 1)
        self._gaps += max(gap, 0)
        if gap < 0 or self._gaps > _GAPS:
            raise BrokenFile(
                f"the sentence begins at {start}, and the text so far ends at "
                f"{len(self._points) - 1}",
                number,
            )
        # What is between sentences is not in the file; INCEpTION reads it as this, too.
        filled = " " * gap if not self._pieces or not gap else "\n" + " " * (gap - 1)
        self._base = self._points.pop()
        for at, letter in enumerate(filled + sentence, start=self._base):
            self._points += [at] if letter <= "\uffff" else [at, at]
        self._base += len(filled)
        self._points.append(self._base + len(sentence))
        self._pieces += [filled, sentence]
        self._sentence = sentence

    def _token(self, number: int, start: int, end: int) -> None:
        begin, stop = self._points[start], self._points[end]
        if begin == stop or (self._tokens and begin < self._tokens[-1]["end"]):
            raise BrokenFile("the token is empty, or not behind the one before", number)
        self._places[start, end] = len(self._tokens)
        self._tokens.append(
            {
                "text": self._sentence[begin - self._base : stop - self._base],
                "start": begin,
                "end": stop,
                "id": len(self._tokens),
                "ws": False,
            }
        )

    def fields(self, feature: str | None, last: int) -> Fields:
        """The task.

        Args:
            feature: The one whose value is the label; None for the usual one.
            last: The number of the last line.

        Raises:
            BrokenFile: There is no token.
        """
        if not self._tokens or "".join(self._pending).strip():
            raise BrokenFile("a sentence with tokens is expected, and the file ends", last)
        text = "".join(self._pieces)
        for token in self._tokens:
            token["ws"] = text[token["end"] : token["end"] + 1] == " "
        self._tag()
        spans: list[Fields] = []
        if self._chosen is not None:
            label = self._chosen.labelling(feature)
            spans = [
                self._span(one, label)
                for found in self._found
                if found.layer == self._chosen
                for one in found.annotations.values()
                if one.start < one.end
            ]
        spans.sort(key=lambda span: (span["start"], -span["end"]))
        return {"text": text, "tokens": self._tokens, "spans": spans}

    def _span(self, one: _Annotation, feature: str | None) -> Fields:
        assert self._chosen is not None
        values = dict(one.values)
        label = values.pop(feature, None) if feature else None
        span: Fields = {"start": self._points[one.start], "end": self._points[one.end]}
        span["label"] = self._chosen.short if label is None else label
        if entity := values.pop(IDENTIFIER, None):
            span["kb_id"] = entity
        return span | ({"attributes": values} if values else {})

    def _tag(self) -> None:
        """Give tokens what layers say of them; those annotations are then no longer left."""
        for found in self._found:
            names = OF_TOKENS.get(found.layer.name)
            if names is None or found.layer == self._chosen:
                continue
            for key, one in [*found.annotations.items()]:
                place = self._places.get((one.start, one.end))
                said = {names[name]: one.values[name] for name in one.values if name in names}
                if place is None or not said or len(said) < len(one.values):
                    continue
                token = self._tokens[place]
                if not said.keys() & token.keys():
                    token |= said
                    del found.annotations[key]

    def left_out(self) -> Iterator[str]:
        """What of the file the task does not have, each kind with how many there are."""
        for found in self._found:
            layer, annotations = found.layer, found.annotations
            if found.links:
                yield f"{counted(len(found.links), 'link')} of the chain layer {layer.name}"
            if layer != self._chosen and annotations:
                what = counted(len(annotations), "annotation")
                yield f"{what} of the layer {layer.name} (read with --layer {layer.short})"
            elif empty := sum(one.start == one.end for one in annotations.values()):
                yield counted(empty, "annotation of no length", "annotations of no length")
            if slots := sum(one.slots for one in annotations.values()):
                yield f"{counted(slots, 'slot')} of the layer {layer.name}"
        for count, what in (
            (self._relations, "relation"),
            (self._ids, "sentence id"),
            (self._comments, "comment"),
        ):
            if count:
                yield counted(count, what)
