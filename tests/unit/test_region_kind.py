"""The kind of regions: from a task to its line and back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tui_annotate import suggest
from tui_annotate.audio.clip import Clip
from tui_annotate.editors.regions.drafts import Typing
from tui_annotate.editors.regions.editor import RegionEditor
from tui_annotate.editors.regions.tracks import Track
from tui_annotate.inventory.vocabulary import Vocabulary
from tui_annotate.kinds import kind
from tui_annotate.kinds.base import EditorInput, FirstTasks, Offer
from tui_annotate.kinds.regions import Options
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.suggest.track_record import TrackRecord
from tui_annotate.task.incoming_regions import IncomingRegions, RegionMode
from tui_annotate.task.task import Origin, Task

CLIP = Clip(b"a.wav", b"a.wav", 44_100, 2, 441_000, 882_000)
KIND = kind("regions")


def opened(
    fields: dict[str, Any], decided: dict[str, Any] | None = None, **options: Any
) -> RegionEditor:
    task = Task({"audio": "a.wav", **fields}, "1", Origin("a.jsonl", 1), 0)
    found = KIND.open(EditorInput(task, CLIP, ["SPEECH", "MUSIC"], Options(**options), decided))
    assert isinstance(found, RegionEditor)
    return found


def test_a_decided_task_is_opened_again_as_it_was() -> None:
    came = [
        {"start": 2.0, "end": 3.5, "label": "MUSIC", "color": "#ff0", "id": "x"},
        {"start": 0.25, "end": 1, "label": "SPEECH", "source": "vad", "score": 0.5, "text": "so"},
    ]
    one = opened({"audio_spans": came, "chunk": {"start": 10, "end": 20}}, mode="transcribe")
    one.suggest([Suggestion(44_100, 50_000, "SPEECH", "speech", 0.9)])
    one.cursor.move_to(100_000)
    one.do("label", "SPEECH")
    fields = json.loads(json.dumps(one.fields()))
    assert [(span["id"], span["start"], span["label"]) for span in fields["audio_spans"]] == [
        ("r1", 0.25, "SPEECH"), ("r2", 1.0, "SPEECH"), ("x", 2.0, "SPEECH")]  # fmt: skip
    assert fields["audio_spans"][2]["color"] == "#ff0"
    assert "source" in fields["audio_spans"][0]
    assert (fields["duration"], fields["sample_rate"], fields["channels"]) == (10.0, 44_100, 2)
    again = opened({"audio_spans": came}, decided=fields, mode="transcribe")
    assert again.fields() == fields
    # Nobody has read what the source wrote: that is no other when the task is opened again.
    assert [one.text for one in again.regions if one.suggested] == ["so"]
    assert again.offered == one.offered


@pytest.mark.parametrize("field", ["transcript", "text"])
def test_what_came_as_transcript_is_there_already(field: str) -> None:
    one = opened({field: "so what"}, mode="transcribe")
    assert one.transcript == "so what"
    one.do("whole_transcript", "So, what?")
    assert one.fields()["transcript"] == "So, what?"


def test_regions_beyond_the_end_are_cut_or_left_out() -> None:
    one = opened({"audio_spans": [
        {"start": -1, "end": 2, "label": "SPEECH"}, {"start": 9, "end": 11, "label": "MUSIC"},
        {"start": 10.5, "end": 11, "label": "MUSIC"}]})  # fmt: skip
    spans = one.fields()["audio_spans"]
    assert [(span["start"], span["end"]) for span in spans] == [(0.0, 2), (9, 10.0)]
    assert [said.partition(" the")[0] for said in one.remarks] == [
        "a region lies past", "a region ends after"]  # fmt: skip


def test_what_was_said_is_known_for_later_tasks() -> None:
    words = Vocabulary()
    line = {"answer": "accept", "audio_spans": [{"text": "polly wants"}, {}], "transcript": "polly"}
    KIND.remember(Options(vocabulary=words), line)
    KIND.remember(Options(vocabulary=words), {**line, "answer": "ignore"})
    KIND.remember(Options(), line)
    assert words.words() == ["polly", "wants"]


def test_a_suggestion_was_right_where_it_was_kept_to_the_frame() -> None:
    one = opened({})
    one.suggest([Suggestion(0, 44_100, "SPEECH", "speech"), Suggestion(90_000, 99_999, "SPEECH",
                                                                       "speech")])  # fmt: skip
    one.cursor.move_to(95_000)
    one.do("end_later")
    (lesson,) = KIND.units(Options(), {**one.fields(), "answer": "accept"})
    kept = {(start, end) for start, end, _ in lesson.labelled}
    assert [(claim.start, claim.end) in kept for claim in lesson.claimed] == [True, False]
    assert KIND.units(Options(), {**one.fields(), "answer": "reject"}) == ()


@pytest.mark.parametrize("mode", ["speakers", "transcribe"])
def test_a_suggestion_that_got_a_name_was_right(mode: RegionMode) -> None:
    one = opened({}, mode=mode)
    one.suggest(
        [Suggestion(0, 44_100, "SPEECH", "speech"), Suggestion(90_000, 99_999, "spk1", "x")]
    )
    one.suggest([Suggestion(200_000, 244_100, "SPEECH", "speech")])
    for at in (500, 95_000):
        one.cursor.move_to(at)
        one.do("label", "MUSIC")
    one.cursor.move_to(210_000)
    one.do("delete")
    (lesson,) = KIND.units(Options(mode=mode), {**one.fields(), "answer": "accept"})
    record = TrackRecord()
    record.add("1", lesson.claimed, lesson.labelled)
    assert {(s.label, s.right, s.shown) for s in record.scores()} == {
        ("SPEECH", 1, 2), ("spk1", 1, 1)}  # fmt: skip


@pytest.mark.parametrize(
    ("labels", "mapping", "offered", "said"),
    [
        (("MUSIC", "NOISE"), {}, {"music": "MUSIC"}, ["SPEECH"]),
        (("bird", "frog"), {}, {}, ["SPEECH", "MUSIC"]),
        (("speech", "bird"), {}, {"speech": "speech"}, ["MUSIC"]),
        (("TALK", "bird"), {"SPEECH": "TALK"}, {"speech": "TALK"}, ["MUSIC"]),
        ((), {}, {"speech": "SPEECH", "music": "MUSIC"}, []),
    ],
)
def test_a_sound_is_suggested_under_its_own_label_or_not_at_all(
    labels: tuple[str, ...], mapping: dict[str, str], offered: dict[str, str], said: list[str]
) -> None:
    specs = tuple(suggest.sounds(("speech", "music"), labels, mapping))
    options = Options(mode="regions", default_labels=("SPEECH", "MUSIC"))
    offer = KIND.complete(
        Offer(labels, {}, specs, options), FirstTasks(IncomingRegions(), (), "x.wav")
    )
    assert {spec.name: spec.options["label"] for spec in offer.suggesters} == offered
    assert [notice.split(": ")[1].split()[0] for notice in offer.notices] == said


def test_a_draft_of_an_earlier_version_is_taken_up() -> None:
    came = [{"start": 0.0, "end": 1.0, "label": "MUSIC", "id": "x"}]
    one = opened({"audio_spans": came})
    one.restore({
        "frames": 441_000, "rate": 44_100, "removed": ["x"],
        "added": [{"start": 10, "end": 44_100, "label": "MUSIC", "id": "x", "came": 0}],
        "cursor": 500, "focus": "x", "mark_in": None, "selection": [20, 2000], "led": "next_span",
        "last_label": "MUSIC", "transcript": "so", "dismissed": [[1, 2, "SPEECH"]],
        "withdrawn": [1], "touched": True, "auto_play": True, "typing": ["transcript", "s", 1],
        "look": [100, 7], "lane": ["MUSIC", None],
        "offered": [{"start": 5, "end": 900, "label": "SPEECH", "source": "speech"}],
    })  # fmt: skip
    assert [(region.start, region.original) for region in one.regions] == [(10, 0)]
    assert one.cursor.selection == (20, 2000)
    assert one.cursor.track == Track("MUSIC")
    assert one.viewport == (100, 7)
    assert one.typing == Typing("transcript", "s", 1)
    assert one.offered[1] == Suggestion(5, 900, "SPEECH", "speech")
    assert one.edited
