"""The recogniser that docs/plugins.md shows, plugged in: what it hears is typed nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import installed
from tests.pty.conftest import Desk
from tui_annotate.audio.clip import frames_of
from tui_annotate.cli.demo import SAMPLES

pytestmark = [pytest.mark.pty, pytest.mark.slow]

MODEL = '''
"""Stands for a real model: it hears two words in every piece that is loud enough."""

def recognise(samples, rate):
    assert samples.dtype == "float32" and samples.ndim == 1
    seconds = len(samples) / rate
    return [(1.0, 2.5, f"after {seconds:.1f} s"), (3.0, seconds - 1, "and so on")]
'''


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Where a package with it is installed."""
    found = installed(tmp_path, "A recogniser", "my_recogniser")
    (tmp_path / "packages" / "my_model.py").write_text(MODEL)
    return {**found, "TUI_ANNOTATE_AUDIO": "null"}


def test_what_it_hears_is_read_mended_and_decided(desk: Desk, environment: dict[str, str]) -> None:
    terminal = desk.start(
        SAMPLES / "dialogue.flac", "--suggest", "mine", "--no-auto-play",
        recipe="audio.transcribe", labels=None, environment=environment,
    )  # fmt: skip
    # 47 s in pieces of 30, each with two suggestions.
    terminal.wait_for("SPEECH 4").wait_for("after 17.2 s").press("tab").wait_for("▸  1")
    terminal.press("t").wait_for("snippets").type(", hello").wait_for("after 30.0 s, hello")
    terminal.press("enter").wait_for("▸  2").press("escape")
    terminal.wait_for(lambda t: "snippets" not in t.text).press("a")
    terminal.wait_for("2 suggested transcripts unchecked").press("a")
    terminal.wait_for("All tasks are decided.").press("q")
    assert terminal.wait_for_end() == 0
    (line,) = desk.decisions()
    said = [(one["start"], one["label"], one["text"], one["source"]) for one in line["audio_spans"]]
    assert said == [
        (1.0, "SPEECH", "after 30.0 s, hello", "mine"),
        (3.0, "SPEECH", "and so on", "mine"),
        (31.0, "SPEECH", "after 17.2 s", "mine"),
        (33.0, "SPEECH", "and so on", "mine"),
    ]
    assert ["_seen" in one for one in line["audio_spans"]] == [False, False, True, True]
    assert frames_of(line["audio_spans"][3]["end"], 16_000) == 755_209 - 16_000
    assert line["_suggested"][0]["text"] == "after 30.0 s"


def test_one_that_fails_is_named_and_the_session_goes_on(
    desk: Desk, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "packages" / "my_model.py").write_text("def recognise(samples, rate): 1 / 0\n")
    terminal = desk.start(
        SAMPLES / "dialogue.flac", "--suggest", "mine,speech",
        recipe="audio.transcribe", labels=None, environment=environment,
    )  # fmt: skip
    terminal.wait_for("mine cannot go on: division by zero").wait_for("SPEECH 5")
    terminal.press("a").wait_for("5 regions have no text: accept again")
    terminal.press("a").wait_for("All tasks are decided.")
    assert len(desk.decisions()[0]["audio_spans"]) == 5


def test_one_that_is_not_installed_is_named(desk: Desk) -> None:
    terminal = desk.start(
        SAMPLES / "dialogue.flac", "--suggest", "mine", recipe="audio.transcribe", labels=None
    )
    assert terminal.wait_for_end() == 2
    said = " ".join("".join(terminal.lines).split())
    assert "there is no suggester 'mine'; there are speech, music, speakers" in said
