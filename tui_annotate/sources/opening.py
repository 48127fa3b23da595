"""From what a user names as the source to the source."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain, islice
from pathlib import Path
from stat import S_ISREG
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.formats import by_content, by_suffix
from tui_annotate.formats.decoding import decode_fields
from tui_annotate.formats.format import Format, Place
from tui_annotate.formats.json_tasks import JSON, JSON_SUFFIX, JSONL, JSONL_SUFFIXES
from tui_annotate.formats.plain_text import SUFFIXES as TEXT_SUFFIXES
from tui_annotate.formats.plain_text import TEXT
from tui_annotate.formats.records import Lines, Reader, through_first_filled
from tui_annotate.formats.table import SUFFIXES as TABLE_SUFFIXES
from tui_annotate.formats.table import table_format
from tui_annotate.sources.folders import walked
from tui_annotate.sources.line_file import LineFile
from tui_annotate.sources.lines import (
    BOM,
    GZIP_MAGIC,
    checked_encoding,
    has_old_line_ends,
    open_file,
    open_stdin,
)
from tui_annotate.sources.magic import foreign_of, sound_of
from tui_annotate.sources.soundlists import COLUMNS, FIELDS, SOUND_JSON, SOUND_JSONL, SOUND_LIST
from tui_annotate.sources.source import Source
from tui_annotate.sources.spooled import Input, SpooledSource
from tui_annotate.wording import printable, reason

Split = Literal["line", "paragraph", "file"]

SNIFFED = 4096
_LIST = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\{")
SHARING = frozenset({"csv", "json", "jsonl", "text", "tsv"})
"""Formats whose files' names others have, too."""

NOTHING: Mapping[str, Any] = {}


def open_source(
    spec: str,
    *,
    split: Split | None = None,
    text_column: str | None = None,
    encoding: str = "utf-8",
    name: str | None = None,
    sounds: bool = False,
    format: Format | None = None,
    options: Mapping[str, Any] = NOTHING,
) -> Source:
    """Open what a user named as the source; nothing of its content is read yet.

    JSONL, JSON lists, text, CSV, TSV and CoNLL-U by the end of their names, each also with ``.gz``;
    a folder of such files, in sorted order; ``-`` for the standard input. Where the name says
    nothing, the content does: a first line that is an object means JSONL, else it is text.

    Args:
        spec: A file, a folder, or ``-``.
        split: What of a text is one task; a line, if not said.
        text_column: The column of a table that holds the text.
        encoding: What text is encoded in; a byte order mark does no harm.
        name: What to call the source, instead of its own name.
        sounds: The tasks are sounds, which lists, tables and JSONL name; see `open_sounds`.
        format: What the files are, whatever their names say.
        options: The format's options for reading.

    Raises:
        AnnotateError: It is no file that can be read.
        UsageError: There is no such file, an unknown encoding, a terminal as the standard input,
            or an option that means nothing for such a source.
    """
    if not spec:
        raise UsageError("the source has no name", do="name a file, a folder, or -")
    encoding = checked_encoding(encoding)
    notices = list[str]()
    wanted = _Wanted(split, text_column, sounds, format, options)
    chooser = partial(_Chooser, wanted=wanted, notices=notices)
    if spec == "-":
        _refuse_idle(split, text_column, [""], "stdin")
        stream = open_stdin()
        one = Input("stdin", lambda: stream, chooser("stdin", "", None), encoding)
        return _noticed(SpooledSource(name or "stdin", name or "stdin", None, [one]), notices)
    path = Path(spec)
    try:
        status = path.stat()
    except FileNotFoundError:
        raise missing(path) from None
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    shown = printable(spec)
    if path.is_dir():
        suffixes = [name_parts(file)[1] for file in _files_below(path)]
        _refuse_idle(split, text_column, suffixes, shown)
        return _folder(path, shown, name, encoding, chooser, notices)
    stem, suffix, _ = name_parts(path)
    _refuse_idle(split, text_column, [suffix], shown)
    choose = chooser(shown, suffix, path)
    if S_ISREG(status.st_mode):
        source = _file(path, shown, encoding, choose)
        if name:
            source.name = source.stem = name
    else:
        # A pipe such as <(zcat …): it can be opened once, and read forward only.
        one = Input(shown, partial(open_file, path), choose, encoding)
        source = SpooledSource(name or shown, name or stem, path, [one])
    return _noticed(source, notices)


