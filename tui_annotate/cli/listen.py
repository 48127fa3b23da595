"""`tui-annotate listen`: the player for sound over SSH, by hand."""

from __future__ import annotations

import sys
import threading

import click

from tui_annotate.cli.errors import Command
from tui_annotate.errors import UsageError
from tui_annotate.wording import reason


@click.command("listen", cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--port", default="0", metavar="N", help="Port (default: any free port).")
@click.option(
    "--at",
    metavar="PORT|SOCKET",
    help="On the remote host: where the player is. Asks for its token and saves both.",
)
@click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")
def command(port: str, at: str | None) -> None:
    """Play the sound of sessions on a remote host (over SSH).

    `tui-annotate ssh` does all of this by itself. By hand: run this at your desk, and
    connect as it says.
    """
    if at is not None:
        _remember(at)
        return
    number = _number(port, least=0)
    from tui_annotate import config
    from tui_annotate.audio.remote.local_player import NearPlayer
    from tui_annotate.audio.remote.server import Event
    from tui_annotate.audio.remote.tunnel import log_file, token

    def say(event: Event) -> None:
        words = {
            "listening": "The player ended and was restarted.",
            "failed": f"The player stopped listening ({event.reason}).",
            "session": "A session connected.",
            "refused": f"Connection refused: {event.reason}.",
            "gone": "A session disconnected.",
        }
        click.echo(words[event.what])

    secret = token()
    player = NearPlayer(secret, port=number, log=log_file(config.log_folder()), on_event=say)
    try:
        click.echo(f"Listening on 127.0.0.1:{player.port}, until Ctrl+C. To play here:")
        click.echo(f"  1. connect:       ssh -R {player.port}:127.0.0.1:{player.port} user@host")
        click.echo(f"  2. there, once:   tui-annotate listen --at {player.port}")
        click.echo(f"  3. it asks for:   {secret}")
        threading.Event().wait()
    finally:
        player.close()


def _remember(at: str) -> None:
    from tui_annotate.audio.remote.address import Address, write_pointer
    from tui_annotate.audio.remote.handshake import Refused
    from tui_annotate.audio.remote.relay import Line

    place: str | int = at if at.startswith("/") else _number(at, least=1)
    if sys.stdin.isatty():
        secret = click.prompt("Token", hide_input=True).strip()
    else:
        secret = sys.stdin.readline().strip()
    if not secret.isalnum():
        raise UsageError("not a valid token", do="copy what `tui-annotate listen` shows")
    where = Address(place, secret)
    try:
        Line(where, lambda line, report: None).close()
    except Refused as error:
        raise UsageError(f"the player refused the connection: {error}", where=at) from None
    except OSError as error:
        raise UsageError(
            f"cannot reach a player ({reason(error)})",
            where=at,
            do="connect with the -R that `tui-annotate listen` shows",
        ) from None
    write_pointer(where)
    click.echo("Connected. Sessions on this host now play there.")


def _number(text: str, *, least: int) -> int:
    if text.isascii() and text.isdigit() and least <= int(text) < 65536:
        return int(text)
    raise UsageError(f"{text!r} is not a valid port", do=f"use a number from {least} to 65535")
