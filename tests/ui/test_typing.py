"""Keys typed ahead, and keys of other layouts."""

from __future__ import annotations

from pathlib import Path

from tests.ui.harness import sitting

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


async def test_help_over_a_field_typed_ahead_leaves_the_field_as_it_was(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        here.type("c", "o", "n", "f1", "a", "x", "escape", "e", "enter")
        await here.settle()
        assert here.item.comment == "one"
        assert here.written() == []
