"""An SSH connection that brings its sound along.

One connection is made, and everything goes through it (OpenSSH's ControlMaster): a
forward from a socket at the far end to the player here, the file there that names the
player, and the session itself. So there is one password, and no token in an argument.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tui_annotate.audio.remote import address
from tui_annotate.audio.remote.address import Address
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.process.environment import PLAYER_ADDRESS

_WITH_VALUE = "BbcDEeFIiJLlmOoPpQRSWw"
"""The options of ssh (OpenSSH 9) that take a value."""

_OURS = {
    "M": "-M",
    "S": "-S",
    "O": "-O",
    "f": "-f",
    "N": "-N",
    "W": "-W",
    "s": "-s",
    "Q": "-Q",
    "G": "-G",
    "V": "-V",
}
"""Those that make no session, or that this program needs itself."""

_SESSION = "tTenq"
"""Those that are about the session and not about the connection."""

_GUARD = """
cat
"$0" -o "ControlPath=$1/c" -O exit -- "$2"
rm -rf -- "$1"
"""
"""Hangs up when this program is gone, in whatever way: ssh's master would stay."""

_LONGEST = 100
"""Bytes of the path of a Unix socket that every system takes."""

_ADDED = 20
"""Bytes that a name in a folder takes: ssh makes its socket under a longer one first."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was given to ssh.

    Attributes:
        options: All options, each with its value behind it.
        destination: Where to.
        command: What to run there; nothing for a shell.
    """

    options: tuple[tuple[str, ...], ...]
    destination: str
    command: tuple[str, ...]

    @property
    def connection(self) -> list[str]:
        """The options that the connection needs."""
        return [part for one in self.options if one[0][1] not in _SESSION for part in one]

    @property
    def session(self) -> list[str]:
        """The options that the session needs."""
        return [part for one in self.options for part in one]

    @property
    def terminal(self) -> bool | None:
        """Whether a terminal is wanted; None if nothing is said."""
        said = [one[0] for one in self.options if one[0][1] in "tT"]
        return said[-1] == "-t" if said else None


def parse(arguments: Sequence[str]) -> Arguments:
    """Read arguments as ssh does.

    Raises:
        UsageError: There is no destination, or an option that makes no session.
    """
    options: list[tuple[str, ...]] = []
    rest = list(arguments)
    destination: str | None = None
    while rest:
        word = rest.pop(0)
        if word == "--":
            destination = destination or (rest.pop(0) if rest else None)
            break
        if not word.startswith("-") or word == "-":
            if destination is not None:
                rest.insert(0, word)
                break
            # As ssh: options may stand behind the destination too.
            destination = word
            continue
        flags = word[1:]
        while flags:
            flag, flags = flags[0], flags[1:]
            if flag in _OURS:
                raise UsageError(
                    "this option cannot stand here: it makes no session, or sound over "
                    "SSH needs it itself",
                    where=_OURS[flag],
                )
            if flag not in _WITH_VALUE:
                options.append((f"-{flag}",))
                continue
            if not flags and not rest:
                raise UsageError("a value is missing", where=f"-{flag}")
            options.append((f"-{flag}", flags or rest.pop(0)))
            break
    if not destination:
        raise UsageError("no host given", do="name a host: tui-annotate ssh user@host")
    return Arguments(tuple(options), destination, tuple(rest))


