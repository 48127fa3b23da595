"""`tui-annotate version`."""

from __future__ import annotations

import click


@click.command("version")
def command() -> None:
    """Print the version."""
    from tui_annotate import __version__

    click.echo(f"tui-annotate {__version__}")
