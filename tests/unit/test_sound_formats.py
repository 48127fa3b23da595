"""Exports of sounds: what other people's readers read in them, and what is said to be lost."""

from __future__ import annotations

import gzip
import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui_annotate.cli.program import run
from tui_annotate.formats import formats
from tui_annotate.formats.timed import read_file

Fields = dict[str, Any]

SAID = 'Hello <there> & "you"; this is a rather long sentence that does not fit into two lines.'
DIALOGUE: Fields = {
    "audio": "sounds/dialogue.wav",
    "duration": 20.0,
    "sample_rate": 16000,
    "channels": 1,
    "answer": "accept",
    "audio_spans": [
        {"start": 0.5, "end": 3.123, "label": "SPEECH", "speaker": "Di", "text": SAID},
        {"start": 3.0, "end": 5.0, "label": "SPEECH", "speaker": "Bo", "text": "Mhm."},
        {"start": 4.0, "end": 6.0, "label": "SPEECH", "speaker": "Bo", "text": "Oh, no!"},
    ],
}
MUSIC: Fields = {
    "audio": "music.wav",
    "duration": 10.0,
    "answer": "accept",
    "audio_spans": [
        {"start": 0.0, "end": 4.0, "label": "MUSIC"},
        {"start": 3.0, "end": 10.0, "label": "SPEECH"},
    ],
}
Export = Callable[..., str]


@pytest.fixture
def export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Export:
    monkeypatch.chdir(tmp_path)

    def export(to: str, *tasks: Fields, out: str = "out", more: tuple[str, ...] = ()) -> str:
        lines = "".join(
            json.dumps({"_task_id": str(number)} | task) + "\n" for number, task in enumerate(tasks)
        )
        Path("in.jsonl").write_text(lines)
        run(["export", "in.jsonl", "--to", to, "-o", out, *more])
        captured = capsys.readouterr()
        return captured.out + captured.err

    return export


def found(path: str) -> list[tuple[Any, ...]]:
    return [
        (one.start, one.end, one.label, one.speaker, one.text)
        for one in read_file(Path(path)).found
    ]


def test_praat_reads_the_textgrid(export: Export) -> None:
    import parselmouth

    export("textgrid", DIALOGUE, out="out.TextGrid")
    grid = parselmouth.Data.read("out.TextGrid")
    call = parselmouth.praat.call
    names = [call(grid, "Get tier name", tier) for tier in (1, 2, 3)]
    assert names == ["Di", "Bo", "Bo (2)"]
    assert call(grid, "Get number of tiers") == 3
    assert call(grid, "Get total duration") == 20.0
    assert call(grid, "Get label of interval", 1, 2) == SAID
    assert call(grid, "Get start time of interval", 1, 2) == 0.5
    assert call(grid, "Get end time of interval", 1, 2) == 3.123
    assert call(grid, "Get label of interval", 3, 2) == "Oh, no!"


def test_pympi_and_rustling_read_the_eaf(export: Export) -> None:
    import pympi
    from rustling import elan

    export("eaf", DIALOGUE, out="out.eaf")
    eaf = pympi.Elan.Eaf("out.eaf")
    assert sorted(eaf.get_tier_names()) == ["Bo", "Bo (2)", "Di"]
    assert eaf.get_annotation_data_for_tier("Di") == [(500, 3123, SAID)]
    assert eaf.get_annotation_data_for_tier("Bo (2)") == [(4000, 6000, "Oh, no!")]
    assert eaf.get_parameters_for_tier("Bo (2)")["PARTICIPANT"] == "Bo"
    assert eaf.media_descriptors[0]["RELATIVE_MEDIA_URL"] == "./sounds/dialogue.wav"
    assert {*elan.ELAN.from_files(["out.eaf"]).tiers()[0]} == {"Di", "Bo", "Bo (2)"}


