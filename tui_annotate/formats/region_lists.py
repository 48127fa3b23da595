"""Regions as a table, and what was said as a plain transcript."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from tui_annotate.errors import AnnotateError
from tui_annotate.formats.fitting_regions import count_label
from tui_annotate.formats.format import Format
from tui_annotate.formats.holding import Holds, Losses
from tui_annotate.formats.recordings import SPEECH, Recording
from tui_annotate.formats.timed_writing import SOUND_FIELDS, RecordingsWriter
from tui_annotate.formats.writing import Target
from tui_annotate.task.task import Fields

COLUMNS = ("audio", "start", "end", "label", "speaker", "text", "channel")
"""Of the table; times are seconds, channels count from 0."""

Render = Callable[[Sequence[Recording]], tuple[bytes, int]]
"""From recordings to a file, and how many entries it has."""


class _Writer(RecordingsWriter):
    def __init__(self, target: Target, render: Render, what: str) -> None:
        super().__init__(target)
        self._render = render
        self._what = what

    def write(self, part: str, recordings: Sequence[Recording]) -> None:
        """Write the file of a part."""
        data, count = self._render(recordings)
        self.target.files.write(self.target.name(part), data)
        self.counts[self._what] += count


def _table(recordings: Sequence[Recording]) -> tuple[bytes, int]:
    rows = [
        [
            recording.audio,
            f"{region.start:.6f}",
            f"{region.end:.6f}",
            region.label,
            region.speaker,
            region.text,
            "" if region.channel is None else str(region.channel),
        ]
        for recording in recordings
        for region in recording.regions
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    text = out.getvalue()
    if list(csv.reader(io.StringIO(text, newline="")))[1:] != rows:
        raise AnnotateError("the table does not read back as it was; nothing was written")
    return text.encode(), len(rows)


def _fit_transcript(fields: Fields, losses: Losses) -> None:
    for region in fields.get("audio_spans") or ():
        if not region.get("text"):
            losses.lose("regions without a text")
        else:
            count_label(region, losses)
    if any(region.get("text") for region in fields.get("audio_spans") or ()):
        losses.inherent["times"] += 1


def _transcript(recordings: Sequence[Recording]) -> tuple[bytes, int]:
    """A line a turn, with who speaks before it; a speaker's next region goes on with it."""
    blocks: list[str] = []
    count = 0
    for recording in recordings:
        lines = [f"# {recording.name}"] if len(recordings) > 1 else []
        before: str | None = None
        for region in recording.regions:
            if not region.text:
                continue
            count += 1
            who = region.speaker or (region.label if region.label != SPEECH else "")
            if lines and before == who:
                lines[-1] += f" {region.text}"
            else:
                lines.append(f"{who}: {region.text}" if who else region.text)
            before = who
        if recording.transcript and not recording.transcribed:
            lines.append(recording.transcript)
            count += 1
        blocks.append("\n".join(lines))
    return ("\n\n".join(blocks) + "\n").encode(), count


FORMATS = (
    Format(
        "region-csv",
        "table of regions",
        (),
        Holds(SOUND_FIELDS, region=frozenset({"speaker", "text", "channel"})),
        writer=lambda target: _Writer(target, _table, "rows"),
        notes="CSV with " + ", ".join(COLUMNS),
    ),
    Format(
        "transcript",
        "plain transcript",
        (),
        Holds(
            SOUND_FIELDS | {"transcript"},
            region=frozenset({"speaker", "text"}),
            fit=_fit_transcript,
        ),
        writer=lambda target: _Writer(target, _transcript, "turns"),
        notes="who says what, without times",
    ),
)
