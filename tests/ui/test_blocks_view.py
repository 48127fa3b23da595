"""Several kinds of annotation on one task: its blocks on the screen, one after the other."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests.ui.harness import finding, key_event, sitting
from tui_annotate.inventory.tagset import read_tagset
from tui_annotate.knowledge.base import KnowledgeBase
from tui_annotate.knowledge.building import build
from tui_annotate.knowledge.linker import Linker
from tui_annotate.knowledge.rows import Row
from tui_annotate.recipe import Block
from tui_annotate.suggest.messages import Document, SuggesterSpec
from tui_annotate.suggest.suggestion import Suggestion

TEXT = "Angela Merkel met executives of Siemens in Berlin."
OTHER = "Siemens sold trains."
ENTITIES = Block(
    "spans",
    title="entities",
    labels=["PER", "ORG"],
    suggesters=[SuggesterSpec("entities", "model")],
)
CLASS = Block("choice", title="class", labels=["politics", "trade", "sport"])


def blocks(*of: Block, **options: Any) -> dict[str, Any]:
    return {
        "labels": (),
        "suggesters": (),
        "options": {"view": "blocks", "blocks": list(of or (ENTITIES, CLASS))},
        **options,
    }


async def test_entities_then_a_class_make_one_line(tmp_path: Path) -> None:
    answers = finding(("Siemens", "ORG"))
    async with sitting(tmp_path, TEXT, OTHER, answers=answers, **blocks()) as here:
        assert "1 of 2: entities" in here.status
        assert here.bar.split()[:6] == ["1", "PER", "0", "2", "ORG", "1"]
        await here.press("shift+right", "1", "enter")
        assert "2 of 2: class" in here.status
        assert here.answers() == []
        here.find("one of 3")
        await here.press("2")
        await here.saved()
        assert "1 of 2: entities" in here.status
        here.find(OTHER)
        here.assert_painted("the next task")
        [line] = here.written()
        assert [(span["start"], span["label"]) for span in line["spans"]] == [
            (0, "PER"),
            (32, "ORG"),
        ]
        assert len(line["tokens"]) == 9
        assert line["accept"] == ["trade"]
        assert [option["id"] for option in line["options"]] == list(CLASS.labels)
        assert (line["_view_id"], line["answer"]) == ("blocks", "accept")
        assert line["_labels"] == ["PER", "ORG", "politics", "trade", "sport"]
        assert [one["source"] for one in line["_suggested"]] == ["model"]


async def test_back_within_the_task_and_then_to_the_task_before(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, OTHER, **blocks()) as here:
        await here.press("1", "a")
        await here.press("b")
        assert "1 of 2: entities" in here.status
        assert "─" in here.screen()
        await here.press("b")
        assert "first block" in here.status
        await here.press("a", "1")
        await here.saved()
        await here.press("a", "backspace")
        assert "1 of 2: entities" in here.status
        here.find(OTHER)
        await here.press("backspace")
        here.find(TEXT)
        assert "You accepted this" in here.status
        # Reopened, all of it is there.
        await here.press("2", "a")
        here.find("● politics")
        await here.press("enter")
        await here.saved()
        last = here.written()[-1]
        assert [span["label"] for span in last["spans"]] == ["ORG"]
        assert last["accept"] == ["politics"]


async def test_reject_and_skip_decide_the_whole_task_in_any_block(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, OTHER, "Third.", **blocks()) as here:
        await here.press("x")
        await here.saved()
        await here.press("a", "space")
        await here.saved()
        await here.press("a", "x")
        await here.saved()
        assert here.answers() == ["reject", "ignore", "reject"]


async def test_each_block_has_its_own_keys_help_and_jumps(tmp_path: Path) -> None:
    first = Block("spans", labels=["PER", "ORG"], keys={"ORG": "o"})
    second = Block("choice", labels=["politics", "trade"], keys={"trade": "t"}, multiple=True)
    async with sitting(tmp_path, TEXT, size=(80, 60), **blocks(first, second)) as here:
        await here.press("o", "t")
        assert [span["label"] for span in here.item.editor.fields()["spans"]] == ["ORG"]
        await here.press("s")
        assert "type a hint" in here.status
        await here.press("escape", "a", "t")
        here.find("chosen: trade")
        await here.press("o")
        assert here.item.editor.fields()["accept"] == ["trade"]
        await here.press("?")
        assert "previous block of this task" in here.screen()
        assert "politics" in here.screen()
        assert "ORG" not in here.screen()


async def test_a_label_found_by_name_is_one_of_the_block_and_stays_there(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, OTHER, **blocks()) as here:
        await here.press("a", ";")
        assert "politics" in here.screen()
        assert "ORG" not in here.screen()
        await here.write("praise")
        await here.press("enter")
        await here.saved()
        assert here.written()[0]["accept"] == ["praise"]
        assert "praise" not in here.bar
        await here.press("a")
        here.find("praise")
    async with sitting(tmp_path, TEXT, OTHER, **blocks()) as here:
        assert "praise" not in here.bar
        await here.press("a")
        here.find("praise")


async def test_a_key_typed_before_the_block_was_painted_decides_nothing(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, **blocks()) as here:
        await here.press("a")
        read = time.monotonic()
        later = time.monotonic() + 1
        here.engine.painted(here.item, later, with_suggestions=True, at_stage=1)
        early = key_event("2")
        early.time = read
        here.app.post_message(early)
        await here.settle()
        assert "not on screen yet" in here.status
        assert here.item.editor.fields()["accept"] == []
        assert here.answers() == []


async def test_a_draft_keeps_the_block_one_was_at(tmp_path: Path) -> None:
    both = blocks(ENTITIES, CLASS.replace(multiple=True))
    async with sitting(tmp_path, TEXT, OTHER, **both) as here:
        await here.press("1", "a", "1", "3")
    async with sitting(tmp_path, TEXT, OTHER, **both) as here:
        assert "where you left" in here.status
        here.find("chosen: politics, sport")
        await here.press("u")
        here.find("chosen: politics, sport")
        await here.press("b")
        assert "1 of 2: entities" in here.status
        assert here.bar.split()[:3] == ["1", "PER", "1"]
        await here.press("a", "a")
        await here.saved()
        [line] = here.written()
        assert [span["label"] for span in line["spans"]] == ["PER"]
        assert line["accept"] == ["politics", "sport"]


async def test_decisions_wait_for_suggestions_in_the_first_block(tmp_path: Path) -> None:
    options = blocks(correct=True)
    async with sitting(tmp_path, TEXT, answers=None, **options) as here:
        await here.press("a")
        assert "suggestions are loading" in here.status
        here.process.suggest(
            here.process.documents[0], finding(("Merkel", "PER"))(here.process.documents[0])
        )
        await here.settle()
        await here.press("a", "3")
        await here.saved()
        [line] = here.written()
        assert [span["label"] for span in line["spans"]] == ["PER"]
        assert line["accept"] == ["sport"]


async def test_the_terminal_may_change_while_a_block_is_not_in_sight(tmp_path: Path) -> None:
    async with sitting(tmp_path, TEXT, **blocks()) as here:
        await here.press("a")
        await here.resize(60, 20)
        await here.press("b")
        here.find("Angela Merkel met executives of Siemens in Berlin.")
        here.assert_painted("a smaller terminal")
        await here.resize(110, 30)
        await here.press("right", "1", "a")
        here.assert_painted("a wide terminal")


async def test_suggestions_that_come_while_another_block_is_in_sight_are_there(
    tmp_path: Path,
) -> None:
    async with sitting(tmp_path, TEXT, answers=None, **blocks()) as here:
        await here.press("a")
        document = here.process.documents[0]
        here.process.suggest(document, finding(("Siemens", "ORG"))(document))
        await here.settle()
        assert "2 of 2: class" in here.status
        await here.press("b")
        assert here.bar.split()[3:6] == ["2", "ORG", "1"]
        assert "┄" in here.screen()
        here.assert_painted("going back")


async def test_any_kinds_go_together_in_any_order(tmp_path: Path) -> None:
    upos = read_tagset("upos")
    tags = Block("tagging", labels=upos.names, keys=upos.keys, tagset=upos)
    many = Block("choice", labels=[f"intent {number}" for number in range(1, 31)])
    async with sitting(tmp_path, OTHER, TEXT, size=(80, 30), **blocks(many, tags)) as here:
        assert "1 of 2: choice" in here.status
        await here.press("2")
        assert "2 of 2: tagging" in here.status
        here.assert_painted("the tags")
        await here.press("n")
        assert "NOUN" in here.screen()
        await here.press("backspace")
        here.find("● intent 2")
        await here.press("enter", "enter")
        await here.press("enter")
        await here.saved()
        [line] = here.written()
        assert line["accept"] == ["intent 2"]
        assert [span["label"] for span in line["spans"]] == ["NOUN"]


async def test_links_then_a_class(tmp_path: Path) -> None:
    rows = (
        Row("Q1", "Angela Merkel", "chancellor of Germany", prior=9),
        Row("Q2", "Siemens", "company in Munich"),
    )
    build(rows, tmp_path / "kb.sqlite")
    base = Linker(KnowledgeBase(tmp_path / "kb.sqlite"))
    links = Block("linking", title="links", labels=["PER", "ORG"], knowledge=base)
    mention = {"start": 0, "end": 13, "label": "PER"}
    task = {"text": TEXT, "spans": [mention], "options": [{"id": "Q1"}], "accept": []}
    async with sitting(tmp_path, task, OTHER, **blocks(links, CLASS)) as here:
        here.find("chancellor of Germany")
        await here.press("1")
        assert "every mention is linked" in here.status
        # The knowledge base is searched from within the block.
        await here.press("/")
        await here.write("siem")
        here.find("company in Munich")
        await here.press("escape", "a")
        here.assert_painted("the class")
        here.find("one of 3")
        await here.press("b")
        here.find("chancellor of Germany")
        here.assert_painted("back at the links")
        await here.press("a", "2")
        await here.saved()
        [line] = here.written()
        assert [span.get("kb_id") for span in line["spans"]] == ["Q1"]
        assert line["accept"] == ["trade"]
        assert [option["id"] for option in line["options"]] == list(CLASS.labels)
        # Reopened, both are there.
        await here.press("backspace", "right", "left")
        assert "Q1" in here.status
        await here.press("a")
        here.find("● trade")


async def test_keyphrases_then_a_class(tmp_path: Path) -> None:
    spec = SuggesterSpec("keyphrases", "phrases")
    phrases = Block(
        "keyphrases", title="phrases", labels=["KEYPHRASE"], suggesters=[spec], overlap=True
    )

    def answers(document: Document) -> list[Suggestion]:
        at = document.text.index("Siemens")
        return [Suggestion(at, at + 7, "KEYPHRASE", "phrases", 0.9, "siemens")]

    async with sitting(
        tmp_path, TEXT, OTHER, answers=answers, size=(100, 24), **blocks(phrases, CLASS)
    ) as here:
        here.find("1 phrase")
        await here.press("right", "right", "right", "1")
        here.find("2 phrases")
        await here.press("a")
        here.assert_painted("the class")
        await here.press("backspace")
        here.find("2 phrases")
        here.assert_painted("back at the phrases")
        await here.press("enter", "1")
        await here.saved()
        here.find("1 phrase")
        [line] = here.written()
        assert [one["text"] for one in line["keyphrases"]] == ["Siemens", "executives"]
        assert line["accept"] == ["politics"]
        assert [one["source"] for one in line["_suggested"]] == ["phrases"]
