"""Whole screens, as text; with UPDATE_SNAPSHOTS=1 in the environment they are written anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.ui.harness import Sitting, finding, sitting

SNAPSHOTS = Path(__file__).parent / "snapshots"
TEXT = (
    "Angela Merkel met executives of Siemens in Berlin on Monday to discuss the plant in "
    "Görlitz, where 900 jobs may go. The company said in Munich that nothing was decided.\n\n"
    "Shares in Siemens fell."
)
LABELS = ("PER", "ORG", "GPE", "DATE")
FOUND = finding(("Siemens", "ORG"), ("Berlin", "GPE"), ("Görlitz", "GPE"), ("Munich", "GPE"))
SIZES = [(80, 24), (100, 30)]


def check_as_before(here: Sitting, name: str) -> None:
    path = SNAPSHOTS / f"{name}-{here.app.size.width}x{here.app.size.height}.txt"
    screen = here.screen() + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(screen, encoding="utf-8")
    assert screen == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("size", SIZES)
async def test_spans(tmp_path: Path, size: tuple[int, int]) -> None:
    task = {"text": TEXT, "meta": {"source": "Reuters", "id": "n-17"}}
    async with sitting(tmp_path, task, "Two.", labels=LABELS, answers=FOUND, size=size) as here:
        await here.press("shift+right", "1", "tab", "tab")
        check_as_before(here, "spans")
        await here.press("s")
        check_as_before(here, "hints")


@pytest.mark.parametrize("size", SIZES)
async def test_overlapping_spans(tmp_path: Path, size: tuple[int, int]) -> None:
    text = "the University of California , Berkeley campus"
    async with sitting(
        tmp_path, text, "Two.", labels=LABELS, options={"overlap": True}, size=size, context=1
    ) as here:
        await here.go("University")
        await here.press(*["shift+right"] * 4, "2")
        here.editor.caret.select(text.index("California"), text.index("California") + 10)
        await here.press("3")
        check_as_before(here, "overlap")


@pytest.mark.parametrize("size", SIZES)
async def test_labels_by_name(tmp_path: Path, size: tuple[int, int]) -> None:
    async with sitting(tmp_path, TEXT, labels=LABELS, size=size) as here:
        await here.press(";")
        await here.write("DAT")
        check_as_before(here, "label-by-name")


@pytest.mark.parametrize("size", SIZES)
async def test_a_comment(tmp_path: Path, size: tuple[int, int]) -> None:
    async with sitting(tmp_path, TEXT, labels=LABELS, size=size) as here:
        await here.press("c")
        await here.write("Is this a firm?")
        check_as_before(here, "comment")


@pytest.mark.parametrize("size", [*SIZES, (60, 15)])
async def test_an_empty_source(tmp_path: Path, size: tuple[int, int]) -> None:
    async with sitting(tmp_path, labels=LABELS, size=size) as here:
        check_as_before(here, "empty")


async def test_too_small(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, labels=LABELS, size=(50, 10)) as here:
        check_as_before(here, "too-small")