def _file(path: Path, shown: str, encoding: str, choose: _Chooser) -> Source:
    """A regular file as a source, in the format that its name or its content tells."""
    stem, _, packed = name_parts(path)
    try:
        with open_file(path) as stream:
            head = stream.read(SNIFFED)
    except OSError as error:
        raise unreadable(path, error) from error
    if not packed and choose.may_guess:
        choose.guess(head)
    if not ((named := choose.format) and named.binary):
        _refuse_foreign(head, shown, encoding)
    reader = choose.by_name() or (
        None if packed else choose.by_content(iter(head.removeprefix(BOM).splitlines(True)))
    )
    if reader in (JSONL, SOUND_JSONL) and _LIST.match(head):
        raise AnnotateError(
            "the file holds a list of tasks, and JSONL has one task a line",
            where=shown,
            do=f"name it {printable(stem)}.json",
        )
    plain = encoding == "utf-8" and not (head.startswith(GZIP_MAGIC) or has_old_line_ends(head))
    if reader and reader.parse and plain:
        return LineFile(path, shown, stem, reader.parse)
    one = Input(shown, partial(open_file, path), choose, encoding, path)
    return SpooledSource(path.name, stem, path, [one])


def _noticed(source: Source, notices: list[str]) -> Source:
    """The source, whose notices are those of its readers too."""
    notices.extend(source.notices)
    source.notices = notices
    return source


class _Wanted(msgspec.Struct, frozen=True):
    """How the user wants a source read; see `open_source`."""

    split: Split | None = None
    text_column: str | None = None
    sounds: bool = False
    format: Format | None = None
    options: Mapping[str, Any] = {}


class _Chooser:
    """Picks the reader of a file by its name, or else by its content."""

    def __init__(
        self, shown: str, suffix: str, path: Path | None, wanted: _Wanted, notices: list[str]
    ) -> None:
        self._suffix = suffix
        self._wanted = wanted
        options = {"split": wanted.split, "text_column": wanted.text_column, **wanted.options}
        self._place = Place(shown, path, options, notices.append)

    @property
    def may_guess(self) -> bool:
        """Whether the user left it open what the file is."""
        wanted = self._wanted
        return wanted.format is None and not (wanted.sounds or wanted.split or wanted.text_column)

    def guess(self, head: bytes) -> None:
        """Go by what a file begins with, where its name could be that of several formats."""
        named = by_suffix(self._suffix)
        if named is None or named.name in SHARING:
            self._wanted = replace(self._wanted, format=by_content(head))

    @property
    def format(self) -> Format | None:
        """The format that the user or the file's name says; None where neither does."""
        if self._wanted.format or self._wanted.sounds:
            return self._wanted.format
        return by_suffix(self._suffix)

    def by_name(self) -> Reader | None:
        if self._wanted.sounds:
            return self._of_sounds(self._suffix)
        if found := self.format:
            return _reader(found, self._place)
        if self._wanted.split:
            return TEXT[self._wanted.split]
        if column := self._wanted.text_column:
            return table_format(column, None, self._place.shown)
        return None

    def _of_sounds(self, suffix: str) -> Reader | None:
        if suffix in JSONL_SUFFIXES:
            return SOUND_JSONL
        if suffix == JSON_SUFFIX:
            return SOUND_JSON
        if suffix in TABLE_SUFFIXES or (self._wanted.text_column and suffix not in TEXT_SUFFIXES):
            between = TABLE_SUFFIXES.get(suffix)
            column, shown = self._wanted.text_column, self._place.shown
            return table_format(column, between, shown, columns=COLUMNS, fields=FIELDS)
        return SOUND_LIST if suffix in TEXT_SUFFIXES else None

    def by_content(self, head: Iterator[bytes]) -> Reader:
        sounds = self._wanted.sounds
        first = next((line.lstrip() for line in head if line.strip()), b"")
        if first.startswith(b"[") and first[1:].lstrip()[:1] in (b"{", b""):
            return SOUND_JSON if sounds else JSON
        # What begins like an object is enough: a head may end in the middle of the line.
        begins_like_one = first.startswith(b'{"')
        if begins_like_one or type(decode_fields(first)) is dict:
            return SOUND_JSONL if sounds else JSONL
        return SOUND_LIST if sounds else TEXT["line"]

    def __call__(self, lines: Lines) -> tuple[Reader, Lines]:
        if reader := self.by_name():
            return reader, lines
        lines = iter(lines)
        head = list(through_first_filled(lines))
        return self.by_content(iter(head)), chain(head, lines)


