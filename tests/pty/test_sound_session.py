"""Sessions on sounds in a terminal: by keyboard alone, left and taken up again, cut short."""

from __future__ import annotations

import json
import os
import re
import signal
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
import soundfile

from tests.pty.conftest import Desk, assert_restored
from tests.pty.terminal import PATIENCE, Terminal
from tui_annotate.audio.clip import frames_of
from tui_annotate.cli.demo import SAMPLES
from tui_annotate.formats.timed import read_file

pytestmark = [pytest.mark.pty, pytest.mark.slow]

DIALOGUE = SAMPLES / "dialogue.flac"
FOUND = 5
"""How many stretches of speech are found in it."""

Stretch = tuple[int, int, str]


class Booth(Desk):
    """A desk for sounds; what is played makes no sound, and is taken down."""

    @property
    def heard(self) -> list[dict[str, Any]]:
        """What was asked of the player, and what it played."""
        log = self.folder / "heard"
        return list(map(json.loads, log.read_text().splitlines())) if log.exists() else []

    def listen(
        self,
        source: Path | str = DIALOGUE,
        *options: str,
        recipe: str = "audio.speakers",
        environment: dict[str, str] | None = None,
        **terminal: Any,
    ) -> Terminal:
        """Start a session on a sound."""
        heard = {"TUI_ANNOTATE_AUDIO": f"null:{self.folder / 'heard'}"}
        return self.start(
            source, *options, recipe=recipe, labels=None,
            environment={**heard, **(environment or {})}, **terminal,
        )  # fmt: skip

    def editor(self, position: int = 0) -> dict[str, Any]:
        """The editor's state in the draft of a task; nothing where there is none."""
        for draft in self.drafts():
            if draft["position"] == position:
                state: dict[str, Any] = draft["editor"]["state"]
                return state
        return {"added": []}

    def drafted(self, **wanted: Any) -> Callable[[Terminal], bool]:
        """Whether the draft holds these."""
        return lambda _: wanted == {name: self.editor().get(name) for name in wanted}

    def has_drafted(self, label: str, position: int) -> Callable[[Terminal], bool]:
        """Whether the draft of a task has a region of some label."""
        return lambda _: any(one["label"] == label for one in self.editor(position)["added"])


def test_what_a_library_prints_is_not_on_the_screen(booth: Booth) -> None:
    # As libmpg123 does of an MP3 that is measured, from C, to standard error.
    (booth.folder / "sitecustomize.py").write_text(
        "import os, threading, time\n"
        "def speak():\n"
        "    for _ in range(200):\n"
        "        os.write(2, b'Warning: fuzzy')\n"
        "        time.sleep(0.02)\n"
        "threading.Thread(target=speak, daemon=True).start()\n"
    )
    paths = os.pathsep.join(filter(None, [str(booth.folder), os.environ.get("PYTHONPATH")]))
    terminal = booth.listen(environment={"PYTHONPATH": paths})
    terminal.wait_for(DIALOGUE.name)
    for _ in range(20):
        terminal.press("right").settle()
    before, screen = terminal.sent_since(0).split(b"\x1b[?1049h")
    assert b"Warning: fuzzy" in before
    assert b"fuzzy" not in screen
    assert terminal.press("q").wait_for_end() == 0


@pytest.fixture
def booth(tmp_path: Path) -> Any:
    made = Booth(tmp_path)
    yield made
    made.close()


def clock(terminal: Terminal) -> float:
    """The seconds that the clock beside the overview shows."""
    found = re.search(r"[▶■] (\d+):(\d\d\.\d{3})", terminal.text)
    return int(found[1]) * 60 + float(found[2]) if found else -1.0


def later_than(seconds: float) -> Callable[[Terminal], bool]:
    """Whether so much has been played."""
    return lambda terminal: clock(terminal) >= seconds


def on_region(number: int) -> Callable[[Terminal], bool]:
    """Whether the list points at a region."""
    return lambda terminal: re.search(rf"^ ▸ +{number} ", terminal.text, re.MULTILINE) is not None


def marked(state: dict[str, Any]) -> list[Stretch]:
    """The frames and labels of the regions in a draft."""
    return [(one["start"], one["end"], one["label"]) for one in state["added"]]


def written(line: dict[str, Any]) -> list[Stretch]:
    """The frames and labels of the regions in a decided line."""
    rate = line["sample_rate"]
    return [
        (frames_of(one["start"], rate), frames_of(one["end"], rate), one["label"])
        for one in line["audio_spans"]
    ]


