"""Long sounds as windows, and channels apart, without cutting a file."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import msgspec

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.sources.source import Invalid, Record, Source
from tui_annotate.task.incoming_regions import sound_faults
from tui_annotate.task.task import Fields

SHORTEST = 0.1
"""Seconds; a window of less can hardly be meant."""

WHOLE = -1.0


class Length(msgspec.Struct, frozen=True):
    """What is to be known of a sound to take it apart.

    Attributes:
        seconds: How long it is.
        channels: How many channels it has.
    """

    seconds: float
    channels: int


class Cut(msgspec.Struct, frozen=True):
    """How sounds are taken apart.

    Attributes:
        window: How long a window is, in seconds; None for whole sounds.
        hop: From the start of a window to that of the next; as long as the window, if None.
        channels: Every channel is a task of its own.

    Raises:
        UsageError: The times make no sense.
    """

    window: float | None = None
    hop: float | None = None
    channels: bool = False

    def __post_init__(self) -> None:
        if self.window is None:
            if self.hop is not None:
                raise UsageError("no window length was given", where="--hop", do="add --window")
            return
        if not SHORTEST <= self.window < 1e9:
            raise UsageError(
                "the window is too short: at least 0.1 seconds", where=f"--window {self.window:g}"
            )
        if self.hop is not None and not SHORTEST <= self.hop <= self.window:
            raise UsageError(
                "windows may overlap, but not leave gaps",
                where=f"--hop {self.hop:g}",
                do=f"give at most {self.window:g}",
            )

    def windows(self, seconds: float) -> Iterator[tuple[float, float]]:
        """The windows of a sound, in seconds to six decimals.

        The last one may be shorter; none begins where the one before has reached the end. A rest
        in which nothing could be marked belongs to the window before.
        """
        assert self.window is not None
        # Whole microseconds, so that a window ends exactly where the next one begins.
        width, hop, whole = (
            round(one * 1_000_000) for one in (self.window, self.hop or self.window, seconds)
        )
        start, end = 0, 0
        while not start or end < whole:
            end = start + width
            if end > whole - round(SHORTEST * 1_000_000):
                end = whole
            yield start / 1_000_000, end / 1_000_000
            start += hop


class Windows(Source):
    """The sounds of a source, taken apart; the locator is the place in their order.

    A sound that cannot be opened stays one task, as does one that comes with a chunk.

    Args:
        inner: The source of whole sounds.
        cut: How they are taken apart.
        locate: The file of a record's sound.
        measure: Tells how long the sound of a file is.
    """

    def __init__(
        self,
        inner: Source,
        cut: Cut,
        locate: Callable[[Fields, str], Path],
        measure: Callable[[Path], Length],
    ) -> None:
        super().__init__(inner.name, inner.stem, inner.path)
        self.notices = inner.notices
        self._inner = inner
        self._cut = cut
        self._locate = locate
        self._measure = measure
        self._locators = array("Q")
        self._starts = array("d")
        self._ends = array("d")
        self._channels = array("i")

    def records(self) -> Iterator[Record | Invalid]:
        """Read on, measuring each sound as it comes."""
        for record in self._inner.records():
            parts: Iterator[tuple[float, float, int]] = iter([(WHOLE, WHOLE, -1)])
            if isinstance(record, Record):
                parts = self._parts(record)
            for start, end, channel in parts:
                self._locators.append(record.locator)
                self._starts.append(start)
                self._ends.append(end)
                self._channels.append(channel)
                yield self._part(record, len(self._locators) - 1)

    def _parts(self, record: Record) -> Iterator[tuple[float, float, int]]:
        fields = record.fields
        length = None if sound_faults(fields) else self._length(record)
        windows = iter([(WHOLE, WHOLE)])
        if length is not None and self._cut.window is not None and "chunk" not in fields:
            windows = self._cut.windows(length.seconds)
        alone = not self._cut.channels or length is None or "channel" in fields
        channels = (
            [-1] if alone or length is None or length.channels < 2 else range(length.channels)
        )
        for start, end in windows:
            for channel in channels:
                yield start, end, channel

    def _length(self, record: Record) -> Length | None:
        try:
            length = self._measure(self._locate(record.fields, record.path))
        except (AnnotateError, OSError, ValueError):
            return None
        return length if length.seconds > 0 else None

    def _part(self, record: Record | Invalid, at: int) -> Record | Invalid:
        if isinstance(record, Invalid):
            return Invalid(record.message, record.path, record.line, at, record.lost)
        fields = dict(record.fields)
        if self._starts[at] != WHOLE:
            fields["chunk"] = {"start": self._starts[at], "end": self._ends[at]}
        if self._channels[at] >= 0:
            fields["channel"] = self._channels[at]
        return Record(fields, record.path, record.line, at)

    def reread(self, locator: int) -> Record | Invalid:
        """Read the sound of a window again, and take the window."""
        return self._part(self._inner.reread(self._locators[locator]), locator)

    def total(self) -> int | None:
        """Not known before every sound was measured."""
        return None

    def count(self, cancelled: Event) -> int | None:
        """Not counted: it would mean to open every sound twice."""
        return None

    def holds(self, path: Path) -> bool:
        """Whether a file is one of those that are read."""
        return self._inner.holds(path)

    def base(self, shown: str) -> Path:
        """The folder that relative names count from."""
        return self._inner.base(shown)

    def leave_out(self, path: Path) -> None:
        """Do not read a file of a folder."""
        self._inner.leave_out(path)

    def close(self) -> None:
        """Let go of files."""
        self._inner.close()
