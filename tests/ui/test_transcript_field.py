"""Typing what is said: the field's own keys, and no others; nothing typed is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual import events

from tests.ui.sounds import RATE, SoundSitting, beeps, listening
from tui_annotate.text.ordering import MARK

SPANS = [
    {"start": 2.0, "end": 3.0, "label": "ANNA", "text": "so what"},
    {"start": 5.0, "end": 7.0, "label": "BEN"},
]
TASK: dict[str, Any] = {"audio": "call.wav", "audio_spans": SPANS}
TRANSCRIBE = {"mode": "transcribe"}


def call(folder: Path) -> dict[str, Any]:
    beeps(folder / "call.wav", (2, 3), (5, 7))
    return TASK


def texts(here: SoundSitting) -> list[str | None]:
    return [region.text for region in here.editor.regions]


def typed(here: SoundSitting) -> str:
    field = here.view.transcribing.field
    assert field is not None
    text: str = field.entry.text
    return text


async def test_enter_keeps_the_text_and_goes_on_to_the_next_region_which_plays(
    tmp_path: Path,
) -> None:
    async with listening(tmp_path, call(tmp_path), view=TRANSCRIBE) as here:
        await here.press("tab", "t")
        assert typed(here) == "so what"
        await here.write(" did you")
        assert "so what did you" in here.screen()
        await here.press("enter")
        assert texts(here) == ["so what did you", None]
        assert typed(here) == ""
        assert here.active.label == "BEN"
        assert here.view.sound.transport.stretch == (5 * RATE, 7 * RATE)
        assert here.view.sound.transport.playing
        await here.write("I went")
        await here.press("enter")
        assert texts(here) == ["so what did you", "I went"]
        # No command comes of what is typed ahead behind the last region.
        assert "last region" in here.screen()
        await here.write("x")
        assert typed(here) == "I wentx"
        await here.press("backspace", "enter", "enter")
        assert here.view.transcribing.field is None
        assert here.answers() == []


@pytest.mark.parametrize("size", [(60, 15), (80, 24)])
async def test_the_keys_that_are_shown_are_those_of_the_field(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with listening(tmp_path, call(tmp_path), view=TRANSCRIBE, size=size) as here:
        await here.press("tab")
        assert "space play" in here.bar
        await here.press("t")
        assert "enter next" in here.bar
        assert "F1 help" in here.bar
        assert "space play" not in here.bar
        assert "? help" not in here.bar
        await here.press("escape")
        assert "space play" in here.bar


async def test_escape_keeps_what_was_typed_and_undo_takes_it_back(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), view=TRANSCRIBE) as here:
        await here.press("tab", "t")
        await here.write(" now")
        await here.press("escape")
        assert here.view.transcribing.field is None
        assert texts(here)[0] == "so what now"
        await here.press("u")
        assert texts(here)[0] == "so what"


async def test_the_field_plays_pauses_replays_and_changes_the_speed(tmp_path: Path) -> None:
    view = {**TRANSCRIBE, "step_back": 0.5}
    async with listening(tmp_path, call(tmp_path), view=view) as here:
        await here.press("tab", "tab", "t", "tab")
        transport = here.view.sound.transport
        assert transport.stretch == (5 * RATE, 7 * RATE)
        await here.later(1.0)
        await here.press("tab")
        assert not transport.playing
        await here.press("tab")
        assert transport.frame == round(5.5 * RATE)
        await here.press("f8")
        assert transport.player.speed == 1.1
        await here.press("f7", "f7")
        assert transport.player.speed == 0.9
        await here.press("shift+tab")
        assert transport.frame == 5 * RATE
        await here.later(1.0)
        await here.press("f5")
        assert transport.frame == round((5.9 - 0.5) * RATE)
        await here.press("f6")
        assert transport.frame == round(5.9 * RATE)
        assert typed(here) == ""


@pytest.mark.parametrize(
    "key",
    ["ctrl+n", "ctrl+o", "ctrl+k", "ctrl+r", "ctrl+x", "ctrl+f", "ctrl+t", "ctrl+g", "ctrl+p",
     "ctrl+y", "ctrl+l", "f4", "f9", "f10", "f11", "f12", "pageup", "pagedown", "ctrl+u",
     "ctrl+w", "ctrl+e", "ctrl+d", "ctrl+v", "insert"],
)  # fmt: skip
async def test_no_other_key_acts_in_the_middle_of_a_word(tmp_path: Path, key: str) -> None:
    async with listening(tmp_path, call(tmp_path), "call.wav", view=TRANSCRIBE) as here:
        await here.press("tab", "t")
        item, cursor, window = here.item, here.editor.cursor.frame, here.view.sound.viewport.window
        await here.press("left", key)
        assert here.item is item
        assert not item.flagged
        assert (here.editor.cursor.frame, here.view.sound.viewport.window) == (cursor, window)
        assert here.answers() == []
        assert len(here.app.screen_stack) == 1
        await here.write("abc")
        assert "abc" in typed(here)


async def test_help_opens_over_the_field_and_leaves_it_as_it_was(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), view=TRANSCRIBE) as here:
        await here.press("tab", "t")
        await here.write("?x")
        assert typed(here) == "so what?x"
        await here.press("f1")
        assert len(here.app.screen_stack) == 2
        await here.press("escape")
        await here.write("y")
        assert typed(here) == "so what?xy"


async def test_what_is_typed_survives_with_its_caret(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), view=TRANSCRIBE) as here:
        await here.press("tab", "t")
        await here.write(" did yoo")
        await here.press("left", "left")
        caret = here.view.transcribing.field.entry.caret
    # Nothing was committed; the next session is in the middle of the word.
    async with listening(tmp_path, TASK, view=TRANSCRIBE) as here:
        assert typed(here) == "so what did yoo"
        assert here.view.transcribing.field.entry.caret == caret
        assert here.active.label == "ANNA"
        await here.press("delete", "delete", "end")
        await here.write("you")
        await here.press("enter")
        assert texts(here)[0] == "so what did yyou"


async def test_a_long_text_wraps_and_the_caret_goes_by_rows(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), view=TRANSCRIBE) as here:
        await here.press("tab", "t", "ctrl+u")
        words = " ".join(f"word{n}" for n in range(30))
        await here.write(words)
        rows = [line for line in here.lines() if line.startswith(" ▎")]
        assert len(rows) > 2
        assert " ".join(row[3:].strip() for row in rows) == words
        await here.press("home", "up")
        caret = here.view.transcribing.field.entry.caret
        assert words[caret:].startswith(rows[-2][3:].split()[0])
        await here.press("ctrl+home")
        assert here.view.transcribing.field.entry.caret == 0
        here.assert_painted("typing")


@pytest.mark.parametrize(
    "text", ["日本語の会議です", "שלום עולם", "na\u0303o é 👍🏽", "a\x1b[31mb\u202ec"]
)
async def test_text_of_every_script_is_shown_and_kept(tmp_path: Path, text: str) -> None:
    beeps(tmp_path / "call.wav", (2, 3))
    spans = [{"start": 2.0, "end": 3.0, "label": "ANNA", "text": text}]
    async with listening(
        tmp_path, {"audio": "call.wav", "audio_spans": spans}, view=TRANSCRIBE
    ) as here:
        await here.press("tab", "t", "left", "right", "enter", "enter")
        assert texts(here) == [text]
        assert "\x1b" not in here.screen()
        assert "\u202e" not in here.screen()
        here.assert_painted("typing")


async def test_a_text_is_pasted_on_one_line(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), view=TRANSCRIBE) as here:
        await here.press("tab", "t", "ctrl+u")
        here.view.post_message(events.Paste("did\nyou  go"))
        await here.settle()
        assert typed(here) == "did you go"


async def test_words_are_completed_and_snippets_put_in(tmp_path: Path) -> None:
    view = {**TRANSCRIBE, "snippets": ("[laugh]", "[noise]")}
    async with listening(tmp_path, call(tmp_path), view=view) as here:
        await here.press("tab", "tab", "t")
        await here.write("wha")
        await here.press("f2")
        assert typed(here) == "what"
        await here.press("f3")
        await here.write("noi")
        await here.press("enter")
        assert typed(here) == "what [noise] "
        await here.press("f3")
        assert "1 [laugh]" in here.screen()
        await here.press("1")
        assert typed(here) == "what [noise] [laugh] "
        # A digit that stands for none is looked for in their names.
        await here.press("f3", "7")
        assert "no match" in here.screen()
        await here.press("escape", "enter")
        assert texts(here)[1] == "what [noise] [laugh]"


async def test_what_is_said_in_the_whole_sound_is_typed_too(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), view=TRANSCRIBE) as here:
        await here.press("t")
        assert "no region here" in here.status
        await here.press("T")
        assert "whole recording" in here.screen()
        await here.write("so what did you")
        await here.press("enter")
        assert here.view.transcribing.field is None
        assert here.editor.transcript == "so what did you"
        await here.press("a")
        await here.saved()
        assert here.written()[0]["transcript"] == "so what did you"


async def test_a_typed_letter_sends_few_bytes(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), view=TRANSCRIBE) as here:
        await here.press("tab", "t")
        assert max([await here.sends(letter) for letter in "whatever"]) <= 60


async def test_the_picture_follows_what_plays_while_one_types(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), view=TRANSCRIBE) as here:
        await here.press("tab", "t", "tab")
        await here.later(0.5)
        here.app.frames.clear()
        await here.write("abc")
        await here.later(0.25)
        x = here.view.sound.gutter_width + here.view.sound.viewport.window.column_of(
            here.view.sound.transport.playhead
        )
        assert here.lines()[4][x] == "│"
        assert here.active.label == "ANNA"
        here.assert_painted("typing while it plays")


async def test_a_text_that_runs_to_the_left_is_typed_there(tmp_path: Path) -> None:
    async with listening(tmp_path, call(tmp_path), view=TRANSCRIBE) as here:
        await here.press("tab", "t")
        for _ in "so what":
            await here.press("backspace")
        await here.write("שלום לכם")
        assert any(row.replace(MARK, "").rstrip().endswith("םכל םולש") for row in here.lines())
        # The arrow to the right leads back: there the text begins.
        await here.press("right", "right", "right")
        await here.write("כו")
        assert typed(here) == "שלום כולכם"
        here.assert_painted("right to left")
