r"""Label tracks of Audacity: ``start TAB end TAB label``, in seconds.

A line that begins with a backslash says the lowest and highest pitch of the label
before it, which is not read: the manual of Audacity, "Importing and Exporting Labels".
"""

from __future__ import annotations

import re
from collections.abc import Collection

from tui_annotate.formats.annotation import (
    Annotation,
    BrokenFile,
    Reading,
    TimedFormat,
    number,
    text_lines,
)
from tui_annotate.formats.format import timed_format

_LABEL = re.compile(r"-?[\d.,eE+-]+\t-?[\d.,eE+-]+(\t|$)")


def read(data: bytes, tiers: Collection[str] = ()) -> Reading:
    """Read the labels that have an extent.

    Raises:
        BrokenFile: It is no text.
    """
    reading = Reading()
    for line, text in text_lines(data):
        if not text.strip() or text.startswith("\\"):
            continue
        cells = text.split("\t", 2)
        start = number(cells[0])
        end = number(cells[1]) if len(cells) > 1 else None
        if start is None or end is None:
            reading.problems.append((line, "no start, TAB and end in seconds"))
            continue
        label = cells[2].strip() if len(cells) > 2 else ""
        reading.add(line, Annotation(start, end, label=label or None))
    return reading


def is_label_track(data: bytes) -> bool:
    """Whether a text file is a label track: its first line that is not empty has two times."""
    try:
        first = next((text for _, text in text_lines(data) if text.strip()), "")
    except BrokenFile:
        return False
    return _LABEL.match(first) is not None


FORMATS = (timed_format("audacity", TimedFormat("Audacity labels", (".txt",), read, free=True)),)
