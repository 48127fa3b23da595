"""Real headlines through the whole program, key by key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.pty.conftest import Desk
from tests.pty.terminal import Terminal

pytestmark = [pytest.mark.pty, pytest.mark.slow, pytest.mark.shared_data]

EXAMPLES = "prodigy-recipes/example-datasets"


def rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def accept(terminal: Terminal, place: str, text: str) -> None:
    """Accept a task once all of it is painted."""
    terminal.wait_for(place).wait_for(text[:20]).wait_for("  saved  ").settle().press("a")


def test_headlines_accepted_have_the_hashes_of_the_annotated_file(
    desk: Desk, shared_data: Path
) -> None:
    source = shared_data / EXAMPLES / "news_headlines.jsonl"
    annotated = shared_data / EXAMPLES / "annotated_news_headlines-ORG-PERSON-LOCATION-ner.jsonl"
    known = {row["text"]: row["_input_hash"] for row in rows(annotated)}
    texts = [row["text"] for row in rows(source)]
    terminal = desk.start(source, labels="ORG,PERSON,LOCATION", columns=160)
    for number in range(1, 81):
        accept(terminal, f" {number} of 200 ", texts[number - 1])
    terminal.wait_for(" 81 of 200 ").press("q")
    assert terminal.wait_for_end() == 0
    assert "80 decided (80 accepted): out.jsonl" in terminal.text
    lines = desk.decisions()
    assert [line["text"] for line in lines] == texts[:80]
    there = [line for line in lines if line["text"] in known]
    assert len(there) > 50
    assert all(line["_input_hash"] == known[line["text"]] for line in there)


def test_annotated_headlines_accepted_come_back_field_by_field(
    desk: Desk, shared_data: Path
) -> None:
    source = shared_data / EXAMPLES / "annotated_news_headlines-ORG-PERSON-LOCATION-ner.jsonl"
    came = rows(source)
    terminal = desk.start(source, labels="ORG,PERSON,LOCATION,PRODUCT", columns=160)
    for number in range(1, 51):
        accept(terminal, f" {number} of 373 ", came[number - 1]["text"])
    terminal.wait_for(" 51 of 373 ").press("q")
    assert terminal.wait_for_end() == 0
    for before, after in zip(came, desk.decisions(), strict=False):
        assert after["spans"] == before.get("spans", [])
        assert after["tokens"] == before["tokens"]
        assert after["_input_hash"] == before["_input_hash"]
        assert after["_task_hash"] == before["_task_hash"]
    assert len(desk.decisions()) == 50
