"""Labels that come with a task and are not on offer: one rule for every kind of annotation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.conftest import Err, Opened
from tui_annotate.cli.program import run
from tui_annotate.recipe import Session
from tui_annotate.task.task import Task, task_hash

TEXT = "Apple sells iPhone"
ORG = {"start": 0, "end": 5, "label": "ORG"}
PRODUCT = {"start": 12, "end": 18, "label": "PRODUCT"}
TOKENS = [
    {"text": "Apple", "start": 0, "end": 5, "id": 0, "ws": True, "pos": "NNP"},
    {"text": "sells", "start": 6, "end": 11, "id": 1, "ws": True, "pos": "VERB"},
    {"text": "iPhone", "start": 12, "end": 18, "id": 2, "ws": False, "pos": "NNP"},
]
MARK = {"token": 0, "side": "after", "offset": 5, "mark": "‽", "was": None}

KINDS = {
    "spans": (["ner.manual", "-l", "ORG"], {"spans": [ORG, PRODUCT]}, "PRODUCT", "ORG",
              "add with -l ORG,PRODUCT"),
    "tags in spans": (["pos.manual"], {"spans": [ORG | {"label": "NNP"}]}, "NNP", "PROPN",
                      "add with --tagset"),
    "tags of tokens": (["pos.manual"], {"tokens": TOKENS}, "NNP", "PROPN", "add with --tagset"),
    "a chosen class": (["textcat.manual", "-l", "A,B"], {"accept": ["Z"]}, "Z", "B",
                       "add with -l A,B,Z"),
    "an option": (["textcat.manual", "-l", "A,B"],
                  {"options": [{"id": "A", "text": "A"}, {"id": "Z", "text": "Z"}]}, "Z", "B",
                  "add with -l A,B,Z"),
    "cats": (["textcat.manual", "-l", "A,B"], {"cats": {"A": 1, "B": 0, "Z": 1}}, "Z", "B",
             "add with -l A,B,Z"),
    "a question": (["textcat.manual", "-l", "A"], {"label": "Z"}, "Z", "A", "add with -l A,Z"),
    "keyphrases": (["keyphrase.manual"], {"keyphrases": [{"text": "Apple", "label": "TOPIC"}]},
                   "TOPIC", "KEYPHRASE", "add with -l KEYPHRASE,TOPIC"),
    "marks": (["punct.manual", "--marks", ",."], {"marks": [MARK]}, "‽", ".",
              "add with --marks ',.‽'"),
    "classes of marks": (["punct.manual", "--marks", ",.", "--classes", "list"],
                         {"marks": [MARK | {"mark": ",", "label": "clause"}]}, "clause", "list",
                         "add with --classes"),
    "blocks": (["ner.textcat", "-l", "ORG", "--classes", "x,y"], {"spans": [ORG], "accept": ["z"]},
               "z", "y", "add with -l or --classes"),
}  # fmt: skip


every_kind = pytest.mark.parametrize("case", KINDS.values(), ids=KINDS.keys())


def write(fields: dict[str, Any], name: str = "in.jsonl") -> dict[str, Any]:
    task = {"text": TEXT, **fields}
    Path(name).write_text(json.dumps(task) + "\n", encoding="utf-8")
    return task


def first(session: Session) -> Task:
    task = session.stream.read(0)
    assert isinstance(task, Task)
    return task


@every_kind
def test_it_is_refused_in_one_sentence_with_every_way_on(
    case: Any, opened: Opened, err: Err
) -> None:
    (recipe, *options), fields, strange, _, add = case
    write(fields)
    assert run([recipe, "in.jsonl", *options]) == 1
    said = err()
    assert "in.jsonl:1: " in said
    assert f"{strange} is not in the label set: {add}, rename with --map" in said
    assert "keep with --keep-labels, or skip with --skip-invalid" in said


@every_kind
def test_it_can_be_kept(case: Any, opened: Opened) -> None:
    (recipe, *options), fields, _, _, _ = case
    task = write(fields)
    assert run([recipe, "in.jsonl", *options, "--keep-labels"]) == 0
    assert first(opened.session).fields == task


@every_kind
def test_it_can_be_renamed_and_the_hashes_stay(case: Any, opened: Opened) -> None:
    (recipe, *options), fields, strange, here, _ = case
    task = write(fields)
    assert run([recipe, "in.jsonl", *options, "--keep-labels"]) == 0
    before = first(opened.session)
    assert run([recipe, "in.jsonl", *options, "--map", f"{strange}={here}"]) == 0
    renamed = first(opened.session)
    shown = json.dumps(renamed.fields, ensure_ascii=False)
    assert f'"{strange}"' not in shown
    assert f'"{here}"' in shown
    assert (renamed.id, renamed.task_hash) == (before.id, task_hash(task))


def test_a_name_that_nothing_has_is_refused(opened: Opened, err: Err) -> None:
    write({"spans": [ORG]})
    assert run(["ner.manual", "in.jsonl", "-l", "ORG", "--map", "OGR=ORG"]) == 2
    assert "--map: no task has the label OGR; did you mean ORG?" in err()


def test_a_name_may_be_the_pipelines_or_the_tasks(opened: Opened, err: Err) -> None:
    write({"spans": [PRODUCT | {"label": "GADGET"}]})
    arguments = ["ner.correct", "in.jsonl", "-m", "en_core_web_sm", "-l", "LOC,THING", "--map"]
    assert run([*arguments, "GPE=LOC,GADGET=THING"]) == 2  # The pipeline has no THING.
    arguments[5] = "LOC,ORG"
    assert run([*arguments, "GPE=LOC,GADGET=ORG"]) == 0
    assert [span["label"] for span in first(opened.session).spans] == ["ORG"]
    assert run([*arguments, "GPE=LOC,PRS=ORG,GADGET=ORG"]) == 2
    assert "neither the pipeline nor any task has the label PRS" in err()


def test_a_name_may_come_later(opened: Opened, err: Err) -> None:
    line = json.dumps({"text": TEXT, "spans": [ORG]}) + "\n"
    Path("in.jsonl").write_text(line * 1001, encoding="utf-8")
    assert run(["ner.manual", "in.jsonl", "-l", "ORG", "--map", "OGR=ORG"]) == 0
    assert "--map: none of the first 1,000 tasks has the label OGR" in err()


def test_of_two_classes_that_are_one_the_likelier_counts(opened: Opened) -> None:
    write({"cats": {"A": 0.9, "B": 0.2}, "options": [{"id": "A"}, {"id": "B", "text": "b"}]})
    assert run(["textcat.manual", "in.jsonl", "-l", "A", "--map", "B=A"]) == 0
    fields = first(opened.session).fields
    assert fields["cats"] == {"A": 0.9}
    assert fields["options"] == [{"id": "A"}, {"id": "A", "text": "b"}]


def test_a_label_of_many_spans_is_named_once_a_task(opened: Opened, err: Err) -> None:
    write({"spans": [PRODUCT, {"start": 6, "end": 11, "label": "PRODUCT"}]})
    assert run(["ner.manual", "in.jsonl", "-l", ",".join("ABCDEFGHIJKLMN")]) == 1
    said = err()
    assert said.count("which is not in the label set") == 1
    assert "add with -l …,PRODUCT, rename" in said


def test_a_label_that_the_pipeline_lacks_cannot_be_added(opened: Opened, err: Err) -> None:
    write({"spans": [PRODUCT | {"label": "GADGET"}]})
    assert run(["ner.correct", "in.jsonl", "-m", "en_core_web_sm"]) == 1
    assert "GADGET is not in the label set: rename with --map GADGET=…, keep" in err()


def test_many_tags_are_told_together(opened: Opened, err: Err) -> None:
    write({"tokens": TOKENS})
    assert run(["pos.manual", "in.jsonl"]) == 1
    assert "in.jsonl:1: 2 tags not in the tag set: NNP (2)" in err()


def test_scores_and_classes_that_are_not_so_may_be_of_any_label(opened: Opened) -> None:
    write({"cats": {"A": 1, "Z": 0}, "scores": {"Z": 0.7}})
    assert run(["textcat.manual", "in.jsonl", "-l", "A,B"]) == 0
