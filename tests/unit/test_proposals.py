"""What a session proposes: earlier work on almost the same text, and to ask equal tasks once."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.unit.engine_bench import Bench
from tests.unit.test_session import Open, open_bench
from tui_annotate.kinds import kind
from tui_annotate.kinds.base import EditorInput
from tui_annotate.session.translation import translated
from tui_annotate.task.task import Origin, Task
from tui_annotate.text.alignment import Alignment
from tui_annotate.text.tokens import Tokens, fallback_pairs

__all__ = ["open_bench"]

WRONG = "Osei livs in Lyndale by the sea."
RIGHT = "Osei lives in Lyndale by the sea."
OTHER = "A ferry goes to Bergen at noon."


def proposed(bench: Bench) -> str | None:
    """What stands in the status line once there was time for it."""
    while bench.engine.proposals.read_on():
        pass
    bench.engine.afterwards()
    proposal = bench.engine.proposals.current
    return None if proposal is None else proposal.text


def yes(bench: Bench) -> str:
    return bench.engine.proposals.respond(yes=True).message or ""


def decided(bench: Bench) -> Bench:
    """Decide the first task, with a span, a flag and a comment, and leave."""
    bench.label("Osei", "PER")
    bench.label("Lyndale", "GPE")
    bench.engine.flag()
    bench.engine.comment("is it one?")
    bench.decide()
    bench.close()
    return bench


# ── almost the same text ───────────────────────────────────────────────────


def test_a_decision_on_a_text_that_was_mended_is_proposed_and_taken_over(open_bench: Open) -> None:
    decided(open_bench(WRONG, OTHER))
    bench = open_bench(RIGHT, OTHER)
    assert bench.text == RIGHT
    assert proposed(bench) == (
        "almost this text (livs → lives) was accepted before, 2 spans, flagged, “is it one?”; "
        "y takes that over, n does not"
    )
    assert bench.spans == []
    assert "taken over" in yes(bench)
    assert bench.spans == [("Osei", "PER"), ("Lyndale", "GPE")]
    bench.decide()
    line = bench.lines()[-1]
    assert [span["token_start"] for span in line["spans"]] == [0, 3]
    assert (line["text"], line["flagged"], line["comment"]) == (RIGHT, True, "is it one?")
    assert line["_task_id"] != bench.lines()[0]["_task_id"]


def test_what_was_taken_over_can_be_taken_out_again_unless_it_was_edited(open_bench: Open) -> None:
    decided(open_bench(WRONG, OTHER))
    bench = open_bench(RIGHT, OTHER)
    proposed(bench)
    yes(bench)
    assert yes(bench) == "the task is as it came"
    item = bench.engine.current
    assert item is not None
    assert (bench.spans, item.flagged, item.comment) == ([], False, "")
    assert proposed(bench) is None
    bench.close()
    bench = open_bench(RIGHT, OTHER)
    bench.engine.flag()
    assert proposed(bench) is None


def test_what_was_taken_over_and_edited_is_there_after_a_crash(open_bench: Open) -> None:
    decided(open_bench(WRONG, OTHER))
    bench = open_bench(RIGHT, OTHER)
    proposed(bench)
    yes(bench)
    bench.label("sea", "GPE")
    assert bench.engine.context.writer.flush(5)
    bench.die()
    bench = open_bench()
    assert bench.spans == [("Osei", "PER"), ("Lyndale", "GPE"), ("sea", "GPE")]
    assert bench.remarks == ["back where you left off"]
    bench.engine.edit("undo")
    bench.decide()
    assert len(bench.lines()[-1]["spans"]) == 3


def test_no_is_not_asked_again_in_a_session(open_bench: Open) -> None:
    decided(open_bench(WRONG, OTHER))
    bench = open_bench(RIGHT, OTHER)
    assert proposed(bench)
    assert bench.engine.proposals.respond(yes=False).message == "left as it is"
    bench.engine.look(1)
    bench.engine.look(-1)
    assert proposed(bench) is None


@pytest.mark.parametrize(
    "source",
    [
        (WRONG, RIGHT, OTHER),
        ("A ferry goes to Oslo, and another one to Tromsø at night.", OTHER),
    ],
    ids=["the earlier text is still there", "another text"],
)
def test_nothing_is_proposed(open_bench: Open, source: tuple[str, ...]) -> None:
    decided(open_bench(WRONG, OTHER))
    bench = open_bench(*source)
    assert bench.text != WRONG
    assert proposed(bench) is None


def test_the_same_text_with_other_spans_that_come_is_proposed_too(open_bench: Open) -> None:
    came = {"start": 0, "end": 4, "label": "ORG"}
    bench = open_bench({"text": RIGHT, "spans": [came]}, OTHER)
    bench.label("Lyndale", "GPE")
    bench.decide()
    bench.close()
    bench = open_bench({"text": RIGHT, "spans": [came | {"label": "PER"}]}, OTHER)
    assert (proposed(bench) or "").startswith("almost this text was accepted before, 2 spans")


def test_a_draft_of_a_text_that_was_mended_is_proposed(open_bench: Open) -> None:
    bench = open_bench(WRONG, OTHER)
    bench.label("Osei", "PER")
    bench.label("Lyndale", "GPE")
    bench.engine.comment("hm")
    assert bench.engine.context.writer.flush(5)
    bench.die()
    bench = open_bench(RIGHT, OTHER)
    assert "has a draft" in (proposed(bench) or "")
    yes(bench)
    assert bench.spans == [("Osei", "PER"), ("Lyndale", "GPE")]
    item = bench.engine.current
    assert item is not None
    assert item.comment == "hm"
    bench.decide()
    assert bench.drafts.shelved() == []


# ── a line for another text, kind by kind ──────────────────────────────────

BEFORE = "well my freinds we begin now"
AFTER = "well then my friends we begin"


def over(view: str, fields: dict[str, Any], line: dict[str, Any] | None = None, **more: Any) -> Any:
    """An editor over a task, opened on a line."""
    text = fields["text"]
    of_view = kind(view)
    labels = more.pop("labels", ["A", "B"])
    return of_view.open(
        EditorInput(
            Task(fields, "1", Origin("x", 1), 0),
            Tokens.from_pairs(text, fallback_pairs(text)),
            labels,
            of_view.options(**more),
            line,
        )
    )


def carried(view: str, commands: list[tuple[str, str | None]], **more: Any) -> tuple[Any, int]:
    """An editor over the later text, with what was done on the earlier one."""
    one = over(view, {"text": BEFORE}, **dict(more))
    for command, argument in commands:
        if command == "at":
            one.move_to(BEFORE.index(argument or ""))
        else:
            one.do(command, argument)
    written = msgspec.json.encode({"text": BEFORE, "answer": "accept", **one.fields()})
    line = msgspec.json.decode(written)
    tokens = Tokens.from_pairs(AFTER, fallback_pairs(AFTER))
    made, lost = translated(line, AFTER, tokens, Alignment(BEFORE, AFTER))
    return over(view, {"text": AFTER}, made, **dict(more)), lost


def test_spans_are_those_of_the_same_words() -> None:
    one, lost = carried("spans", [("at", "freinds"), ("label", "A"), ("at", "now"), ("label", "B")])
    assert [(AFTER[s.start : s.end], s.label) for s in one.spans] == [("friends", "A")]
    assert lost == 1
    assert one.fields()["spans"][0]["token_start"] == 3


def test_ranks_stay_with_their_phrases() -> None:
    commands = [
        ("at", "begin"),
        ("label", "A"),
        ("at", "freinds"),
        ("label", "A"),
        ("rank_up", None),
    ]
    one, _ = carried("keyphrases", commands)
    assert [phrase["text"] for phrase in one.fields()["keyphrases"]] == ["friends", "begin"]


def test_tags_are_those_of_the_same_words() -> None:
    one, _ = carried("tagging", [("at", "begin"), ("label", "A"), ("at", "well"), ("label", "B")])
    tagged = [one.table.word(n) for n, tag in enumerate(one.tags) if tag is not None]
    assert tagged == ["well", "begin"]


def test_what_was_chosen_is_chosen() -> None:
    one, _ = carried("choice", [("label", "B")])
    assert one.accepted == {"B"}


def test_marks_and_capitals_are_those_of_the_same_words() -> None:
    commands = [("at", "freinds"), ("label", ","), ("at", "begin"), ("capital", None)]
    one, lost = carried("punctuation", commands, labels=[])
    assert one.content.punctuated() == "Well then my friends, we Begin"
    assert lost == 0


# ── equal tasks ────────────────────────────────────────────────────────────

ASK = {"settings": {"ask_about_equal": True}}


def rows(*texts: str) -> list[dict[str, Any]]:
    return [{"text": text, "meta": {"id": number}} for number, text in enumerate(texts)]


def test_equal_tasks_are_asked_about_at_the_first_and_then_asked_once(open_bench: Open) -> None:
    bench = open_bench(*rows(RIGHT, OTHER, RIGHT, "Last.", RIGHT), **ASK)
    bench.engine.stream.check_head()
    assert proposed(bench) == "3 tasks have the same text: asked once? y/n"
    assert "asked once" in yes(bench)
    assert proposed(bench) is None
    assert bench.engine.queue.share(5) == (0, 3)
    shown = []
    while bench.text is not None:
        shown.append(bench.text)
        bench.decide()
    assert shown == [RIGHT, OTHER, "Last."]
    assert bench.engine.queue.share(5) == (3, 3)
    bench.close()
    # It is remembered, and so is a task that came in the meantime.
    bench = open_bench(*rows(RIGHT, OTHER, RIGHT, "Last.", RIGHT, "New."), **ASK)
    assert bench.text == "New."
    assert proposed(bench) is None


def test_no_is_remembered_too(open_bench: Open) -> None:
    bench = open_bench(*rows(RIGHT, RIGHT), **ASK)
    bench.engine.stream.check_head()
    assert proposed(bench)
    bench.engine.proposals.respond(yes=False)
    bench.decide()
    assert bench.text == RIGHT
    bench.close()
    bench = open_bench(**ASK)
    assert bench.text == RIGHT
    assert proposed(bench) is None


def test_tasks_that_ask_something_else_of_a_text_are_not_equal(open_bench: Open) -> None:
    first = {"text": RIGHT, "spans": [{"start": 0, "end": 4, "label": "PER"}]}
    bench = open_bench(first, RIGHT, **ASK)
    bench.engine.stream.check_head()
    assert proposed(bench) is None


def test_who_says_what_to_exclude_is_not_asked(open_bench: Open) -> None:
    bench = open_bench(*rows(RIGHT, RIGHT))
    bench.engine.stream.check_head()
    assert proposed(bench) is None
    bench.decide()
    assert bench.text == RIGHT
