"""The engine: what is decided, what comes next, and how one comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.unit.engine_bench import Bench, FakeProcess
from tui_annotate import suggest
from tui_annotate.editors.tags.editor import TagEditor
from tui_annotate.errors import AnnotateError
from tui_annotate.process.messages import Gone
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.tokens import fallback_pairs

TEXTS = [
    "Osei left Lyndale for Rotterdam.",
    "Halvorsen Shipping moves to Bergen.",
    "Angela Merkel met executives of Siemens in Berlin.",
    "Nothing was decided in Munich.",
    "Ribeiro flew to Ottawa.",
]
MODEL = SuggesterSpec(kind="entities", name="model", options={"model": "m"})

Open = Callable[..., Bench]


@pytest.fixture
def open_bench(tmp_path: Path) -> Iterator[Open]:
    """Opens sessions on one source and output, one after the other."""
    opened: list[Bench] = []

    def opening(*tasks: Any, **options: Any) -> Bench:
        source = tmp_path / "source.jsonl"
        if tasks or not source.exists():
            rows = [{"text": t} if isinstance(t, str) else t for t in tasks or TEXTS]
            lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
            source.write_bytes(b"\n".join(lines) + b"\n")
        bench = Bench(source, tmp_path / "out.jsonl", **options)
        opened.append(bench)
        return bench

    yield opening
    for bench in opened:
        bench.engine.close()


def test_decisions_are_written_in_order_and_the_next_task_opens(open_bench: Open) -> None:
    bench = open_bench()
    bench.label("Osei", "PER")
    assert bench.decide() is None
    assert bench.text == TEXTS[1]
    bench.decide("reject")
    bench.decide("ignore")
    assert bench.text == TEXTS[3]
    assert [line["answer"] for line in bench.lines()] == ["accept", "reject", "ignore"]
    first = bench.lines()[0]
    assert first["spans"] == [
        {"start": 0, "end": 4, "token_start": 0, "token_end": 0, "label": "PER"}
    ]
    assert first["_timestamp"] == 1_700_000_000
    tally = bench.engine.pace.tally
    assert (tally.accept, tally.reject, tally.ignore, tally.all) == (1, 1, 1, 3)


def test_after_the_last_task_everything_is_done_and_back_still_works(open_bench: Open) -> None:
    bench = open_bench()
    for _ in TEXTS:
        bench.decide()
    assert bench.stage == "done"
    assert bench.engine.current is None
    assert bench.decide() == "no task open"
    assert "You accepted this" in (bench.engine.back().message or "")
    assert bench.text == TEXTS[-1]
    bench.decide("reject")
    assert bench.stage == "done"
    assert bench.engine.pace.tally.reject == 1
    assert bench.engine.pace.tally.all == len(TEXTS)


def test_a_source_without_tasks_is_empty(open_bench: Open, tmp_path: Path) -> None:
    (tmp_path / "source.jsonl").write_text("")
    bench = open_bench()
    assert bench.stage == "empty"
    assert bench.engine.next_undecided().message == "all tasks are decided"


def test_back_goes_on_and_on_to_the_first_decision_and_forward_to_where_one_was(
    open_bench: Open,
) -> None:
    bench = open_bench()
    for answer in ("accept", "reject", "ignore"):
        bench.decide(answer)
    said = [bench.engine.back().message or "" for _ in range(4)]
    assert [s.split(";")[0] for s in said] == [
        "You skipped this", "You rejected this", "You accepted this", "no earlier decision",
    ]  # fmt: skip
    assert bench.text == TEXTS[0]
    bench.label("Lyndale", "GPE")
    bench.decide()
    # On from where one was, not from the task after the reopened one.
    assert bench.text == TEXTS[3]
    assert [line["text"] for line in bench.lines()] == [*TEXTS[:3], TEXTS[0]]
    assert bench.engine.pace.tally.all == 3


def test_back_twice_and_a_decision_lead_to_where_the_annotator_was(open_bench: Open) -> None:
    bench = open_bench()
    bench.decide()
    bench.goto("3")
    bench.decide()
    bench.engine.look(1)
    assert bench.text == TEXTS[4]
    bench.engine.back()
    bench.engine.back()
    assert bench.text == TEXTS[0]
    bench.decide("reject")
    # Neither the second task nor the fourth, which are undecided as well.
    assert bench.text == TEXTS[4]
    # Without going back again, a decision leads on in the order of the source.
    bench.goto("2")
    bench.decide()
    assert bench.text == TEXTS[3]


def test_back_passes_over_a_decision_whose_line_another_program_took_away(
    open_bench: Open, tmp_path: Path
) -> None:
    bench = open_bench()
    for answer in ("accept", "reject", "ignore"):
        bench.decide(answer)
    output = tmp_path / "out.jsonl"
    lines = output.read_bytes().splitlines(keepends=True)
    lines[1] = b" " * (len(lines[1]) - 1) + b"\n"
    with output.open("r+b") as file:
        file.write(b"".join(lines))
    said = [bench.engine.back().message or "" for _ in range(3)]
    assert [s.split(";")[0] for s in said] == [
        "You skipped this", "You accepted this", "no earlier decision",
    ]  # fmt: skip
    bench.engine.feedback.replay()


def test_back_goes_by_the_order_of_decisions_also_over_sessions(open_bench: Open) -> None:
    bench = open_bench()
    bench.goto("4")
    bench.decide()
    bench.goto("2")
    bench.decide()
    bench.close()
    bench = open_bench()
    assert bench.text == TEXTS[0]
    bench.engine.back()
    assert bench.text == TEXTS[1]
    bench.engine.back()
    assert bench.text == TEXTS[3]


def test_back_finds_a_task_far_ahead_that_an_earlier_session_decided(open_bench: Open) -> None:
    bench = open_bench(*[f"Task {n}." for n in range(300)])
    bench.goto("250")
    bench.decide("reject")
    bench.close()
    bench = open_bench()
    assert bench.text == "Task 0."
    assert "You rejected this" in (bench.engine.back().message or "")
    assert bench.text == "Task 249."


def test_a_reopened_task_keeps_its_decision_until_it_is_decided_again(open_bench: Open) -> None:
    bench = open_bench()
    bench.label("Osei", "PER")
    bench.engine.flag()
    bench.engine.comment("who is this?")
    bench.decide()
    bench.engine.back()
    item = bench.engine.current
    assert item is not None
    assert (item.flagged, item.comment) == (True, "who is this?")
    assert bench.spans == [("Osei", "PER")]
    bench.label("Osei", "ORG")
    bench.engine.look(1)
    assert len(bench.lines()) == 1
    assert bench.lines()[0]["spans"][0]["label"] == "PER"
    bench.engine.look(-1)
    bench.engine.flag()
    bench.engine.comment("")
    bench.decide("reject")
    last = bench.lines()[-1]
    assert last["spans"][0]["label"] == "ORG"
    assert "flagged" not in last
    assert "comment" not in last
    bench.close(compact=True)
    assert len(bench.output.read_bytes().splitlines()) == 1


@pytest.mark.parametrize("spans", ["a", [7], [{"start": 0}], [{"start": "x", "end": 1}]])
def test_a_decided_line_that_was_spoilt_teaches_nothing_and_is_opened_as_it_came(
    open_bench: Open, spans: Any
) -> None:
    bench = open_bench()
    bench.label("Osei", "PER")
    bench.decide()
    bench.close()
    [line] = bench.lines()
    bench.output.write_text(json.dumps({**line, "spans": spans}) + "\n")
    again = open_bench()
    again.engine.feedback.replay()
    again.engine.back()
    assert again.stage == "open"
    assert again.spans == []
    assert "cannot be read" in again.engine.preparation.sources.notices[-1]
    again.label("Osei", "ORG")
    again.decide()
    assert again.lines()[-1]["spans"][0]["label"] == "ORG"


def test_flag_and_comment_are_written(open_bench: Open) -> None:
    bench = open_bench()
    said = [bench.engine.flag().message for _ in range(3)]
    assert said[0] == said[2] != said[1]
    assert None not in said
    bench.engine.comment("  see page 3  ")
    bench.decide()
    assert bench.lines()[0]["flagged"] is True
    assert bench.lines()[0]["comment"] == "see page 3"
    bench.decide()
    assert "flagged" not in bench.lines()[1]
    assert "comment" not in bench.lines()[1]


def test_looking_about_decides_nothing_and_keeps_what_was_done(open_bench: Open) -> None:
    bench = open_bench()
    bench.label("Osei", "PER")
    bench.engine.look(1)
    bench.label("Bergen", "GPE")
    bench.engine.look(1)
    bench.engine.look(-1)
    # At once, so that no draft can have reached the disk yet.
    assert bench.spans == [("Bergen", "GPE")]
    bench.engine.look(-1)
    assert bench.spans == [("Osei", "PER")]
    assert bench.engine.look(-1).message == "this is the first task"
    assert bench.text == TEXTS[0]
    assert bench.lines() == []
    bench.decide()
    assert bench.spans == [("Bergen", "GPE")]


def test_what_was_done_on_a_parked_task_is_there_in_the_next_session(open_bench: Open) -> None:
    bench = open_bench()
    bench.label("Osei", "PER")
    bench.engine.look(1)
    bench.label("Bergen", "GPE")
    bench.close()
    bench = open_bench()
    assert bench.remarks == ["back where you left off"]
    assert bench.text == TEXTS[1]
    assert bench.spans == [("Bergen", "GPE")]
    bench.engine.look(-1)
    assert bench.spans == [("Osei", "PER")]


def test_the_last_task_is_the_last(open_bench: Open) -> None:
    bench = open_bench()
    bench.goto("5")
    assert bench.text == TEXTS[4]
    assert bench.engine.look(1).message == "this is the last task"
    assert bench.text == TEXTS[4]


@pytest.mark.parametrize("query", ["3", "siemens", "  Angela "])
def test_goto_goes_by_number_and_text(open_bench: Open, query: str) -> None:
    bench = open_bench()
    bench.goto(query)
    assert bench.text == TEXTS[2]


def test_a_text_is_looked_for_from_the_current_task_on_and_then_from_the_beginning(
    open_bench: Open,
) -> None:
    bench = open_bench()
    met = []
    for _ in range(4):
        assert bench.goto("IN")
        met.append(TEXTS.index(bench.text or ""))
    assert met == [1, 2, 3, 1]
    assert not bench.goto("nowhere")
    assert bench.text == TEXTS[1]


def test_goto_goes_by_every_hash(open_bench: Open) -> None:
    bench = open_bench()
    bench.goto("3")
    item = bench.engine.current
    assert item is not None
    for query in (item.task.id, str(item.task.input_hash), str(item.task.task_hash)):
        bench.goto("1")
        bench.goto(query)
        assert bench.text == TEXTS[2]


def test_goto_finds_nothing_where_there_is_no_such_task(open_bench: Open) -> None:
    bench = open_bench()
    for query in ("Zanzibar", "9", "0", "-1", "  ", "1234567890123"):
        assert not bench.goto(query)
    assert bench.engine.goto(77).message == "there is no such task"
    assert bench.text == TEXTS[0]


def test_next_undecided_passes_what_is_decided_and_comes_round(open_bench: Open) -> None:
    bench = open_bench()
    bench.goto("3")
    bench.decide()
    bench.goto("2")
    bench.engine.next_undecided()
    assert bench.text == TEXTS[3]
    bench.engine.next_undecided()
    bench.engine.next_undecided()
    assert bench.text == TEXTS[0]


def test_next_undecided_says_nothing_where_it_goes(open_bench: Open) -> None:
    bench = open_bench()
    assert bench.engine.next_undecided().message is None
    assert bench.engine.look(1).message is None
    assert bench.text == TEXTS[2]


def test_next_undecided_on_the_only_one_keeps_what_was_done(open_bench: Open) -> None:
    bench = open_bench(TEXTS[0])
    bench.label("Osei", "PER")
    bench.engine.next_undecided()
    assert bench.spans == [("Osei", "PER")]


def test_deciding_elsewhere_goes_on_from_there_and_leaves_nothing_out(open_bench: Open) -> None:
    bench = open_bench()
    bench.goto("4")
    seen = []
    while bench.stage == "open":
        seen.append(bench.text)
        bench.decide()
    assert seen == [TEXTS[3], TEXTS[4], *TEXTS[:3]]


def test_many_jumps_about_never_leave_a_task_without_its_tokens(open_bench: Open) -> None:
    process = FakeProcess()
    bench = open_bench(*[f"Task {n}." for n in range(1000)], process=process)

    def arrive(number: int) -> None:
        process.documents.clear()
        bench.goto(str(number))
        for position in list(process.documents):
            bench.tokenise(position)
        assert bench.stage == "open", number

    for number in (50, 200, 400, 600, 72, 800, 415, 205, 50, 900, 51):
        arrive(number)


# ── resuming ───────────────────────────────────────────────────────────────


def test_a_session_that_dies_in_an_edit_goes_on_there(open_bench: Open) -> None:
    bench = open_bench()
    bench.decide()
    bench.label("Bergen", "GPE")
    bench.engine.edit("extend_left")
    bench.engine.flag()
    assert bench.engine.context.writer.flush(5)
    bench.die()
    bench = open_bench()
    assert bench.remarks == ["back where you left off"]
    assert bench.text == TEXTS[1]
    assert bench.spans == [("Bergen", "GPE")]
    assert bench.editor.caret.selection == bench_range(TEXTS[1], "to Bergen")
    item = bench.engine.current
    assert item is not None
    assert item.flagged


def bench_range(text: str, part: str) -> tuple[int, int]:
    return text.index(part), text.index(part) + len(part)


def test_a_draft_goes_with_the_decision(open_bench: Open) -> None:
    bench = open_bench()
    bench.label("Osei", "PER")
    assert bench.engine.context.writer.flush(5)
    assert len(bench.drafts.shelved()) == 1
    bench.decide()
    assert bench.drafts.shelved() == []


def test_an_edit_of_a_task_reopened_before_its_line_was_saved_stays_a_draft(
    open_bench: Open,
) -> None:
    bench = open_bench()
    bench.label("Osei", "PER")
    bench.paint()
    bench.engine.decide("accept")
    bench.engine.back()
    bench.label("Lyndale", "GPE")
    # The line of the first decision is saved only now.
    assert bench.journal.wait(5)
    bench.engine.saved()
    assert bench.engine.context.writer.flush(5)
    bench.die()
    bench = open_bench()
    assert bench.text == TEXTS[0]
    assert bench.spans == [("Osei", "PER"), ("Lyndale", "GPE")]


@pytest.mark.parametrize("drafted", [None, {}, {"state": {"added": "?"}, "suggested": False}])
def test_a_draft_that_does_not_fit_is_left_out_and_told_of(
    open_bench: Open, drafted: object
) -> None:
    bench = open_bench()
    bench.label("Osei", "PER")
    assert bench.engine.context.writer.flush(5)
    (task_id,) = bench.drafts.shelved()
    draft = dict(bench.drafts.load(task_id) or {})
    assert draft.pop("editor")
    if drafted is not None:
        draft["editor"] = drafted
    bench.drafts.save(task_id, draft, bench.journal.length)
    bench.die()
    bench = open_bench()
    assert bench.spans == []
    aside = bench.output.with_name(f".{bench.output.stem}.session") / "set-aside" / "1.json"
    assert bench.remarks == [
        "the saved draft does not fit this task",
        f"the draft as it was is in {aside.relative_to(bench.output.parent)}",
    ]
    # What is done now is written over it: it is there under another name.
    bench.label("Lyndale", "GPE")
    assert bench.engine.context.writer.flush(5)
    assert json.loads(aside.read_bytes())["state"] == draft


def test_suggestions_of_the_task_are_offered_once_however_often_one_resumes(
    open_bench: Open,
) -> None:
    given = {"start": 0, "end": 4, "label": "PER", "source": "old", "score": 0.5}
    bench = open_bench({"text": TEXTS[0], "spans": [given]}, TEXTS[1])
    for _ in range(3):
        bench.label("Lyndale", "GPE")
        bench.close()
        bench = open_bench()
        assert bench.text == TEXTS[0]
        bench.engine.edit("undo")
        bench.label("Lyndale", "ORG")
    bench.decide()
    line = bench.lines()[0]
    assert line["_suggested"] == [given]
    assert line["spans"][0] == given | {"token_start": 0, "token_end": 0}


def test_tasks_decided_before_are_not_asked_again(open_bench: Open) -> None:
    bench = open_bench()
    bench.decide()
    bench.decide()
    bench.close()
    bench = open_bench()
    assert bench.text == TEXTS[2]
    assert bench.engine.pace.tally.all == 2


def test_the_same_input_twice_is_asked_twice_unless_told_otherwise(open_bench: Open) -> None:
    twice = [{"text": "Osei left.", "meta": {"n": n}} for n in range(2)]
    bench = open_bench(*twice, "Another.")
    bench.decide()
    assert bench.text == "Osei left."
    bench.close()
    bench = open_bench(settings={"exclude_by": "input"})
    assert bench.text == "Another."


def test_identical_tasks_are_each_asked(open_bench: Open) -> None:
    bench = open_bench("Same.", "Same.", "Same.")
    for _ in range(3):
        bench.decide()
    assert bench.stage == "done"
    ids = [line["_task_id"] for line in bench.lines()]
    assert ids == [ids[0], f"{ids[0]}-2", f"{ids[0]}-3"]


def test_labels_added_in_a_session_are_there_in_the_next(open_bench: Open) -> None:
    bench = open_bench()
    assert bench.engine.add_label(" EVENT ").message == "EVENT is now one of the labels"
    assert bench.engine.add_label("EVENT").message is None
    bench.label("Osei", "EVENT")
    bench.decide()
    assert bench.lines()[0]["_labels"] == ["PER", "ORG", "GPE", "EVENT"]
    bench.close()
    assert open_bench().engine.labels.names == ["PER", "ORG", "GPE", "EVENT"]


# ── lines that are no tasks ────────────────────────────────────────────────


def test_a_bad_line_is_shown_when_it_is_reached_and_can_be_skipped(open_bench: Open) -> None:
    bench = open_bench(TEXTS[0], b'{"text": 5}', b"{broken", TEXTS[1])
    bench.decide()
    assert bench.stage == "invalid"
    assert bench.engine.current is None
    assert "source.jsonl:2" in str(bench.engine.invalid)
    assert bench.decide() == "no task open"
    bench.engine.skip_invalid()
    assert "source.jsonl:3" in str(bench.engine.invalid)
    bench.engine.skip_invalid()
    assert bench.text == TEXTS[1]
    bench.decide()
    assert bench.stage == "done"
    assert [line["text"] for line in bench.lines()] == TEXTS[:2]


def test_bad_lines_are_counted_where_they_are_to_be_skipped(open_bench: Open) -> None:
    bench = open_bench(TEXTS[0], b'{"text": 5}', b"{broken", TEXTS[1], skip_invalid=True)
    bench.decide()
    assert bench.text == TEXTS[1]
    assert bench.engine.stream.skipped == 2


# ── suggestions ────────────────────────────────────────────────────────────


@pytest.fixture
def correcting(open_bench: Open) -> Bench:
    """A session that waits for suggestions of a model."""
    return open_bench(process=FakeProcess(), specs=[MODEL], correct=True)


def test_a_task_opens_with_its_tokens_and_waits_for_suggestions(correcting: Bench) -> None:
    bench = correcting
    assert bench.stage == "waiting"
    assert bench.decide() == "the task is loading; key ignored"
    assert bench.tokenise(0)
    assert bench.stage == "open"
    assert "suggestions are loading" in (bench.decide() or "")
    assert not bench.tokenise(1)
    assert bench.suggest(0, ("Osei", "PER", "model"))
    assert bench.spans == [("Osei", "PER")]
    # They are in the editor and nobody has seen them.
    assert "suggestions are loading" in (bench.engine.decide("accept").message or "")
    assert bench.lines() == []
    assert bench.decide() is None
    line = bench.lines()[0]
    assert line["spans"][0]["source"] == "model"
    assert line["_suggested"] == [{"start": 0, "end": 4, "label": "PER", "source": "model"}]


def test_a_decision_key_read_before_the_frame_is_not_taken(open_bench: Open) -> None:
    bench = open_bench()
    bench.clock = 10.0
    bench.paint()
    said = bench.engine.decide("accept", pressed=9.9).message
    assert said == "the task was not on screen yet; key ignored"
    assert bench.engine.decide("accept", pressed=10.1).message is None
    # Another key read at that time is too early for the next task.
    assert bench.engine.decide("accept", pressed=10.1).message == said
    assert bench.text == TEXTS[1]


def test_the_wait_for_suggestions_can_be_waived(correcting: Bench) -> None:
    bench = correcting
    bench.tokenise(0)
    assert "without suggestions" in (bench.engine.waive().message or "")
    assert bench.decide() is None
    assert bench.lines()[0]["_suggested"] == []
    # For that task only.
    bench.tokenise(1)
    assert "suggestions are loading" in (bench.decide() or "")
    bench.suggest(1)
    bench.paint()
    assert bench.engine.waive().message == "no suggestions to wait for"


def test_suggestions_after_the_first_edit_are_one_undoable_step_and_cross_nothing(
    correcting: Bench,
) -> None:
    bench = correcting
    bench.tokenise(0)
    bench.label("Lyndale", "ORG")
    bench.suggest(0, ("Osei", "PER", "model"), ("Lyndale for", "GPE", "model"),
                  ("Rotterdam", "GPE", "model"))  # fmt: skip
    assert bench.spans == [("Osei", "PER"), ("Lyndale", "ORG"), ("Rotterdam", "GPE")]
    bench.engine.edit("undo")
    assert bench.spans == [("Lyndale", "ORG")]
    bench.engine.edit("redo")
    bench.decide()
    assert len(bench.lines()[0]["_suggested"]) == 3


def test_suggestions_for_other_tasks_wait_for_them(correcting: Bench) -> None:
    bench = correcting
    for position in range(3):
        bench.tokenise(position)
    assert not bench.suggest(2, ("Siemens", "ORG", "model"))
    assert not bench.suggest(1)
    bench.suggest(0)
    assert bench.decide() is None
    assert bench.decide() is None
    assert bench.spans == [("Siemens", "ORG")]


def test_at_least_twenty_tasks_are_made_ready_ahead(open_bench: Open) -> None:
    process = FakeProcess()
    bench = open_bench(*[f"Task {n}." for n in range(100)], process=process, specs=[MODEL])
    assert set(range(21)) <= process.documents.keys()
    assert len(process.documents) < 60
    bench.tokenise(0)
    bench.suggest(0)
    bench.decide()
    assert 21 in process.documents


def test_a_reopened_task_gets_no_suggestions_and_keeps_what_was_offered(correcting: Bench) -> None:
    bench = correcting
    bench.tokenise(0)
    bench.suggest(0, ("Osei", "PER", "model"), ("Rotterdam", "ORG", "model"))
    bench.editor.move_to(TEXTS[0].index("Rotterdam"))
    bench.engine.edit("delete")
    bench.decide()
    offered = bench.lines()[0]["_suggested"]
    assert len(offered) == 2
    bench.engine.back()
    assert bench.spans == [("Osei", "PER")]
    bench.label("Rotterdam", "GPE")
    assert bench.decide() is None
    assert bench.lines()[1]["_suggested"] == offered
    assert [s["label"] for s in bench.lines()[1]["spans"]] == ["PER", "GPE"]


def test_what_was_learned_since_is_not_offered_for_a_task_that_is_decided(open_bench: Open) -> None:
    bench = open_bench("Osei met Lin.", "Lin left.", "Osei!", specs=[suggest.lexicon()])
    bench.label("Osei", "PER")
    bench.decide()
    bench.label("Lin", "PER")
    bench.decide()
    assert bench.spans == [("Osei", "PER")]
    bench.engine.back()
    bench.engine.back()
    assert (bench.text, bench.spans) == ("Osei met Lin.", [("Osei", "PER")])


def test_a_task_whose_decided_line_was_spoilt_gets_suggestions_again(open_bench: Open) -> None:
    bench = open_bench()
    bench.label("Osei", "PER")
    bench.decide()
    bench.close()
    [line] = bench.lines()
    bench.output.write_text(json.dumps({**line, "spans": "spoilt"}) + "\n")
    again = open_bench(process=FakeProcess(), specs=[MODEL], correct=True)
    again.engine.back()
    assert again.text == TEXTS[0]
    again.tokenise(0)
    assert again.spans == []
    again.suggest(0, ("Rotterdam", "GPE", "model"))
    assert again.spans == [("Rotterdam", "GPE")]


def test_a_process_that_has_gone_leaves_every_task_usable(correcting: Bench) -> None:
    bench = correcting
    bench.tokenise(0)
    assert bench.engine.receive(Gone("killed"))
    assert bench.engine.preparation.sources.gone == "killed"
    assert "killed" in bench.engine.preparation.sources.notices
    for _ in TEXTS:
        bench.label(bench.editor.text.split()[0], "PER")
        assert bench.decide() is None
    assert bench.stage == "done"
    assert len(bench.lines()) == len(TEXTS)


def test_a_source_is_switched_off_and_on_again(correcting: Bench) -> None:
    bench = correcting
    process = bench.process
    assert process is not None
    for position in range(5):
        bench.tokenise(position)
        bench.suggest(position, (TEXTS[position].split()[0], "PER", "model"))
    assert bench.spans == [("Osei", "PER")]
    assert bench.engine.switch_source("model").message == "model is off"
    assert bench.spans == []
    assert process.switched == [("model", False)]
    bench.decide()
    assert bench.spans == []
    assert bench.engine.switch_source("model").message == "model is on"
    assert process.switched == [("model", False), ("model", True)]
    bench.tokenise(1)
    bench.suggest(1, ("Halvorsen", "PER", "model"))
    assert bench.spans == [("Halvorsen", "PER")]


def test_what_was_decided_is_offered_for_later_tasks(open_bench: Open) -> None:
    bench = open_bench("Osei left.", "It was Osei.", "Osei!", specs=[suggest.lexicon()])
    bench.label("Osei", "PER")
    bench.decide()
    bench.engine.look(1)
    bench.engine.look(-1)
    assert ("Osei", "PER") in bench.spans
    bench.decide()
    assert bench.lines()[1]["spans"][0]["source"] == "lexicon"


def test_a_source_that_is_mostly_wrong_is_known(correcting: Bench) -> None:
    bench = correcting
    for position in range(5):
        bench.tokenise(position)
        bench.suggest(position, (TEXTS[position].split()[0], "GPE", "model"))
        if position:
            bench.editor.move_to(0)
            bench.engine.edit("delete")
        bench.decide()
    (worst,) = bench.engine.feedback.record.wrong_more_often()
    assert (worst.source, worst.label, worst.right, worst.shown) == ("model", "GPE", 1, 5)


# ── the rest ───────────────────────────────────────────────────────────────


def test_a_lock_lost_in_the_very_moment_keeps_the_task_and_says_so(
    open_bench: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = open_bench()
    bench.label("Osei", "PER")

    def refuse(fields: object) -> None:
        raise AnnotateError("the output is written by ben")

    with monkeypatch.context() as patched:
        patched.setattr(bench.journal, "append", refuse)
        assert "written by ben" in (bench.decide() or "")
    assert (bench.text, bench.spans) == (TEXTS[0], [("Osei", "PER")])
    assert bench.lines() == []
    assert bench.decide() is None


def test_a_session_that_was_taken_over_decides_nothing(open_bench: Open) -> None:
    bench = open_bench()
    bench.lost = True
    assert "another session has taken over" in (bench.decide() or "")
    assert bench.lines() == []


def test_active_time_and_keys_are_counted_without_idle_gaps(open_bench: Open) -> None:
    bench = open_bench()
    for at in (1.0, 3.0, 103.0, 104.5):
        bench.clock = at
        bench.engine.pressed()
    bench.decide()
    line = bench.lines()[0]
    assert line["_keys"] == 4
    assert line["_seconds"] == pytest.approx(4.5)


def test_pace_and_time_left_are_known_after_three_decisions(open_bench: Open) -> None:
    bench = open_bench()
    for number in range(1, 4):
        assert bench.engine.pace.per_minute is None
        bench.clock = 6.0 * number
        bench.engine.pressed()
        bench.decide()
    assert bench.engine.pace.per_minute == pytest.approx(10.0)
    assert bench.engine.pace.minutes_left(2) == pytest.approx(0.2)
    assert bench.engine.pace.minutes_left(None) is None


def test_a_task_decided_again_does_not_change_the_pace(open_bench: Open) -> None:
    bench = open_bench()
    for number in range(1, 4):
        bench.clock = 6.0 * number
        bench.engine.pressed()
        bench.decide()
    bench.engine.back()
    bench.clock += 24.0
    bench.engine.pressed()
    bench.decide("reject")
    assert bench.engine.pace.per_minute == pytest.approx(10.0)
    bench.clock += 26.0
    bench.engine.pressed()
    bench.decide()
    assert bench.engine.pace.per_minute == pytest.approx(60 * 4 / 44)


def test_closing_ends_the_process_and_keeps_the_draft(correcting: Bench) -> None:
    bench = correcting
    bench.tokenise(0)
    bench.label("Osei", "PER")
    bench.close()
    assert bench.process is not None
    assert bench.process.closed
    assert len(bench.drafts.shelved()) == 1


def test_a_long_line_is_written_at_once_and_learned_from_when_it_is_painted(
    open_bench: Open,
) -> None:
    long = " ".join(f"w{number}" for number in range(3000))
    process = FakeProcess()
    specs = [SuggesterSpec("tags", "model")]
    bench = open_bench(long, "the end", labels=("X",), process=process, specs=specs, view="tagging")
    bench.tokenise(0)
    item = bench.engine.current
    assert item is not None
    editor = item.editor
    assert isinstance(editor, TagEditor)
    editor.suggest([Suggestion(*pair, "X", "model", 0.5) for pair in fallback_pairs(long)])
    by_hand = json.loads(msgspec.json.encode(editor.fields()))
    bench.engine.afterwards()
    assert json.loads(msgspec.json.encode(editor.fields())) == by_hand
    bench.decide()
    (line,) = bench.lines()
    assert (line["tokens"], line["spans"]) == (by_hand["tokens"], by_hand["spans"])
    assert len(line["_suggested"]) == 3000
    assert process.told == []
    assert bench.engine.feedback.record.of("model") == (0, 0)
    assert bench.engine.afterwards()
    assert [len(spans) for _, spans in process.told] == [3000]
    assert bench.engine.feedback.record.of("model") == (20, 20)
    assert not bench.engine.afterwards()


# ── flags and comments found again ─────────────────────────────────────────


def test_what_is_flagged_is_found_wherever_that_is_kept(open_bench: Open) -> None:
    bench = open_bench("One.", "Two.", {"text": "Three.", "flagged": True}, "Four.", "Five.")
    bench.engine.flag()
    bench.decide()
    bench.engine.look(2)
    bench.engine.flag()
    bench.engine.goto(4)
    bench.close()
    bench = open_bench()
    # In a line, as it came, and in a draft.
    bench.engine.goto(4)
    found = []
    for _ in range(4):
        assert bench.goto("flagged")
        found.append(bench.text)
    assert found == ["One.", "Three.", "Four.", "One."]
    bench.engine.flag()
    bench.decide()
    assert bench.goto("Flagged")
    assert bench.text == "Three."


def test_comments_are_found_by_a_word_of_them(open_bench: Open) -> None:
    bench = open_bench("One.", "Two.", {"text": "Three.", "comment": "as it came"}, "Four: label.")
    bench.engine.comment("Which label?")
    bench.decide()
    bench.engine.comment("Unsure")
    assert bench.goto("comment")
    assert bench.text == "Three."
    assert bench.goto("comment")
    assert bench.text == "One."
    assert bench.goto("unsure")
    assert bench.text == "Two."
    # A word of a comment, or of a text: whichever comes next.
    assert bench.goto("label")
    assert bench.text == "Four: label."
    assert bench.goto("label")
    assert bench.text == "One."
    bench.engine.comment("")
    bench.decide()
    assert not bench.goto("which")


def test_the_words_flagged_and_comment_are_looked_for_in_texts_where_nothing_is(
    open_bench: Open,
) -> None:
    bench = open_bench("One.", "They flagged it.", "No comment.")
    assert bench.goto("flagged")
    assert bench.text == "They flagged it."
    assert bench.goto("comment")
    assert bench.text == "No comment."
