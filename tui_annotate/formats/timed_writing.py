"""Writing regions of sounds, and reading back what was written."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.formats.annotation import Annotation, BrokenFile, Reading, TimedFormat
from tui_annotate.formats.format import Format, Option
from tui_annotate.formats.holding import Holds, Losses
from tui_annotate.formats.recordings import Recording, Recordings
from tui_annotate.formats.writing import Target, Writer
from tui_annotate.task.task import Fields

SOUND_FIELDS = frozenset({"audio", "audio_spans", "chunk", "channel"})

Encode = Callable[[Recording, Mapping[str, Any]], tuple[bytes, Sequence[Annotation]]]
"""From a recording and the options to a file, and to what is to be read in it again."""

Fit = Callable[[Fields, Losses], None]
"""Takes out of a task's regions what the format cannot hold, and counts it."""


def written_format(
    name: str,
    timed: TimedFormat,
    encode: Encode,
    *,
    region: Collection[str] = (),
    fit: Fit | None = None,
    together: Callable[[Sequence[Recording]], Mapping[str, bytes]] | None = None,
    many: bool = True,
    suffix: str | None = None,
    options: tuple[Option, ...] = (),
    notes: str = "",
) -> Format:
    """A format of timed annotation that is read beside a sound, and written.

    Args:
        name: What ``--to`` and ``--from`` call it.
        timed: How it is read.
        encode: How a recording is written.
        region: The fields of a region that it can hold beside its place and label.
        fit: Takes out what else it cannot hold.
        together: More files, by their suffix, made of all recordings of one that has them all.
        many: There is a file for each recording; else one for all.
        suffix: The end of the names that are written, if it is not the first that is read.
        options: The options that it has.
        notes: What else the table of formats says of it.
    """
    return Format(
        name,
        timed.name,
        timed.suffixes,
        Holds(SOUND_FIELDS, region=frozenset(region), fit=fit),
        timed=timed,
        writer=lambda target: TimedWriter(
            target, timed, encode, together, suffix=suffix, many=many
        ),
        many=many,
        options=options,
        notes=notes,
    )


class RecordingsWriter(Writer):
    """Collects tasks by their sounds, and writes the recordings of each part at the end.

    Args:
        target: Where to.

    Attributes:
        counts: What was written and read back.
    """

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.counts: Counter[str] = Counter()
        self._parts = {part: Recordings() for part in target.parts}

    @property
    def compared(self) -> str:
        """What was read back and compared, for a message."""
        return ", ".join(
            f"{count:,} {what if count != 1 else what.removesuffix('s')}"
            for what, count in self.counts.items()
        )

    @property
    def remarks(self) -> list[str]:
        """What windows of one recording say differently, and what none of them is about."""
        return [remark for part in self._parts.values() for remark in part.remarks]

    def add(self, fields: Fields, part: str) -> None:
        """Take in the next task."""
        self._parts[part].add(fields)

    def close(self) -> Mapping[str, str]:
        """Write the files."""
        for part, recordings in self._parts.items():
            self.write(part, list(recordings))
        return {}

    @abstractmethod
    def write(self, part: str, recordings: Sequence[Recording]) -> None:
        """Write the files of a part, and read them back."""


class TimedWriter(RecordingsWriter):
    """Writes a file for each recording, or one for all, and reads it back.

    Args:
        target: Where to.
        timed: How the format is read.
        encode: How a recording is written.
        together: More files, made of all recordings.
        suffix: The end of their names.
        many: There is a file for each recording.
    """

    def __init__(
        self,
        target: Target,
        timed: TimedFormat,
        encode: Encode,
        together: Callable[[Sequence[Recording]], Mapping[str, bytes]] | None,
        *,
        suffix: str | None,
        many: bool,
    ) -> None:
        super().__init__(target)
        self._suffix = suffix or timed.suffixes[0]
        self._timed = timed
        self._encode = encode
        self._together = together
        self._many = many

    def write(self, part: str, recordings: Sequence[Recording]) -> None:
        """Write the files of a part, and read each back."""
        if self._many:
            self._write_each(part, recordings)
        else:
            self._write_all(part, recordings)

    def _write_each(self, part: str, recordings: Sequence[Recording]) -> None:
        target = self.target
        if target.stem and len(recordings) > 1:
            raise UsageError(
                f"there are {len(recordings)} recordings, and a file is for one",
                where="-o",
                do="name a folder",
            )
        for recording in recordings:
            if target.stem:
                name = target.name(part)
            else:
                name = f"{part}{'.' if part else ''}{recording.name}{self._suffix}"
            data, entries = self._encode(recording, target.options)
            self._write(name, data, entries)

    def _write_all(self, part: str, recordings: Sequence[Recording]) -> None:
        pieces, entries = [], list[Annotation]()
        for recording in recordings:
            data, of_one = self._encode(recording, self.target.options)
            pieces.append(data)
            entries += of_one
        self._write(self.target.name(part), b"".join(pieces), entries)
        if self._together is not None:
            for suffix, data in self._together(recordings).items():
                self.target.files.write(self.target.name(part, suffix), data)

    def _write(self, name: str, data: bytes, entries: Sequence[Annotation]) -> None:
        self.target.files.write(name, data)
        try:
            reading = self._timed.read(data, ())
        except BrokenFile as error:
            raise _unequal(self._timed.name, name, str(error)) from None
        if what := difference(entries, reading):
            raise _unequal(self._timed.name, name, what)
        self.counts["files"] += 1
        self.counts["entries"] += len(entries)


def _unequal(title: str, name: str, what: str) -> AnnotateError:
    return AnnotateError(
        f"what was written as {title} does not read back as it was ({name}: {what}); "
        "nothing was written",
        do="report it, with this task",
    )


def difference(entries: Sequence[Annotation], reading: Reading) -> str | None:
    """How what was read differs from what was written; None where it is the same."""
    if reading.problems:
        line, what = reading.problems[0]
        return f"line {line}: {what}"
    written, read = Counter(map(_told, entries)), Counter(map(_told, reading.found))
    if missing := written - read:
        return f"{_named(next(iter(missing)))} is missing"
    if more := read - written:
        return f"{_named(next(iter(more)))} is too much"
    return None


def _told(one: Annotation) -> tuple[Any, ...]:
    times = round(one.start * 1e6), round(one.end * 1e6)
    return (*times, one.label, one.speaker, one.text or "", one.channel, one.file)


def _named(told: tuple[Any, ...]) -> str:
    start, end, *rest = told
    said = ", ".join(str(value) for value in rest if value not in (None, ""))
    return f"{start / 1e6:g} to {end / 1e6:g} s ({said})"
