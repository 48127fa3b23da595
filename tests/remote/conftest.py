"""Both ends of a line: a far end to command, and a near one whose device takes everything down."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tui_annotate.audio.remote.address import FOLDER
from tui_annotate.audio.remote.local_player import NearPlayer
from tui_annotate.audio.remote.server import Event
from tui_annotate.process.environment import PLAYER_ADDRESS

ROOT = Path(__file__).resolve().parents[2]
FAR = [sys.executable, "-P", str(Path(__file__).with_name("far.py"))]
PATIENCE = 60
"""Seconds after which what does not happen is a failure."""

RATE = 16000
FRAMES = 30 * RATE


def until(happened: Callable[[], object]) -> None:
    limit = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < limit, "it does not happen"
        time.sleep(0.005)


class Far:
    """A player at the far end, in a process of its own.

    Args:
        command: What runs `far.py`, there or over SSH.
        environment: Of that command.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**environment, "PYTHONPATH": str(ROOT)},
            text=True,
        )

    def do(self, what: str, *values: object, **how: object) -> dict[str, Any]:
        """Do it; the state after that."""
        return dict(self.ask(what, *values, **how))

    def ask(self, what: str, *values: object, **how: object) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": what, "with": values, **how}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def play(self, *marks: int, **how: object) -> dict[str, Any]:
        """Play to the end."""
        self.do("play", *marks, **how)
        state = self.do("until", "playing", False)
        assert not state["playing"]
        return state

    def close(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(PATIENCE)


class Tape:
    """What the near end has played."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def heard(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        lines = [json.loads(line) for line in self.path.read_bytes().splitlines()]
        return [line for line in lines if "heard" in line]

    def stretches(self) -> list[list[int]]:
        return [line["heard"] for line in self.heard()]


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a minute of something like a voice, 16 bit."""
    path = tmp_path_factory.mktemp("sound") / "voice.wav"
    time = np.arange(FRAMES) / RATE
    noise = np.random.default_rng(3).normal(0, 0.01, FRAMES)
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 130 * time) + noise, RATE, subtype="PCM_16")
    return path


def crc(sound: Path, start: int, end: int) -> int:
    """As a tape has it."""
    samples = soundfile.read(sound, start=start, stop=end, dtype="float32")[0]
    return zlib.crc32(samples.astype("<f4").tobytes())


@pytest.fixture
def tape(tmp_path: Path) -> Tape:
    return Tape(tmp_path / "near.jsonl")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Of a far end that knows nothing yet."""
    # Sockets must have short names.
    folder = tempfile.mkdtemp(prefix="far-", dir="/tmp")
    for name in ("SSH_CONNECTION", "TMUX", "STY", PLAYER_ADDRESS, "TUI_ANNOTATE_AUDIO"):
        monkeypatch.delenv(name, raising=False)
    # The test itself stands at the far end too, when it writes the file there.
    monkeypatch.setenv(FOLDER, folder)
    yield dict(os.environ)
    shutil.rmtree(folder)


class Near:
    """A player at the near end, and what it said."""

    def __init__(self, token: str, port: int = 0) -> None:
        self.events: list[Event] = []
        self.player = NearPlayer(token, port=port, on_event=self.events.append)
        self.port = self.player.port

    def said(self, what: str) -> bool:
        return any(event.what == what for event in self.events)


@pytest.fixture
def near(tape: Tape, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Near]]:
    """Starts players at the near end, whose device is fast and takes down what it plays."""
    started: list[Near] = []

    def start(token: str = "secret", *, path: Path | None = None, how: str = "null:fast") -> Near:
        with monkeypatch.context() as patch:
            patch.setenv("TUI_ANNOTATE_AUDIO", f"{how}:{path or tape.path}")
            started.append(Near(token))
        return started[-1]

    yield start
    for one in started:
        one.player.close()


@pytest.fixture
def far(environment: dict[str, str], sound: Path) -> Iterator[Callable[..., Far]]:
    """Starts far ends on this host, with the sound open."""
    started: list[Far] = []

    def start(address: str | None = None, **more: str) -> Far:
        named = {} if address is None else {PLAYER_ADDRESS: address}
        one = Far(FAR, {**environment, "SSH_CONNECTION": "here", **named, **more})
        started.append(one)
        one.do("open", str(sound), RATE, FRAMES)
        return one

    yield start
    for one in started:
        one.close()
