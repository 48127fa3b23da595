"""Every action of the key table does what it says, by each of its keys and by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ui.harness import Sitting, finding, sitting
from tui_annotate.keymap.keymap import table
from tui_annotate.ui.screens.picker import Picker
from tui_annotate.ui.screens.prompt import Prompt
from tui_annotate.ui.screens.reading import Reading

TEXT = "\n".join(
    [
        "Angela Merkel met Siemens in Berlin on Monday. Later Merkel left Berlin.",
        "The company said nothing.",
        *(f"Here is line {number} of the text." for number in range(3, 30)),
    ]
)
TEN = ("PER", "ORG", "GPE", "DATE", "EVENT", "LAW", "WORK", "TIME", "MONEY", "LANGUAGE")

Press = Callable[[], Awaitable[None]]
Check = Callable[[Sitting, Press], Awaitable[None]]

CHECKS: dict[str, Check] = {}
OPTIONS: dict[str, dict[str, Any]] = {}


def check(*names: str, **options: Any) -> Callable[[Check], Check]:
    """Register what shows that an action does what it says."""

    def register(function: Check) -> Check:
        for name in names:
            assert name not in CHECKS
            CHECKS[name] = function
            OPTIONS[name] = options
        return function

    return register


# ── everywhere ─────────────────────────────────────────────────────────────


@check("accept")
async def accept(here: Sitting, press: Press) -> None:
    await press()
    assert here.answers() == ["accept", "accept"]
    assert here.item.position == 2


@check("reject")
async def reject(here: Sitting, press: Press) -> None:
    await press()
    assert here.answers() == ["accept", "reject"]
    assert here.item.position == 2


@check("ignore")
async def ignore(here: Sitting, press: Press) -> None:
    await press()
    assert here.answers() == ["accept", "ignore"]
    assert here.item.position == 2


@check("back")
async def back(here: Sitting, press: Press) -> None:
    await press()
    assert here.item.position == 0
    assert "accepted" in here.top
    assert here.answers() == ["accept"]


@check("previous")
async def previous(here: Sitting, press: Press) -> None:
    await press()
    assert here.item.position == 0
    assert here.answers() == ["accept"]


@check("next")
async def following(here: Sitting, press: Press) -> None:
    await press()
    assert here.item.position == 2
    assert here.answers() == ["accept"]


@check("next_undecided")
async def next_undecided(here: Sitting, press: Press) -> None:
    await here.press("[")
    await press()
    assert here.item.position == 1
    assert here.answers() == ["accept"]


@check("undo")
async def undo(here: Sitting, press: Press) -> None:
    await here.press("1", "right", "2")
    await press()
    assert here.spans == [("Angela", "PER")]


@check("redo")
async def redo(here: Sitting, press: Press) -> None:
    await here.press("1", "u")
    assert here.spans == []
    await press()
    assert here.spans == [("Angela", "PER")]


@check("flag")
async def flag(here: Sitting, press: Press) -> None:
    await press()
    assert "flagged" in here.top
    await here.press("a")
    assert here.written()[-1]["flagged"] is True


@check("comment")
async def comment(here: Sitting, press: Press) -> None:
    await press()
    await here.write("odd")
    await here.press("enter", "a")
    assert here.written()[-1]["comment"] == "odd"


@check("guidelines", guidelines="# What to mark\n\nPeople have names.")
async def guidelines(here: Sitting, press: Press) -> None:
    await press()
    assert isinstance(here.app.screen, Reading)
    assert "People have names." in here.screen()


@check("help")
async def show_help(here: Sitting, press: Press) -> None:
    await press()
    assert isinstance(here.app.screen, Reading)
    assert "accept as shown, next" in here.screen()


@check("label_by_name")
async def label_by_name(here: Sitting, press: Press) -> None:
    await press()
    assert isinstance(here.app.screen, Picker)
    await here.write("mone")
    await here.press("enter")
    assert here.spans == [("Angela", "MONEY")]


@check("goto")
async def goto(here: Sitting, press: Press) -> None:
    await press()
    await here.write("3")
    await here.press("enter")
    await here.until(lambda: here.item.position == 2)


@check("yes")
async def say_yes(here: Sitting, press: Press) -> None:
    await press()
    assert here.status.endswith("there is nothing to say yes to")


@check("waive", answers=None, correct=True)
async def waive(here: Sitting, press: Press) -> None:
    await here.press("a")
    assert here.answers() == ["accept"]
    await press()
    await here.press("a")
    assert here.answers() == ["accept", "accept"]


@check("compact")
async def compact(here: Sitting, press: Press) -> None:
    assert here.find("The company")[0] - here.find("Angela")[0] == 2
    await press()
    assert here.find("The company")[0] - here.find("Angela")[0] == 1


@check("dark")
async def dark(here: Sitting, press: Press) -> None:
    await here.press("1", "right")
    before = here.style_of("Angela")
    await press()
    after = here.style_of("Angela")
    assert before.bgcolor != after.bgcolor
    assert here.app.theme == "ansi-light"


@check("palette")
async def palette(here: Sitting, press: Press) -> None:
    await press()
    assert isinstance(here.app.screen, Picker)
    await here.write("flag:")
    await here.press("enter")
    assert here.item.flagged


@check("quit")
async def leave(here: Sitting, press: Press) -> None:
    await press()
    await here.until(lambda: here.process.closed)


# ── moving ─────────────────────────────────────────────────────────────────


@check("left")
async def left(here: Sitting, press: Press) -> None:
    await here.go("met")
    await press()
    assert here.under == "Merkel"


@check("right")
async def right(here: Sitting, press: Press) -> None:
    await press()
    assert here.under == "Merkel"


@check("up")
async def up(here: Sitting, press: Press) -> None:
    await here.go("said")
    await press()
    assert here.under == "Merkel"


@check("down")
async def down(here: Sitting, press: Press) -> None:
    await here.go("Monday")
    await press()
    assert here.under == "."
    assert here.editor.caret.offset == TEXT.index("nothing.") + 7


@check("left_sentence")
async def left_sentence(here: Sitting, press: Press) -> None:
    await here.go("left")
    await press()
    assert here.under == "Later"
    await press()
    assert here.under == "Angela"


@check("right_sentence")
async def right_sentence(here: Sitting, press: Press) -> None:
    await press()
    assert here.under == "Later"


@check("line_start")
async def line_start(here: Sitting, press: Press) -> None:
    await here.go("said")
    await press()
    assert here.under == "The"


@check("line_end")
async def line_end(here: Sitting, press: Press) -> None:
    await here.go("said")
    await press()
    assert here.editor.caret.offset == TEXT.index(".", TEXT.index("nothing"))


@check("first")
async def first(here: Sitting, press: Press) -> None:
    await here.go("line 20")
    await press()
    assert here.editor.caret.offset == 0
    assert "Angela" in here.screen()


@check("last")
async def last(here: Sitting, press: Press) -> None:
    await press()
    assert here.editor.caret.offset == len(TEXT) - 1
    assert "line 29" in here.screen()


@check("page_down")
async def page_down(here: Sitting, press: Press) -> None:
    await press()
    assert here.editor.caret.offset > TEXT.index("line 5")
    here.find(TEXT[here.editor.caret.offset :].partition("\n")[0])


@check("page_up")
async def page_up(here: Sitting, press: Press) -> None:
    await here.go("line 29")
    before = here.editor.caret.offset
    await press()
    assert TEXT.index("line 15") < here.editor.caret.offset < before - 100


@check("extend_right")
async def extend_right(here: Sitting, press: Press) -> None:
    await press()
    assert here.selected == "Angela Merkel"
    await press()
    assert here.selected == "Angela Merkel met"


@check("extend_left")
async def extend_left(here: Sitting, press: Press) -> None:
    await here.go("met")
    await press()
    assert here.selected == "Merkel met"


@check("select")
async def select(here: Sitting, press: Press) -> None:
    await press()
    await here.press("right", "right")
    assert here.selected == "Angela Merkel met"
    await press()
    assert here.selected is None


@check("jump")
async def jump(here: Sitting, press: Press) -> None:
    await press()
    view: Any = here.app.annotation.view
    hint = next(hint for hint, at in view.hints.items() if at == TEXT.index("Siemens"))
    await here.press(*hint)
    assert here.under == "Siemens"


@check("search")
async def search(here: Sitting, press: Press) -> None:
    await press()
    assert isinstance(here.app.screen, Prompt)
    await here.write("berlin")
    await here.press("enter")
    assert here.under == "Berlin"


@check("search_next")
async def search_next(here: Sitting, press: Press) -> None:
    await here.press("/")
    await here.write("berlin")
    await here.press("enter")
    await press()
    assert here.editor.caret.offset == TEXT.rindex("Berlin")


@check("search_previous")
async def search_previous(here: Sitting, press: Press) -> None:
    await here.press("/")
    await here.write("merkel")
    await here.press("enter", "n")
    await press()
    assert here.editor.caret.offset == TEXT.index("Merkel")


@check("characters")
async def characters(here: Sitting, press: Press) -> None:
    await press()
    assert here.under == "A"
    await press()
    assert here.under == "Angela"


@check("escape")
async def escape(here: Sitting, press: Press) -> None:
    await here.press("shift+right")
    await press()
    assert here.selected is None


# ── spans ──────────────────────────────────────────────────────────────────


def label_check(number: int) -> Check:
    async def label(here: Sitting, press: Press) -> None:
        await press()
        assert here.spans == [("Angela", TEN[number - 1])]
        await press()
        assert here.spans == []

    return label


for _number in range(1, 11):
    check(f"label_{_number}")(label_check(_number))


@check("next_span", answers=finding(("Siemens", "ORG"), ("Monday", "DATE")))
async def next_span(here: Sitting, press: Press) -> None:
    await press()
    assert here.under == "Siemens"
    await press()
    assert here.under == "Monday"


@check("previous_span", answers=finding(("Siemens", "ORG"), ("Monday", "DATE")))
async def previous_span(here: Sitting, press: Press) -> None:
    await here.go("Later")
    await press()
    assert here.under == "Monday"
    await press()
    assert here.under == "Siemens"


@check("delete")
async def delete(here: Sitting, press: Press) -> None:
    await here.press("1")
    await press()
    assert here.spans == []


@check("grow")
async def grow(here: Sitting, press: Press) -> None:
    await here.press("1")
    await press()
    assert here.spans == [("Angela Merkel", "PER")]


@check("shrink")
async def shrink(here: Sitting, press: Press) -> None:
    await here.press("shift+right", "1")
    await press()
    assert here.spans == [("Angela", "PER")]


@check("grow_left")
async def grow_left(here: Sitting, press: Press) -> None:
    await here.press("right", "1")
    await press()
    assert here.spans == [("Angela Merkel", "PER")]


@check("shrink_left")
async def shrink_left(here: Sitting, press: Press) -> None:
    await here.press("shift+right", "1")
    await press()
    assert here.spans == [("Merkel", "PER")]


@check("repeat")
async def repeat(here: Sitting, press: Press) -> None:
    await here.press("3", "right")
    await press()
    assert here.spans == [("Angela", "GPE"), ("Merkel", "GPE")]


@check("label_all")
async def label_all(here: Sitting, press: Press) -> None:
    await here.go("Berlin")
    await here.press("3")
    await press()
    assert here.spans == [("Berlin", "GPE"), ("Berlin", "GPE")]
    assert "1 labelled GPE" in here.status
    await here.press("u")
    assert here.spans == [("Berlin", "GPE")]


@check("cycle", options={"overlap": True})
async def cycle(here: Sitting, press: Press) -> None:
    await here.press("shift+right", "1")
    await here.press("shift+right", "shift+right", "2")
    assert here.editor.active is not None
    before = here.editor.active.label
    await press()
    assert here.editor.active.label != before
    await press()
    assert here.editor.active.label == before


@check("sources", answers=finding(("Siemens", "ORG")))
async def sources(here: Sitting, press: Press) -> None:
    assert here.spans == [("Siemens", "ORG")]
    await press()
    assert isinstance(here.app.screen, Picker)
    await here.press("enter")
    assert here.spans == []
    assert here.process.switched == [("model", False)]


# ── all of them ────────────────────────────────────────────────────────────


async def check_does(folder: Path, name: str, press: Callable[[Sitting], Awaitable[None]]) -> None:
    options: dict[str, Any] = {"labels": TEN, **OPTIONS[name]}
    tasks = ["The first one.", TEXT, "The third one."]
    async with sitting(folder, *tasks, **options) as here:
        await here.press("ctrl+l", "a")
        assert here.answers() == ["accept"]
        assert here.item.position == 1
        await CHECKS[name](here, lambda: press(here))


def test_every_action_has_a_check() -> None:
    assert set(CHECKS) == {action.id for action in table("spans")}


@pytest.mark.parametrize(
    ("name", "key"), [(action.id, key) for action in table("spans") for key in action.keys]
)
async def test_each_key_does_what_the_table_says(tmp_path: Path, name: str, key: str) -> None:
    await check_does(tmp_path, name, lambda here: here.press(key))


async def test_each_action_is_in_the_palette(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, labels=TEN) as here:
        shown = {name for name, _, _ in here.app.annotation.controller.actions()}
        assert shown == {action.id for action in table("spans")}
        await here.press("ctrl+p", *["down"] * (len(table("spans")) - 1))
        assert f"  {table('spans')[-1].id}:" in here.screen()


IN_EVERY_PART = (
    "accept", "back", "comment", "help", "dark", "quit", "right", "page_down", "jump", "select",
    "label_2", "next_span", "grow", "cycle",
)  # fmt: skip


@pytest.mark.parametrize("name", IN_EVERY_PART)
async def test_actions_act_from_the_palette(tmp_path: Path, name: str) -> None:
    async def press(here: Sitting) -> None:
        await here.press("ctrl+p")
        await here.write(f"{name}:")
        await here.press("enter")

    await check_does(tmp_path, name, press)
