"""What crosses the border between the interface and the sound process.

Each message is a tagged struct. A ``number`` is the caller's own number of a task, its
position in the stream; frames count from the start of the task's clip.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from tui_annotate.audio.clip import Clip
from tui_annotate.process.channel import Channel
from tui_annotate.process.messages import Failed, Gone, Ready
from tui_annotate.suggest.messages import SuggesterSpec, Switch
from tui_annotate.suggest.suggestion import Suggestion

SoundJob = Literal["converting", "peaks", "speech"]
"""What takes a while."""


class Configure(msgspec.Struct, frozen=True, tag=True):
    """The first message: what suggests."""

    specs: list[SuggesterSpec]


class Open(msgspec.Struct, frozen=True, tag=True):
    """Open the sound of a task; answered by `Opened` or `Unusable`.

    Attributes:
        number: The task.
        path: The file, as the system spells its name.
        start: Where its chunk begins in the file, in seconds; None for the whole file.
        end: Where it ends.
        channel: The channel it is about, from 0; None for all of them.
    """

    number: int
    path: bytes
    start: float | None = None
    end: float | None = None
    channel: int | None = None


class Show(msgspec.Struct, frozen=True, tag=True):
    """This task is on the screen now: what it needs comes first."""

    number: int


class Close(msgspec.Struct, frozen=True, tag=True):
    """Nothing more is wanted of a task."""

    number: int


class Focus(msgspec.Struct, frozen=True, tag=True):
    """The annotator is here: work nearest to it first."""

    number: int
    frame: int


class SpectrumOf(msgspec.Struct, frozen=True, tag=True):
    """A spectrogram of some frames is wanted; only the newest request counts.

    Attributes:
        number: The task.
        ticket: The caller's own number of the request.
        start: The first frame.
        end: The frame after the last one.
        columns: How many columns to cut it into.
        rows: How many bands of pitch, the lowest first.
    """

    number: int
    ticket: int
    start: int
    end: int
    columns: int
    rows: int


class Regions(msgspec.Struct, frozen=True, tag=True):
    """The regions of a task as they are now: who was named to speak where.

    Attributes:
        number: The task.
        regions: Start, end and label of each that the annotator has seen.
    """

    number: int
    regions: list[tuple[int, int, str]]


class Named(msgspec.Struct, frozen=True, tag=True):
    """Who was named to speak where in a window of a recording that is decided.

    Attributes:
        path: The file, as the system spells its name.
        channel: The channel that the window is about; None for all of them.
        start: Where the window begins, in seconds.
        regions: Start and end, in seconds of the file, and name of each.
    """

    path: bytes
    channel: int | None
    start: float
    regions: list[tuple[float, float, str]]


class Compare(msgspec.Struct, frozen=True, tag=True):
    """Whose voice is it? Answered by `Likely`."""

    number: int
    ticket: int
    start: int
    end: int


class Opened(msgspec.Struct, frozen=True, tag=True):
    """The sound of a task can be used.

    Attributes:
        number: The task.
        clip: What it is about.
        notices: What the user should know about the file, one sentence each.
    """

    number: int
    clip: Clip
    notices: list[str] = []


class Unusable(msgspec.Struct, frozen=True, tag=True):
    """The sound of a task cannot be used.

    Attributes:
        number: The task.
        reason: Why, without the name of the file and without a full stop.
    """

    number: int
    reason: str


class Progress(msgspec.Struct, frozen=True, tag=True):
    """How far work on a task has come, from 0 to 1."""

    number: int
    what: SoundJob
    done: float


class Peaks(msgspec.Struct, frozen=True, tag=True):
    """The file of a task's peaks has grown, or is there.

    Attributes:
        number: The task.
        path: The file, as the system spells its name; see `peaks.PeakFile`.
        done: How much of it is exact, from 0 to 1.
    """

    number: int
    path: bytes
    done: float


class Spectrum(msgspec.Struct, frozen=True, tag=True):
    """A spectrogram.

    Attributes:
        number: The task.
        ticket: Which request it answers.
        start: The first frame.
        end: The frame after the last one.
        columns: How many columns it has.
        rows: How many bands of pitch.
        cells: The loudness of each, 0 to 255: column after column, the lowest band first.
    """

    number: int
    ticket: int
    start: int
    end: int
    columns: int
    rows: int
    cells: bytes


class Heard(msgspec.Struct, frozen=True, tag=True):
    """What sources have found in the sound since they were last heard of.

    Attributes:
        number: The task.
        suggestions: Their start and end are frames.
        more: Whether further ones may come.
        covered: The stretches that were listened to so far, as start and end in frames.
    """

    number: int
    suggestions: list[Suggestion]
    more: bool
    covered: list[tuple[int, int]] = []


class Likely(msgspec.Struct, frozen=True, tag=True):
    """Whose voice it may be, the likeliest first, each with a score from 0 to 1."""

    number: int
    ticket: int
    names: list[tuple[str, float]]


Request = Configure | Open | Show | Close | Focus | SpectrumOf | Regions | Named | Compare | Switch
Message = Ready | Opened | Unusable | Progress | Peaks | Spectrum | Heard | Likely | Failed | Gone

Send = Callable[[Message], None]

REQUESTS: Channel[Request] = Channel(msgspec.msgpack.Decoder(Request))
MESSAGES: Channel[Message] = Channel(msgspec.msgpack.Decoder(Message))
