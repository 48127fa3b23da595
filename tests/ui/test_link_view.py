"""Linking on the screen: candidates under the document, reasons, search."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.ui.harness import finding, sitting
from tui_annotate.knowledge.base import KnowledgeBase
from tui_annotate.knowledge.building import build
from tui_annotate.knowledge.linker import Linker
from tui_annotate.knowledge.rows import Row
from tui_annotate.ui.theme import Depth

TEXT = "Emerson wrote in Boston. Emerson left Boston for a court."
ROWS = (
    Row("Q1", "Ralph Waldo Emerson", "American philosopher, essayist and poet", prior=9),
    Row("Q2", "Roy Stanley Emerson", "Australian tennis player", prior=3),
    Row("Q3", "Emerson Ferreira", "Brazilian footballer"),
    Row("B1", "Boston", "city in Massachusetts", prior=9),
    Row("B2", "Boston, Lincolnshire", "town in England", (("Boston", None),), prior=1),
    *(Row(f"N{n}", f"Somebody Else{n}", "nobody") for n in range(20)),
)


def mentions(text: str, *words: str) -> list[dict[str, Any]]:
    found = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            found.append({"start": at, "end": at + len(word), "label": "PER"})
            at = text.find(word, at + 1)
    return sorted(found, key=lambda span: span["start"])


TASK = {"text": TEXT, "spans": mentions(TEXT, "Emerson", "Boston")}


@pytest.fixture
def linking(tmp_path: Path) -> Mapping[str, Any]:
    path = tmp_path / "kb.sqlite"
    build(ROWS, path)
    return {"view": "linking", "knowledge": Linker(KnowledgeBase(path))}


def picks(lines: list[str]) -> list[str]:
    """The rows of candidates, from the second rule to the third."""
    rules = [number for number, row in enumerate(lines) if row.startswith("───")]
    return lines[rules[1] + 1 : rules[2]]


async def test_candidates_stand_under_the_document(
    tmp_path: Path, linking: Mapping[str, Any]
) -> None:
    async with sitting(tmp_path, TASK, options=linking) as here:
        rows = picks(here.lines())
        assert len(rows) == 6
        assert rows[0].split()[:4] == ["1", "Ralph", "Waldo", "Emerson"]
        assert "Q1" in rows[0]
        assert "search 25 entities" in here.bar
        assert "mention 1 of 4" in here.status
        await here.press("1", "1", "2", "2")
        assert "every mention is linked" in here.status
        await here.press("a")
        await here.saved()
        spans = here.written()[0]["spans"]
        # The second of each is offered what was chosen for the first: 2 is another one.
        assert [span["kb_id"] for span in spans] == ["Q1", "B1", "Q2", "B2"]
        assert here.written()[0]["_view_id"] == "entity_linking"


@pytest.mark.parametrize("size", [(80, 24), (60, 15), (120, 40)])
async def test_nothing_moves(
    tmp_path: Path, linking: Mapping[str, Any], size: tuple[int, int]
) -> None:
    async with sitting(tmp_path, TASK, options=linking, size=size) as here:
        row, _ = here.find("Emerson wrote")
        rules = [number for number, line in enumerate(here.lines()) if line.startswith("───")]
        for key in ("1", "0", "1", "right", "right", "shift+right", "1", "tab", "u", "u", "u"):
            await here.press(key)
            assert here.find("wrote")[0] == row
            now = [number for number, line in enumerate(here.lines()) if line.startswith("───")]
            assert now == rules
            here.assert_painted(key)
        assert len(picks(here.lines())) == {24: 6, 15: 3, 40: 9}[size[1]]


async def test_only_what_is_on_the_screen_can_be_chosen(
    tmp_path: Path, linking: Mapping[str, Any]
) -> None:
    text = "Somebody was here."
    task = {"text": text, "spans": mentions(text, "Somebody")}
    async with sitting(tmp_path, task, options=linking, size=(60, 15)) as here:
        await here.press("4")
        assert "candidate 4 is not on the screen" in here.status
        await here.resize(80, 40)
        await here.press("4")
        assert here.editor.fields()["spans"][0]["kb_id"] == "N3"


async def test_the_reasons_stand_where_the_candidates_stood(
    tmp_path: Path, linking: Mapping[str, Any]
) -> None:
    async with sitting(tmp_path, TASK, options=linking) as here:
        await here.press("0")
        rows = picks(here.lines())
        assert [row.split()[:2] for row in rows[:3]] == [
            ["1", "absent"],
            ["2", "ambiguous"],
            ["3", "not"],
        ]
        await here.press("escape")
        assert "Ralph" in picks(here.lines())[0]
        await here.press("0", "2", "shift+tab")
        assert "NIL ambiguous" in here.status
        assert "PER NIL: amb" in here.screen()


async def test_what_was_chosen_for_the_mention_in_another_task_is_marked(
    tmp_path: Path, linking: Mapping[str, Any]
) -> None:
    text = "So said Emerson."
    second = {"text": text, "spans": mentions(text, "Emerson")}
    async with sitting(tmp_path, TASK, second, options=linking) as here:
        await here.press("2", "*", "a")
        assert "2 mentions have no link: accept again" in here.status
        await here.press("a")
        first = picks(here.lines())[0]
        assert "Roy Stanley Emerson" in first
        assert first.endswith("again")
    again = Linker(KnowledgeBase(tmp_path / "kb.sqlite"))
    async with sitting(tmp_path, TASK, second, options={**linking, "knowledge": again}) as here:
        await here.settle()
        await here.press("left", "right")
        assert picks(here.lines())[0].endswith("again")


async def test_searching_as_one_types(tmp_path: Path, linking: Mapping[str, Any]) -> None:
    async with sitting(tmp_path, TASK, options=linking) as here:
        await here.press("/")
        assert "Link “Emerson” to" in here.screen()
        # With nothing typed yet, the candidates.
        assert "Ralph Waldo Emerson" in here.screen()
        await here.write("somebody else1")
        await here.press("down", "enter")
        assert here.editor.fields()["spans"][0]["kb_id"] == "N10"
        assert "mention 2 of 4" in here.status
        await here.press("/", "escape")
        assert "mention 2 of 4" in here.status
        await here.press("right", "/")
        assert "no mention here" in here.status


async def test_the_text_is_searched_with_f7(tmp_path: Path, linking: Mapping[str, Any]) -> None:
    async with sitting(tmp_path, TASK, options=linking) as here:
        await here.press("f7")
        await here.write("court")
        await here.press("enter")
        assert here.under == "court"
        assert picks(here.lines())[0] == ""


async def test_mentions_marked_by_hand(tmp_path: Path, linking: Mapping[str, Any]) -> None:
    async with sitting(tmp_path, TEXT, options=linking, answers=None) as here:
        assert "1 PER" in here.bar
        await here.press("tab")
        assert here.selected == "Emerson"
        await here.press("2", "1")
        assert here.spans == [("Emerson", "ORG")]
        assert here.editor.fields()["spans"][0]["kb_id"] == "Q1"


async def test_links_chosen_beforehand_are_marked_and_taken(
    tmp_path: Path, linking: Mapping[str, Any]
) -> None:
    found = finding(("Emerson", "PER"), ("Boston", "GPE"))
    options = {**linking, "prechoose": 0.6}
    async with sitting(tmp_path, TEXT, options=options, answers=found, correct=True) as here:
        await here.press("tab")
        assert picks(here.lines())[0].startswith(" 1 ? Boston")
        await here.press("a")
        await here.press("a")
        await here.saved()
        spans = here.written()[0]["spans"]
        assert [span.get("kb_id") for span in spans][1::2] == ["B1", "B1"]
        assert all(span["source"] == "model" for span in spans)


@pytest.mark.parametrize("depth", ["mono", "16"])
async def test_every_state_is_there_without_colour(
    tmp_path: Path, linking: Mapping[str, Any], depth: Depth
) -> None:
    options = {**linking, "prechoose": 0.5}
    text = "Boston is large. Boston is old."
    task = {"text": text, "spans": mentions(text, "Boston")}
    async with sitting(tmp_path, task, options=options, depth=depth) as here:
        assert picks(here.lines())[0].startswith(" 1 ? Boston")
        assert "B1?" in here.status
        await here.press("1", "shift+tab")
        assert picks(here.lines())[0].startswith(" 1 ● Boston")


async def test_hostile_names_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "kb.sqlite"
    build(
        [
            Row("\x1b]0;x\x07", "Evil \x1b[2J[red]name[/red]", "\u202edesc\x07 [bold]"),
            Row("E2", "Evil " + "漢字" * 40, "説明" * 60),
            Row("E3", "Evil e\u0301 👩‍👩‍👧", "a" * 500),
        ],
        path,
    )
    text = "Evil is here."
    task = {"text": text, "spans": mentions(text, "Evil")}
    options = {"view": "linking", "knowledge": Linker(KnowledgeBase(path))}
    async with sitting(tmp_path, task, options=options) as here:
        screen = here.screen()
        assert "\x1b" not in screen
        assert "\u202e" not in screen
        assert "[red]name" in screen
        assert all(strip.cell_length == 80 for strip in here.strips())
        await here.press("/")
        await here.write("evil")
        assert "\x1b" not in here.screen()
        assert "[red]name" in here.screen()
        await here.press("enter")
        assert here.editor.fields()["spans"][0]["kb_id"]


async def test_a_draft_comes_back_with_its_links(
    tmp_path: Path, linking: Mapping[str, Any]
) -> None:
    async with sitting(tmp_path, TASK, options=linking) as here:
        await here.press("1", "0", "2")
    async with sitting(tmp_path, TASK, options=linking) as here:
        spans = here.editor.fields()["spans"]
        assert [span.get("kb_id") for span in spans] == ["Q1", "NIL", None, None]
        assert spans[1]["nil"] == "ambiguous"
