"""RTTM: who speaks when, a line a turn, of one recording or many.

``SPEAKER file channel start duration <NA> <NA> name <NA> <NA>``, separated by white
space, ``;;`` before a comment: NIST, RT-09 evaluation plan, appendix A. Other types
say what is heard beside speech; words (LEXEME) and the like are not read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from tui_annotate.formats.annotation import (
    Annotation,
    Reading,
    TimedFormat,
    channel_of,
    number,
    text_lines,
)
from tui_annotate.formats.fitting_regions import fit_names
from tui_annotate.formats.recordings import SPEECH, Recording
from tui_annotate.formats.timed_writing import written_format
from tui_annotate.wording import counted, printable

SPEAKER = "SPEAKER"
SOUNDS = frozenset({"NON-SPEECH", "NON-LEX"})
NOTHING = "<NA>"


def read(data: bytes, tiers: Collection[str] = ()) -> Reading:
    """Read the turns and the sounds beside them.

    Raises:
        BrokenFile: It is no text.
    """
    reading = Reading()
    for line, text in text_lines(data):
        words = text.split()
        if not words or words[0].startswith(";;"):
            continue
        kind = words[0].upper()
        if kind not in SOUNDS and kind != SPEAKER:
            reading.skipped[f"{printable(kind)[:20]} line"] += 1
            continue
        if len(words) < 8:
            reading.problems.append((line, f"{counted(len(words), 'word')} where RTTM has 9 or 10"))
            continue
        at = _place_of_times(words)
        if at is None:
            reading.problems.append((line, "the start or the duration is not a number"))
            continue
        start, duration = float(words[at]), float(words[at + 1])
        rest = words[at + 3 :]
        subtype = rest[0] if rest and rest[0] != NOTHING else kind
        name = _name(rest[1:])
        reading.add(
            line,
            Annotation(
                start,
                # A sum of decimal numbers, in microseconds: 0.1 + 0.2 is 0.3.
                round(start + duration, 6),
                label=None if kind == SPEAKER else subtype.upper(),
                speaker=name,
                channel=channel_of(words[at - 1]),
                file=" ".join(words[1 : at - 1]),
            ),
        )
    return reading


def _place_of_times(words: list[str]) -> int | None:
    """Where the start stands: after a channel, and before the orthography, mostly ``<NA>``.

    The name of a recording may have blanks in it, though the format does not allow for that.
    """
    places = [
        at
        for at in range(3, len(words) - 3)
        if number(words[at]) is not None and number(words[at + 1]) is not None
    ]
    sure = (at for at in places if words[at + 2 : at + 4] == [NOTHING, NOTHING])
    return next(sure, 3 if 3 in places else None)


def _name(words: list[str]) -> str | None:
    """The speaker, who may have blanks in the name; confidence and look-ahead follow it."""
    kept = list(words)
    for _ in range(2):
        if len(kept) > 1 and (kept[-1] == NOTHING or number(kept[-1]) is not None):
            kept.pop()
    name = " ".join(kept)
    return name if name and name != NOTHING else None


def _encode(
    recording: Recording, options: Mapping[str, object]
) -> tuple[bytes, Sequence[Annotation]]:
    """Write the turns of a recording, and the sounds beside them that RTTM has a name for."""
    lines: list[str] = []
    entries: list[Annotation] = []
    file = "_".join(recording.name.split())
    for region in recording.regions:
        start, duration = round(region.start, 6), round(region.end - region.start, 6)
        channel = region.channel or 0
        kind = next((kind for kind, names in _NAMED.items() if region.label in names), SPEAKER)
        if region.speaker:
            kind = SPEAKER
        # A name is wanted; of speech that nobody is named for it is the label.
        subtype = NOTHING if kind == SPEAKER else region.label.lower()
        name = (region.who or SPEECH) if kind == SPEAKER else NOTHING
        times = f"{start:.6f} {duration:.6f}"
        lines.append(
            f"{kind} {file} {channel + 1} {times} {NOTHING} {subtype} {name} {NOTHING} {NOTHING}\n"
        )
        entries.append(
            Annotation(
                start,
                round(start + duration, 6),
                label=None if kind == SPEAKER else region.label,
                speaker=name if kind == SPEAKER else None,
                channel=channel,
                file=file,
            )
        )
    return "".join(lines).encode(), entries


_NAMED = {
    "NON-SPEECH": ("NOISE", "MUSIC", "OTHER"),
    "NON-LEX": ("LAUGH", "BREATH", "LIPSMACK", "COUGH", "SNEEZE"),
}
"""The labels that are types of sounds in RTTM: RT-09 evaluation plan, appendix A, table 7."""


def _uem(recordings: Sequence[Recording]) -> Mapping[str, bytes]:
    """What of the recordings was listened to: all of it. Scoring tools want it beside RTTM."""
    lines = [
        f"{'_'.join(one.name.split())} {channel} 0.000000 {one.duration:.6f}\n"
        for one in recordings
        for channel in sorted({(region.channel or 0) + 1 for region in one.regions} or {1})
    ]
    return {".uem": "".join(lines).encode()}


FORMATS = (
    written_format(
        "rttm",
        TimedFormat("RTTM", (".rttm",), read),
        _encode,
        region=("speaker", "channel"),
        fit=fit_names,
        together=_uem,
        many=False,
        notes="one file for all recordings, with a UEM beside it",
    ),
)
