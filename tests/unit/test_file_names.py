"""Formats with files of their own for each task name them after its id."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui_annotate.cli.program import run


@pytest.mark.parametrize(
    ("name", "suffix"), [("brat", ".ann"), ("keyphrases", ".key"), ("webanno", ".tsv")]
)
def test_names_of_files_are_ids_that_can_be_one(
    name: str,
    suffix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = (
        json.dumps({"text": "x", "spans": [], "meta": {"id": id_}}) for id_ in ("a", "A", "../b")
    )
    Path("in.jsonl").write_text("\n".join(lines))
    run(["export", "in.jsonl", "--to", name, "-o", "out"])
    assert "ids that cannot be the name of a file: 1 task" in capsys.readouterr().err
    assert not Path("out").exists()
    run(["export", "in.jsonl", "--to", name, "-o", "out", "--lossy"])
    assert {path.name for path in Path("out").glob(f"*{suffix}")} == {
        f"a{suffix}",
        f"A-2{suffix}",
        f"00003{suffix}",
    }
