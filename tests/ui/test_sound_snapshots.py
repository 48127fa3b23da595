"""Whole screens of sounds, as text; with UPDATE_SNAPSHOTS=1 they are written anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.sounds import beeps, listening
from tests.ui.test_snapshots import check_as_before

SPANS = [
    {"start": 2.0, "end": 3.0, "label": "ANNA", "text": "so what did you"},
    {"start": 2.5, "end": 6.0, "label": "BEN"},
    {"start": 5.0, "end": 7.0, "label": "ANNA", "source": "speakers", "score": 0.83},
]


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (100, 30), (120, 40)])
async def test_speakers(tmp_path: Path, size: tuple[int, int]) -> None:
    beeps(tmp_path / "call.wav", (2, 3), (5, 7))
    task = {"audio": "call.wav", "audio_spans": SPANS, "meta": {"id": "c-7"}}
    async with listening(tmp_path, task, size=size) as here:
        await here.go(5.5)
        check_as_before(here.here, "speakers")


@pytest.mark.parametrize("size", [(60, 15), (80, 24)])
async def test_transcript(tmp_path: Path, size: tuple[int, int]) -> None:
    beeps(tmp_path / "call.wav", (2, 3), (5, 7))
    task = {"audio": "call.wav", "audio_spans": SPANS}
    async with listening(tmp_path, task, size=size, view={"mode": "transcribe"}) as here:
        await here.go(2.2)
        await here.press("t")
        await here.write(" think of it?")
        check_as_before(here.here, "transcript")


async def test_no_colour(tmp_path: Path) -> None:
    beeps(tmp_path / "call.wav", (2, 3), (5, 7))
    task = {"audio": "call.wav", "audio_spans": SPANS}
    async with listening(tmp_path, task, depth="mono") as here:
        await here.press("v", "v", "space")
        await here.later(3.2)
        check_as_before(here.here, "speakers-mono")
