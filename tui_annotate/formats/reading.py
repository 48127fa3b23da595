"""Timed annotations from a file, whatever format it is in."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from tui_annotate.formats import audacity, ctm, eaf, rttm, stm, subtitles, textgrid
from tui_annotate.formats.annotation import BrokenFile, Reading

LARGEST = 1 << 28
"""Bytes; no annotation of any recording is so large."""


@dataclass(frozen=True, slots=True)
class TimedFormat:
    """A format of timed annotation.

    Attributes:
        name: What messages call it.
        read: Reads a whole file.
        tiers: Its speakers are tiers, which may be something else as well.
    """

    name: str
    read: Callable[[bytes], Reading]
    tiers: bool = False


FORMATS = {
    ".textgrid": TimedFormat("TextGrid", textgrid.read, tiers=True),
    ".eaf": TimedFormat("EAF", eaf.read, tiers=True),
    ".rttm": TimedFormat("RTTM", rttm.read),
    ".stm": TimedFormat("STM", stm.read),
    ".ctm": TimedFormat("CTM", ctm.read),
    ".vtt": TimedFormat("WebVTT", subtitles.read),
    ".srt": TimedFormat("SubRip", subtitles.read),
    ".txt": TimedFormat("Audacity labels", audacity.read),
}
"""By the end of the name, in lower case; the first that is there is taken."""


def read_file(path: Path, tiers: Collection[str] = ()) -> Reading:
    """Read a file of timed annotations.

    Args:
        path: The file; what it is its name says.
        tiers: The tiers to read; all that stand on their own, if none is named.

    Raises:
        BrokenFile: It cannot be read to its end.
    """
    fmt = FORMATS.get(path.suffix.lower())
    if fmt is None:
        known = ", ".join(sorted(one.name for one in FORMATS.values()))
        raise BrokenFile(f"the end of its name is none of a format that is read: {known}")
    data = read_bytes(path)
    try:
        reading = eaf.read(data, tiers) if fmt.read is eaf.read else fmt.read(data)
    except RecursionError:
        raise BrokenFile("it is nested too deeply") from None
    if tiers and fmt.tiers and fmt.read is not eaf.read:
        reading.found = [one for one in reading.found if one.speaker in tiers]
    return reading


def read_bytes(path: Path) -> bytes:
    """Read a regular file of a sensible size.

    Raises:
        BrokenFile: It is none, or cannot be read.
    """
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise BrokenFile("it is no regular file")
        if status.st_size > LARGEST:
            raise BrokenFile(f"it is larger than {LARGEST >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise BrokenFile(f"it cannot be read ({error.strerror or error})") from None
