"""Hugging Face: lines of JSON for `datasets`, with their types in ``features.json`` beside.

``load_dataset("json", data_files=…, features=Features.from_dict(json.load(…)))`` reads both. Spans
have offsets in `spans`; where none overlap, `ner_tags` has the tags of `tokens`, too. Classes are
in `labels`. Read are data sets with `text`, or with `tokens` alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from tui_annotate.formats.conll2003 import entities, iob2
from tui_annotate.formats.decoding import decode_fields
from tui_annotate.formats.format import Format, Place
from tui_annotate.formats.holding import Holds, Losses
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.writing import StreamWriter, Target, Writer
from tui_annotate.task.task import Fields

BESIDE = ".features.json"
TAGS = "ner_tags"
CLASSES = "labels"
LARGEST = 1 << 24
"""Bytes of a file of features."""

_STRING: Fields = {"dtype": "string", "_type": "Value"}
_INT: Fields = {"dtype": "int64", "_type": "Value"}


def _listed(feature: Fields) -> Fields:
    return {"feature": feature, "_type": "List"}


def features(spans: Sequence[str], classes: Sequence[str]) -> Fields:
    """The types of the columns, as `datasets.Features.from_dict` reads them.

    Args:
        spans: The labels of spans.
        classes: The classes.
    """
    tags = ["O", *(f"{side}-{label}" for label in spans for side in "BI")]
    span: Fields = {"start": _INT, "end": _INT, "label": _STRING, "kb_id": _STRING}
    return {
        "text": _STRING,
        "tokens": _listed(_STRING),
        "spans": _listed(span),
        TAGS: _listed({"names": tags, "_type": "ClassLabel"}),
        CLASSES: _listed({"names": list(classes), "_type": "ClassLabel"}),
        "meta": _STRING,
    }


def _reader(place: Place) -> Reader:
    def read(lines: Lines) -> Iterator[Row]:
        names = _names(place.path)
        for number, line in enumerate(lines, start=1):
            if line.strip():
                row = decode_fields(line, "a row")
                yield number, row if isinstance(row, str) else _task(row, names)

    return Reader("Hugging Face", read)


def _names(path: Path | None) -> Mapping[str, list[str]]:
    """The names of classes in each column, where features stand beside a file."""
    if path is None:
        return {}
    stem = path.name.removesuffix(path.suffix)
    for name in (stem, stem.rpartition(".")[0]):
        beside = path.with_name(name + BESIDE)
        try:
            known = json.loads(beside.read_bytes()) if beside.stat().st_size <= LARGEST else {}
        except (OSError, ValueError, RecursionError):
            continue
        found = {}
        for column, feature in known.items() if isinstance(known, dict) else ():
            while isinstance(feature, dict) and "feature" in feature:
                feature = feature["feature"]
            if isinstance(feature, dict) and isinstance(feature.get("names"), list):
                found[column] = [str(name) for name in feature["names"]]
        return found
    return {}


def _task(row: Fields, names: Mapping[str, list[str]]) -> Fields | str:
    words, text = row.get("tokens"), row.get("text")
    has_words = isinstance(words, list) and all(isinstance(word, str) for word in words)
    if not isinstance(text, str):
        if not has_words or not words:
            return "the row has neither text nor tokens"
        text = " ".join(words)
    task: Fields = {"text": text}
    tokens = _tokens(text, words) if has_words and words else []
    if tokens is None:
        return "the tokens are not in the text"
    if tokens:
        task["tokens"] = tokens
    spans = row.get("spans")
    if isinstance(spans, list):
        kept = [span for span in spans if isinstance(span, dict)]
        task["spans"] = [{k: v for k, v in span.items() if v is not None} for span in kept]
    elif isinstance(row.get(TAGS), list) and len(row[TAGS]) == len(tokens):
        tags = [_named(tag, names.get(TAGS, ())) for tag in row[TAGS]]
        if None in tags:
            return f"{TAGS} has a number without a name; put the features beside it ({BESIDE})"
        task["spans"] = [
            {"start": tokens[first]["start"], "end": tokens[last]["end"], "label": label}
            for first, last, label in entities([str(tag) for tag in tags])
        ]
    for column in (CLASSES, "label"):
        if row.get(column) is not None:
            value = row[column] if isinstance(row[column], list) else [row[column]]
            classes = [_named(one, names.get(column, ())) for one in value]
            if None in classes:
                return f"{column} has a number without a name; put the features beside it"
            task["accept"] = classes
            break
    return task | _meta(row)


def _meta(row: Fields) -> Fields:
    known = row.get("meta")
    if isinstance(known, str):
        try:
            known = json.loads(known)
        except (ValueError, RecursionError):
            known = {"meta": known}
    apart = {"text", "tokens", "spans", TAGS, CLASSES, "label", "meta"}
    rest = {name: value for name, value in row.items() if name not in apart}
    meta = (known if isinstance(known, dict) else {}) | rest
    return {"meta": meta} if meta else {}


def _named(value: object, names: Sequence[str]) -> str | None:
    if isinstance(value, str):
        return value
    if type(value) is int and 0 <= value < len(names):
        return names[value]
    return None


def _tokens(text: str, words: Sequence[str]) -> list[Fields] | None:
    tokens: list[Fields] = []
    at = 0
    for word in words:
        start = text.find(word, at)
        if start < 0 or not word or text[at:start].strip():
            return None
        at = start + len(word)
        ws = text[at : at + 1] == " "
        tokens.append({"text": word, "start": start, "end": at, "id": len(tokens), "ws": ws})
    return tokens


class _Writer(StreamWriter):
    """Writes rows, and at the end their types."""

    def __init__(self, target: Target) -> None:
        super().__init__(target, self._row)
        target.files.take(target.name(suffix=BESIDE))
        self._spans = dict.fromkeys(target.offered.spans)
        self._classes = dict.fromkeys(target.offered.classes)
        self._overlapping = target.offered.overlapping

    def _row(self, fields: Fields) -> bytes:
        tokens, spans = fields["tokens"], fields.get("spans")
        row: Fields = {"text": fields["text"], "tokens": [token["text"] for token in tokens]}
        row["spans"] = (spans and [{"kb_id": None, **span} for span in spans]) or spans
        tags = None
        if spans is not None and not self._overlapping:
            self._spans.update(dict.fromkeys(span["label"] for span in spans))
            tags = [self._number(tag) for tag in iob2(tokens, spans)]
        row[TAGS] = tags
        accept = [fields["label"]] if "label" in fields else fields.get("accept")
        row[CLASSES] = None
        if accept is not None:
            self._classes.update(dict.fromkeys(map(str, accept)))
            numbers = {name: number for number, name in enumerate(self._classes)}
            row[CLASSES] = [numbers[str(one)] for one in accept]
        meta = fields.get("meta")
        row["meta"] = None if meta is None else msgspec.json.encode(meta).decode()
        return msgspec.json.encode(row) + b"\n"

    def _number(self, tag: str) -> int:
        """The number of a tag: that of its label, whatever labels there are later."""
        if tag == "O":
            return 0
        side, _, label = tag.partition("-")
        return 1 + 2 * list(self._spans).index(label) + (side == "I")

    def close(self) -> Mapping[str, str | Sequence[str]]:
        """Write the types."""
        types = features([*self._spans], [*self._classes])
        text = json.dumps(types, ensure_ascii=False, indent=1) + "\n"
        self.target.files.write(self.target.name(suffix=BESIDE), text.encode())
        return super().close()


def _fit(fields: Fields, losses: Losses) -> None:
    # What is white space is no token of a data set: its tokens are words.
    fields["tokens"] = [token for token in fields["tokens"] if token["text"].strip()]


def _writer(target: Target) -> Writer:
    return _Writer(target)


FORMATS = (
    Format(
        "hf",
        "Hugging Face",
        (".jsonl",),
        Holds(
            frozenset({"spans", "accept", "label", "meta"}),
            span=frozenset({"kb_id"}),
            token=frozenset(),
            borders=True,
            fit=_fit,
        ),
        _reader,
        writer=_writer,
        sniff=lambda head: f'"{TAGS}"'.encode() in head.split(b"\n", 1)[0],
        notes="rows and a features.json for datasets",
    ),
)
