"""Speakers who are added and renamed on the screen, and what a session keeps of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.ui.sounds import RATE, beeps, listening
from tui_annotate.audio.messages import Compare, Likely, Regions
from tui_annotate.suggest.suggestion import Suggestion

FOUND = [
    Suggestion(2 * RATE, 3 * RATE, "SPEECH", "speech", 0.9),
    Suggestion(5 * RATE, 7 * RATE, "SPEECH", "speech", 0.8),
]


async def test_a_digit_nobody_has_adds_a_speaker_with_a_key(tmp_path: Path) -> None:
    async with listening(tmp_path, labels=("SPEAKER_1",), found=FOUND) as here:
        await here.press("tab", "1", "2")
        assert here.regions == [(2, 3, "SPEAKER_1"), (5, 7, "SPEAKER_2")]
        assert "2 SPEAKER_2 1" in here.bar, here.bar
        await here.press("shift+tab", "2")
        assert here.regions[0] == (2, 3, "SPEAKER_2")


async def test_a_name_is_given_and_taken_back_and_comes_back_later(tmp_path: Path) -> None:
    async with listening(tmp_path, labels=("SPEAKER_1",), found=FOUND) as here:
        await here.press("tab", "1", "1", "shift+tab", "E", "ctrl+u", *"ANNA", "enter")
        assert here.regions == [(2, 3, "ANNA"), (5, 7, "ANNA")]
        assert "1 ANNA 2" in here.screen()
        await here.press("u")
        assert here.regions == [(2, 3, "SPEAKER_1"), (5, 7, "SPEAKER_1")]
        assert "1 SPEAKER_1 2" in here.screen()
        await here.press("ctrl+r", "a")
    assert [one["label"] for one in here.written()[0]["audio_spans"]] == ["ANNA", "ANNA"]
    assert here.written()[0]["_labels"] == ["ANNA"]
    async with listening(tmp_path, "call.wav", labels=("SPEAKER_1",), found=FOUND) as here:
        assert here.here.app.engine.labels.names == ["ANNA"]


async def test_regions_without_a_name_are_not_accepted(tmp_path: Path) -> None:
    async with listening(tmp_path, found=FOUND) as here:
        await here.press("tab", "1", "a")
        assert here.written() == []
        assert "a region has no speaker" in here.screen()
        await here.press("2", "a")
        line = here.written()[0]
    assert [(one["start"], one["end"], one["label"]) for one in line["audio_spans"]] == [
        (2.0, 3.0, "ANNA"), (5.0, 7.0, "BEN")]  # fmt: skip
    assert line["_suggested"][0] == {
        "start": 2.0, "end": 3.0, "label": "SPEECH", "source": "speech", "score": 0.9}  # fmt: skip


async def test_naming_somebody_is_about_one_region(tmp_path: Path) -> None:
    async with listening(tmp_path, found=FOUND) as here:
        await here.press("tab", "E", "ctrl+u", *"CARL", "enter")
        assert (2, 3, "CARL") in here.regions
        assert (5, 7, "SPEECH") in here.regions
        assert "3 CARL 1" in here.screen()


async def test_who_comes_with_a_task_is_on_offer_from_then_on(tmp_path: Path) -> None:
    beeps(tmp_path / "a.wav", (1, 2))
    beeps(tmp_path / "b.wav", (1, 2))
    turns = [{"start": 1, "end": 2, "label": "DORA"}, {"start": 4, "end": 5, "label": "SPEECH"}]
    tasks = ({"audio": "a.wav"}, {"audio": "b.wav", "audio_spans": turns})
    async with listening(tmp_path, *tasks, labels=("ANNA",)) as here:
        assert "DORA" not in here.bar
        await here.press("a")
        assert "2 DORA 1" in here.bar
        await here.press("a")
        assert "a region has no speaker" in here.screen()
        await here.press("tab", "tab", "1", "a")
        assert [one["label"] for one in here.written()[1]["audio_spans"]] == ["DORA", "ANNA"]


async def test_who_stands_beside_speech_is_on_offer_too(tmp_path: Path) -> None:
    beeps(tmp_path / "call.wav", (2, 3))
    spans = [{"start": 2.0, "end": 3.0, "label": "SPEECH", "speaker": "CARL"}]
    async with listening(tmp_path, {"audio": "call.wav", "audio_spans": spans}) as here:
        assert [label for _, _, label in here.regions] == ["CARL"]
        assert "3 CARL 1" in here.bar


async def test_only_those_who_have_a_name_are_compared(tmp_path: Path) -> None:
    async with listening(tmp_path, found=FOUND) as here:
        await here.press("tab", "1", "shift+tab", "tab")
        sounds: Any = here.here.process
        told = [one for one in sounds.requests if isinstance(one, Regions)]
        asked = [one for one in sounds.requests if isinstance(one, Compare)]
        assert told[-1].regions == [(2 * RATE, 3 * RATE, "ANNA")]
        assert (asked[-1].start, asked[-1].end) == (5 * RATE, 7 * RATE)
        number, ticket = asked[-1].number, asked[-1].ticket
        here.here.app.annotation.received(Likely(number, ticket - 1, [("BEN", 0.9)]))
        assert here.editor.likely == ()
        here.here.app.annotation.received(Likely(number, ticket, [("ANNA", 0.83), ("BEN", 0.17)]))
        await here.press("escape")
        assert "ANNA 0.83" in here.screen()
