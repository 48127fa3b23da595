"""The sound process, from a request to its answers."""

from __future__ import annotations

import io
import os
import queue
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tui_annotate.audio import messages
from tui_annotate.audio.cache import Cache
from tui_annotate.audio.header import Stamp
from tui_annotate.audio.messages import (
    Close,
    Configure,
    Focus,
    Message,
    Open,
    Opened,
    Peaks,
    Request,
    Show,
    Spectrum,
    SpectrumOf,
    Unusable,
)
from tui_annotate.audio.peaks import PeakFile
from tui_annotate.audio.process import SoundProcess
from tui_annotate.audio.work_loop import SoundLoop
from tui_annotate.process.environment import PLAYER_ADDRESS
from tui_annotate.process.messages import Failed, Gone, Ready

RATE = 16_000


class Running:
    """A sound process, and what it has said."""

    def __init__(self, folder: Path, module: str = "tui_annotate.audio.worker") -> None:
        self._said: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.process = SoundProcess(
            [], on_message=self._said.put, log=folder / "log", module=module
        )

    def send(self, request: Request) -> None:
        self.process.send(request)

    def until(self, wanted: Callable[[Message], bool], gone: bool = False) -> list[Message]:
        """Everything it says up to the message that is waited for."""
        said: list[Message] = []
        while not said or not wanted(said[-1]):
            said.append(self._said.get(timeout=60))
            assert gone or not isinstance(said[-1], Gone), said[-1]
        return said


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    it = Running(tmp_path)
    yield it
    it.process.close()
    assert it.process.wait(10)


def tone(path: Path, seconds: float, hertz: float = 1000, rate: int = RATE) -> Path:
    times = np.arange(round(seconds * rate)) / rate
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * hertz * times), rate)
    return path


def whole(number: int) -> Callable[[Message], bool]:
    return lambda said: isinstance(said, Peaks) and said.number == number and said.done == 1


def test_a_sound_is_opened_measured_and_drawn(running: Running, tmp_path: Path) -> None:
    path = tone(tmp_path / "tone.wav", 3)
    running.send(Open(0, os.fsencode(path)))
    running.send(Show(0))
    said = running.until(whole(0))
    opened = next(one for one in said if isinstance(one, Opened))
    assert (opened.clip.path, opened.clip.rate, opened.clip.frames) == (
        os.fsencode(path),
        RATE,
        3 * RATE,
    )
    assert opened.clip.format == "WAV 16 bit"
    assert opened.notices == []
    measured = said[-1]
    assert isinstance(measured, Peaks)
    mins, maxs = PeakFile(measured.path).minmax(0, 3 * RATE, 10)
    assert maxs.tolist() == pytest.approx([0.5] * 10, abs=0.01)
    assert mins.tolist() == pytest.approx([-0.5] * 10, abs=0.01)

    running.send(SpectrumOf(0, 5, 0, 3 * RATE, 12, 20))
    drawn = running.until(lambda one: isinstance(one, Spectrum))[-1]
    assert isinstance(drawn, Spectrum)
    assert (drawn.ticket, drawn.columns, drawn.rows) == (5, 12, 20)
    cells = np.frombuffer(drawn.cells, np.uint8).reshape(12, 20)
    # One tone: the same band is the loudest everywhere, and far above the others.
    assert len(set(cells.argmax(axis=1))) == 1
    assert cells.max() == 255
    assert np.sort(cells[5])[-4] < 160


def test_a_chunk_is_the_stretch_of_its_file(running: Running, tmp_path: Path) -> None:
    path = tone(tmp_path / "tone.wav", 3)
    running.send(Open(0, os.fsencode(path), start=0.5, end=1.25))
    opened = running.until(lambda one: isinstance(one, Opened))[-1]
    assert isinstance(opened, Opened)
    assert (opened.clip.start, opened.clip.end) == (RATE // 2, RATE * 5 // 4)


@pytest.mark.parametrize(
    ("request_of", "reason"),
    [
        (lambda path: Open(0, path, start=7, end=9), "its chunk begins at 7 s, and the recording"),
        (lambda path: Open(0, path, start=2, end=1), "its chunk ends before it begins"),
        (lambda path: Open(0, path, channel=1), "there is no channel 1 in a recording of 1"),
        (lambda path: Open(0, path + b".flac"), "there is no such file"),
    ],
)
def test_what_cannot_be_opened_is_named_and_the_next_one_is_opened(
    running: Running, tmp_path: Path, request_of: Callable[[bytes], Open], reason: str
) -> None:
    path = os.fsencode(tone(tmp_path / "tone.wav", 3))
    running.send(request_of(path))
    refused = running.until(lambda one: isinstance(one, Unusable))[-1]
    assert isinstance(refused, Unusable)
    assert refused.reason.startswith(reason)
    running.send(Open(1, path))
    running.until(whole(1))


@pytest.mark.parametrize("name", [b"a\nname.wav", b"caf\xe9.wav"])
def test_a_name_need_be_no_utf8(running: Running, tmp_path: Path, name: bytes) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)
    try:
        os.rename(tone(tmp_path / "tone.wav", 1), path)
    except OSError:
        pytest.skip("this file system takes no such name")
    running.send(Open(0, path))
    peaks = running.until(whole(0))[-1]
    assert isinstance(peaks, Peaks)
    assert PeakFile(peaks.path).minmax(0, 100, 1)[1][0] > 0


