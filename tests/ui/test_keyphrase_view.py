"""Keyphrases on the screen: ranks under the text, and the list beside or under it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.ui.harness import Sitting, Task, sitting
from tui_annotate.editors.spans.keyphrases import PhraseEditor
from tui_annotate.suggest.messages import Document
from tui_annotate.suggest.suggestion import Suggestion

K = "KEYPHRASE"
TEXT = "Sensor networks measure soil moisture. A sensor network sleeps; soil moisture maps help."
FOUND = (
    ("Sensor networks", 0.5, "sensor network"),
    ("soil moisture", 0.9, "soil moisture"),
    ("soil moisture maps", 0.7, "soil moisture map"),
)


def answers(document: Document) -> Sequence[Suggestion]:
    text = document.text
    return [
        Suggestion(text.index(words), text.index(words) + len(words), K, "model", score, lemma)
        for words, score, lemma in FOUND
        if words in text
    ]


def desk(folder: Path, *tasks: Task, max_phrases: int | None = None, **options: Any) -> Any:
    labels = options.pop("labels", (K,))
    view = {"view": "keyphrases", "max_phrases": max_phrases, "overlap": True}
    return sitting(
        folder,
        *(tasks or (TEXT,)),
        **{"answers": answers, "labels": labels, "options": view, **options},
    )


def editor_of(here: Sitting) -> PhraseEditor:
    found = here.item.editor
    assert isinstance(found, PhraseEditor)
    return found


@pytest.mark.parametrize("width", [80, 120])
async def test_the_list_stands_by_rank_and_the_ranks_under_the_text(
    tmp_path: Path, width: int
) -> None:
    async with desk(tmp_path, size=(width, 24)) as here:
        assert "3 phrases" in here.screen()
        rows = [
            here.find(f"{rank}  {words}")[0]
            for rank, words in (
                (1, "soil moisture"),
                (2, "soil moisture maps"),
                (3, "Sensor networks"),
            )
        ]
        assert rows == sorted(rows)
        row, column = here.find("Sensor networks measure")
        assert here.lines()[row + 1][column] == "3"
        below = here.find("1  soil moisture")[0] > row + 6
        assert below == (width < 100)


async def test_phrases_to_check_are_counted_down(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        assert "3 phrases, 3 to check" in here.screen()
        await here.press("tab", "d")
        assert "2 phrases, 1 to check" in here.screen()
        await here.press("u")
        assert "3 phrases, 2 to check" in here.screen()


async def test_a_rank_changes_everywhere_and_only_what_changed_is_painted(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.press("tab")
        await here.go("Sensor")
        for key in ("{", "shift+up", "p", "P", "}", "*", "u", "u", "ctrl+r", "D"):
            await here.press(key)
            here.assert_painted(key)
            row, column = here.find("Sensor networks measure")
            phrases = editor_of(here).phrases
            for rank, phrase in enumerate(phrases, start=1):
                if phrase.words == "sensor networks":
                    assert here.lines()[row + 1][column] == str(rank), key


async def test_a_resize_moves_the_list(tmp_path: Path) -> None:
    async with desk(tmp_path, size=(80, 24)) as here:
        await here.resize(120, 30)
        here.assert_painted("wider")
        assert here.find("1  soil moisture")[1] > 60
        await here.resize(60, 15)
        here.assert_painted("smaller")
        assert here.find("›  3  Sensor networks")[1] < 10
        await here.resize(80, 24)
        here.assert_painted("larger")
        assert here.find("1  soil moisture")[1] < 10


async def test_the_limit_is_said(tmp_path: Path) -> None:
    async with desk(tmp_path, max_phrases=2) as here:
        assert "2 phrases of at most 2" in here.screen()
        await here.go("help")
        await here.press("1")
        assert "replaced" in here.status
        assert "2 phrases of at most 2" in here.screen()
        await here.go("moisture")
        await here.press("tab", "tab")
        await here.go("maps help")
        await here.press("v", "right", "1")
        assert "all 2 phrases are chosen" in here.status
        assert len(editor_of(here).phrases) == 2


async def test_several_kinds_of_phrases_are_named(tmp_path: Path) -> None:
    async with desk(tmp_path, labels=(K, "TASK")) as here:
        await here.go("help")
        await here.press("2")
        row, column = here.find("help.")
        assert "TASK" in here.screen()
        assert here.lines()[row + 1][column] == "4"


async def test_what_is_decided_is_written_by_rank_and_comes_back(tmp_path: Path) -> None:
    async with desk(tmp_path, TEXT, "Another one.") as here:
        await here.go("Sensor")
        await here.press("{", "{", "*", "a")
        await here.saved()
        line = here.written()[0]
        assert line["_view_id"] == "spans_manual"
        assert [one["lemma"] for one in line["keyphrases"]] == [
            "sensor network",
            "soil moisture",
            "soil moisture map",
        ]
        assert line["keyphrases"][0]["count"] == 2
        assert [span["rank"] for span in line["spans"]] == [1, 2, 1, 3]
        await here.press("backspace")
        assert here.find("1  Sensor networks")
        assert editor_of(here).fields()["keyphrases"] == line["keyphrases"]


@pytest.mark.parametrize("depth", ["mono", "16"])
async def test_without_colours_the_phrase_under_the_cursor_is_marked(
    tmp_path: Path, depth: Any
) -> None:
    async with desk(tmp_path, depth=depth) as here:
        await here.go("soil")
        assert here.find("›  1  soil moisture?")
        assert "rank 1 of 3" in here.status


async def test_phrases_that_came_without_their_places_are_found_in_the_text(
    tmp_path: Path,
) -> None:
    came = ["soil moisture maps", {"text": "Sensor Networks"}, "not there", 7, ""]
    async with desk(tmp_path, {"text": TEXT, "keyphrases": came}, answers=None) as here:
        assert here.find("1  soil moisture maps")
        assert here.find("2  Sensor networks")
        assert "2 phrases" in here.screen()
