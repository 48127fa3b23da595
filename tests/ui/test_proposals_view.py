"""Proposals in the status line, and what a session says of its drafts, as they are seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.harness import sitting
from tests.ui.sounds import FakeSounds, listening

WRONG = "Osei livs in Lyndale by the sea."
RIGHT = "Osei lives in Lyndale by the sea."
OTHER = "A ferry goes to Bergen at noon."


async def decided(folder: Path) -> None:
    async with sitting(folder, WRONG, OTHER) as here:
        await here.press("1", "f", "a")
        await here.saved()


async def test_the_difference_is_shown_and_one_key_takes_the_decision(tmp_path: Path) -> None:
    await decided(tmp_path)
    async with sitting(tmp_path, RIGHT, OTHER) as here:
        await here.until(lambda: "that over, n does not" in here.status)
        assert "livs → lives" in here.screen()
        assert here.spans == []
        await here.press("right")
        assert "livs" not in here.screen()
        await here.press("y")
        assert here.spans == [("Osei", "PER")]
        assert "PER" in here.lines()[5]
        assert here.item.flagged
        assert "taken over" in here.status
        await here.press("y")
        assert "PER" not in here.lines()[5]


async def test_n_says_no_where_something_is_proposed_and_searches_where_nothing_is(
    tmp_path: Path,
) -> None:
    await decided(tmp_path)
    async with sitting(tmp_path, RIGHT, OTHER) as here:
        await here.until(lambda: "n does not" in here.status)
        await here.press("n")
        assert "left as it is" in here.status
        await here.press("n")
        assert "left" not in here.status
        assert here.spans == []
        await here.press("f")
    # Once something else is said, it is for that that a key is pressed.
    async with sitting(tmp_path, RIGHT + " So it is.", OTHER) as here:
        await here.until(lambda: "n does not" in here.screen())
        await here.press("right", "n")
        assert "left as it is" not in here.status
        await here.press("y")
        assert here.item.flagged


async def test_equal_tasks_are_asked_about_in_the_status_line(tmp_path: Path) -> None:
    tasks = [{"text": RIGHT, "meta": {"n": number}} for number in range(3)]
    async with sitting(tmp_path, *tasks, OTHER, ask_about_equal=True) as here:
        here.engine.stream.read(3)
        await here.press("]", "[")
        await here.until(lambda: "3 tasks have the same text: asked once? y/n" in here.status)
        await here.press("y", "a")
        assert here.item.task.text == OTHER


async def test_one_is_told_of_being_back_once_the_draft_is_on_the_screen(tmp_path: Path) -> None:
    async with sitting(tmp_path, RIGHT) as here:
        await here.press("1")
    async with sitting(tmp_path, RIGHT, tokenises=False, answers=None) as here:
        assert "back where you left off" in here.status
        assert here.spans == [("Osei", "PER")]
        assert "PER" in here.lines()[5]


async def test_a_key_for_a_sound_that_is_not_open_yet_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeSounds, "_open", lambda self, request: None)
    async with listening(tmp_path) as here:
        for key in ("1", "space"):
            await here.press(key)
            assert "the task is loading; key ignored" in here.status
        await here.press("f")
        assert "flagged" in here.status


async def test_where_a_draft_that_does_not_fit_is_kept_is_said_beside_other_notices(
    tmp_path: Path,
) -> None:
    came = {"start": 0, "end": 4, "label": "PER"}
    async with sitting(tmp_path, {"text": RIGHT, "spans": [came]}, OTHER) as here:
        await here.press("]", "a")
        await here.saved()
        await here.press("d")
    # The other task is not there any more, and other spans come with this one.
    async with sitting(tmp_path, {"text": RIGHT, "spans": [came | {"label": "ORG"}]}) as here:
        assert ".out.session/set-aside/1.json" in here.screen()
