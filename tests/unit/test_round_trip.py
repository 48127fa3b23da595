"""Real tasks through a session and out again: only what the decision adds is new."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.unit.engine_bench import Bench

pytestmark = pytest.mark.shared_data

ADDED = {
    "_input_hash", "_task_hash", "_task_id", "_view_id", "_session_id", "_annotator_id",
    "_timestamp", "answer", "_recipe", "_labels", "_suggested", "_seconds", "_keys",
}  # fmt: skip
"""What every decision writes, over whatever an earlier one wrote there."""

EXAMPLES = "prodigy-recipes/example-datasets"
NEWS = f"{EXAMPLES}/news_headlines.jsonl"
ANNOTATED = f"{EXAMPLES}/annotated_news_headlines-ORG-PERSON-LOCATION-ner.jsonl"

FILES = {
    "prodigy-projects/nel_emerson/emerson_annotated_text.jsonl": 30,
    "prodigy-projects/ner_drugs/drugs_eval.jsonl": 500,
    "prodigy-projects/spanruler_restaurant_reviews/test_review.ner_manual-250.jsonl": 250,
    "prodigy-projects/spanruler_restaurant_reviews/test_review.review-250.jsonl": 250,
    "prodigy-projects/textcat_docs_issues/docs_issues_eval.jsonl": 500,
    "prodigy-projects/textcat_docs_issues/docs_issues_training.control-chars.jsonl": 2,
    "prodigy-projects/textcat_docs_issues/gh_issues_raw.control-chars.jsonl": 1,
    "prodigy-projects/textcat_docs_issues/gh_issues_raw.head400.jsonl": 400,
    "prodigy-projects/textcat_multilabel_demo/cooking-dev.head300.jsonl": 300,
    "prodigy-projects/textcat_multilabel_demo/cooking-train.head300.jsonl": 300,
    f"{EXAMPLES}/annotated_github-issues-DOCUMENTATION-textcat.jsonl": 830,
    ANNOTATED: 373,
    f"{EXAMPLES}/annotated_reddit-PRODUCT-ner.jsonl": 1800,
    NEWS: 200,
    f"{EXAMPLES}/plot_summaries.jsonl": 200,
}
"""Every file of tasks, and how many it has."""


def rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def accept_all(source: Path, folder: Path, **options: Any) -> list[dict[str, Any]]:
    """Accept every task of a file as it is shown; the lines in the order of the source."""
    copy = folder / "source.jsonl"
    shutil.copy(source, copy)
    # A session has labels: those of the tasks, where they come with any.
    named = () if any(row.get("spans") for row in rows(source)) else ("LABEL",)
    chosen: dict[str, Any] = {"labels": named, "keep_labels": True, "overlap": True}
    bench = Bench(copy, folder / "out.jsonl", quick=True, **(chosen | options))
    count = 0
    while bench.stage == "open":
        assert bench.decide() is None
        count += 1
    assert bench.stage == "done", bench.engine.invalid
    lines = bench.lines()
    bench.close()
    assert len(lines) == count
    return lines


def without_indices(span: dict[str, Any]) -> dict[str, Any]:
    return {name: v for name, v in span.items() if name not in ("token_start", "token_end")}


def test_the_files_are_all_there(shared_data: Path) -> None:
    found = {
        str(path.relative_to(shared_data)): len(rows(path))
        for path in shared_data.glob("prodigy-*/*/*.jsonl")
        if "patterns" not in path.name
    }
    assert found == FILES
    assert sum(found.values()) > 5900


@pytest.mark.parametrize("file", FILES)
def test_a_decided_task_differs_only_in_what_the_decision_adds(
    shared_data: Path, tmp_path: Path, file: str
) -> None:
    source = rows(shared_data / file)
    lines = accept_all(shared_data / file, tmp_path)
    assert len(lines) == len(source)
    for came, went in zip(source, lines, strict=True):
        assert went.keys() - came.keys() <= ADDED | {"tokens", "spans"}
        for name in came.keys() - ADDED - {"spans", "tokens"}:
            if name not in ("flagged", "comment"):
                assert went[name] == came[name], name
        for name in ("_input_hash", "_task_hash"):
            assert went[name] == came.get(name, went[name])
        assert_spans_kept(came, went)
        if came.get("tokens"):
            assert went["tokens"] == came["tokens"]
        assert went["answer"] == "accept"


def assert_spans_kept(came: dict[str, Any], went: dict[str, Any]) -> None:
    """Every span is there as it came, with token indices that fit the tokens of the line."""
    before = sorted(json.dumps(without_indices(s), sort_keys=True) for s in came.get("spans") or [])
    after = sorted(json.dumps(without_indices(s), sort_keys=True) for s in went["spans"])
    assert after == before
    order = [(s["start"], -s["end"]) for s in went["spans"]]
    assert order == sorted(order)
    for span in went["spans"]:
        if "token_start" in span:
            assert went["tokens"][span["token_start"]]["start"] == span["start"]
            assert went["tokens"][span["token_end"]]["end"] == span["end"]


def test_headlines_accepted_have_the_input_hashes_of_the_annotated_file(
    shared_data: Path, tmp_path: Path
) -> None:
    known = {row["text"]: row["_input_hash"] for row in rows(shared_data / ANNOTATED)}
    lines = accept_all(shared_data / NEWS, tmp_path, labels=("ORG", "PERSON", "LOCATION"))
    assert len(lines) == 200
    shared = [line for line in lines if line["text"] in known]
    assert len(shared) > 150
    assert all(line["_input_hash"] == known[line["text"]] for line in shared)


def test_annotated_headlines_accepted_give_their_spans_and_tokens_back_field_by_field(
    shared_data: Path, tmp_path: Path
) -> None:
    source = rows(shared_data / ANNOTATED)
    lines = accept_all(shared_data / ANNOTATED, tmp_path, keep_labels=False, overlap=False)
    for came, went in zip(source, lines, strict=True):
        assert went["spans"] == (came.get("spans") or [])
        assert went["tokens"] == came["tokens"]
        assert list(went)[: len(came)] == list(came)
