"""A real sshd on a loopback port: the session at its far end, the null device at the near one."""

from __future__ import annotations

import getpass
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.remote.conftest import FAR, FRAMES, RATE, ROOT, Far, Tape, crc, until
from tui_annotate.audio.remote.address import FOLDER
from tui_annotate.audio.remote.tunnel import parse
from tui_annotate.errors import UsageError
from tui_annotate.process.environment import PLAYER_ADDRESS

pytestmark = pytest.mark.slow


@dataclass
class Host:
    """Where one can log in, and what is needed for it."""

    options: list[str]
    destination: str
    folder: Path


Sshd = Callable[..., Host]


def program() -> str:
    found = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None or shutil.which("ssh") is None or shutil.which("ssh-keygen") is None:
        pytest.skip("there is no sshd here (Debian: openssh-server)")
    return found


@pytest.fixture
def sshd(tmp_path: Path, environment: dict[str, str]) -> Iterator[Sshd]:
    """Starts hosts with settings of their own, for this user and nobody else."""
    running: list[subprocess.Popen[bytes]] = []
    command = program()
    if os.geteuid() == 0:
        # sshd wants it when it runs as root; a package makes it at boot.
        Path("/run/sshd").mkdir(exist_ok=True)

    def start(*settings: str) -> Host:
        folder = tmp_path / f"host{len(running)}"
        folder.mkdir()
        for name in ("key", "hostkey"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)],
                check=True,
            )
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        lines = [
            *settings,
            f"Port {port}",
            "ListenAddress 127.0.0.1",
            f"HostKey {folder}/hostkey",
            f"AuthorizedKeysFile {folder}/key.pub",
            "StrictModes no",
            "UsePAM no",
            "PidFile none",
            f"SetEnv {FOLDER}={environment[FOLDER]}",
        ]
        (folder / "sshd_config").write_text("\n".join(lines) + "\n")
        arguments = [command, "-D", "-e", "-f", str(folder / "sshd_config")]
        with (folder / "sshd.log").open("wb") as log:
            running.append(subprocess.Popen(arguments, stderr=log))
        until(lambda: b"listening" in (folder / "sshd.log").read_bytes())
        client = [
            "Host *",
            f"  Port {port}",
            f"  IdentityFile {folder}/key",
            "  IdentitiesOnly yes",
            "  StrictHostKeyChecking no",
            f"  UserKnownHostsFile {folder}/known",
            "  LogLevel ERROR",
        ]
        (folder / "ssh_config").write_text("\n".join(client) + "\n")
        options = ["-F", str(folder / "ssh_config")]
        return Host(options, f"{getpass.getuser()}@127.0.0.1", folder)

    yield start
    for process in running:
        process.terminate()
        process.wait()


def ours(host: Host, *command: str) -> list[str]:
    """`tui-annotate ssh` to a host."""
    python = [sys.executable, "-P", "-m", "tui_annotate", "ssh"]
    return [*python, *host.options, host.destination, *command]


def there(command: list[str]) -> str:
    """A command as the far shell gets it, with this checkout's package."""
    return f"env PYTHONPATH={shlex.quote(str(ROOT))} {shlex.join(command)}"


@pytest.fixture
def desk(environment: dict[str, str], tape: Tape, tmp_path: Path) -> dict[str, str]:
    """The environment at the near end."""
    return {
        **environment,
        "PYTHONPATH": str(ROOT),
        "TUI_ANNOTATE_AUDIO": f"null:{tape.path}",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        (("AcceptEnv LC_*",), "unix"),
        (("AcceptEnv LC_*", "AllowStreamLocalForwarding no"), "tcp"),
        ((), None),
    ],
    ids=["socket", "port", "file"],
)
def test_the_frames_that_arrive_are_those_asked_for(
    sshd: Sshd, desk: dict[str, str], tape: Tape, sound: Path, settings: tuple[str, ...], kind: str
) -> None:
    host = sshd(*settings)
    far = Far(ours(host, there(FAR)), desk)
    try:
        named = far.ask("environment", PLAYER_ADDRESS)
        assert named.startswith(f"{kind}:") if kind else named is None
        far.do("open", str(sound), RATE, FRAMES)
        assert far.play(RATE, 2 * RATE)["frame"] == 2 * RATE
        far.do("set_speed", 2)
        state = far.play(RATE, 3 * RATE)
        assert (state["notice"], state["output"]) == (None, "null")
    finally:
        assert far.close() == 0
    first, second = tape.heard()
    assert (first["heard"], first["crc"]) == ([RATE, 2 * RATE], crc(sound, RATE, 2 * RATE))
    assert (second["heard"], second["frames"]) == ([RATE, 3 * RATE], RATE)


def test_the_token_is_in_no_argument_and_everything_is_taken_away_again(
    sshd: Sshd, desk: dict[str, str]
) -> None:
    host = sshd("AcceptEnv LC_*")
    folder = f"{desk[FOLDER]}/tui-annotate"
    look = f"cat {folder}/sound-$(uname -n); ls -l {folder}; ps -ww -eo args"
    done = subprocess.run(ours(host, look), env=desk, capture_output=True, text=True, check=True)
    first, *rest = done.stdout.splitlines()
    address, token = first.split()
    assert address.startswith(f"unix:{desk[FOLDER]}/tui-annotate/sound-")
    assert len(token) == 64
    assert not any(token in line for line in rest)
    assert any(line.startswith("srw-------") for line in rest)
    assert any(line.startswith("-rw-------") for line in rest)
    assert list((Path(desk[FOLDER]) / "tui-annotate").iterdir()) == []