@pytest.mark.parametrize(
    ("to", "suffix", "before"), [("webvtt", ".vtt", ""), ("srt", ".srt", "Di: ")]
)
def test_readers_of_subtitles_agree(export: Export, to: str, suffix: str, before: str) -> None:
    import pysubs2
    import webvtt

    export(to, DIALOGUE, out=f"out{suffix}")
    read = webvtt.read if to == "webvtt" else webvtt.from_srt
    captions = read(f"out{suffix}").captions
    times = [(one.start, one.end) for one in captions]
    assert times[0][0] == "00:00:00.500"
    assert times[0][1] == times[1][0]
    assert times[1][1] == "00:00:03.123"
    assert times[2:] == [("00:00:03.000", "00:00:05.000"), ("00:00:04.000", "00:00:06.000")]
    lines = [line for one in captions for line in html.unescape(one.text).splitlines()]
    assert max(map(len, lines)) <= 42
    assert all(len(one.text.splitlines()) <= 2 for one in captions)
    events = pysubs2.load(f"out{suffix}").events
    assert [(one.start, one.end) for one in events][2:] == [(3000, 5000), (4000, 6000)]
    said = " ".join(one.plaintext.replace("\n", " ") for one in events[:2])
    assert said.startswith(f"{before}Hello ")
    assert said.endswith("does not fit into two lines.")


def test_subtitles_are_as_wide_as_asked(export: Export) -> None:
    export("srt", DIALOGUE, out="out.srt", more=("--subtitle-width", "100"))
    assert f"Di: {SAID}\n" in Path("out.srt").read_text()
    assert "10 to 1000" in export("srt", DIALOGUE, out="b.srt", more=("--subtitle-width", "5"))


def test_a_long_turn_is_cut_where_its_words_are(export: Export) -> None:
    words = [
        {"text": word, "start": 1.0 + place, "end": 1.9 + place}
        for place, word in enumerate(SAID.split())
    ]
    turn = {"start": 1.0, "end": 18.0, "label": "SPEECH", "text": SAID, "words": words}
    export("webvtt", DIALOGUE | {"audio_spans": [turn]}, out="out.vtt")
    first, second = found("out.vtt")
    place = len(first[4].split())
    assert first[1] == second[0] == words[place]["start"]


def test_rustling_reads_chat(export: Export) -> None:
    from rustling.chat import CHAT

    export("chat", DIALOGUE)
    chat = CHAT.from_files(["out/dialogue.cha"])
    utterances = chat.utterances()
    assert [one.participant for one in utterances] == ["DIX", "BOX", "BOX"]
    assert [one.time_marks for one in utterances] == [(500, 3123), (3000, 5000), (4000, 6000)]
    assert found("out/dialogue.cha")[1:] == [
        (3.0, 5.0, None, "Bo", "Mhm."),
        (4.0, 6.0, None, "Bo", "Oh, no!"),
    ]


def test_rttm_has_a_uem_beside_it(export: Export) -> None:
    out = export("rttm", DIALOGUE, MUSIC, out="out.rttm", more=("--lossy",))
    assert "audio_spans.text: 3 in 1 task" in out
    assert Path("out.rttm").read_text().splitlines() == [
        "SPEAKER dialogue 1 0.500000 2.623000 <NA> <NA> Di <NA> <NA>",
        "SPEAKER dialogue 1 3.000000 2.000000 <NA> <NA> Bo <NA> <NA>",
        "SPEAKER dialogue 1 4.000000 2.000000 <NA> <NA> Bo <NA> <NA>",
        "NON-SPEECH music 1 0.000000 4.000000 <NA> music <NA> <NA> <NA>",
        "SPEAKER music 1 3.000000 7.000000 <NA> <NA> SPEECH <NA> <NA>",
    ]
    assert (
        Path("out.uem").read_text() == "dialogue 1 0.000000 20.000000\nmusic 1 0.000000 10.000000\n"
    )


def test_kaldi_folder_is_sorted_as_its_check_wants(export: Export) -> None:
    export("kaldi", DIALOGUE, out="data")
    assert Path("data/wav.scp").read_text() == "dialogue sounds/dialogue.wav\n"
    assert Path("data/utt2spk").read_text().splitlines() == [
        "Bo-dialogue_0003000_0005000 Bo",
        "Bo-dialogue_0004000_0006000 Bo",
        "Di-dialogue_0000500_0003123 Di",
    ]
    assert Path("data/spk2utt").read_text().splitlines()[0] == (
        "Bo Bo-dialogue_0003000_0005000 Bo-dialogue_0004000_0006000"
    )
    assert Path("data/segments").read_text().splitlines()[2] == (
        "Di-dialogue_0000500_0003123 dialogue 0.500 3.123"
    )
    assert Path("data/text").read_text().splitlines()[0] == "Bo-dialogue_0003000_0005000 Mhm."


