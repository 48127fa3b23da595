"""Transcripts over several sounds: the words that were said are completed later."""

from __future__ import annotations

from pathlib import Path

from tests.ui.sounds import RATE, beeps, listening
from tui_annotate.inventory.vocabulary import Vocabulary
from tui_annotate.suggest.suggestion import Suggestion

FOUND = [Suggestion(2 * RATE, 3 * RATE, "SPEECH", "speech", 0.9)]


async def test_a_word_that_was_said_is_completed_in_the_next_session_too(tmp_path: Path) -> None:
    beeps(tmp_path / "a.wav", (2, 3))
    beeps(tmp_path / "b.wav", (2, 3))
    tasks = ("a.wav", "b.wav")
    view = {"mode": "transcribe", "vocabulary": Vocabulary(["polka"])}
    async with listening(tmp_path, *tasks, labels=("SPEECH",), found=FOUND, view=view) as here:
        await here.press("tab", "t", *"polly", "escape", "a")
        assert here.written()[0]["audio_spans"][0]["text"] == "polly"
    view = {"mode": "transcribe", "vocabulary": Vocabulary(["polka"])}
    async with listening(tmp_path, *tasks, labels=("SPEECH",), found=FOUND, view=view) as here:
        assert "b.wav" in here.top
        await here.press("tab", "t", *"po", "f2")
        assert here.editor.typing is not None
        assert here.editor.typing.text == "polly"
        await here.press("f2", "enter", "escape", "a")
        assert here.written()[1]["audio_spans"][0]["text"] == "polka"
