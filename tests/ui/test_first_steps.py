"""The first screen of a first session says what to press."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.harness import sitting
from tests.ui.sounds import SoundSitting
from tests.ui.test_owners import VIEWS

SAID = {
    "spans": ["tab next", "1–3 label", "a accept", "? help"],
    "keyphrases": ["tab next", "1–3 label", "a accept", "? help"],
    "tagging": ["tab next", "a accept", "? help"],
    "punctuation": ["tab next", "a accept", "F1 help"],
    "choice": ["1–3 choose", "a accept", "? help"],
    "blocks": ["tab next", "1 label", "a accept", "? help"],
    "linking": ["tab next", "a accept", "? help"],
    "regions": ["space play", "tab next", "1 2 label", "a accept", "? help"],
    "audio_choice": ["space play", "1 2 choose", "a accept", "? help"],
}


@pytest.mark.parametrize("view", SAID)
async def test_it_says_what_to_press(tmp_path: Path, view: str) -> None:
    async with VIEWS[view](tmp_path) as opened:
        here = opened.here if isinstance(opened, SoundSitting) else opened
        for said in SAID[view]:
            assert said in here.bar


async def test_after_the_first_decision_other_keys_are_said_and_no_text_moves(
    tmp_path: Path,
) -> None:
    async with sitting(tmp_path, *["Angela met Siemens."] * 5) as here:
        place = here.find("Angela")
        assert "a accept" in here.bar
        assert "find label" not in here.bar
        await here.press("1", "right")
        assert "a accept" in here.bar
        await here.press("space")
        assert "a accept" not in here.bar
        assert "; find label" in here.bar
        assert here.find("Angela") == place
    async with sitting(tmp_path, *["Angela met Siemens."] * 5) as here:
        assert "; find label" in here.bar


async def test_where_there_is_little_room_labels_and_the_help_come_first(tmp_path: Path) -> None:
    labels = ("PERSON", "ORGANISATION", "PLACE")
    async with sitting(tmp_path, "Angela met Siemens.", labels=labels, size=(60, 20)) as here:
        for said in (*labels, "? help"):
            assert said in here.bar
        assert "1–3 label" not in here.bar


async def test_a_single_choice_is_no_matter_of_accepting(tmp_path: Path) -> None:
    single = {"view": "choice"}
    async with sitting(tmp_path, "Angela left.", suggesters=(), options=single) as here:
        assert "1–3 choose  space skip  ? help" in here.bar


async def test_where_there_is_no_task_nothing_is_said_of_deciding(tmp_path: Path) -> None:
    async with sitting(tmp_path) as here:
        assert "accept" not in here.bar
