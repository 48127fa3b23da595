"""Classes on the screen: options under or beside the text, keys, long texts, markup."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.ui.harness import Sitting, key_event, sitting
from tui_annotate.editors.choice.editor import ChoiceEditor
from tui_annotate.suggest.messages import Document, SuggesterSpec
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.ui.theme import Depth

FEW = ("delivery", "billing", "repair")
MANY = tuple(f"intent_{number:02}_of_many" for number in range(1, 78))
TEXT = "The brake squeals on the hill."
OTHER = "You charged me twice."
LONG = "\n".join(f"Row {number} of a long text." for number in range(1, 60))

WORDS = (SuggesterSpec("words", "words"),)
MODEL = (SuggesterSpec("categories", "shop"),)


def choices(labels: tuple[str, ...] = FEW, **options: Any) -> dict[str, Any]:
    return {
        "labels": labels,
        "suggesters": options.pop("suggesters", ()),
        "options": {"view": "choice", **options},
    }


def scores(**of_labels: float) -> Any:
    def answer(document: Document) -> list[Suggestion]:
        length = len(document.text)
        return [Suggestion(0, length, one, "shop", score) for one, score in of_labels.items()]

    return answer


def editor(here: Sitting) -> ChoiceEditor:
    found = here.item.editor
    assert isinstance(found, ChoiceEditor)
    return found


def row_of(here: Sitting, text: str) -> str:
    return here.lines()[here.find(text)[0]]


def body(here: Sitting) -> list[str]:
    """What stands between the second rule above and the last below."""
    return here.lines()[3:-3]


# ── one of several ─────────────────────────────────────────────────────────


async def test_a_key_decides_and_the_next_text_stands_there(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, OTHER, **choices()) as here:
        assert row_of(here, "repair").split() == ["3", "repair"]
        await here.press("3")
        await here.saved()
        here.find(OTHER)
        [line] = here.written()
        assert line["accept"] == ["repair"]
        assert line["options"] == [{"id": label, "text": label} for label in FEW]
        assert line["config"] == {"choice_style": "single"}
        assert (line["_view_id"], line["answer"]) == ("choice", "accept")
        assert "tokens" not in line
        assert "spans" not in line


async def test_enter_takes_what_is_marked_and_nothing_else(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, OTHER, **choices()) as here:
        await here.press("enter")
        assert "nothing chosen" in here.status
        await here.press("tab", "tab")
        assert "●" in row_of(here, "billing")
        await here.press("enter")
        await here.saved()
        assert here.written()[0]["accept"] == ["billing"]


async def test_space_skips_and_back_shows_what_was_chosen(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, OTHER, **choices()) as here:
        await here.press("1", "space", "backspace", "backspace")
        await here.saved()
        assert here.answers() == ["accept", "ignore"]
        here.find(TEXT)
        assert "●" in row_of(here, "delivery")
        await here.press("2")
        await here.saved()
        assert [line.get("accept") for line in here.written()] == [["delivery"], [], ["billing"]]


async def test_a_choice_typed_before_its_task_was_painted_is_taken_back(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, OTHER, **choices()) as here:
        read = time.monotonic()
        await here.press("1")
        here.engine.painted(here.item, time.monotonic(), with_suggestions=True)
        for key in ("2", "space", "enter"):
            early = key_event(key)
            early.time = read
            here.app.post_message(early)
            await here.settle()
            assert "not on screen yet" in here.status
        # Nothing looks chosen that nobody chose for this text.
        assert not editor(here).chosen
        assert "●" not in here.screen()
        assert here.answers() == ["accept"]
        await here.press("2")
        await here.saved()
        assert here.written()[1]["accept"] == ["billing"]


async def test_a_label_found_by_name_decides_and_a_new_one_is_added(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, OTHER, **choices()) as here:
        await here.press(";")
        await here.write("rep")
        await here.press("enter")
        await here.saved()
        assert here.written()[0]["accept"] == ["repair"]
        await here.press(";")
        await here.write("praise")
        await here.press("enter")
        await here.saved()
        assert here.written()[1]["accept"] == ["praise"]
        assert [option["id"] for option in here.written()[1]["options"]] == [*FEW, "praise"]


# ── any of several ─────────────────────────────────────────────────────────


async def test_several_are_toggled_and_accepted_at_once(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, **choices(multiple=True)) as here:
        assert "○" in row_of(here, "repair")
        await here.press("3", "1", "down", "space")
        assert "●" in row_of(here, "3 ● repair")
        assert "chosen: delivery, billing, repair" in here.bar
        await here.press("u", "a")
        await here.saved()
        assert here.written()[0]["accept"] == ["delivery", "repair"]
        assert here.written()[0]["config"] == {"choice_style": "multiple"}


async def test_what_an_option_implies_is_shown_as_such(tmp_path: Path) -> None:
    tree = ("topic", "topic/sport", "topic/sport/football", "art")
    async with sitting(tmp_path, TEXT, **choices(tree, multiple=True, implied=True)) as here:
        assert "      /sport" in row_of(here, "2 ○")
        await here.press("3")
        assert "◉" in row_of(here, "1 ◉")
        await here.press("a")
        await here.saved()
        assert here.written()[0]["accept"] == ["topic", "topic/sport", "topic/sport/football"]


# ── a question ─────────────────────────────────────────────────────────────


async def test_one_label_is_a_question_with_its_keys(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, OTHER, "third", **choices(("repair",))) as here:
        here.find("repair?")
        here.find("a yes")
        await here.press("a", "x", "space")
        await here.saved()
        assert here.answers() == ["accept", "reject", "ignore"]
        assert [line["label"] for line in here.written()] == ["repair"] * 3
        assert {line["_view_id"] for line in here.written()} == {"classification"}
        assert "accept" not in here.written()[0]


# ── many ───────────────────────────────────────────────────────────────────


async def test_the_digits_choose_from_the_likeliest_of_many(tmp_path: Path) -> None:
    answers = scores(intent_40_of_many=0.6, intent_77_of_many=0.3)
    many = choices(MANY, suggesters=MODEL)
    async with sitting(tmp_path, TEXT, OTHER, answers=answers, **many) as here:
        assert row_of(here, " 1   i").split()[1] == "intent_40_of_many"
        assert "0.60" in row_of(here, "intent_40")
        here.find("; type to find one of 77")
        await here.press("2")
        await here.saved()
        assert here.written()[0]["accept"] == ["intent_77_of_many"]
        assert len(here.written()[0]["options"]) == 77


async def test_the_ranking_learns_from_decisions(tmp_path: Path) -> None:
    tasks = ["brake squeals", "brake broken", "sky"]
    async with sitting(tmp_path, *tasks, **choices(MANY, suggesters=WORDS)) as here:
        await here.press(";")
        await here.write("intent_50")
        await here.press("enter")
        assert row_of(here, " 1   i").split()[1] == "intent_50_of_many"
        assert "●" not in here.screen()


async def test_names_and_bars_have_the_same_columns_for_every_task(tmp_path: Path) -> None:
    tasks = ["brake squeals", "brake broken"]
    async with sitting(tmp_path, *tasks, **choices(MANY, suggesters=WORDS)) as here:
        before = here.find("intent_0")
        await here.press("5")
        assert here.find("intent_0")[1] == before[1]


# ── suggestions ────────────────────────────────────────────────────────────


async def test_corrections_wait_and_enter_accepts_what_the_pipeline_says(tmp_path: Path) -> None:
    correct = choices(suggesters=MODEL, preselect=True)
    async with sitting(tmp_path, TEXT, answers=None, correct=True, **correct) as here:
        await here.press("3")
        assert "loading" in here.status
        assert not editor(here).chosen
        [document] = here.process.documents
        here.process.suggest(document, scores(repair=0.8, billing=0.2)(document))
        await here.settle()
        assert "?" in row_of(here, "● repair")
        await here.press("enter")
        await here.saved()
        [line] = here.written()
        assert line["accept"] == ["repair"]
        assert line["_suggested"][0]["source"] == "shop"
        assert line["_suggested"][0]["score"] == 0.8


# ── the text ───────────────────────────────────────────────────────────────


async def test_long_texts_scroll_and_the_options_stay(tmp_path: Path) -> None:
    async with sitting(tmp_path, LONG, **choices()) as here:
        here.find("Row 1 of")
        assert "page down more text" in here.bar
        before = here.find("delivery")
        await here.press("pagedown")
        assert "Row 1 of" not in here.screen()
        await here.press("end")
        here.find("Row 59 of")
        assert here.find("delivery") == before
        await here.press("home")
        here.find("Row 1 of")
        await here.press("shift+down", "shift+down")
        assert "Row 1 of" not in here.screen()
        await here.press("pageup", "1")
        await here.saved()
        assert here.written()[0]["text"] == LONG


async def test_markup_is_shown_as_plain_text_and_as_it_came(tmp_path: Path) -> None:
    came = "<p>The <b>brake</b> squeals.</p><script>alert(1)</script>"
    async with sitting(tmp_path, came, **choices()) as here:
        here.find("The brake squeals.")
        assert "alert" not in here.screen()
        await here.press("v")
        here.find("<p>The <b>brake</b> squeals.</p>")
        await here.press("v", "3")
        await here.saved()
        assert here.written()[0]["text"] == came
    async with (
        sitting(tmp_path / "other", TEXT, **choices())
        if False
        else sitting(tmp_path, came, TEXT, **choices(markup=True)) as here
    ):
        await here.press("v")
        assert "has no markup" in here.status


# ── sizes and colours ──────────────────────────────────────────────────────


async def test_what_is_looked_for_is_scrolled_to_and_stands_out(tmp_path: Path) -> None:
    async with sitting(tmp_path, LONG, TEXT, **choices()) as here:
        assert "Row 50 " not in here.screen()
        await here.press("/", "5", "0", "enter")
        assert here.style_of("50").reverse
        await here.press("/")
        await here.write("row 7")
        await here.press("enter")
        assert here.style_of("Row 7").reverse
        await here.press("/")
        await here.write("long")
        await here.press("enter", "n")
        before = here.screen()
        await here.press("n", "N")
        assert here.screen() == before
        await here.press("/", "z", "z", "enter")
        assert "is not in this text" in here.status


async def test_markup_stays_as_it_was_left(tmp_path: Path) -> None:
    task = {"text": "<p>A <b>bold</b> claim</p>"}
    async with sitting(tmp_path, task, **choices()) as here:
        assert "<b>" not in here.screen()
        await here.press("v")
        assert "<b>" in here.screen()
    async with sitting(tmp_path, task, **choices()) as here:
        assert "<b>" in here.screen()


async def test_options_stand_beside_the_text_where_there_is_room(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, size=(110, 24), **choices()) as here:
        row, column = here.find("delivery")
        assert here.find(TEXT)[0] == row
        assert column > 50
        await here.resize(80, 24)
        assert here.find("delivery")[0] > here.find(TEXT)[0] + 1
        await here.resize(110, 24)
        assert here.find("delivery") == (row, column)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (100, 15), (200, 60)])
@pytest.mark.parametrize("labels", [("repair",), FEW, MANY[:10], MANY])
@pytest.mark.parametrize("multiple", [False, True])
async def test_text_and_options_are_in_sight_at_every_size(
    tmp_path: Path, size: tuple[int, int], labels: tuple[str, ...], multiple: bool
) -> None:
    async with sitting(tmp_path, LONG, size=size, **choices(labels, multiple=multiple)) as here:
        here.find("Row 1 of")
        here.find(labels[0])
        for _ in range(len(labels)):
            await here.press("down")
        if multiple or len(labels) > 1:
            here.find(labels[-1])
        assert all(len(line) <= size[0] for line in here.lines())


@pytest.mark.parametrize("depth", ["true", "256", "16", "mono"])
async def test_without_colour_every_state_is_visible(tmp_path: Path, depth: Depth) -> None:
    task = {"text": TEXT, "scores": {"repair": 0.9, "billing": 0.1}}
    several = choices(multiple=True, preselect=True)
    async with sitting(tmp_path, task, depth=depth, **several) as here:
        assert "3 ● repair" in row_of(here, "repair")
        assert "?" in row_of(here, "repair")
        assert "›1 ○ delivery" in row_of(here, "delivery")
        assert "0.90" in row_of(here, "repair")


# ── what tasks bring ───────────────────────────────────────────────────────


async def test_hostile_names_and_texts_are_shown_harmlessly(tmp_path: Path) -> None:
    labels = ("\x1b[31mred", "[b]bold[/b]", "日本語" * 20)
    async with sitting(tmp_path, "a\x1b[2Jb", **choices(labels)) as here:
        screen = here.screen()
        assert "\x1b" not in screen
        assert "[b]bold[/b]" in screen
        await here.press("3")
        await here.saved()
        assert here.written()[0]["accept"] == [labels[2]]


async def test_a_draft_brings_choices_and_mark_back(tmp_path: Path) -> None:
    several = choices(multiple=True)
    async with sitting(tmp_path, TEXT, **several) as here:
        await here.press("3", "1")
    async with sitting(tmp_path, TEXT, **several) as here:
        assert "●" in row_of(here, "repair")
        assert "●" in row_of(here, "delivery")
        assert editor(here).here == "delivery"
        await here.press("u")
        assert "nothing to undo" in here.status


async def test_a_key_sends_few_bytes_worth_of_cells(tmp_path: Path) -> None:
    """Moving the mark draws two rows of options, and no row of the text."""
    async with sitting(tmp_path, LONG, **choices(multiple=True)) as here:
        drawn: list[int] = []
        text = here.app.annotation.view.text  # type: ignore[attr-defined]
        draw = text.render_line

        def counted(y: int) -> Any:
            drawn.append(y)
            return draw(y)

        text.render_line = counted
        await here.press("down")
        assert drawn == []
