"""The length of an MP3: its frames counted, in one recording or in several.

An MP3 says how long it is in a first frame without sound, called Xing or Info
(http://gabriel.mp3-tech.org/mp3infotag.html), or not at all. Without it, libsndfile
takes the length of its first frame for that of all and reads no further than it
reckons, which loses most of a sound whose bit rate varies. It also stops where that
frame says that the first of several recordings ends.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from itertools import product
from typing import BinaryIO

from tui_annotate.audio.header import NOTICED
from tui_annotate.audio.parts import Part

LONGEST_FRAME = 2881
"""Bytes that no frame exceeds."""

_BIT_RATES = {
    True: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""In kbit/s, of MPEG 1 and of MPEG 2 and 2.5."""

_RATES = {0b11: (44_100, 48_000, 32_000), 0b10: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8000)}
"""Frames a second, by the bits of the version."""

_SYNC = 0xFF
_BEGINS = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]")
_MONO = 0b11
_SAME = 0xFE0C
"""The bits of version, layer and rate in the second and third byte of a frame."""

_SAYS_LENGTH = (b"Xing", b"Info")
_COUNTED, _MEASURED = 1, 2
_SURE = 3
"""Frames in a row that are no accident."""

_SLACK = 2
"""Frames by which a header may be wrong and is still believed."""

_MOST_RUNS = 1000
_BLOCK = 1 << 20
_HEAD = 64
"""Bytes from the beginning of a frame to behind the word Xing and its numbers."""

_SHORTEST = 4


@dataclass(slots=True)
class Run:
    """Frames that follow each other without a gap, of one kind.

    Attributes:
        start: Where the first frame with sound begins, in bytes.
        samples: Frames of sound in each of them.
        end: Where the last one ends.
        count: How many there are.
        header: Where the frame begins that says how long it is; None without one.
        head: What stands there, up to the number of frames; none where it says no number.
        said: The frames that it says there are; 0 if it does not know.
        measured: Whether it says how many bytes there are as well.
        apart: Whether it begins a recording: with such a frame, or behind a tag.
        damaged: Whether what stands before it is no sound and no tag.
    """

    start: int
    samples: int
    end: int = 0
    count: int = 0
    header: int | None = None
    head: bytes = b""
    said: int = 0
    measured: bool = False
    apart: bool = False
    damaged: bool = False

    @property
    def part(self) -> Part:
        """It as a part of the file, whose header says how long it is."""
        if self.header is None or not self.head:
            # libsndfile guesses by the size: it is made large enough.
            room = self.count * LONGEST_FRAME
            return Part(self.start, self.end, frames=self.count * self.samples, room=room)
        if self.right:
            return Part(self.header, self.end)
        head = self.head + struct.pack(">I", self.count)
        if self.measured:
            head += struct.pack(">I", self.end - self.header)
        return Part(self.header + len(head), self.end, head)

    @property
    def right(self) -> bool:
        """Whether the header says how many frames there are."""
        return bool(self.head) and abs(self.said - self.count) <= _SLACK


def mp3_runs(path: str, size: int) -> list[Run]:
    """The runs of frames of an MP3; none where they cannot be told.

    Ten hours take a second, and as long as it takes to read them.

    Args:
        path: The file.
        size: Its bytes.
    """
    with open(path, "rb") as file:
        reader = _Reader(file, size)
        runs: list[Run] = []
        run = reader.next_run(0)
        while run is not None and len(runs) <= _MOST_RUNS:
            reader.follow(run)
            runs.append(run)
            run = reader.next_run(run.end)
    if len(runs) > _MOST_RUNS:
        return []
    return [run for run in runs if run.count]


def notices(runs: list[Run], seconds: float, rate: int) -> list[str]:
    """What is to be said of the runs of an MP3, one sentence each.

    Args:
        runs: All of them.
        seconds: How long they are together.
        rate: Frames of sound a second.
    """
    told = []
    first = runs[0]
    recordings = 1 + sum(run.apart for run in runs[1:])
    missing = (first.said - first.count) * first.samples / rate
    if recordings > 1:
        told.append(f"the file holds {recordings} recordings, one after the other")
    elif len(runs) == 1 and first.said and abs(missing) >= NOTICED:
        there = f"{seconds:,.1f} s are there"
        if missing > 0:
            told.append(f"it is cut off: its header claims {seconds + missing:,.1f} s, and {there}")
        else:
            told.append(
                f"its header says {seconds + missing:,.1f} s, and {there}: all of it is used"
            )
    if broken := sum(run.damaged for run in runs[1:]):
        places = "1 place, which is" if broken == 1 else f"{broken} places, which are"
        told.append(f"it is damaged in {places} left out")
    return told


