"""Fill the generated parts of README.md and docs/ from the program itself.

Run as ``python docs/generate.py`` (or ``make docs``) after a change to keys,
options, recipes or views. A part stands between two comments::

    <!-- generated: keys -->
    <!-- /generated -->

and its name is a key of `PARTS`. A test compares every part with the program.
"""

from __future__ import annotations

import ast
import inspect
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import click

from tui_annotate import kinds
from tui_annotate.cli import formats as formats_command
from tui_annotate.cli.keys import tables
from tui_annotate.cli.options import common_options, sound_options
from tui_annotate.cli.program import COMMANDS, program
from tui_annotate.cli.session import recipe_command
from tui_annotate.docstrings import section
from tui_annotate.inventory.tagset import UPOS
from tui_annotate.keymap.keymap import key_name, table
from tui_annotate.quality.problem import RULES
from tui_annotate.recipe import Block, Session, checks, parameters
from tui_annotate.recipe.discovery import builtin, find, load
from tui_annotate.records.condition import ALIASES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PROGRAM = ROOT / "tui_annotate"

_PART = re.compile(
    r"(?s)(?P<begin><!-- generated: (?P<name>[\w-]+) -->\n).*?(?P<end><!-- /generated -->)"
)

TO_KNOW = (
    "next_span",
    "label_1",
    "delete",
    "accept",
    "reject",
    "ignore",
    "undo",
    "back",
    "help",
    "quit",
)
"""The actions whose keys the README shows."""

PAGES = {
    "ner": "text/entities.md",
    "pos": "text/pos.md",
    "keyphrase": "text/keyphrases.md",
    "el": "text/linking.md",
    "textcat": "text/classification.md",
    "punct": "text/punctuation.md",
    "audio.regions": "audio/regions.md",
    "audio.speakers": "audio/speakers.md",
    "audio.transcribe": "audio/transcription.md",
    "audio.classify": "text/classification.md",
}
"""The page of each recipe, or of each family of recipes."""