def test_what_is_odd_about_a_sound_can_be_said_whatever_its_name(
    tmp_path: Path,
) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"caf\xe9.wav")
    with open(path, "wb") as file:
        file.write(tone(tmp_path / "tone.wav", 1).read_bytes()[:-10_000])
    said: list[Message] = []

    def send(message: Message) -> None:
        messages.MESSAGES.write(io.BytesIO(), message)
        said.append(message)

    loop = SoundLoop(Configure([]), send, Cache(tmp_path / os.fsdecode(b"cach\xe9")))
    loop.take(Open(0, path))
    while loop.busy:
        loop.step()
    opened = next(one for one in said if isinstance(one, Opened))
    assert opened.notices[0].startswith("caf\\xe9.wav: it is cut off")
    measured = next(one for one in said[::-1] if isinstance(one, Peaks))
    assert PeakFile(measured.path).done == 1


def test_what_is_open_counts_as_used_while_nobody_touches_a_key(tmp_path: Path) -> None:
    loop = SoundLoop(Configure([]), lambda message: None, cache := Cache(tmp_path / "cache"))
    path = tone(tmp_path / "tone.wav", 1)
    loop.take(Open(0, os.fsencode(path)))
    while loop.busy:
        loop.step()
    peaks = cache.path(os.fspath(path), Stamp.of(os.fspath(path)), "peaks")
    os.utime(peaks, (1, 1))
    loop.keep()
    assert Cache(tmp_path / "cache", limit=1).trim().files == 0
    assert peaks.exists()


def test_what_is_not_exact_becomes_a_copy_that_is(running: Running, tmp_path: Path) -> None:
    path = tmp_path / "tone.mp3"
    soundfile.write(path, 0.3 * np.sin(np.arange(5 * RATE) / 7), RATE, format="MP3")
    running.send(Open(0, os.fsencode(path)))
    said = running.until(whole(0))
    opened = next(one for one in said if isinstance(one, Opened))
    assert opened.clip.format == "MP3"
    copy = os.fsdecode(opened.clip.decoded)
    assert copy.endswith(".flac")
    straight = soundfile.read(path)[0]
    assert opened.clip.frames == len(straight)
    assert np.abs(soundfile.read(copy)[0] - straight).max() < 1e-4


def test_a_sound_that_is_closed_leaves_nothing_half_done(running: Running, tmp_path: Path) -> None:
    for number in range(4):
        path = tone(tmp_path / f"{number}.wav", 200)
        running.send(Open(number, os.fsencode(path)))
        running.send(Close(number))
    last = tone(tmp_path / "last.wav", 1)
    running.send(Open(9, os.fsencode(last)))
    running.until(whole(9))
    assert list((tmp_path / "cache").rglob("*.part")) == []


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="there is no /proc")
def test_the_token_of_a_player_is_not_for_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PLAYER_ADDRESS, "unix:/nowhere sesame")
    running = Running(tmp_path)
    try:
        running.until(lambda one: isinstance(one, Ready))
        environment = Path(f"/proc/{running.process.pid}/environ").read_bytes()
    finally:
        running.process.close()
    assert b"PATH=" in environment
    assert b"sesame" not in environment


def test_messages_survive_the_way() -> None:
    from io import BytesIO

    stream = BytesIO()
    messages.REQUESTS.write(stream, Open(3, b"caf\xe9\n.wav", 0.5, None, 1))
    stream.seek(0)
    assert messages.REQUESTS.read(stream) == Open(3, b"caf\xe9\n.wav", 0.5, None, 1)


def test_a_file_that_changes_while_it_is_open_is_said(running: Running, tmp_path: Path) -> None:
    path = tone(tmp_path / "tone.wav", 2)
    running.send(Open(0, os.fsencode(path)))
    running.until(whole(0))
    tone(path, 1)
    running.send(Focus(0, 100))
    said = running.until(lambda one: isinstance(one, Failed))[-1]
    assert isinstance(said, Failed)
    assert said.message.startswith("tone.wav: this file has changed since it was opened")
    assert said.source is None
    # It is said once, and the session goes on.
    running.send(Focus(0, 200))
    running.send(SpectrumOf(0, 1, 0, 2 * RATE, 4, 4))
    said_after = running.until(lambda one: isinstance(one, Spectrum))
    assert not any(isinstance(one, Failed) for one in said_after)