def _reader(found: Format, place: Place) -> Reader:
    if found.reader is None:
        raise UsageError(
            f"{found.title} is not read as tasks" + (" but beside a recording" * bool(found.timed)),
            where=place.shown,
            do="name another format with --from",
        )
    return found.reader(place)


def _folder(
    path: Path,
    shown: str,
    name: str | None,
    encoding: str,
    chooser: partial[_Chooser],
    notices: list[str],
) -> Source:
    inputs = list[Input]()
    skipped = list[str]()
    for file in _files_below(path):
        within = printable(file.relative_to(path).as_posix())
        _, suffix, _ = name_parts(file)
        if not _known(suffix) and (reason := _not_text(file)):
            skipped.append(f"skipped {within}: {reason}")
            continue
        called = printable(str(Path(shown) / within))
        opener = partial(open_file, file)
        choose = chooser(called, suffix, file)
        inputs.append(Input(called, opener, choose, encoding, file, label=within))
    if not inputs:
        raise AnnotateError(
            "the folder holds no readable file",
            where=shown,
            do="use a recipe for audio, such as audio.regions"
            if any("it is an audio file" in notice for notice in skipped)
            else "put JSONL, JSON, CSV, TSV or text files there",
        )
    own = path.resolve().name or "folder"
    source = SpooledSource(name or own, name or own, path, inputs)
    notices.extend(skipped)
    return _noticed(source, notices)


def _files_below(folder: Path) -> Iterator[Path]:
    """The files of a folder and those below it in sorted order, hidden ones left out."""
    for top, _, files in walked(str(folder)):
        yield from (Path(top) / file for file in files)


def _known(suffix: str) -> bool:
    return by_suffix(suffix) is not None


def _not_text(file: Path) -> str | None:
    try:
        if not S_ISREG(file.stat().st_mode):
            return "it is not a regular file"
        with open_file(file) as stream:
            head = stream.read(SNIFFED)
    except OSError as error:
        return reason(error)
    if kind := sound_of(head):
        return f"it is an audio file ({kind}), and this recipe is for text"
    return "it is not text" if b"\0" in head or foreign_of(head) else None


def _refuse_idle(
    split: Split | None, text_column: str | None, suffixes: list[str], shown: str
) -> None:
    """Refuse an option that changes nothing about how these files are read."""
    wanted = (
        ("--split", split, TEXT_SUFFIXES, "plain text"),
        ("--text-column", text_column, frozenset(TABLE_SUFFIXES), "CSV or TSV"),
    )
    for option, value, fitting, what in wanted:
        if value and suffixes and all(s not in fitting and _known(s) for s in suffixes):
            raise UsageError(
                f"this option is for {what}", where=option, do=f"remove it for {shown}"
            )
    if split and text_column and not any(map(_known, suffixes)):
        raise UsageError(
            "a source is either plain text or a table",
            where="--split",
            do="remove --text-column",
        )


def name_parts(path: Path) -> tuple[str, str, bool]:
    """The stem, the suffix in lower case, and whether ``.gz`` stood behind it."""
    packed = path.suffix.lower() == ".gz"
    bare = path.with_suffix("") if packed else path
    return printable(bare.stem), bare.suffix.lower(), packed


def _refuse_foreign(head: bytes, shown: str, encoding: str) -> None:
    if encoding == "utf-8" and head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise AnnotateError(
            "the file is UTF-16, not UTF-8", where=shown, do="add --encoding utf-16"
        )
    if kind := sound_of(head):
        raise UsageError(
            f"this is an audio file ({kind}), and this recipe is for text",
            where=shown,
            do="use a recipe for audio, such as audio.regions or audio.transcribe",
        )
    if what := foreign_of(head):
        raise AnnotateError(
            f"the file is {what}, not text",
            where=shown,
            do="turn it into JSONL, CSV or plain text first",
        )


def missing(path: Path) -> UsageError:
    """The error for a source that is not there, with the name that may be meant."""
    beside = list[str]()
    try:
        beside = [entry.name for entry in islice(os.scandir(path.parent), 1000)]
    except OSError:
        return UsageError("there is no such file", where=printable(str(path)))
    import difflib

    close = difflib.get_close_matches(path.name, beside, n=1)
    do = f"did you mean {printable(str(path.parent / close[0]))}?" if close else None
    return UsageError("there is no such file", where=printable(str(path)), do=do)


def unreadable(path: Path, error: Exception) -> AnnotateError:
    """The error for a source that the system does not let be read."""
    return AnnotateError(f"the file cannot be read ({reason(error)})", where=printable(str(path)))
