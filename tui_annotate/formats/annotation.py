"""What every format of timed annotation says, whatever it looks like."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator

import msgspec
from msgspec.structs import replace

_LONGEST_CHANNEL = 4
"""Digits."""

PAUSE = 0.5
"""Seconds without a word after which a new utterance begins."""

LONGEST = 1e9
"""Seconds, some thirty years; a time beyond that is a mistake."""


class Annotation(msgspec.Struct, frozen=True):
    """A stretch of sound and what is said about it.

    Attributes:
        start: Seconds from the beginning of the sound.
        end: Seconds; later than the start.
        label: A class, where the format tells classes from what is said.
        speaker: Who speaks; where a format has tiers, the name of the tier.
        text: What is said, or what stands in the tier.
        channel: The channel it is about, from 0.
        file: The name of the recording, where a file is about several.
    """

    start: float
    end: float
    label: str | None = None
    speaker: str | None = None
    text: str | None = None
    channel: int | None = None
    file: str | None = None


def with_word(before: Annotation, word: Annotation) -> Annotation:
    """An utterance that goes on with one more word."""
    end = max(before.end, word.end)
    return replace(before, end=end, text=f"{before.text} {word.text}")


class BrokenFile(Exception):
    """A file that cannot be read to its end.

    Attributes:
        line: Where, if that is known.
    """

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


class Reading(msgspec.Struct):
    """What was found in a file.

    Attributes:
        found: The annotations, in the order of the file.
        problems: What is wrong with what was left out, by line.
        points: How many marks without extent were left out.
        skipped: How many entries of each kind were left out because nothing here can hold
            them, by what the kind is called.
        notices: What else is to be said about the file, one sentence each.
        origins: Where the time of the annotations begins in each media file, in seconds, by
            the stem of its name; none where it begins with the file.
    """

    found: list[Annotation] = msgspec.field(default_factory=list)
    problems: list[tuple[int, str]] = msgspec.field(default_factory=list)
    points: int = 0
    skipped: Counter[str] = msgspec.field(default_factory=Counter)
    notices: list[str] = msgspec.field(default_factory=list)
    origins: dict[str, float] = msgspec.field(default_factory=dict)

    def add(self, line: int, annotation: Annotation) -> None:
        """Take an annotation in, unless its times make no sense."""
        start, end = annotation.start, annotation.end
        if not (math.isfinite(start) and math.isfinite(end) and abs(end) <= LONGEST):
            self.problems.append((line, "a time is out of all bounds"))
        elif start > end:
            self.problems.append((line, f"{start:g} to {end:g} s is reversed"))
        elif start == end:
            self.points += 1
        else:
            self.found.append(annotation)


class TimedFormat(msgspec.Struct, frozen=True):
    """A format of timed annotation.

    Attributes:
        name: What messages call it.
        suffixes: The ends of its files' names, in lower case.
        read: Reads a whole file; of a format with tiers those that are named, else all that
            stand on their own.
        tiers: Its speakers are tiers, which may be something else as well.
        free: Its labels may be anything: classes, names, or what is said.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes, Collection[str]], Reading]
    tiers: bool = False
    free: bool = False


def missing_tiers(wanted: Collection[str], there: Collection[str]) -> str | None:
    """Say which of the tiers asked for a file does not have; None if it has all.

    Raises:
        BrokenFile: It has none of them.
    """
    absent = [name for name in wanted if name not in there]
    if not absent:
        return None
    has = f"it has {', '.join(there)}" if there else "it has no tiers"
    what = f"there is no tier {', '.join(absent)}; {has}"
    if len(absent) == len(wanted):
        raise BrokenFile(what)
    return what


def text_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Number the lines of a text file; of whatever line end, without it.

    Raises:
        BrokenFile: It is neither UTF-8 nor UTF-16 with a byte order mark.
    """
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    yield from enumerate(text.split("\n"), start=1)


def decoded(data: bytes) -> str:
    """Decode UTF-8, or UTF-16 with a byte order mark.

    Raises:
        BrokenFile: It is neither.
    """
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.encoding.startswith("utf-16"):
            raise BrokenFile("broken UTF-16") from None
        line = data.count(b"\n", 0, error.start) + 1
        raise BrokenFile(f"it is not UTF-8: byte 0x{data[error.start]:02x}", line) from None


def channel_of(word: str) -> int | None:
    """The channel, from 0, that a word names: a number from 1 or a letter from A; None if none."""
    if len(word) == 1 and "A" <= word.upper() <= "Z":
        return ord(word.upper()) - ord("A")
    if len(word) > _LONGEST_CHANNEL or not word.isdecimal():
        return None
    return int(word) - 1 if int(word) else None


def number(word: str) -> float | None:
    """Read a number of seconds, with a point or, as some write it, a comma."""
    try:
        return float(word)
    except ValueError:
        pass
    try:
        return float(word.replace(",", "."))
    except ValueError:
        return None
