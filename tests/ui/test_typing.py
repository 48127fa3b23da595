"""Keys typed ahead, and keys of other layouts."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.ui.harness import finding, key_event, sitting

TEXT = "Angela Merkel met executives of Siemens in Berlin on Monday."


async def test_edit_keys_typed_ahead_act_in_order(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        here.type("shift+right", "1", "s", "escape", *["right"] * 4, "2", "u", "ctrl+r", "+")
        await here.settle()
        assert here.spans == [("Angela Merkel", "PER"), ("of Siemens", "ORG")]


async def test_what_is_typed_at_once_with_the_key_of_a_field_stands_in_the_field(
    tmp_path: Path,
) -> None:
    async with sitting(tmp_path, TEXT, "Two.") as here:
        here.type("c", *"waxqdu1", "left", "left", "space", "enter", "right", "1")
        await here.settle()
        assert here.item.comment == "waxqd u1"
        assert here.spans == [("Merkel", "PER")]
        assert here.written() == []


async def test_a_list_is_narrowed_by_what_is_typed_before_enter_at_once(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        here.type(";", *"gpe", "enter", "right", ";", "down", "enter", "!", "escape", "ctrl+p")
        here.type(*"flag:", "enter", "right", "f1", "escape", "3")
        await here.settle()
        assert here.spans == [("Angela", "GPE"), ("Merkel", "ORG"), ("met", "GPE")]
        assert here.item.flagged


async def test_keys_typed_ahead_wait_however_long_the_one_before_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_annotate.ui.keyboard._PATIENCE", 0.0)
    async with sitting(tmp_path, TEXT) as here:
        here.type(";", *"gpe", "enter", "right", "c", *"ax", "enter", "right", "1")
        await here.settle()
        assert here.spans == [("Angela", "GPE"), ("met", "PER")]
        assert here.item.comment == "ax"
        assert here.written() == []


async def test_help_over_a_field_typed_ahead_leaves_the_field_as_it_was(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        here.type("c", "o", "n", "f1", "a", "x", "escape", "e", "enter")
        await here.settle()
        assert here.item.comment == "one"
        assert here.written() == []


async def test_a_decision_typed_before_its_task_was_painted_is_dropped(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, "Two.", "Three.") as here:
        read = time.monotonic()
        await here.press("a", "right", "1")
        # The frame of the second task was written after these keys had been read.
        here.engine.painted(here.item, time.monotonic(), with_suggestions=True)
        for key in ("a", "x", "space"):
            early = key_event(key)
            early.time = read
            here.app.post_message(early)
            await here.settle()
            assert here.answers() == ["accept"]
            assert "not on screen yet" in here.status
        assert here.item.position == 1
        await here.press("x")
        assert here.answers() == ["accept", "reject"]


@pytest.mark.parametrize("key", ["a", "x", "space", "enter", "ctrl+x", "ctrl+k"])
async def test_one_key_press_never_decides_two_tasks(tmp_path: Path, key: str) -> None:
    async with sitting(tmp_path, *"abcd") as here:
        await here.press(key)
        assert len(here.written()) == 1
        assert here.item.position == 1


async def test_keys_are_counted_those_in_fields_too(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, "Two.") as here:
        await here.press("right", "1", "c")
        await here.write("four")
        await here.press("enter", "a")
        assert here.written()[0]["_keys"] == 3 + len("four") + 2


@pytest.mark.parametrize(
    "typed", [("в", "ф"), ("δ", "α"), ("ג", "ש")], ids=["russian", "greek", "hebrew"]
)
async def test_keys_follow_their_place_on_other_layouts(
    tmp_path: Path, typed: tuple[str, str]
) -> None:
    delete, accept = typed
    async with sitting(tmp_path, TEXT, "Two.", answers=finding(("Angela", "PER"))) as here:
        assert here.spans == [("Angela", "PER")]
        await here.press(delete)
        assert here.spans == []
        await here.press(accept)
        assert here.answers() == ["accept"]


async def test_in_a_field_letters_of_other_layouts_are_letters(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, "Two.") as here:
        await here.press("с")  # the Cyrillic one, on the key of c
        await here.write("фыва")
        await here.press("enter")
        assert here.item.comment == "фыва"
        assert here.written() == []


async def test_azerty_labels_without_shift(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, keyboard="azerty") as here:
        await here.press("&", "right", "é")
        assert here.spans == [("Angela", "PER"), ("Merkel", "ORG")]


async def test_keys_from_the_config_are_taken_and_shown(tmp_path: Path) -> None:
    keys = {"accept": ["y"], "help": ["H", "f1"]}
    async with sitting(tmp_path, TEXT, "Two.", user_keys=keys) as here:
        assert "H help" in here.bar
        await here.press("a")
        assert here.written() == []
        await here.press("y")
        assert here.answers() == ["accept"]


async def test_a_key_without_meaning_does_nothing(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        before = here.screen()
        for key in ("y", "ctrl+b", "f3", "9", "漢", "ctrl+c", "ctrl+z", "ctrl+s"):
            await here.press(key)
            assert here.spans == []
            assert here.written() == []
        await here.press("escape")
        assert here.screen() == before
