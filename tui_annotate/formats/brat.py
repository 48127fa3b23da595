"""brat's standoff format: a text in ``ID.txt``, its annotations in ``ID.ann``.

``T1<TAB>PER 0 5<TAB>Ada B`` is a text-bound annotation, with offsets in code points; one of
several pieces has them separated by semicolons. ``N1<TAB>Reference T1 Wikidata:Q7259`` links it,
``#1<TAB>AnnotatorNotes T1<TAB>…`` comments on it, ``A1<TAB>Negated T1`` gives it an attribute:
https://brat.nlplab.org/standoff.html. Relations, events and equivalences are between annotations,
which a task has no place for: they are counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from tui_annotate.errors import UsageError
from tui_annotate.formats.annotation import BrokenFile
from tui_annotate.formats.decoding import decode_text, invalid_bytes
from tui_annotate.formats.file_names import FileNames, fit_name
from tui_annotate.formats.format import Format, Option, Place
from tui_annotate.formats.holding import Holds, Losses
from tui_annotate.formats.records import Lines, Reader, Row
from tui_annotate.formats.writing import Target, Writer
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted, reason

_PLACED = re.compile(r"(\S+)((?: |;)\d+ \d+(?:;\d+ \d+)*)")
_LABEL = re.compile(r"[^\s;|<>&\[\]]+")
"""What brat takes for a type: its configuration has no way to write the rest."""

_KINDS = {"R": "relations", "E": "events", "*": "equivalences"}
_NOTES = "AnnotatorNotes"
_BASE = "KB:"
"""The name of a knowledge base that has none: brat wants one."""


def _reader(place: Place) -> Reader:
    def read(lines: Lines) -> Iterator[Row]:
        try:
            fields = _document(b"".join(lines), place)
        except BrokenFile as error:
            yield error.line, str(error)
        else:
            if fields is not None:
                yield None, fields

    return Reader("brat", read)


def _document(data: bytes, place: Place) -> Fields | None:
    """A text with its annotations; None of a text whose annotations are a file of their own.

    Raises:
        BrokenFile: It is no such text, or no such annotations.
    """
    if place.path is None:
        raise BrokenFile(
            "annotations are read from a file ID.ann with its text in ID.txt beside it"
        )
    if place.path.suffix.lower() == ".txt":
        if place.path.with_suffix(".ann").exists():
            return None
        return {"text": _text(data), "meta": {"id": place.path.stem}}
    if place.path.suffix.lower() != ".ann":
        return None
    beside = place.path.with_suffix(".txt")
    try:
        text = _text(beside.read_bytes())
    except OSError as error:
        raise BrokenFile(
            f"the text {quoted(beside.name)} cannot be read ({reason(error)})"
        ) from None
    standoff = _Standoff(text, join=place.options.get("discontinuous") == "join")
    for number, line in enumerate(_text(data).split("\n"), start=1):
        if line.strip():
            standoff.take(number, line.rstrip("\r"))
    for what, count in standoff.skipped.items():
        place.tell(f"{place.shown}: {count} {what} were left out")
    return {"text": text, "spans": standoff.spans(), "meta": {"id": place.path.stem}}


def _text(data: bytes) -> str:
    text = decode_text(data)
    if isinstance(text, UnicodeDecodeError):
        raise BrokenFile(invalid_bytes(text))
    return text


class _Standoff:
    """Lines of annotations, as spans."""

    def __init__(self, text: str, *, join: bool) -> None:
        self._text = text
        self._join = join
        self._spans: dict[str, Fields] = {}
        self._further: list[tuple[int, list[str]]] = []
        self.skipped: Counter[str] = Counter()

    def take(self, number: int, line: str) -> None:
        """Take in a line.

        Raises:
            BrokenFile: It is none of brat's.
        """
        cells = line.split("\t", 2)
        kind = cells[0][:1]
        if kind == "T" and len(cells) > 1:
            self._place(number, cells)
        elif kind in ("N", "A", "M", "#") and len(cells) > 1:
            self._further.append((number, cells))
        elif kind in _KINDS:
            self.skipped[_KINDS[kind]] += 1
        else:
            raise BrokenFile(f"{quoted(cells[0])} begins no annotation of brat's", number)

    def _place(self, number: int, cells: list[str]) -> None:
        match = _PLACED.fullmatch(cells[1])
        if match is None:
            raise BrokenFile(f"{quoted(cells[1])} is not a type with two offsets", number)
        pieces = [tuple(map(int, piece.split())) for piece in match[2].strip().split(";")]
        between = [self._text[a[1] : b[0]] for a, b in pairwise(pieces)]
        # brat cuts what goes over the end of a line.
        if any(map(str.strip, between)) and not self._join:
            self.skipped["annotations of several pieces (--discontinuous join takes them)"] += 1
            return
        start, end = pieces[0][0], pieces[-1][1]
        if not 0 <= start < end <= len(self._text):
            size = len(self._text)
            raise BrokenFile(f"{start} to {end} is not within the text, of {size} letters", number)
        said = " ".join(cells[2].split()) if len(cells) > 2 else ""
        there = " ".join(self._text[start:end].split())
        if said and len(pieces) == 1 and said != there:
            raise BrokenFile(
                f"it says {quoted(said)}, and {quoted(there)} stands there; "
                "is the text the one that was annotated?",
                number,
            )
        self._spans[cells[0]] = {"start": start, "end": end, "label": match[1]}

    def spans(self) -> list[Fields]:
        """The spans, in order, with what is said about them."""
        for _, cells in self._further:
            words = cells[1].split()
            span = self._spans.get(words[1]) if len(words) > 1 else None
            if span is None:
                self.skipped["notes on what was left out"] += 1
            elif cells[0].startswith("N") and len(words) > 2:
                span["kb_id"] = words[2].removeprefix(_BASE)
            elif cells[0].startswith("#"):
                if words[0] == _NOTES and len(cells) > 2:
                    span["comment"] = cells[2]
                else:
                    self.skipped["notes of other programs"] += 1
            elif cells[0][0] in "AM":
                value = " ".join(words[2:]) or True
                span.setdefault("attributes", {})[words[0]] = value
        return sorted(self._spans.values(), key=lambda span: (span["start"], -span["end"]))


def _fit(fields: Fields, losses: Losses) -> None:
    if "spans" in fields:
        fields["spans"] = [*_within_lines(fields["text"], fields["spans"], losses)]
    for span in fields.get("spans") or ():
        label = span["label"]
        if not _LABEL.fullmatch(label):
            losses.lose("labels with signs that brat has no way to write", quoted(label))
            span["label"] = re.sub(r"[\s;|<>&\[\]]+", "_", label) or "_"
        entity = span.get("kb_id")
        if entity is not None and (not isinstance(entity, str) or entity.split() != [entity]):
            losses.lose("ids of entities with white space", quoted(entity))
            del span["kb_id"]
    fit_name(fields, losses)
    if "\r" in fields["text"]:
        losses.lose("carriage returns")
        fields["text"] = fields["text"].replace("\r", " ")


def _within_lines(text: str, spans: list[Fields], losses: Losses) -> Iterator[Fields]:
    """The spans without line ends at their ends: brat cuts annotations there."""
    for span in spans:
        there = text[span["start"] : span["end"]]
        before, after = (
            len(there) - len(bare) for bare in (there.lstrip("\n"), there.rstrip("\n"))
        )
        if before or after:
            losses.lose("line ends at the ends of spans", quoted(there))
        if there.strip("\n"):
            yield span | {"start": span["start"] + before, "end": span["end"] - after}


class _Writer(Writer):
    """Writes two files a task, and the configuration that brat wants to show them."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._names: dict[str, list[str]] = {part: [] for part in target.parts}
        self._file_names = FileNames()
        self._labels = dict.fromkeys(target.offered.spans)
        self._attributes: dict[str, dict[str, None]] = {}

    def add(self, fields: Fields, part: str) -> None:
        """Write the next pair."""
        name = self._file_names.of(fields, part)
        text: str = fields["text"]
        lines: list[str] = []
        counts: Counter[str] = Counter()
        for number, span in enumerate(fields.get("spans") or (), start=1):
            place, label = f"T{number}", span["label"]
            self._labels[label] = None
            lines.append(f"{place}\t{label} {_pieces(text, span)}")
            if entity := span.get("kb_id"):
                counts["N"] += 1
                base = str(entity)
                base = base if ":" in base else _BASE + base
                lines.append(f"N{counts['N']}\tReference {place} {base}\t{_line(text, span)}")
            if comment := span.get("comment"):
                counts["#"] += 1
                said = " ".join(str(comment).split())
                lines.append(f"#{counts['#']}\t{_NOTES} {place}\t{said}")
            for attribute, value in (span.get("attributes") or {}).items():
                counts["A"] += 1
                of_it = self._attributes.setdefault(attribute, {})
                of_it[str(value)] = None
                more = "" if value is True else f" {value}"
                lines.append(f"A{counts['A']}\t{attribute} {place}{more}")
        self.target.files.write(f"{name}.txt", text.encode())
        self.target.files.write(f"{name}.ann", "".join(f"{line}\n" for line in lines).encode())
        self._names[part].append(f"{name}.ann")

    def close(self) -> Mapping[str, list[str]]:
        """Write the configuration."""
        entities = "".join(f"{label}\n" for label in self._labels)
        attributes = "".join(
            f"{name}\tArg:<ENTITY>"
            + (f", Value:{'|'.join(values)}" if set(values) != {"True"} else "")
            + "\n"
            for name, values in self._attributes.items()
        )
        configuration = (
            f"[entities]\n\n{entities}\n[relations]\n\n[events]\n\n[attributes]\n\n{attributes}"
        )
        self.target.files.write("annotation.conf", configuration.encode())
        return self._names


