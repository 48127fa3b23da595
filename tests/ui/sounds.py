"""Sounds under the real interface: a sound process that answers at once, and a test's clock."""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from rich.color import ColorSystem

from tests.ui.harness import Sitting, sitting
from tui_annotate.audio.cache import Cache
from tui_annotate.audio.clip import Clip
from tui_annotate.audio.content import fingerprint
from tui_annotate.audio.header import Stamp
from tui_annotate.audio.messages import Heard, Open, Opened, Peaks, Spectrum, SpectrumOf
from tui_annotate.audio.peakwork import PeakWork
from tui_annotate.audio.player.null_player import NullPlayer
from tui_annotate.audio.sound import Sound
from tui_annotate.audio.spectrum import Spectra
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.editors.regions.region import Region
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.ui.theme import Depth

RATE = 8000

_COLOURS = {"true": ColorSystem.TRUECOLOR, "256": ColorSystem.EIGHT_BIT}


class FakeSounds:
    """Stands for the sound process: it answers at once."""

    def __init__(self, folder: Path, found: Sequence[Suggestion] = ()) -> None:
        self.tell: Callable[[Any], None] = lambda message: None
        self.requests: list[Any] = []
        self.closed = False
        self.found = list(found)
        self._cache = Cache(folder / "cache", 10**9)
        self._spectra: dict[int, Spectra] = {}

    def send(self, request: Any) -> None:
        """Answer what is asked."""
        self.requests.append(request)
        match request:
            case Open():
                self._open(request)
            case SpectrumOf(number=number):
                cells = self._spectra[number].cells(
                    request.start, request.end, request.columns, request.rows
                )
                self.tell(
                    Spectrum(number, request.ticket, request.start, request.end,
                             request.columns, request.rows, cells)
                )  # fmt: skip

    def _open(self, request: Open) -> None:
        path = os.fsdecode(request.path)
        sound = Sound(path)
        start = round((request.start or 0) * sound.rate)
        end = sound.frames if request.end is None else round(request.end * sound.rate)
        clip = Clip(request.path, request.path, sound.rate, sound.channels, start, end,
                    request.channel, "WAV 16 bit", fingerprint(path))  # fmt: skip
        work = PeakWork(sound, path, Stamp.of(path), self._cache)
        while work.step():
            pass
        self._spectra[request.number] = Spectra(sound, start, end, None)
        self.tell(Opened(request.number, clip))
        self.tell(Peaks(request.number, os.fsencode(work.path), 1.0))
        self.tell(Heard(request.number, self.found, False))

    def close(self) -> None:
        """Remember that it was ended."""
        self.closed = True


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def beeps(path: Path, *stretches: tuple[float, float], seconds: float = 10.0, rate: int = RATE,
          channels: int = 1) -> Path:  # fmt: skip
    """A sound that is loud in some stretches, in seconds, and silent else."""
    times = np.arange(round(seconds * rate)) / rate
    wave = np.zeros_like(times)
    for n, (start, end) in enumerate(stretches):
        inside = (times >= start) & (times < end)
        wave[inside] = 0.8 * np.sin(2 * np.pi * (300 + 200 * n) * times[inside])
    soundfile.write(path, np.repeat(wave[:, None], channels, axis=1), rate, "PCM_16")
    return path


class SoundSitting:
    """A session over sounds: the sitting, its clock and its editor."""

    def __init__(self, here: Sitting, clock: Hand) -> None:
        self.here = here
        self.clock = clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self.here, name)

    @property
    def view(self) -> Any:
        """The view."""
        return self.here.app.annotation.view

    @property
    def editor(self) -> RegionEditor:
        """The editor of the task on the desk."""
        editor = self.here.item.editor
        assert isinstance(editor, RegionEditor)
        return editor

    @property
    def active(self) -> Region:
        """The region that commands mean."""
        region = self.editor.cursor.active
        assert region is not None
        return region

    def region(self, id: str) -> Region:
        """The region of an id."""
        region = self.editor.regions.get(id)
        assert region is not None
        return region

    @property
    def regions(self) -> list[tuple[float, float, str]]:
        """The regions in seconds, with their labels."""
        rate = self.editor.clip.rate
        return [(one.start / rate, one.end / rate, one.label) for one in self.editor.regions]

    async def go(self, seconds: float) -> None:
        """Put the cursor at a time."""
        self.editor.cursor.move_to(round(seconds * self.editor.clip.rate))
        self.view.sync()
        self.here.app.annotation.show_lines()
        await self.here.settle()

    async def later(self, seconds: float) -> None:
        """Let the clock go on, and the picture follow."""
        self.clock.now += seconds
        app_view(self.here).tick()
        await self.here.settle()

    def count_colours(self, depth: Depth) -> None:
        """Have bytes counted as a terminal of some colours gets them.

        Rich keeps the codes of a style as it made them first: what is painted cannot be
        compared any more.
        """
        self.here.app.console._color_system = _COLOURS[depth]

    async def sends(self, *keys: str) -> int:
        """Press keys; how many bytes that sends."""
        self.here.app.frames.clear()
        await self.here.press(*keys)
        return sum(map(len, self.here.app.frames))


@asynccontextmanager
async def listening(
    folder: Path,
    *tasks: str | Mapping[str, Any],
    labels: Sequence[str] = ("ANNA", "BEN"),
    found: Sequence[Suggestion] = (),
    view: Mapping[str, Any] | None = None,
    **options: Any,
) -> AsyncIterator[SoundSitting]:
    """Sit down at sounds; by default at ten seconds that are loud from 2 to 3 and from 5 to 7.

    Args:
        folder: Where sounds and output are.
        tasks: Tasks, or names of sounds in the folder.
        labels: The labels on offer.
        found: What is suggested.
        view: Options of the view.
        options: See `sitting`.
    """
    if not tasks:
        beeps(folder / "call.wav", (2, 3), (5, 7))
        tasks = ("call.wav",)
    clock = Hand()
    shown = dict(view or {})
    if shown.setdefault("view", "regions") == "regions":
        shown.setdefault("mode", "speakers")
    async with sitting(
        folder,
        *({"audio": task} if isinstance(task, str) else task for task in tasks),
        process=FakeSounds(folder, found),
        sounds=True,
        player=NullPlayer(clock),
        labels=labels,
        options=shown,
        recipe="audio.speakers",
        **options,
    ) as here:
        # Frames come when a test says so.
        drawn = app_view(here)
        if getattr(drawn, "_timer", None) is not None:
            drawn._timer.stop()
        drawn._timer = None
        # What draws the picture is imported in a thread, and the view hears of it: no key is to
        # be counted with that.
        await here.until(
            lambda: all(thread.name != "preload" for thread in threading.enumerate()), "imports"
        )
        await here.settle()
        yield SoundSitting(here, clock)


def app_view(here: Sitting) -> Any:
    """The view on the desk that shows the sound."""
    view = here.app.annotation.view
    return getattr(view, "sound", view)
