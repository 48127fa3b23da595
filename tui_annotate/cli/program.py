"""The program itself: a group whose commands are found when they are asked for."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tui_annotate.cli import errors
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.recipe.discovery import Catalogue, builtin_by_file, find, load
from tui_annotate.wording import did_you_mean

# Each in its own module, which is imported when its command runs.
COMMANDS = {
    "cache": "Show or clear the cache of recordings.",
    "demo": "Open a session on a sample.",
    "doctor": "Check what works here: terminal, pipelines, sound, folders.",
    "kb": "Build and search knowledge bases.",
    "export": "Write decisions in the format of another program.",
    "formats": "List the formats that are read and written.",
    "import": "Make tasks of files of other programs.",
    "keys": "List all keys.",
    "listen": "Play the sound of sessions on a remote host (over SSH).",
    "merge": "Put files together; the last decision on each task counts.",
    "recipes": "List, show and copy recipes.",
    "sample": "Draw records at random.",
    "select": "Copy the records that fulfil a condition.",
    "split": "Split records into parts to train, develop and test with.",
    "ssh": "Open an SSH session that plays sound on this computer.",
    "stats": "Show what is in output files.",
    "validate": "Find what is wrong in output files.",
    "version": "Print the version.",
}

_MODULES = {"import": "importing"}
"""Modules that cannot be called like their command, which is a word of Python's."""


class Program(click.Group):
    """`tui-annotate`: a few commands of its own, and every recipe there is."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, recipes first."""
        return [*_catalogue(ctx).names(), *COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or load the recipe, of that name."""
        if cmd_name in COMMANDS:
            name = _MODULES.get(cmd_name, cmd_name)
            module = importlib.import_module(f"tui_annotate.cli.{name}")
            command: click.Command = module.command
            return command
        # A built-in wins over all but -F, and most sessions are one: no need to read the others.
        found = None if _files(ctx) else builtin_by_file(cmd_name)
        found = found or _catalogue(ctx).get(cmd_name)
        if found is None:
            return None
        from tui_annotate.cli.session import recipe_command

        return recipe_command(load(found))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names.

        `-F` is read from among the command's own arguments too, because it is
        needed to find the command.
        """
        name = args[0]
        ctx.obj = {**(ctx.obj or {}), "files": [*_files(ctx), *_files_in(args[1:])]}
        command = self.get_command(ctx, name)
        if command is None:
            catalogue = _catalogue(ctx)
            do = did_you_mean(
                name,
                [*catalogue.names(), *COMMANDS],
                "tui-annotate recipes lists all recipes",
            )
            if catalogue.broken:
                first = catalogue.broken[0]
                file = f"{first.path}:{first.line}"
                do = f"the file {file} is broken ({first.problem}); {do}"
            raise UsageError(f"there is no recipe or command {name!r}", do=do)
        return name, command, args[1:]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List recipes and commands apart from each other."""
        with formatter.section("Recipes"):
            rows = [(found.name, found.summary) for found in _catalogue(ctx).recipes]
            formatter.write_dl(rows or [("(none)", "")])
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _files(ctx: click.Context) -> list[Path]:
    given = (ctx.obj or {}).get("files")
    return list(given if given is not None else map(Path, ctx.params.get("files") or ()))


def _files_in(args: Sequence[str]) -> list[Path]:
    files: list[Path] = []
    for index, arg in enumerate(args):
        if arg == "--":
            break
        if arg in {"-F", "--recipe-file"} and index + 1 < len(args):
            files.append(Path(args[index + 1]))
        elif arg.startswith("--recipe-file="):
            files.append(Path(arg.partition("=")[2]))
        elif arg.startswith("-F") and len(arg) > 2:
            files.append(Path(arg[2:]))
    return files


def _catalogue(ctx: click.Context) -> Catalogue:
    files = tuple(dict.fromkeys(_files(ctx)))
    known: tuple[tuple[Path, ...], Catalogue] | None = (ctx.obj or {}).get("catalogue")
    if known is None or known[0] != files:
        known = files, find(files)
        ctx.obj = {**(ctx.obj or {}), "catalogue": known}
    return known[1]


def _show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from tui_annotate import __version__

        click.echo(f"tui-annotate {__version__}")
        ctx.exit()


program = Program(
    name="tui-annotate",
    help="Label text and audio in a terminal, with the keyboard alone.\n\n"
    "tui-annotate RECIPE SOURCE -o OUT.jsonl -l PERSON,ORG\n\n"
    "tui-annotate RECIPE --help shows the options of a recipe.",
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help="Print the version.",
        ),
        click.Option(
            ["-F", "--recipe-file", "files"],
            multiple=True,
            metavar="FILE",
            help="A file with your own recipes.",
        ),
        click.Option(["--debug"], is_flag=True, expose_value=False, help="Show tracebacks."),
    ],
    callback=lambda files: None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="RECIPE|COMMAND …",
)


def run(arguments: Sequence[str]) -> int:
    """Run the program.

    Args:
        arguments: What stands behind the program's name.

    Returns:
        The exit code: 0, 2 for a wrong command, option or value, 130 for an
        interruption, 143 for a session that SIGTERM ended, 1 for everything else.
    """
    debug = "--debug" in arguments
    try:
        result = program.main(list(arguments), prog_name="tui-annotate", standalone_mode=False)
        sys.stdout.flush()
    except AnnotateError as error:
        return errors.say(error, debug=debug)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return UsageError.exit_code
    except click.ClickException as error:
        return errors.say(errors.explain(error), debug=debug)
    except (click.Abort, KeyboardInterrupt):
        return errors.INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; Python must not flush again on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            return errors.say(errors.too_long(error), debug=debug)
        return errors.crash(error, debug=debug)
    return result if isinstance(result, int) else 0
