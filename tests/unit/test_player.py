"""The player as the interface uses it: a process of its own, and the null device."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.player import Player
from tui_annotate.audio.player.outputs import Choice, choice

PATIENCE = 60
"""Seconds after which what does not happen is a failure."""

RATE = 16000


def until(happened: Callable[[], object]) -> None:
    limit = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < limit, "it does not happen"
        time.sleep(0.005)


def sound_file(
    folder: Path, *, rate: int = RATE, channels: int = 1, subtype: str = "PCM_16"
) -> Clip:
    path = folder / f"sound-{rate}-{channels}-{subtype}.wav"
    frames = 4 * rate
    tone = np.sin(np.arange(frames) * 0.05)[:, None] * np.linspace(0.1, 0.5, channels)
    noise = np.random.default_rng(1).normal(0, 0.05, (frames, channels))
    soundfile.write(path, tone + noise, rate, subtype=subtype)
    name = os.fsencode(path)
    return Clip(name, name, rate, channels, 0, frames)


class Listener:
    """A player whose null device is fast, and what it has taken down."""

    def __init__(self, folder: Path, setting: str = "null:fast") -> None:
        self.log = folder / "played.jsonl"
        self.changes = threading.Event()
        environment = {**os.environ, "TUI_ANNOTATE_AUDIO": f"{setting}:{self.log}"}
        self.player = Player.connect(
            environment, log=folder / "player.log", on_change=self.changes.set
        )

    def play(self, *marks: int, **how: Any) -> None:
        """Play to the end."""
        self.player.play(*marks, **how)
        assert self.player.playing
        until(lambda: not self.player.playing)

    def lines(self) -> list[dict[str, Any]]:
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_bytes().splitlines(keepends=True)]

    def heard(self) -> list[list[int]]:
        return [line["heard"] for line in self.lines() if "heard" in line]


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    one = Listener(tmp_path)
    yield one
    one.player.close()
    assert one.player.wait(PATIENCE)


@pytest.mark.parametrize(
    ("rate", "channels", "subtype"),
    [(16000, 1, "PCM_16"), (8000, 1, "PCM_U8"), (44100, 2, "FLOAT"), (192000, 2, "PCM_24")],
)
def test_the_frames_that_are_played_are_those_of_the_file(
    listener: Listener, tmp_path: Path, rate: int, channels: int, subtype: str
) -> None:
    clip = sound_file(tmp_path, rate=rate, channels=channels, subtype=subtype)
    listener.player.open(clip)
    samples = soundfile.read(os.fsdecode(clip.path), dtype="float32", always_2d=True)[0]
    marks = [(rate, 2 * rate), (17, 18), (0, clip.frames), (clip.frames - 1, clip.frames)]
    for start, end in marks:
        listener.play(start, end)
        assert listener.player.position() == end
    for (start, end), line in zip(
        marks, [n for n in listener.lines() if "heard" in n], strict=True
    ):
        assert line["heard"] == [start, end]
        assert line["crc"] == zlib.crc32(samples[start:end].astype("<f4").tobytes())


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.25, 2.0])
def test_at_every_speed_what_is_asked_for_is_played(
    listener: Listener, tmp_path: Path, speed: float
) -> None:
    listener.player.open(sound_file(tmp_path))
    listener.player.set_speed(speed)
    listener.play(1234, 45678)
    assert listener.heard() == [[1234, 45678]]
    assert abs(listener.lines()[-1]["frames"] - (45678 - 1234) / speed) <= 1


def test_what_is_no_number_is_silence_and_the_rest_is_as_it_was(
    listener: Listener, tmp_path: Path
) -> None:
    # Its name says that it has no header; that is no matter here either.
    path = tmp_path / "take.RAW"
    samples = np.full(RATE, 0.25, np.float32)
    samples[100:200] = np.nan
    samples[300] = np.inf
    soundfile.write(path, samples, RATE, subtype="FLOAT", format="WAV")
    name = os.fsencode(path)
    listener.player.open(Clip(name, name, RATE, 1, 0, RATE))
    listener.play(0, 150)
    listener.play(0, RATE)
    heard = np.where(np.isfinite(samples), samples, np.float32(0))
    crcs = [line["crc"] for line in listener.lines() if "heard" in line]
    assert crcs == [zlib.crc32(heard[:150].tobytes()), zlib.crc32(heard.tobytes())]


def test_a_loop_plays_its_stretch_again_and_again_and_stops_at_once(
    listener: Listener, tmp_path: Path
) -> None:
    listener.player.open(sound_file(tmp_path))
    listener.player.play(5000, 7000, loop=True, from_=6000)
    until(lambda: len(listener.heard()) > 4)
    assert listener.player.playing
    listener.player.pause()
    assert not listener.player.playing
    rounds = listener.heard()
    assert rounds[0] == [6000, 7000]
    assert all(one == [5000, 7000] for one in rounds[1:4])


def test_a_channel_alone_is_what_is_played(listener: Listener, tmp_path: Path) -> None:
    clip = sound_file(tmp_path, channels=3)
    listener.player.open(Clip(clip.path, clip.path, clip.rate, 3, 0, clip.frames, channel=2))
    listener.play(100, 900)
    samples = soundfile.read(os.fsdecode(clip.path), dtype="float32")[0][100:900, 2]
    assert listener.lines()[-1]["crc"] == zlib.crc32(samples.astype("<f4").tobytes())


def test_a_pause_is_resumed_from_before_it(tmp_path: Path) -> None:
    listener = Listener(tmp_path, "null")
    player = listener.player
    player.open(sound_file(tmp_path))
    player.play(0, 60000)
    until(lambda: player.position() > 8000)
    player.pause()
    until(lambda: listener.heard())
    at = listener.heard()[0][1]
    until(lambda: player.position() == at)
    player.resume(0.25)
    assert player.playing
    until(lambda: player.position() > at)
    player.seek(58000)
    until(lambda: not player.playing)
    first, second, third = listener.heard()
    assert first[0] == 0
    assert second[0] == first[1] - RATE // 4
    assert third == [58000, 60000]
    player.close()
    assert player.wait(PATIENCE)


def test_a_process_that_is_killed_is_a_notice_and_the_next_play_goes_on(
    listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_annotate.audio.player.client._AGAIN", 0.0)
    player = listener.player
    player.open(sound_file(tmp_path))
    player.set_speed(2)
    player.play(0, 60000, loop=True)
    until(lambda: listener.heard())
    assert player.pid is not None
    os.kill(player.pid, signal.SIGKILL)
    until(lambda: player.notice)
    assert not player.playing
    assert player.notice == "The player has ended; playing again restarts it."
    listener.play(100, 4100)
    assert player.notice is None
    assert listener.lines()[-1] == {
        "heard": [100, 4100],
        "speed": 2.0,
        "frames": 2000,
        "crc": None,
    }


def test_without_a_device_the_playhead_moves_in_silence_and_a_notice_says_so(
    tmp_path: Path,
) -> None:
    player = Player.connect({**os.environ, "TUI_ANNOTATE_AUDIO": "none"})
    player.open(sound_file(tmp_path))
    player.play(0, 8000)
    until(lambda: player.notice)
    assert player.notice == "No sound: TUI_ANNOTATE_AUDIO says so."
    until(lambda: player.position() > 1000)
    until(lambda: not player.playing)
    assert player.position() == 8000
    player.close()
    assert player.wait(PATIENCE)


def test_a_file_that_is_gone_is_a_notice(listener: Listener, tmp_path: Path) -> None:
    name = os.fsencode(tmp_path / "gone.wav")
    listener.player.open(Clip(name, name, RATE, 1, 0, 100))
    listener.player.play(0, 100)
    until(lambda: listener.player.notice)
    until(lambda: not listener.player.playing)
    assert "cannot be played" in (listener.player.notice or "")
    listener.player.open(sound_file(tmp_path))
    listener.play(0, 100)
    assert listener.heard() == [[0, 100]]


def test_the_interface_loads_neither_numpy_nor_a_sound_library_to_play() -> None:
    code = (
        "import sys; from tui_annotate.audio.player import Player; Player.connect();"
        "print([m for m in ('numpy', 'soundfile', 'sounddevice', 'miniaudio') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", Choice(("portaudio", "miniaudio"))),
        ("miniaudio", Choice(("miniaudio",))),
        ("none", Choice(())),
        ("null", Choice(("null",))),
        ("null:fast", Choice(("null",), fast=True)),
        ("null:a/b:c", Choice(("null",), log="a/b:c")),
        ("null:fast:/a", Choice(("null",), fast=True, log="/a")),
    ],
)
def test_the_environment_names_the_output(setting: str, expected: Choice) -> None:
    assert choice({"TUI_ANNOTATE_AUDIO": setting}) == expected
