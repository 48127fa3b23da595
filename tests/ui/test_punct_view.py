"""The view of punctuation: the restored text, the bar, the rows that keep their words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.ui.harness import Answers, Sitting, Task, sitting
from tui_annotate.inventory.marks import BUILT_IN, DEFAULT, MarkSet
from tui_annotate.suggest.messages import Document
from tui_annotate.suggest.suggestion import Suggestion

TEXT = "well my friends we begin now it is late"


@asynccontextmanager
async def punctuating(
    folder: Path,
    *tasks: Task,
    marks: MarkSet = DEFAULT,
    classes: tuple[str, ...] = (),
    view: dict[str, Any] | None = None,
    **options: Any,
) -> AsyncIterator[Sitting]:
    """Sit down at a session of punctuation."""
    async with sitting(
        folder,
        *tasks,
        labels=(*marks.names, *classes),
        keys=marks.keys,
        options={"view": "punctuation", "marks": marks, "classes": classes, **(view or {})},
        **options,
    ) as here:
        yield here


async def test_the_text_is_shown_as_it_will_read_with_a_bar_in_the_gap(tmp_path: Path) -> None:
    async with punctuating(tmp_path, TEXT) as here:
        assert "   Well▕my friends we begin now it is late" in here.screen()
        await here.press("right", "right", ",")
        assert "   Well my friends,▕we begin" in here.screen()
        await here.press("right", "right", "right", ".")
        assert "   Well my friends, we begin now.▕It is late" in here.screen()
        assert here.bar.startswith(" , 1  ; 0  . 1")
        here.assert_painted("marks")


async def test_moving_moves_nothing_but_the_bar(tmp_path: Path) -> None:
    async with punctuating(tmp_path, TEXT) as here:
        await here.press("right")
        row = here.find("friends")
        await here.press("right", "right", "end")
        assert here.find("friends") == row
        assert "late▕" in here.screen()
        here.assert_painted("moves")


async def test_rows_keep_their_words_until_there_is_no_room(tmp_path: Path) -> None:
    text = " ".join(["abcde"] * 60)
    async with punctuating(tmp_path, text, size=(64, 15)) as here:
        rows = [len(line.replace("▕", " ").split()) for line in here.lines()[3:8]]
        await here.press(",", "right", "right", ",", "right", ",")
        assert [len(line.replace("▕", " ").split()) for line in here.lines()[3:8]] == rows
        for _ in range(6):
            await here.press("right", ",")
        here.assert_painted("a row that grew too long")
        assert max(len(line) for line in here.lines()[3:9]) <= 62
        shown = " ".join(here.lines()[3:12]).replace("▕", " ").split()
        assert [word.strip(",") for word in shown].count("abcde") + shown.count("Abcde,") == 60


async def test_the_caret_and_its_other_key_toggle_a_capital(tmp_path: Path) -> None:
    async with punctuating(tmp_path, "we met anna today") as here:
        await here.press("end", "left", "^")
        assert "met Anna" in here.screen()
        await here.press("shift+up")
        assert "met anna" in here.screen()


async def test_keys_of_marks_do_not_hide_what_they_cover(tmp_path: Path) -> None:
    async with punctuating(tmp_path, TEXT) as here:
        await here.press("f1")
        assert "ctrl+t" in here.screen()


async def test_a_latin_key_puts_the_mark_of_the_language(tmp_path: Path) -> None:
    async with punctuating(tmp_path, "mrhba kyf", marks=BUILT_IN["ar"]) as here:
        await here.press(",", "a")
        await here.saved()
        (line,) = here.written()
        assert line["punctuated"] == "Mrhba، kyf"
        assert line["_view_id"] == "punctuation"
        assert line["spans"][0]["label"] == "،"


async def test_classes_have_digits(tmp_path: Path) -> None:
    async with punctuating(tmp_path, TEXT, classes=("list", "clause")) as here:
        await here.press("1")
        assert "no mark here" in here.status
        await here.press(",", "2")
        assert "clause" in here.status
        await here.press("a")
        await here.saved()
        assert here.written()[0]["marks"] == [
            {
                "token": 0,
                "side": "after",
                "offset": 4,
                "mark": ",",
                "was": None,
                "label": "clause",
            }
        ]


def marks_at(*places: tuple[str, str]) -> Answers:
    """Answers that offer a mark after some words."""

    def answer(document: Document) -> list[Suggestion]:
        found = []
        for word, mark in places:
            start = document.text.index(word)
            found.append(Suggestion(start, start + len(word), mark, "model", 0.5))
        return found

    return answer


@pytest.mark.parametrize("depth", ["true", "16", "mono"])
async def test_suggestions_look_other_than_what_was_looked_at(tmp_path: Path, depth: Any) -> None:
    answers = marks_at(("friends", ","), ("now", "."))
    async with punctuating(tmp_path, TEXT, answers=answers, depth=depth, correct=True) as here:
        assert "Well my friends,▕we begin now. It is late" in here.screen()
        assert here.style_of("friends,", 7).underline
        assert "tab  2 to check" in here.status
        await here.press("tab")
        assert not here.style_of("friends,", 7).underline
        await here.press(".")
        assert "begin now.▕It is late" in here.screen()
        assert not here.style_of("now.", 3).underline
        await here.press(".")
        assert "begin now▕it is late" in here.screen()
        await here.press("u")
        assert "begin now.▕It is late" in here.screen()


async def test_marks_that_are_there_are_mended_and_reopened(tmp_path: Path) -> None:
    async with punctuating(tmp_path, "Well, it is late. Go!") as here:
        await here.press("d", "right", ",", "a")
        await here.saved()
        (line,) = here.written()
        assert line["punctuated"] == "Well it, is late. Go!"
        await here.press("backspace")
        assert "Well▕it, is late. Go!" in here.screen()
        await here.press(",", "a")
        await here.saved()
        assert here.written()[-1]["punctuated"] == "Well, it, is late. Go!"


async def test_hidden_marks_are_not_on_the_screen(tmp_path: Path) -> None:
    async with punctuating(tmp_path, "Well, it is. Go on!", view={"strip": True}) as here:
        assert "Well▕it is go on" in here.screen()
        await here.press(",", "end", "!")
        assert "Well, it is go on!▕" in here.screen()


@pytest.mark.parametrize("keys", [("s", "d"), ("s", "f", ",")])
async def test_jumping(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with punctuating(tmp_path, TEXT) as here:
        await here.press(*keys)
        here.assert_painted("a jump")
        assert "▕" in here.screen()


async def test_wide_and_right_to_left_text(tmp_path: Path) -> None:
    async with punctuating(tmp_path, "我来了你呢", "مرحبا كيف حالك", marks=BUILT_IN["zh"]) as here:
        await here.press("right", "right", ",")
        assert "我来了，你呢" in here.screen()
        here.assert_painted("wide marks")
        await here.press("]")
        await here.press("right", ".")
        here.assert_painted("right to left")