def pages() -> list[Path]:
    """All pages: the README and the changelog first, then those under docs/."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def filled(text: str, page: Path) -> str:
    """Return a page with its generated parts as they are now.

    Args:
        text: The page.
        page: Where it is, for links.
    """

    def part(match: re.Match[str]) -> str:
        return f"{match['begin']}{PARTS[match['name']](page).rstrip()}\n{match['end']}"

    return _PART.sub(part, text)


# ── tables ─────────────────────────────────────────────────────────────────


def markdown(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))


def keys(page: Path) -> str:
    """Write all keys, a table for each group."""
    return tables((action, action.keys) for action in table())


def keys_to_know(page: Path) -> str:
    """Write the keys of the few actions that a first session needs."""
    actions = {action.id: action for action in reversed(table())}
    rows = [
        (" ".join(f"`{key_name(key)}`" for key in actions[name].keys), actions[name].does)
        for name in TO_KNOW
    ]
    return markdown(("keys", "does"), rows)


def recipes(page: Path) -> str:
    """Write the recipes there are, each with a link to its page."""
    rows = []
    for name, command in recipes_there_are():
        about = PAGES.get(name) or PAGES[name.partition(".")[0]]
        link = Path(os.path.relpath(DOCS / about, page.parent)).as_posix()
        rows.append((f"[`{name}`]({link})", command.short_help or ""))
    return markdown(("recipe", "what it does"), rows)


def universal_tags(page: Path) -> str:
    """Write the universal parts of speech, each with its key."""
    return markdown(
        ("tag", "key", "means"), ((one.name, f"`{one.key}`", one.description) for one in UPOS.tags)
    )


def views(page: Path) -> str:
    """Write the kinds of annotation, each with the options of its view."""
    rows = []
    for view in kinds.names():
        about = inspect.getmodule(kinds.kind(view).options).__doc__ or ""
        rows.append((f"`{view}`", about.partition("\n")[0]))
    options = [
        (f"`{one.view}`", f"`{one.option}`", one.type, _code(one.default), one.doc)
        for one in kinds.describe()
    ]
    heads = ("view", "option", "takes", "default", "is")
    return f"{markdown(('view', 'is'), rows)}\n{markdown(heads, options)}"


def _code(text: str) -> str:
    return f"`{text}`" if text else "has to be given"


def sources_of_recipes(page: Path) -> str:
    """Write what ``--suggest`` takes in each recipe, and what it is by default."""
    rows = []
    for name in recipe_names():
        for parameter in load(builtin(name)).parameters:
            if "--suggest" in parameter.option.flags:
                default = parameter.default
                shown = "all there are"
                if isinstance(default, tuple):
                    shown = ", ".join(f"`{one}`" for one in default) or "nothing"
                rows.append((f"`{name}`", shown, parameter.help))
    return markdown(("recipe", "default", "takes"), rows)


def parameter_types(page: Path) -> str:
    """Write the types of parameters that mean the same in every recipe.

    What each is stands in the string after it, which Python drops: the file is read.
    """
    body = ast.parse(Path(parameters.__file__).read_text(encoding="utf-8")).body
    rows = []
    for statement, after in pairwise(body):
        match statement, after:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(ast.Constant(str(about))):
                for option in getattr(getattr(parameters, name), "__metadata__", ()):
                    flags = ", ".join(f"`{flag}`" for flag in option.flags)
                    about = about.replace("``", "`")
                    rows.append((f"`{name}`", f"{flags} `{option.metavar}`", about))
    return markdown(("type", "option", "is"), rows)


def formats(page: Path) -> str:
    """Write the formats there are, and what each holds."""
    rows = [
        (f"`{name}`", title, " ".join(f"`{one}`" for one in files.split()), *rest)
        for name, title, files, *rest in formats_command.rows()
    ]
    return markdown(formats_command.HEADS, rows)


def formats_in_short(page: Path) -> str:
    """Write the names of the formats that are read and written."""
    texts, sounds, read, beside = (list[str]() for _ in range(4))
    for _, title, _, how, written, holds in formats_command.rows():
        if written:
            (sounds if holds.startswith("regions") else texts).append(title)
        elif how == "yes":
            read.append(title)
        else:
            beside.append(title)
    rows = [
        ("text, import and export", ", ".join(texts)),
        ("text, import", ", ".join(read)),
        ("audio, export", ", ".join(sounds)),
        ("audio, import", ", ".join(beside) + ", and most of those"),
    ]
    return markdown(("for", "formats"), rows)


def session_arguments(page: Path) -> str:
    """Write what a recipe can give to its session."""
    return _arguments(Session)


def block_arguments(page: Path) -> str:
    """Write what a recipe can give to a block."""
    return _arguments(Block)


def _arguments(made: type) -> str:
    args = section(inspect.getdoc(made) or "", "Args")
    args["any other"] = args.pop("options")
    return markdown(("argument", "is"), ((f"`{name}`", _quoted(is_)) for name, is_ in args.items()))


def checks_there_are(page: Path) -> str:
    """Write the checks that a recipe need not write itself."""
    rows = []
    for name, function in inspect.getmembers(checks, inspect.isfunction):
        if list(inspect.signature(function).parameters) == ["task"]:
            about = (inspect.getdoc(function) or "").partition("\n")[0]
            rows.append((f"`checks.{name}`", about))
    return markdown(("check", "holds where"), rows)


def _quoted(text: str) -> str:
    return text.replace("``", "`")


def rooms(page: Path) -> str:
    """Write the packages from the top floor down, as the import contract has them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in contracts if one["type"] == "layers")
    rows = []
    for layer in layers:
        for name in map(str.strip, re.split(r"[|:]", layer)):
            found = PROGRAM / name
            file, shown = (
                (found / "__init__.py", f"{name}/")
                if found.is_dir()
                else (found.with_suffix(".py"), f"{name}.py")
            )
            about = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
            link = Path(os.path.relpath(file.parent if found.is_dir() else file, page.parent))
            rows.append((f"[`{shown}`]({link.as_posix()})", about.partition("\n")[0]))
    return markdown(("room", "holds"), rows)


# ── the command line ───────────────────────────────────────────────────────