@dataclass(slots=True)
class _Reader:
    """Walks from frame to frame."""

    file: BinaryIO
    size: int
    _base: int = 0
    _data: bytes = field(default=b"", repr=False)

    def at(self, place: int, wanted: int) -> bytes:
        """Bytes of the file, fewer at its end."""
        local = place - self._base
        if local < 0 or local + wanted > len(self._data):
            self.file.seek(place)
            self._base, local = place, 0
            self._data = self.file.read(max(_BLOCK, wanted))
        return self._data[local : local + wanted]

    def next_run(self, place: int) -> Run | None:
        """The run that begins next; None if there is none."""
        begin, behind_tag = place, False
        while tag := self._tag(place):
            place, behind_tag = place + tag, True
        found = self._sync(place)
        if found is None:
            return None
        head = self.at(found, _HEAD)
        run = Run(found, 1152 if head[1] & 8 else 576, found)
        run.damaged = found > place and begin > 0
        at = _offset(head)
        if head[at : at + 4] in _SAYS_LENGTH and len(head) >= at + 16:
            run.header, run.start = found, found + _length(head)
            run.end = run.start
            run.apart = True
            flags, said = struct.unpack_from(">II", head, at + 4)
            if flags & _COUNTED:
                run.head, run.said = head[: at + 8], said
                run.measured = bool(flags & _MEASURED)
        run.apart = run.apart or behind_tag
        return run

    def follow(self, run: Run) -> None:
        """Go to the end of a run: where no further frame of its kind begins."""
        place, count = run.start, 0
        head = self.at(place if run.header is None else run.header, _HEAD)
        alone, word = head[3] >> 6 == _MONO, _offset(head)
        # Only frames of this version and rate have a length here.
        lengths = {key: length for key, length in _LENGTHS.items() if _alike(key, head)}
        data, base, told = b"", place, -1
        while True:
            local = place - base
            if local + _HEAD > len(data):
                self.at(place, _HEAD)
                data, base, local = self._data, self._base, place - self._base
                told = _next_word(data, local)
                if local + _SHORTEST > len(data):
                    break
            length = lengths.get(data[local + 1 : local + 3])
            if length is None or data[local] != _SYNC or place + length > self.size:
                break
            if (data[local + 3] >> 6 == _MONO) != alone:
                break
            if 0 <= told <= local + word:
                if told == local + word and count:
                    break
                told = _next_word(data, local + word + 1)
            place += length
            count += 1
        run.end, run.count = place, count

    def _tag(self, place: int) -> int:
        """The length of the tag that begins at a place; 0 if none does."""
        head = self.at(place, 32)
        if head[:3] == b"ID3" and len(head) >= 10 and max(head[6:10]) < 0x80:
            length = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
            return length + (20 if head[5] & 0x10 else 10)
        if head[:8] == b"APETAGEX" and len(head) == 32:
            length, flags = struct.unpack_from("<I4xI", head, 12)
            return int(length) + (32 if flags & 1 << 29 else 0)
        return 128 if head[:3] == b"TAG" else 0

    def _sync(self, place: int) -> int | None:
        """Where frames begin, from a place on."""
        while True:
            data = self.at(place, _BLOCK)
            at_end = len(data) < _BLOCK
            last = len(data) if at_end else len(data) - _SURE * LONGEST_FRAME
            for match in _BEGINS.finditer(data, 0, last):
                if _sure(data, match.start()):
                    return place + match.start()
            if at_end:
                return None
            place += last


def _sure(data: bytes, place: int) -> bool:
    """Whether frames of one kind follow each other; at the end of all there is, one will do."""
    kind = None
    for _ in range(_SURE):
        head = data[place : place + 4]
        if len(head) < _SHORTEST:
            return kind is not None
        length = _length(head)
        if not length or (kind is not None and _kind(head) != kind):
            return False
        kind = _kind(head)
        place += length
    return True


def _kind(head: bytes) -> tuple[int, bool]:
    """What all frames of a run share: version and rate, and whether there is one channel."""
    return (head[1] << 8 | head[2]) & _SAME, head[3] >> 6 == _MONO


def _alike(key: bytes, head: bytes) -> bool:
    return (key[0] << 8 | key[1]) & _SAME == (head[1] << 8 | head[2]) & _SAME


def _next_word(data: bytes, place: int) -> int:
    """Where a word stands that begins the length of a recording; -1 if none does."""
    return min((at for word in _SAYS_LENGTH if (at := data.find(word, place)) >= 0), default=-1)


def _length(head: bytes) -> int:
    """The bytes of a frame of MP3; 0 if none begins so."""
    return _LENGTHS.get(head[1:3], 0) if head[0] == _SYNC else 0


def _offset(head: bytes) -> int:
    """Where the word Xing stands in a frame."""
    alone = head[3] >> 6 == _MONO
    if head[1] & 8:
        return 21 if alone else 36
    return 13 if alone else 21


def _table() -> dict[bytes, int]:
    """The length of a frame by the second and third byte of its header."""
    table = {}
    for version, rates in _RATES.items():
        first = version == 0b11
        bit_rates = enumerate(_BIT_RATES[first], start=1)
        for (place, bits), (number, rate), padded in product(bit_rates, enumerate(rates), (0, 1)):
            # The last bit of the second byte says whether there is a checksum, that of the
            # third is free.
            second = 0xE2 | version << 3
            third = place << 4 | number << 2 | padded << 1
            length = (144 if first else 72) * bits * 1000 // rate + padded
            for checksum, free in product((0, 1), (0, 1)):
                table[bytes((second | checksum, third | free))] = length
    return table


_LENGTHS = _table()
