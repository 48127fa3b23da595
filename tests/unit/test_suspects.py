"""validate --suspects: labels that are likely to be wrong come first."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tui_annotate.cli.program import program
from tui_annotate.quality.suspects import expected_wrong, suspects
from tui_annotate.records.reading import Line

Fields = dict[str, Any]
WORDS = {
    "REFUND": ["money", "back", "refund", "return", "charge"],
    "CARD": ["card", "lost", "stolen", "pin", "blocked"],
    "LOGIN": ["password", "login", "account", "email", "locked"],
}


def collection(wrong: set[int], count: int = 240) -> list[Fields]:
    chance = random.Random(3)
    records = []
    for number in range(count):
        label = list(WORDS)[number % 3]
        text = " ".join([*chance.choices(WORDS[label], k=4), f"number{number}"])
        if number in wrong:
            label = list(WORDS)[(number + 1) % 3]
        records.append({"text": text, "accept": [label], "answer": "accept"})
    return records


def lines(records: list[Fields]) -> list[Line]:
    return [Line("a.jsonl", number, b"", fields) for number, fields in enumerate(records, 1)]


def no_note(note: str) -> None:
    raise AssertionError(note)


def test_classes_that_were_mixed_up_come_first() -> None:
    wrong = {10, 77, 140, 201}
    found = suspects(lines(collection(wrong)), no_note)
    assert {one.place[1] - 1 for one in found[:4]} == wrong
    assert {(one.label, one.other) for one in found if one.place[1] == 11} == {("LOGIN", "CARD")}
    assert 3 <= expected_wrong(found, 4) <= 4
    assert not suspects(lines(collection(set())), no_note)


def test_questions_are_classes_too() -> None:
    records = []
    for number, fields in enumerate(collection(set())):
        yes = (number % 3 == 1) != (number == 100)
        answer = "accept" if yes else "reject"
        records.append({"text": fields["text"], "label": "CARD", "answer": answer})
    (first, *_) = suspects(lines(records), no_note)
    assert (first.place[1] - 1, first.label, first.other) == (100, "not CARD", "CARD")


def test_a_string_that_is_labelled_otherwise_elsewhere() -> None:
    span = {"start": 0, "end": 6}
    records = [{"text": "Kansas", "spans": [span | {"label": "GPE"}]} for _ in range(5)]
    records += [{"text": "Kansas", "spans": [span | {"label": "ORG"}]}]
    records += [{"text": "Oregon", "spans": [span | {"label": "GPE"}]}]
    (found,) = suspects(lines(records), no_note)
    assert (found.place, found.label, found.other) == (("a.jsonl", 6), "ORG", "GPE")
    assert found.said() == '"Kansas" is ORG; GPE is likelier'


def test_what_cannot_be_looked_at_is_told() -> None:
    notes: list[str] = []
    two = {"text": "x", "accept": ["A", "B"], "answer": "accept"}
    few = [*collection(set())[:20], two]
    assert suspects(lines(few), notes.append) == []
    assert notes == [
        "1 records with several classes were not looked at",
        "the classes were not looked at: that takes 30 records, of two classes at least",
    ]


def validate(*arguments: str) -> Result:
    return CliRunner().invoke(program, ["validate", *arguments], standalone_mode=False)


def test_the_records_of_suspects_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    records = collection({10, 77})
    Path("a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    result = validate("a.jsonl", "--suspects", "2", "-o", "look.jsonl")
    assert "a.jsonl:11: " in result.stdout
    assert result.stderr.startswith("look.jsonl: 2 of ")
    found = [json.loads(line) for line in Path("look.jsonl").read_text().splitlines()]
    assert found == [records[10], records[77]]
    first = json.loads(validate("a.jsonl", "--suspects", "1", "--json").stdout)
    assert first["place"] in ("a.jsonl:11", "a.jsonl:78")
    assert "--suspects" in str(validate("a.jsonl", "-o", "other.jsonl").exception)
