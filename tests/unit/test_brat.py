"""brat: texts with their annotations beside them, in and out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_annotate.cli.program import run

Fields = dict[str, Any]
Do = Callable[..., str]
TEXT = "Ada Lovelace met\nCharles Babbage in Köln 🙂 there."


@pytest.fixture
def do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Do:
    monkeypatch.chdir(tmp_path)

    def do(*words: str) -> str:
        run(words)
        captured = capsys.readouterr()
        return captured.out + captured.err

    return do


def put(name: str, *tasks: Fields) -> None:
    Path(name).write_text("".join(json.dumps(task) + "\n" for task in tasks))


def tasks(name: str) -> list[Fields]:
    return [json.loads(line) for line in Path(name).read_text().splitlines()]


def pair(annotations: str, text: str = TEXT) -> None:
    Path("doc").mkdir(exist_ok=True)
    Path("doc/one.txt").write_text(text)
    Path("doc/one.ann").write_text(annotations)


def test_a_text_and_its_annotations_are_a_task(do: Do) -> None:
    pair(
        "T1\tPER 0 12\tAda Lovelace\n"
        "T2\tPER 17 32\tCharles Babbage\n"
        "N1\tReference T1 Wikidata:Q7259\tAda Lovelace\n"
        "A1\tFamous T2\n"
        "A2\tMood T2 good\n"
        "#1\tAnnotatorNotes T2\tsure?\n"
        "R1\tMet Arg1:T1 Arg2:T2\n"
    )
    Path("doc/plain.txt").write_text("Nothing here.")
    out = do("import", "doc", "--from", "brat", "-o", "out.jsonl")
    assert "1 relations were left out" in out
    one, plain = tasks("out.jsonl")
    assert one["text"] == TEXT
    assert one["spans"] == [
        {"start": 0, "end": 12, "label": "PER", "kb_id": "Wikidata:Q7259"},
        {
            "start": 17,
            "end": 32,
            "label": "PER",
            "attributes": {"Famous": True, "Mood": "good"},
            "comment": "sure?",
        },
    ]
    assert plain["text"] == "Nothing here."


def test_annotations_of_several_pieces_are_joined_or_named(do: Do) -> None:
    pair("T1\tPER 0 3;13 16\tAda met\nT2\tX 0 16;17 24\tAda Lovelace met Charles\n")
    out = do("import", "doc", "--from", "brat", "-o", "out.jsonl")
    assert "1 annotations of several pieces (--discontinuous join takes them)" in out
    (task,) = tasks("out.jsonl")
    assert task["spans"] == [{"start": 0, "end": 24, "label": "X"}]
    do("import", "doc", "--from", "brat", "--discontinuous", "join", "-o", "joined.jsonl")
    (task,) = tasks("joined.jsonl")
    assert {"start": 0, "end": 16, "label": "PER"} in task["spans"]


@pytest.mark.parametrize(
    ("annotations", "told"),
    [
        ("T1\tPER 0 999\tAda\n", "0 to 999 is not within the text"),
        ("T1\tPER 0 3\tEve\n", 'it says "Eve", and "Ada" stands there'),
        ("\n\nT1\tPER zero 3\tAda\n", "one.ann:3"),
        ("X1\tPER 0 3\tAda\n", "begins no annotation"),
        ("T1\n", "begins no annotation"),
    ],
)
def test_what_is_broken_is_told_with_its_line(do: Do, annotations: str, told: str) -> None:
    pair(annotations)
    out = do("import", "doc/one.ann", "-o", "out.jsonl")
    assert told in out
    assert not Path("out.jsonl").exists()


def test_a_text_that_is_missing_is_told(do: Do) -> None:
    Path("one.ann").write_text("T1\tPER 0 3\tAda\n")
    assert 'the text "one.txt" cannot be read' in do("import", "one.ann", "-o", "out.jsonl")


def test_out_and_in_again_is_the_same(do: Do) -> None:
    spans = [
        {"start": 0, "end": 24, "label": "PER", "kb_id": "Q7259", "comment": "sure?"},
        {"start": 4, "end": 12, "label": "PER", "attributes": {"Famous": True}},
        {"start": 36, "end": 42, "label": "GPE"},
    ]
    put("in.jsonl", {"text": TEXT, "spans": spans, "meta": {"id": "doc-1"}, "answer": "accept"})
    out = do("export", "in.jsonl", "--to", "brat", "-o", "brat")
    assert "all equal" in out
    assert Path("brat/doc-1.ann").read_text().splitlines() == [
        "T1\tPER 0 16;17 24\tAda Lovelace met Charles",
        "N1\tReference T1 KB:Q7259\tAda Lovelace met Charles",
        "#1\tAnnotatorNotes T1\tsure?",
        "T2\tPER 4 12\tLovelace",
        "A1\tFamous T2",
        "T3\tGPE 36 42\tKöln 🙂",
    ]
    assert Path("brat/annotation.conf").read_text().splitlines()[:4] == [
        "[entities]",
        "",
        "PER",
        "GPE",
    ]
    do("import", "brat", "--from", "brat", "-o", "out.jsonl")
    assert tasks("out.jsonl")[0]["spans"] == spans


def test_labels_that_brat_cannot_write_are_told(do: Do) -> None:
    span = {"start": 0, "end": 1, "label": "a label;<x>"}
    put("in.jsonl", {"text": "x", "spans": [span]})
    out = do("export", "in.jsonl", "--to", "brat", "-o", "brat")
    assert "labels with signs that brat has no way to write: 1 task" in out
    assert not Path("brat").exists()
    do("export", "in.jsonl", "--to", "brat", "-o", "brat", "--lossy")
    assert Path("brat/00001.ann").read_text() == "T1\ta_label_x_ 0 1\tx\n"


def test_line_ends_at_the_ends_of_spans_are_told(do: Do) -> None:
    spans = [{"start": 0, "end": 4, "label": "X"}, {"start": 3, "end": 4, "label": "Y"}]
    put("in.jsonl", {"text": "Ada\nBo", "spans": spans})
    out = do("export", "in.jsonl", "--to", "brat", "-o", "brat", "--lossy")
    assert "line ends at the ends of spans: 2 in 1 task" in out
    assert Path("brat/00001.ann").read_text() == "T1\tX 0 3\tAda\n"


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "corpus",
    [
        "CoNLL-ST_2002/esp",
        "BioNLP-ST_2011/BioNLP-ST_2011_GE",
        "BioNLP-ST_2011/BioNLP-ST_2011_REL",
    ],
)
def test_real_corpora_come_back_the_same(do: Do, shared_data: Path, corpus: str) -> None:
    folder = shared_data / "fmt-brat/corpora" / corpus
    do("import", str(folder), "--from", "brat", "-o", "one.jsonl")
    assert "all equal" in do("export", "one.jsonl", "--to", "brat", "-o", "brat")
    do("import", "brat", "--from", "brat", "-o", "two.jsonl")
    first, second = tasks("one.jsonl"), tasks("two.jsonl")
    assert [task["text"] for task in first] == [task["text"] for task in second]
    assert [task["spans"] for task in first] == [task["spans"] for task in second]
    assert sum(len(task["spans"]) for task in first) > 100
