"""Both ends of a line, without an SSH between them."""

from __future__ import annotations

import contextlib
import io
import os
import queue
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.remote.conftest import RATE, Far, Near, Tape, crc, until
from tests.remote.proxy import Proxy
from tests.rest import KNOWN, at_rest
from tui_annotate.audio.player.messages import VERSION
from tui_annotate.audio.remote import address, server
from tui_annotate.audio.remote.address import Address, parse, read_pointer, write_pointer
from tui_annotate.audio.remote.handshake import WORDS, Challenge, Refused, Sorry, ask, receive
from tui_annotate.audio.remote.relay import Line
from tui_annotate.audio.remote.server import Event
from tui_annotate.cli.program import run
from tui_annotate.process.environment import PLAYER_ADDRESS

pytestmark = pytest.mark.slow

Start = Callable[..., Near]
Begin = Callable[..., Far]


@pytest.fixture
def proxy() -> Iterator[Callable[..., Proxy]]:
    made: list[Proxy] = []

    def make(port: int, rate: float | None = None) -> Proxy:
        made.append(Proxy(port, rate))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_the_frames_that_arrive_are_those_asked_for(
    near: Start, far: Begin, tape: Tape, sound: Path
) -> None:
    there = far(f"tcp:{near().port} secret")
    marks = [(RATE, 3 * RATE), (5, 6), (100_000, 200_001)]
    for start, end in marks:
        assert there.play(start, end)["frame"] == end
    assert [(line["heard"], line["crc"]) for line in tape.heard()] == [
        ([start, end], crc(sound, start, end)) for start, end in marks
    ]


def test_what_was_heard_once_needs_no_line(
    near: Start, far: Begin, tape: Tape, proxy: Callable[..., Proxy]
) -> None:
    player = near()
    line = proxy(player.port)
    there = far(f"tcp:{line.port} secret")
    there.play(RATE, 4 * RATE)
    # What is around the stretch is sent beforehand; then nothing more is.
    before = -1
    while before != line.passed:
        before = line.passed
        time.sleep(0.2 if KNOWN else 1)
        until(lambda: at_rest(there.process.pid) and at_rest(player.player.pid))
    there.do("set_speed", 2)
    there.play(RATE, 4 * RATE)
    there.play(2 * RATE, 3 * RATE, from_=40000)
    there.do("set_speed", 1)
    there.do("play", RATE, 2 * RATE, loop=True)
    until(lambda: len(tape.stretches()) > 8)
    there.do("pause")
    assert line.passed - before < 2000
    assert tape.stretches()[1:4] == [[RATE, 4 * RATE], [40000, 3 * RATE], [RATE, 2 * RATE]]


def test_a_wrong_token_is_refused_and_said(near: Start, far: Begin, tape: Tape) -> None:
    player = near("right")
    there = far(f"tcp:{player.port} wrong")
    state = there.do("until", "notice", "refused")
    assert state["notice"] == "No sound: your player refused the connection (the token is wrong)."
    until(lambda: player.said("refused"))
    assert not player.said("session")
    # Work goes on, in silence.
    assert there.play(0, 4000)["frame"] == 4000
    assert tape.heard() == []


@pytest.mark.parametrize(
    "words", [b"", b"\0\0\0\x03abc", b"\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n"]
)
def test_what_is_no_session_is_refused(near: Start, words: bytes) -> None:
    player = near()
    with socket.create_connection(("127.0.0.1", player.port)) as line:
        line.sendall(words)
        line.shutdown(socket.SHUT_WR)
        while line.recv(4096):
            pass
    until(lambda: player.said("refused"))
    assert not player.said("session")


def test_neither_end_shows_its_token_and_both_want_it() -> None:
    seen = bytearray()

    def talk(theirs: str, ours: str) -> tuple[str, str]:
        one, two = socket.socketpair()
        outcomes = ["", ""]

        class Heard:
            def __init__(self, line: socket.socket) -> None:
                self.line = line

            def sendall(self, data: bytes) -> None:
                seen.extend(data)
                self.line.sendall(data)

        def be_let_in() -> None:
            with two, two.makefile("rb") as stream:
                try:
                    ask(Heard(two), stream, theirs)  # type: ignore[arg-type]
                except (Refused, OSError) as error:
                    outcomes[0] = str(error)

        thread = threading.Thread(target=be_let_in)
        thread.start()
        with one, one.makefile("rb") as stream:
            try:
                receive(Heard(one), stream, ours)  # type: ignore[arg-type]
            except (Refused, OSError) as error:
                outcomes[1] = str(error)
        thread.join()
        return outcomes[0], outcomes[1]

    assert talk("sesame", "sesame") == ("", "")
    assert talk("guess", "sesame") == ("the token is wrong", "the token is wrong")
    assert b"sesame" not in seen
    assert b"guess" not in seen


