"""What is said before a task is accepted: what is missing, and the checks of a recipe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.engine_bench import Bench
from tui_annotate.errors import AnnotateError
from tui_annotate.inventory.tagset import UPOS
from tui_annotate.kinds.block import Block
from tui_annotate.recipe import Session, checks
from tui_annotate.recipe.checks import Check

TASK = {"text": "She fishes here"}
SPAN = {"start": 0, "end": 3, "label": "PER"}
Open = Callable[..., Bench]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    benches: list[Bench] = []

    def opening(*tasks: dict[str, Any], **options: Any) -> Bench:
        lines = [json.dumps(task) + "\n" for task in tasks or [TASK, {"text": "Second"}]]
        (tmp_path / "in.jsonl").write_text("".join(lines))
        benches.append(Bench(tmp_path / "in.jsonl", tmp_path / "out.jsonl", **options))
        return benches[-1]

    yield opening
    for bench in benches:
        bench.engine.close()


def press(bench: Bench) -> str | None:
    """Press accept with the task painted; what was said."""
    bench.engine.pressed()
    return bench.decide()


# ── what is missing ────────────────────────────────────────────────────────


def test_a_half_tagged_text_is_accepted_by_the_second_press(opened: Open) -> None:
    bench = opened(view="tagging", labels=UPOS.names, tagset=UPOS)
    bench.engine.edit("label", "PRON")
    assert press(bench) == "2 tokens have no tag: accept again to leave it so"
    assert bench.text == TASK["text"]
    assert press(bench) is None
    assert bench.text == "Second"
    assert [len(line["spans"]) for line in bench.lines()] == [1]


def test_another_key_between_the_two_presses_asks_again(opened: Open) -> None:
    bench = opened(view="tagging", labels=UPOS.names, tagset=UPOS)
    assert press(bench) == "3 tokens have no tag: accept again to leave it so"
    bench.engine.pressed()
    bench.engine.edit("right")
    assert press(bench) == "3 tokens have no tag: accept again to leave it so"
    bench.engine.pressed()
    bench.engine.edit("label", "VERB")
    assert press(bench) == "2 tokens have no tag: accept again to leave it so"
    assert bench.lines() == []


def test_a_key_typed_before_it_can_be_read_accepts_nothing(opened: Open) -> None:
    bench = opened(view="tagging", labels=UPOS.names, tagset=UPOS)
    said = press(bench)
    for _ in range(3):
        bench.engine.pressed()
        assert bench.engine.decide("accept", bench.clock).message == said
    assert press(bench) is None
    assert len(bench.lines()) == 1


def test_reject_and_skip_ask_nothing(opened: Open) -> None:
    bench = opened(view="tagging", labels=UPOS.names, tagset=UPOS)
    assert bench.decide("reject") is None
    assert bench.decide("ignore") is None
    assert [line["answer"] for line in bench.lines()] == ["reject", "ignore"]


def test_each_block_is_asked_as_it_is_left(opened: Open) -> None:
    blocks = [
        Block("tagging", labels=UPOS.names, tagset=UPOS),
        Block("choice", labels=["a", "b"], multiple=True),
    ]
    bench = opened(view="blocks", labels=(), blocks=blocks, checks=[checks.at_least_one_label])
    assert press(bench) == "3 tokens have no tag: accept again to leave it so"
    assert press(bench) is None  # On to the classes.
    assert press(bench) == "nothing is labelled: accept again to leave it so"
    assert press(bench) is None
    assert bench.text == "Second"


# ── checks of a recipe ─────────────────────────────────────────────────────


def named(task: Any) -> str | None:
    """A check of a recipe's own."""
    if any(span["label"] == "PER" for span in task["spans"]):
        return None
    return "nobody is named."


def test_a_check_says_its_sentence_once(opened: Open) -> None:
    bench = opened(checks=[named])
    assert press(bench) == "nobody is named: accept again to leave it so"
    assert press(bench) is None
    bench.engine.edit("label", "PER")
    assert press(bench) is None
    assert len(bench.lines()) == 2


def test_a_required_check_lets_nothing_pass(opened: Open) -> None:
    bench = opened(checks=[checks.required(named), checks.at_least_one_label])
    for _ in range(3):
        assert press(bench) == "nobody is named; nothing is labelled"
    assert bench.decide("reject") is None


def test_a_check_gets_the_line_as_it_would_be_written(opened: Open) -> None:
    seen: list[dict[str, Any]] = []

    def look(task: Any) -> None:
        seen.append(task)
        task["spans"].clear()

    bench = opened({**TASK, "spans": [SPAN], "meta": {"id": 7}}, checks=[look])
    assert press(bench) is None
    (line,) = bench.lines()
    assert line["spans"]
    assert seen[0] == {**line, "spans": []}


def test_a_mistake_in_a_check_is_told_with_its_place_and_stops_nobody(opened: Open) -> None:
    def wrong(task: Any) -> None:
        task["nothing"]

    bench = opened(checks=[wrong])
    line = wrong.__code__.co_firstlineno + 1
    said = f"the check wrong failed at test_checks.py:{line} (KeyError)"
    assert press(bench) == f"{said}: accept again to leave it so"
    assert press(bench) is None


@pytest.mark.parametrize(
    ("check", "fields", "said"),
    [
        (checks.at_least_one_label, {"spans": []}, "nothing is labelled"),
        (checks.at_least_one_label, {"spans": [SPAN]}, None),
        (checks.at_least_one_label, {"spans": [], "accept": ["a"]}, None),
        (checks.at_least_one_label, {"label": "a"}, None),
        (checks.at_least_one_label, {"audio_spans": []}, "nothing is labelled"),
        (checks.no_crossing, {"spans": [SPAN, {"start": 0, "end": 10}]}, None),
        (checks.no_crossing, {"spans": [SPAN, {"start": 4, "end": 10}]}, None),
        (checks.no_crossing, {"spans": [{"start": 4, "end": 15}, {"start": 0, "end": 10}]},
         '"She fishes" and "fishes here" cross each other'),
        (checks.every_token_labelled, {"spans": [SPAN]},
         '2 tokens have no label, such as "fishes"'),
        (checks.every_token_labelled, {"spans": [SPAN, {"start": 4, "end": 15}]}, None),
        (checks.every_token_labelled, {"spans": [{"start": 0, "end": 15}, SPAN]}, None),
    ],
)  # fmt: skip
def test_the_checks_there_are(check: Check, fields: dict[str, Any], said: str | None) -> None:
    tokens = [{"start": 0, "end": 3}, {"start": 3, "end": 4}, {"start": 4, "end": 10},
              {"start": 11, "end": 15}]  # fmt: skip
    assert check({"text": "She fishes here", "tokens": tokens, **fields}) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"checks": named}, "checks must be a list, not the function named"),
        ({"checks": ["named"]}, 'a check must be a function of a task, not "named"'),
        ({"colours": {"PER": "red"}}, 'the colour of "PER" must be one such as #e69f00, not "red"'),
    ],
)
def test_what_is_no_check_and_no_colour_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(AnnotateError, match=said):
        Session([], labels=["PER"], **given)
