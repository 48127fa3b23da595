"""fastText: a line a text, its classes before it as ``__label__NAME``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_annotate.formats.decoding import decode_text, invalid_bytes
from tui_annotate.formats.format import Format, only
from tui_annotate.formats.holding import Holds, Losses
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.writing import StreamWriter, Target, Writer
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

PREFIX = "__label__"
_BREAK = re.compile(r"[\n\r\v\f]")


def rows(lines: Lines) -> Iterator[Row]:
    """Read texts and their classes."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        text = decode_text(line.removesuffix(b"\n").removesuffix(b"\r"))
        if isinstance(text, UnicodeDecodeError):
            yield number, invalid_bytes(text)
            continue
        classes = []
        while text.startswith(PREFIX):
            label, _, text = text.partition(" ")
            classes.append(label.removeprefix(PREFIX))
        yield number, {"text": text, "accept": classes} if classes else {"text": text}


def _fit(fields: Fields, losses: Losses) -> bool:
    text: str = fields["text"]
    if _BREAK.search(text):
        losses.lose("line breaks in texts")
        fields["text"] = text = _BREAK.sub(" ", text)
    named = [fields.pop("label")] if "label" in fields else fields.pop("accept", None) or []
    classes = []
    for label in map(str, named):
        word = "_".join(label.split())
        if word != label:
            losses.lose("classes with white space", quoted(label))
        if word:
            classes.append(word)
    fields["accept"] = classes
    if text.startswith(PREFIX):
        losses.lose(f"texts that begin with {PREFIX}")
        return False
    if not text.strip() and not classes:
        losses.lose("tasks without text and class")
        return False
    return True


def _encode(fields: Fields) -> bytes:
    words = [f"{PREFIX}{label}" for label in fields["accept"]]
    return f"{' '.join([*words, fields['text']])}\n".encode()


def _is_one(head: bytes) -> bool:
    lines = [line for line in head.split(b"\n")[:-1] or [head] if line.strip()]
    return bool(lines) and all(line.startswith(PREFIX.encode()) for line in lines)


def _writer(target: Target) -> Writer:
    return StreamWriter(target, _encode)


FORMATS = (
    Format(
        "fasttext",
        "fastText",
        (".txt", ".ft"),
        Holds(frozenset({"accept", "label"}), fit=_fit),
        only(Reader("fastText", rows)),
        writer=_writer,
        sniff=_is_one,
    ),
)