def test_samples_that_are_no_numbers_are_said(running: Running, tmp_path: Path) -> None:
    path = tmp_path / "nan.wav"
    values = np.full(1000, 0.25, np.float32)
    values[10:13] = np.nan
    soundfile.write(path, values, RATE, "FLOAT")
    running.send(Open(0, os.fsencode(path)))
    said = running.until(lambda one: isinstance(one, Failed))[-1]
    assert isinstance(said, Failed)
    assert said.message == "nan.wav: 3 of its samples are not numbers and play as silence"


@pytest.mark.slow
def test_a_slow_format_is_drawn_coarsely_before_it_is_measured(
    running: Running, tmp_path: Path
) -> None:
    path = tmp_path / "long.opus"
    with soundfile.SoundFile(path, "w", RATE, 1, "OPUS", format="OGG") as sound:
        for _ in range(10):
            sound.write(0.3 * np.sin(np.arange(10 * RATE) / 7))
    running.send(Open(0, os.fsencode(path)))
    for said in running.until(whole(0)):
        if isinstance(said, Opened):
            assert said.clip.decoded == said.clip.path
        if isinstance(said, Peaks) and 0 < said.done < 1:
            loud = PeakFile(said.path).loudness(80)
            assert (loud > 0.2).all()
            break
    else:
        pytest.fail("nothing was drawn on the way")


def test_without_a_cache_that_can_be_written_sounds_are_shown_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "elsewhere"))
    running = Running(tmp_path)
    try:
        path = tone(tmp_path / "tone.wav", 1)
        running.send(Open(0, os.fsencode(path)))
        said = running.until(whole(0))
    finally:
        running.process.close()
    ready = next(one for one in said if isinstance(one, Ready))
    assert "the cache cannot be written (Not a directory)" in ready.notices[0]
    assert isinstance(said[-1], Peaks)
    assert said[-1].path.startswith(os.fsencode(tmp_path / "elsewhere"))


def test_a_name_that_others_took_is_no_folder_for_what_does_not_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / f"tui-annotate-{os.getuid()}").write_bytes(b"somebody's")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "elsewhere"))
    said: list[Message] = []
    loop = SoundLoop(Configure([]), said.append)
    loop.take(Open(0, os.fsencode(tone(tmp_path / "tone.wav", 1))))
    while loop.busy:
        loop.step()
    assert any(isinstance(one, Peaks) and one.done == 1 for one in said)


_FRAIL = """
import os
import tui_annotate.audio.examination as examination
from tui_annotate.audio import worker

examine = examination.examine

def frail(path):
    if path.endswith("fatal.wav"):
        os.abort()
    return examine(path)

examination.examine = frail
worker.main()
"""


def test_a_file_that_ends_the_process_is_named_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "frail_worker.py").write_text(_FRAIL)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    running = Running(tmp_path, "frail_worker")
    try:
        for number, name in enumerate(["first.wav", "fatal.wav", "last.wav"]):
            running.send(Open(number, os.fsencode(tone(tmp_path / name, 1))))
        said = running.until(lambda one: isinstance(one, Unusable))
        refused = said[-1]
        assert isinstance(refused, Unusable)
        assert refused.number == 1
        assert "reading it ends the program that does" in refused.reason
        assert "SIGABRT" in refused.reason
        said += running.until(whole(2))
        assert [one.number for one in said if isinstance(one, Opened)] == [0, 2]
    finally:
        running.process.close()


def test_a_process_that_cannot_stay_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no_worker.py").write_text("import sys\nsys.exit(3)\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    running = Running(tmp_path, "no_worker")
    gone = running.until(lambda one: isinstance(one, Gone), gone=True)[-1]
    assert isinstance(gone, Gone)
    assert gone.reason.startswith("the sound process has ended with code 3")


@pytest.mark.parametrize("name", ["long.wav", "long.mp3"])
def test_windows_of_one_sound_share_what_is_made_of_it(
    running: Running, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    if name.endswith("mp3"):
        soundfile.write(path, 0.3 * np.sin(np.arange(60 * RATE) / 7), RATE, format="MP3")
    else:
        tone(path, 900)
    for number in range(3):
        running.send(Open(number, os.fsencode(path), start=20.0 * number, end=20.0 * number + 5))
    running.send(Show(1))
    running.send(Close(0))
    said = running.until(whole(2))
    if not any(whole(1)(one) for one in said):
        said += running.until(whole(1))
    done = [one.path for one in said if isinstance(one, Peaks) and one.done == 1]
    assert len(set(done)) == 1
    peaks = PeakFile(done[0])
    assert (peaks.loudness(50) > 0.25).all()
    kept = [path.suffix for path in (tmp_path / "cache" / "tui-annotate" / "audio").iterdir()]
    assert sorted(kept) == [".flac"] * name.endswith("mp3") + [".peaks"]
