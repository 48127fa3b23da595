"""`tui-annotate cache`: what was computed from sounds, and making room."""

from __future__ import annotations

import click

from tui_annotate.audio.cache import LIMIT_VARIABLE, Cache
from tui_annotate.cli.errors import Group
from tui_annotate.sizes import size_text

_SETTINGS = {"help_option_names": ["-h", "--help"]}


@click.group("cache", cls=Group, context_settings=_SETTINGS, invoke_without_command=True)
@click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Show or clear what was computed from sounds: peaks, and copies of MP3 and the like.

    All of it is made again when it is wanted. The least recently used goes first
    when there is more than the limit.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(info)


@command.command("info", context_settings=_SETTINGS)
def info() -> None:
    """Say where it is, how much there is, and how much there may be."""
    cache = Cache()
    for name, (files, size) in cache.kinds().items():
        click.echo(f"{name:<8}{_files(files)}, {size_text(size)}")
    used = cache.usage()
    click.echo(f"{'in all':<8}{_files(used.files)}, {size_text(used.size)}")
    how = f"cache_size in the settings, or {LIMIT_VARIABLE}, changes it"
    click.echo(f"{'limit':<8}{size_text(cache.limit)} ({how})")
    click.echo(f"{'folder':<8}{cache.folder}")


@command.command("clear", context_settings=_SETTINGS)
def clear() -> None:
    """Remove all of it; what a session has open stays usable there."""
    removed = Cache().clear()
    click.echo(f"removed {_files(removed.files)}, {size_text(removed.size)}")


def _files(count: int) -> str:
    return f"{count:,} file" if count == 1 else f"{count:,} files"