def _pieces(text: str, span: Mapping[str, int]) -> str:
    """The offsets of a span and what stands there; brat cuts it where a line ends."""
    pieces = [
        (span["start"] + match.start(), span["start"] + match.end())
        for match in re.finditer(r"[^\n]+", text[span["start"] : span["end"]])
    ]
    offsets = ";".join(f"{start} {end}" for start, end in pieces)
    return f"{offsets}\t{_line(text, span)}"


def _line(text: str, span: Mapping[str, int]) -> str:
    return text[span["start"] : span["end"]].replace("\n", " ")


def _choice(text: str) -> str:
    if text in ("join", "leave"):
        return text
    raise UsageError(f"{text!r} is neither join nor leave", where="--discontinuous")


FORMATS = (
    Format(
        "brat",
        "brat standoff",
        (".ann",),
        Holds(
            frozenset({"spans", "meta"}),
            span=frozenset({"kb_id", "comment", "attributes"}),
            fit=_fit,
        ),
        _reader,
        writer=_Writer,
        folder=True,
        options=(
            Option(
                "--discontinuous",
                "Annotations of several pieces: join them to one, or leave them out.",
                "join|leave",
                default="leave",
                read=_choice,
                reading=True,
            ),
        ),
        notes="links and notes of spans; a text and its annotations are two files",
    ),
)