def packed(path: str) -> list[Fields]:
    return [json.loads(line) for line in gzip.decompress(Path(path).read_bytes()).splitlines()]


def test_lhotse_manifests(export: Export) -> None:
    export("lhotse", DIALOGUE, out="data")
    assert packed("data/recordings.jsonl.gz")[0] == {
        "id": "dialogue",
        "sources": [{"type": "file", "channels": [0], "source": "sounds/dialogue.wav"}],
        "sampling_rate": 16000,
        "num_samples": 320000,
        "duration": 20.0,
        "channel_ids": [0],
    }
    assert packed("data/supervisions.jsonl.gz")[1] == {
        "id": "dialogue-1",
        "recording_id": "dialogue",
        "start": 3.0,
        "duration": 2.0,
        "channel": [0],
        "text": "Mhm.",
        "speaker": "Bo",
    }
    assert "sampling rate" in export("lhotse", MUSIC, out="other")
    assert not Path("other").exists()


def test_tables_and_transcripts(export: Export) -> None:
    export("region-csv", MUSIC, out="out.csv")
    assert Path("out.csv").read_text().splitlines() == [
        "audio,start,end,label,speaker,text,channel",
        "music.wav,0.000000,4.000000,MUSIC,,,",
        "music.wav,3.000000,10.000000,SPEECH,,,",
    ]
    export("transcript", DIALOGUE, out="out.txt")
    assert Path("out.txt").read_text() == f"Di: {SAID}\nBo: Mhm. Oh, no!\n"
    whole = DIALOGUE | {"audio_spans": [], "transcript": "All of it."}
    export("transcript", whole, out="whole.txt")
    assert Path("whole.txt").read_text() == "All of it.\n"


def test_stm_ctm_and_audacity(export: Export) -> None:
    export("stm", DIALOGUE, out="out.stm")
    assert Path("out.stm").read_text().splitlines()[1] == (
        "dialogue 1 Bo 3.000000 5.000000 <NA> Mhm."
    )
    words = [{"text": "Oh,", "start": 4.0, "end": 4.5}, {"text": "no!", "start": 5.5, "end": 6.0}]
    spoken = {"start": 4.0, "end": 6.0, "label": "SPEECH", "text": "Oh, no!", "words": words}
    export("ctm", DIALOGUE | {"audio_spans": [spoken]}, out="out.ctm")
    assert Path("out.ctm").read_text().splitlines() == [
        "dialogue 1 4.000000 0.500000 Oh,",
        "dialogue 1 5.500000 0.500000 no!",
    ]
    out = export("ctm", DIALOGUE, out="b.ctm")
    assert "texts without the times of their words: 3 in 1 task" in out
    assert not Path("b.ctm").exists()
    export("audacity", MUSIC, out="out.txt")
    assert Path("out.txt").read_text() == "0.000000\t4.000000\tMUSIC\n3.000000\t10.000000\tSPEECH\n"


EACH = ("textgrid", "eaf", "webvtt", "srt", "chat", "audacity")


@pytest.mark.parametrize("to", EACH)
def test_there_is_a_file_for_each_sound(export: Export, to: str) -> None:
    out = export(to, DIALOGUE, MUSIC, more=("--lossy",))
    assert "2 tasks" in out
    assert "all equal" in out
    assert {path.stem for path in Path("out").iterdir()} == {"dialogue", "music"}
    assert "name a folder" in export(to, DIALOGUE, MUSIC, out="one.x", more=("--lossy",))
    assert not Path("one.x").exists()


def test_sounds_of_one_name_keep_apart(export: Export) -> None:
    export("eaf", MUSIC | {"audio": "a/x.wav"}, MUSIC | {"audio": "b/x.wav"})
    assert {path.name for path in Path("out").iterdir()} == {"x.eaf", "b-x.eaf"}


