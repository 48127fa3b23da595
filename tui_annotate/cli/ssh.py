"""`tui-annotate ssh`: an SSH session that brings its sound along."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from tui_annotate.cli.errors import Command

_CUT = 255
"""ssh's own exit code."""

_PLAIN = (
    "\x1b[?1049l"  # out of the alternate screen
    "\x1b[?25h"  # the cursor
    "\x1b[<u"  # the kitty protocol of keys
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?2004l"  # mouse, focus, paste
    "\x1b(B\x0f\x1b[0m\x1b[r\r\x1b[J"  # letters, no colours, all rows, nothing below
)
"""What takes back whatever a program at the far end asked of the terminal."""


@click.command(
    "ssh",
    cls=Command,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "ignore_unknown_options": True,
        "allow_interspersed_args": False,
    },
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS] HOST [COMMAND]…")
def command(arguments: tuple[str, ...]) -> int:
    """Open an SSH session whose sound comes from this computer.

    Everything stands as for ssh itself: options, the host, a command. Sessions that
    are started there play here. In tmux or screen, also those that were started
    before: whoever connects last hears them.
    """
    from tui_annotate import config
    from tui_annotate.audio.remote.local_player import NearPlayer
    from tui_annotate.audio.remote.tunnel import Tunnel, log_file, parse, token

    parsed = parse(arguments)
    secret = token()
    player = NearPlayer(secret, log=log_file(config.log_folder()))
    try:
        tunnel = Tunnel(parsed, player.port, secret)
        try:
            if code := tunnel.open():
                # ssh has said why.
                return code
            if (trouble := tunnel.forward()) is not None:
                click.echo(f"tui-annotate: {trouble}.", err=True)
            restore = _terminal()
            code = tunnel.run()
            if code == _CUT and not tunnel.connected:
                restore()
                click.echo(
                    "tui-annotate: connection lost. What runs in tmux or screen continues without "
                    "sound; connect again the same way to bring it back.",
                    err=True,
                )
            return code
        finally:
            tunnel.close()
    finally:
        player.close()


def _terminal() -> Callable[[], None]:
    """What makes this terminal as it is now, after programs that could not clear up."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return lambda: None
    import termios

    modes = termios.tcgetattr(sys.stdin)

    def restore() -> None:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, modes)
        sys.stdout.write(_PLAIN)
        sys.stdout.flush()

    return restore
