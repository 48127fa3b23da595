"""Export to spaCy, read by spaCy itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from tui_annotate.cli.program import run

ADA = {"start": 0, "end": 3, "label": "PERSON"}
BO = {"start": 8, "end": 10, "label": "PERSON"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def docs(*tasks: dict[str, Any], options: tuple[str, ...] = ()) -> list[Doc]:
    """The documents that tasks become."""
    Path("a.jsonl").write_text("".join(json.dumps({"answer": "accept"} | t) + "\n" for t in tasks))
    assert run(["export", "a.jsonl", "--to", "spacy", "-o", "a.spacy", "--force", *options]) == 0
    return read("a.spacy")


def read(name: str) -> list[Doc]:
    return [*DocBin().from_disk(name).get_docs(spacy.blank("xx").vocab)]


def entities(doc: Doc) -> list[tuple[str, str]]:
    return [(span.text, span.label_) for span in doc.ents]


def outside(doc: Doc) -> list[str]:
    """What is known of each token: I and B in an entity, O outside, nothing where missing."""
    return [token.ent_iob_ for token in doc]


def test_entities_and_the_text_as_it_is() -> None:
    text = "  Ada met\n\nBo. "
    spans = [{"start": 2, "end": 5, "label": "PERSON"}, {"start": 11, "end": 13, "label": "DOG"}]
    (doc,) = docs({"text": text, "spans": spans})
    assert doc.text == text
    assert entities(doc) == [("Ada", "PERSON"), ("Bo", "DOG")]
    assert set(outside(doc)) == {"B", "O"}


def test_overlapping_spans_are_in_spans() -> None:
    inner = {"start": 0, "end": 10, "label": "EVENT"}
    for key, options in (("sc", ()), ("mine", ("--spans-key", "mine"))):
        first, second = docs(
            {"text": "Ada met Bo.", "spans": [ADA, inner, BO]},
            {"text": "Ada.", "spans": [ADA]},
            options=options,
        )
        assert [(span.text, span.label_) for span in first.spans[key]] == [
            ("Ada met Bo", "EVENT"),
            ("Ada", "PERSON"),
            ("Bo", "PERSON"),
        ]
        assert [span.label_ for span in second.spans[key]] == ["PERSON"]
        assert not first.ents
        assert not second.ents


def test_spans_that_could_overlap_are_where_those_that_do_are() -> None:
    (doc,) = docs({"text": "Ada.", "spans": [ADA], "_view_id": "spans_manual"})
    assert [span.label_ for span in doc.spans["sc"]] == ["PERSON"]


def test_a_class_is_1_or_0_and_missing_where_it_was_not_on_offer() -> None:
    options = [{"id": "A"}, {"id": "B"}, {"id": "C"}]
    first, second, yes, no = docs(
        {"text": "1", "options": options, "accept": ["B"]},
        {"text": "2", "options": options[:2], "accept": []},
        {"text": "3", "label": "A"},
        {"text": "4", "label": "A", "answer": "reject"},
    )
    assert first.cats == {"A": 0, "B": 1, "C": 0}
    assert second.cats == {"A": 0, "B": 0}
    assert yes.cats == {"A": 1}
    assert no.cats == {"A": 0}
    assert not any(doc.has_annotation("ENT_IOB") for doc in (first, second, yes, no))


def test_tags_are_tags() -> None:
    tags = [
        {"start": 0, "end": 3, "label": "PROPN"},
        {"start": 4, "end": 7, "label": "VERB"},
        {"start": 7, "end": 8, "label": "PUNCT"},
    ]
    (doc,) = docs({"text": "Ada met.", "spans": tags, "_view_id": "pos_manual"})
    assert [token.pos_ for token in doc] == ["PROPN", "VERB", "PUNCT"]
    assert not doc.has_annotation("ENT_IOB")
    fine = [{**span, "label": label} for span, label in zip(tags, ["NNP", "VBD", "."], strict=True)]
    (doc,) = docs({"text": "Ada met.", "spans": fine, "_view_id": "pos_manual"})
    assert [token.tag_ for token in doc] == ["NNP", "VBD", "."]


def test_links_are_ids_in_a_knowledge_base() -> None:
    linked = [{**ADA, "kb_id": "Q7259"}, {**BO, "kb_id": "NIL", "nil": "ambiguous"}]
    (doc,) = docs({"text": "Ada met Bo.", "spans": linked})
    assert [span.kb_id_ for span in doc.ents] == ["Q7259", "NIL"]
    assert run(["import", "a.spacy", "-o", "b.jsonl"]) == 0
    again = json.loads(Path("b.jsonl").read_text())["spans"]
    assert [span.get("nil") for span in again] == [None, "ambiguous"]


def test_what_was_not_asked_is_missing() -> None:
    whole, partial, empty = docs(
        {"text": "Ada met Bo.", "spans": [ADA], "_labels": ["PERSON", "ORG"]},
        {"text": "Ada met Bo.", "spans": [ADA], "_labels": ["PERSON"]},
        {"text": "Ada met Bo."},
    )
    assert outside(whole) == ["B", "O", "O", "O"]
    assert outside(partial) == ["B", "", "", ""]
    assert outside(empty) == ["O", "O", "O", "O"]


def test_a_task_that_nobody_decided_says_nothing() -> None:
    Path("a.jsonl").write_text('{"text": "Ada met Bo."}\n')
    assert run(["export", "a.jsonl", "--to", "spacy", "-o", "a.spacy"]) == 0
    (doc,) = read("a.spacy")
    assert outside(doc) == ["", "", "", ""]


def test_a_confirmed_suggestion_says_nothing_of_the_rest() -> None:
    span = {**ADA, "answer": "accept", "score": 0.5, "source": "model"}
    (doc,) = docs({"text": "Ada met Bo.", "spans": [span]})
    assert outside(doc) == ["B", "", "", ""]


def test_rejected_spans_are_left_out_or_negative() -> None:
    tasks = {"text": "Ada met Bo.", "spans": [ADA], "answer": "reject"}, {"text": "Bo."}
    assert [doc.text for doc in docs(*tasks)] == ["Bo."]
    first, _ = docs(*tasks, options=("--negatives",))
    assert [(span.text, span.label_) for span in first.spans["incorrect_spans"]] == [
        ("Ada", "PERSON")
    ]
    assert outside(first) == ["", "", "", ""]


def test_what_spacy_has_no_place_for_comes_back() -> None:
    task = {"text": "Ada.", "spans": [ADA | {"rank": 2}], "meta": {"id": 7}, "comment": "hm"}
    docs(task)
    assert run(["import", "a.spacy", "-o", "b.jsonl"]) == 0
    again = json.loads(Path("b.jsonl").read_text())
    assert (again["meta"], again["comment"]) == ({"id": 7}, "hm")
    assert again["spans"][0]["rank"] == 2


def test_texts_without_tokens_are_cut_by_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    task = {"text": "don't"}
    assert [[token.text for token in doc] for doc in docs(task)] == [["don't"]]
    (doc,) = docs(task, options=("--lang", "en"))
    assert [token.text for token in doc] == ["do", "n't"]
    assert run(["export", "a.jsonl", "--to", "spacy", "-o", "b", "--lang", "zz"]) == 2
    assert '--lang: spaCy has no language "zz"' in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"", b"x\x9c", b"hello\n", b"\x1f\x8b\x08"])
def test_a_damaged_file_is_named(data: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.spacy").write_bytes(data)
    assert run(["import", "a.spacy", "-o", "b.jsonl"]) != 0
    assert "a.spacy" in capsys.readouterr().err
    assert not Path("b.jsonl").exists()


# Training


def spacy_program(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "spacy", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_spacy_trains_with_it() -> None:
    names = ["Ada", "Bo", "Cy", "Di", "Ed", "Flo"]
    options = [{"id": "GREETING"}, {"id": "OTHER"}]
    tasks = [
        {
            "text": f"{verb} {name} {number} !",
            "spans": [
                {"start": len(verb) + 1, "end": len(verb) + 1 + len(name), "label": "PERSON"}
            ],
            "options": options,
            "accept": ["GREETING" if verb == "Hello" else "OTHER"],
            "config": {"choice_style": "single"},
        }
        for number, name in enumerate(names * 14)
        for verb in ("Hello", "Meet")
    ]
    Path("a.jsonl").write_text("".join(json.dumps({"answer": "accept"} | t) + "\n" for t in tasks))
    words = ["--split", "0.3", "--config", "--lang", "en"]
    assert run(["export", "a.jsonl", "--to", "spacy", "-o", "corpus.spacy", *words]) == 0
    assert {path.name for path in Path().iterdir()} == {
        "a.jsonl",
        "corpus.cfg",
        "corpus.dev.spacy",
        "corpus.train.spacy",
    }
    checked = spacy_program("debug", "data", "corpus.cfg")
    assert "No overlap between training and evaluation data" in checked
    steps = ["--training.max_steps", "20", "--training.eval_frequency", "10"]
    spacy_program("train", "corpus.cfg", "--output", "model", *steps)
    trained = spacy.load("model/model-last")
    assert {"ner", "textcat"} <= set(trained.pipe_names)


def test_the_config_learns_what_there_is() -> None:
    long = {"start": 0, "end": 10, "label": "EVENT"}
    docs(
        {"text": "Ada met Bo.", "spans": [ADA, long]},
        {"text": "Ada.", "label": "NEWS"},
        options=("--config", "--spans-key", "mine"),
    )
    made = spacy.util.load_config("a.cfg")
    assert made["nlp"]["pipeline"] == ["tok2vec", "spancat", "textcat_multilabel"]
    assert made["components"]["spancat"]["spans_key"] == "mine"
    assert made["components"]["spancat"]["suggester"]["max_size"] == 3
    assert "spans_mine_f" in made["training"]["score_weights"]
    assert made["paths"]["train"] == "a.spacy"
    Path("a.cfg").unlink()
    docs(
        {"text": "Ada met Bo.", "spans": [ADA]},
        {"text": "Bo.", "spans": [{**ADA, "end": 2}], "answer": "reject"},
        options=("--config", "--negatives"),
    )
    made = spacy.util.load_config("a.cfg")
    assert made["components"]["ner"]["incorrect_spans_key"] == "incorrect_spans"