@pytest.mark.parametrize("to", ["textgrid", "eaf", "webvtt", "stm"])
def test_windows_of_a_sound_are_joined(export: Export, to: str) -> None:
    suffix = next(one.suffixes[0] for one in formats() if one.name == to)
    said = {"label": "SPEECH", "speaker": "Di"}
    windows = [
        DIALOGUE
        | {
            "chunk": {"start": at, "end": at + 10.0},
            "duration": 10.0,
            "audio_spans": [{"start": 1.0, "end": 2.0, "text": text, **said}],
        }
        for at, text in ((0.0, "one"), (10.0, "two"), (30.0, "three"))
    ]
    out = export(to, *windows, out=f"out{suffix}")
    assert [(one[0], one[1], one[4]) for one in found(f"out{suffix}")] == [
        (1.0, 2.0, "one"),
        (11.0, 12.0, "two"),
        (31.0, 32.0, "three"),
    ]
    assert "Note: sounds/dialogue.wav: no task is about 20 to 30 s." in out


@pytest.mark.parametrize("to", ["textgrid", "eaf", "webvtt", "srt", "chat", "stm", "rttm", "kaldi"])
def test_what_is_lost_is_said_and_nothing_is_written(export: Export, to: str) -> None:
    region = {"start": 1.0, "end": 2.0, "label": "LAUGH", "speaker": "Di", "text": "ha", "mood": 1}
    out = export(to, DIALOGUE | {"audio_spans": [region], "comment": "?"})
    assert "cannot hold" in out
    assert "comment: 1 task" in out
    assert "audio_spans.mood" in out
    assert "labels of regions that have a speaker" in out
    assert not Path("out").exists()


def test_what_looks_like_markup_in_subrip_is_told(export: Export) -> None:
    region = {"start": 1.0, "end": 2.0, "label": "SPEECH", "text": "a <i>b</i> --> &amp; c"}
    out = export("srt", DIALOGUE | {"audio_spans": [region]}, out="out.srt", more=("--lossy",))
    assert "texts that are read as markup" in out
    assert [one[4] for one in found("out.srt")] == ["a b → & c"]


def test_hostile_names_stay_text(export: Export) -> None:
    name = 'a"b<c>&\x01'
    region = {"start": 1.0, "end": 2.0, "label": "SPEECH", "speaker": name, "text": name}
    out = export("eaf", DIALOGUE | {"audio_spans": [region]}, out="o.eaf", more=("--lossy",))
    assert "characters that XML forbids" in out
    assert "\x01" not in out
    assert found("o.eaf") == [(1.0, 2.0, None, 'a"b<c>&\ufffd', 'a"b<c>&\ufffd')]
    export("textgrid", DIALOGUE | {"audio_spans": [region]}, out="o.TextGrid")
    assert found("o.TextGrid") == [(1.0, 2.0, None, name, name)]


def test_regions_shorter_than_the_format_can_tell(export: Export) -> None:
    region = {"start": 1.0, "end": 1.0002, "label": "SPEECH"}
    out = export("eaf", DIALOGUE | {"audio_spans": [region]}, out="out.eaf")
    assert "regions shorter than 0.001 s: 1 task" in out


def test_a_text_is_no_sound(export: Export) -> None:
    assert "tasks without a recording: 1 task" in export("eaf", {"text": "x", "answer": "accept"})


def test_a_region_of_a_named_label_that_has_no_text_says_nothing(export: Export) -> None:
    regions = [
        {"start": 0.0, "end": 1.0, "label": "Di", "text": "hello"},
        {"start": 1.0, "end": 2.0, "label": "Di"},
        {"start": 2.0, "end": 3.0, "label": "MUSIC"},
    ]
    task = DIALOGUE | {"audio_spans": regions}
    export("eaf", task, out="out.eaf")
    assert [(one[3], one[4]) for one in found("out.eaf")] == [
        ("Di", "hello"),
        ("Di", ""),
        ("MUSIC", "MUSIC"),
    ]
    out = export("textgrid", task, out="out.TextGrid")
    assert "regions without a text, beside others that have one: 1 task" in out
