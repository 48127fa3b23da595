"""Label files of HTK: ``start end label [score]``, times in units of 100 nanoseconds.

The HTK Book, "Label Files". Words that follow one another closely are one utterance;
silence parts them.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from tui_annotate.formats.annotation import (
    PAUSE,
    Annotation,
    BrokenFile,
    Reading,
    TimedFormat,
    text_lines,
    with_word,
)
from tui_annotate.formats.format import timed_format

UNITS_PER_SECOND = 10_000_000

_LABEL = re.compile(r"\s*(\d{1,16})\s+(\d{1,16})\s+(\S+)")
_SILENCE = frozenset({"sil", "sp", "pau", "silence", "#", "h#", "!enter", "!exit", "<s>", "</s>"})


def read(data: bytes, tiers: Collection[str] = ()) -> Reading:
    """Read the utterances.

    Raises:
        BrokenFile: It is no text.
    """
    reading = Reading()
    may_go_on = False
    for line, text in text_lines(data):
        if not text.strip() or text.strip() in ("#!MLF!#", ".", "///"):
            continue
        found = _LABEL.match(text)
        if found is None:
            reading.problems.append((line, "no start, end and label"))
            continue
        start, end = (int(time) / UNITS_PER_SECOND for time in found.groups()[:2])
        if found[3].casefold() in _SILENCE:
            reading.skipped["silence"] += 1
            may_go_on = False
            continue
        word = Annotation(start, end, text=found[3])
        before = reading.found[-1] if reading.found and may_go_on else None
        if before is not None and before.start <= start <= before.end + PAUSE and start < end:
            reading.found[-1] = with_word(before, word)
            continue
        count = len(reading.found)
        reading.add(line, word)
        may_go_on = len(reading.found) > count
    return reading


def is_label_file(data: bytes) -> bool:
    """Whether a file has times: its first line that is not empty begins with two."""
    try:
        first = next((text for _, text in text_lines(data) if text.strip()), "")
    except BrokenFile:
        return False
    return _LABEL.match(first) is not None or first.strip() == "#!MLF!#"


FORMATS = (timed_format("htk", TimedFormat("HTK labels", (".lab",), read)),)
