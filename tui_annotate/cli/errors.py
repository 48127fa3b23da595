"""Whatever goes wrong, as one sentence and an exit code."""

from __future__ import annotations

import os
import re
import sys
import time
import traceback
from pathlib import Path

import click

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.wording import did_you_mean, printable, shown_path

INTERRUPTED = 130


def explain(error: click.ClickException) -> AnnotateError:
    """Turn an error of click's into one of ours: what, where, what to do."""
    context = getattr(error, "ctx", None)
    # What is printed begins with the program's name.
    where = (context.command_path.partition(" ")[2] or None) if context else None
    if isinstance(error, click.NoSuchOption):
        known = _flags(context) if context else []
        do = did_you_mean(error.option_name, known, _see_help(context))
        return UsageError(f"there is no option {error.option_name}", where=where, do=do)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return UsageError(f"{_name(error.param)} is missing", where=where, do=_usage(context))
    if isinstance(error, click.BadOptionUsage):
        return _wrong_value(error)
    if isinstance(error, click.BadParameter):
        place = _name(error.param) if error.param is not None else where
        return UsageError(f"the value is not {_wanted(error.param)}", where=place)
    if isinstance(error, click.NoSuchCommand):
        name = error.command_name
        group = context.command if context else None
        names = group.list_commands(context) if context and isinstance(group, click.Group) else []
        do = did_you_mean(name, names, "the commands are " + ", ".join(names))
        return UsageError(f"there is no command {name!r}", where=where, do=do)
    return UsageError("this command cannot be read", where=where, do=_see_help(context))


def _wanted(param: click.Parameter | None) -> str:
    """What values a parameter takes."""
    if param is not None and isinstance(param.type, click.IntRange):
        return f"a whole number from {param.type.min} to {param.type.max}"
    return "one that can stand here"


def _flags(context: click.Context) -> list[str]:
    params = context.command.get_params(context)
    return [flag for param in params for flag in (*param.opts, *param.secondary_opts)]


def _name(param: click.Parameter) -> str:
    return (
        param.make_metavar_name() if isinstance(param, NamedArgument) else max(param.opts, key=len)
    )


class NamedArgument(click.Argument):
    """An argument that errors call by what the help calls it."""

    def make_metavar_name(self) -> str:
        """The name in the usage line."""
        return (self.metavar or self.name or "").strip("[]")


class Command(click.Command):
    """A command that says itself what is too much."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        allowed, ctx.allow_extra_args = ctx.allow_extra_args, True
        extra = super().parse_args(ctx, args)
        ctx.allow_extra_args = allowed
        if extra and not (allowed or ctx.resilient_parsing):
            count = "is one argument" if len(extra) == 1 else f"are {len(extra)} arguments"
            raise UsageError(
                f"there {count} too many: {printable(' '.join(extra), 60)}",
                where=ctx.command_path.partition(" ")[2] or None,
                do="put what holds a space into quotes",
            )
        return extra


class Group(click.Group):
    """A group of such commands."""

    command_class = Command


def _wrong_value(error: click.BadOptionUsage) -> UsageError:
    """An option that stands without its value, or a switch that stands with one."""
    name = error.option_name
    params = error.ctx.command.get_params(error.ctx) if error.ctx else []
    for param in params:
        if not isinstance(param, click.Option) or name not in param.opts + param.secondary_opts:
            continue
        if not param.is_flag:
            about = re.split(r"[;.]|  \[", param.help or "")[0]
            give = f" ({_phrase(about)})" if about else ""
            do = f"write {name} {param.metavar or 'VALUE'}{give}"
            return UsageError("the value is missing", where=name, do=do)
        return UsageError("this option takes no value", where=name)
    return UsageError("this option cannot be read", where=name, do=_see_help(error.ctx))


def _usage(context: click.Context | None) -> str | None:
    if context is None:
        return None
    pieces = " ".join(context.command.collect_usage_pieces(context))
    return f"write {context.command_path} {pieces}"


def _see_help(context: click.Context | None) -> str | None:
    return f"see {context.command_path} --help" if context else None


def _phrase(message: str) -> str:
    message = " ".join(message.split()).rstrip(".")
    return message[:1].lower() + message[1:]


def too_long(error: OSError) -> UsageError:
    """The error for a path that no file system can have."""
    name = str(error.filename or "")
    shown = f"{shown_path(name[:20])}…" if name else None
    return UsageError("this name of a file is too long", where=shown, do="take a shorter one")


def say(error: AnnotateError, *, debug: bool) -> int:
    """Print an error and return its exit code."""
    if debug:
        traceback.print_exception(error)
    click.echo(f"tui-annotate: {error}", err=True)
    return error.exit_code


def crash(error: BaseException, *, debug: bool) -> int:
    """Print what a bug did, without any annotated text, and return the exit code.

    The message of an unknown exception may hold text from the data, so it goes
    into a log file that only the user can read.
    """
    if debug:
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
    log = _log(error)
    do = f"the traceback is in {log}" if log else "--debug shows the traceback"
    click.echo(
        f"tui-annotate: {place}: this should not happen ({type(error).__name__}); {do}.", err=True
    )
    return 1


def _log(error: BaseException) -> Path | None:
    from tui_annotate.config import log_folder

    try:
        folder = log_folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{sys.version}\n")
            traceback.print_exception(error, file=file)
    except OSError:
        return None
    return path
