"""stats: figures that can be counted by hand, and what is odd in a collection."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tui_annotate.cli.program import program
from tui_annotate.quality.statistics.inputs import sketch_of
from tui_annotate.quality.statistics.statistics import Statistics
from tui_annotate.quality.tables import Table, as_html, as_json, renderables
from tui_annotate.records.reading import Line

Fields = dict[str, Any]


def counted(records: Iterable[Fields], *by: str) -> dict[str, Table]:
    statistics = Statistics(by)
    statistics.read(Line("a.jsonl", n, b"", fields) for n, fields in enumerate(records, 1))
    return {table.name: table for table in statistics.tables()}


def rows(table: Table) -> list[list[Any]]:
    return [list(row) for row in table.rows]


def ner(text: str, *spans: tuple[str, str], annotator: str = "ann", **fields: Any) -> Fields:
    found = [
        {"start": text.index(string), "end": text.index(string) + len(string), "label": label}
        for string, label in spans
    ]
    return {"text": text, "spans": found, "answer": "accept", "_annotator_id": annotator} | fields


def region(start: float, end: float, **fields: Any) -> Fields:
    return {"start": start, "end": end, "label": "SPEECH"} | fields


def test_decisions_are_counted_by_annotator_and_answer() -> None:
    tables = counted(
        [
            ner("a", flagged=True, comment="?"),
            ner("b", answer="reject"),
            ner("c", annotator="bo"),
            ner("d", annotator="bo", answer="ignore", comment=""),
            {"text": "undecided"},
            {"text": "of Prodigy", "answer": "accept", "_session_id": "db-cy"},
        ]
    )
    assert rows(tables["decisions"]) == [
        ["ann", 2, 1, 1, 0, 1, 1],
        ["bo", 2, 1, 0, 1, 0, 0],
        ["db-cy", 1, 1, 0, 0, 0, 0],
        ["all", 5, 3, 1, 1, 1, 1],
    ]
    assert tables["decisions"].note == "1 records are not decided."


def test_labels_of_every_kind_are_counted() -> None:
    tables = counted(
        [
            ner("Ada and Bo", ("Ada", "PER"), ("Bo", "PER"), _labels=["PER", "ORG"]),
            ner("no", answer="reject") | {"label": "not counted"},
            {"text": "x", "accept": ["A", "PER"], "answer": "accept"},
            {"text": "x", "label": "yes?", "answer": "accept"},
            {
                "audio": "a",
                "audio_spans": [{"start": 0, "end": 1, "label": "A"}],
                "answer": "accept",
            },
            ner("none"),
        ]
    )
    assert rows(tables["labels"]) == [
        ["PER", 3, 0.5, 2],
        ["A", 2, 2 / 6, 2],
        ["yes?", 1, 1 / 6, 1],
        ["ORG", 0, 0.0, 0],
    ]
    assert tables["labels"].note == ("1 of 5 accepted records have no label. Never given: ORG.")


def test_what_became_of_suggestions() -> None:
    def suggested(start: float, end: float, label: str, source: str = "spacy") -> Fields:
        return {"start": start, "end": end, "label": label, "source": source}

    text = "Ada met Bo in Rome today"
    tables = counted(
        [
            ner(
                text,
                ("Ada", "PER"),
                ("Bo", "PER"),
                ("Rome", "GPE"),
                _suggested=[
                    suggested(0, 3, "PER"),
                    suggested(8, 13, "PER"),
                    suggested(14, 18, "ORG"),
                    suggested(19, 24, "DATE"),
                    suggested(0, 3, "PER", "lexicon") | {"hints_only": True},
                ],
            ),
            ner(text, answer="reject", _suggested=[suggested(0, 3, "PER")]),
            {
                "text": "x",
                "accept": ["A"],
                "answer": "accept",
                "_suggested": [suggested(0, 1, "A", "words"), suggested(0, 1, "B", "words")],
            },
            {
                "audio": "a",
                "audio_spans": [region(0.5, 1.0)],
                "answer": "accept",
                "_suggested": [suggested(0.5001, 1.0, "SPEECH", "speech")],
            },
        ]
    )
    assert rows(tables["suggestions"]) == [
        ["spacy", "all", 4, 1, 2, 1, 0.25],
        ["spacy", "PER", 2, 1, 1, 0, 0.5],
        ["spacy", "ORG", 1, 0, 1, 0, 0.0],
        ["spacy", "DATE", 1, 0, 0, 1, 0.0],
        ["words", "all", 2, 1, 0, 1, 0.5],
        ["words", "A", 1, 1, 0, 0, 1.0],
        ["words", "B", 1, 0, 0, 1, 0.0],
        ["speech", "all", 1, 1, 0, 0, 1.0],
    ]


def test_how_much_sound_there_is_and_of_what() -> None:
    turns = [(0, 60, "Di"), (30, 90, "Ann"), (120, 126, "Di")]
    tables = counted(
        [
            {
                "audio": "a.wav",
                "duration": 3600.0,
                "audio_spans": [region(*times, speaker=who) for *times, who in turns],
                "answer": "accept",
            },
            {"audio": "b.wav", "chunk": {"start": 10, "end": 1810}, "answer": "accept"},
            {"audio": "c.wav", "answer": "accept"},
        ]
    )
    assert rows(tables["sounds"]) == [
        ["recordings", 3],
        ["hours of audio", 1.5],
        ["hours within regions", pytest.approx(96 / 3600)],
        ["hours where regions overlap", pytest.approx(30 / 3600)],
    ]
    assert tables["sounds"].note == "1 records do not say how long they are."
    assert rows(tables["speakers"]) == [["Di", 2, pytest.approx(1.1)], ["Ann", 1, 1.0]]
    assert rows(tables["regions"]) == [["SPEECH", 3, pytest.approx(2.1)]]


def test_pace_and_lengths() -> None:
    tables = counted(
        ner(f"{'x' * n} y", _seconds=n / 10, _keys=n % 3, _timestamp=7200 + 36 * n)
        for n in range(1, 101)
    )
    ((name, median, ninety, hours, keys, keys_ninety),) = rows(tables["pace"])
    assert (name, median, ninety, keys_ninety) == ("ann", 5.0, 9.0, 2)
    assert hours == pytest.approx(505 / 3600)
    assert keys == 1.0
    assert sum(row[1] for row in rows(tables["hours"])) == 100
    assert rows(tables["lengths"])[0] == ["characters a text", 52.5, 3, 52, 92, 102]


def test_strings_labelled_in_two_ways() -> None:
    tables = counted(
        [
            *(ner(f"{n} Kansas", ("Kansas", "GPE")) for n in range(3)),
            ner("in Kansas", ("Kansas", "ORG")),
            ner("Ada", ("Ada", "PER")),
        ]
    )
    assert rows(tables["strings"]) == [["Kansas", "GPE 3, ORG 1"]]


def test_a_label_that_one_annotator_uses_alone() -> None:
    records = [
        ner(f"Ada {n}", ("Ada", "PER"), *([("Ada", "ODD")] if who == "ann" else []), annotator=who)
        for who in ("ann", "bo")
        for n in range(20)
    ]
    assert rows(counted(records)["alone"]) == [["ODD", "ann", 20]]
    assert "alone" not in counted(records[:-1])


def test_labels_by_a_field() -> None:
    records = [
        ner("Ada", ("Ada", "PER" if n % 2 or source == "web" else "ORG"), meta={"source": source})
        for source in ("web", "news", "mail")
        for n in range(60)
    ] + [ner("Ada", ("Ada", "PER"))]
    table = counted(records, "meta.source")["by"]
    assert table.columns == ["meta.source", "records", "PER", "ORG"]
    assert rows(table)[0] == ["web", 60, 1.0, 0.0]
    assert rows(table)[3] == ["(not said)", 1, 1.0, 0.0]
    assert "more PER in web" in table.note
    assert "in mail" not in table.note


def test_labels_whose_share_changes() -> None:
    def labelled(n: int, label: str) -> Fields:
        return ner(f"Ada {n}", ("Ada", label))

    steady = [labelled(n, "PER" if n % 2 else "ORG") for n in range(400)]
    assert "drift" not in counted(steady)
    moved = [labelled(n, "PER" if n % (2 if n < 200 else 5) else "ORG") for n in range(400)]
    assert rows(counted(moved)["drift"]) == [["ORG", 0.5, 0.2], ["PER", 0.5, 0.8]]


WORDS = ["the", "of", "and", "to", "in", "is", "it", "on", "as", "with", "for", "his", "her"]


def sentence(seed: int, length: int = 30) -> list[str]:
    chance = random.Random(seed)
    return [chance.choice(WORDS) + str(chance.randrange(40)) for _ in range(length)]


def test_texts_that_are_nearly_the_same_are_found() -> None:
    texts = [sentence(seed) for seed in range(400)]
    near = [list(texts[seed]) for seed in range(0, 400, 20)]
    for words in near:
        words[-1] = "other"
    tables = counted({"text": " ".join(words)} for words in [*texts, *near])
    found = rows(tables["near"])
    assert all(count == 2 for count, _ in found)
    note = tables["near"].note
    # A sketch is a chance; of twenty such pairs it may miss a few.
    assert 17 <= int(note.split()[0]) <= 20
    assert dict(rows(tables["inputs"]))["inputs"] == 420


def test_a_text_of_few_words_is_nearly_the_same_as_none() -> None:
    assert sketch_of("one two three four") is None
    assert sketch_of("one two three four five") is not None


def test_an_input_that_is_decided_often_is_told() -> None:
    tables = counted([ner("same")] * 7 + [ner("other")])
    assert dict(rows(tables["inputs"])) == {
        "inputs": 2,
        "inputs with several records": 1,
        "records of the input that has most": 7,
        "texts that are nearly the same as another": 0,
    }


# How tables are shown

HOSTILE = "\x1b[2J<script>alert(1)</script>\u202e"


@pytest.fixture
def hostile() -> list[Table]:
    return [Table("t", HOSTILE, [HOSTILE, "n"], [[HOSTILE, 3], [None, 1]], HOSTILE, bar="n")]


def test_nothing_from_data_acts_on_a_terminal_or_a_browser(hostile: list[Table]) -> None:
    from rich.console import Console

    console = Console(width=80, force_terminal=False, record=True)
    with console.capture() as captured:
        for renderable in renderables(hostile, 80):
            console.print(renderable)
    page = as_html(HOSTILE, hostile)
    for shown in (captured.get(), page):
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_tables_as_json(hostile: list[Table]) -> None:
    assert json.loads(as_json(hostile)) == {
        "t": {"rows": [{HOSTILE: HOSTILE, "n": 3}, {HOSTILE: None, "n": 1}], "note": HOSTILE}
    }


# The command


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    lines = [ner("Ada", ("Ada", "PER"), _task_id="1"), ner("Bo", ("Bo", "PER"), _task_id="2")]
    path.write_text("".join(json.dumps(line) + "\n" for line in [*lines, lines[0]]))
    return path


def stats(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["stats", *map(str, arguments)], standalone_mode=False)


def test_the_command_shows_writes_and_tells(file: Path, tmp_path: Path) -> None:
    result = stats(file, "--where", "text")
    assert "Decisions" in result.stdout
    assert result.stderr.splitlines() == [
        "the standard output: 3 of 3 records counted.",
        "Note: 1 record decides what was decided before; merge keeps the last.",
    ]
    assert json.loads(stats(file, "--json").stdout)["labels"]["rows"][0]["count"] == 3
    page = tmp_path / "a.html"
    stats(file, "--html", page)
    assert page.read_text().startswith("<!doctype html>")
    assert "this file exists" in str(stats(file, "--html", page).exception)
    assert stats(file, "--html", page, "--force").exception is None


def test_a_file_without_decisions(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "x"}\n')
    (tmp_path / "empty.jsonl").write_text("\n")
    assert "not decided" in stats(tmp_path / "a.jsonl").stdout
    assert "0 of 0 records counted" in stats(tmp_path / "empty.jsonl").stderr
