"""select, merge, split and sample: what they write, keep and say."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tui_annotate.cli.program import program
from tui_annotate.errors import AnnotateError
from tui_annotate.task.parts import place_of

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(program, arguments)
        assert result.exit_code == code or isinstance(result.exception, AnnotateError), result
        return result

    return run


def decided(text: str, annotator: str = "ann", **fields: Any) -> dict[str, Any]:
    return {"text": text, "answer": "accept", "_task_id": text, "_annotator_id": annotator} | fields


def write(name: str, *records: dict[str, Any]) -> None:
    Path(name).write_text("".join(json.dumps(record) + "\n" for record in records))


def texts(name: str | Path) -> list[str]:
    return [json.loads(line)["text"] for line in Path(name).read_bytes().splitlines()]


def test_select_keeps_lines_as_they_are_and_in_their_order(run: Run) -> None:
    odd = b'{ "b":1e3,"text": "\\u00e9" ,"flagged":true, "new": {"x": []}}'
    Path("a.jsonl").write_bytes(b'{"text": "no"}\r\n' + odd + b"\n\n" + odd.replace(b"true", b"1"))
    result = run("select", "a.jsonl", "--where", "flagged", "-o", "out.jsonl")
    assert Path("out.jsonl").read_bytes() == odd + b"\n" + odd.replace(b"true", b"1") + b"\n"
    assert result.stderr == "out.jsonl: 2 of 3 records.\n"


def test_select_reads_compressed_files_and_writes_to_the_standard_output(run: Run) -> None:
    Path("a.jsonl.gz").write_bytes(gzip.compress(b'{"text":"a"}\n{"text":"b"}\n'))
    result = run("select", "a.jsonl.gz", "--where", 'text == "b"')
    assert result.stdout == '{"text":"b"}\n'
    assert result.stderr == "the standard output: 1 of 2 records.\n"


def test_a_misspelt_field_is_told(run: Run) -> None:
    write("a.jsonl", decided("x", flagged=True))
    result = run("select", "a.jsonl", "--where", 'answer == "no" and flaged')
    assert 'Note: no line has the field "flaged"; did you mean flagged?' in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["select", "a.jsonl"], "--where: the condition is missing"),
        (["select", "none.jsonl", "--where", "a"], "none.jsonl: there is no such file."),
        (["select", ".", "--where", "a"], ".: this is a folder"),
        (["select", "a.jsonl", "--where", "a", "-o", "a.jsonl"], "one of the files that are read"),
        (["select", "a.jsonl", "--where", "a", "-o", "b.jsonl"], "b.jsonl: this file exists"),
        (["select", "a.jsonl", "--where", "a", "-o", "no/b.jsonl"], "no: there is no such folder"),
        (
            ["select", "broken.jsonl", "--where", "a", "-o", "c.jsonl"],
            "broken.jsonl:2: broken JSON",
        ),
        (["merge", "-"], "merge reads twice"),
        (["split", "a.jsonl", "-o", "s", "--dev", "60%", "--test", ".5"], "nothing is left"),
        (["split", "a.jsonl", "-o", "s", "--dev", "x"], "--dev: this is not a share"),
        (["split", "a.jsonl", "-o", "b.jsonl"], "b.jsonl: this is no folder"),
        (["sample", "a.jsonl"], "say how many or which share"),
        (["sample", "a.jsonl", "-n", "1", "--share", "5%"], "say how many or which share"),
    ],
)
def test_a_mistake_is_one_sentence_and_nothing_is_written(
    run: Run, arguments: list[str], told: str
) -> None:
    write("a.jsonl", decided("x"))
    write("b.jsonl", decided("y"))
    Path("broken.jsonl").write_text('{"a": 1}\n{"a": \n')
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    result = run(*arguments, code=2)
    assert told in str(result.exception)
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_force_replaces_a_file(run: Run) -> None:
    write("a.jsonl", decided("x"))
    write("b.jsonl", decided("y"))
    run("select", "a.jsonl", "--where", "text", "-o", "b.jsonl", "--force")
    assert texts("b.jsonl") == ["x"]


def test_merge_keeps_the_last_decision_of_each_task_and_annotator(run: Run) -> None:
    write("a.jsonl", decided("x", n=1), decided("y", n=1), decided("x", n=2), {"text": "plain"})
    write("b.jsonl", decided("x", "bob", n=3), decided("y", n=4), {"text": "plain"})
    result = run("merge", "a.jsonl", "b.jsonl", "-o", "out.jsonl")
    lines = [json.loads(line) for line in Path("out.jsonl").read_bytes().splitlines()]
    assert [(line["text"], line.get("n")) for line in lines] == [
        ("x", 2), ("plain", None), ("x", 3), ("y", 4), ("plain", None),
    ]  # fmt: skip
    assert result.stderr == "out.jsonl: 5 of 7 records; left out 2 that were decided again.\n"


def test_merge_goes_by_the_time_of_decisions_where_they_have_one(run: Run) -> None:
    write("late.jsonl", decided("x", _timestamp=20))
    write("early.jsonl", decided("x", _timestamp=10), decided("x", _timestamp=10, _repeat=True))
    run("merge", "late.jsonl", "early.jsonl", "-o", "out.jsonl")
    lines = [json.loads(line) for line in Path("out.jsonl").read_bytes().splitlines()]
    assert [(line["_timestamp"], line.get("_repeat")) for line in lines] == [(20, None), (10, True)]


def test_merge_tells_decisions_of_other_programs_by_their_hashes(run: Run) -> None:
    one = {"text": "a", "answer": "accept", "_session_id": "db-ann", "_task_hash": 5}
    write("a.jsonl", one, one | {"answer": "reject"}, one | {"_session_id": "db-bo"})
    run("merge", "a.jsonl", "-o", "out.jsonl")
    lines = [json.loads(line) for line in Path("out.jsonl").read_bytes().splitlines()]
    assert [line["answer"] for line in lines] == ["reject", "accept"]


def test_split_puts_each_input_into_one_part_always(run: Run) -> None:
    records = [decided(f"text {n % 200}", f"ann{n}", _task_id=str(n)) for n in range(400)]
    write("a.jsonl", *records)
    result = run("split", "a.jsonl", "-o", "parts", "--dev", "20%", "--test", "0.1")
    parts = {name: texts(f"parts/{name}.jsonl") for name in ("train", "dev", "test")}
    assert sum(map(len, parts.values())) == 400
    assert not {*parts["train"]} & {*parts["dev"]}
    assert not {*parts["dev"]} & {*parts["test"]}
    assert 40 < len(parts["dev"]) < 120
    assert 10 < len(parts["test"]) < 80
    counts = ", ".join(f"{name} {len(part)}" for name, part in parts.items())
    assert result.stderr == f"parts: 400 records ({counts}).\n"
    write("b.jsonl", *records[::-1])
    run("split", "b.jsonl", "-o", "again", "--dev", "20%", "--test", "0.1")
    assert {*texts("again/dev.jsonl")} == {*parts["dev"]}


def test_the_places_of_inputs_are_spread_evenly_and_lasting() -> None:
    places = sorted(place_of({"text": str(n)}) for n in range(2000))
    assert max(abs(place - n / 2000) for n, place in enumerate(places)) < 0.05
    # What a model was trained on must stay apart in later versions, too.
    assert round(place_of({"text": "Ada met Bo."}), 6) == PLACE_OF_ADA


PLACE_OF_ADA = 0.222123


@pytest.mark.parametrize("chosen", [["-n", "7"], ["--share", "30%"]])
def test_sample_draws_the_same_again_in_order(run: Run, chosen: list[str]) -> None:
    write("a.jsonl", *(decided(f"{n:03}") for n in range(60)))

    def drawn(*arguments: str) -> list[str]:
        run("sample", "a.jsonl", *chosen, *arguments, "-o", "out.jsonl", "--force")
        return texts("out.jsonl")

    first = drawn()
    assert first == drawn() == sorted(first)
    assert first != drawn("--seed", "other")
    assert len(first) == 7 if chosen[0] == "-n" else 5 < len(first) < 35


def test_sample_draws_each_as_often(run: Run) -> None:
    write("a.jsonl", *(decided(str(n)) for n in range(5)))
    seen: list[str] = []
    for seed in range(100):
        run("sample", "a.jsonl", "-n", "2", "--seed", str(seed), "-o", "out.jsonl", "--force")
        seen += texts("out.jsonl")
    assert all(20 <= seen.count(str(n)) <= 60 for n in range(5))


def test_where_narrows_each_of_them(run: Run) -> None:
    write("a.jsonl", *(decided(str(n), flagged=n % 2 == 0) for n in range(10)))
    for command in (["merge", "a.jsonl"], ["sample", "a.jsonl", "-n", "9"]):
        run(*command, "--where", "flagged", "-o", "out.jsonl", "--force")
        assert texts("out.jsonl") == ["0", "2", "4", "6", "8"]
    run("split", "a.jsonl", "--where", "flagged", "-o", "parts")
    assert len(all_texts(Path("parts").glob("*.jsonl"))) == 5


def all_texts(files: Iterable[Path]) -> list[str]:
    return [text for file in files for text in texts(file)]
