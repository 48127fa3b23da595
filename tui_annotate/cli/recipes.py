"""`tui-annotate recipes`: list, show and copy them, by reading their files."""

from __future__ import annotations

import re
from pathlib import Path

import click

from tui_annotate.cli.errors import Group
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.recipe.discovery import Catalogue, Found, find, renamed, user_folder
from tui_annotate.wording import did_you_mean, reason

_HELP = {"help_option_names": ["-h", "--help"]}
_NAME = re.compile(r"[A-Za-z][\w-]*(\.[\w-]+)*")


@click.group("recipes", cls=Group, invoke_without_command=True, context_settings=_HELP)
@click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")
@click.pass_context
def command(ctx: click.Context) -> None:
    """List, show and copy recipes."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_recipes)


@command.command("list", context_settings=_HELP)
@click.pass_context
def list_recipes(ctx: click.Context) -> None:
    """List all recipes and where each comes from."""
    catalogue = _catalogue(ctx)
    width = max((len(name) for name in catalogue.names()), default=0)
    origin = max((len(found.origin) for found in catalogue.recipes), default=0)
    for found in catalogue.recipes:
        row = f"{found.name:<{width}}  {found.origin:<{origin}}  {found.summary}"
        click.echo(row.rstrip())
    for found in catalogue.hidden:
        click.echo(
            f"Not used: {found.name} in {found.place}, because another recipe has that name; "
            "give it a name of its own.",
            err=True,
        )
    for broken in catalogue.broken:
        click.echo(f"Not read: {broken.path}:{broken.line}: {broken.problem}.", err=True)


@command.command("show", context_settings=_HELP)
@click.argument("name", metavar="RECIPE")
@click.pass_context
def show(ctx: click.Context, name: str) -> None:
    """Print the file of a recipe, and on the standard error where it is."""
    found = _get(_catalogue(ctx), name)
    source = _source(found)
    click.echo(f"{found.place} ({found.origin})", err=True)
    click.echo(source, nl=not source.endswith("\n"))


@command.command("copy", context_settings=_HELP)
@click.argument("name", metavar="RECIPE")
@click.argument("target", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
@click.option("--name", "new_name", metavar="NAME", help="Name of the copy (default: my.RECIPE).")
@click.option(
    "--user", is_flag=True, help="Copy to your config folder, so that it is found from everywhere."
)
@click.pass_context
def copy(
    ctx: click.Context, name: str, target: Path | None, new_name: str | None, user: bool
) -> None:
    """Copy a recipe to a file to edit, under a name of its own.

    Without FILE, the copy goes to the folder recipes/ here, where it is found.
    """
    catalogue = _catalogue(ctx)
    found = _get(catalogue, name)
    new_name = new_name or f"my.{name}"
    if not _NAME.fullmatch(new_name):
        raise UsageError(
            f"{new_name!r} cannot be a recipe's name", where="--name", do="write it like my.recipe"
        )
    if catalogue.get(new_name):
        raise UsageError(
            f"there is already a recipe {new_name!r}", do="give the copy another name with --name"
        )
    path = _target(target, new_name, user=user)
    text = renamed(_source(found), name, new_name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(
            "this file already exists", where=str(path), do="name another file"
        ) from None
    except OSError as error:
        raise AnnotateError(
            f"the copy cannot be written: {reason(error)}", where=str(path)
        ) from None
    found_here = user or path.parent.resolve() == (Path.cwd() / "recipes").resolve()
    option = "" if found_here else f" -F {path}"
    click.echo(f"{path}: edit it, then run: tui-annotate {new_name} SOURCE{option}")


def _target(target: Path | None, new_name: str, *, user: bool) -> Path:
    file = new_name.replace(".", "_").replace("-", "_") + ".py"
    if target is None:
        return (user_folder() if user else Path("recipes")) / file
    if user:
        raise UsageError("--user and FILE each say where the copy goes", do="use only one")
    return target / file if target.is_dir() else target


def _catalogue(ctx: click.Context) -> Catalogue:
    return find(tuple((ctx.obj or {}).get("files") or ()))


def _get(catalogue: Catalogue, name: str) -> Found:
    found = catalogue.get(name)
    if found is None:
        do = did_you_mean(name, catalogue.names(), "tui-annotate recipes lists all recipes")
        raise UsageError(f"there is no recipe {name!r}", do=do)
    return found


def _source(found: Found) -> str:
    if found.path is None:
        raise AnnotateError(f"the file of {found.name} cannot be found", where=found.place)
    try:
        return found.path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotateError(f"it cannot be read ({reason(error)})", where=str(found.path)) from None