def test_what_a_stranger_says_is_shown_as_it_is_spelled() -> None:
    one, two = socket.socketpair()
    with one, two, two.makefile("rb") as stream:
        one.sendall(
            WORDS.encode(Challenge(VERSION, b"1"))
            + WORDS.encode(Sorry("\x1b[2Jgone\n" + "x" * 500))
        )
        with pytest.raises(Refused) as refused:
            ask(two, stream, "secret")
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 200


def test_only_a_socket_that_nobody_listens_to_is_taken_away(tmp_path: Path) -> None:
    letter, left = tmp_path / "letter", tmp_path / "left"
    letter.write_text("dear")
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(left))
    for place in (letter, left):
        with pytest.raises(ConnectionRefusedError):
            Address(str(place), "token").connect(1)
    assert letter.read_text() == "dear"
    assert not left.exists()


def test_a_stranger_who_says_a_byte_now_and_then_does_not_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "TIMEOUT", 0.2)
    said: queue.SimpleQueue[Event] = queue.SimpleQueue()
    listener = server.listen()
    threading.Thread(target=server.serve, args=(listener, "t", said.put), daemon=True).start()
    with listener, socket.create_connection(listener.getsockname()) as line:
        over = threading.Event()

        def drip() -> None:
            with contextlib.suppress(OSError):
                line.send(b"\0\0\4\0")
                while not over.wait(0.05):
                    line.send(b"\0")

        threading.Thread(target=drip, daemon=True).start()
        assert said.get(timeout=30).what == "refused"
        over.set()


def test_no_sound_is_sent_to_one_that_does_not_know_the_token(near: Start) -> None:
    """What listens on the port of a forward that is gone may be anybody."""
    player = near("another")
    with pytest.raises(Refused):
        Line(Address(player.port, "ours"), lambda line, report: None)


def test_a_line_that_hangs_holds_up_no_key(
    near: Start, far: Begin, tape: Tape, proxy: Callable[..., Proxy]
) -> None:
    line = proxy(near().port)
    there = far(f"tcp:{line.port} secret")
    there.do("until", "output", "line")
    line.hold()
    # Every one of these answers while nothing goes through, or the test hangs.
    for _ in range(200):
        there.do("play", 0, 20 * RATE)
        there.do("seek", 5 * RATE)
        there.do("set_speed", 1.5)
        there.do("pause")
        there.do("resume", 0.5)
    there.do("set_speed", 1)
    there.do("play", RATE, 2 * RATE)
    line.release()
    assert there.do("until", "playing", False)["frame"] == 2 * RATE
    assert tape.stretches()[-1] == [RATE, 2 * RATE]


@pytest.mark.slow
def test_a_slow_line_leaves_no_frame_out_and_gets_fewer_bits(
    near: Start, far: Begin, tape: Tape, proxy: Callable[..., Proxy], sound: Path
) -> None:
    # A second of this sound takes some 18 kB a second with all its bits.
    line = proxy(near(how="null").port, rate=9000)
    there = far(f"tcp:{line.port} secret")
    assert there.play(0, 6 * RATE)["frame"] == 6 * RATE
    (only,) = tape.heard()
    assert only["heard"] == [0, 6 * RATE]
    assert only["frames"] == 6 * RATE
    assert only["crc"] != crc(sound, 0, 6 * RATE)
    assert there.do("pause")["notice"] is None


def test_a_cut_line_leaves_work_alive_and_comes_back(
    near: Start, far: Begin, tape: Tape, proxy: Callable[..., Proxy], sound: Path
) -> None:
    line = proxy(near(how="null").port)
    there = far(f"tcp:{line.port} secret")
    there.do("set_speed", 2)
    there.do("play", 0, 25 * RATE)
    there.do("until", "beyond", RATE)
    line.cut()
    state = there.do("until", "notice", "Lost the connection")
    assert state["playing"]
    # In silence, from where it was; the proxy still listens, and so the line comes back.
    there.do("until", "beyond", state["frame"] + 1000)
    state = there.do("until", "output", "null")
    assert (state["playing"], state["notice"]) == (True, None)
    there.do("until", "beyond", state["frame"] + RATE)
    there.do("pause")
    until(lambda: len(tape.stretches()) == 2)
    (start, before), (again, _) = tape.stretches()
    assert start == 0
    assert again >= before
    there.do("set_speed", 1)
    there.play(7, 9000)
    assert tape.heard()[-1]["crc"] == crc(sound, 7, 9000)


