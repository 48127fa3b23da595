"""Keyphrases as pairs of files: a text in ``ID.txt``, its phrases in ``ID.key``, one a line.

Corpora of keyphrases are published so. Where a phrase stands in the text is not in the files: it is
looked up, whatever its case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tui_annotate.formats.decoding import decode_text, invalid_bytes
from tui_annotate.formats.file_names import FileNames, fit_name
from tui_annotate.formats.format import Format, Place
from tui_annotate.formats.holding import Holds, Losses
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.writing import Target, Writer
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted, reason

LABEL = "KEYPHRASE"


def _reader(place: Place) -> Reader:
    def read(lines: Lines) -> Iterator[Row]:
        yield from _rows(b"".join(lines), place)

    return Reader("keyphrases", read)


def _rows(data: bytes, place: Place) -> Iterator[Row]:
    if place.path is None:
        yield None, "phrases are read from a file ID.key with its text in ID.txt beside it"
        return
    if place.path.suffix.lower() == ".txt":
        if not place.path.with_suffix(".key").exists():
            yield None, f"there is no {place.path.with_suffix('.key').name} beside it"
        return
    beside = place.path.with_suffix(".txt")
    try:
        text = decode_text(beside.read_bytes())
    except OSError as error:
        yield None, f"the text {quoted(beside.name)} cannot be read ({reason(error)})"
        return
    keys = decode_text(data)
    for found in (text, keys):
        if isinstance(found, UnicodeDecodeError):
            yield None, invalid_bytes(found)
            return
    assert isinstance(text, str)
    assert isinstance(keys, str)
    phrases = [line.strip() for line in keys.split("\n") if line.strip()]
    spans, absent = _found(text, phrases)
    if absent:
        place.tell(f"{place.shown}: {absent} of {len(phrases)} phrases do not occur in the text")
    yield None, {"text": text, "spans": spans, "meta": {"id": place.path.stem}}


def _found(text: str, phrases: Sequence[str]) -> tuple[list[Fields], int]:
    """The places of phrases, with their ranks; how many phrases have none."""
    spans: list[Fields] = []
    absent = 0
    for rank, phrase in enumerate(phrases, start=1):
        places = _places(text, phrase)
        absent += not places
        spans += [{"start": a, "end": b, "label": LABEL, "rank": rank} for a, b in places]
    return sorted(spans, key=lambda span: (span["start"], -span["end"])), absent


def _places(text: str, phrase: str) -> list[tuple[int, int]]:
    """Where a phrase stands as words of its own, or else at all."""
    words = r"\s+".join(map(re.escape, phrase.split()))
    for pattern in (rf"(?<!\w){words}(?!\w)", words):
        if found := [hit.span() for hit in re.finditer(pattern, text, re.IGNORECASE)]:
            return found
    return []


def _fit(fields: Fields, losses: Losses) -> None:
    """Leave the phrases in the order of their ranks, each as it stands first in the text."""
    text: str = fields["text"]
    phrases: dict[str, str] = {}
    for span in sorted(fields.pop("spans", ()), key=lambda span: (_rank(span), span["start"])):
        if span["label"] not in (LABEL, ""):
            losses.lose("labels of keyphrases", quoted(span["label"]))
        if places := _places(text, text[span["start"] : span["end"]].strip()):
            (start, end), *_ = places
            phrase = " ".join(text[start:end].split())
            phrases.setdefault(phrase.casefold(), phrase)
    fields["phrases"] = [phrase for phrase in phrases.values() if phrase]
    fit_name(fields, losses)


def _rank(span: Mapping[str, object]) -> float:
    rank = span.get("rank")
    return rank if isinstance(rank, int | float) else float("inf")


class _Writer(Writer):
    """Writes two files a task."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._names: dict[str, list[str]] = {part: [] for part in target.parts}
        self._file_names = FileNames()

    def add(self, fields: Fields, part: str) -> None:
        """Write the next pair."""
        name = self._file_names.of(fields, part)
        self.target.files.write(f"{name}.txt", fields["text"].encode())
        keys = "".join(f"{phrase}\n" for phrase in fields["phrases"])
        self.target.files.write(f"{name}.key", keys.encode())
        self._names[part].append(f"{name}.key")

    def close(self) -> Mapping[str, list[str]]:
        """All is written."""
        return self._names


FORMATS = (
    Format(
        "keyphrases",
        "keyphrase pairs",
        (".key",),
        Holds(frozenset({"spans", "meta"}), span=frozenset({"rank"}), fit=_fit),
        _reader,
        writer=_Writer,
        folder=True,
        notes="phrases in the order of their ranks, not their places; a text beside each",
    ),
)
