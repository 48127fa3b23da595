"""Hebrew in every view of text, on terminals that reorder and on those that do not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.ui.harness import Answers, Sitting, finding, sitting
from tui_annotate.inventory.marks import DEFAULT
from tui_annotate.inventory.tagset import UPOS
from tui_annotate.text.ordering import MARK, Order

TEXT = "דוד (David) גר בתל אביב, 12 שנים.\nHe is דוד too"
VIEWS: dict[str, dict[str, Any]] = {
    "spans": {"labels": ("איש", "GPE"), "options": {"overlap": True}},
    "keyphrases": {"labels": ("ביטוי", "GPE"), "options": {"view": "keyphrases"}},
    "tagging": {
        "labels": UPOS.names,
        "keys": UPOS.keys,
        "options": {"view": "tagging", "tagset": UPOS},
    },
    "punctuation": {
        "labels": DEFAULT.names,
        "keys": DEFAULT.keys,
        "options": {"view": "punctuation", "marks": DEFAULT},
        "suggesters": [],
    },
    "choice": {"labels": ("ספורט", "רפואה"), "options": {"view": "choice"}},
}


def turned(text: str) -> str:
    """What a terminal makes of a row that orders it by UAX #9."""
    bidi = pytest.importorskip("bidi")
    seen = str(bidi.get_display(text, base_dir="L"))
    assert seen == str(bidi.get_display(text))
    return seen.replace(MARK, "")


def shown(here: Sitting) -> list[str]:
    """The rows as a terminal that does not reorder shows them."""
    return [row.replace(MARK, "") for row in here.lines()]


def assert_alike(here: Sitting) -> None:
    """Every row looks alike on both kinds of terminals."""
    for row in here.lines():
        if not row.isascii():
            assert turned(row) == row.replace(MARK, "")


@pytest.mark.parametrize("order", ["letters", "off"])
@pytest.mark.parametrize("view", VIEWS)
async def test_both_kinds_of_terminals_show_the_same(
    tmp_path: Path, view: str, order: Order
) -> None:
    found: Answers = finding(("אביב", "GPE"), ("ספורט", "ספורט"))
    task = {"text": TEXT, "meta": {"מקור": "ויקיפדיה 12"}}
    async with sitting(tmp_path, task, order=order, answers=found, **VIEWS[view]) as here:
        assert_alike(here)
        for key in ("right", "tab", "1", "shift+right", "2", "f5", "escape", ";", "escape"):
            await here.press(key)
            assert_alike(here)
        here.assert_painted(view)


async def test_a_text_runs_to_the_left_and_labels_stand_under_their_words(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, labels=("PER", "GPE")) as here:
        await here.go("דוד")
        await here.press("1")
        await here.go("בתל")
        await here.press("shift+left", "2")
        rows = shown(here)
        y = next(at for at, row in enumerate(rows) if "David" in row)
        assert rows[y].endswith(".םינש 12 ,ביבא לתב רג (David) דוד")
        assert len(rows[y]) == here.app.size.width - 3
        columns = {rows[y].index(words): words for words in ("ביבא לתב", "דוד")}
        names = {found.start(): found.group() for found in re.finditer(r"\S+", rows[y + 1])}
        assert names.keys() == columns.keys()
        assert {len(name) for name in names.values()} == {len("ביבא לתב"), 3}
        # The line whose first letter is Latin runs to the right.
        assert "   He is דוד too".replace("דוד", "דוד"[::-1]) in rows
        here.assert_painted("labels")


async def test_the_arrow_to_the_left_leads_on_where_text_runs_there(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT) as here:
        await here.press("left", "left")
        assert here.under == "David"
        await here.press("right")
        assert here.under == "("
        await here.press("shift+left")
        assert here.selected == "(David"
        await here.go("is")
        await here.press("right")
        assert here.editor.caret.offset == TEXT.rindex("דוד")


async def test_the_arrows_keep_their_way_where_nothing_is_ordered(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, order="off") as here:
        await here.press("right", "right")
        assert here.under == "David"


async def test_hints_stand_over_the_first_letters_of_words(tmp_path: Path) -> None:
    async with sitting(tmp_path, "שלום לכולם היום") as here:
        await here.press("s")
        (row,) = (row for row in shown(here) if row.strip() and "היום"[::-1][:2] in row)
        # The nearest word has the first letter of the hints at its right end.
        assert row.split() == ["םויs", "םלוכa", "םולש"][0:3]


async def test_words_are_left_whole_to_terminals_that_turn_them(tmp_path: Path) -> None:
    async with sitting(tmp_path, "שלום לכולם", order="words") as here:
        assert any(row.endswith("לכולם שלום") for row in shown(here))


async def test_tags_stand_under_their_words(tmp_path: Path) -> None:
    options = VIEWS["tagging"]
    async with sitting(tmp_path, "דוד גר שם", **options) as here:
        await here.press("n", "v")
        words, tags = (row for row in shown(here)[3:-3] if row)
        assert words.split() == ["םש", "רג", "דוד"]
        assert tags.split() == ["·", "VERB", "NOUN"]
        assert [m.start() for m in re.finditer(r"\S+", words)] == [
            m.start() for m in re.finditer(r"\S+", tags)
        ]


async def test_the_bar_of_punctuation_stands_behind_its_word(tmp_path: Path) -> None:
    async with sitting(tmp_path, "דוד גר שם", **VIEWS["punctuation"]) as here:
        assert any(row.endswith("םש רג▕דוד") for row in shown(here))
        await here.press("left", ",")
        assert any(row.endswith("םש▕,רג דוד") for row in shown(here))
        await here.press("left")
        assert any(row.endswith("▕םש ,רג דוד") for row in shown(here))
        here.assert_painted("the end of the text")


@pytest.mark.parametrize("view", ["spans", "tagging"])
async def test_a_key_sends_what_it_changes_and_each_letter_with_its_mark(
    tmp_path: Path, view: str
) -> None:
    text = "דוד גר בתל אביב שנים רבות ואחר כך עבר לירושלים עם כל בני משפחתו"
    async with sitting(tmp_path, text, **VIEWS[view]) as here:
        for _ in range(4):
            await here.press("left")
            document = here.app.frames[-1].decode().partition("\x1b[22;")[0]
            letters = len(re.findall("[א-ת]", document))
            assert 0 < letters < 14
            assert len(re.findall(f"[א-ת]{MARK}", document)) == letters
            here.assert_painted("left")
