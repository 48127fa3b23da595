"""Sounds on the screen: where regions are drawn, what keys do, what is sent."""

from __future__ import annotations

from pathlib import Path

from tests.ui.sounds import RATE, listening
from tui_annotate.suggest.suggestion import Suggestion

FOUND = [
    Suggestion(2 * RATE, 3 * RATE, "SPEECH", "speech", 0.9),
    Suggestion(5 * RATE, 7 * RATE, "SPEECH", "speech", 0.8),
]


async def test_first(tmp_path: Path) -> None:
    async with listening(tmp_path, found=FOUND) as here:
        print(here.screen())
        assert "call.wav" in here.top
