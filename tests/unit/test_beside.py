"""Regions from files beside the sounds, windows of long sounds, and channels apart."""

from __future__ import annotations

import os
import struct
import unicodedata
import wave
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.cli.streams import taken_notice
from tui_annotate.errors import UsageError
from tui_annotate.sources import Record
from tui_annotate.sources.audio import open_sounds
from tui_annotate.sources.sidecar import Beside
from tui_annotate.sources.sounds import Sounds
from tui_annotate.sources.windows import Cut, Length, Windows
from tui_annotate.task.incoming_regions import IncomingRegions, RegionMode
from tui_annotate.task.task import Task, input_hash, task_hash

RTTM = """SPEAKER call 1 0.5 1.5 <NA> <NA> anna <NA> <NA>
SPEAKER call 1 1.75 1 <NA> <NA> ben <NA> <NA>
SPEAKER other 1 0 9 <NA> <NA> carla <NA> <NA>
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "call.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt ")
    return tmp_path


def stream(
    spec: str,
    beside: Beside | None = None,
    *,
    mode: RegionMode = "speakers",
    labels: tuple[str, ...] = (),
    cut: Cut | None = None,
    length: Length | None = None,
    mapping: dict[str, str] | None = None,
) -> Sounds:
    source = open_sounds(spec)
    if cut is not None and length is not None:
        found = length
        source = Windows(source, cut, lambda fields, shown: Path(), lambda path: found)
    made = Sounds(
        source,
        sidecar=Beside() if beside is None else beside,
        carried=IncomingRegions(mode=mode),
        mapping=mapping,
        medium="audio",
        labels=labels,
    )
    made.check_head()
    return made


def tasks(made: Sounds) -> list[Task]:
    read = [made.read(position) for position in range(made.known)]
    found = [task for task in read if isinstance(task, Task)]
    assert len(found) == len(read)
    return found


def spans(made: Sounds) -> list[list[tuple[Any, ...]]]:
    return [
        [(one["start"], one["end"], one["label"]) for one in task.fields.get("audio_spans", ())]
        for task in tasks(made)
    ]


# ── beside the sound ───────────────────────────────────────────────────────


def test_a_file_with_the_name_of_the_sound_gives_its_regions(folder: Path) -> None:
    plain = tasks(stream("call.wav"))[0]
    (folder / "call.rttm").write_text(RTTM)
    made = stream("call.wav")
    assert spans(made) == [[(0.5, 2.0, "anna"), (1.75, 2.75, "ben")]]
    assert list(made.expected.labels_seen) == ["anna", "ben"]
    # Who the task is does not depend on what lies beside its sound.
    assert tasks(made)[0].id == plain.id
    notice = taken_notice(made)
    assert notice is not None
    assert "read from call.rttm; --no-sidecar" in notice
    assert spans(stream("call.wav", Beside(near=False))) == [[]]


def test_what_came_with_the_task_stays(folder: Path) -> None:
    (folder / "call.rttm").write_text(RTTM)
    own = '{"start": 7, "end": 8, "label": "own"}'
    rows = [f'{{"audio": "call.wav", "audio_spans": [{given}]}}' for given in (own, "")]
    (folder / "all.jsonl").write_text("\n".join(rows))
    assert spans(stream("all.jsonl")) == [[(7, 8, "own")], []]


def test_plain_text_beside_a_sound_is_its_transcript(folder: Path) -> None:
    (folder / "call.lab").write_text("hello there\n")
    [task] = tasks(stream("call.wav", mode="transcribe"))
    assert task.fields["transcript"] == "hello there"
    assert "audio_spans" not in task.fields
    (folder / "call.lab").unlink()
    (folder / "call.txt").write_text("0.5\t1\thello\n")
    [task] = tasks(stream("call.wav", mode="transcribe"))
    assert task.fields["audio_spans"] == [
        {"start": 0.5, "end": 1.0, "label": "SPEECH", "text": "hello"}
    ]
    assert "transcript" not in task.fields


def test_a_broken_file_is_named_and_the_session_goes_on(folder: Path) -> None:
    (folder / "call.TextGrid").write_text(
        '"ooTextFile"\n"TextGrid"\n0 1\n<exists>\n1\n"IntervalTier"\n'
    )
    made = stream("call.wav", mode="regions")
    assert spans(made) == [[]]
    assert made.warnings == ["call.TextGrid:6: it ends in the middle; no regions were read from it"]
    (folder / "call.rttm").write_text(RTTM + "SPEAKER call 1 x y <NA> <NA> anna <NA>\n")
    made = stream("call.wav", mode="regions")
    assert len(spans(made)[0]) == 2
    assert made.warnings[-1] == "call.rttm:4: the start or the duration is not a number; skipped"


def test_labels_that_are_not_on_offer_are_left_out_and_counted(folder: Path) -> None:
    (folder / "call.txt").write_text("0\t1\tmusic\n1\t2\tdog\n2\t3\tspeech\n")
    made = stream("call.wav", mode="regions", labels=("SPEECH", "MUSIC"))
    assert spans(made) == [[(0, 1, "MUSIC"), (2, 3, "SPEECH")]]
    assert made.warnings == [
        "call.txt: 1 region is skipped, not in the label set: dog (1); --map renames labels"
    ]


def test_a_file_that_changes_is_read_again(folder: Path) -> None:
    (folder / "call.rttm").write_text(RTTM)
    made = stream("call.wav")
    (folder / "call.rttm").write_text("SPEAKER call 1 3 1 <NA> <NA> dora <NA> <NA>\n")
    os.utime(folder / "call.rttm", ns=(1, 1))
    assert spans(made) == [[(3, 4, "dora")]]


# ── from a file or a folder ────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["call", "audio/call.wav", "CALL"])
def test_a_file_about_many_recordings_is_asked_for_each(folder: Path, name: str) -> None:
    (folder / "far").mkdir()
    (folder / "far/gold.rttm").write_text(RTTM.replace("SPEAKER call", f"SPEAKER {name}"))
    for named in ("far/gold.rttm", "far"):
        made = stream("call.wav", Beside(Path(named)))
        assert spans(made) == [[(0.5, 2.0, "anna"), (1.75, 2.75, "ben")]]
    with pytest.raises(UsageError, match="--from nowhere: there is no such file or folder"):
        Beside(Path("nowhere"))


def test_names_with_accents_may_be_written_without(folder: Path) -> None:
    (folder / "call.wav").rename(folder / unicodedata.normalize("NFD", "trñ00.wav"))
    (folder / "gold.rttm").write_text("SPEAKER trn00 1 1 1 <NA> <NA> MÉO069 <NA> <NA>\n")
    made = stream(".", Beside(Path("gold.rttm")))
    assert spans(made) == [[(1, 2, "MÉO069")]]
    assert len(made.warnings) == 1
    assert "trn00 is taken for tr" in made.warnings[0]


def test_a_file_that_names_no_recording_is_about_the_first_sound(folder: Path) -> None:
    (folder / "zweite.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt ")
    (folder / "labels.txt").write_text("0\t1\tanna\n")
    made = stream(".", Beside(Path("labels.txt")))
    assert spans(made) == [[(0, 1, "anna")], []]


def test_channels_of_a_file_are_kept_where_it_has_several(folder: Path) -> None:
    turns = ("1 0 1 <NA> <NA> anna", "2 0.5 1 <NA> <NA> ben")
    (folder / "call.rttm").write_text("\n".join(f"SPEAKER call {one} <NA>" for one in turns))
    [task] = tasks(stream("call.wav"))
    assert [one["channel"] for one in task.fields["audio_spans"]] == [0, 1]
    apart = stream("call.wav", cut=Cut(channels=True), length=Length(2, 2))
    assert spans(apart) == [[(0, 1, "anna")], [(0.5, 1.5, "ben")]]
    assert all("channel" not in one for task in tasks(apart) for one in task.fields["audio_spans"])


# ── windows ────────────────────────────────────────────────────────────────


def test_a_long_sound_is_taken_apart_without_cutting_it(folder: Path) -> None:
    (folder / "call.rttm").write_text(RTTM)
    made = stream("call.wav", cut=Cut(1.0, 0.75), length=Length(2.6, 1))
    assert [task.fields["chunk"] for task in tasks(made)] == [
        {"start": 0.0, "end": 1.0},
        {"start": 0.75, "end": 1.75},
        {"start": 1.5, "end": 2.5},
        {"start": 2.25, "end": 2.6},
    ]
    assert spans(made) == [
        [(0.5, 1.0, "anna")],
        [(0.0, 1.0, "anna")],
        [(0.0, 0.5, "anna"), (0.25, 1.0, "ben")],
        [(0.0, 0.35, "ben")],
    ]
    again = stream("call.wav", cut=Cut(1.0, 0.75), length=Length(2.6, 1))
    assert [task.id for task in tasks(again)] == [task.id for task in tasks(made)]
    assert len({task.id for task in tasks(made)}) == 4


def test_a_task_with_a_chunk_and_a_sound_that_cannot_be_measured_stay_whole(folder: Path) -> None:
    (folder / "all.jsonl").write_text(
        '{"audio": "call.wav", "chunk": {"start": 1, "end": 9}}\n{"audio": "call.wav"}\n'
    )
    cut = Cut(1.0)
    made = stream("all.jsonl", cut=cut, length=Length(3, 1))
    assert [task.fields["chunk"] for task in tasks(made)] == [
        {"start": 1, "end": 9},
        {"start": 0.0, "end": 1.0},
        {"start": 1.0, "end": 2.0},
        {"start": 2.0, "end": 3.0},
    ]
    assert len(tasks(stream("all.jsonl", cut=cut, length=Length(0, 1)))) == 2


@given(
    st.floats(0.1, 100),
    st.floats(0.1, 100),
    st.floats(0.01, 1000),
)
def test_windows_leave_nothing_out(window: float, hop: float, seconds: float) -> None:
    hop = min(hop, window)
    found = list(Cut(window, hop).windows(seconds))
    assert found[0][0] == 0
    assert found[-1][1] == pytest.approx(seconds, abs=1e-6)
    for (start, end), (after, _) in pairwise(found):
        assert start < after <= end
    # What is left of less than a tenth of a second is no window of its own.
    assert all(0 < end - start < window + 0.1 for start, end in found)
    assert len(found) == 1 or found[-1][1] - found[-1][0] > 0.1 - 1e-5


@pytest.mark.parametrize(
    ("window", "hop", "said"),
    [
        (None, 5.0, "no window length was given"),
        (0.01, None, "at least 0.1 seconds"),
        (5.0, 6.0, "not leave gaps; give at most 5"),
    ],
)
def test_windows_that_make_no_sense_are_refused(
    window: float | None, hop: float | None, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        Cut(window, hop)


def test_a_real_header_is_measured(folder: Path) -> None:
    from tui_annotate.cli.streams import _length

    with wave.open("stereo.wav", "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(struct.pack("<2h", 1, -1) * 20_000)
    assert _length(Path("stereo.wav")) == Length(2.5, 2)
    source = Windows(
        open_sounds("stereo.wav"),
        Cut(2.0, channels=True),
        lambda fields, shown: Path("stereo.wav"),
        _length,
    )
    assert (source.name, source.path) == ("stereo.wav", Path("stereo.wav"))
    found = [record for record in source.records() if isinstance(record, Record)]
    assert [(one.fields["chunk"], one.fields["channel"]) for one in found] == [
        ({"start": start, "end": end}, channel)
        for start, end in ((0.0, 2.0), (2.0, 2.5))
        for channel in (0, 1)
    ]
    assert source.reread(found[2].locator) == found[2]


@pytest.mark.shared_data
def test_the_gold_of_real_recordings_reaches_their_tasks(shared_data: Path) -> None:
    ami = shared_data / "audio" / "pyannote-ami-debug"
    made = stream(str(ami / "debug.train.lst"), Beside(ami / "debug.train.rttm"))
    lines = (ami / "debug.train.rttm").read_text().splitlines()
    assert sum(map(len, spans(made))) == len(lines)
    assert len(spans(made)[0]) == sum(" trn00 " in line for line in lines)
    mfa = shared_data / "audio" / "mfa-speech"
    made = stream(str(mfa / "wav"), Beside(mfa / "textgrid"), mode="transcribe")
    by_name = {Path(task.fields["audio"]).name: task for task in tasks(made)}
    both = by_name["michaelandsickmichael.wav"].fields["audio_spans"]
    assert {one["label"] for one in both} == {"michael", "sickmichael"}
    assert both[0]["text"].endswith("but who cares")
    made = stream(str(mfa / "wav"), Beside(mfa / "lab"), mode="transcribe")
    said = {Path(task.fields["audio"]).name: task.fields.get("transcript") for task in tasks(made)}
    assert said["common_voice_en_22058266.mp3"] == "Fire fox"


def test_hashes_are_those_of_the_task_as_it_came(folder: Path) -> None:
    (folder / "all.lst").write_text("call\n")
    plain = tasks(stream("all.lst"))[0]
    assert plain.fields["path"] == plain.fields["audio"] == "call"
    (folder / "call.rttm").write_text(RTTM)
    (folder / "call.lab").write_text("hello")
    completed = tasks(stream("all.lst"))[0]
    assert {"audio_spans", "transcript"} <= completed.fields.keys()
    bare = {"audio": "call"}
    assert completed.task_hash == plain.task_hash == task_hash(bare)
    assert completed.input_hash == input_hash(bare)


# ── what is named and cannot be used is said ───────────────────────────────


def test_a_file_that_no_format_reads_is_refused_at_once(folder: Path) -> None:
    Path("x.json").write_text("{}")
    with pytest.raises(UsageError, match=r"--from x\.json: no format.*TextGrid"):
        Beside(Path("x.json"))


def test_times_of_htk_are_regions_and_no_transcript(folder: Path) -> None:
    Path("call.lab").write_text("0 5000000 hello\n5000000 9000000 there\n")
    (task,) = tasks(stream("call.wav", mode="transcribe"))
    assert [(o["start"], o["end"], o["text"]) for o in task.fields["audio_spans"]] == [
        (0.0, 0.9, "hello there")
    ]
    assert "transcript" not in task.fields


def test_regions_of_eaf_follow_the_clock_of_the_sound(folder: Path) -> None:
    Path("call.eaf").write_text(
        '<ANNOTATION_DOCUMENT><HEADER TIME_UNITS="milliseconds">'
        '<MEDIA_DESCRIPTOR MEDIA_URL="file:///call.wav" TIME_ORIGIN="500"/></HEADER>'
        '<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="0"/>'
        '<TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="1000"/></TIME_ORDER>'
        '<TIER TIER_ID="Anna"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="x" '
        'TIME_SLOT_REF1="a" TIME_SLOT_REF2="b"><ANNOTATION_VALUE/></ALIGNABLE_ANNOTATION>'
        "</ANNOTATION></TIER></ANNOTATION_DOCUMENT>"
    )
    made = stream("call.wav", mode="transcribe")
    assert spans(made) == [[(0.5, 1.5, "Anna")]]


def test_what_was_skipped_is_told_with_its_count(folder: Path) -> None:
    Path("call.rttm").write_text(RTTM + "LEXEME call 1 1 1 hi lex anna 0.5\n" * 3)
    made = stream("call.wav")
    assert any("skipped 3 LEXEME lines" in warning for warning in made.warnings)


def test_what_lies_before_the_sound_is_told(folder: Path) -> None:
    Path("call.txt").write_text("-3\t-2\ta\n-2\t0\tb\n-1\t0.5\tc\n1\t2\td\n")
    made = stream("call.wav", mode="regions")
    assert spans(made) == [[(0.0, 0.5, "c"), (1.0, 2.0, "d")]]
    assert made.warnings == [
        "call.txt: 2 regions lie before the recording begins; skipped",
        "call.txt: 1 region begins before the recording; cut where it begins",
    ]


# ── speech, speakers and texts where they belong ───────────────────────────

SRT = """1
00:00:00,500 --> 00:00:01,500
Where is it?