def test_by_keyboard_alone_left_taken_up_again_and_decided(booth: Booth) -> None:
    terminal = booth.listen().wait_for(f"SPEECH {FOUND}")
    # The suggestions, one after the other: a label leads on.
    terminal.press("tab").wait_for(on_region(1))
    for number, (key, counted) in enumerate(
        [("1", "1 SPEAKER_1 1"), ("2", "2 SPEAKER_2 1"), ("2", "2 SPEAKER_2 2"), ("1", "1 SPEA")]
    ):
        terminal.press(key).wait_for(counted).wait_for(on_region(number + 2))
    terminal.press("1").wait_for(lambda t: "SPEECH" not in t.text).wait_for("100 % covered")
    terminal.press("E").wait_for("New name for SPEAKER_1").press(*9 * ["backspace"])
    terminal.type("Anna\r").wait_for("1 Anna 3")
    # The music at the start, marked while it plays.
    terminal.press("ctrl+home").wait_for(lambda t: clock(t) == 0.0)
    terminal.press("space").wait_for(later_than(0.9)).press(",").wait_for("marked 00:0")
    terminal.wait_for(later_than(1.6)).press("3").wait_for("SPEAKER_3 1")
    terminal.press("space").wait_for("■")
    terminal.press("z", "z", "z").wait_for(lambda t: len(marked(booth.editor())) == FOUND + 1)
    terminal.wait_for(lambda t: booth.editor()["look"] is not None)
    # The player says a little later where exactly it stopped.
    terminal.wait_for(lambda t: abs(booth.editor()["cursor"] / 16_000 - clock(t)) <= 0.001)
    terminal.settle()
    screen, at = terminal.lines[1:-2], clock(terminal)
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert_restored(terminal)

    left = booth.editor()
    start, end, label = marked(left)[0]
    assert label == "SPEAKER_3"
    # A mark made while it plays lies a little before the key came; it was stopped after that.
    assert 0.5 < start / 16_000 < end / 16_000 <= at
    assert end / 16_000 > 1.2
    played = [line for line in booth.heard if "heard" in line]
    assert played[0]["heard"][0] == 0
    assert played[-1]["heard"][1] >= end

    terminal = booth.listen().wait_for("back where you left off").wait_for("1 Anna 3")
    terminal.wait_for(lambda t: t.lines[1:-2] == screen)
    assert clock(terminal) == at
    # The clock shows whole milliseconds.
    assert abs(left["cursor"] / 16_000 - at) <= 0.001
    terminal.press("a").wait_for("All tasks are decided.").press("q")
    assert terminal.wait_for_end() == 0
    (line,) = booth.decisions()
    assert written(line) == marked(left)
    assert {label for *_, label in written(line)} == {"Anna", "SPEAKER_2", "SPEAKER_3"}
    assert line["_view_id"] == "audio_manual"
    assert (line["sample_rate"], line["channels"]) == (16_000, 1)
    assert frames_of(line["duration"], 16_000) == soundfile.info(DIALOGUE).frames
    assert [one["source"] for one in line["_suggested"]] == FOUND * ["speech"]
    assert line["_labels"] == ["Anna", "SPEAKER_2", "SPEAKER_3"]


def in_a_field(booth: Booth, **terminal: Any) -> Terminal:
    """A session in the middle of the text of the first region, the caret before its end."""
    running = booth.listen(recipe="audio.transcribe", **terminal).wait_for(f"1 SPEECH {FOUND}")
    running.press("tab").wait_for(on_region(1)).press("t").wait_for("snippets")
    running.type("god morning").wait_for("god morning").press(*9 * ["left"])
    return running.wait_for(booth.drafted(typing=["transcript", "god morning", 2]))


def assert_field_goes_on(booth: Booth, terminal: Terminal) -> None:
    """Text and caret are there; what is typed belongs there, and the work goes on."""
    terminal.wait_for("god morning").type("o").wait_for("good morning")
    terminal.press("enter").wait_for(on_region(2)).press("escape")
    terminal.wait_for(lambda t: "snippets" not in t.text).press("a")
    terminal.wait_for("have no text: accept again").press("a")
    terminal.wait_for("All tasks are decided.").press("q")
    assert terminal.wait_for_end() == 0
    (line,) = booth.decisions()
    assert [one.get("text") for one in line["audio_spans"]] == ["good morning", *4 * [None]]


def test_kill_in_the_middle_of_a_text_keeps_it_and_its_caret(booth: Booth) -> None:
    in_a_field(booth).kill()
    assert_field_goes_on(booth, booth.listen(recipe="audio.transcribe"))


