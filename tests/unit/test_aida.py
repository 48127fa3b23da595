"""AIDA-YAGO2: texts with linked mentions, in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_annotate.cli.program import run

Do = Callable[..., str]

URL = "http://en.wikipedia.org/wiki/"
FILE = (
    "-DOCSTART- (1 EU)\n"
    "EU\tB\tEU\t--NME--\n"
    "rejects\n"
    f"German\tB\tGerman\tGermany\t{URL}Germany\t11867\t/m/0345h\n"
    "call\n"
    "\n"
    f"Peter\tB\tPeter O'Toole\tPeter_O\\u0027Toole\t{URL}Peter_O'Toole\t24027\n"
    f"O'Toole\tI\tPeter O'Toole\tPeter_O\\u0027Toole\t{URL}Peter_O'Toole\t24027\n"
    "\n"
    "-DOCSTART- (2 Rare)\n"
    "Rare\n"
)


@pytest.fixture
def do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Do:
    monkeypatch.chdir(tmp_path)

    def do(*words: str) -> str:
        run(words)
        captured = capsys.readouterr()
        return captured.out + captured.err

    return do


def tasks(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(name).read_text().splitlines()]


def test_a_document_is_a_task_with_linked_mentions(do: Do) -> None:
    Path("aida.tsv").write_text(FILE)
    said = do("import", "aida.tsv", "-o", "out.jsonl")
    first, second = tasks("out.jsonl")
    assert first["text"] == "EU rejects German call\nPeter O'Toole"
    assert first["meta"] == {"id": "1 EU"}
    mentions = [
        (first["text"][span["start"] : span["end"]], span["kb_id"], span.get("nil"))
        for span in first["spans"]
    ]
    assert mentions == [
        ("EU", "NIL", "absent"),
        ("German", "Germany", None),
        ("Peter O'Toole", "Peter_O'Toole", None),
    ]
    assert [token["ws"] for token in first["tokens"]] == [True, True, True, False, True, False]
    assert second["text"] == "Rare"
    assert second["spans"] == []
    assert "5 other links were left out (--links reads wikipedia, page, freebase)" in said


def test_the_kind_of_link_can_be_chosen(do: Do) -> None:
    Path("aida.tsv").write_text(FILE)
    said = do("import", "aida.tsv", "--from", "aida", "--links", "freebase", "-o", "out.jsonl")
    links = [span.get("kb_id") for span in tasks("out.jsonl")[0]["spans"]]
    assert links == ["NIL", "/m/0345h", None]
    assert "1 mention has no link in the column freebase" in said
    assert "is none of yago" in do(
        "import", "aida.tsv", "--from", "aida", "--links", "x", "-o", "x"
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"Ada\tB\tAda", "aida.tsv:2: a token is alone, or has B or I"),
        (b"Ada Bo", 'aida.tsv:2: "Ada Bo" is no token'),
        (b"Ad\xff", "aida.tsv:2: not valid UTF-8"),
    ],
)
def test_what_is_broken_is_told_with_its_line(do: Do, line: bytes, told: str) -> None:
    Path("aida.tsv").write_bytes(b"-DOCSTART- (1 EU)\n" + line + b"\n\n-DOCSTART- (2)\nBo\n")
    assert told in do("import", "aida.tsv", "-o", "out.jsonl")
    do("import", "aida.tsv", "--skip-invalid", "-o", "out.jsonl")
    assert [task["text"] for task in tasks("out.jsonl")] == ["Bo"]
