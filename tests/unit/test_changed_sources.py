"""A source that has changed since: its decisions and drafts are found again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.unit.engine_bench import Bench
from tests.unit.test_session import Open, open_bench
from tui_annotate.task.task import Task, earlier_id, own_id, task_id

__all__ = ["open_bench"]

OSEI = "Osei lives in Lyndale."
BERGEN = "A ferry goes to Bergen."


def as_earlier_versions_wrote(output: Path, *metas: Any) -> None:
    """Give the lines of an output the ids that counted `meta` in, and forget the session."""
    lines = [json.loads(line) for line in output.read_text().splitlines()]
    for line in lines:
        own = {name: line[name] for name in ("text", "meta") if name in line}
        occurrence = line["_task_id"].partition("-")[2]
        line["_task_id"] = task_id(earlier_id(own), int(occurrence or 1))
    output.write_text("".join(json.dumps(line) + "\n" for line in lines))
    shutil.rmtree(output.with_name(f".{output.stem}.session"))


# ── decisions ──────────────────────────────────────────────────────────────


def test_what_is_written_to_meta_asks_nothing_again(open_bench: Open) -> None:
    bench = open_bench({"text": OSEI, "meta": {"id": 1}}, BERGEN)
    bench.decide()
    bench.close()
    bench = open_bench(
        {"text": OSEI, "meta": {"id": 1, "score": 0.5}}, {"text": BERGEN, "meta": {}}
    )
    assert bench.text == BERGEN
    assert bench.journal.decisions == 1


@pytest.mark.parametrize("meta", [{"id": 1}, {"id": 1, "score": 0.5}, None], ids=str)
def test_ids_of_earlier_versions_are_recognised(open_bench: Open, meta: Any) -> None:
    bench = open_bench({"text": OSEI, "meta": {"id": 1}}, BERGEN, "Third.")
    bench.label("Osei", "PER")
    bench.decide()
    bench.decide("reject")
    bench.close()
    as_earlier_versions_wrote(bench.output)
    now = {"text": OSEI} if meta is None else {"text": OSEI, "meta": meta}
    for _ in range(2):
        bench = open_bench(now, BERGEN, "Third.")
        assert bench.text == "Third."
        assert bench.engine.queue.share(3) == (2, 3)
        bench.engine.back()
        bench.engine.back()
        assert bench.text == OSEI
        assert bench.spans == [("Osei", "PER")]
        bench.close()
    # Decided again its line takes the place of the old one, for every reader.
    bench = open_bench()
    bench.engine.goto(0)
    bench.decide("reject")
    assert bench.journal.decisions == 2
    assert bench.journal.superseded == 1
    assert bench.journal.counts == {"reject": 2}
    ids = [line["_task_id"] for line in bench.lines()]
    assert ids[2] == ids[0]
    bench.close()
    bench = open_bench()
    assert bench.journal.decisions == 2
    assert bench.text == "Third."


def test_of_equal_texts_each_keeps_its_own_line(open_bench: Open) -> None:
    rows = [{"text": OSEI, "meta": {"id": number}} for number in range(3)]
    bench = open_bench(*rows)
    for answer in ("accept", "reject"):
        bench.decide(answer)
    bench.close()
    lines = [json.loads(line) for line in bench.output.read_text().splitlines()]
    for line, row in zip(lines, rows, strict=False):
        line["_task_id"] = task_id(earlier_id(row))
    bench.output.write_text("".join(json.dumps(line) + "\n" for line in lines))
    shutil.rmtree(bench.output.with_name(".out.session"))
    bench = open_bench()
    assert bench.engine.queue.share(3) == (2, 3)
    item = bench.engine.current
    assert item is not None
    assert item.task.meta == {"id": 2}
    answers = []
    for position in range(3):
        task = bench.engine.stream.read(position)
        assert isinstance(task, Task)
        answers.append((bench.journal.last(task.id) or {}).get("answer"))
    assert answers == ["accept", "reject", None]


def test_an_output_of_today_is_not_searched_for_ids_of_earlier_versions(open_bench: Open) -> None:
    bench = open_bench(OSEI, BERGEN)
    bench.decide()
    bench.close()
    # A line whose id is that of an earlier version: it can only be another task's.
    rows = [{"text": BERGEN, "meta": {"id": 3}}, {"text": OSEI}]
    bench = open_bench(*rows)
    assert bench.text == BERGEN


# ── drafts ─────────────────────────────────────────────────────────────────


def kept(bench: Bench) -> None:
    assert bench.engine.context.writer.flush(5)
    bench.die()


def test_a_draft_is_there_where_meta_has_changed(open_bench: Open) -> None:
    bench = open_bench({"text": OSEI, "meta": {"id": 1}})
    bench.label("Osei", "PER")
    kept(bench)
    bench = open_bench({"text": OSEI, "meta": {"id": 2}})
    assert bench.spans == [("Osei", "PER")]
    assert bench.remarks == ["back where you left off"]


def test_a_draft_under_the_id_of_an_earlier_version_is_there(open_bench: Open) -> None:
    fields = {"text": OSEI, "meta": {"id": 1}}
    bench = open_bench(fields, BERGEN)
    bench.label("Osei", "PER")
    kept(bench)
    now, before = task_id(own_id(fields)), task_id(earlier_id(fields))
    for path in bench.output.with_name(".out.session").joinpath("drafts").iterdir():
        path.write_text(path.read_text().replace(now, before))
        path.rename(path.with_name(path.name.replace(now, before)))
    bench = open_bench()
    assert bench.spans == [("Osei", "PER")]
    bench.decide()
    assert bench.drafts.shelved() == []


def test_a_draft_is_there_where_other_spans_come_with_the_task(open_bench: Open) -> None:
    lyndale = {"start": 14, "end": 21, "label": "PER"}
    bench = open_bench({"text": OSEI, "spans": [lyndale]}, BERGEN)
    bench.label("Osei", "PER")
    bench.engine.flag()
    kept(bench)
    bench = open_bench("First.", {"text": OSEI, "spans": [lyndale | {"label": "GPE"}]}, BERGEN)
    assert bench.text == OSEI
    assert bench.spans == [("Osei", "PER"), ("Lyndale", "GPE")]
    item = bench.engine.current
    assert item is not None
    assert item.flagged
    assert "other spans come with this task now; what you did is kept" in bench.remarks
    # It is the task's own from now on.
    bench.decide()
    assert bench.drafts.shelved() == []


def test_a_draft_stays_with_its_task_as_long_as_that_is_there(open_bench: Open) -> None:
    first = {"text": OSEI, "spans": [{"start": 14, "end": 21, "label": "GPE"}]}
    second = {"text": OSEI, "spans": [{"start": 14, "end": 21, "label": "ORG"}]}
    bench = open_bench(first, second)
    bench.label("Osei", "PER")
    kept(bench)
    bench = open_bench(second, "Between.", first)
    assert bench.engine.current is not None
    assert bench.engine.current.position == 2
    bench.engine.goto(0)
    assert bench.spans == [("Lyndale", "ORG")]


def test_of_several_tasks_about_one_text_each_keeps_its_own_draft(open_bench: Open) -> None:
    def task(number: int, label: str) -> dict[str, Any]:
        return {"text": OSEI, "spans": [{"start": 14, "end": 21 - number, "label": label}]}

    bench = open_bench(task(0, "GPE"), task(1, "GPE"))
    bench.engine.look(1)
    bench.label("Osei", "PER")
    kept(bench)
    bench = open_bench(task(0, "ORG"), task(1, "ORG"))
    bench.engine.stream.task_id(1)
    bench.engine.goto(0)
    assert bench.spans == [("Lyndale", "ORG")]
    bench.engine.goto(1)
    assert bench.spans == [("Osei", "PER"), ("Lyndal", "ORG")]


def test_a_draft_of_a_task_that_is_not_there_is_told_of_and_kept(open_bench: Open) -> None:
    bench = open_bench(OSEI, BERGEN)
    bench.label("Osei", "PER")
    kept(bench)
    bench = open_bench(BERGEN)
    told = "1 earlier draft is of tasks that are not in this source; kept."
    assert told in bench.journal.messages
    bench.close()
    bench = open_bench(BERGEN, OSEI)
    bench.engine.goto(1)
    assert bench.spans == [("Osei", "PER")]


def test_a_draft_that_cannot_be_read_is_never_written_over(open_bench: Open) -> None:
    bench = open_bench(OSEI)
    bench.label("Osei", "PER")
    kept(bench)
    (path,) = bench.output.with_name(".out.session").joinpath("drafts").iterdir()
    path.write_bytes(b'{"of": "another version"}')
    bench = open_bench()
    assert bench.spans == []
    aside = bench.output.with_name(".out.session") / "set-aside" / "1.json"
    assert bench.remarks == [
        "its draft cannot be read and is kept in .out.session/set-aside/1.json"
    ]
    bench.label("Lyndale", "GPE")
    assert bench.engine.context.writer.flush(5)
    assert aside.read_bytes() == b'{"of": "another version"}'
    assert path.read_bytes() != aside.read_bytes()


# ── the output and its folder ──────────────────────────────────────────────


def left_with_a_draft(bench: Bench, *, decided: bool = True) -> Path:
    if decided:
        bench.decide()
    bench.label("Bergen", "GPE")
    kept(bench)
    bench.engine.context.resources.close()
    return bench.output


@pytest.mark.parametrize("decided", [True, False], ids=["with a line", "empty"])
@pytest.mark.parametrize("place", ["new.jsonl", "done/new.jsonl"])
def test_a_renamed_output_brings_its_drafts_along(
    open_bench: Open, tmp_path: Path, place: str, decided: bool
) -> None:
    before = left_with_a_draft(open_bench(*([OSEI] * decided), BERGEN), decided=decided)
    renamed = tmp_path / place
    renamed.parent.mkdir(exist_ok=True)
    before.rename(renamed)
    bench = Bench(tmp_path / "source.jsonl", renamed)
    assert bench.spans == [("Bergen", "GPE")]
    assert "This output was called out.jsonl: its 1 draft came along." in bench.journal.messages
    assert not (tmp_path / ".out.session").exists()
    bench.close()


def test_a_copied_output_leaves_the_drafts_where_they_are(open_bench: Open, tmp_path: Path) -> None:
    before = left_with_a_draft(open_bench(OSEI, BERGEN))
    copy = tmp_path / "copy.jsonl"
    shutil.copy(before, copy)
    bench = Bench(tmp_path / "source.jsonl", copy)
    assert bench.spans == []
    assert (tmp_path / ".out.session" / "drafts").exists()
    bench.close()
    # Once the other is gone, what was its is its copy's.
    before.unlink()
    bench = Bench(tmp_path / "source.jsonl", copy)
    assert bench.spans == [("Bergen", "GPE")]
    bench.close()


def test_another_output_does_not_get_the_drafts_of_one_that_is_gone(
    open_bench: Open, tmp_path: Path
) -> None:
    before = left_with_a_draft(open_bench(OSEI, BERGEN))
    before.unlink()
    other = tmp_path / "other.jsonl"
    other.write_text('{"text": "Another."}\n')
    bench = Bench(tmp_path / "source.jsonl", other)
    assert bench.spans == []
    assert not [one for one in bench.journal.messages if "came along" in one]
    bench.close()


def test_the_folder_of_an_earlier_version_is_named_where_it_may_be_meant(
    open_bench: Open, tmp_path: Path
) -> None:
    before = left_with_a_draft(open_bench(OSEI, BERGEN))
    (tmp_path / ".out.session" / "output").unlink()
    renamed = tmp_path / "new.jsonl"
    before.rename(renamed)
    bench = Bench(tmp_path / "source.jsonl", renamed)
    (said,) = [one for one in bench.journal.messages if "drafts of" in one]
    assert ".out.session" in said
    assert ".new.session" in said
    bench.close()


def test_a_session_whose_folder_is_deleted_goes_on(tmp_path: Path) -> None:
    source = tmp_path / "source.jsonl"
    source.write_text(f'{{"text": "{OSEI}"}}\n{{"text": "{BERGEN}"}}\n')
    bench = Bench(source, tmp_path / "out.jsonl", locked=True)
    bench.label("Osei", "PER")
    bench.engine.look(1)
    bench.label("Bergen", "GPE")
    assert bench.engine.context.writer.flush(5)
    shutil.rmtree(tmp_path / ".out.session")
    bench.engine.flag()
    assert bench.engine.context.writer.flush(5)
    bench.engine.saved()
    assert bench.engine.context.writer.flush(5)
    assert len(bench.drafts.shelved()) == 2
    assert "The session folder was deleted and is made anew." in bench.journal.messages
    assert bench.decide() is None
    assert len(bench.lines()) == 1
    bench.close()