def test_a_terminal_that_goes_away_ends_everything_and_loses_nothing(booth: Booth) -> None:
    terminal = in_a_field(booth)
    terminal.press("tab").wait_for("▶")
    everything = [psutil.Process(terminal.process.pid), *terminal.children()]
    # The session, the sound process and the player.
    assert len(everything) == 3
    terminal.hang_up()
    assert psutil.wait_procs(everything, timeout=PATIENCE)[1] == []
    assert_field_goes_on(booth, booth.listen(recipe="audio.transcribe"))


def test_sigterm_while_it_plays_leaves_with_the_terminal_restored(booth: Booth) -> None:
    terminal = booth.listen().wait_for(f"SPEECH {FOUND}")
    terminal.press("space").wait_for(later_than(0.3))
    children = terminal.children()
    terminal.signal(signal.SIGTERM)
    assert terminal.wait_for_end() == 128 + signal.SIGTERM
    assert_restored(terminal)
    assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []
    assert "Traceback" not in terminal.text


def test_each_broken_sound_of_a_folder_is_named_and_the_next_one_comes(booth: Booth) -> None:
    folder = booth.folder / "sounds"
    folder.mkdir()
    good = soundfile.read(DIALOGUE, frames=16_000)[0]
    soundfile.write(folder / "a good.wav", good, 16_000)
    (folder / "b empty.wav").touch()
    (folder / "c text.wav").write_text("this is no sound\n" * 50)
    whole = (folder / "a good.wav").read_bytes()
    (folder / "d header.flac").write_bytes(DIALOGUE.read_bytes()[:30])
    soundfile.write(folder / "e no frames.wav", good[:0], 16_000)
    (folder / "f gone.wav").symlink_to("nowhere")
    (folder / "g cut.wav").write_bytes(whole[: len(whole) // 2])
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/h \xe9\n.wav")).write_bytes(whole)
    except OSError:
        (folder / "h.wav").write_bytes(whole)
    terminal = booth.listen(folder, recipe="audio.regions")
    terminal.wait_for("a good.wav").wait_for("1 of 8").wait_for("16 kHz").settle().press("a")
    for place, name in enumerate(
        ["b empty.wav", "c text.wav", "d header.flac", "e no frames.wav", "f gone.wav"], 2
    ):
        terminal.wait_for(f"{place} of 8").wait_for(named(name)).settle()
        assert "Traceback" not in terminal.text
        terminal.press("ctrl+k")
    # What is left of one that was cut can be heard and decided.
    terminal.wait_for("g cut.wav").wait_for("7 of 8").wait_for("cut off").settle().press("a")
    terminal.wait_for("8 of 8").wait_for("16 kHz").settle().press("a")
    terminal.wait_for("All tasks are decided.").press("q")
    assert terminal.wait_for_end() == 0
    first, cut, last = booth.decisions()
    assert (first["duration"], last["duration"]) == (1.0, 1.0)
    assert 0.4 < cut["duration"] < 0.6
    assert Path(first["audio"]).name == "a good.wav"
    assert last["audio"].startswith("file:") or Path(last["audio"]).name == "h.wav"


def named(name: str) -> Callable[[Terminal], bool]:
    """Whether a name is on the screen, wherever its path is cut into lines."""
    return lambda terminal: name.replace(" ", "") in "".join(terminal.text.split())


@pytest.mark.parametrize(
    ("size", "environment"),
    [
        ((15, 60), {}),
        ((24, 80), {"NO_COLOR": "1"}),
        ((24, 80), {"TERM": "xterm", "COLORTERM": ""}),
        ((40, 120), {}),
    ],
    ids=["60x15", "no colour", "16 colours", "120x40"],
)
def test_it_can_be_done_on_small_screens_and_with_few_colours(
    booth: Booth, size: tuple[int, int], environment: dict[str, str]
) -> None:
    rows, columns = size
    terminal = booth.listen(environment=environment, rows=rows, columns=columns)
    terminal.wait_for(f"{FOUND} to check").press("tab").wait_for(on_region(1))
    terminal.press("1").wait_for(on_region(2)).wait_for("SPEAKER_1 1")

    def lane(terminal: Terminal) -> str:
        rows = (row for row in terminal.lines if re.match(r" 1 SPEA(?:KER_1|\w*…) ", row))
        return next(rows, "")

    # Whose a bar is stands before it, and where it ends can be seen without colour.
    # The second region is heard now: the playhead passes over the end of the first one.
    terminal.wait_for(lambda t: re.search(r"─[┤├]", lane(t)))
    shown: set[str] = set()
    for _ in range(2):
        terminal.press("v").wait_for(
            lambda t: t.status.split()[0] in {"waveform", "both", "spectrogram"} - shown
        )
        shown.add(terminal.status.split()[0])
    colours = re.findall(rb"\x1b\[[0-9;]*?\b(?:38|48);[25];", bytes(terminal.sent))
    assert bool(colours) == (not environment)
    terminal.press("q")
    assert terminal.wait_for_end() == 0


@pytest.mark.shared_data
def test_a_meeting_with_its_speakers_beside_it(booth: Booth, shared_data: Path) -> None:
    folder = shared_data / "audio" / "pyannote-ami-debug"
    gold = folder / "debug.development.rttm"
    terminal = booth.listen(folder / "dev00.wav", "--from", str(gold), "--suggest", "none")
    turns = [one for one in read_file(gold).found if one.file == "dev00"]
    terminal.wait_for("dev00.wav").wait_for(turns[0].speaker or "").settle()
    # Through all of them by ear, and one of them moved by 10 ms.
    terminal.press("tab").wait_for(on_region(1)).press("j").wait_for(
        lambda _: len(marked(booth.editor())) == 1
    )
    (moved,) = marked(booth.editor())
    terminal.press("a").wait_for("All tasks are decided.").press("q")
    assert terminal.wait_for_end() == 0
    (line,) = booth.decisions()
    rate = line["sample_rate"]
    frames = sorted((frames_of(o.start, rate), frames_of(o.end, rate), o.speaker) for o in turns)
    expected = [(start + rate // 100, end, who) if n == 0 else (start, end, who)
                for n, (start, end, who) in enumerate(frames)]  # fmt: skip
    assert written(line)[0] == moved == expected[0]
    assert sorted(written(line)) == sorted(expected)


@pytest.mark.shared_data
def test_real_recordings_of_every_kind_one_after_the_other(booth: Booth, shared_data: Path) -> None:
    folder = shared_data / "audio" / "mfa-speech" / "wav"
    names = sorted(path.name for path in folder.iterdir())
    terminal = booth.listen(folder, "--suggest", "speech", recipe="audio.regions")
    drafts: dict[str, list[Stretch]] = {}
    for place, name in enumerate(names, 1):
        terminal.wait_for(f"{place} of {len(names)}").wait_for("kHz").settle()
        # Half a second from the start on is speech, whatever was found.
        terminal.press("ctrl+home", ",", "shift+right", "3").wait_for(r"3 NOISE 1").settle()
        terminal.wait_for(booth.has_drafted("NOISE", place - 1))
        drafts[name] = marked(booth.editor(place - 1))
        terminal.press("a")
    terminal.wait_for("All tasks are decided.").press("q")
    assert terminal.wait_for_end() == 0
    lines = booth.decisions()
    assert [unicodedata.normalize("NFC", Path(line["audio"]).name) for line in lines] == names
    for line, name in zip(lines, names, strict=True):
        by_hand = [one for one in drafts[name] if one[2] == "NOISE"]
        assert [one for one in written(line) if one[2] == "NOISE"] == by_hand
        assert by_hand[0][0] == 0
        assert by_hand[0][1] == min(
            line["sample_rate"], frames_of(line["duration"], line["sample_rate"])
        )


def test_no_more_frames_are_sent_than_the_far_end_has_got(booth: Booth) -> None:
    """A line that takes everything and hands it on slowly, as SSH does, is not filled up."""
    asks, answer = b"\x1b[6n", "\x1b[1;1R"

    def asked(terminal: Terminal) -> int:
        return terminal.sent_since(0).count(asks)

    terminal = booth.listen().wait_for(f"SPEECH {FOUND}")
    # One is asked for at the start, to know whether this terminal gives any.
    terminal.wait_for(lambda t: asked(t) == 1).type(answer)
    terminal.press("space").wait_for(lambda t: asked(t) == 4)
    began = time.monotonic()
    terminal.wait_for(lambda t: time.monotonic() - began > 0.5)
    terminal.press("f").wait_for("flagged")
    assert asked(terminal) == 4
    before = clock(terminal)
    terminal.type(3 * answer).wait_for(lambda t: asked(t) == 7).wait_for(later_than(before))
    terminal.press("space").type(3 * answer).wait_for("■").press("q")
    assert terminal.wait_for_end() == 0
    assert_restored(terminal)


def test_leaving_waits_for_what_the_terminal_still_has_to_answer(booth: Booth) -> None:
    answer = "\x1b[1;1R"
    terminal = booth.listen().wait_for(f"SPEECH {FOUND}").type(answer)
    terminal.press("space").wait_for(lambda t: t.sent_since(0).count(b"\x1b[6n") == 4)
    terminal.press("q").type(3 * answer)
    assert terminal.wait_for_end() == 0
    assert_restored(terminal)
