"""`tui-annotate ssh`: an SSH session that brings its sound along."""

from __future__ import annotations

import click

_CUT = 255
"""ssh's own exit code."""


@click.command(
    "ssh",
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
    from tui_annotate.audio.remote.near import NearPlayer
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
            code = tunnel.run()
            if code == _CUT and not tunnel.connected:
                click.echo(
                    "tui-annotate: the line is cut. What runs in tmux or screen goes on in "
                    "silence; connect again in this way, and its sound comes back.",
                    err=True,
                )
            return code
        finally:
            tunnel.close()
    finally:
        player.close()
