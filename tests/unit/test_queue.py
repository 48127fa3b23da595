"""What comes next: of the tasks, and of the texts that the suggestion process gets."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.engine_bench import Bench, FakeProcess
from tui_annotate.session.queue import LOOKED_AT, TaskQueue
from tui_annotate.sources import Stream, open_source
from tui_annotate.suggest.messages import SuggesterSpec

MODEL = SuggesterSpec(kind="entities", name="model", options={"model": "m"})
BY_INPUT = {"exclude_by": "input"}

Open = Callable[..., Bench]


@pytest.fixture
def open_bench(tmp_path: Path) -> Iterator[Open]:
    """Opens sessions on texts, one after the other, on one output."""
    opened: list[Bench] = []

    def opening(*texts: str, **options: Any) -> Bench:
        source = tmp_path / "source.jsonl"
        if texts:
            rows = [json.dumps({"text": text, "meta": {"n": n}}) for n, text in enumerate(texts)]
            source.write_text("\n".join(rows) + "\n", encoding="utf-8")
        process = FakeProcess()
        bench = Bench(
            source, tmp_path / "out.jsonl", process=process, specs=[MODEL], quick=True, **options
        )
        opened.append(bench)
        return bench

    yield opening
    for bench in opened:
        bench.engine.close()


def sent(bench: Bench) -> list[str]:
    """What the suggestion process got so far, in order."""
    assert bench.process is not None
    return bench.process.sent


def answer(bench: Bench) -> None:
    """Have the process send what the current task needs, where it was asked for it."""
    item, process = bench.engine.current, bench.process
    assert item is not None
    assert process is not None
    if item.position in process.documents:
        bench.tokenise(item.position)
        bench.suggest(item.position)


def decide_all(bench: Bench) -> list[str]:
    """Decide what there is; the texts in the order in which they were shown."""
    shown = []
    while bench.stage != "done":
        answer(bench)
        shown.append(bench.text or "")
        bench.decide()
    return shown


COPIES = ["The same."] * 60 + [f"Text {n}." for n in range(40)]


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_no_text_is_sent_that_cannot_be_shown(open_bench: Open, seed: int | None) -> None:
    texts = list(COPIES)
    if seed is not None:
        random.Random(seed).shuffle(texts)
    bench = open_bench(*texts, settings=BY_INPUT)
    shown = decide_all(bench)
    assert shown == list(dict.fromkeys(texts))
    assert sorted(sent(bench)) == sorted(shown)


def test_the_texts_behind_many_copies_are_sent_ahead(open_bench: Open) -> None:
    bench = open_bench(*COPIES, settings=BY_INPUT)
    assert sent(bench) == ["The same.", *(f"Text {n}." for n in range(24))]


def test_where_every_task_counts_every_copy_is_sent_ahead(open_bench: Open) -> None:
    bench = open_bench(*COPIES)
    assert sent(bench) == ["The same."] * 25


def test_what_an_earlier_session_decided_under_another_task_is_not_sent(open_bench: Open) -> None:
    bench = open_bench("One.", "Two.", "Three.", "Two.")
    for _ in range(2):
        answer(bench)
        bench.decide()
    bench.close()
    bench = open_bench(settings=BY_INPUT)
    assert sent(bench) == ["Three."]


def test_a_copy_of_what_was_left_undecided_is_shown_and_not_sent_again(open_bench: Open) -> None:
    bench = open_bench("Same.", "Two.", "Same.", "Three.", settings=BY_INPUT)
    bench.tokenise(0)
    bench.engine.look(1)
    bench.engine.look(1)
    assert bench.text == "Same."
    assert bench.editor.offered == []
    bench.suggest(0, ("Same", "PER", "model"))
    assert bench.spans == [("Same", "PER")]
    assert sent(bench) == ["Same.", "Two.", "Three."]
    bench.decide()
    assert bench.text == "Three."
    bench.engine.look(-1)
    assert sent(bench).count("Same.") == 1


def test_a_copy_comes_with_what_is_known_of_the_first(open_bench: Open) -> None:
    bench = open_bench("Same.", "Two.", "Same.", settings=BY_INPUT)
    bench.tokenise(0)
    bench.suggest(0, ("Same", "PER", "model"))
    bench.engine.look(2)
    assert bench.spans == [("Same", "PER")]


def test_texts_ahead_are_sent_again_for_a_source_that_is_switched_on(open_bench: Open) -> None:
    bench = open_bench("One.", "Two.", "Three.")
    answer(bench)
    bench.decide()
    bench.engine.back()
    assert bench.text == "One."
    bench.engine.switch_source("model")
    before = len(sent(bench))
    bench.engine.switch_source("model")
    assert sent(bench)[before:] == ["One.", "Two.", "Three."]


def test_the_search_for_what_comes_next_is_short(open_bench: Open) -> None:
    bench = open_bench(*["Same."] * (LOOKED_AT + 10), "Another.", settings=BY_INPUT)
    assert sent(bench) == ["Same."]
    assert bench.engine.stream.known <= LOOKED_AT + 2
    answer(bench)
    bench.decide()
    assert bench.text == "Another."
    assert sent(bench) == ["Same.", "Another."]


def test_what_is_decided_or_passed_over_does_not_come_next(tmp_path: Path) -> None:
    source = tmp_path / "source.jsonl"
    source.write_text('{"text": "a"}\n{"text": 1}\n{"text": "b"}\n{"text": "c"}\n{"text": "d"}\n')
    bench = Bench(source, tmp_path / "out.jsonl")
    bench.goto("3")
    bench.decide()
    queue = TaskQueue(Stream(open_source(str(source))), bench.journal)
    first = queue.at(0)
    assert first is not None
    queue.stand_at(first)
    assert queue.upcoming(9) == [1, 3, 4]
    assert queue.upcoming(1) == [1]
    queue.skip(1)
    assert queue.upcoming(9) == [3, 4]
    assert queue.passed_over == 1
    bench.close()


@pytest.mark.parametrize(("by_input", "asked"), [(False, 4), (True, 2)])
def test_all_is_decided_when_all_that_is_asked_is(
    open_bench: Open, by_input: bool, asked: int
) -> None:
    texts = ("Same.", "Same.", "Other.", "Same.")
    bench = open_bench(*texts, settings=BY_INPUT if by_input else None)
    shares = [bench.engine.queue.share(len(texts))]
    while bench.stage != "done":
        answer(bench)
        bench.decide()
        shares.append(bench.engine.queue.share(len(texts)))
    assert shares[0] is not None
    assert shares[0][0] == 0
    assert shares[-1] == (asked, asked)
    # Taken up again, it is all there at once.
    bench.engine.close()
    again = open_bench(settings=BY_INPUT if by_input else None)
    assert again.engine.queue.share(len(texts)) == (asked, asked)
