"""The first frame has the text of the first task, before the suggestion process says a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pty.conftest import Desk, spans

pytestmark = pytest.mark.pty

TEXT = "Angela Merkel met executives of Siemens in Berlin. " * 4
HELD = """
import os, sys, time
if "tui_annotate.suggest.worker" in sys.orig_argv:
    while not os.path.exists({go!r}):
        time.sleep(0.01)
"""


@pytest.fixture
def go(tmp_path: Path) -> Path:
    """The file that the suggestion process waits for before it does anything."""
    held = tmp_path / "held"
    held.mkdir()
    go = tmp_path / "go"
    (held / "sitecustomize.py").write_text(HELD.format(go=str(go)), encoding="utf-8")
    return go


def test_the_text_stands_and_keys_wait_until_there_are_tokens(desk: Desk, go: Path) -> None:
    desk.source(TEXT, "Two.")
    held = {"PYTHONPATH": str(go.parent / "held")}
    terminal = desk.start(environment=held).wait_for("Angela Merkel met")
    assert not go.exists()
    first = bytes(terminal.sent)
    assert b"token 0" not in first
    text = [row.rstrip() for row in terminal.lines[4:-3:2]]
    terminal.press("a").wait_for("the task is loading; key ignored")
    terminal.press("shift+right", "1").wait_for("2 keys wait for the tokens; esc drops them")
    assert desk.decisions() == []
    go.touch()
    terminal.wait_for("PER 1").settle()
    assert [row.rstrip() for row in terminal.lines[4:-3:2]] == text
    terminal.press("a").wait_for("Two.").press("q")
    assert terminal.wait_for_end() == 0
    (line,) = desk.decisions()
    assert spans(line) == [("Angela Merkel", "PER")]
