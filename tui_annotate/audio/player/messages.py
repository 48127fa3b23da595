"""What crosses the borders of the player: one protocol, local and remote.

The interface tells its player process what to do. That process reads the file and
hands commands on to a deck, which plays: its own, or one at the near end of an SSH
line. A deck asks for the frames it needs, block by block.

Each message is a tagged struct. All frames are frames of the file, at the file's own rate.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from tui_annotate.process.channel import Channel

VERSION = 1
"""What both ends of a line must agree on."""

BLOCK = 4096
"""Frames in a block: what a deck asks for, and keeps, as one."""

LONGEST = 1 << 20
"""Bytes of the longest message; what is longer comes from no player."""

Coding = Literal["int16", "float32", "flac"]


class Open(msgspec.Struct, frozen=True, tag=True):
    """The file to play from now on; from the interface to its player process.

    Attributes:
        number: The interface's own number of the file.
        path: What is read: a file that libsndfile knows.
        channel: The channel to play, from 0; None for all.
    """

    number: int
    path: bytes
    channel: int | None = None


class Load(msgspec.Struct, frozen=True, tag=True):
    """The sound to play from now on; from the process that reads it to the deck.

    Attributes:
        number: As in `Open`.
        rate: Frames per second.
        channels: 1 or 2.
        frames: How many there are.
    """

    number: int
    rate: int
    channels: int
    frames: int


class Play(msgspec.Struct, frozen=True, tag=True):
    """Play a stretch.

    Attributes:
        number: Of which sound.
        ticket: The interface's own number of the command, as in `Pause`, `Resume` and
            `Seek`; states carry that of the last one that was obeyed.
        start: The first frame.
        end: The frame after the last one.
        first: Where to begin in it.
        loop: Whether to begin again, and again, at the end.
        paused: Whether to stand ready there instead, as after a pause.
    """

    number: int
    ticket: int
    start: int
    end: int
    first: int
    loop: bool = False
    paused: bool = False


class Pause(msgspec.Struct, frozen=True, tag=True):
    """Stop; what is left can be resumed."""

    ticket: int


class Resume(msgspec.Struct, frozen=True, tag=True):
    """Go on, from some frames before."""

    ticket: int
    back: int = 0


class Seek(msgspec.Struct, frozen=True, tag=True):
    """Go on elsewhere in the stretch."""

    ticket: int
    frame: int


class Speed(msgspec.Struct, frozen=True, tag=True):
    """How fast, without changing the pitch: 0.5 to 2."""

    value: float


class Volume(msgspec.Struct, frozen=True, tag=True):
    """How loud: 0 to 1, as the factor of the amplitude."""

    value: float


class Block(msgspec.Struct, frozen=True, tag=True):
    """Frames that were asked for.

    Attributes:
        number: Of which sound.
        index: They begin at this many times `BLOCK`.
        coding: How they are written.
        data: They, channels interleaved.
    """

    number: int
    index: int
    coding: Coding
    data: bytes


class Ping(msgspec.Struct, frozen=True, tag=True):
    """Is anybody there? Only over a line."""


class Pong(msgspec.Struct, frozen=True, tag=True):
    """Yes."""


class Wanted(msgspec.Struct, frozen=True, tag=True):
    """Blocks that a deck needs, the most urgent first.

    Attributes:
        number: Of which sound.
        indices: Which blocks.
        lean: How many of the 16 bits to leave out, because the line is slow.
    """

    number: int
    indices: list[int]
    lean: int = 0


class State(msgspec.Struct, frozen=True, tag=True):
    """What is heard at this moment.

    Attributes:
        ticket: The last command it is after.
        frame: The frame that leaves the loudspeaker now.
        playing: Whether there is more to come.
        moving: Whether the frame moves now: not where frames are waited for.
        speed: How fast it moves.
    """

    ticket: int
    frame: int
    playing: bool
    moving: bool
    speed: float


class Sound(msgspec.Struct, frozen=True, tag=True):
    """How the sound is made.

    Attributes:
        output: What plays, in a word or two; empty for silence.
        notice: One sentence for the user, where there is something to say.
    """

    output: str
    notice: str | None = None


Command = Open | Load | Play | Pause | Resume | Seek | Speed | Volume | Block | Ping
Report = Wanted | State | Sound | Pong

COMMANDS: Channel[Command] = Channel(msgspec.msgpack.Decoder(Command), longest=LONGEST)
REPORTS: Channel[Report] = Channel(msgspec.msgpack.Decoder(Report), longest=LONGEST)
