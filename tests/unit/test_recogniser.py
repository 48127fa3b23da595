"""A speech recogniser that is plugged in: what it hears is the text of its regions."""

from __future__ import annotations

import os
import queue
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tui_annotate import suggest
from tui_annotate.audio.messages import Heard, Message, Open, Opened, Show
from tui_annotate.audio.process import SoundProcess
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.errors import UsageError
from tui_annotate.process.messages import Gone

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
    info = tmp_path / "parrot_asr-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot-asr\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[tui_annotate.suggesters]\nparrot = parrot_asr:Parrot\n"
    )
    (tmp_path / "parrot_asr.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(tmp_path)
    paths = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


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
         "text": "polly wants a cracker", "source": "parrot", "score": 0.5}
    ]  # fmt: skip
    assert editor.unseen() == 1


def test_a_recogniser_that_is_not_installed_is_named() -> None:
    with pytest.raises(UsageError, match="parrot"):
        suggest.sounds(["parrot"])
