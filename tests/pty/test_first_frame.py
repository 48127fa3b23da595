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


NOTED = """
import sys
class Noted:
    @staticmethod
    def find_spec(name, path=None, target=None):
        with open({log!r}, "a") as log:
            log.write(name + "\\n")
if "tui_annotate.suggest.worker" not in sys.orig_argv:
    sys.meta_path.insert(0, Noted)
"""
AFTER = "tui_annotate.ui.screens.picker"
"""What is imported first of what only a key asks for."""

NOT_NEEDED = frozenset(
    {"ssl", "_hashlib", "json", "tomllib", "base64", "wcwidth", "murmurhash", "numpy", "thinc",
     "textual.command", "textual.widgets._input", "rapidfuzz", "soundfile", "sqlite3"}
)  # fmt: skip


def test_the_first_frame_waits_for_no_import_that_it_does_not_need(
    desk: Desk, tmp_path: Path
) -> None:
    log = tmp_path / "imported"
    (tmp_path / "noted").mkdir()
    noted = NOTED.format(log=str(log))
    (tmp_path / "noted" / "sitecustomize.py").write_text(noted, encoding="utf-8")
    desk.source(TEXT)
    desk.start(environment={"PYTHONPATH": str(tmp_path / "noted")}).wait_for("token 0")
    names = log.read_text("utf-8").splitlines()
    before = names[: names.index(AFTER)]
    assert "tui_annotate.ui.app" in before
    assert not NOT_NEEDED.intersection(before)
