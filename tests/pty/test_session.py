"""A session in a terminal: from the first task to the summary, and on again."""

from __future__ import annotations

import re

import pytest

from tests.pty.conftest import Desk, arrive, assert_restored, at, spans

pytestmark = [pytest.mark.pty, pytest.mark.slow]

NEWS = [
    "Angela Merkel met executives of Siemens in Berlin.",
    "Osei left Lyndale for Rotterdam on Friday.",
    "Halvorsen Shipping moves to Bergen.",
    "Nothing was decided in Munich.",
    "Ribeiro flew to Ottawa.",
    "The mayor of Cork spoke.",
]


def test_a_session_is_started_labelled_decided_and_left(desk: Desk) -> None:
    desk.source(*NEWS)
    terminal = arrive(desk.start(), NEWS[0])
    terminal.press("shift+right", "1").wait_for("PER 1")
    terminal.press("right", "right").wait_for(at(14, "met"))
    terminal.press("right", "right", "right", "2").wait_for("ORG 1")
    arrive(terminal.press("a"), NEWS[1])
    arrive(terminal.press("x"), NEWS[2])
    arrive(terminal.press("space"), NEWS[3])
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert "3 decided (1 accepted, 1 rejected, 1 skipped): out.jsonl" in terminal.text
    lines = desk.decisions()
    assert [line["answer"] for line in lines] == ["accept", "reject", "ignore"]
    assert [line["text"] for line in lines] == NEWS[:3]
    assert spans(lines[0]) == [("Angela Merkel", "PER"), ("Siemens", "ORG")]
    assert [(s["token_start"], s["token_end"]) for s in lines[0]["spans"]] == [(0, 1), (5, 5)]
    assert lines[0]["_annotator_id"] == "ann"
    assert lines[0]["_session_id"] == "out-ann"
    assert lines[0]["_labels"] == ["PER", "ORG", "GPE"]
    assert lines[0]["_view_id"] == "ner_manual"
    assert lines[0]["_keys"] == 9


def test_the_next_session_goes_on_where_one_stopped(desk: Desk) -> None:
    desk.source(*NEWS)
    terminal = arrive(desk.start(), NEWS[0])
    arrive(terminal.press("a"), NEWS[1])
    arrive(terminal.press("a"), NEWS[2]).press("q")
    assert terminal.wait_for_end() == 0
    terminal = arrive(desk.start(), NEWS[2])
    assert "3 of 6  33 %" in terminal.lines[0]
    arrive(terminal.press("backspace"), NEWS[1]).wait_for("You accepted this").wait_for("2 of 6")
    terminal.press("1").wait_for("PER 1")
    arrive(terminal.press("a"), NEWS[2]).press("ctrl+q")
    assert terminal.wait_for_end() == 0
    assert "2 decided (2 accepted)" in terminal.text
    # Leaving took the line that was decided again out of the output.
    assert [line["text"] for line in desk.decisions()] == NEWS[:2]
    assert spans(desk.decisions()[-1]) == [("Osei", "PER")]


def test_when_everything_is_decided_a_summary_says_so(desk: Desk) -> None:
    desk.source(*NEWS[:2])
    terminal = arrive(desk.start(), NEWS[0])
    arrive(terminal.press("a"), NEWS[1]).press("x")
    terminal.wait_for("All tasks are decided.")
    terminal.wait_for("2 decided: 1 accepted, 1 rejected, 0 skipped").press("q")
    assert terminal.wait_for_end() == 0
    terminal = desk.start().wait_for("All tasks are decided.")
    arrive(terminal.press("backspace"), NEWS[1]).wait_for("You rejected this")
    # It is there before its tokens, and can be decided only with them.
    terminal.press("home").wait_for(at(0)).press("a")
    terminal.wait_for("2 decided: 2 accepted, 0 rejected, 0 skipped").press("q")
    assert terminal.wait_for_end() == 0
    assert [line["answer"] for line in desk.decisions()] == ["accept", "accept"]


