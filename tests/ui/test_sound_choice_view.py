"""Classes of a sound on the screen: hear it, press a digit, hear the next."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from tests.ui.sounds import SoundSitting, beeps, listening
from tui_annotate.suggest.suggestion import Suggestion


def classes(
    folder: Path, labels: Sequence[str] = ("speech", "music"), **options: Any
) -> AbstractAsyncContextManager[SoundSitting]:
    beeps(folder / "one.wav", (0, 1), seconds=4)
    beeps(folder / "two.wav", (1, 2), seconds=4)
    view = {"view": "audio_choice", "auto_play": True, **options.pop("view", {})}
    return listening(folder, "one.wav", "two.wav", labels=labels, view=view, **options)


async def test_a_digit_decides_and_the_next_sound_plays(tmp_path: Path) -> None:
    async with classes(tmp_path) as here:
        sound = here.view.sound
        assert sound.transport.stretch == (0, 4 * 8000)
        assert sound.transport.playhead == 0
        assert "one.wav" in here.top
        await here.press("2")
        assert "two.wav" in here.top
        assert sound.transport.playhead == 0
        await here.press("1")
        assert [line["accept"] for line in here.written()] == [["music"], ["speech"]]
        assert [line["duration"] for line in here.written()] == [4.0, 4.0]
    assert not sound.transport.playing


async def test_space_pauses_and_one_comes_back_to_where_one_listened(tmp_path: Path) -> None:
    async with classes(tmp_path) as here:
        here.clock.now += 1.5
        await here.press("space")
        at = here.item.editor.cursor
        assert at == 1.5 * 8000
        await here.press("A", "]", "[")
        assert here.item.editor.cursor in (0, at)
        assert not here.view.sound.transport.playing


async def test_several_are_toggled_and_accepted(tmp_path: Path) -> None:
    async with classes(tmp_path, view={"multiple": True}) as here:
        await here.press("1", "2", "1", "up", "ctrl+y", "a")
        assert here.written()[0]["accept"] == ["speech", "music"]


async def test_what_a_source_holds_it_to_be_stands_beside_the_options(tmp_path: Path) -> None:
    found = [Suggestion(0, 32_000, "music", "yamnet", 0.75)]
    async with classes(tmp_path, found=found) as here:
        assert "0.75" in here.screen()
        await here.press("enter")
        assert here.written()[0]["accept"] == ["music"]


async def test_one_label_is_a_question(tmp_path: Path) -> None:
    async with classes(tmp_path, labels=("laughter",)) as here:
        assert "laughter?" in here.screen()
        await here.press("a", "x")
        lines = here.written()
    assert [(line["label"], line["answer"]) for line in lines] == [
        ("laughter", "accept"), ("laughter", "reject")]  # fmt: skip
