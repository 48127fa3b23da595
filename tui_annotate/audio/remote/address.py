"""Where a session at the far end of an SSH line finds the player at the near one.

The environment of a shell that `tui-annotate ssh` started names it. A tmux session
that was begun before knows nothing of the newest connection: so a file that only its
user can read names that too, and each connection writes it anew.
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tui_annotate.process.environment import PLAYER_ADDRESS

FOLDER = "TUI_ANNOTATE_RUN"
"""Names a folder for what lives as long as a login, instead of the system's."""

_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Address:
    """A way to a player, and the token that it wants.

    Attributes:
        place: The path of a Unix socket, or a port of this host's own loopback.
        token: What both ends know and nobody else.
    """

    place: str | int
    token: str

    def __str__(self) -> str:
        kind = "tcp" if isinstance(self.place, int) else "unix"
        return f"{kind}:{self.place} {self.token}"

    def connect(self, timeout: float) -> socket.socket:
        """A connection to whatever listens there.

        Raises:
            OSError: Nothing does.
        """
        if isinstance(self.place, int):
            return socket.create_connection(("127.0.0.1", self.place), timeout)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(timeout)
        try:
            line.connect(self.place)
        except ConnectionRefusedError:
            line.close()
            # What sshd leaves behind when a line is cut; nobody will ever listen there again.
            with contextlib.suppress(OSError):
                status = os.lstat(self.place)
                if stat.S_ISSOCK(status.st_mode) and status.st_uid == os.getuid():
                    os.unlink(self.place)
            raise
        except OSError:
            line.close()
            raise
        return line


def parse(text: str) -> Address | None:
    """The address that a line of text is, if it is one."""
    where, _, token = text.strip().partition(" ")
    kind, _, place = where.partition(":")
    if not token or " " in token or not place:
        return None
    if kind == "unix" and place.startswith("/"):
        return Address(place, token)
    if kind == "tcp" and place.isascii() and place.isdigit() and 0 < int(place) < 65536:
        return Address(int(place), token)
    return None


def pointer() -> Path:
    """The file that names the player of the newest connection to this host."""
    folder = Path(os.environ.get(FOLDER) or f"/run/user/{os.getuid()}")
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        folder = Path.home() / ".cache"
    # A home folder may be the same on many hosts.
    return folder / "tui-annotate" / f"sound-{os.uname().nodename}"


SCRIPT = r"""
d=${TUI_ANNOTATE_RUN:-/run/user/$(id -u)}
[ -d "$d" ] && [ -w "$d" ] || d=$HOME/.cache
d=$d/tui-annotate
umask 077
mkdir -p "$d" && chmod 700 "$d" && echo "@@$d/sound-$(uname -n)"
"""
"""Says at the far end, in the language of every shell there, where `pointer` is."""


def write_pointer(address: Address, path: Path | None = None) -> Path:
    """Name the player of the newest connection."""
    path = path or pointer()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    with contextlib.suppress(FileNotFoundError):
        new.unlink()
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w") as text:
        text.write(f"{address}\n")
    new.replace(path)
    return path


def read_pointer(path: Path | None = None) -> Address | None:
    """The player of the newest connection, if the file is there and nobody else's."""
    try:
        file = os.open(path or pointer(), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except (OSError, RuntimeError):
        return None
    with os.fdopen(file, "rb") as text:
        status = os.fstat(text.fileno())
        if status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) & 0o077:
            return None
        return parse(text.read(_LONGEST).decode("utf-8", "replace"))


def named(environment: Mapping[str, str]) -> Address | None:
    """The player that the environment names."""
    return parse(environment.get(PLAYER_ADDRESS, ""))


def elsewhere(environment: Mapping[str, str]) -> bool:
    """Whether the loudspeakers are not those of this host, but where its user sits."""
    if environment.get("SSH_CONNECTION") or environment.get(PLAYER_ADDRESS):
        return True
    # A multiplexer that was started at the host itself may be looked at from elsewhere.
    newest = read_pointer() if outlives(environment) else None
    if newest is None:
        return False
    try:
        newest.connect(1.0).close()
    except OSError:
        return False
    return True


def candidates(environment: Mapping[str, str]) -> list[Address]:
    """The players to try, the likeliest first."""
    here, newest = named(environment), read_pointer()
    # A multiplexer outlives the connection that its environment is from.
    ordered = [newest, here] if outlives(environment) else [here, newest]
    return list(dict.fromkeys(one for one in ordered if one is not None))


def outlives(environment: Mapping[str, str]) -> bool:
    """Whether the session goes on when its connection ends, and another comes."""
    return bool(environment.get("TMUX") or environment.get("STY"))
