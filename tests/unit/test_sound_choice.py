"""Classes of a sound."""

from __future__ import annotations

import json
from typing import Any

from tui_annotate.audio.clip import Clip
from tui_annotate.editors.choice.audio import SoundChoiceEditor
from tui_annotate.kinds import kind
from tui_annotate.kinds.audio_choice import Options
from tui_annotate.kinds.base import EditorInput
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Origin, Task

CLIP = Clip(b"a.wav", b"a.wav", 16_000, 2, 0, 24_000)


def opened(labels: list[str], decided: dict[str, Any] | None = None, **fields: Any) -> Any:
    task = Task({"audio": "a.wav", **fields}, "1", Origin("a.jsonl", 1), 0)
    return kind("audio_choice").open(EditorInput(task, CLIP, labels, Options(), decided))


def test_one_of_several_is_chosen_and_decides() -> None:
    one = opened(["speech", "music"])
    assert isinstance(one, SoundChoiceEditor)
    outcome = one.do("label", "music")
    assert outcome is not None
    assert outcome.answer == "accept"
    fields = one.fields()
    assert (fields["accept"], fields["_view_id"]) == (["music"], "choice")
    assert (fields["duration"], fields["sample_rate"], fields["channels"]) == (1.5, 16_000, 2)


def test_one_label_is_a_question() -> None:
    fields = opened(["laughter"]).fields()
    assert (fields["label"], fields["_view_id"]) == ("laughter", "classification")


def test_what_a_source_holds_it_to_be_is_chosen_and_written_in_seconds() -> None:
    one = opened(["speech", "music"])
    one.suggest([Suggestion(0, 24_000, "music", "yamnet", 0.9)])
    fields = json.loads(json.dumps(one.fields()))
    assert fields["accept"] == ["music"]
    assert fields["_suggested"] == [
        {"start": 0.0, "end": 1.5, "label": "music", "source": "yamnet", "score": 0.9}
    ]
    again = opened(["speech", "music"], decided=fields)
    assert again.chosen == {"music"}
    assert again.fields() == fields


def test_a_draft_keeps_where_one_listened() -> None:
    one = opened(["speech", "music"])
    one.move_to(9_000)
    one.do("next_option")
    other = opened(["speech", "music"])
    other.restore(json.loads(json.dumps(one.state())))
    assert (other.cursor, other.chosen) == (9_000, one.chosen)
    one.move_to(90_000)
    assert one.cursor == 24_000
