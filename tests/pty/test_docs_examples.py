"""The examples of docs/: a CSV, recipes, a suggester, and what spaCy is trained with."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs import blocks, installed, page
from tests.pty.conftest import Desk, spans
from tests.pty.terminal import Terminal
from tui_annotate.cli.program import run

pytestmark = [pytest.mark.pty, pytest.mark.slow]

DONE = "All tasks are decided."
TEXTS = ("Petra Osei opened the tram line in Lyndale.", "Nordlys Bank named Henrik Dahl.")


def typed(desk: Desk, line: str, **terminal: object) -> Terminal:
    """Start what a command line of the docs starts."""
    program, *arguments = shlex.split(line)
    assert program == "tui-annotate"
    command = [sys.executable, "-m", "tui_annotate", *arguments, "--annotator", "ann"]
    return desk.run(command, **terminal)


def decided(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_entities_are_labelled_in_a_csv(desk: Desk) -> None:
    part = page("sources.md").partition("## Label entities in a CSV")[2].partition("\n## ")[0]
    (table,) = blocks(part, "csv")
    (desk.folder / "reviews.csv").write_text(table, encoding="utf-8")
    terminal = typed(desk, blocks(part, "sh")[0])
    terminal.wait_for("Petra Osei opened").settle().press("tab", "1", "a")
    terminal.wait_for("Nordlys Bank named").settle().press("a").wait_for(DONE)
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    first, second = decided(desk.folder / "reviews.ner.manual.jsonl")
    assert first["meta"] == {"id": "17", "stars": "5"}
    assert spans(first) == [("Petra Osei", "PERSON")]
    assert second["meta"] == {"id": "18", "stars": "3"}
    with_pipeline, column = blocks(part, "sh")[1:]
    assert "ner.correct" in with_pipeline
    assert "--text-column review" in column


def suggested(label: str) -> Callable[[Terminal], object]:
    """Whether a label is shown as suggested."""
    return lambda terminal: re.search(rf"{label}┄*\?", terminal.text)


def test_spacy_is_trained_with_what_was_decided(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.output = desk.folder / "news.ner.jsonl"
    desk.source(*TEXTS)
    terminal = desk.start(labels="PERSON,ORG")
    terminal.wait_for("Petra Osei opened").settle().press("tab", "1", "a")
    terminal.wait_for("Nordlys Bank named").settle().press("tab", "2", "x").wait_for(DONE)
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    monkeypatch.chdir(desk.folder)
    line = blocks(page("formats.md"), "sh")[0].splitlines()[0]
    assert run(shlex.split(line)[1:]) == 0
    import spacy
    from spacy.tokens import DocBin

    (doc,) = DocBin().from_disk("news.spacy").get_docs(spacy.blank("en").vocab)
    assert doc.text == TEXTS[0]
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Petra Osei", "PERSON")]


def written(desk: Desk, recipe: str) -> None:
    """Write the recipe of a name that the docs show to where it is found."""
    (code,) = (one for one in blocks(page("recipes.md"), "python") if f'@recipe("{recipe}")' in one)
    (desk.folder / "recipes").mkdir()
    (desk.folder / "recipes" / "example.py").write_text(code, encoding="utf-8")


def test_a_recipe_is_a_command(desk: Desk) -> None:
    written(desk, "places")
    desk.source(*TEXTS, name="news.jsonl")
    (desk.folder / "gazetteer.jsonl").write_text('{"label": "TOWN", "pattern": "Lyndale"}\n')
    lines = "\n".join(blocks(page("recipes.md"), "sh")).splitlines()
    (line,) = [one for one in lines if one.startswith("tui-annotate places news")]
    terminal = typed(desk, line)
    terminal.wait_for("Lyndale").wait_for(suggested("TOWN")).press("a")
    terminal.wait_for("Nordlys Bank named").press("q")
    assert terminal.wait_for_end() == 0
    (first,) = decided(desk.folder / "news.places.jsonl")
    assert spans(first) == [("Lyndale", "TOWN")]
    assert first["_labels"] == ["TOWN", "RIVER", "ROAD"]


def test_a_recipe_asks_several_things_of_a_task(desk: Desk) -> None:
    written(desk, "entities.and.class")
    desk.source(*TEXTS)
    terminal = desk.start(
        "source.jsonl", "--classes", "politics,business",
        recipe="entities.and.class", labels="PERSON,ORG",
    )  # fmt: skip
    terminal.wait_for("Petra Osei opened").settle().press("tab", "1", "a").wait_for(
        "politics"
    ).settle()
    terminal.press("2").settle().press("enter").wait_for("Nordlys Bank named").press("q")
    assert terminal.wait_for_end() == 0
    (line,) = desk.decisions()
    assert spans(line) == [("Petra Osei", "PERSON")]
    assert line["accept"] == ["business"]


def test_a_recipe_chooses_changes_and_orders_its_tasks(desk: Desk) -> None:
    written(desk, "orders")
    desk.source("A lamp, € 20.", "Two lamps and a chair, € 90.", "A lamp?")
    terminal = desk.start("source.jsonl", "--first", "1", recipe="orders", labels=None)
    terminal.wait_for("Two lamps").settle().press("a").wait_for(DONE).press("q")
    assert terminal.wait_for_end() == 0
    (line,) = desk.decisions()
    assert line["meta"] == {"length": 28}


def test_a_recipe_makes_its_tasks_with_a_generator(desk: Desk) -> None:
    written(desk, "letters")
    letter = "Dear Ada. I met Bo in the harbour of Cork. He sends you his regards"
    desk.source({"text": letter, "meta": {"id": "l-1"}})
    terminal = desk.start(recipe="letters", labels=None)
    terminal.wait_for("I met Bo").settle().press("a")
    terminal.wait_for("He sends you").settle().press("a").wait_for(DONE).press("q")
    assert terminal.wait_for_end() == 0
    numbers = [line["meta"] for line in desk.decisions()]
    assert numbers == [{"letter": "l-1", "number": 1}, {"letter": "l-1", "number": 2}]


def test_a_recipe_has_a_suggester_of_its_own(desk: Desk) -> None:
    written(desk, "prices")
    desk.source("A lamp costs € 20.")
    terminal = desk.start(recipe="prices", labels=None)
    terminal.wait_for(suggested("PRICE")).settle().press("a").wait_for(DONE).press("q")
    assert terminal.wait_for_end() == 0
    (line,) = desk.decisions()
    assert spans(line) == [("€ 20", "PRICE")]
    assert line["_suggested"][0]["source"] == "Prices"


def test_a_suggester_is_plugged_in(desk: Desk) -> None:
    environment = installed(desk.folder, "A suggester for text", "my_suggester")
    desk.source("The tram cost 1,200 crowns in 2019.", name="news.jsonl")
    part = page("plugins.md").partition("## A suggester for text")[2].partition("\n## ")[0]
    (line,) = blocks(part, "sh")
    terminal = typed(desk, line.strip() + " -o out.jsonl", environment=environment)
    terminal.wait_for("1,200").wait_for(suggested("MONEY")).press("tab", "tab", "2").settle()
    terminal.press("a").wait_for(DONE).press("q")
    assert terminal.wait_for_end() == 0
    (first,) = desk.decisions()
    assert spans(first) == [("1,200", "MONEY"), ("2019", "DATE")]
    assert [one["source"] for one in first["_suggested"]] == ["numbers", "numbers"]
