"""Timed annotations from a file, whatever format it is in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from stat import S_ISREG

from tui_annotate.formats import audacity, chat, ctm, eaf, htk, rttm, stm, subtitles, textgrid
from tui_annotate.formats.annotation import BrokenFile, Reading, TimedFormat
from tui_annotate.wording import reason

LARGEST = 1 << 28
"""Bytes; no annotation of any recording is so large."""


BY_SUFFIX: Mapping[str, TimedFormat] = {
    suffix: one.timed
    for module in (textgrid, eaf, rttm, stm, ctm, subtitles, audacity, htk, chat)
    for one in module.FORMATS
    if one.timed is not None
    for suffix in one.suffixes
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
    fmt = BY_SUFFIX.get(path.suffix.lower())
    if fmt is None:
        known = ", ".join(sorted(one.name for one in BY_SUFFIX.values()))
        raise BrokenFile(f"the end of its name is none of a format that is read: {known}")
    data = read_bytes(path)
    try:
        return fmt.read(data, tiers)
    except RecursionError:
        raise BrokenFile("it is nested too deeply") from None


def read_bytes(path: Path) -> bytes:
    """Read a regular file of a sensible size.

    Raises:
        BrokenFile: It is none, or cannot be read.
    """
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise BrokenFile("it is not a regular file")
        if status.st_size > LARGEST:
            raise BrokenFile(f"it is larger than {LARGEST >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise BrokenFile(f"it cannot be read ({reason(error)})") from None
