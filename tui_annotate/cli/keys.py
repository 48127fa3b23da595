"""`tui-annotate keys`: the table of keys, for people and for programs."""

from __future__ import annotations

import json
import textwrap

import click

from tui_annotate import config
from tui_annotate.cli.similar import did_you_mean
from tui_annotate.errors import UsageError
from tui_annotate.keys import Action, key_name, table


@click.command("keys", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("recipe", required=False, metavar="[RECIPE]")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object for each action.")
@click.option("--debug", is_flag=True, expose_value=False, help="Tracebacks, not only sentences.")
def command(recipe: str | None, as_json: bool) -> None:
    """List all keys, or those of a recipe, with your own in their places."""
    own = config.load(actions=[action.id for action in table()]).keys
    rows = [(action, tuple(own.get(action.id, action.keys))) for action in table(_view(recipe))]
    if as_json:
        for action, keys in rows:
            click.echo(json.dumps(_fields(action, keys), ensure_ascii=False))
        return
    group = ""
    for action, keys in rows:
        if action.group != group:
            click.echo(f"{'' if not group else chr(10)}{action.group.capitalize()}")
            group = action.group
        shown = "  ".join(map(key_name, keys))
        click.echo(f"  {shown:<22}{action.id:<18}{textwrap.shorten(action.does, 60)}")


def _view(recipe: str | None) -> str | None:
    if recipe is None:
        return None
    from tui_annotate.discovery import find

    catalogue = find()
    found = catalogue.get(recipe)
    if found is None:
        do = did_you_mean(recipe, catalogue.names(), "tui-annotate recipes lists those there are")
        raise UsageError(f"there is no recipe {recipe!r}", do=do)
    return found.view


def _fields(action: Action, keys: tuple[str, ...]) -> dict[str, object]:
    return {
        "id": action.id,
        "keys": list(keys),
        "does": action.does,
        "group": action.group,
        "changed": keys != action.keys,
    }
