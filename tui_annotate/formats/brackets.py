r"""Plain text with its spans in brackets: ``[Ada](PERSON) met [Bo](PERSON).``, a line a text.

A backslash stands before a bracket or a backslash of the text itself; ``\n`` is a line break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_annotate.formats.decoding import decode_text, invalid_bytes
from tui_annotate.formats.format import Format, only
from tui_annotate.formats.holding import Holds, Losses
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.writing import StreamWriter, Target, Writer
from tui_annotate.task.task import Fields

_SPECIAL = re.compile(r"[\[\]()\\\n\r]")
_BREAKS = {"\n": "n", "\r": "r"}
_LETTERS = {"n": "\n", "r": "\r"}
_PIECE = re.compile(r"\\(?P<escaped>.)|\[|\](?:\((?P<label>(?:\\.|[^()\\])+)\))?|[^\[\]\\]+|\\")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + _BREAKS.get(found[0], found[0]), text)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _LETTERS.get(found[1], found[1]), text)


def rows(lines: Lines) -> Iterator[Row]:
    """Read texts with their spans; brackets that label nothing are part of the text."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        text = decode_text(line.removesuffix(b"\n").removesuffix(b"\r"))
        if isinstance(text, UnicodeDecodeError):
            yield number, invalid_bytes(text)
        else:
            yield number, _task(text)


def _task(line: str) -> Fields:
    text = ""
    spans: list[Fields] = []
    open_at: int | None = None
    for piece in _PIECE.finditer(line):
        if piece["escaped"] is not None:
            text += _LETTERS.get(piece["escaped"], piece["escaped"])
        elif piece[0] == "[":
            # One that is not closed by a label is part of the text.
            if open_at is not None:
                text = text[:open_at] + "[" + text[open_at:]
            open_at = len(text)
        elif piece["label"] is not None and open_at is not None:
            spans.append({"start": open_at, "end": len(text), "label": _plain(piece["label"])})
            open_at = None
        else:
            if open_at is not None and piece[0].startswith("]"):
                text = text[:open_at] + "[" + text[open_at:]
                open_at = None
            text += _plain(piece[0]) if piece["label"] is not None else piece[0]
    if open_at is not None:
        text = text[:open_at] + "[" + text[open_at:]
    return {"text": text, "spans": [span for span in spans if span["start"] < span["end"]]}


def _fit(fields: Fields, losses: Losses) -> bool:
    kept = []
    for span in fields.get("spans") or ():
        if span["label"]:
            kept.append(span)
        else:
            losses.lose("spans without a label")
    if "spans" in fields:
        fields["spans"] = kept
    if not fields["text"].strip():
        losses.lose("tasks without text")
        return False
    return True


def _encode(fields: Fields) -> bytes:
    text = fields["text"]
    made, at = [], 0
    for span in fields.get("spans") or ():
        made.append(_escaped(text[at : span["start"]]))
        inner = _escaped(text[span["start"] : span["end"]])
        made.append(f"[{inner}]({_escaped(span['label'])})")
        at = span["end"]
    return f"{''.join([*made, _escaped(text[at:])])}\n".encode()


def _writer(target: Target) -> Writer:
    return StreamWriter(target, _encode)


FORMATS = (
    Format(
        "brackets",
        "text with brackets",
        (".txt",),
        Holds(frozenset({"spans"}), overlaps=False, fit=_fit),
        only(Reader("text with brackets", rows)),
        writer=_writer,
        notes="a label after each span; only with `--from brackets`",
    ),
)
