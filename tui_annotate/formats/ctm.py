"""CTM: when each word is said, a line a word.

``file channel start duration word [confidence]``, ``;;`` before a comment: the
manual of NIST's sclite. Words that follow one another closely are read as one
utterance.
"""

from __future__ import annotations

from collections.abc import Collection

from tui_annotate.formats.annotation import (
    PAUSE,
    Annotation,
    Reading,
    TimedFormat,
    channel_of,
    number,
    text_lines,
    with_word,
)
from tui_annotate.wording import counted


def read(data: bytes, tiers: Collection[str] = ()) -> Reading:
    """Read the utterances.

    Raises:
        BrokenFile: It is no text.
    """
    reading = Reading()
    last: dict[tuple[str, str], int] = {}
    for line, text in text_lines(data):
        words = text.split()
        if not words or words[0].startswith((";;", "#")):
            continue
        if len(words) < 5:
            reading.problems.append((line, f"{counted(len(words), 'word')} where CTM has 5 or 6"))
            continue
        if words[4].startswith("<ALT"):
            reading.skipped["mark of an alternative"] += 1
            continue
        start, duration = number(words[2]), number(words[3])
        if start is None or duration is None:
            reading.problems.append((line, "the start or the duration is not a number"))
            continue
        end = round(start + duration, 6)
        channel = channel_of(words[1])
        word = Annotation(start, end, text=words[4], channel=channel, file=words[0])
        at = last.get((words[0], words[1]))
        before = None if at is None else reading.found[at]
        if at is not None and before and before.start <= start <= min(before.end + PAUSE, end):
            reading.found[at] = with_word(before, word)
            continue
        count = len(reading.found)
        reading.add(line, word)
        if len(reading.found) > count:
            last[words[0], words[1]] = count
    return reading


FORMATS = (TimedFormat("CTM", (".ctm",), read),)
