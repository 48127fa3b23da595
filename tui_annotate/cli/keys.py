"""`tui-annotate keys`: the table of keys, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import click

from tui_annotate import config
from tui_annotate.cli.errors import Command
from tui_annotate.errors import UsageError
from tui_annotate.keymap.keymap import GROUPS, Action, Keymap, fields_of, key_name, table
from tui_annotate.wording import did_you_mean

Row = tuple[Action, tuple[str, ...]]


@click.command("keys", cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("recipe", required=False, metavar="[RECIPE]")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object for each action.")
@click.option("--markdown", is_flag=True, help="As tables in Markdown.")
@click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")
def command(recipe: str | None, as_json: bool, markdown: bool) -> None:
    """List all keys, or those of a recipe, with your own in their places."""
    own = config.load(actions=[action.id for action in table()]).keys
    rows = _rows(_views(recipe), own)
    if as_json:
        for action, keys in rows:
            click.echo(json.dumps(_fields(action, keys), ensure_ascii=False))
        return
    if markdown:
        click.echo(tables(rows), nl=False)
        return
    for number, (heading, group) in enumerate(_grouped(rows)):
        click.echo(f"{chr(10) if number else ''}{heading}")
        for action, keys in group:
            shown = "  ".join(map(key_name, keys))
            click.echo(f"  {shown:<22}{action.id:<18}{action.does}")


def _rows(views: Sequence[str], own: Mapping[str, tuple[str, ...]]) -> list[Row]:
    """Each action with the keys that do it: what the user gave to another is not among them."""
    # Blocks have the keys of their views, and those of what holds them.
    more = [view for view in views if view == "blocks"]
    keymaps = [Keymap(view, overrides=own, more=more) for view in views if view not in more]
    there = {(action.group, action.id) for keymap in keymaps for action in keymap.table}
    rows = []
    for action in table():
        if (action.group, action.id) in there:
            working = {key for keymap in keymaps for key in keymap.keys(action.id)}
            keys = own.get(action.id, action.keys)
            rows.append((action, tuple(key for key in keys if key in working)))
    fields = dict.fromkeys(
        action
        for view in views
        for action in fields_of(view)
        if (action.group, action.id) not in there
    )
    return rows + [(action, tuple(own.get(action.id, action.keys))) for action in fields]


def tables(rows: Iterable[Row]) -> str:
    """Write actions and their keys as Markdown, a table for each group."""
    lines: list[str] = []
    for heading, group in _grouped(rows):
        lines += [f"**{heading}**", "", "| keys | does | action id |", "|---|---|---|"]
        for action, keys in group:
            shown = " ".join(map(_code, keys))
            lines.append(f"| {shown} | {action.does} | `{action.id}` |")
        lines.append("")
    return "\n".join(lines)


def _code(key: str) -> str:
    return "`" + key_name(key).replace("|", "\\|") + "`"


def _grouped(rows: Iterable[Row]) -> Iterator[tuple[str, Iterator[Row]]]:
    for group, members in groupby(rows, key=lambda row: row[0].group):
        yield group.capitalize(), members


def _views(recipe: str | None) -> Sequence[str]:
    """The view of a recipe, after those of its blocks; all, if none is named."""
    if recipe is None:
        return tuple(GROUPS)
    from tui_annotate.recipe.discovery import find

    catalogue = find()
    found = catalogue.get(recipe)
    if found is None:
        do = did_you_mean(recipe, catalogue.names(), "tui-annotate recipes lists all recipes")
        raise UsageError(f"there is no recipe {recipe!r}", do=do)
    return (*found.blocks, found.view) if found.view == "blocks" else (found.view,)


def _fields(action: Action, keys: tuple[str, ...]) -> dict[str, object]:
    return {
        "id": action.id,
        "keys": list(keys),
        "does": action.does,
        "group": action.group,
        "changed": keys != action.keys,
    }