def test_a_pause_outlives_a_cut(
    near: Start, far: Begin, tape: Tape, proxy: Callable[..., Proxy]
) -> None:
    line = proxy(near(how="null").port)
    there = far(f"tcp:{line.port} secret")
    there.do("play", 0, 2 * RATE)
    there.do("until", "beyond", 4000)
    there.do("pause")
    until(lambda: tape.stretches())
    (stopped,) = tape.stretches()
    there.do("until", "beyond", stopped[1] - 1)
    line.cut()
    there.do("until", "output", "line")
    there.do("resume")
    there.do("until", "playing", False)
    assert tape.stretches() == [stopped, [stopped[1], 2 * RATE]]


def test_a_player_that_dies_is_started_again_and_heard_again(
    near: Start, far: Begin, tape: Tape
) -> None:
    player = near()
    there = far(f"tcp:{player.port} secret")
    there.play(0, 800)
    os.kill(player.player.pid, signal.SIGKILL)
    there.do("until", "notice", "Lost the connection")
    until(lambda: player.said("listening"))
    there.do("until", "output", "line")
    there.play(800, 1600)
    assert tape.stretches() == [[0, 800], [800, 1600]]


def test_in_tmux_who_connects_last_hears(near: Start, far: Begin, tmp_path: Path) -> None:
    first, second = Tape(tmp_path / "first"), Tape(tmp_path / "second")
    before = near("one", path=first.path)
    write_pointer(Address(before.port, "one"))
    there = far(None, TMUX="/tmp/tmux,1,0")
    there.do("until", "output", "line")
    there.play(0, 100)
    player = near("two", path=second.path)
    write_pointer(Address(player.port, "two"))
    # The far end hangs up where it was only when it has changed over.
    until(lambda: player.said("session") and before.said("gone"))
    there.play(100, 200)
    assert (first.stretches(), second.stretches()) == ([[0, 100]], [[100, 200]])


def test_over_ssh_alone_there_is_silence_and_what_to_do(far: Begin) -> None:
    there = far()
    state = there.do("until", "notice", "tui-annotate ssh")
    assert state["notice"].startswith("No sound: connect with `tui-annotate ssh`")
    assert there.play(0, 1600)["frame"] == 1600


def test_by_hand_a_far_end_is_told_once_where_its_player_is(
    near: Start,
    far: Begin,
    tape: Tape,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    port = near("secret").port
    monkeypatch.setattr("sys.stdin", io.StringIO("guess\n"))
    assert run(["listen", "--at", str(port)]) == 2
    assert "the player refused the connection: the token is wrong" in capsys.readouterr().err
    assert read_pointer() is None
    monkeypatch.setattr("sys.stdin", io.StringIO("secret\n"))
    assert run(["listen", "--at", str(port)]) == 0
    far().play(0, 100)
    assert tape.stretches() == [[0, 100]]


def test_a_port_that_is_taken_is_named(near: Start, capsys: pytest.CaptureFixture[str]) -> None:
    port = near().port
    assert run(["listen", "--port", str(port)]) == 1
    assert f"port {port}: the player cannot listen there" in capsys.readouterr().err


@pytest.mark.usefixtures("environment")
def test_the_file_that_names_the_player_is_nobody_elses() -> None:
    where = Address("/run/sound.sock", "secret")
    path = write_pointer(where)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_pointer() == where
    path.chmod(0o640)
    assert read_pointer() is None
    path.unlink()
    path.symlink_to("/dev/null")
    assert read_pointer() is None


@pytest.mark.usefixtures("environment")
def test_outside_tmux_the_environment_counts_more_than_the_newest_connection() -> None:
    here, newest = Address(1, "a"), Address("/b", "b")
    write_pointer(newest)
    named = {PLAYER_ADDRESS: str(here)}
    assert address.candidates(named) == [here, newest]
    assert address.candidates({**named, "TMUX": "1"}) == [newest, here]


@pytest.mark.parametrize(
    "text",
    ["", "tcp:1", "tcp:0 t", "tcp:99999 t", "unix:relative t", "udp:1 t", "tcp:1 t t", "tcp: t"],
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("where", [Address(4711, "abc"), Address("/run/user/1/a b.sock", "abc")])
def test_an_address_reads_back(where: Address) -> None:
    if " " in str(where.place):
        # A path with a space is not one that we make.
        assert parse(str(where)) is None
    else:
        assert parse(str(where)) == where
