"""An output that holds decisions already: of another recipe, another source, other labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ui.harness import FakeProcess, engine_over
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.session.previous_decisions import notices

TEXTS = ("Angela met Siemens.", "Berlin is old.")


def held(folder: Path, *lines: dict[str, Any]) -> None:
    """Put lines into the output of the sessions in a folder."""
    with (folder / "out.jsonl").open("a", encoding="utf-8") as output:
        for number, line in enumerate(lines):
            whole = {"_task_id": f"{number:016x}", "_annotator_id": "ann", "answer": "accept"}
            output.write(json.dumps({"text": "?", **whole, **line}) + "\n")


def messages(folder: Path, **options: Any) -> str:
    with engine_over(folder, TEXTS, FakeProcess(), suggesters=(), **options) as engine:
        return " ".join(engine.journal.messages)


@pytest.mark.parametrize(
    "line",
    [
        {"_recipe": "textcat.manual", "_view_id": "choice"},
        {"_recipe": "pos.manual", "_view_id": "pos_manual"},
        {"_view_id": "classification"},
        # The same view in the format, and another kind all the same.
        {"_recipe": "keyphrase.manual", "_view_id": "spans_manual"},
    ],
    ids=str,
)
def test_an_output_of_another_kind_is_refused_with_two_ways_on(
    tmp_path: Path, line: dict[str, Any]
) -> None:
    held(tmp_path, line, line)
    before = (tmp_path / "out.jsonl").read_bytes()
    with pytest.raises(UsageError) as caught:
        messages(tmp_path)
    said = str(caught.value)
    assert "out.jsonl: it holds 2 decisions of" in said
    assert line.get("_recipe", "another program") in said
    assert "ner.manual" in said
    assert "-o" in said
    assert (tmp_path / "out.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    "line",
    [
        {"_recipe": "ner.manual", "_view_id": "ner_manual"},
        {"_recipe": "ner.correct", "_view_id": "spans_manual"},
        {"_recipe": "my.entities", "_view_id": "ner_manual"},
        {"_view_id": "ner"},
        {},
        {"_recipe": 5, "_view_id": ["odd"]},
    ],
    ids=str,
)
def test_decisions_of_the_same_kind_count_whatever_made_them(
    tmp_path: Path, line: dict[str, Any]
) -> None:
    held(tmp_path, line)
    with engine_over(tmp_path, TEXTS, FakeProcess(), suggesters=()) as engine:
        assert engine.journal.decisions == 1


def test_what_another_annotator_decided_does_not_count(tmp_path: Path) -> None:
    held(tmp_path, {"_recipe": "textcat.manual", "_view_id": "choice", "_annotator_id": "bo"})
    with engine_over(tmp_path, TEXTS, FakeProcess(), suggesters=()) as engine:
        assert engine.journal.decisions == 0


def test_other_labels_and_another_source_are_told(tmp_path: Path) -> None:
    held(tmp_path, {"_view_id": "ner_manual", "_labels": ["PER", "OLD"]})
    assert "without OLD and with ORG besides" in messages(tmp_path, labels=("PER", "ORG"))
    with engine_over(tmp_path, TEXTS, FakeProcess(), suggesters=()) as engine:
        # As the program does before it opens the output.
        engine.stream.check_head()
        said = " ".join(notices(engine.journal, engine.context.description, engine.labels.names))
    assert "1 earlier decision is about tasks that are not in this source." in said


def test_where_nothing_differs_nothing_is_said(tmp_path: Path) -> None:
    with engine_over(tmp_path, TEXTS, FakeProcess(), suggesters=(), labels=("PER",)) as engine:
        task_id = engine.stream.task_id(0)
    held(tmp_path, {"_task_id": task_id, "_view_id": "ner_manual", "_labels": ["PER"]})
    assert messages(tmp_path, labels=("PER",)) == ""


# ── lines that cannot be read ──────────────────────────────────────────────


def test_lines_that_cannot_be_read_are_a_question_before_the_session_opens(tmp_path: Path) -> None:
    held(tmp_path, {"_view_id": "ner_manual"})
    with (tmp_path / "out.jsonl").open("ab") as output:
        output.write(b'<<<<<<< HEAD\n\n{"_task_id": 5}\n' + b'{"a"\n' * 5)
    before = (tmp_path / "out.jsonl").read_bytes()
    asked: list[str] = []

    def confirm(question: str) -> bool:
        asked.append(question)
        return len(asked) > 1

    with pytest.raises(AnnotateError, match="the session was not opened; fix what cannot be read"):
        messages(tmp_path, confirm=confirm)
    assert messages(tmp_path, confirm=confirm) is not None
    first, second, third, *_, more, question = asked[0].splitlines()
    assert first.endswith('out.jsonl:2: broken JSON: "<" is not expected at character 0')
    assert second.endswith("out.jsonl:4: not what a session writes")
    assert third.endswith("out.jsonl:5: broken JSON: it ends too early at character 4")
    assert more == "and 2 more"
    assert question.startswith("These 7 lines are left alone")
    assert (tmp_path / "out.jsonl").read_bytes() == before


def test_a_decision_with_what_json_lacks_is_read_and_kept(tmp_path: Path) -> None:
    with engine_over(tmp_path, TEXTS, FakeProcess(), suggesters=()) as engine:
        task_id = engine.stream.task_id(0)
        assert task_id is not None
    line = f'{{"_task_id": "{task_id}", "_annotator_id": "ann", "answer": "accept", '
    line += '"text": "Angela met Siemens.", "_view_id": "ner_manual", "meta": {"p": NaN}}'
    # Its line feed is missing, too: it is whole even so.
    (tmp_path / "out.jsonl").write_text(line)
    with engine_over(tmp_path, TEXTS, FakeProcess(), suggesters=(), confirm=refuse) as engine:
        assert engine.journal.decided(task_id)
        assert (engine.journal.last(task_id) or {})["meta"] == {"p": "NaN"}
    assert (tmp_path / "out.jsonl").read_text() == line + "\n"


def refuse(question: str) -> bool:
    raise AssertionError(question)
