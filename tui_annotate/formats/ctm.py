"""CTM: when each word is said, a line a word.

``file channel start duration word [confidence]``, ``;;`` before a comment: the
manual of NIST's sclite. Words that follow one another closely are read as one
utterance.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

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
from tui_annotate.formats.fitting_regions import shown
from tui_annotate.formats.holding import Losses
from tui_annotate.formats.recordings import Recording
from tui_annotate.formats.timed_writing import written_format
from tui_annotate.task.task import Fields
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


def _fit(fields: Fields, losses: Losses) -> None:
    kept: list[Fields] = []
    for region in fields.get("audio_spans") or ():
        if region.get("words"):
            kept.append(region)
        else:
            what = "texts" if region.get("text") else "regions"
            losses.lose(f"{what} without the times of their words", shown(region))
    if "audio_spans" in fields:
        fields["audio_spans"] = kept


def _encode(
    recording: Recording, options: Mapping[str, object]
) -> tuple[bytes, Sequence[Annotation]]:
    """Write the words of a recording."""
    file = "_".join(recording.name.split())
    words = sorted(
        ((region.channel or 0) + 1, start, end - start, "_".join(text.split()))
        for region in recording.regions
        for text, start, end in region.words
        if text.strip() and end > start
    )
    lines = [
        f"{file} {channel} {start:.6f} {duration:.6f} {word}\n"
        for channel, start, duration, word in words
    ]
    data = "".join(lines).encode()
    # Words that are close are read as an utterance, which the format does not know of.
    return data, read(data).found


FORMATS = (
    written_format(
        "ctm",
        TimedFormat("CTM", (".ctm",), read),
        _encode,
        region=("words", "text", "channel"),
        fit=_fit,
        many=False,
        notes="words with their times; one file for all recordings",
    ),
)