def test_a_cut_line_leaves_the_session_alive_and_the_next_one_brings_the_sound_back(
    sshd: Sshd, desk: dict[str, str], environment: dict[str, str], tape: Tape, sound: Path
) -> None:
    host = sshd()

    def connect() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            ours(host, "echo here; cat"),
            env=desk,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        return process

    first = connect()
    # What runs in tmux at the far end, and was begun before anybody connected.
    far = Far(FAR, {**environment, "TMUX": "/tmp/tmux,1,0", "SSH_CONNECTION": "here"})
    try:
        far.do("open", str(sound), RATE, FRAMES)
        far.play(0, RATE // 2)
        assert tape.stretches() == [[0, RATE // 2]]
        for one in masters(host):
            os.kill(one, signal.SIGKILL)
        assert first.wait() == 255
        assert first.stderr is not None
        assert "connection lost" in first.stderr.read()
        far.do("until", "notice", "Lost the connection")
        assert far.play(0, RATE // 4)["frame"] == RATE // 4
        assert len(tape.stretches()) == 1
        second = connect()
        far.do("until", "output", "line")
        assert far.play(RATE, 2 * RATE)["notice"] is None
        assert tape.heard()[1]["crc"] == crc(sound, RATE, 2 * RATE)
        assert second.stdin is not None
        second.stdin.close()
        assert second.wait() == 0
    finally:
        far.close()


def test_nothing_is_left_of_a_program_that_was_killed(sshd: Sshd, desk: dict[str, str]) -> None:
    host = sshd()
    # Too long for the path of a socket.
    long = host.folder / ("x" * 100)
    long.mkdir()
    process = subprocess.Popen(
        ours(host, "echo here; cat"),
        env={**desk, "TMPDIR": str(long)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"here\n"
    (made,) = re.findall(r"ControlPath=(\S+)/c ", "\n".join(commands(host)))
    assert Path(made).is_dir()
    process.kill()
    process.communicate()
    until(lambda: not masters(host))
    until(lambda: not Path(made).exists())
    assert not list(long.iterdir())


def masters(host: Host) -> list[int]:
    """The processes of ssh that hold the connection."""
    return [int(line.split()[0]) for line in commands(host)]


def commands(host: Host) -> list[str]:
    """What they were started with, behind their ids."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid,args"], capture_output=True, text=True, check=True
    )
    wanted = ("ControlMaster=yes", str(host.folder))
    return [line for line in listed.stdout.splitlines() if all(word in line for word in wanted)]


def test_without_forwarding_there_is_a_session_and_a_word(sshd: Sshd, desk: dict[str, str]) -> None:
    host = sshd("AllowTcpForwarding no", "AllowStreamLocalForwarding no")
    done = subprocess.run(
        ours(host, "echo out; exit 7"), env=desk, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (7, "out\n")
    assert done.stderr == (
        "tui-annotate: the far end allows no forwarding, so there will be no sound.\n"
    )


def test_a_host_that_lets_nobody_in_is_what_ssh_says(sshd: Sshd, desk: dict[str, str]) -> None:
    host = sshd("DenyUsers *")
    done = subprocess.run(
        ours(host, "echo out"), env=desk, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (255, "")
    assert "Permission denied" in done.stderr


def test_doctor_says_whether_the_line_works(sshd: Sshd, desk: dict[str, str]) -> None:
    host = sshd("AcceptEnv LC_*")
    doctor = there([sys.executable, "-P", "-m", "tui_annotate", "doctor"])
    done = subprocess.run(ours(host, doctor), env=desk, capture_output=True, text=True, check=True)
    assert "over SSH      yes, your player answers" in done.stdout


@pytest.mark.parametrize(
    ("given", "connection", "destination", "command"),
    [
        (["host"], [], "host", ()),
        (["-p", "22", "-vC", "u@h", "ls", "-l"], ["-p", "22", "-v", "-C"], "u@h", ("ls", "-l")),
        (["-oPort=2", "h", "-4", "x"], ["-o", "Port=2", "-4"], "h", ("x",)),
        (["-tt", "-i", "k", "--", "h", "-c"], ["-i", "k"], "h", ("-c",)),
    ],
)
def test_arguments_are_read_as_ssh_reads_them(
    given: list[str], connection: list[str], destination: str, command: tuple[str, ...]
) -> None:
    read = parse(given)
    assert (read.connection, read.destination, read.command) == (connection, destination, command)


@pytest.mark.parametrize(
    "given", [[], ["-p"], ["-N", "h"], ["-fN", "h"], ["-W", "a:1", "h"], ["-t"]]
)
def test_what_makes_no_session_is_refused(given: list[str]) -> None:
    with pytest.raises(UsageError):
        parse(given)
