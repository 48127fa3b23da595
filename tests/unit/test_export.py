"""`tui-annotate export`, `import` and `formats`: what they take, refuse, say and leave behind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests import plugins
from tui_annotate import formats
from tui_annotate.cli.program import run
from tui_annotate.sources import open_source
from tui_annotate.sources.source import Record, Source

ADA = {"start": 0, "end": 3, "label": "PERSON"}
BO = {"start": 8, "end": 10, "label": "PERSON"}


def decision(text: str, *spans: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"text": text, "spans": list(spans), "answer": "accept", **more}


def put(name: str, *tasks: dict[str, Any]) -> str:
    Path(name).write_text("".join(json.dumps(task) + "\n" for task in tasks))
    return name


def tasks_in(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(name).read_text().splitlines()]


class Said:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.code = -1

    def __call__(self, *words: str) -> str:
        self.code = run(words)
        captured = self._capsys.readouterr()
        return captured.out + captured.err


@pytest.fixture
def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Said:
    monkeypatch.chdir(tmp_path)
    return Said(capsys)


def left() -> set[str]:
    return {path.name for path in Path().iterdir()}


def test_decisions_become_conll(said: Said) -> None:
    put("a.jsonl", decision("Ada met Bo.", ADA, BO), decision("Nobody came."))
    out = said("export", "a.jsonl", "--to", "conll2003", "-o", "a.conll")
    assert said.code == 0, out
    assert Path("a.conll").read_text() == (
        "Ada -X- _ B-PERSON\nmet -X- _ O\nBo -X- _ B-PERSON\n. -X- _ O\n\n"
        "Nobody -X- _ O\ncame -X- _ O\n. -X- _ O\n\n"
    )
    assert "a.conll\n2 tasks in CoNLL-2003.\n" in out
    assert "the space between tokens (2)" in out
    assert "2 tokenised texts, 7 tokens, 2 spans; all equal" in out
    assert left() == {"a.jsonl", "a.conll"}


def test_what_a_format_cannot_hold_is_listed_and_nothing_is_written(said: Said) -> None:
    linked = {**ADA, "kb_id": "Q7259"}
    put(
        "a.jsonl",
        decision("Ada met Bo.", linked, {"start": 0, "end": 10, "label": "X"}, meta={"id": 1}),
        decision("Ada left.", ADA, meta={"id": 2}, comment="sure?", flagged=True, _seconds=3.5),
    )
    out = said("export", "a.jsonl", "--to", "conll2003", "-o", "a.conll")
    assert said.code == 1
    assert "CoNLL-2003 cannot hold:\n" in out
    assert "  meta: 2 tasks (first in a.jsonl:1)\n" in out
    assert "  comment: 1 task (a.jsonl:2)\n" in out
    assert "  flagged: 1 task (a.jsonl:2)\n" in out
    assert '  spans that overlap longer ones: 1 task (a.jsonl:1: "Ada" PERSON 0–3)\n' in out
    assert "Nothing was written; --lossy writes without it." in out
    assert left() == {"a.jsonl"}
    out = said("export", "a.jsonl", "--to", "conll2003", "-o", "a.conll", "--lossy")
    assert said.code == 0
    assert "comment: 1 task (a.jsonl:2)" in out
    assert "_seconds (1)" in out
    assert "Ada -X- _ B-X\nmet -X- _ I-X\nBo -X- _ I-X\n" in Path("a.conll").read_text()


def test_a_span_inside_a_token_is_named(said: Said) -> None:
    tokens = [{"text": "Adamant", "start": 0, "end": 7, "id": 0, "ws": False}]
    put("a.jsonl", decision("Adamant", ADA, tokens=tokens))
    for to in ("conll2003", "spacy"):
        out = said("export", "a.jsonl", "--to", to, "-o", "out")
        assert 'not on the borders of tokens: 1 task (a.jsonl:1: "Ada" PERSON 0–3)' in out
    assert left() == {"a.jsonl"}


def test_an_existing_file_stays_unless_forced(said: Said) -> None:
    put("a.jsonl", decision("Ada.", ADA))
    Path("a.conll").write_text("mine")
    out = said("export", "a.jsonl", "--to", "conll2003", "-o", "a.conll")
    assert said.code == 2
    assert "a.conll: this file exists; name another with -o, or add --force." in out
    assert Path("a.conll").read_text() == "mine"
    assert not list(Path().glob(".*"))
    said("export", "a.jsonl", "--to", "conll2003", "-o", "a.conll", "--force")
    assert Path("a.conll").read_text().startswith("Ada")


def test_a_file_that_is_read_is_never_written(said: Said) -> None:
    put("a.jsonl", decision("Ada.", ADA))
    out = said("export", "a.jsonl", "--to", "jsonl", "-o", "./a.jsonl", "--force")
    assert "the output is a file that is read" in out
    assert said.code == 2


def test_the_last_line_of_a_task_and_annotator_counts(said: Said) -> None:
    put(
        "a.jsonl",
        decision("Ada.", ADA, _task_id="1", _annotator_id="sam"),
        decision("Bo.", _task_id="2", _annotator_id="sam"),
        decision("Ada.", _task_id="1", _annotator_id="sam", spans=[{**ADA, "label": "ORG"}]),
        decision("Bo.", _task_id="2", _annotator_id="sam", answer="reject"),
    )
    out = said("export", "a.jsonl", "--to", "jsonl", "-o", "b.jsonl")
    assert [task["spans"][0]["label"] for task in tasks_in("b.jsonl")] == ["ORG"]
    assert "Left out: 1 rejected, 2 decided again later." in out


def test_several_annotators_have_to_be_told_apart(said: Said) -> None:
    by_sam = decision("Ada.", ADA, _task_id="1", _annotator_id="sam")
    put("a.jsonl", by_sam, decision("Ada.", _task_id="1", _annotator_id="kim"))
    put("b.jsonl", decision("Bo.", _task_id="2", _annotator_id="kim"))
    out = said("export", "a.jsonl", "b.jsonl", "--to", "jsonl", "-o", "c.jsonl")
    assert "1 task was decided by several annotators (sam, kim)" in out
    assert "--annotator" in out
    assert "consensus" in out
    said("export", "a.jsonl", "b.jsonl", "--to", "jsonl", "-o", "c.jsonl", "--annotator", "sam")
    assert tasks_in("c.jsonl") == [by_sam]
    said("export", "b.jsonl", "--to", "jsonl", "-o", "d.jsonl")
    assert said.code == 0


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ([], ["yes", "none"]),
        (["--answer", "reject"], ["no"]),
        (["--answer", "all"], ["yes", "no", "skip", "none"]),
    ],
)
def test_answers(said: Said, options: Sequence[str], texts: Sequence[str]) -> None:
    answers = {"yes": "accept", "no": "reject", "skip": "ignore"}
    tasks = [decision(text, answer=answer) for text, answer in answers.items()]
    put("a.jsonl", *tasks, {"text": "none"})
    said("export", "a.jsonl", "--to", "jsonl", "-o", "b.jsonl", *options)
    assert [task["text"] for task in tasks_in("b.jsonl")] == texts


def test_a_rejected_question_is_never_written_as_a_yes(said: Said) -> None:
    put("a.jsonl", {"text": "Ada.", "label": "NEWS", "answer": "reject"}, decision("Bo."))
    out = said("export", "a.jsonl", "--to", "conll2003", "-o", "a.conll")
    assert 'questions answered no: 1 task (a.jsonl:1: "NEWS")' in out


def test_labels_are_chosen(said: Said) -> None:
    put("a.jsonl", decision("Ada met Bo.", ADA, {**BO, "label": "ORG"}, _labels=["PERSON", "ORG"]))
    said("export", "a.jsonl", "--to", "jsonl", "-o", "b.jsonl", "-l", "ORG,GPE")
    (task,) = tasks_in("b.jsonl")
    assert [span["label"] for span in task["spans"]] == ["ORG"]
    assert task["_labels"] == ["ORG"]


def test_a_split_is_the_same_each_time(said: Said) -> None:
    tasks = [decision(f"Text {number}.") for number in range(100)]
    put("a.jsonl", *tasks)
    put("b.jsonl", *reversed(tasks), *tasks[:10])
    said("export", "a.jsonl", "--to", "jsonl", "-o", "x.jsonl", "--split", "0.2")
    said("export", "b.jsonl", "--to", "jsonl", "-o", "y.jsonl", "--split", "0.2")
    for part in ("train", "dev"):
        first = {task["text"] for task in tasks_in(f"x.{part}.jsonl")}
        assert first == {task["text"] for task in tasks_in(f"y.{part}.jsonl")}
    assert 10 < len(tasks_in("x.dev.jsonl")) < 30
    assert len(tasks_in("x.train.jsonl") + tasks_in("x.dev.jsonl")) == 100


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--to", "conll2003"], "-o/--output is missing"),
        (["-o", "x"], "--to is missing"),
        (["--to", "conl2003", "-o", "x"], "did you mean conll2003?"),
        (["--to", "htk", "-o", "x"], "is not written"),
        (["--to", "conll2003", "-o", "x", "--config"], "--config: CoNLL-2003 has no such option"),
        (["--to", "conll2003", "-o", "x", "--split", "2"], "not a share between 0 and 1"),
        (["--to", "conll2003", "-o", "no/x"], "no: there is no such folder"),
        (["--to", "conll2003", "-o", "."], "the output is a folder"),
        (["--to", "conll2003", "-o", "x", "--answer", "reject"], "nothing to export; 1 accepted"),
        (["--to", "conll2003", "-o", "x", "--answer", "maybe"], "'maybe' is not a valid value"),
    ],
)
def test_what_is_refused(said: Said, words: Sequence[str], message: str) -> None:
    put("a.jsonl", decision("Ada.", ADA))
    out = said("export", "a.jsonl", *words)
    assert message in out
    assert said.code == 2
    assert left() == {"a.jsonl"}


def test_broken_lines_are_named_or_skipped(said: Said) -> None:
    Path("a.jsonl").write_text('{"text": "Ada."}\n{"text": \nnull\n')
    out = said("export", "a.jsonl", "--to", "conll2003", "-o", "a.conll")
    assert "a.jsonl:2: broken JSON: it ends too early" in out
    assert "a.jsonl:3: a task is an object" in out
    assert left() == {"a.jsonl"}
    out = said("export", "a.jsonl", "--to", "conll2003", "-o", "a.conll", "--skip-invalid")
    assert "Left out: 2 invalid." in out


def test_tasks_come_from_another_format(said: Said) -> None:
    Path("a.conll").write_text("Ada NNP I-NP I-PER\nmet VBD O O\n\nBo NNP I-NP B-PER\n")
    out = said("import", "a.conll", "-o", "a.jsonl")
    assert out == "a.jsonl: 2 tasks.\n"
    first, second = tasks_in("a.jsonl")
    assert first["text"] == "Ada met"
    assert first["tokens"][0]["tag"] == "NNP"
    assert first["tokens"][0]["chunk"] == "I-NP"
    assert "answer" not in first
    place = {"start": 0, "end": 2, "token_start": 0, "token_end": 0}
    assert second["spans"] == [{**place, "label": "PER"}]


def test_the_format_is_what_from_says(said: Said) -> None:
    Path("notes.txt").write_text("Ada B-PER\n")
    said("import", "notes.txt", "-o", "a.jsonl", "--from", "conll2003")
    assert tasks_in("a.jsonl")[0]["spans"][0]["label"] == "PER"
    assert "RTTM is not read as tasks" in said("import", "notes.txt", "-o", "b", "--from", "rttm")


def test_formats_are_listed(said: Said) -> None:
    out = said("formats")
    assert all(one.name in out for one in formats.formats())


# A format of another package

SHOUTED = """
from tui_annotate.formats.format import Format, only
from tui_annotate.formats.holding import Holds
from tui_annotate.formats.records import line_format
from tui_annotate.formats.writing import StreamWriter


