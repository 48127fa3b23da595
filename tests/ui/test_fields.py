"""What opens over the desk: text fields, lists, pages."""

from __future__ import annotations

import string
from functools import partial
from pathlib import Path

import pytest

from tests.ui.harness import Sitting, finding, sitting
from tui_annotate.keymap.keymap import key_name, table
from tui_annotate.ui.screens.picker import Picker
from tui_annotate.ui.screens.prompt import Field, Prompt
from tui_annotate.ui.screens.reading import Reading

TEXT = "Angela Merkel met executives of Siemens in Berlin on Monday."
EDITING = {
    "ctrl+w": "",
    "ctrl+u": "",
    "ctrl+k": "keep",
    "ctrl+d": "keep",
    "ctrl+e": "keep",
}
"""What the field's own keys leave of ``keep`` with the caret at its end."""

CONTROLS = [f"ctrl+{letter}" for letter in string.ascii_lowercase]
FUNCTIONS = [f"f{number}" for number in range(1, 13)]
MOVES = [
    "up", "down", "pageup", "pagedown", "tab", "shift+tab", "insert",
    "ctrl+home", "ctrl+end", "ctrl+up", "ctrl+down", "shift+up", "shift+down",
]  # fmt: skip


def value(here: Sitting) -> str:
    return here.app.screen.query_one(Field).value


def nothing_happened(here: Sitting) -> bool:
    item = here.item
    return not here.written() and not item.flagged and item.position == 0 and here.spans == []


# ── the comment ────────────────────────────────────────────────────────────


# They have tests of their own, or are tab, enter and backspace.
OTHERS = {"ctrl+q", "f1", "ctrl+i", "ctrl+m", "ctrl+j", "ctrl+h"}


@pytest.mark.parametrize("keys", [CONTROLS, FUNCTIONS, MOVES], ids=["ctrl", "functions", "moves"])
async def test_in_a_field_no_key_does_anything_to_the_task(tmp_path: Path, keys: list[str]) -> None:
    async with sitting(tmp_path, TEXT, "Two.") as here:
        for key in keys:
            if key in OTHERS:
                continue
            await here.press("c", "ctrl+u")
            await here.write("keep")
            await here.press(key)
            assert isinstance(here.app.screen, Prompt), key
            assert value(here) == EDITING.get(key, "keep"), key
            assert nothing_happened(here), key
            # The field is still alive.
            await here.write("more")
            await here.press("enter")
            assert here.item.comment == EDITING.get(key, "keep") + "more", key
            assert here.editor.caret.offset == 0, key
            assert here.editor.caret.selection is None, key


async def test_in_a_field_every_printable_key_is_its_character(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, "Two.") as here:
        await here.press("c")
        written = "".join(chr(code) for code in range(33, 127)) + "фα漢 é"
        await here.write(written)
        assert value(here) == written
        assert nothing_happened(here)
        await here.press("enter", "a")
        assert here.written()[0]["comment"] == written


