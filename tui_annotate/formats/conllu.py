"""CoNLL-U: a sentence is a task, its words are the tokens, with their tags.

The text is that of ``# text``, never changed; every word is looked up in it.
A multiword token gives one token for each of its words where their forms make
up its own ("don't"), else one with the tags of all of them (French "au":
``ADP+DET``). Empty nodes have no place in the text and are passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import msgspec

from tui_annotate.formats.decoding import decode_text, invalid_bytes
from tui_annotate.formats.format import Format, only
from tui_annotate.formats.holding import Holds
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.inventory.tagset import JOINT
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

SUFFIX = ".conllu"
COLUMNS = 10
_TEXT = re.compile(r"#\s*text\s*=\s?(.*)", re.DOTALL)
_SENT_ID = re.compile(r"#\s*sent_id\s*=\s*(.*?)\s*$")
_ID = re.compile(r"(\d+)(?:([-.])(\d+))?")


class _Broken(Exception):
    """Something wrong in a sentence: the line, and what."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


class _Word(msgspec.Struct):
    form: str
    pos: str
    tag: str


class _Unit(msgspec.Struct):
    """What stands in the text: a word, or a multiword token with its words."""

    line: int
    form: str
    space: bool
    words: list[_Word] = msgspec.field(default_factory=list)
    last: int | None = None
    name: str | None = None


def conllu_rows(lines: Lines) -> Iterator[Row]:
    """Read sentences, each with the line it begins on."""
    block: list[tuple[int, bytes]] = []
    for number, line in enumerate(chain(lines, [b""]), start=1):
        if line.strip():
            block.append((number, line))
        elif block:
            try:
                fields = _fields(block)
            except _Broken as broken:
                yield broken.line, str(broken)
            else:
                if fields is not None:
                    yield block[0][0], fields
            block = []


def _fields(block: Sequence[tuple[int, bytes]]) -> Fields | None:
    text: str | None = None
    meta: dict[str, Any] = {}
    units: list[_Unit] = []
    words = 0
    for number, raw in block:
        line = decode_text(raw.rstrip(b"\r\n"))
        if isinstance(line, UnicodeDecodeError):
            raise _Broken(number, invalid_bytes(line))
        if line.startswith("#"):
            if found := _TEXT.match(line):
                text = found[1]
            elif found := _SENT_ID.match(line):
                meta["sent_id"] = found[1]
            continue
        words = _take(number, line, units, words)
    if not units:
        return None
    open_one = units[-1]
    if open_one.last is not None and open_one.last > words:
        raise _Broken(
            open_one.line, f"the multiword token {open_one.name} has words that are missing"
        )
    if text is None:
        text = "".join(unit.form + " " * unit.space for unit in units).rstrip(" ")
    fields: Fields = {"text": text, "tokens": _tokens(text, units)}
    return fields | {"meta": meta} if meta else fields


def _take(number: int, line: str, units: list[_Unit], words: int) -> int:
    """Take in a line of ten columns; how many words there are now."""
    columns = line.split("\t")
    if len(columns) != COLUMNS:
        spaces = len(columns) == 1 and len(line.split()) >= COLUMNS
        what = (
            "its columns are separated by spaces, not tabs"
            if spaces
            else f"a word has {len(columns)} columns, not {COLUMNS}"
        )
        raise _Broken(number, what)
    name, form, _, pos, tag = columns[:5]
    parsed = _ID.fullmatch(name)
    if parsed is None:
        raise _Broken(number, f"{quoted(name)} is not a word number")
    if parsed[2] == ".":
        return words
    if not form.strip():
        raise _Broken(number, f"word {name} has no form")
    first = int(parsed[1])
    inside = bool(units) and units[-1].last is not None and words < (units[-1].last or 0)
    if first != words + 1 or (parsed[2] and inside):
        raise _Broken(number, f"{quoted(name)} comes where word {words + 1} should")
    space = "SpaceAfter=No" not in columns[9].split("|")
    if parsed[2]:
        last = int(parsed[3])
        if last < first:
            raise _Broken(number, f"the multiword token {name} ends before it begins")
        units.append(_Unit(number, form, space, last=last, name=name))
        return words
    word = _Word(form, "" if pos == "_" else pos, "" if tag == "_" else tag)
    if inside:
        units[-1].words.append(word)
    else:
        units.append(_Unit(number, form, space, [word]))
    return first


def _tokens(text: str, units: Sequence[_Unit]) -> list[Fields]:
    tokens: list[Fields] = []
    at = 0
    for unit in units:
        at = _after_space(text, at)
        end = _match(text, at, unit.form)
        if end is None:
            there = quoted(text[at : at + len(unit.form)])
            raise _Broken(
                unit.line, f"the word is {quoted(unit.form)}, but # text has {there} there"
            )
        for start, stop, word in _placed(text, at, end, unit):
            token: Fields = {
                "text": text[start:stop],
                "start": start,
                "end": stop,
                "id": len(tokens),
                "ws": text[stop : stop + 1] == " ",
            }
            if word.pos:
                token["pos"] = word.pos
            if word.tag:
                token["tag"] = word.tag
            if unit.name is not None:
                token["multiword"] = unit.name
            tokens.append(token)
        at = end
    if rest := text[at:].strip():
        raise _Broken(units[-1].line, f"# text goes on after the last word: {quoted(rest)}")
    return tokens


def _placed(text: str, start: int, end: int, unit: _Unit) -> list[tuple[int, int, _Word]]:
    """Where in the text the words of a unit stand."""
    placed = []
    at = start
    for word in unit.words:
        stop = _match(text, at, word.form, end)
        if stop is None:
            break
        placed.append((at, stop, word))
        at = stop
    if at == end and len(placed) == len(unit.words):
        return placed
    pos = JOINT.join(word.pos or "X" for word in unit.words)
    tag = JOINT.join(word.tag or "_" for word in unit.words)
    whole = _Word(unit.form, pos, tag if any(word.tag for word in unit.words) else "")
    return [(start, end, whole)]


def _after_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _match(text: str, at: int, form: str, limit: int | None = None) -> int | None:
    """Where a form that begins at an offset ends, however its letters are composed."""
    limit = len(text) if limit is None else limit
    end = at + len(form)
    if text.startswith(form, at) and end <= limit:
        return end
    wanted = _canonical(form)
    for end in range(at + 1, min(at + 4 * len(wanted), limit) + 1):
        found = _canonical(text[at:end])
        if found == wanted and not (
            end < limit and unicodedata.combining(text[end]) and not unicodedata.combining(form[-1])
        ):
            return end
        if len(found) > len(wanted):
            break
    return None


def _canonical(string: str) -> str:
    return unicodedata.normalize("NFD", re.sub(r"\s", " ", string))


CONLLU = Reader("CoNLL-U", conllu_rows)

FORMATS = (
    Format(
        "conllu",
        "CoNLL-U",
        (SUFFIX,),
        Holds(frozenset({"meta"}), token=frozenset({"pos", "tag"}), borders=True),
        only(CONLLU),
    ),
)
