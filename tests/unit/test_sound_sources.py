"""What a user may name as the source of sounds, and the files that it leads to."""

from __future__ import annotations

import base64
import json
import os
import sys
import unicodedata
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.audio.path import sound_path
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.sources import Record, Source, Stream, open_source
from tui_annotate.sources.audio import open_sounds
from tui_annotate.task.audio_names import short_name, task_name, wrong_name
from tui_annotate.task.incoming_regions import IncomingRegions
from tui_annotate.task.task import Task

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with some files in it, none of which is read."""
    monkeypatch.chdir(tmp_path)
    for name in ("calls/b.wav", "calls/a.FLAC", "calls/deep/c.mp3", "calls/notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(WAV)
    (tmp_path / "calls/.hidden.wav").write_bytes(WAV)
    return tmp_path


def sounds(source: Source) -> list[str]:
    return [record.fields["audio"] for record in source.records() if isinstance(record, Record)]


def tasks(source: Source) -> list[Task]:
    stream = Stream(source, carried=IncomingRegions(), medium="audio")
    stream.check_head()
    found = [stream.read(position) for position in range(stream.known)]
    return [task for task in found if isinstance(task, Task)]


def located(source: Source) -> list[str]:
    stream = Stream(source, carried=IncomingRegions(), medium="audio")
    stream.check_head()
    read = [stream.read(position) for position in range(stream.known)]
    return [os.fsdecode(stream.locate(task)) for task in read if isinstance(task, Task)]


# ── files, folders, patterns ───────────────────────────────────────────────


def test_a_file_of_sound_is_one_task(folder: Path) -> None:
    source = open_sounds("calls/b.wav")
    assert [r.fields for r in source.records() if isinstance(r, Record)] == [
        {"audio": "calls/b.wav", "path": "calls/b.wav"}
    ]
    assert (source.name, source.stem, source.total()) == ("b.wav", "b", 1)
    assert source.holds(folder / "calls/b.wav")


def test_a_sound_is_known_by_its_content_too(folder: Path) -> None:
    (folder / "recording").write_bytes(WAV)
    assert sounds(open_sounds("recording")) == ["recording"]


def test_a_folder_gives_the_sounds_below_it_in_order(folder: Path) -> None:
    source = open_sounds("calls/")
    assert sounds(source) == ["calls/a.FLAC", "calls/b.wav", "calls/deep/c.mp3"]
    assert (source.name, source.stem) == ("calls", "calls")
    assert source.total() == source.count(Event()) == 3
    assert sounds(open_sounds(str(folder / "calls")))[0] == str(folder / "calls/a.FLAC")


def test_a_pattern_gives_the_sounds_that_match(folder: Path) -> None:
    source = open_sounds("calls/**/*")
    assert sounds(source) == ["calls/a.FLAC", "calls/b.wav", "calls/deep/c.mp3"]
    assert (source.stem, source.path) == ("calls", None)
    with pytest.raises(UsageError, match=r"\*\.ogg: the pattern matches no file"):
        open_sounds("calls/*.ogg")
    with pytest.raises(UsageError, match="none of the 1 files it matches is an audio file"):
        open_sounds("calls/*.txt")


def test_a_name_with_signs_of_a_pattern_is_a_file_if_there_is_one(folder: Path) -> None:
    (folder / "take [1].wav").write_bytes(WAV)
    assert sounds(open_sounds("take [1].wav")) == ["take [1].wav"]


def test_a_folder_without_sounds_and_a_file_that_is_not_there_are_named(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(AnnotateError, match="empty: the folder holds no audio files"):
        open_sounds("empty")
    with pytest.raises(UsageError, match=r"did you mean calls/b\.wav\?"):
        open_sounds("calls/bb.wav")


# ── lists, tables, JSONL ───────────────────────────────────────────────────


def test_a_list_counts_from_its_own_place(folder: Path) -> None:
    (folder / "calls/all.lst").write_text("# calls\n\nb.wav\n  deep/c.mp3  \r\n/abs/d.wav\n")
    source = open_sounds("calls/all.lst")
    assert located(source) == ["calls/b.wav", "calls/deep/c.mp3", "/abs/d.wav"]
    lines = [record.line for record in open_sounds("calls/all.lst").records()]
    assert lines == [3, 4, 5]
    assert open_sounds("calls/all.lst").total() == 3


def test_a_list_may_leave_the_suffix_away(folder: Path) -> None:
    (folder / "calls/all.txt").write_text("b\na\ngone\n")
    assert located(open_sounds("calls/all.txt")) == ["calls/b.wav", "calls/a", "calls/gone"]


def test_a_table_has_a_column_of_sounds(folder: Path) -> None:
    (folder / "calls/all.csv").write_text("id,path,transcript\n1,b.wav,hello\n2,deep/c.mp3,\n")
    [first, second] = tasks(open_sounds("calls/all.csv"))
    assert first.fields == {"audio": "b.wav", "transcript": "hello", "meta": {"id": "1"}}
    assert second.fields["audio"] == "deep/c.mp3"
    (folder / "calls/odd.csv").write_text("id,sound file\n1,b.wav\n")
    with pytest.raises(UsageError, match='no column is called "audio"'):
        tasks(open_sounds("calls/odd.csv"))
    assert sounds(open_sounds("calls/odd.csv", text_column="sound file")) == ["b.wav"]


@pytest.mark.parametrize("suffix", ["jsonl", "json"])
def test_tasks_name_their_sound_as_they_like(folder: Path, suffix: str) -> None:
    rows: list[dict[str, Any]] = [
        {"audio": "b.wav", "meta": {"n": 1}, "audio_spans": [], "own": [1]},
        {"path": "deep/c.mp3", "note": "Prodigy's loader"},
        {"audio": (folder / "calls/b.wav").as_uri()},
    ]
    text = json.dumps(rows) if suffix == "json" else "\n".join(map(json.dumps, rows))
    (folder / f"calls/all.{suffix}").write_text(text)
    found = tasks(open_sounds(f"calls/all.{suffix}"))
    assert found[0].fields == rows[0]
    assert found[1].fields == {"audio": "deep/c.mp3", **rows[1]}
    assert located(open_sounds(f"calls/all.{suffix}")) == [
        "calls/b.wav",
        "calls/deep/c.mp3",
        str(folder / "calls/b.wav"),
    ]


def test_the_standard_input_counts_from_the_current_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "list").write_text("calls/b.wav\n")
    with (folder / "list").open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert located(open_sounds("-")) == ["calls/b.wav"]


def test_a_sound_within_a_task_is_put_aside_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    data = "data:audio/x-wav;base64," + base64.b64encode(WAV).decode()
    [path] = {sound_path({"audio": data}, folder) for _ in range(2)}
    assert path.read_bytes() == WAV
    assert path.suffix == ".wav"
    assert list(path.parent.iterdir()) == [path]


# ── what is no sound ───────────────────────────────────────────────────────


def test_a_text_for_a_recipe_for_sound_is_refused(folder: Path) -> None:
    (folder / "novel.txt").write_text("It was a dark night.\nRain fell.\n")
    with pytest.raises(UsageError, match=r"this recipe is for audio; use a recipe for text"):
        open_sounds("novel.txt")


def test_a_sound_for_a_recipe_for_text_is_refused(folder: Path) -> None:
    with pytest.raises(
        UsageError, match=r"audio file \(WAV\), and this recipe is for text; .*audio"
    ):
        open_source("calls/b.wav")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "x"}, 'the task has no "audio" but "text", and this recipe is for audio'),
        ({"audio": 3}, '"audio" is a number, not a string'),
        ({"audio": " "}, '"audio" is empty'),
        ({"audio": "https://x.org/a.wav"}, "is an address, not a file; fetch it first"),
        ({"audio": "file://server/a.wav"}, "names no file of this machine"),
        ({"audio": "data:audio/wav;base64,#"}, "is broken base64 data"),
        ({"audio": "data:audio/wav,abc"}, "is not base64 data"),
        ({"audio": "a.wav", "chunk": [0, 1]}, '"chunk" is a list, not an object'),
        ({"audio": "a.wav", "chunk": {"start": 0}}, 'the chunk has no "end"'),
        ({"audio": "a.wav", "chunk": {"start": 9, "end": 3}}, "the chunk is reversed"),
        ({"audio": "a.wav", "chunk": {"start": -1, "end": 3}}, "before the recording does"),
        ({"audio": "a.wav", "channel": -1}, '"channel" is -1, not the number of one, from 0'),
        ({"audio": "a.wav", "channel": True}, '"channel" is true, not the number'),
        ({"audio": "a.wav", "audio_spans": {}}, '"audio_spans" is an object, not a list'),
        ({"audio": "a.wav", "audio_spans": [1]}, "region 1 is a number, not an object"),
        ({"audio": "a.wav", "audio_spans": [{"start": 1}]}, 'region 1 has no "end"'),
    ],
)
def test_what_is_wrong_with_a_task_is_named(
    folder: Path, fields: dict[str, Any], said: str
) -> None:
    (folder / "a.jsonl").write_text('{"audio": "fine.wav"}\n' + json.dumps(fields))
    with pytest.raises(AnnotateError) as error:
        tasks(open_sounds("a.jsonl"))
    assert "a.jsonl:2: " in str(error.value)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("span", "said", "fatal"),
    [
        ({"start": 2, "end": 1, "label": "A"}, "region 1 is reversed", True),
        ({"start": 2, "end": 2, "label": "A"}, "region 1 is empty", True),
        ({"start": "1", "end": 2, "label": "A"}, 'has a string as its "start"', True),
        ({"start": 0, "end": 1e12, "label": "A"}, "a number out of all bounds", True),
        ({"start": 10.5, "end": 12, "label": "A"}, "lies outside the recording", True),
        ({"start": 8, "end": 12, "label": "A"}, "it is cut to 10 s, the end", False),
        ({"start": -1, "end": 2, "label": "A"}, "it is cut to where the recording begins", False),
        ({"start": 0, "end": 1}, "region 1 has no label", True),
        (
            {"start": 0, "end": 1, "label": "B"},
            'has the label "B", which is not in the label set',
            True,
        ),
        ({"start": 0, "end": 1, "label": "A", "text": 3}, "a number as its text", True),
        ({"start": 0, "end": 1, "label": "A", "channel": 1.5}, "has 1.5 as its channel", True),
    ],
)
def test_what_is_wrong_with_a_region_is_named(span: dict[str, Any], said: str, fatal: bool) -> None:
    fields = {"audio": "a.wav", "chunk": {"start": 5, "end": 15}, "audio_spans": [span]}
    [(message, is_fatal)] = IncomingRegions().faults(fields, ["A"], False)
    assert said in message
    assert is_fatal is fatal


def test_names_that_an_annotator_gives_need_not_be_on_offer() -> None:
    fields = {"audio": "a.wav", "audio_spans": [{"start": 0, "end": 1}]}
    assert not list(IncomingRegions(mode="speakers").faults(fields, ["A"], False))


# ── hard names ─────────────────────────────────────────────────────────────

file_names = st.binary(min_size=1, max_size=20).filter(
    lambda name: b"\0" not in name and b"/" not in name and name not in (b".", b"..")
)


@given(file_names)
def test_every_file_name_can_be_written_down_and_read_back(name: bytes) -> None:
    written = task_name(os.fsdecode(name))
    assert json.loads(json.dumps(written).encode()) == written
    if written.strip():
        assert wrong_name({"audio": written}) is None
    found = os.fsencode(sound_path({"audio": written}, Path()))
    assert os.path.abspath(found) == os.path.abspath(name)


def test_names_that_are_not_utf8_or_hold_a_newline_are_found_again(folder: Path) -> None:
    names = [b"caf\xe9.wav", b"two\nlines.wav", b"re:x.wav"]
    try:
        for name in names:
            Path(os.fsdecode(b"calls/" + name)).write_bytes(WAV)
    except OSError:
        pytest.skip("this file system has UTF-8 names only")
    source = open_sounds("calls")
    found = tasks(source)
    for task in found:
        json.dumps(task.fields).encode()
        assert "\n" not in task.origin.path
    stream = Stream(open_sounds("calls"), carried=IncomingRegions(), medium="audio")
    there = [stream.locate(task) for task in found]
    assert all(map(os.path.exists, there))
    assert {os.path.basename(path) for path in there} >= set(names)


def test_either_spelling_of_a_letter_finds_the_file(folder: Path) -> None:
    composed, apart = (unicodedata.normalize(form, "trñ00") for form in ("NFC", "NFD"))
    (folder / f"{composed}.wav").write_bytes(WAV)
    for name in (composed, apart, f"{apart}.wav"):
        assert sound_path({"audio": name}, folder).exists()


@pytest.mark.shared_data
def test_the_lists_of_pyannote_lead_to_their_sounds(shared_data: Path) -> None:
    sounds_of = shared_data / "audio" / "pyannote-ami-debug"
    for name, there in (("train", [True] + 9 * [False]), ("development", [True, False])):
        found = located(open_sounds(str(sounds_of / f"debug.{name}.lst")))
        assert [Path(path).exists() for path in found] == there


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a/b/c d.wav", "c d.wav"),
        ("file:///tmp/caf%E9%20x.wav", "caf\\xe9 x.wav"),
        ("data:audio/wav;base64,AAAA", "(within the task)"),
    ],
)
def test_a_sound_is_called_by_the_name_of_its_file(name: str, shown: str) -> None:
    assert short_name(name) == shown


# ── links, and sounds that lie elsewhere ───────────────────────────────────


def test_linked_folders_are_walked_but_not_in_a_circle(folder: Path) -> None:
    (folder / "disk/more").mkdir(parents=True)
    (folder / "disk/more/d.wav").write_bytes(WAV)
    (folder / "disk/notes.txt").write_text("hello\n")
    (folder / "calls/linked").symlink_to(folder / "disk", target_is_directory=True)
    (folder / "disk/up").symlink_to(folder / "calls", target_is_directory=True)
    (folder / "disk/self").symlink_to(folder / "disk", target_is_directory=True)
    found = ["calls/a.FLAC", "calls/b.wav", "calls/deep/c.mp3", "calls/linked/more/d.wav"]
    assert sounds(open_sounds("calls")) == found
    assert sorted(sounds(open_sounds("calls/**/*"))) == found
    texts = [one.fields["text"] for one in open_source("disk").records() if isinstance(one, Record)]
    assert texts.count("hello") == 1


@pytest.mark.parametrize("name", ["calls/b.wav", "b.wav", "/gone/away/b.wav"])
def test_a_sound_is_found_from_the_folder_above_its_list_and_beside_it(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "calls/out").mkdir()
    place = "calls/list.txt" if name.startswith("/gone") else "calls/out/list.txt"
    (folder / place).write_text(name + "\n")
    if name == "calls/b.wav":
        monkeypatch.chdir(folder)
    assert [Path(one).resolve() for one in located(open_sounds(place))] == [folder / "calls/b.wav"]
