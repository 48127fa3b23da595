"""Undo and redo over snapshots and over deltas."""

from __future__ import annotations

from tui_annotate.editors.history import History


def test_snapshots_go_back_and_forth() -> None:
    history: History[int] = History()
    history.push(0)
    history.push(1)
    assert history.undo(2) == 1
    assert history.undo(1) == 0
    assert history.undo(0) is None
    assert history.redo(0) == 1
    history.push(1)
    assert history.redo(2) is None
    assert history.undo(2) == 1


def test_deltas_are_turned_back_and_repeated() -> None:
    history: History[str] = History()
    history.push("a")
    history.push("b")
    assert [history.undo(), history.undo(), history.undo()] == ["b", "a", None]
    assert [history.redo(), history.redo(), history.redo()] == ["a", "b", None]


def test_edits_of_a_run_are_undone_together() -> None:
    history: History[int] = History()
    for state, run in ((0, "nudge"), (1, "nudge"), (2, "other"), (3, None), (4, None)):
        history.push(state, run)
    assert [history.undo(now) for now in (5, 4, 3, 2, 0)] == [4, 3, 2, 0, None]


def test_a_run_ends_with_another_command_or_an_undo() -> None:
    history: History[int] = History()
    history.push(0, "nudge")
    history.end_run()
    history.push(1, "nudge")
    assert history.undo(2) == 1
    history.push(1, "nudge")
    assert [history.undo(3), history.undo(1)] == [1, 0]
