r"""Label tracks of Audacity: ``start TAB end TAB label``, in seconds.

A line that begins with a backslash says the lowest and highest pitch of the label
before it, which is not read: the manual of Audacity, "Importing and Exporting Labels".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from tui_annotate.formats.annotation import (
    Annotation,
    BrokenFile,
    Reading,
    TimedFormat,
    number,
    text_lines,
)
from tui_annotate.formats.holding import Losses
from tui_annotate.formats.recordings import SPEECH, Recording
from tui_annotate.formats.timed_writing import written_format
from tui_annotate.task.task import Fields

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


def _fit(fields: Fields, losses: Losses) -> None:
    for region in fields.get("audio_spans") or ():
        label, speaker, text = (region.get(name) or "" for name in ("label", "speaker", "text"))
        if text and speaker:
            losses.lose("speakers of regions that have a text")
        if (text or speaker) and label not in ("", SPEECH, speaker):
            losses.lose("labels of regions that have a text or a speaker")


def _encode(
    recording: Recording, options: Mapping[str, object]
) -> tuple[bytes, Sequence[Annotation]]:
    """Write a label track: what is said in each region, else who speaks, else the label."""
    lines: list[str] = []
    entries: list[Annotation] = []
    for region in recording.regions:
        said = region.text or " ".join(region.who.split())
        lines.append(f"{region.start:.6f}\t{region.end:.6f}\t{said}\n")
        entries.append(Annotation(region.start, region.end, label=said or None))
    return "".join(lines).encode(), entries


FORMATS = (
    written_format(
        "audacity",
        TimedFormat("Audacity labels", (".txt",), read, free=True),
        _encode,
        region=("speaker", "text"),
        fit=_fit,
        notes="of a region its text, else its speaker, else its label",
    ),
)
