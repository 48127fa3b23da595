"""CoNLL-U out again: byte for byte but for what was decided."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tui_annotate.cli.program import run

FRENCH = """\
# newdoc id = d
# sent_id = s-1
# text = Il va au parc.
# a comment of nobody's
1\tIl\til\tPRON\tP\tNumber=Sing\t2\tnsubj\t2:nsubj\t_
2\tva\taller\tVERB\tV\t_\t0\troot\t0:root\tGloss=goes
3-4\tau\t_\t_\t_\t_\t_\t_\t_\t_
3\tà\tà\tADP\tE\t_\t5\tcase\t5:case\t_
4\tle\tle\tDET\tR\t_\t5\tdet\t5:det\t_
4.1\tnul\tnul\tADJ\t_\t_\t_\t_\t5:amod\t_
5\tparc\tparc\tNOUN\tN\t_\t2\tobl\t2:obl:à\tSpaceAfter=No|NE=B-LOC
6\t.\t.\tPUNCT\tF\t_\t2\tpunct\t2:punct\t_

"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def imported(text: str) -> list[dict[str, Any]]:
    Path("a.conllu").write_text(text)
    assert run(["import", "a.conllu", "-o", "a.jsonl", "--force"]) == 0
    return [json.loads(line) for line in Path("a.jsonl").read_text().splitlines()]


def exported(*tasks: dict[str, Any], options: tuple[str, ...] = ()) -> str:
    Path("b.jsonl").write_text("".join(json.dumps(task) + "\n" for task in tasks))
    words = ["export", "b.jsonl", "--to", "conllu", "-o", "b.conllu", "--force", *options]
    assert run(words) == 0
    return Path("b.conllu").read_text()


def test_what_came_comes_out_again() -> None:
    (task,) = imported(FRENCH)
    assert [(span["label"], span["start"]) for span in task["spans"]] == [("LOC", 9)]
    assert [token.get("lemma") for token in task["tokens"]] == ["il", "aller", None, "parc", "."]
    assert exported(task) == FRENCH


def test_only_what_was_decided_changes() -> None:
    (task,) = imported(FRENCH)
    labels = ["PRON", "AUX", "ADP+PRON", "NOUN", "PUNCT"]
    tags = [
        {"start": token["start"], "end": token["end"], "label": label}
        for token, label in zip(task["tokens"], labels, strict=True)
    ]
    decided = task | {"spans": tags, "_view_id": "pos_manual", "answer": "accept"}
    expected = FRENCH.replace("\tVERB\t", "\tAUX\t").replace("\tDET\t", "\tPRON\t")
    assert exported(decided) == expected.replace("|NE=B-LOC", "")
    (start, end) = task["tokens"][0]["start"], task["tokens"][1]["end"]
    decided = task | {"spans": [{"start": start, "end": end, "label": "X"}], "answer": "accept"}
    expected = FRENCH.replace("2:nsubj\t_", "2:nsubj\tNE=B-X").replace("goes", "goes|NE=I-X")
    assert exported(decided) == expected.replace("|NE=B-LOC", "")


def test_a_sentence_whose_words_changed_is_a_loss(capsys: pytest.CaptureFixture[str]) -> None:
    (task,) = imported(FRENCH)
    del task["tokens"]
    Path("b.jsonl").write_text(json.dumps(task) + "\n")
    assert run(["export", "b.jsonl", "--to", "conllu", "-o", "b.conllu"]) == 1
    said = capsys.readouterr().err
    assert "lines of sentences whose words or text changed: 1 task (b.jsonl:1)" in said
    assert "\nau\t" not in exported(task, options=("--lossy",))


def test_a_text_from_elsewhere_becomes_a_sentence() -> None:
    task = {
        "text": "Ada  met\nBo.",
        "spans": [{"start": 0, "end": 3, "label": "PER"}],
        "meta": {"sent_id": "x", "n": 1},
    }
    text = exported(task)
    assert text == (
        "# sent_id = x\n"
        '# meta = {"n": 1}\n'
        "# text = Ada met Bo.\n"
        '# text_as_is = "Ada  met\\nBo."\n'
        "1\tAda\t_\t_\t_\t_\t_\t_\t_\tNE=B-PER\n"
        "2\tmet\t_\t_\t_\t_\t_\t_\t_\t_\n"
        "3\tBo\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n"
        "4\t.\t_\t_\t_\t_\t_\t_\t_\t_\n"
        "\n"
    )
    (again,) = imported(text)
    assert again["text"] == task["text"]
    assert again["meta"] == task["meta"]
    assert exported(again) == text


def test_others_read_it() -> None:
    conllu = pytest.importorskip("conllu")
    converters: Any = import_module("spacy.training.converters")
    (task,) = imported(FRENCH)
    (sentence,) = conllu.parse(exported(task))
    assert [token["form"] for token in sentence if isinstance(token["id"], int)][:2] == ["Il", "va"]
    assert sentence[-2]["misc"] == {"SpaceAfter": "No", "NE": "B-LOC"}
    text = exported({"text": "Ada met Bo.", "spans": [{"start": 8, "end": 10, "label": "PER"}]})
    (doc,) = converters.conllu_to_docs(text, no_print=True)
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Bo", "PER")]


@pytest.mark.shared_data
@pytest.mark.parametrize("corpus", ["ud-english-ewt", "ud-hebrew-iahltwiki"])
def test_real_treebanks_are_the_same_byte_for_byte(shared_data: Path, corpus: str) -> None:
    (path,) = (shared_data / corpus).glob("*.conllu")
    whole = path.read_bytes()
    part = whole[: whole.index(b"\n\n", 200_000) + 2]
    assert exported(*imported(part.decode())) == part.decode()
