"""Cues of subtitles: what is said, in lines that can be read while it is."""

from __future__ import annotations

import textwrap
from itertools import pairwise
from typing import NamedTuple

from tui_annotate.errors import UsageError
from tui_annotate.formats.fitting_regions import fit_short
from tui_annotate.formats.format import Option
from tui_annotate.formats.holding import Losses
from tui_annotate.formats.recordings import SPEECH, Recording, Region
from tui_annotate.task.task import Fields

LINES = 2
"""Lines of a cue: more than two hide the picture (BBC Subtitle Guidelines, "Line length")."""

MILLISECOND = 0.001


def _width(text: str) -> int:
    if text.isascii() and text.isdecimal() and 10 <= int(text) <= 1000:
        return int(text)
    raise UsageError("this is no number of letters from 10 to 1000", where="--subtitle-width")


WIDTH = Option(
    "--subtitle-width",
    "Letters of a line; a cue has two lines at most.",
    "LETTERS",
    default=42,
    read=_width,
)
"""42 letters are usual (Netflix, Timed Text Style Guide)."""


class Cue(NamedTuple):
    """A cue.

    Attributes:
        start: Seconds, whole milliseconds.
        end: Seconds, whole milliseconds.
        speaker: Who speaks; empty where nobody is named.
        lines: What is said.
    """

    start: float
    end: float
    speaker: str
    lines: list[str]


def fit_cues(fields: Fields, losses: Losses) -> None:
    """Take out of regions what subtitles cannot hold."""
    fit_short(fields, losses, MILLISECOND)
    regions = fields.get("audio_spans") or []
    transcribed = any(region.get("text") for region in regions)
    kept: list[Fields] = []
    for region in regions:
        label, speaker, text = (region.get(name) or "" for name in ("label", "speaker", "text"))
        if transcribed and not text:
            losses.lose("regions without a text, beside others that have one")
            continue
        if text and label not in ("", SPEECH, speaker):
            if speaker:
                losses.lose("labels of regions that have a speaker")
            else:
                # Where speakers are labels, the label is who speaks.
                region["speaker"] = label
        kept.append(region)
    if "audio_spans" in fields:
        fields["audio_spans"] = kept


def cues_of(recording: Recording, width: int, *, named: bool = False) -> list[Cue]:
    """The cues of a recording, in order; what is too long for one becomes several.

    Where the times of words are known a cue ends with its last word, else the time of a
    region is shared out by the number of letters.

    Args:
        recording: The recording.
        width: Letters of a line.
        named: The speaker stands before what is said, as in ``Anna: hello``.
    """
    cues: list[Cue] = []
    for region in recording.regions:
        said = region.text or region.who
        if named and region.speaker and region.text:
            said = f"{region.speaker}: {said}"
        lines = textwrap.wrap(said, width, break_long_words=False, break_on_hyphens=False)
        speaker = region.speaker if region.text else ""
        parts = [lines[at : at + LINES] for at in range(0, len(lines), LINES)]
        for (start, end), part in zip(_times(region, parts), parts, strict=True):
            cues.append(Cue(start, end, speaker, part))
    return cues


def _times(region: Region, parts: list[list[str]]) -> list[tuple[float, float]]:
    """When each part of what is said in a region is said, in whole milliseconds."""
    counts = [sum(len(line.split()) for line in part) for part in parts]
    borders: list[float] = []
    if len(region.words) == sum(counts):
        place = 0
        for count in counts[:-1]:
            place += count
            borders.append(region.words[place][1])
    else:
        letters = [sum(map(len, part)) for part in parts]
        done = 0
        for count in letters[:-1]:
            done += count
            share = done / sum(letters)
            borders.append(region.start + share * (region.end - region.start))
    edges = [round(at * 1000) / 1000 for at in (region.start, *borders, region.end)]
    return list(pairwise(edges))
