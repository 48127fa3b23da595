"""CoNLL-2003: a token a line, its entity in the last column, a blank line after a sentence.

Read are IOB1, IOB2, BIOES and BILOU, with two columns or more; written is IOB2, with the four
columns of the shared task: token, part of speech, chunk, entity. The text is not in the file:
it is its tokens with a space between two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from tui_annotate.formats.decoding import decode_text, invalid_bytes
from tui_annotate.formats.format import Format, only
from tui_annotate.formats.holding import UNUSED, Holds, Losses
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.writing import StreamWriter, Target, Writer
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

DOCUMENT = "-DOCSTART-"
_TAG = re.compile(r"[BIESLU]-\S+|O")
_HEAD = re.compile(r"\S+(?:[ \t]+\S+)*[ \t]+(?:[BIESLU]-\S+|O)\s*")


class _Broken(Exception):
    """Something wrong in a sentence: the line, and what."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


def rows(lines: Lines) -> Iterator[Row]:
    """Read sentences, each with the line it begins on."""
    block: list[tuple[int, bytes]] = []
    document = 0
    for number, line in enumerate(chain(lines, [b""]), start=1):
        begins_document = line.startswith(DOCUMENT.encode())
        if line.strip() and not begins_document:
            block.append((number, line))
            continue
        if block:
            try:
                yield block[0][0], _fields(block, document)
            except _Broken as broken:
                yield broken.line, str(broken)
            block = []
        document += begins_document


def _fields(block: Sequence[tuple[int, bytes]], document: int) -> Fields:
    tokens: list[Fields] = []
    tags: list[str] = []
    at = 0
    for number, raw in block:
        line = decode_text(raw)
        if isinstance(line, UnicodeDecodeError):
            raise _Broken(number, invalid_bytes(line))
        word, *columns = line.split()
        if not columns:
            raise _Broken(number, "the line has one column, not a token and its entity")
        if not _TAG.fullmatch(columns[-1]):
            raise _Broken(number, f"{quoted(columns[-1])} is not an entity tag such as B-PER or O")
        tags.append(columns.pop())
        token: Fields = {
            "text": word,
            "start": at,
            "end": at + len(word),
            "id": len(tokens),
            "ws": True,
        }
        for name, value in zip(("tag", "chunk"), columns, strict=False):
            if value not in UNUSED:
                token[name] = value
        tokens.append(token)
        at += len(word) + 1
    tokens[-1]["ws"] = False
    fields: Fields = {"text": " ".join(token["text"] for token in tokens), "tokens": tokens}
    fields["spans"] = [
        {
            "start": tokens[first]["start"],
            "end": tokens[last]["end"],
            "token_start": first,
            "token_end": last,
            "label": label,
        }
        for first, last, label in entities(tags)
    ]
    return fields | {"_document": document} if document else fields


def entities(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The first and last token and the label of each entity, in whichever scheme.

    Args:
        tags: A tag for each token, such as ``B-PER`` or ``O``.
    """
    first, label = 0, ""
    for number, tag in enumerate([*tags, "O"]):
        kind, _, name = tag.partition("-")
        if label and (kind in "BSUO" or name != label):
            yield first, number - 1, label
            label = ""
        if not label and name:
            first, label = number, name
        if kind in "ESLU" and label:
            yield first, number, label
            label = ""


def iob2(
    tokens: Sequence[Mapping[str, object]], spans: Sequence[Mapping[str, object]]
) -> list[str]:
    """The tags of tokens whose spans are on their borders and do not overlap."""
    tags = ["O"] * len(tokens)
    first = {token["start"]: number for number, token in enumerate(tokens)}
    last = {token["end"]: number for number, token in enumerate(tokens)}
    for span in spans:
        begin = first[span["start"]]
        for number in range(begin, last[span["end"]] + 1):
            tags[number] = f"{'B' if number == begin else 'I'}-{span['label']}"
    return tags


class _Writer(StreamWriter):
    def __init__(self, target: Target) -> None:
        super().__init__(target, _encode)
        self._documents: dict[str, object] = {}

    def add(self, fields: Fields, part: str) -> None:
        """Write a sentence, and the line before a document."""
        document = fields.get("_document")
        if document is not None and self._documents.get(part) != document:
            self._streams[part].write(f"{DOCUMENT} -X- O O\n\n".encode())
        self._documents[part] = document
        super().add(fields, part)


def _encode(fields: Fields) -> bytes:
    tokens = fields["tokens"]
    tags = iob2(tokens, fields.get("spans", ()))
    lines = [
        f"{token['text']} {token.get('tag') or '-X-'} {token.get('chunk') or '_'} {tag}\n"
        for token, tag in zip(tokens, tags, strict=True)
    ]
    return "".join([*lines, "\n"]).encode()


def _fit(fields: Fields, losses: Losses) -> None:
    """Change words that would begin a document."""
    for token in fields["tokens"]:
        if token["text"].startswith(DOCUMENT):
            losses.lose(f"tokens that are {DOCUMENT}")
            token["text"] = token["text"].replace("-", "_", 1)


def _is_one(head: bytes) -> bool:
    """Whether a file begins with tokens and their entities."""
    lines = head.decode("utf-8", "replace").split("\n")[:-1][:50]
    filled = [line for line in lines if line.strip() and not line.startswith(DOCUMENT)]
    return len(filled) > 1 and all(_HEAD.fullmatch(line) for line in filled)


def _writer(target: Target) -> Writer:
    return _Writer(target)


FORMATS = (
    Format(
        "conll2003",
        "CoNLL-2003",
        (".conll", ".iob", ".iob2", ".bio"),
        Holds(
            frozenset({"spans", "_document"}),
            token=frozenset({"tag", "chunk"}),
            overlaps=False,
            borders=True,
            plain="",
            text=False,
            fit=_fit,
        ),
        only(Reader("CoNLL-2003", rows)),
        writer=_writer,
        sniff=_is_one,
        notes="tokens, not the text; IOB1, IOB2, BIOES and BILOU in, IOB2 out",
    ),
)
