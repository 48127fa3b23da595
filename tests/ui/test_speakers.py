"""Speakers who are added and renamed on the screen, and what a session keeps of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.ui.sounds import RATE, beeps, listening
from tui_annotate.audio.messages import Compare, Likely, Named, Regions
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


async def test_a_region_that_came_without_a_speaker_is_dotted_until_it_has_one(
    tmp_path: Path,
) -> None:
    beeps(tmp_path / "call.wav", (2, 3), (5, 7))
    spans = [span("SPEECH", 2.0, 6.0), span("SPEECH", 7.0, 9.0)]
    async with listening(tmp_path, {"audio": "call.wav", "audio_spans": spans}) as here:

        def dotted() -> int:
            return sum("┄" in line for line in here.screen().splitlines())

        assert dotted() == 1
        await here.press("a")
        assert "2 regions have no speaker: tab to visit, d to remove them" in here.screen()
        await here.press("tab", "1", "2", "home")
        assert dotted() == 0
        await here.press("a")
        await here.until(lambda: here.app.engine.stage == "done")
        # What no key does any more is not offered.
        assert "space play" not in here.screen()
        assert "1 ANNA" not in here.screen()


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


# ── windows of one recording ───────────────────────────────────────────────


def windows(folder: Path, *regions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tasks of two seconds each of one sound, with their regions, and one of another sound."""
    beeps(folder / "call.wav", (2, 3), (5, 7))
    beeps(folder / "other.wav", (2, 3))
    made = [
        {"audio": "call.wav", "chunk": {"start": 2.0 * n, "end": 2.0 * n + 2}, "audio_spans": spans}
        for n, spans in enumerate(regions)
    ]
    other = {"audio": "other.wav", "chunk": {"start": 0, "end": 2}, "audio_spans": [span("ANNA")]}
    return [other, *made]


def span(label: str, start: float = 0.5, end: float = 1.5, **fields: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "label": label, **fields}


def labels_of(lines: Sequence[Mapping[str, Any]]) -> dict[tuple[str, float], list[str]]:
    """The labels in the last line of each window."""
    return {
        (line["audio"], line["chunk"]["start"]): [one["label"] for one in line["audio_spans"]]
        for line in lines
    }


async def test_who_was_named_before_is_known_in_every_window_after_a_restart(
    tmp_path: Path,
) -> None:
    tasks = windows(tmp_path, [span("ANNA")], [span("BEN"), span("SPEECH", 1.6, 1.9)], [], [])
    async with listening(tmp_path, *tasks) as here:
        await here.press("a", "a", "tab", "tab", "1", "a")
        await here.saved()
    async with listening(tmp_path, *tasks) as here:
        assert here.item.task.fields["chunk"]["start"] == 4
        sounds: Any = here.here.process
        told = [one for one in sounds.requests if isinstance(one, Named)]
        assert {one.path for one in told} == {os.fsencode(tmp_path / "call.wav")}
        assert [(one.start, one.regions) for one in told] == [
            (0, [(0.5, 1.5, "ANNA")]),
            (2, [(2.5, 3.5, "BEN"), (3.6, 3.9, "ANNA")]),
        ]
        await here.press("a")
        assert len([one for one in sounds.requests if isinstance(one, Named)]) == 2


async def test_a_speaker_is_renamed_in_the_decided_windows_of_the_recording_and_back(
    tmp_path: Path,
) -> None:
    tasks = windows(tmp_path, [span("ANNA")], [span("BEN")], [span("ANNA", 0.2, 0.4)], [])
    async with listening(tmp_path, *tasks) as here:
        await here.press("a", "a", "a", "tab", "E", "ctrl+u", *"DORA", "enter")
        message = "renamed ANNA to DORA in one region and in 1 decided window of this recording"
        assert f"{message}; u undoes both" in " ".join(here.screen().split())
        await here.saved()
        renamed = {("other.wav", 0): ["ANNA"], ("call.wav", 0): ["DORA"], ("call.wav", 2): ["BEN"]}
        assert labels_of(here.written()) == renamed
        first, last = here.written()[1], here.written()[-1]
        changed = {name for name in first if first[name] != last[name]}
        assert changed == {"audio_spans", "_labels"}
        assert last["_labels"] == ["DORA", "BEN"]
        await here.press("u")
        assert "also in 1 decided window of this recording" in here.screen()
        await here.saved()
        assert labels_of(here.written())["call.wav", 0] == ["ANNA"]
        assert here.written()[-1] == first
        await here.press("ctrl+r")
        await here.saved()
        assert labels_of(here.written()) == renamed
        # Somebody else's key changes nothing elsewhere.
        await here.press("1", "u", "u")
        await here.saved()
        assert labels_of(here.written())["call.wav", 0] == ["ANNA"]


async def test_who_turns_out_to_be_somebody_else_is_so_in_every_window(tmp_path: Path) -> None:
    tasks = windows(tmp_path, [span("ANNA"), span("BEN", 1.0, 1.9)], [span("BEN")], [])
    async with listening(tmp_path, *tasks) as here:
        await here.press("a", "a", "tab", "E", "ctrl+u", *"ANNA", "enter")
        await here.saved()
        assert labels_of(here.written())["call.wav", 0] == ["ANNA"]
        assert here.written()[-1]["audio_spans"][0]["end"] == 1.9
        await here.press("u")
        await here.saved()
        assert labels_of(here.written())["call.wav", 0] == ["ANNA", "BEN"]


async def test_a_window_that_was_left_half_done_has_the_new_name_when_it_is_opened_again(
    tmp_path: Path,
) -> None:
    tasks = windows(tmp_path, [span("ANNA", speaker="BEN")], [span("ANNA")], [])
    async with listening(tmp_path, *tasks) as here:
        await here.press("a")
        await here.go(1.7)
        await here.press("comma", "end", "1", "]")
        await here.until(lambda: here.item.position == 2)
        await here.press("tab", "E", "ctrl+u", *"DORA", "enter", "[")
        await here.until(lambda: here.item.position == 1)
        assert {label for _, _, label in here.regions} == {"DORA"}
        await here.press("a")
        await here.saved()
        assert set(labels_of(here.written())["call.wav", 0]) == {"DORA"}