class Tunnel:
    """A connection, with the player of this computer at its far end.

    Args:
        arguments: What was given to ssh.
        port: The port of the player.
        token: Its token.

    Raises:
        AnnotateError: There is no ssh here.
    """

    def __init__(self, arguments: Arguments, port: int, token: str) -> None:
        program = shutil.which("ssh")
        if program is None:
            raise AnnotateError("ssh is not installed", do="install OpenSSH")
        self._ssh = program
        self._arguments = arguments
        self._port = port
        self._token = token
        self._folder = _room()
        self._control = os.path.join(self._folder, "c")
        self._guard: subprocess.Popen[bytes] | None = None
        self._pointer: str | None = None
        self._forward: str | None = None
        self.address: Address | None = None

    def open(self) -> int:
        """Connect; it may ask for a password. The exit code of ssh."""
        code = subprocess.run(
            [
                self._ssh,
                *("-f", "-N", "-o", "ControlMaster=yes", "-o", f"ControlPath={self._control}"),
                *("-o", "ControlPersist=no", "-o", "RemoteCommand=none", "-T"),
                # It passes on for its sessions only what it would send itself.
                *("-o", f"SendEnv={PLAYER_ADDRESS}"),
                *self._arguments.connection,
                *("-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3"),
                *("--", self._arguments.destination),
            ],
            check=False,
        ).returncode
        if code == 0:
            with contextlib.suppress(OSError):
                self._guard = subprocess.Popen(
                    ["sh", "-c", _GUARD, self._ssh, self._folder, self._arguments.destination],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    # A terminal that is closed ends this program, and must not end that one.
                    start_new_session=True,
                )
        return code

    def forward(self) -> str | None:
        """Bring the player to the far end; what to say if that does not go."""
        code, output = self._far(address.SCRIPT)
        marked = [line[2:] for line in output.splitlines() if line.startswith("@@/")]
        self._pointer = marked[-1] if code == 0 and marked else None
        name = f"sound-{secrets.token_hex(8)}.sock"
        folder = os.path.dirname(self._pointer) if self._pointer else "/tmp"
        path = f"{folder}/{name}"
        if len(os.fsencode(path)) > _LONGEST:
            path = f"/tmp/tui-annotate-{name}"
        here = f"127.0.0.1:{self._port}"
        if self._control_command("forward", f"{path}:{here}")[0] == 0:
            self._forward = f"{path}:{here}"
            self.address = Address(path, self._token)
        else:
            code, output = self._control_command("forward", f"127.0.0.1:0:{here}")
            port = output.strip()
            if code != 0 or not port.isdigit():
                return "the far end allows no forwarding, so there will be no sound"
            self._forward = f"127.0.0.1:{port}:{here}"
            self.address = Address(int(port), self._token)
        if self._pointer is None:
            return None
        new = shlex.quote(self._pointer + ".new")
        script = f"umask 077; cat > {new} && mv -f {new} {shlex.quote(self._pointer)}"
        if self._far(script, f"{self.address}\n")[0] != 0:
            self._pointer = None
        return None

    def run(self) -> int:
        """Run the session in this terminal; its exit code."""
        arguments = self._arguments
        wanted = arguments.terminal
        if wanted is None and arguments.command:
            wanted = sys.stdin.isatty()
        # Where this is a far end itself, its token is not for the next one.
        environment = {k: v for k, v in os.environ.items() if k != PLAYER_ADDRESS}
        send: list[str] = []
        if self.address is not None:
            environment[PLAYER_ADDRESS] = str(self.address)
            send = ["-o", f"SendEnv={PLAYER_ADDRESS}"]
        return subprocess.run(
            [
                self._ssh,
                *("-o", "ControlMaster=no", "-o", f"ControlPath={self._control}"),
                *("-o", "ClearAllForwardings=yes", *send),
                *(["-t"] if wanted and arguments.terminal is None else []),
                *arguments.session,
                *("--", arguments.destination, *arguments.command),
            ],
            env=environment,
            check=False,
        ).returncode

    @property
    def connected(self) -> bool:
        """Whether the connection is there."""
        return self._control_command("check")[0] == 0

    def close(self) -> None:
        """Take everything away again, and hang up."""
        with contextlib.suppress(Exception):
            if self._pointer is not None and self.address is not None and self.connected:
                # Only if no other connection has come since; and the socket, which sshd leaves.
                name = shlex.quote(self._pointer)
                mine = shlex.quote(str(self.address).partition(" ")[0])
                script = f"grep -qF {mine} {name} && rm -f {name}"
                if isinstance(self.address.place, str):
                    script += f"; rm -f {shlex.quote(self.address.place)}"
                self._far(script)
        with contextlib.suppress(Exception):
            self._control_command("exit")
        if self._guard is not None:
            self._guard.kill()
            self._guard.communicate()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _far(self, script: str, text: str = "") -> tuple[int, str]:
        """Run a script at the far end; its exit code and what it says."""
        done = subprocess.run(
            [
                self._ssh,
                *("-o", "ControlMaster=no", "-o", f"ControlPath={self._control}"),
                *("-o", "ClearAllForwardings=yes", "-o", "RemoteCommand=none", "-T"),
                *self._arguments.connection,
                *("--", self._arguments.destination, f"sh -c {shlex.quote(script)}"),
            ],
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            errors="replace",
            check=False,
        )
        return done.returncode, done.stdout

    def _control_command(self, what: str, forward: str | None = None) -> tuple[int, str]:
        done = subprocess.run(
            [
                self._ssh,
                *("-o", f"ControlPath={self._control}", "-O", what),
                *(["-R", forward] if forward is not None else []),
                *("--", self._arguments.destination),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout


def _room() -> str:
    """A folder for the socket of the connection."""
    folder = tempfile.mkdtemp(prefix="tui-annotate-")
    if len(os.fsencode(folder)) + _ADDED > _LONGEST:
        os.rmdir(folder)
        folder = tempfile.mkdtemp(prefix="tui-annotate-", dir="/tmp")
    return folder


def token() -> str:
    """A token that nobody guesses: 256 bits."""
    return secrets.token_hex(32)


def log_file(folder: Path) -> Path | None:
    """The file that takes what the player's libraries print, if it can be had."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / "player.log"
