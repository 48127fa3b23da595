"""Manifests of lhotse: ``recordings.jsonl.gz`` and ``supervisions.jsonl.gz``.

The fields of `Recording` and `SupervisionSegment`: https://lhotse.readthedocs.io/en/latest/
corpus.html. A recording wants its sampling rate and its length; both come with the tasks.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from typing import Any

from tui_annotate.errors import AnnotateError
from tui_annotate.formats.format import Format
from tui_annotate.formats.holding import Holds
from tui_annotate.formats.recordings import SPEECH, Recording, Region
from tui_annotate.formats.timed_writing import SOUND_FIELDS, RecordingsWriter
from tui_annotate.formats.writing import Target
from tui_annotate.task.task import Fields


class _Writer(RecordingsWriter):
    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._facts: dict[str, tuple[int, int]] = {}

    def add(self, fields: Fields, part: str) -> None:
        """Take in the next task."""
        rate, channels = fields.get("sample_rate"), fields.get("channels")
        if isinstance(rate, int) and isinstance(channels, int):
            self._facts[str(fields["audio"])] = rate, channels
        super().add(fields, part)

    def write(self, part: str, recordings: Sequence[Recording]) -> None:
        """Write the manifests of a part."""
        before = f"{part}_" if part else ""
        of_sounds = [self._recording(recording) for recording in recordings]
        of_regions = [
            _supervision(recording, region, number, self._channels(recording))
            for recording in recordings
            for number, region in enumerate(recording.regions)
        ]
        self._write(f"{before}recordings.jsonl.gz", of_sounds)
        self._write(f"{before}supervisions.jsonl.gz", of_regions)

    def _channels(self, recording: Recording) -> int:
        return self._facts.get(recording.audio, (0, 1))[1]

    def _recording(self, recording: Recording) -> Fields:
        if recording.audio not in self._facts:
            raise AnnotateError(
                "lhotse wants the sampling rate of each recording, and a task does not say it",
                where=recording.audio,
                do="open and accept the task once, which notes it",
            )
        rate, channels = self._facts[recording.audio]
        numbers = list(range(channels))
        return {
            "id": recording.name,
            "sources": [{"type": "file", "channels": numbers, "source": recording.audio}],
            "sampling_rate": rate,
            "num_samples": round(recording.duration * rate),
            "duration": recording.duration,
            "channel_ids": numbers,
        }

    def _write(self, name: str, rows: list[Fields]) -> None:
        data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        packed = gzip.compress(data, mtime=0)
        self.target.files.write(name, packed)
        again = [json.loads(line) for line in gzip.decompress(packed).splitlines()]
        if again != rows:
            raise AnnotateError(f"{name} does not read back as it was; nothing was written")
        self.counts[f"lines of {name}"] += len(rows)


def _supervision(recording: Recording, region: Region, number: int, channels: int) -> Fields:
    """A region as lhotse has it; its label and its words stand where lhotse keeps such."""
    fields: dict[str, Any] = {
        "id": f"{recording.name}-{number}",
        "recording_id": recording.name,
        "start": region.start,
        "duration": round(region.end - region.start, 6),
        "channel": list(range(channels)) if region.channel is None else region.channel,
    }
    if region.text:
        fields["text"] = region.text
    if region.speaker:
        fields["speaker"] = region.speaker
    if region.label and region.label != SPEECH:
        fields["custom"] = {"label": region.label}
    if region.words:
        fields["alignment"] = {
            "word": [[text, start, round(end - start, 6)] for text, start, end in region.words]
        }
    return fields


FORMATS = (
    Format(
        "lhotse",
        "lhotse manifests",
        (),
        Holds(
            SOUND_FIELDS | {"sample_rate", "channels"},
            region=frozenset({"speaker", "text", "words", "channel"}),
        ),
        writer=_Writer,
        folder=True,
        notes="recordings and supervisions, gzipped JSONL",
    ),
)
