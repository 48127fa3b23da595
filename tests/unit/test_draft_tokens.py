"""A draft keeps the tokens of its text, so that it can be edited again at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engine_bench import Bench, FakeProcess
from tui_annotate.session.draft_tokens import packed, unpacked
from tui_annotate.text.tokens import Tokens

TEXT = "Anna met Bo in New-York."
PAIRS = [(0, 4), (5, 8), (9, 11), (12, 14), (15, 18), (18, 19), (19, 23), (23, 24)]


Open = Callable[[], Bench]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.jsonl"
    path.write_text(json.dumps({"text": TEXT}) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def opened(source: Path) -> Iterator[Open]:
    benches: list[Bench] = []

    def opening() -> Bench:
        benches.append(Bench(source, source.with_name("out.jsonl"), process=FakeProcess()))
        return benches[-1]

    yield opening
    for bench in benches:
        bench.engine.close()


@pytest.fixture
def draft(source: Path, opened: Open) -> Path:
    """Where the draft of a labelled word is, as a session has left it."""
    bench = opened()
    bench.tokenise(0)
    bench.label("Anna", "PER")
    bench.close()
    [path] = source.parent.glob(".*.session/drafts/*")
    return path


def with_tokens(draft: Path, tokens: object) -> None:
    """Put other tokens into a draft."""
    found = json.loads(draft.read_bytes())
    found["state"]["tokens"] = tokens
    draft.write_text(json.dumps(found), encoding="utf-8")


@pytest.mark.usefixtures("draft")
def test_a_draft_opens_before_the_process_says_a_word(opened: Open) -> None:
    again = opened()
    assert again.stage == "open"
    assert again.spans == [("Anna", "PER")]
    assert again.process is not None
    assert again.process.sent == []
    again.label("Bo", "PER")
    assert again.decide() is None
    assert [line["spans"][1]["start"] for line in again.lines()] == [TEXT.index("Bo")]


def test_a_draft_of_an_earlier_version_waits_for_its_tokens(draft: Path, opened: Open) -> None:
    found = json.loads(draft.read_bytes())
    del found["state"]["tokens"]
    draft.write_text(json.dumps(found), encoding="utf-8")
    again = opened()
    assert again.stage == "waiting"
    again.tokenise(0)
    assert again.spans == [("Anna", "PER")]


@pytest.mark.parametrize(
    "tokens", [[0], [0, 0], [0, 99], [-1, 4], [0, "4"], [True, 4], "0 4", {}, None]
)
def test_tokens_that_are_none_of_the_text_are_made_anew(
    draft: Path, opened: Open, tokens: object
) -> None:
    with_tokens(draft, tokens)
    again = opened()
    assert again.stage == "waiting"
    again.tokenise(0)
    assert again.spans == [("Anna", "PER")]


@pytest.mark.usefixtures("draft")
def test_a_text_that_has_changed_waits_for_its_tokens(source: Path, opened: Open) -> None:
    source.write_text(json.dumps({"text": f"So {TEXT}", "id": 1}) + "\n", encoding="utf-8")
    assert opened().stage == "waiting"


def test_tokens_are_few_digits_in_a_draft() -> None:
    assert packed(Tokens.from_pairs(TEXT, PAIRS))[:8] == [0, 4, 1, 3, 1, 2, 1, 2]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9)), min_size=1, max_size=20))
def test_tokens_come_back_as_they_were(steps: list[tuple[int, int]]) -> None:
    pairs, at = [], 0
    for gap, length in steps:
        pairs.append((at + gap, at + gap + length))
        at = pairs[-1][1]
    text = "x" * at
    tokens = Tokens.from_pairs(text, pairs)
    assert unpacked(text, packed(tokens)) == tokens
