"""The sound of the demo, and what is known of it."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
import soundfile

from tui_annotate.audio.clip import frames_of
from tui_annotate.cli.demo import DEMOS, SAMPLES
from tui_annotate.formats.timed import read_file
from tui_annotate.sources.audio import open_sounds
from tui_annotate.sources.sidecar import Beside
from tui_annotate.sources.sounds import Sounds
from tui_annotate.task.incoming_regions import IncomingRegions, RegionMode
from tui_annotate.task.task import Task

SOUND = SAMPLES / "dialogue.flac"
GOLD = Path(__file__).resolve().parents[1] / "data" / "dialogue"


def test_it_is_small_and_every_recipe_for_sound_shows_it() -> None:
    assert SOUND.stat().st_size < 500_000
    shown = {name for name, demo in DEMOS.items() if demo.sample == SOUND.name}
    assert shown == {"audio.regions", "audio.speakers", "audio.transcribe", "audio.classify"}


def test_what_is_known_of_it_agrees_with_what_is_heard() -> None:
    samples, rate = soundfile.read(SOUND)
    heard = numpy.zeros(len(samples), bool)
    for one in read_file(GOLD.with_suffix(".rttm")).found:
        start, end = frames_of(one.start, rate), frames_of(one.end, rate)
        assert numpy.abs(samples[start:end]).max() > 0.05
        heard[start:end] = True
    # Between what was put together there is nothing at all.
    assert not samples[~heard].any()
    assert 0.1 < 1 - heard.mean() < 0.4


def test_both_files_about_it_say_the_same() -> None:
    turns, grid = (read_file(GOLD.with_suffix(suffix)).found for suffix in (".rttm", ".TextGrid"))
    ours = [(round(o.start, 6), round(o.end, 6), o.speaker or "sounds") for o in turns]
    theirs = [(round(o.start, 6), round(o.end, 6), o.speaker) for o in grid]
    assert sorted(ours) == sorted(theirs)


@pytest.mark.parametrize(
    ("mode", "suffix", "labels"),
    [
        ("speakers", ".rttm", {"Anna", "Ben"}),
        ("regions", ".rttm", {"SPEECH", "MUSIC", "NOISE"}),
        ("transcribe", ".TextGrid", {"Anna", "Ben", "sounds"}),
    ],
)
def test_it_can_be_opened_with_what_is_known(
    mode: RegionMode, suffix: str, labels: set[str]
) -> None:
    stream = Sounds(
        open_sounds(str(SOUND)),
        sidecar=Beside(GOLD.with_suffix(suffix)),
        carried=IncomingRegions(mode=mode),
        medium="audio",
    )
    task = stream.read(0)
    assert isinstance(task, Task)
    assert {one["label"] for one in task.fields["audio_spans"]} == labels
    turns = [one for one in task.fields["audio_spans"] if one.get("label") in ("Anna", "Ben")]
    overlaps = [
        (one, other)
        for one in turns
        for other in turns
        if one["start"] < other["start"] < one["end"] and one["label"] != other["label"]
    ]
    assert len(overlaps) == (1 if mode != "regions" else 0)