2
00:00:02,000 --> 00:00:03,000
Over there.
"""
TURNS = """SPEAKER call 1 0 1.7 <NA> <NA> Anna <NA> <NA>
SPEAKER call 1 1.8 1.5 <NA> <NA> Ben <NA> <NA>
"""


def test_speech_is_no_other_label(folder: Path) -> None:
    (folder / "call.rttm").write_text(RTTM)
    made = stream("call.wav", mode="regions", labels=("MUSIC", "NOISE"))
    assert spans(made) == [[]]
    assert made.warnings == [
        "call.rttm: 2 regions are skipped, not in the label set: SPEECH (2); --map renames labels"
    ]
    made = stream("call.wav", mode="regions", labels=("speech", "music"))
    assert {label for _, _, label in spans(made)[0]} == {"speech"}


def test_labels_and_speakers_get_the_names_that_they_have_here(folder: Path) -> None:
    (folder / "call.rttm").write_text(RTTM)
    names = {"SPEECH": "TALK", "Anna": "Annemarie"}
    made = stream("call.wav", mode="regions", labels=("TALK",), mapping=names)
    (first, *_) = tasks(made)[0].fields["audio_spans"]
    assert (first["label"], first["speaker"]) == ("TALK", "Annemarie")
    assert not made.warnings
    own = '{"start": 7, "end": 8, "label": "anna", "text": "mine"}'
    (folder / "all.jsonl").write_text(f'{{"audio": "call.wav", "audio_spans": [{own}]}}')
    made = stream("all.jsonl", mapping=names)
    assert spans(made) == [[(7, 8, "Annemarie")]]
    assert tasks(made)[0].id == tasks(stream("all.jsonl"))[0].id


def test_texts_without_a_known_speaker_come_unassigned(folder: Path) -> None:
    (folder / "call.srt").write_text(SRT)
    said = ["Where is it?", "Over there."]
    for mode in ("transcribe", "speakers"):
        made = stream("call.wav", mode=mode, labels=("Diane", "Sheila"))
        spoken = tasks(made)[0].fields["audio_spans"]
        assert [(one["label"], one["text"]) for one in spoken] == [("SPEECH", s) for s in said]
        assert not made.warnings


@pytest.mark.parametrize(
    ("said", "labels", "who"),
    [
        (["Anna: hello", "Ben: hi", "(laughs)"], (), ["Anna", "Ben", None]),
        (["Anna: hello", "he said: no", "Anna: well"], (), ["Anna", None, "Anna"]),
        (["Note: this is short", "one", "two"], (), [None, None, None]),
        (["diane: hello", "one", "two"], ("Diane",), ["Diane", None, None]),
        (["so then I told him what he did: no", "at 12:30 then"], (), [None, None]),
    ],
)
def test_a_cue_may_begin_with_who_speaks(
    folder: Path, said: list[str], labels: tuple[str, ...], who: list[str | None]
) -> None:
    cues = [f"00:00:0{at},000 --> 00:00:0{at},900\n{text}\n" for at, text in enumerate(said)]
    (folder / "call.srt").write_text("\n".join(cues))
    made = tasks(stream("call.wav", mode="transcribe", labels=labels))[0].fields["audio_spans"]
    assert [None if one["label"] == "SPEECH" else one["label"] for one in made] == who
    texts = [
        text.partition(": ")[2] if name else text for text, name in zip(said, who, strict=True)
    ]
    assert [one["text"] for one in made] == texts


def test_in_a_session_about_speakers_classes_of_sound_are_left_out_and_named(folder: Path) -> None:
    music = "NON-SPEECH call 1 3 1 <NA> music <NA> <NA> <NA>\n"
    nobody = "SPEAKER call 1 5 1 <NA> <NA> <NA> <NA> <NA>\n"
    (folder / "call.rttm").write_text(RTTM + music + nobody)
    made = stream("call.wav")
    assert [label for _, _, label in spans(made)[0]] == ["anna", "ben", "SPEECH"]
    assert "1 region is skipped, not in the label set: MUSIC (1)" in made.warnings[0]


# ── several files about one sound ──────────────────────────────────────────


def test_speakers_of_one_file_and_texts_of_another_become_one(folder: Path) -> None:
    (folder / "call.rttm").write_text(TURNS)
    (folder / "call.srt").write_text(SRT)
    for mode in ("transcribe", "speakers"):
        made = stream("call.wav", mode=mode)
        found = tasks(made)[0].fields["audio_spans"]
        assert [(one["label"], one["text"]) for one in found] == [
            ("Anna", "Where is it?"),
            ("Ben", "Over there."),
        ]
        assert made.sidecar is not None
        assert set(made.sidecar.taken) == {"call.rttm", "call.srt"}


def test_the_file_that_serves_the_recipe_is_taken_and_the_other_is_named(folder: Path) -> None:
    (folder / "call.rttm").write_text(TURNS)
    (folder / "call.stm").write_text("call 1 Carla 4 5 hello\n")
    made = stream("call.wav", mode="transcribe")
    (found,) = tasks(made)[0].fields["audio_spans"]
    assert (found["label"], found["text"]) == ("Carla", "hello")
    assert made.warnings == [
        "call.rttm is not used beside call.stm; --from call.rttm reads it",
    ]
    (folder / "call.txt").write_text("0\t1\tmusic\n")
    made = stream("call.wav", mode="regions", labels=("MUSIC", "NOISE"))
    assert spans(made) == [[(0, 1, "MUSIC")]]


def test_texts_that_lie_in_no_turn_stay_aside(folder: Path) -> None:
    (folder / "call.rttm").write_text("SPEAKER call 1 7 1 <NA> <NA> Anna <NA> <NA>\n")
    (folder / "call.srt").write_text(SRT)
    made = stream("call.wav", mode="transcribe")
    assert {label for _, _, label in spans(made)[0]} == {"SPEECH"}
    assert made.warnings == ["call.rttm is not used beside call.srt; --from call.rttm reads it"]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("call.stm", "call {} x 0 1 hello there\n"),
        ("call.ctm", "call {0} 0 0.4 hello\ncall {0} 0.5 0.5 there\n"),
        ("call.rttm", "SPEAKER call {} 0 1 <NA> <NA> x <NA> <NA>\n"),
    ],
)
@pytest.mark.parametrize("channels", ["AB", "ab", "12"])
def test_each_channel_gets_its_own_side(folder: Path, name: str, rows: str, channels: str) -> None:
    (folder / name).write_text("".join(map(rows.format, channels)))
    mode: RegionMode = "transcribe"
    whole = tasks(stream("call.wav", mode=mode))[0].fields["audio_spans"]
    assert [(one["start"], one["end"], one["channel"]) for one in whole] == [(0, 1, 0), (0, 1, 1)]
    apart = tasks(stream("call.wav", mode=mode, cut=Cut(channels=True), length=Length(2, 2)))
    assert [len(task.fields["audio_spans"]) for task in apart] == [1, 1]
    (folder / name).write_text(rows.format(channels[1]))
    apart = tasks(stream("call.wav", mode=mode, cut=Cut(channels=True), length=Length(2, 2)))
    assert [len(task.fields["audio_spans"]) for task in apart] == [0, 1]


def test_tiers_of_phones_are_left_out_and_named(folder: Path) -> None:
    tiers = "".join(
        f'"IntervalTier" "Anna - {name}" 0 2 2 0 1 "a" 1 2 "b" ' for name in ("words", "phones")
    )
    (folder / "call.TextGrid").write_text(f'"ooTextFile" "TextGrid" 0 2 <exists> 2 {tiers}')
    made = stream("call.wav")
    assert spans(made) == [[(0, 2, "Anna")]]
    assert made.warnings == ["call.TextGrid: not read beside words: Anna - phones (2)"]
