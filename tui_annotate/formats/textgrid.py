"""TextGrid, Praat's own format, long and short.

Praat takes of such a file what stands alone: numbers, strings in quotes and flags
in angle brackets; all other words, ``xmin =`` or ``intervals [1]:``, are for people
(Praat manual, "TextGrid file formats"). Reading it so, both forms are one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from tui_annotate.formats.annotation import (
    Annotation,
    BrokenFile,
    Reading,
    TimedFormat,
    decoded,
    missing_tiers,
)
from tui_annotate.formats.holding import Losses
from tui_annotate.formats.recordings import Recording
from tui_annotate.formats.tiers import fit_tiers, tiers_of
from tui_annotate.formats.timed_writing import written_format
from tui_annotate.task.task import Fields

_PIECE = re.compile(r'"([^"]*(?:""[^"]*)*)"|(")|(![^\n]*)|(<[a-z]+>)|([^\s"!][^\s"]*)')
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_MOST = 1e9
_TIER = ("IntervalTier", "TextTier")


def read(data: bytes, tiers: Collection[str] = ()) -> Reading:
    """Read the intervals that have a text, tier by tier.

    Of those without one, one that stands alone is the gap between two others; those that stand
    side by side were parted by hand, to be labelled.

    Args:
        data: The file.
        tiers: The tiers to read; all, if none is named.

    Raises:
        BrokenFile: It is no TextGrid, or it ends in the middle.
    """
    grid = _TextGrid(decoded(data))
    reading = grid.read()
    if notice := missing_tiers(tiers, grid.names):
        reading.notices.append(notice)
    if tiers:
        reading.found = [one for one in reading.found if one.speaker in tiers]
    return reading


class _TextGrid:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._counted = (0, 1)
        self._pieces = self._alone()
        self._next: float | str | bool | None = None
        self.names: dict[str, None] = {}

    def read(self) -> Reading:
        kind = next(self._pieces, None)
        if not isinstance(kind, str) or not kind.startswith("ooTextFile"):
            raise BrokenFile("it does not begin as a TextGrid does", 1)
        if next(self._pieces, None) != "TextGrid":
            raise BrokenFile("it is a Praat file, but not a TextGrid", self._line())
        self._number()
        self._number()
        reading = Reading()
        if next(self._pieces, None) is not True:
            return reading
        for _ in range(self._count()):
            self._tier(reading)
        return reading

    def _tier(self, reading: Reading) -> None:
        kind, name = self._string(), self._string()
        if kind not in _TIER:
            raise BrokenFile(f"there is no kind of tier called {kind[:40]!r}", self._line())
        self._number()
        self._number()
        self.names[name.strip()] = None
        at, claimed = self._line(), self._count()
        there = 0
        blank: list[tuple[int, Annotation]] = []
        # Some programs write a count that is too small; what follows a tier is a text.
        while there < claimed or isinstance(self._ahead(), float):
            there += 1
            start = self._number()
            end = self._number() if kind == "IntervalTier" else start
            text = self._string()
            if kind == "TextTier":
                reading.points += 1
                continue
            # Praat writes a time before the sound as a tiny negative number now and then.
            start = 0.0 if -1e-6 < start <= 0 else start
            found = Annotation(start, end, speaker=name.strip() or None, text=text.strip())
            if not found.text:
                blank.append((self._line(), found))
                continue
            _take_blank(reading, blank)
            reading.add(self._line(), found)
        _take_blank(reading, blank)
        if there != claimed:
            what = f"the tier {name.strip()[:40]!r} says {claimed} and has {there}"
            reading.notices.append(f"line {at}: {what}; all of them were read")

    def _count(self) -> int:
        value = self._number()
        if not (0 <= value <= _MOST and value == int(value)):
            raise BrokenFile(f"{value:g} is not a number of tiers or intervals", self._line())
        return int(value)

    def _ahead(self) -> float | str | bool | None:
        """The next piece, without taking it."""
        if self._next is None:
            self._next = next(self._pieces, None)
        return self._next

    def _piece(self) -> float | str | bool | None:
        piece, self._next = self._ahead(), None
        return piece

    def _number(self) -> float:
        piece = self._piece()
        if isinstance(piece, float):
            return piece
        raise self._broken(piece, "a number")

    def _string(self) -> str:
        piece = self._piece()
        if isinstance(piece, str):
            return piece
        raise self._broken(piece, "a text in quotes")

    def _broken(self, piece: object, wanted: str) -> BrokenFile:
        if piece is None:
            return BrokenFile("it ends in the middle", self._line())
        return BrokenFile(f"{wanted} is missing", self._line())

    def _line(self) -> int:
        at, line = self._counted
        line += self._text.count("\n", at, self._at)
        self._counted = (self._at, line)
        return line

    def _alone(self) -> Iterator[float | str | bool]:
        """What stands alone; a flag is true if what it speaks of is there."""
        for match in _PIECE.finditer(self._text):
            self._at = match.start()
            string, open_quote, _, flag, word = match.groups()
            if string is not None:
                yield string.replace('""', '"')
            elif open_quote:
                raise BrokenFile("a quote is never closed", self._line())
            elif flag:
                yield flag == "<exists>"
            elif word and _NUMBER.fullmatch(word):
                yield float(word)


def _take_blank(reading: Reading, blank: list[tuple[int, Annotation]]) -> None:
    """Take in intervals without a text that stand side by side; one alone is a gap."""
    for line, one in blank if len(blank) > 1 else ():
        reading.add(line, one)
    blank.clear()


def _fit(fields: Fields, losses: Losses) -> None:
    # An interval without a text is one without an annotation.
    fit_tiers(fields, losses, empty=False)


def _encode(
    recording: Recording, options: Mapping[str, object]
) -> tuple[bytes, Sequence[Annotation]]:
    """Write a recording in the long form, each tier without gaps, as Praat wants it."""
    tiers = tiers_of(recording)
    end = recording.duration
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        "xmin = 0",
        f"xmax = {_seconds(end)}",
        "tiers? <exists>" if tiers else "tiers? <absent>",
    ]
    if tiers:
        lines += [f"size = {len(tiers)}", "item []:"]
    entries: list[Annotation] = []
    for number, tier in enumerate(tiers, start=1):
        intervals = list(_without_gaps(tier.entries, end))
        lines += [
            f"    item [{number}]:",
            '        class = "IntervalTier"',
            f"        name = {_quoted(tier.name)}",
            "        xmin = 0",
            f"        xmax = {_seconds(end)}",
            f"        intervals: size = {len(intervals)}",
        ]
        for place, (start, stop, text) in enumerate(intervals, start=1):
            lines += [
                f"        intervals [{place}]:",
                f"            xmin = {_seconds(start)}",
                f"            xmax = {_seconds(stop)}",
                f"            text = {_quoted(text)}",
            ]
        entries += [
            Annotation(start, stop, speaker=tier.name, text=text)
            for start, stop, text in tier.entries
        ]
    return ("\n".join(lines) + "\n").encode(), entries


def _without_gaps(
    entries: Sequence[tuple[float, float, str]], end: float
) -> Iterator[tuple[float, float, str]]:
    at = 0.0
    for start, stop, text in entries:
        if start > at:
            yield at, start, ""
        yield start, stop, text
        at = stop
    if at < end or not entries:
        yield at, end, ""


def _seconds(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


FORMATS = (
    written_format(
        "textgrid",
        TimedFormat("TextGrid", (".textgrid",), read, tiers=True),
        _encode,
        region=("speaker", "text"),
        fit=_fit,
        suffix=".TextGrid",
        notes="a tier for each speaker; what overlaps goes to a second tier",
    ),
)
