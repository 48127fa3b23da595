"""NIF 2.0 in Turtle: texts with linked mentions, as in OKE, N3 and other benchmarks.

A ``nif:Context`` has the text in ``nif:isString``. What has it as its ``nif:referenceContext``,
with ``nif:beginIndex`` and ``nif:endIndex`` and ``itsrdf:taIdentRef``, is a linked mention:
https://persistence.uni-leipzig.org/nlp2rdf/specification/core.html.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from tui_annotate.formats.annotation import BrokenFile
from tui_annotate.formats.decoding import decode_text, invalid_bytes
from tui_annotate.formats.format import Format, Place
from tui_annotate.formats.holding import Holds
from tui_annotate.formats.label_studio import points
from tui_annotate.formats.mentions import NIL
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.turtle import Value, facts
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

LABEL = "MENTION"
"""What mentions without a class are labelled."""

_NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
_ITS = "http://www.w3.org/2005/11/its/rdf#"
_ABSENT = "/notInWiki/"
"""What the addresses of entities have in them that are in no knowledge base."""

_Said = Mapping[str, list[Value]]


def _reader(place: Place) -> Reader:
    def read(lines: Lines) -> Iterator[Row]:
        text = decode_text(b"".join(lines).removeprefix(b"\xef\xbb\xbf"))
        if isinstance(text, UnicodeDecodeError):
            yield 1, invalid_bytes(text)
            return
        try:
            found = facts(text)
        except BrokenFile as error:
            yield error.line, str(error)
            return
        contexts = {
            name: _first(said, _NIF + "isString")
            for name, said in found.items()
            if _NIF + "isString" in said
        }
        if not contexts:
            yield 1, "the file has no nif:isString, the text of a context"
        mentions: dict[str, list[_Said]] = {name: [] for name in contexts}
        left: Counter[str] = Counter()
        for said in found.values():
            context = _first(said, _NIF + "referenceContext")
            if not context:
                continue
            if _ITS + "taIdentRef" not in said and _ITS + "taClassRef" not in said:
                left["annotations without a link or a class"] += _NIF + "isString" not in said
            elif context in mentions:
                mentions[context].append(said)
            else:
                left["annotations of a text that is not in the file"] += 1
        for number, (name, content) in enumerate(contexts.items(), start=1):
            yield -number, _task(name, content, mentions[name], left)
        for what, count in left.items():
            if count:
                place.tell(f"{place.shown}: left out {count:,} {what}")

    return Reader("NIF", read)


def _first(said: _Said, name: str) -> str:
    values = said.get(name)
    return values[0].text if values else ""


def _task(name: str, text: str, mentions: list[_Said], left: Counter[str]) -> Fields | str:
    spans: list[Fields] = []
    units = points(text)
    for said in mentions:
        anchor = _first(said, _NIF + "anchorOf")
        begin, stop = (_first(said, _NIF + edge) for edge in ("beginIndex", "endIndex"))
        if not (begin.isdecimal() and stop.isdecimal() and len(begin + stop) < 20):
            return f"{quoted(anchor)} has no beginIndex and endIndex"
        start, end = int(begin), int(stop)
        if anchor and text[start:end] != anchor and end < len(units):
            # Some programs count UTF-16.
            start, end = units[min(start, end)], units[end]
        if not start < end <= len(text) or (anchor and text[start:end] != anchor):
            return f"{quoted(anchor)} does not stand from {begin} to {stop} in the text"
        classes = said.get(_ITS + "taClassRef", [])
        links = said.get(_ITS + "taIdentRef", [])
        left["further classes of mentions"] += max(len(classes) - 1, 0)
        left["further links of mentions"] += max(len(links) - 1, 0)
        label = _local(classes[0].text) if classes else LABEL
        span: Fields = {"start": start, "end": end, "label": label}
        if links and _ABSENT in links[0].text:
            span |= {"kb_id": NIL, "nil": "absent"}
        elif links:
            span["kb_id"] = links[0].text
        spans.append(span)
    spans.sort(key=lambda span: (span["start"], -span["end"]))
    return {"text": text, "spans": spans, "meta": {"id": name}}


def _local(address: str) -> str:
    """The last part of an address."""
    return address.rstrip("/#").replace("#", "/").rpartition("/")[2] or LABEL


def _is_one(head: bytes) -> bool:
    return b"nif-core#" in head


FORMATS = (
    Format(
        "nif",
        "NIF",
        (".ttl", ".nt"),
        Holds(frozenset({"spans", "meta"}), span=frozenset({"kb_id", "nil"})),
        _reader,
        sniff=_is_one,
        notes="linked mentions in Turtle",
    ),
)