def command_line(page: Path) -> str:
    """Write the help of the program, of its commands and of all recipes."""
    shared = {
        "Options of every session": common_options(),
        "Options of every audio recipe": sound_options(),
    }
    known = {flag for group in shared.values() for option in group for flag in option.opts}
    parts = [_options(program.params)]
    for heading, group in shared.items():
        parts += [f"## {heading}\n", _options(group)]
    parts.append("## Recipes\n")
    for name, command in recipes_there_are():
        own = [param for param in command.params if not known & {*param.opts}]
        parts += _command(f"### {name}", name, command, own)
    parts.append("## Commands\n")
    for name in COMMANDS:
        found = program.get_command(click.Context(program), name)
        assert found is not None
        parts += _command(f"### {name}", name, found, found.params)
        if isinstance(found, click.Group):
            for below in found.list_commands(click.Context(found)):
                inner = found.commands[below]
                parts += _command(f"#### {name} {below}", f"{name} {below}", inner, inner.params)
    return "\n".join(parts)


def _command(
    heading: str, name: str, command: click.Command, params: Sequence[click.Parameter]
) -> list[str]:
    """One command: a heading, what it does, how it is called, and its options."""
    arguments = [str(one.metavar) for one in params if isinstance(one, click.Argument)]
    if isinstance(command, click.Group):
        arguments.append("COMMAND")
    usage = " ".join(["tui-annotate", name, *arguments])
    parts = [f"{heading}\n", f"`{usage}`\n", f"{inspect.cleandoc(command.help or '')}\n"]
    options = _options(one for one in params if "--debug" not in one.opts)
    return [*parts, options] if options else parts


def _options(params: Iterable[click.Parameter]) -> str:
    """A table of options; nothing where there are none."""
    shown = [one for one in params if isinstance(one, click.Option) and not one.hidden]
    rows = [(_flags(one), _meaning(one)) for one in shown]
    return markdown(("option", "means"), rows) if rows else ""


def _flags(option: click.Option) -> str:
    flags = ", ".join(f"`{flag}`" for flag in option.opts)
    if option.is_flag:
        return flags
    value = option.metavar or (option.name or "").upper()
    return f"{flags} `{value}`"


def _meaning(option: click.Option) -> str:
    """What the help says about an option, with its default."""
    text = option.help or ""
    if option.required:
        return f"{text} [required]"
    if isinstance(option.default, str | int) and not option.is_flag:
        return f"{text} [default: {option.default}]"
    return text


def recipe_names() -> list[str]:
    """The built-in recipes: those for text first."""
    names = [one.name for one in find().recipes if one.origin == "built-in"]
    return sorted(names, key=lambda name: (name.startswith("audio."), name))


def recipes_there_are() -> list[tuple[str, click.Command]]:
    """The built-in recipes with their commands."""
    return [(name, recipe_command(load(builtin(name)))) for name in recipe_names()]


def rules_of_validation(page: Path) -> str:
    """The rules that `validate` checks."""
    return markdown(("rule", "asks for"), [(f"`{name}`", asks) for name, asks in RULES.items()])


def aliases_of_conditions(page: Path) -> str:
    """The short names in conditions, and the fields that they stand for."""
    rows = [
        (f"`{name}`", ", ".join(f"`{path}`" for path in paths)) for name, paths in ALIASES.items()
    ]
    return markdown(("name", "fields"), rows)


PARTS: dict[str, Callable[[Path], str]] = {
    "aliases": aliases_of_conditions,
    "block-arguments": block_arguments,
    "checks": checks_there_are,
    "cli": command_line,
    "formats": formats,
    "formats-in-short": formats_in_short,
    "keys": keys,
    "keys-to-know": keys_to_know,
    "parameter-types": parameter_types,
    "recipes": recipes,
    "rooms": rooms,
    "rules": rules_of_validation,
    "session-arguments": session_arguments,
    "suggest": sources_of_recipes,
    "upos": universal_tags,
    "views": views,
}
"""What fills each generated part, given the page it is on."""


def main() -> None:
    """Write every page whose generated parts have changed."""
    for page in pages():
        now = page.read_text(encoding="utf-8")
        new = filled(now, page)
        if new != now:
            page.write_text(new, encoding="utf-8")
            print(f"{page.relative_to(ROOT)} was updated")


if __name__ == "__main__":
    main()
