"""What a recipe makes of its stream: filtered, changed, sorted, made anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.errors import AnnotateError
from tui_annotate.sources import Stream, open_source
from tui_annotate.sources.invalid import InvalidLine, InvalidSource
from tui_annotate.task.task import Task

TEXTS = ("One banana.", "Two apples.", "Three bananas and a pear.", "Four.")


def stream(folder: Path, *tasks: Any, **options: Any) -> Stream:
    """A stream of these tasks, texts or raw lines."""
    path = folder / "tasks.jsonl"
    rows = [{"text": task} if isinstance(task, str) else task for task in tasks or TEXTS]
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return Stream(open_source(str(path)), **options)


def tasks(of: Stream) -> list[Task]:
    found: list[Task] = []
    while True:
        task = of.read(len(found))
        if task is None:
            return found
        assert isinstance(task, Task), task
        found.append(task)


def texts(of: Stream) -> list[str]:
    return [task.text for task in tasks(of)]


def lines(of: Stream) -> list[int | None]:
    return [task.origin.line for task in tasks(of)]


def test_some_tasks_are_kept(tmp_path: Path) -> None:
    kept = stream(tmp_path).filter(lambda task: "banana" in task["text"])
    assert texts(kept) == [TEXTS[0], TEXTS[2]]
    assert lines(kept) == [1, 3]
    assert kept.total() == 2


def test_a_task_is_changed_and_that_is_how_it_came(tmp_path: Path) -> None:
    louder = stream(tmp_path).map(lambda task: {**task, "text": task["text"].upper()})
    assert louder.total() == 4
    assert texts(louder)[0] == "ONE BANANA."
    same = stream(tmp_path, *(text.upper() for text in TEXTS))
    assert [task.id for task in tasks(louder)] == [task.id for task in tasks(same)]


def test_hashes_of_another_text_do_not_stay(tmp_path: Path) -> None:
    came = {"text": "One.", "_input_hash": 1, "_task_hash": 2}
    changed = stream(tmp_path, came).map(lambda task: {**task, "text": "Two."})
    assert not {"_input_hash", "_task_hash"} & tasks(changed)[0].fields.keys()
    kept = stream(tmp_path, came).map(lambda task: {**task, "meta": {"n": 1}})
    assert tasks(kept)[0].fields["_input_hash"] == 1


def test_a_task_becomes_several(tmp_path: Path) -> None:
    def words(task: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for word in task["text"].split():
            yield {"text": word}

    split = stream(tmp_path).flat_map(words)
    assert texts(split)[:3] == ["One", "banana.", "Two"]
    assert lines(split)[:4] == [1, 1, 2, 2]


def test_tasks_are_sorted_and_taken(tmp_path: Path) -> None:
    longest = stream(tmp_path).sort(lambda task: len(task["text"]), reverse=True).take(2)
    assert longest.total() == 2
    assert texts(longest) == [TEXTS[2], TEXTS[0]]
    assert lines(longest) == [3, 1]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_sorting_is_that_of_python(tmp_path_factory: Any, numbers: list[int]) -> None:
    rows: list[dict[str, Any]] = [
        {"text": str(number), "meta": {"n": at}} for at, number in enumerate(numbers)
    ]
    made = stream(tmp_path_factory.mktemp("sorted"), *rows).sort(lambda task: task["text"])
    assert [(task.text, task.fields["meta"]["n"]) for task in tasks(made)] == [
        (row["text"], row["meta"]["n"]) for row in sorted(rows, key=lambda row: str(row["text"]))
    ]


def test_keys_that_cannot_be_compared_leave_the_order_and_say_so(tmp_path: Path) -> None:
    odd = stream(tmp_path).sort(lambda task: None if "Two" in task["text"] else 1)
    assert texts(odd) == list(TEXTS)
    assert any("cannot be compared" in notice for notice in odd.source.notices)


def test_a_generator_of_ones_own_knows_where_its_tasks_stood(tmp_path: Path) -> None:
    source = stream(tmp_path)

    def prepared() -> Iterator[dict[str, Any]]:
        for task in source:
            if "a" in task["text"]:
                yield {**task, "meta": {"length": len(task["text"])}}

    made = source.made_of(prepared())
    assert lines(made) == [1, 2, 3]
    assert tasks(made)[0].fields["meta"] == {"length": 11}


def test_a_list_made_beforehand_knows_it_too(tmp_path: Path) -> None:
    source = stream(tmp_path)
    made = source.made_of(sorted(source, key=lambda task: len(task["text"])))
    assert lines(made) == [4, 2, 1, 3] or lines(made) == [4, 1, 2, 3]


def test_a_task_is_read_again_as_it_was_made_and_the_function_asked_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def numbered(task: dict[str, Any]) -> dict[str, Any]:
        asked.append(task["text"])
        return {**task, "text": f"{len(asked)}: {task['text']}"}

    made = stream(tmp_path).map(numbered)
    assert made.read(2) == made.read(2)
    first = made.read(0)
    assert isinstance(first, Task)
    assert first.text == "1: One banana."
    assert len(asked) == 3


def test_a_mistake_in_a_function_is_told_with_its_place_and_the_session_goes_on(
    tmp_path: Path,
) -> None:
    made = stream(tmp_path).filter(lambda task: task["nope"] if "Two" in task["text"] else True)
    found = [made.read(position) for position in range(4)]
    assert isinstance(found[1], InvalidLine)
    assert str(found[1].origin).endswith("tasks.jsonl:2")
    assert "test_transforms.py:" in found[1].problem
    assert "KeyError" in found[1].problem
    assert [isinstance(one, Task) for one in found] == [True, False, True, True]
    with pytest.raises(InvalidSource, match=r"tasks\.jsonl:2"):
        stream(tmp_path).filter(lambda task: task["nope"]).check_head()


def test_a_generator_that_fails_says_where_and_ends_the_stream(tmp_path: Path) -> None:
    source = stream(tmp_path)

    def prepared() -> Iterator[dict[str, Any]]:
        for task in source:
            if "Three" in task["text"]:
                raise ValueError("no threes")
            yield task

    made = source.made_of(prepared())
    assert isinstance(made.read(1), Task)
    failed = made.read(2)
    assert isinstance(failed, InvalidLine)
    assert "ValueError: no threes" in failed.problem
    assert str(failed.origin).endswith("tasks.jsonl:3")
    assert made.read(3) is None


def test_what_is_no_task_is_said(tmp_path: Path) -> None:
    made = stream(tmp_path).map(lambda task: None)  # type: ignore[arg-type,return-value]
    found = made.read(0)
    assert isinstance(found, InvalidLine)
    assert "not a task" in found.problem


@pytest.mark.parametrize("own", [False, True])
def test_broken_lines_are_never_lost(tmp_path: Path, own: bool) -> None:
    source = stream(tmp_path, "One.", b'{"text": ', "Two.", b"{")
    made = source.made_of(task for task in source) if own else source.filter(bool)
    found = [made.read(position) for position in range(4)]
    assert sorted(isinstance(one, InvalidLine) for one in found) == [False, False, True, True]
    assert made.read(4) is None


def test_a_stream_that_was_read_is_not_changed_any_more(tmp_path: Path) -> None:
    source = stream(tmp_path)
    source.read(0)
    with pytest.raises(AnnotateError, match="read already"):
        source.filter(bool)