def test_decisions_typed_ahead_never_decide_a_task_unseen(desk: Desk) -> None:
    texts = [f"Task number {n} of many." for n in range(1, 41)]
    desk.source(*texts)
    terminal = arrive(desk.start(), texts[0])
    for number in range(1, 13):
        terminal.press("a", "a", "a", "a").wait_for(texts[number])
        terminal.wait_for("not on screen yet; key ignored").settle()
        assert f"{number + 1} of 40" in terminal.lines[0]
        assert [line["text"] for line in desk.decisions()] == texts[:number]


def test_keys_pressed_while_the_program_starts_decide_nothing(desk: Desk) -> None:
    desk.source(*NEWS)
    terminal = desk.start()
    # Keys are the program's from here on, and nothing is painted yet.
    terminal.wait_for(lambda t: b"\x1b[?1049h" in t.sent, at_rest=False)
    terminal.press("a", "a", "a", "a")
    arrive(terminal, NEWS[0]).press("right").wait_for(at(7, "Merkel"))
    assert desk.decisions() == []


def test_edit_keys_typed_ahead_act_in_order(desk: Desk) -> None:
    desk.source(*NEWS)
    terminal = arrive(desk.start(), NEWS[0])
    keys = ["shift+right", "1", *5 * ["right"], "2", "right", "right", "3", "u", "u", "ctrl+r"]
    arrive(terminal.press(*keys, "a"), NEWS[1])
    assert spans(desk.decisions()[0]) == [("Angela Merkel", "PER"), ("Siemens", "ORG")]


def test_edits_typed_behind_a_decision_are_for_the_next_task(desk: Desk) -> None:
    desk.source(*NEWS)
    terminal = arrive(desk.start(), NEWS[0])
    arrive(terminal.press("a", "1", *4 * ["right"], "3"), NEWS[1]).wait_for("GPE 1")
    arrive(terminal.press("a"), NEWS[2])
    assert spans(desk.decisions()[0]) == []
    assert spans(desk.decisions()[1]) == [("Osei", "PER"), ("Rotterdam", "GPE")]


def test_a_resize_keeps_task_cursor_and_selection(desk: Desk) -> None:
    desk.source(NEWS[1], " ".join(NEWS))
    terminal = arrive(desk.start(), NEWS[1])
    arrive(terminal.press("x"), NEWS[0])
    selected = "met executives  selected  14–28"
    terminal.press("right", "right", "shift+right").wait_for(selected)
    terminal.resize(12, 50).wait_for("This terminal is 50×12.")
    terminal.wait_for("Make it 60×15 or larger")
    terminal.resize(15, 60).wait_for(lambda t: selected in t.status).wait_for("2 of 2")
    terminal.resize(40, 120).wait_for(lambda t: selected in t.status)
    terminal.press("2").wait_for("ORG 1").press("a").wait_for("All tasks are decided")
    assert spans(desk.decisions()[1]) == [("met executives", "ORG")]


@pytest.mark.parametrize(
    "environment",
    [{"NO_COLOR": "1"}, {"TERM": "xterm", "COLORTERM": ""}],
    ids=["no colour", "16 colours"],
)
def test_with_few_colours_or_none_labels_are_named(desk: Desk, environment: dict[str, str]) -> None:
    desk.source(NEWS[0])
    terminal = arrive(desk.start(environment=environment), NEWS[0])
    terminal.press("shift+right", "1").wait_for("PER──────────")
    terminal.press("right", "right").wait_for(at(14, "met")).settle()
    colours = re.findall(rb"\x1b\[[0-9;]*?\b(?:38|48);[25];", bytes(terminal.sent))
    assert colours == []
    if "NO_COLOR" in environment:
        assert not re.search(
            rb"\x1b\[(?:[0-9]+;)*(?:3[0-7]|4[0-7]|9[0-7]|10[0-7])[;m]", terminal.sent
        )


def test_leaving_gives_the_terminal_back_as_it_was(desk: Desk) -> None:
    desk.source(*NEWS)
    terminal = arrive(desk.start(), NEWS[0])
    arrive(terminal.press("a"), NEWS[1]).press("q")
    assert terminal.wait_for_end() == 0
    assert_restored(terminal)
    after = bytes(terminal.sent).rpartition(b"\x1b[?1049l")[2]
    text = re.sub(rb"\x1b\[\?(?:25h|1004l|2004l|7h)", b"", after)
    assert text == b"1 decided (1 accepted): out.jsonl\r\n"
