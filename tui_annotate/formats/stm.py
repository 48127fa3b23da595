"""STM: who says what when, a line a turn.

``file channel speaker start end [<o,f0,male>] words …``, ``;;`` before a comment: the
manual of NIST's sclite. What is not to be scored is not read.
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
from tui_annotate.wording import counted

UNSCORED = "ignore_time_segment_in_scoring"
GAP = "inter_segment_gap"


def read(data: bytes, tiers: Collection[str] = ()) -> Reading:
    """Read the turns.

    Raises:
        BrokenFile: It is no text.
    """
    reading = Reading()
    for line, text in text_lines(data):
        words = text.split(None, 5)
        if not words or words[0].startswith(";;"):
            continue
        if len(words) < 5:
            reading.problems.append(
                (line, f"{counted(len(words), 'word')} where STM has at least 5")
            )
            continue
        start, end = number(words[3]), number(words[4])
        if start is None or end is None:
            reading.problems.append((line, "the start or the end is not a number"))
            continue
        said = words[5].strip() if len(words) > 5 else ""
        if said.startswith("<") and ">" in said:
            said = said.partition(">")[2].strip()
        if said.casefold() == UNSCORED or words[2].casefold() == GAP:
            reading.skipped["segment that is not scored"] += 1
            continue
        reading.add(
            line,
            Annotation(
                start,
                end,
                speaker=words[2],
                text=said,
                channel=channel_of(words[1]),
                file=words[0],
            ),
        )
    return reading


def _encode(
    recording: Recording, options: Mapping[str, object]
) -> tuple[bytes, Sequence[Annotation]]:
    """Write the turns of a recording."""
    lines: list[str] = []
    entries: list[Annotation] = []
    file = "_".join(recording.name.split())
    for region in recording.regions:
        channel, who = region.channel or 0, region.who or SPEECH
        times = f"{region.start:.6f} {region.end:.6f}"
        # The field in brackets stands there always: a text may begin with a bracket itself.
        lines.append(f"{file} {channel + 1} {who} {times} <NA> {region.text}".rstrip() + "\n")
        entries.append(
            Annotation(
                region.start,
                region.end,
                speaker=who,
                text=region.text,
                channel=channel,
                file=file,
            )
        )
    return "".join(lines).encode(), entries


FORMATS = (
    written_format(
        "stm",
        TimedFormat("STM", (".stm",), read),
        _encode,
        region=("speaker", "text", "channel"),
        fit=fit_names,
        many=False,
        notes="one file for all recordings",
    ),
)
