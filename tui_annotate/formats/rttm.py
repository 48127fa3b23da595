"""RTTM: who speaks when, a line a turn, of one recording or many.

``SPEAKER file channel start duration <NA> <NA> name <NA> <NA>``, separated by white
space, ``;;`` before a comment: NIST, RT-09 evaluation plan, appendix A. Other types
say what is heard beside speech; words (LEXEME) and the like are not read.
"""

from __future__ import annotations

from collections.abc import Collection

from tui_annotate.formats.annotation import (
    Annotation,
    Reading,
    TimedFormat,
    channel_of,
    number,
    text_lines,
)

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
            continue
        if len(words) < 8:
            reading.problems.append((line, f"{len(words)} words where RTTM has 9 or 10"))
            continue
        start, duration = number(words[3]), number(words[4])
        if start is None or duration is None:
            reading.problems.append((line, "the start or the duration is not a number"))
            continue
        subtype = words[6] if words[6] != NOTHING else kind
        name = words[7] if words[7] != NOTHING else None
        reading.add(
            line,
            Annotation(
                start,
                # A sum of decimal numbers, in microseconds: 0.1 + 0.2 is 0.3.
                round(start + duration, 6),
                label=None if kind == SPEAKER else subtype.upper(),
                speaker=name,
                channel=channel_of(words[2]),
                file=words[1],
            ),
        )
    return reading


FORMATS = (TimedFormat("RTTM", (".rttm",), read),)
