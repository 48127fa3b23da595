"""AIDA-YAGO2: CoNLL-2003's texts with the entity that each mention is linked to, in TSV.

``-DOCSTART- (1 EU)`` begins a document, a blank line ends a sentence, and a token stands alone on
its line unless it is in a mention: ``EU<TAB>B<TAB>EU<TAB>European_Union<TAB>URL<TAB>9317<TAB>mid``
has the whole mention, its entity in YAGO, or ``--NME--`` where none is, the page in Wikipedia, the
number of that page, and the entity in Freebase; files may end before any of the last three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from tui_annotate.errors import UsageError
from tui_annotate.formats.annotation import BrokenFile
from tui_annotate.formats.decoding import decode_text, invalid_bytes
from tui_annotate.formats.format import Format, Option, Place
from tui_annotate.formats.holding import Holds
from tui_annotate.formats.mentions import NIL
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.task.task import Fields
from tui_annotate.wording import counted, printable, quoted

LABEL = "MENTION"
"""What mentions are labelled: the format has no classes."""

_BEGINS = b"-DOCSTART-"
_DOCUMENT = re.compile(r"-DOCSTART-\s*\(?(.*?)\)?\s*")
_NO_ENTITY = "--NME--"
_COLUMNS: Mapping[str, int] = {"yago": 3, "wikipedia": 4, "page": 5, "freebase": 6}
"""Where each kind of link stands."""

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def _reader(place: Place) -> Reader:
    links = place.options.get("links") or "yago"

    def read(lines: Lines) -> Iterator[Row]:
        document = _Document(links)
        others = unlinked = 0
        block: list[tuple[int, bytes]] = []
        for number, line in enumerate(chain(lines, [_BEGINS]), start=1):
            if not line.startswith(_BEGINS):
                block.append((number, line))
                continue
            try:
                fields = document.fields(block)
            except BrokenFile as error:
                yield error.line, str(error)
            else:
                if fields is not None:
                    yield block[0][0], fields
                others += document.others
                unlinked += document.unlinked
            document = _Document(links, line)
            block = []
        if unlinked:
            what = counted(unlinked, "mention has no link", "mentions have no link")
            place.tell(f"{place.shown}: {what} in the column {links}")
        if others:
            more = ", ".join(name for name in _COLUMNS if name != links)
            what = counted(others, "other link was", "other links were")
            place.tell(f"{place.shown}: {what} left out (--links reads {more})")

    return Reader("AIDA-YAGO2", read)


class _Document:
    """A document: the tokens of its sentences, and its mentions.

    Attributes:
        others: Links in columns that are not read.
        unlinked: Mentions of an entity that have no link in the column that is.
    """

    def __init__(self, links: str, line: bytes = b"") -> None:
        self._column = _COLUMNS[links]
        self._line = line
        self._tokens: list[Fields] = []
        self._spans: list[Fields] = []
        self.others = self.unlinked = 0

    def fields(self, block: Sequence[tuple[int, bytes]]) -> Fields | None:
        """The task; None where there is no token.

        Raises:
            BrokenFile: A line is none of such a file.
        """
        pieces: list[str] = []
        at = 0
        between = ""
        mention = ""
        for number, raw in block:
            line = _decoded(number, raw).rstrip("\r\n")
            if not line.strip():
                between = "\n" if pieces else ""
                mention = ""
                continue
            cells = line.split("\t")
            while len(cells) > 1 and not cells[-1]:
                cells.pop()
            word = cells[0].strip()
            if not word or word.split() != [word]:
                raise BrokenFile(f"{quoted(cells[0])} is no token", number)
            if len(cells) > 1 and (len(cells) < 4 or cells[1] not in ("B", "I")):
                raise BrokenFile(
                    "a token is alone, or has B or I, the mention and its entity behind it", number
                )
            if self._tokens:
                self._tokens[-1]["ws"] = between == " "
            at += len(between)
            pieces += [between, word]
            self._tokens.append(
                {"text": word, "start": at, "end": at + len(word), "id": len(self._tokens)}
            )
            at += len(word)
            if len(cells) > 1 and cells[1] == "I" and mention == cells[2]:
                self._spans[-1] |= {"end": at, "token_end": len(self._tokens) - 1}
            elif len(cells) > 1:
                self._spans.append(self._span(cells))
            mention = cells[2] if len(cells) > 1 else ""
            between = " "
        if not self._tokens:
            return None
        self._tokens[-1]["ws"] = False
        fields: Fields = {"text": "".join(pieces), "tokens": self._tokens, "spans": self._spans}
        name = _DOCUMENT.fullmatch(_decoded(block[0][0] - 1, self._line).strip())
        return fields | ({"meta": {"id": name[1]}} if name and name[1] else {})

    def _span(self, cells: Sequence[str]) -> Fields:
        """A mention that begins with the last token."""
        token = self._tokens[-1]
        span = {"start": token["start"], "end": token["end"], "label": LABEL}
        span |= {"token_start": token["id"], "token_end": token["id"]}
        if cells[3] == _NO_ENTITY:
            return span | {"kb_id": NIL, "nil": "absent"}
        self.others += sum(bool(cell) for cell in cells[3:7])
        link = cells[self._column] if self._column < len(cells) else ""
        if not link:
            self.unlinked += 1
            return span
        self.others -= 1
        return span | {"kb_id": _ESCAPED.sub(lambda match: chr(int(match[1], 16)), link)}


def _decoded(number: int, raw: bytes) -> str:
    text = decode_text(raw)
    if isinstance(text, UnicodeDecodeError):
        raise BrokenFile(invalid_bytes(text), number)
    return text


def _links(typed: str) -> str:
    if typed not in _COLUMNS:
        raise UsageError(
            f"{printable(typed, 40)!r} is none of {', '.join(_COLUMNS)}", where="--links"
        )
    return typed


def _is_one(head: bytes) -> bool:
    return head.startswith(_BEGINS + b" (")


FORMATS = (
    Format(
        "aida",
        "AIDA-YAGO2",
        (".tsv",),
        Holds(frozenset({"spans", "meta"}), span=frozenset({"kb_id", "nil"}), token=frozenset()),
        _reader,
        sniff=_is_one,
        options=(
            Option(
                "--links",
                "What mentions are linked to: entities of YAGO (as a rule), addresses or numbers "
                "of pages in Wikipedia, or entities of Freebase.",
                "yago|wikipedia|page|freebase",
                read=_links,
                reading=True,
            ),
        ),
        notes="linked mentions; a document is a task",
    ),
)
