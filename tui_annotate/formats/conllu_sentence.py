"""A sentence of CoNLL-U: its lines, and where in the text its words stand."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import msgspec

from tui_annotate.formats.decoding import decode_text, invalid_bytes
from tui_annotate.inventory.tagset import JOINT
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

COLUMNS = 10
FORM, LEMMA, UPOS, XPOS, FEATS, HEAD, DEPREL, DEPS, MISC = range(1, COLUMNS)
UNUSED = "_"

TEXT_AS_IS = "text_as_is"
"""The comment with a text that ``# text`` cannot hold, as JSON."""

META = "meta"
"""The comment with what the task's `meta` has beside the id, as JSON."""

_TEXT = re.compile(r"#\s*text\s*=\s?(.*)", re.DOTALL)
_COMMENT = re.compile(r"#\s*(\w+)\s*=\s*(.*?)\s*$", re.DOTALL)
_ID = re.compile(r"(\d+)(?:([-.])(\d+))?")


class Broken(Exception):
    """Something wrong in a sentence: the line, and what."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


class Word(msgspec.Struct):
    """A word: the line that it is on, from 0, its form and what is said of it."""

    row: int
    form: str
    pos: str = ""
    tag: str = ""
    lemma: str = ""
    morph: str = ""


class Unit(msgspec.Struct):
    """What stands in the text: a word, or a multiword token with its words."""

    line: int
    form: str
    space: bool
    words: list[Word] = msgspec.field(default_factory=list)
    last: int | None = None
    name: str | None = None


class Placed(msgspec.Struct):
    """A token: where it stands in the text, and the words that it is made of."""

    start: int
    end: int
    words: list[Word]
    name: str | None = None


class Sentence(msgspec.Struct):
    """A sentence.

    Attributes:
        text: Its text.
        meta: What its comments say that belongs into the `meta` of a task.
        tokens: Its tokens.
        lines: Its lines, without line ends.
    """

    text: str
    meta: Fields
    tokens: list[Placed]
    lines: list[str]


def parsed(block: Sequence[tuple[int, bytes]]) -> Sentence | None:
    """Read a sentence from its numbered lines; None if it has no words.

    Raises:
        Broken: Something is wrong.
    """
    text: str | None = None
    meta: dict[str, Any] = {}
    units: list[Unit] = []
    lines: list[str] = []
    words = 0
    for number, raw in block:
        line = decode_text(raw.rstrip(b"\r\n"))
        if isinstance(line, UnicodeDecodeError):
            raise Broken(number, invalid_bytes(line))
        lines.append(line)
        if line.startswith("#"):
            if found := _TEXT.match(line):
                text = found[1] if text is None else text
            elif found := _COMMENT.match(line):
                text = _take_comment(found[1], found[2], meta, text)
            continue
        words = _take(number, len(lines) - 1, line, units, words)
    if not units:
        return None
    open_one = units[-1]
    if open_one.last is not None and open_one.last > words:
        raise Broken(
            open_one.line, f"the multiword token {open_one.name} has words that are missing"
        )
    if text is None:
        text = "".join(unit.form + " " * unit.space for unit in units).rstrip(" ")
    return Sentence(text, meta, _placed(text, units), lines)


def _take_comment(name: str, value: str, meta: Fields, text: str | None) -> str | None:
    """Take in a comment; the text as it is now known."""
    if name == "sent_id":
        meta["sent_id"] = value
    elif name in (META, TEXT_AS_IS):
        try:
            known = json.loads(value)
        except (ValueError, RecursionError):
            return text
        if name == META and isinstance(known, dict):
            meta.update(known)
        elif name == TEXT_AS_IS and isinstance(known, str):
            return known
    return text


def token_fields(sentence: Sentence) -> list[Fields]:
    """The tokens of a task: those of a sentence, with their tags, lemmas and features."""
    text = sentence.text
    tokens: list[Fields] = []
    for placed in sentence.tokens:
        token: Fields = {
            "text": text[placed.start : placed.end],
            "start": placed.start,
            "end": placed.end,
            "id": len(tokens),
            "ws": text[placed.end : placed.end + 1] == " ",
        }
        token |= said(placed)
        if placed.name is not None:
            token["multiword"] = placed.name
        tokens.append(token)
    return tokens


def said(placed: Placed) -> Fields:
    """What is said of a token, by the field; of several words for all of them."""
    if len(placed.words) == 1:
        (word,) = placed.words
        found = {"pos": word.pos, "tag": word.tag, "lemma": word.lemma, "morph": word.morph}
    else:
        found = {"pos": JOINT.join(word.pos or "X" for word in placed.words)}
        if any(word.tag for word in placed.words):
            found["tag"] = JOINT.join(word.tag or UNUSED for word in placed.words)
    return {name: value for name, value in found.items() if value}


def _take(number: int, row: int, line: str, units: list[Unit], words: int) -> int:
    """Take in a line of ten columns; how many words there are now."""
    columns = line.split("\t")
    if len(columns) != COLUMNS:
        spaces = len(columns) == 1 and len(line.split()) >= COLUMNS
        what = (
            "its columns are separated by spaces, not tabs"
            if spaces
            else f"a word has {len(columns)} columns, not {COLUMNS}"
        )
        raise Broken(number, what)
    name, form = columns[:2]
    parsed = _ID.fullmatch(name)
    if parsed is None:
        raise Broken(number, f"{quoted(name)} is not a word number")
    if parsed[2] == ".":
        return words
    if not form.strip():
        raise Broken(number, f"word {name} has no form")
    first = int(parsed[1])
    inside = bool(units) and units[-1].last is not None and words < (units[-1].last or 0)
    if first != words + 1 or (parsed[2] and inside):
        raise Broken(number, f"{quoted(name)} comes where word {words + 1} should")
    space = "SpaceAfter=No" not in columns[MISC].split("|")
    if parsed[2]:
        last = int(parsed[3])
        if last < first:
            raise Broken(number, f"the multiword token {name} ends before it begins")
        units.append(Unit(number, form, space, last=last, name=name))
        return words
    values = ("" if value == UNUSED else value for value in columns)
    _, _, lemma, pos, tag, morph, *_ = values
    word = Word(row, form, pos, tag, lemma, morph)
    if inside:
        units[-1].words.append(word)
    else:
        units.append(Unit(number, form, space, [word]))
    return first


def _placed(text: str, units: Sequence[Unit]) -> list[Placed]:
    """Where in the text the words stand."""
    tokens: list[Placed] = []
    at = 0
    for unit in units:
        at = _after_space(text, at)
        end = _match(text, at, unit.form)
        if end is None:
            there = quoted(text[at : at + len(unit.form)])
            raise Broken(
                unit.line, f"the word is {quoted(unit.form)}, but # text has {there} there"
            )
        tokens += _words(text, at, end, unit)
        at = end
    if rest := text[at:].strip():
        raise Broken(units[-1].line, f"# text goes on after the last word: {quoted(rest)}")
    return tokens


def _words(text: str, start: int, end: int, unit: Unit) -> list[Placed]:
    """The words of a unit as tokens, where their forms make up its own; else one for all."""
    placed = []
    at = start
    for word in unit.words:
        stop = _match(text, at, word.form, end)
        if stop is None:
            break
        placed.append(Placed(at, stop, [word], unit.name))
        at = stop
    if at == end and len(placed) == len(unit.words):
        return placed
    return [Placed(start, end, unit.words, unit.name)]


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
