"""A speech recogniser that is plugged in: what it hears is the text of its regions.

Those of the old group of entry points, which need no class, go on working.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.plugins import example, install
from tui_annotate import suggest
from tui_annotate.audio.messages import Heard, Message, Open, Opened, Show
from tui_annotate.audio.process import SoundProcess
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.errors import UsageError
from tui_annotate.process.messages import Failed, Gone
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.suggestion import Suggestion

RATE = 16_000

PLUGIN = """
from tui_annotate.suggest import Suggestion

class Parrot:
    done = False
    covered = ()

    def __init__(self, clip, sound, spec):
        self.clip, self.sound, self.spec = clip, sound, spec

    def step(self, focus):
        self.done, self.covered = True, [(0, self.clip.frames)]
        loud = float(abs(self.sound.read(self.clip.start, self.clip.end)).max())
        text = "polly wants a cracker" if loud > 0.1 else "silence"
        label = self.spec.labels[0]
        return [Suggestion(0, self.clip.frames // 2, label, self.spec.name, 0.5, text=text)]

    def regions(self, regions):
        pass

    def compare(self, start, end):
        return None
"""


@pytest.fixture
def parrot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that offers the source ``parrot``."""
    groups = {"tui_annotate.suggesters": {"parrot": "parrot_asr:Parrot"}}
    install(tmp_path / "packages", monkeypatch, groups, parrot_asr=PLUGIN)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def recogniser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recogniser that the documentation shows, installed as ``mine``."""
    module, groups = example("A recogniser")
    model = """
def recognise(samples, rate):
    assert samples.dtype == "float32" and samples.ndim == 1
    return [(0.5, len(samples) / rate - 0.5, f"{len(samples) / rate:.0f} s")]
"""
    modules = {"my_recogniser": module, "my_model": model}
    install(tmp_path / "packages", monkeypatch, groups, **modules)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def heard(specs: Sequence[SuggesterSpec], folder: Path, seconds: int) -> list[Suggestion]:
    """What sources offer for a tone of some seconds."""
    times = np.arange(seconds * RATE) / RATE
    soundfile.write(folder / "tone.wav", 0.5 * np.sin(2 * np.pi * 440 * times), RATE)
    said: queue.SimpleQueue[Message] = queue.SimpleQueue()
    process = SoundProcess(specs, on_message=said.put, log=folder / "log")
    found: list[Suggestion] = []
    try:
        process.send(Open(0, os.fsencode(folder / "tone.wav")))
        process.send(Show(0))
        more = True
        while more:
            message = said.get(timeout=60)
            assert not isinstance(message, Gone | Failed), message
            if isinstance(message, Heard):
                found += message.suggestions
                more = message.more
    finally:
        process.close()
        assert process.wait(10)
    return found


@pytest.mark.usefixtures("recogniser")
def test_the_documented_recogniser_hears_a_sound_piece_by_piece(tmp_path: Path) -> None:
    (spec,) = suggest.sounds(["mine"], ["ANNA", "BEN"])
    assert spec.notices == ()
    found = heard([spec], tmp_path, 70)
    assert [(one.start / RATE, one.end / RATE, one.text) for one in found] == [
        (0.5, 29.5, "30 s"),
        (30.5, 59.5, "30 s"),
        (60.5, 69.5, "10 s"),
    ]
    assert {(one.label, one.source) for one in found} == {("ANNA", "mine")}


@pytest.mark.usefixtures("parrot")
def test_the_old_group_is_read_and_the_new_one_named(tmp_path: Path) -> None:
    (spec,) = suggest.sounds(["parrot"], ["SPEECH"])
    (notice,) = spec.notices
    assert notice == (
        "parrot is offered in the entry-point group tui_annotate.suggesters, "
        "which is called tui_annotate.audio_suggesters now"
    )
    assert [one.text for one in heard([spec], tmp_path, 2)] == ["polly wants a cracker"]


@pytest.mark.usefixtures("parrot")
def test_what_is_heard_arrives_as_text_and_is_written(tmp_path: Path) -> None:
    times = np.arange(2 * RATE) / RATE
    soundfile.write(tmp_path / "tone.wav", 0.5 * np.sin(2 * np.pi * 440 * times), RATE)
    said: queue.SimpleQueue[Message] = queue.SimpleQueue()
    specs = suggest.sounds(["parrot"], ["SPEECH"])
    process = SoundProcess(specs, on_message=said.put, log=tmp_path / "log")
    try:
        process.send(Open(0, os.fsencode(tmp_path / "tone.wav")))
        process.send(Show(0))
        clip, heard = None, None
        while heard is None or not heard.suggestions:
            message = said.get(timeout=60)
            assert not isinstance(message, Gone), message
            if isinstance(message, Opened):
                clip = message.clip
            elif isinstance(message, Heard):
                heard = message
    finally:
        process.close()
        assert process.wait(10)
    assert clip is not None
    editor = RegionEditor(clip, ["SPEECH"], mode="transcribe")
    editor.suggest(heard.suggestions)
    assert editor.fields()["audio_spans"] == [
        {"id": "r1", "start": 0.0, "end": 1.0, "label": "SPEECH",
         "text": "polly wants a cracker", "source": "parrot", "score": 0.5, "_seen": False}
    ]  # fmt: skip
    assert editor.placement.unseen() == 1


def test_a_recogniser_that_is_not_installed_is_named() -> None:
    with pytest.raises(UsageError, match="parrot"):
        suggest.sounds(["parrot"])
