"""Formats of text, out and in: doccano, Label Studio, Hugging Face, fastText, CSV and others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tui_annotate.cli.program import run

ADA = {"start": 0, "end": 3, "label": "PERSON"}
OPTIONS = [{"id": "A", "text": "A"}, {"id": "B", "text": "B"}]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def exported(to: str, out: str, *tasks: dict[str, Any], options: tuple[str, ...] = ()) -> str:
    text = "".join(json.dumps({"answer": "accept"} | task) + "\n" for task in tasks)
    Path("tasks.jsonl").write_text(text)
    words = ["export", "tasks.jsonl", "--to", to, "-o", out, "--force", *options]
    assert run(words) == 0
    return Path(out).read_text() if Path(out).is_file() else ""


def imported(file: str | Path, *options: str) -> list[dict[str, Any]]:
    assert run(["import", str(file), "-o", "in.jsonl", "--force", *options]) == 0
    return [json.loads(line) for line in Path("in.jsonl").read_text().splitlines()]


def spans(task: dict[str, Any]) -> list[tuple[str, str]]:
    return [(task["text"][s["start"] : s["end"]], s["label"]) for s in task["spans"]]


# doccano


def test_doccano_has_spans_or_classes_in_label() -> None:
    text = exported(
        "doccano",
        "d.jsonl",
        {"text": "Ada 👩‍👧 met", "spans": [ADA], "meta": {"id": 1}},
        {"text": "Ada.", "options": OPTIONS, "accept": ["A"]},
        {"text": "Ada!", "spans": [ADA], "options": OPTIONS, "accept": ["B"]},
        {"text": "Yes?", "label": "A"},
    )
    assert [json.loads(line) for line in text.splitlines()] == [
        {"text": "Ada 👩‍👧 met", "meta": {"id": 1}, "label": [[0, 3, "PERSON"]]},
        {"text": "Ada.", "label": ["A"]},
        {"text": "Ada!", "entities": [[0, 3, "PERSON"]], "cats": ["B"]},
        {"text": "Yes?", "label": ["A"]},
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"text": "EU", "labels": [[0, 2, 7]]}', {"spans": [("EU", "7")]}),
        (
            '{"text": "EU", "entities": [{"start_offset": 0, "end_offset": 2, "label": "ORG"}]}',
            {"spans": [("EU", "ORG")]},
        ),
        ('{"text": "EU", "label": ["good", "bad"]}', {"accept": ["good", "bad"]}),
    ],
)
def test_doccano_is_read_in_all_its_shapes(line: str, expected: dict[str, Any]) -> None:
    Path("d.jsonl").write_text(line)
    (task,) = imported("d.jsonl")
    found = {"spans": spans(task)} if "spans" in task else {"accept": task["accept"]}
    assert found == expected


def test_doccano_that_is_wrong_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("d.jsonl").write_text('{"text": "EU", "label": [[0, "x", "ORG"]]}\n{"label": []}\n')
    assert run(["import", "d.jsonl", "-o", "x.jsonl", "--from", "doccano"]) == 1
    said = capsys.readouterr().err
    assert "d.jsonl:1: " in said
    assert 'is not a span such as [0, 2, "ORG"]' in said
    assert "d.jsonl:2: the line has no text" in said


@pytest.mark.shared_data
def test_doccano_of_several_annotators_is_a_task_for_each(shared_data: Path) -> None:
    file = shared_data / "fmt-doccano/doccano-transformer/labeling/labeling.jsonl"
    tasks = imported(file)
    assert {task["_annotator_id"] for task in tasks} == {"1", "2"}
    assert spans(tasks[0])[:2] == [("JAPAN", "12"), ("CHINA", "13")]


# Label Studio


def test_label_studio_counts_utf_16() -> None:
    text = "👩 Ada"
    span = {"start": 2, "end": 5, "label": "PERSON"}
    (item,) = json.loads(exported("label-studio", "l.json", {"text": text, "spans": [span]}))
    (result,) = item["annotations"][0]["result"]
    assert result["value"] == {"start": 3, "end": 6, "text": "Ada", "labels": ["PERSON"]}
    (task,) = imported("l.json")
    assert spans(task) == [("Ada", "PERSON")]


@pytest.mark.shared_data
def test_label_studio_reads_real_exports(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = json.loads((shared_data / "fmt-label-studio/old-converter/348.json").read_text())
    Path("old.json").write_text(json.dumps([old]))
    (task,) = imported("old.json")
    results = old["completions"][0]["result"]
    said = [result["value"]["text"] for result in results if result["type"] == "labels"]
    assert [text for text, _ in spans(task)] == said
    assert run(["export", "in.jsonl", "--to", "label-studio", "-o", "new.json"]) == 0


def test_what_label_studio_has_beside_spans_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    result = {"type": "textarea", "value": {"text": ["hm"]}, "from_name": "t", "to_name": "text"}
    item = {"data": {"text": "Ada."}, "annotations": [{"result": [result], "was_cancelled": True}]}
    Path("l.json").write_text(json.dumps([item]))
    (task,) = imported("l.json")
    assert task["answer"] == "ignore"
    assert "left out 1 results of the type textarea" in capsys.readouterr().err


# Hugging Face


def test_hugging_face_has_tags_with_their_names() -> None:
    text = exported(
        "hf",
        "h.jsonl",
        {"text": "Ada met.", "spans": [ADA], "meta": {"id": 1}, "_labels": ["ORG", "PERSON"]},
        {"text": "Bo.", "options": OPTIONS, "accept": ["B"]},
    )
    first, second = map(json.loads, text.splitlines())
    types = json.loads(Path("h.features.json").read_text())
    names = types["ner_tags"]["feature"]["names"]
    assert [names[tag] for tag in first["ner_tags"]] == ["B-PERSON", "O", "O"]
    assert names == ["O", "B-ORG", "I-ORG", "B-PERSON", "I-PERSON"]
    assert (second["ner_tags"], second["spans"]) == (None, None)
    assert [types["labels"]["feature"]["names"][one] for one in second["labels"]] == ["B"]
    assert json.loads(first["meta"]) == {"id": 1}


def test_hugging_face_reads_tokens_and_tags_of_others() -> None:
    Path("h.jsonl").write_text(
        '{"id": "7", "tokens": ["Ada", "met"], "ner_tags": ["B-PER", "O"]}\n'
    )
    (task,) = imported("h.jsonl")
    assert spans(task) == [("Ada", "PER")]
    assert task["meta"] == {"id": "7"}


# fastText, brackets, CSV


def test_fasttext(capsys: pytest.CaptureFixture[str]) -> None:
    tasks = {"text": "Ada\nmet", "accept": ["A", "B c"]}, {"text": " none", "accept": []}
    assert exported("fasttext", "f.txt", *tasks, options=("--lossy",)) == (
        "__label__A __label__B_c Ada met\n none\n"
    )
    said = capsys.readouterr().out
    assert "line breaks in texts: 1 task (tasks.jsonl:1)" in said
    assert 'classes with white space: 1 task (tasks.jsonl:1: "B c")' in said
    assert [task.get("accept") for task in imported("f.txt", "--from", "fasttext")] == [
        ["A", "B_c"],
        None,
    ]


def test_brackets() -> None:
    task = {"text": "Ada [x](y)\nmet", "spans": [ADA, {"start": 11, "end": 14, "label": "a)b"}]}
    text = exported("brackets", "b.txt", task)
    assert text == "[Ada](PERSON) \\[x\\]\\(y\\)\\n[met](a\\)b)\n"
    (again,) = imported("b.txt", "--from", "brackets")
    assert again["text"] == task["text"]
    assert spans(again) == [("Ada", "PERSON"), ("met", "a)b")]


def test_brackets_that_label_nothing_are_text() -> None:
    Path("b.txt").write_text("[1] and [Ada](PER) [open\n")
    (task,) = imported("b.txt", "--from", "brackets")
    assert task["text"] == "[1] and Ada [open"
    assert spans(task) == [("Ada", "PER")]


def test_csv() -> None:
    text = exported(
        "csv",
        "c.csv",
        {"text": 'a "b",\nc', "accept": ["A", "B"], "meta": {"id": 1}},
        {"text": "Ada", "spans": [ADA | {"kb_id": "Q1"}], "comment": "hm"},
    )
    assert text.splitlines()[0] == "text,label,answer,spans,accept,meta,comment"
    first, second = imported("c.csv")
    assert (first["text"], first["accept"], first["meta"]) == ('a "b",\nc', ["A", "B"], {"id": 1})
    assert (second["spans"], second["comment"]) == ([ADA | {"kb_id": "Q1"}], "hm")


def test_other_csv_is_read_as_it_was() -> None:
    Path("o.csv").write_text("text,label,spans\nAda,x,[1]\n")
    assert imported("o.csv") == [{"text": "Ada", "meta": {"label": "x", "spans": "[1]"}}]


# Linked mentions


def test_a_mention_is_a_line() -> None:
    linked = [
        {"start": 0, "end": 3, "label": "PERSON", "kb_id": "Q7259"},
        {"start": 8, "end": 10, "label": "PERSON", "kb_id": "NIL", "nil": "ambiguous"},
    ]
    tasks = {"text": "Ada met Bo.", "spans": linked}, {"text": "Ada met Bo.", "spans": linked[:1]}
    text = exported("mentions", "m.jsonl", *tasks)
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["accept"] for line in lines] == [["Q7259"], ["NIL_ambiguous"], ["Q7259"]]
    again = imported("m.jsonl", "--from", "mentions")
    assert [task["spans"] for task in again] == [linked, linked[:1]]


@pytest.mark.shared_data
def test_prodigys_mentions_are_links(shared_data: Path) -> None:
    file = shared_data / "prodigy-projects/nel_emerson/emerson_annotated_text.jsonl"
    tasks = imported(file, "--from", "mentions")
    assert {task["spans"][0]["kb_id"] for task in tasks} >= {"Q48226", "Q312545"}
    assert run(["export", "in.jsonl", "--to", "spacy", "-o", "m.spacy"]) == 0


# Keyphrases


def test_keyphrases_are_pairs_of_files() -> None:
    phrases = [
        {"start": 10, "end": 24, "label": "KEYPHRASE", "rank": 1},
        {"start": 0, "end": 6, "label": "KEYPHRASE", "rank": 2},
        {"start": 10, "end": 17, "label": "KEYPHRASE", "rank": 3},
    ]
    task = {"text": "Neural or machine models", "spans": phrases, "meta": {"id": "a-1"}}
    exported("keyphrases", "pairs", task, {"text": "Nothing."})
    names = {path.name for path in Path("pairs").iterdir()}
    assert names == {"a-1.txt", "a-1.key", "00002.txt", "00002.key"}
    assert Path("pairs/a-1.key").read_text() == "machine models\nNeural\nmachine\n"
    again = imported("pairs/a-1.key")[0]
    assert [(span["start"], span["rank"]) for span in again["spans"]] == [(0, 2), (10, 1), (10, 3)]


@pytest.mark.shared_data
def test_a_real_corpus_of_keyphrases(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "S0003491613001516"
    corpus = shared_data / "keyphrase-semeval2017"
    for folder, suffix in (("docsutf8", ".txt"), ("keys", ".key")):
        Path(f"{name}{suffix}").write_bytes((corpus / folder / f"{name}{suffix}").read_bytes())
    (task,) = imported(f"{name}.key")
    phrases = Path(f"{name}.key").read_text().split("\n")
    assert {text.casefold() for text, _ in spans(task)} == {
        " ".join(phrase.split()).casefold() for phrase in phrases if phrase
    }