async def test_the_fields_own_keys_edit(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("c")
        here.type(*"one", "space", *"two", "home", "X", "right", "delete", "end", "backspace")
        here.type("ctrl+left", "Y", "left", "left", "shift+left", "Z", "enter")
        await here.settle()
        assert here.item.comment == "XoZ Ytw"


async def test_help_over_a_field_returns_to_the_field_with_its_text(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("c")
        await here.write("half a tho")
        await here.press("left", "f1")
        assert isinstance(here.app.screen, Reading)
        await here.press("escape")
        assert isinstance(here.app.screen, Prompt)
        assert value(here) == "half a tho"
        await here.write("X")
        assert value(here) == "half a thXo"
        await here.press("enter")
        assert here.item.comment == "half a thXo"


async def test_leaving_from_a_field_keeps_its_text_for_the_next_time(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("1", "c")
        await here.write("half a tho")
        await here.press("left", "left")
        await here.write("i")
        await here.press("left", "left")
        await here.press("ctrl+q")
        await here.until(lambda: here.process.closed)
    async with sitting(tmp_path, TEXT) as here:
        assert here.spans == [("Angela", "PER")]
        assert isinstance(here.app.screen, Prompt)
        assert value(here) == "half a tiho"
        await here.write("X")
        assert value(here) == "half a Xtiho"


async def test_escape_leaves_the_comment_as_it_was_and_an_empty_one_takes_it_off(
    tmp_path: Path,
) -> None:
    async with sitting(tmp_path, TEXT, "Two.") as here:
        await here.press("c")
        await here.write("one")
        await here.press("enter")
        assert "comment: one" in here.lines()[2]
        await here.press("c")
        assert value(here) == "one"
        await here.write(" two")
        await here.press("escape")
        assert here.item.comment == "one"
        await here.press("c", "ctrl+u", "enter")
        assert here.item.comment == ""
        assert here.lines()[2] == ""
        await here.press("a")
        assert "comment" not in here.written()[0]


# ── labels by name ─────────────────────────────────────────────────────────


async def test_labels_are_found_by_a_part_of_their_name(tmp_path: Path) -> None:
    labels = ("PERSON", "ORGANISATION", "PLACE", "WORK_OF_ART")
    async with sitting(tmp_path, TEXT, labels=labels) as here:
        await here.press(";")
        assert all(name in here.screen() for name in labels)
        assert "key 4" in here.lines()[here.find("WORK_OF_ART")[0]]
        await here.write("art")
        await here.press("enter")
        assert here.spans == [("Angela", "WORK_OF_ART")]


async def test_arrows_and_tab_move_over_the_list(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press(";", "down", "tab", "up", "enter")
        assert here.spans == [("Angela", "ORG")]


async def test_a_label_that_is_not_there_is_added_with_key_and_colour(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, "Two towns.") as here:
        await here.press(";")
        await here.write("EVENT")
        assert "add the label “EVENT”" in here.screen()
        await here.press("enter")
        assert here.spans == [("Angela", "EVENT")]
        assert "4 EVENT 1" in here.bar
        assert "EVENT is now one of the labels" in here.status
        await here.press("right")
        first = here.style_of("Angela")
        assert first.bgcolor is not None
        await here.press("4")
        assert here.spans[1] == ("Merkel", "EVENT")
        await here.press("a")
        # In the next task too.
        assert "4 EVENT 0" in here.bar
        await here.press("4", "right")
        assert here.spans == [("Two", "EVENT")]
        assert here.style_of("Two") == first
        await here.press("a")
        assert here.written()[1]["_labels"][-1] == "EVENT"
    async with sitting(tmp_path, TEXT, "Two towns.", "Three.") as here:
        # And in the next session.
        assert "4 EVENT 0" in here.bar
        await here.press("4", "right")
        assert here.spans == [("Three", "EVENT")]
        assert here.style_of("Three") == first


async def test_a_name_that_is_a_part_of_others_can_be_added(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, labels=("ORGAN", "ORGY")) as here:
        await here.press(";")
        await here.write("ORG")
        rows = [line for line in here.lines() if "ORG" in line]
        assert any("add the label “ORG”" in row for row in rows)
        await here.press("up", *["down"] * 10, "enter")
        assert here.spans == [("Angela", "ORG")]


async def test_leaving_the_list_labels_nothing(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press(";")
        await here.write("EVENT")
        await here.press("escape")
        assert here.spans == []
        assert "EVENT" not in here.bar


# ── goto, search ───────────────────────────────────────────────────────────


async def test_goto_by_number_text_or_hash(tmp_path: Path) -> None:
    texts = [f"Task about {name}." for name in ("apples", "pears", "plums")]
    async with sitting(tmp_path, *texts) as here:

        def at(position: int) -> bool:
            return bool(here.item.position == position)

        await here.press("]")
        wanted = here.item.task
        for query, position in [("3", 2), ("apples", 0), (wanted.id, 1), ("PLUMS", 2)]:
            await here.press("g")
            await here.write(query)
            await here.press("enter")
            await here.until(partial(at, position))
            await here.settle()
        await here.press("g")
        await here.write(str(wanted.input_hash))
        await here.press("enter")
        await here.until(partial(at, 1))
        await here.press("g")
        await here.write("cherries")
        await here.press("enter")
        await here.until(lambda: "no task has 'cherries'" in here.status)
        assert here.item.position == 1
        assert here.written() == []


async def test_search_says_so_where_nothing_is_found(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("/")
        await here.write("Paris")
        await here.press("enter")
        assert "'Paris' is not in this text" in here.status
        await here.press("/")
        await here.write("of Siemens")
        await here.press("enter")
        assert here.selected == "of Siemens"


# ── pages ──────────────────────────────────────────────────────────────────


async def test_the_help_holds_every_action_with_its_keys_and_the_labels(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, size=(100, 120)) as here:
        await here.press("?")
        shown = here.lines()
        for entry in table("spans"):
            if entry.id.startswith("label_") and entry.id[6:].isdigit():
                continue
            row = next(line for line in shown if line.rstrip().endswith(entry.does))
            assert row.split()[: len(entry.keys)], entry.id
            for key in entry.keys:
                assert key_name(key) in row, entry.id
        for number, name in enumerate(("PER", "ORG", "GPE"), 1):
            assert [str(number), name] in [line.split() for line in shown]


@pytest.mark.parametrize("key", ["escape", "q", "?", "enter", "f1"])
async def test_a_page_is_closed_by_any_of_its_keys_and_decides_nothing(
    tmp_path: Path, key: str
) -> None:
    async with sitting(tmp_path, TEXT, "Two.") as here:
        before = here.lines()
        await here.press("?", "down", "pagedown", "space", "end", "a", "x", "1")
        assert isinstance(here.app.screen, Reading)
        await here.press(key)
        assert here.lines() == before
        assert nothing_happened(here)


GUIDELINES = """# Names

Label all names.

## PER: people

Not titles.

## ORG

Firms, and the **press**.

### Doubts

Ask about shops.

## GPE

Towns with a mayor.
"""


async def test_the_guidelines_are_markdown(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, guidelines=GUIDELINES, size=(80, 60)) as here:
        await here.press("i")
        screen = here.screen()
        assert "Label all names." in screen
        assert "**" not in screen
        assert screen.index("Names") < screen.index("Not titles.") < screen.index("Firms")


async def test_the_guidelines_begin_with_the_section_of_the_label_under_the_cursor(
    tmp_path: Path,
) -> None:
    async with sitting(tmp_path, TEXT, guidelines=GUIDELINES, size=(80, 80)) as here:
        await here.go("Siemens")
        await here.press("2", "i")
        screen = here.screen()
        assert screen.index("Firms") < screen.index("Ask about shops.") < screen.index("Label all")
        assert "Towns" not in screen[: screen.index("Label all")]
        await here.press("escape", "1", "i")
        screen = here.screen()
        assert screen.index("Not titles.") < screen.index("Label all")


async def test_without_guidelines_it_says_how_to_give_some(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("i")
        assert "--guidelines" in here.status


# ── palette, sources ───────────────────────────────────────────────────────


async def test_the_palette_finds_actions_by_what_they_do(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("ctrl+p")
        assert isinstance(here.app.screen, Picker)
        await here.write("flag the task")
        assert "flag" in here.screen()
        await here.press("enter")
        assert here.item.flagged


async def test_the_palette_names_the_labels(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("ctrl+p")
        await here.write("label_2:")
        assert "label_2: ORG" in here.screen()
        assert "label_4" not in here.screen()
        await here.press("escape")
        assert nothing_happened(here)


async def test_sources_say_how_often_each_was_right_and_switch_off_and_on(
    tmp_path: Path,
) -> None:
    texts = [f"Siemens sold {n} trains to Berlin." for n in range(4)]
    found = finding(("Siemens", "ORG"), ("trains", "ORG"))
    async with sitting(tmp_path, *texts, answers=found) as here:
        for _ in range(2):
            await here.go("trains")
            await here.press("d", "a")
            await here.saved()
        await here.press("!")
        row = here.lines()[here.find("model")[0]]
        assert "on" in row
        assert "2 of the last 4 right" in row
        await here.press("enter")
        assert here.spans == []
        assert "model is off" in here.status
        await here.press("u")
        await here.press("!")
        assert "off" in here.lines()[here.find("model")[0]]
        await here.press("enter")
        assert "model is on" in here.status
        await here.settle()
        assert ("Siemens", "ORG") in here.spans


async def test_a_source_that_is_mostly_wrong_is_named_with_the_way_to_switch_it_off(
    tmp_path: Path,
) -> None:
    texts = [f"Siemens sold {n} trains to Berlin." for n in range(14)]
    async with sitting(tmp_path, *texts, answers=finding(("trains", "ORG"))) as here:
        for _ in range(12):
            await here.go("trains")
            await here.press("d", "a")
            await here.saved()
        assert "model ORG: 0 of" in here.status
        assert "! turn off" in here.status


HOSTILE = "EVIL\x1b]0;owned\x07\x9b2J\u202e"


@pytest.mark.parametrize("key", ["?", ";", "i", "g"])
async def test_no_page_sends_what_a_label_orders_a_terminal(tmp_path: Path, key: str) -> None:
    guidelines = f"# What to mark\n\n{HOSTILE} stands here."
    async with sitting(
        tmp_path, TEXT, labels=("PER", HOSTILE), guidelines=guidelines, size=(80, 100)
    ) as here:
        await here.press(key)
        if key == "?":
            await here.press("end")
        assert not set("\x1b\x07\x9b\u202e") & set(here.screen())
