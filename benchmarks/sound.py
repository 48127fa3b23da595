"""A long sound: the first waveform, its peaks, zooming and panning, memory."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.programs import READY, Programs
from benchmarks.table import Result
from benchmarks.terminal import HOME, PAGE_DOWN, TRUECOLOR, BenchmarkError, Keys, Terminal

RATE = 16_000
FULL = "⣿"
"""What some cell of a loud waveform shows."""

PEAKS_MEANT = 2.3
"""Seconds that BBC audiowaveform takes for ten hours of 16 kHz, where it is not installed."""

_PEAKS = """
import os, sys, time
from pathlib import Path
from tui_annotate.audio.cache import Cache
from tui_annotate.audio.header import Stamp
from tui_annotate.audio.peaks import PeakFile
from tui_annotate.audio.peakwork import PeakWork
from tui_annotate.audio.sound import Sound
path, folder = sys.argv[1:]
sound = Sound(path)
began = time.perf_counter()
work = PeakWork(sound, path, Stamp.of(path), Cache(Path(folder), 10**12))
while work.step():
    pass
print(time.perf_counter() - began)
peaks = PeakFile(work.path)
frames, times = peaks.frames, []
for share in (1, 3, 10, 100, 1000, 10_000, 100_000):
    for turn in range(20):
        start = frames // 20 * turn
        length = max(480, frames // share)
        before = time.perf_counter()
        peaks.minmax(start, start + length, 240)
        times.append(time.perf_counter() - before)
print(sorted(times)[len(times) // 2], max(times))
"""


def results(programs: Programs) -> Iterator[Result]:
    """Measure all of it."""
    hours = programs.sizes.hours
    path = programs.folder / "long.wav"
    programs.tell(f"writing {hours:g} hours of audio")
    write(path, hours)
    yield from _peaks(programs, path, hours)
    times = defaultdict[str, list[float]](list)
    for turn in range(programs.sizes.rounds):
        programs.tell(
            f"{hours:g} hours of audio in a session: {turn + 1} of {programs.sizes.rounds}"
        )
        with programs.python("bare.py", READY) as app:
            app.wait_for(READY)
            app.settle()
            times["bare"].append(app.memory()[0])
        shutil.rmtree(programs.folder / "cache", ignore_errors=True)
        with _session(programs, path, turn) as app:
            painted = app.wait_for("audio.regions")
            drawn = app.wait_for(FULL)
            times["first"].append((drawn - painted) * 1000)
            times["all"].append(drawn)
            app.settle(1.0, timeout=20)
            zoom, pan = Keys(app), Keys(app)
            # In by some steps, with a page on and back to the start after each, and out again.
            for _ in range(5):
                zoom.press(b"z", text=FULL)
                zoom.rest()
                pan.press(PAGE_DOWN, text=FULL)
                pan.rest()
                app.press(HOME, text=FULL)
            for _ in range(4):
                zoom.press(b"Z", text=FULL)
                zoom.rest()
            times["zoom"] += [press.ms for press in zoom.presses]
            times["pan"] += [press.ms for press in pan.presses]
            own, children = app.memory()
            times["memory"].append(own)
            times["children"].append(children)
            app.quit()
    what = f"{hours:g} h of 16 kHz WAV"
    note = f"{median(times['all']):,.2f} s after the start"
    yield Result(f"{what}: first waveform after first paint", median(times["first"]), "ms",
                 budget=300, note=note)  # fmt: skip
    for name, does in (("zoom", "zoom by a step"), ("pan", "a window on")):
        yield Result(f"{what}: {does}", median(times[name]), "ms", budget=16,
                     note=f"to the new waveform; at most {max(times[name]):,.0f} ms")  # fmt: skip
    above = median(times["memory"]) - median(times["bare"])
    note = f"the sound process and the player beside it: {median(times['children']):,.0f} MB"
    yield Result(f"{what}: memory above a bare Textual app", above, "MB", budget=150, note=note)


def _session(programs: Programs, path: Path, turn: int) -> Terminal:
    output = programs.folder / f"sound.{turn}.jsonl"
    command = [sys.executable, "-m", "tui_annotate", "audio.regions", str(path), "-o", str(output)]
    return Terminal(command, programs.folder, {**TRUECOLOR, "TUI_ANNOTATE_AUDIO": "null"})


def _peaks(programs: Programs, path: Path, hours: float) -> Iterator[Result]:
    folder = programs.folder / "peaks"
    seconds, drawn, most = [], [], []
    for turn in range(programs.sizes.rounds):
        programs.tell(f"peaks: {turn + 1} of {programs.sizes.rounds}")
        shutil.rmtree(folder, ignore_errors=True)
        done = subprocess.run(
            [sys.executable, "-c", _PEAKS, str(path), str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BenchmarkError(f"the peaks failed: {done.stderr[-400:]}")
        numbers = list(map(float, done.stdout.split()))
        seconds.append(numbers[0])
        drawn.append(numbers[1] * 1000)
        most.append(numbers[2] * 1000)
    size = (folder / next(folder.iterdir()).name).stat().st_size / 1e6
    against, base = _audiowaveform(programs, path, hours)
    yield Result(f"{hours:g} h of 16 kHz WAV: peaks", median(seconds), "s", against, base, 1,
                 note=f"cached in {size:,.1f} MB")  # fmt: skip
    yield Result("waveform of a window of 240 columns", median(drawn), "ms", budget=2,
                 note=f"from 30 ms to the whole; at most {max(most):,.1f} ms")  # fmt: skip


def _audiowaveform(programs: Programs, path: Path, hours: float) -> tuple[str, float]:
    """BBC audiowaveform's time on the same file, or its known one."""
    program = shutil.which("audiowaveform")
    if program is None:
        return "BBC audiowaveform (not here; its figure)", PEAKS_MEANT * hours / 10
    times = []
    for _ in range(programs.sizes.rounds):
        began = time.perf_counter()
        output = programs.folder / "bbc.dat"
        command = [program, "-q", "-i", str(path), "-o", str(output), "-z", "256"]
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return "BBC audiowaveform", median(times)


def write(path: Path, hours: float) -> None:
    """Write noise that is as loud and as quiet as speech; no two minutes are alike."""
    import numpy as np
    import soundfile

    random = np.random.default_rng(1)
    minute = 60 * RATE
    noise = random.standard_normal(minute)
    with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16") as sound:
        for number in range(max(1, round(hours * 60))):
            syllables = np.repeat(random.gamma(0.7, 3000, 240), minute // 240)
            block = np.roll(noise, number * 977) * syllables
            sound.write(np.clip(block, -32768, 32767).astype(np.int16))