def encode(fields):
    return (fields["text"].upper() + "!\\n").encode()


def parse(line):
    return {"text": line.decode().rstrip("!\\n").lower()}


SHOUTED = Format(
    "shouted", "Shouted", (".loud",), Holds(), only(line_format("Shouted", parse)),
    writer=lambda target: StreamWriter(target, encode),
)
"""


@pytest.fixture
def shouted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = {formats.ENTRY_POINTS: {"shouted": "shouted:SHOUTED"}}
    plugins.install(tmp_path / "site", monkeypatch, groups, shouted=SHOUTED)


@pytest.mark.usefixtures("shouted")
def test_a_format_is_one_module(said: Said) -> None:
    Path("hey.loud").write_text("HEY!\n")
    said("import", "hey.loud", "-o", "hey.jsonl")
    assert tasks_in("hey.jsonl") == [{"text": "hey"}]
    out = said("export", "hey.jsonl", "--to", "shouted", "-o", "again.loud")
    assert Path("again.loud").read_text() == "HEY!\n"
    assert "1 text; all equal" in out
    assert "Shouted" in said("formats")


@pytest.mark.usefixtures("shouted")
def test_what_does_not_read_back_is_not_put_in_place(said: Said) -> None:
    put("a.jsonl", {"text": "fine"}, {"text": "Capital"})
    out = said("export", "a.jsonl", "--to", "shouted", "-o", "a.loud")
    assert said.code == 1
    assert "does not read back as it was (1 task: a.jsonl:2); nothing was written" in out
    assert not Path("a.loud").exists()


# Hostile and odd tasks


@pytest.mark.parametrize("to", ["conll2003", "conllu", "spacy", "doccano", "hf", "csv", "jsonl"])
def test_fields_of_the_wrong_type_are_named(said: Said, to: str) -> None:
    odd = {
        "_input_hash": 1,
        "spans": 3,
        "tokens": "x",
        "accept": 1,
        "options": {},
        "config": [],
        "label": ["A"],
    }
    put("a.jsonl", {**odd, "text": "Ada.", "answer": []}, {**odd, "text": "Ada.", "meta": 1})
    out = said("export", "a.jsonl", "--to", to, "-o", "a.out", "--lossy")
    assert said.code == 0, out
    assert "Left out: 1 with an unknown answer" in out
    if to != "jsonl":
        assert "label that is a list: 1 task (a.jsonl:2)" in out


def test_text_that_no_token_covers_is_named(said: Said) -> None:
    put("a.jsonl", {"text": "Ada met Bo.", "tokens": [{"start": 4, "end": 7}]})
    out = said("export", "a.jsonl", "--to", "conll2003", "-o", "a.conll", "--lossy")
    assert 'text that no token covers: 2 in 1 task\n    a.jsonl:1: "Ada"\n' in out
    assert Path("a.conll").read_text().startswith("Ada -X- _ O\nmet -X- _ O\nBo.")


def test_names_from_data_are_shown_as_text(said: Said) -> None:
    put("a.jsonl", {"text": "Ada.", "x\x1b[31m": 1, "answer": "accept"})
    out = said("export", "a.jsonl", "--to", "conll2003", "-o", "a.conll")
    assert "x\\x1b[31m: 1 task" in out
    assert "\x1b" not in out


# Sources of a session


def test_a_format_is_told_by_content(said: Said) -> None:
    Path("corpus.txt").write_text("Ada I-PER\nmet O\n\nBo I-PER\n")
    Path("notes.txt").write_text("Ada met Bo\nO B\n")
    found = [texts(open_source(name)) for name in ("corpus.txt", "notes.txt")]
    assert found == [["Ada met", "Bo"], ["Ada met Bo", "O B"]]


def texts(source: Source) -> list[str]:
    return [item.fields["text"] for item in source.records() if isinstance(item, Record)]


def test_a_session_reads_any_format(said: Said) -> None:
    Path("notes").write_text("Ada B-PER\nmet O\n\nBo B-PER\n")
    put("a.jsonl", decision("Ada  came.\n", ADA))
    said("export", "a.jsonl", "--to", "spacy", "-o", "a.spacy")
    assert texts(open_source("a.spacy")) == ["Ada  came.\n"]
    of_conll = formats.format_named("CoNLL2003", "--from")
    assert texts(open_source("notes", format=of_conll)) == ["Ada met", "Bo"]
    out = said("ner.manual", "notes", "--from", "conl2003")
    assert "--from: there is no format 'conl2003'; did you mean conll2003?" in out


def test_where_says_which_decisions_are_exported(said: Said) -> None:
    put("a.jsonl", decision("Ada left.", ADA, flagged=True), decision("Nobody came."))
    said("export", "a.jsonl", "--to", "conll2003", "-o", "a.conll", "--where", "not flagged")
    assert said.code == 0
    assert Path("a.conll").read_text().split()[0] == "Nobody"
    out = said("export", "a.jsonl", "--to", "conll2003", "-o", "b.conll", "--where", "flagged = 1")
    assert "--where: a single = compares nothing" in out
    assert not Path("b.conll").exists()
