"""What a format is: its name, what it can hold, how it is read and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tui_annotate.errors import UsageError
from tui_annotate.formats.annotation import TimedFormat
from tui_annotate.formats.holding import Holds, Tokenise
from tui_annotate.formats.records import Reader

if TYPE_CHECKING:
    from tui_annotate.formats.writing import Target, Writer


def _silent(notice: str) -> None:
    """Where nobody wants to know."""


class Place(msgspec.Struct, frozen=True):
    """The file that is read, and how.

    Attributes:
        shown: What messages call it.
        path: Where it is, for formats whose files lead to others; None for a stream.
        options: What the user chose, by the names of the format's options.
        tell: Takes a sentence on what the file has that a task cannot hold.
    """

    shown: str = ""
    path: Path | None = None
    options: Mapping[str, Any] = {}
    tell: Callable[[str], None] = _silent


class Option(msgspec.Struct, frozen=True):
    """An option that a format has.

    Attributes:
        flag: As it is typed: ``--spans-key``.
        help: What it does, a sentence.
        metavar: What its value is called; None for a switch.
        default: Its value where it is not given.
        read: From what was typed to the value.
        reading: It is for reading the format; else it is for writing it.
        answers: The answers that are exported too where it is given.
    """

    flag: str
    help: str
    metavar: str | None = None
    default: Any = None
    read: Callable[[str], Any] = str
    reading: bool = False
    answers: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What it is called among the options."""
        return self.flag.lstrip("-").replace("-", "_")


class Format(msgspec.Struct, frozen=True):
    """A format of files.

    Attributes:
        name: What ``--to`` and ``--from`` call it: lower case, without blanks.
        title: What messages and tables call it.
        suffixes: The ends of its files' names, in lower case, with the dot.
        holds: What of a task it can hold.
        reader: Makes what reads a file as tasks; None where it is not read as such.
        timed: Reads a file as regions of a sound; None where it is not read as such.
        writer: Makes what writes tasks; None where it is not written.
        sniff: Whether a file that begins like this is one, for names that say nothing or
            that several formats share; gets the first kilobytes.
        options: The options that it has.
        tokeniser: From its options to what cuts texts that came without tokens; a plain rule,
            if there is none.
        binary: Its files are no text.
        folder: It is written as a folder of files.
        many: There is a file for each sound: the output is a folder, or a file for one sound.
        extra: The extra of this package that has to be installed for it.
        notes: What else the table says of it.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    holds: Holds
    reader: Callable[[Place], Reader] | None = None
    timed: TimedFormat | None = None
    writer: Callable[[Target], Writer] | None = None
    sniff: Callable[[bytes], bool] | None = None
    options: tuple[Option, ...] = ()
    tokeniser: Callable[[Mapping[str, Any]], Tokenise] | None = None
    binary: bool = False
    folder: bool = False
    many: bool = False
    extra: str | None = None
    notes: str = ""

    def defaults(self) -> dict[str, Any]:
        """Its options where none is given."""
        return {option.name: option.default for option in self.options}

    def chosen(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Its options, as given or by default.

        Raises:
            UsageError: One is given that it does not have.
        """
        known = self.defaults()
        for name in given:
            if name not in known:
                flag = "--" + name.replace("_", "-")
                has = ", ".join(option.flag for option in self.options)
                raise UsageError(
                    f"{self.title} has no such option",
                    where=flag,
                    do=f"it has {has}" if has else "leave it out",
                )
        return {**known, **given}


def only(reader: Reader) -> Callable[[Place], Reader]:
    """The reader of a format that is read the same way wherever it stands."""
    return lambda place: reader


def timed_format(name: str, timed: TimedFormat) -> Format:
    """A format of timed annotation that is read beside a sound.

    Args:
        name: What ``--from`` calls it.
        timed: How it is read.
    """
    holds = Holds(frozenset({"audio", "audio_spans"}))
    return Format(name, timed.name, timed.suffixes, holds, timed=timed)
