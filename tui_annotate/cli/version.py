"""`tui-annotate version`."""

from __future__ import annotations

import click

from tui_annotate.cli.errors import Command


@click.command("version", cls=Command)
def command() -> None:
    """Print the version."""
    from tui_annotate import __version__

    click.echo(f"tui-annotate {__version__}")
