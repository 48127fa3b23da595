"""What is decided of this source, over what will be asked of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ui.harness import FakeProcess, engine_over


def test_lines_about_other_sources_do_not_count(tmp_path: Path) -> None:
    lines = [
        {"text": "x", "_task_id": f"{n:016x}", "_annotator_id": "ann", "answer": "accept"}
        for n in range(2)
    ]
    (tmp_path / "out.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with engine_over(tmp_path, ["One.", "Two.", "Three."], FakeProcess(), suggesters=()) as engine:
        engine.stream.check_head()
        assert engine.journal.decisions == 2
        assert engine.queue.share(3) == (0, 3)


def test_what_was_not_read_yet_is_taken_to_hold_the_other_decisions(tmp_path: Path) -> None:
    lines = [
        {"text": "x", "_task_id": f"{n:016x}", "_annotator_id": "ann", "answer": "accept"}
        for n in range(2)
    ]
    (tmp_path / "out.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with engine_over(tmp_path, ["One.", "Two.", "Three."], FakeProcess(), suggesters=()) as engine:
        assert engine.queue.share(3) == (2, 3)
        assert engine.queue.share(None) is None


@pytest.mark.parametrize("by", ["task", "input"])
def test_copies_count_as_often_as_they_are_asked(tmp_path: Path, by: Any) -> None:
    texts = ["One.", "Same.", "Same.", "Same."]
    with engine_over(tmp_path, texts, FakeProcess(), suggesters=(), exclude_by=by) as engine:
        engine.stream.check_head()
        assert engine.queue.share(4) == ((0, 4) if by == "task" else (0, 2))
