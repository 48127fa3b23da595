"""A recipe as a command: from the options to the session and its summary."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from tui_annotate import config
from tui_annotate.cli.errors import Command, NamedArgument
from tui_annotate.cli.options import (
    Common,
    annotator_name,
    common_options,
    read_common,
    recipe_option,
    recipe_value,
    sound_options,
)
from tui_annotate.cli.output import output_path
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.recipe import Recipe, Session
from tui_annotate.recipe.parameters import describe_labels, read_labels
from tui_annotate.session.run_settings import RunSettings, Summary


class RecipeCommand(Command):
    """A recipe's command; its help tells its own options from those that others share."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; errors know whose they are."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the groups of options."""
        groups = (
            ("Every session", {"help", *(param.name for param in common_options())}),
            ("Every recipe for audio", {param.name for param in sound_options()}),
        )
        rows: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            if record := param.get_help_record(ctx):
                of = (heading for heading, names in groups if param.name in names)
                rows.setdefault(next(of, "This recipe"), []).append(record)
        for heading in ("This recipe", "Every recipe for audio", "Every session"):
            if heading in rows:
                with formatter.section(heading):
                    formatter.write_dl(rows[heading])


def recipe_command(recipe: Recipe[Any]) -> click.Command:
    """Make the command of a recipe.

    Raises:
        AnnotateError: The recipe's signature cannot become options, or one of
            its options is an option of every session.
    """
    own = [recipe_option(parameter) for parameter in recipe.parameters]
    shared = common_options(sounds=recipe.takes_sounds)
    if recipe.takes_sounds:
        shared = [*sound_options(), *shared]
    taken = {flag for option in shared for flag in option.opts} | {"-h", "--help"}
    for option in own:
        for flag in option.opts:
            if flag in taken:
                code = recipe.function.__code__
                raise AnnotateError(
                    f"the recipe's parameter {option.name!r} would be {flag}, already taken",
                    where=f"{code.co_filename}:{code.co_firstlineno}",
                    do="give it another name",
                )
            taken.add(flag)

    def callback(**values: Any) -> int:
        return run_recipe(recipe, values)

    return RecipeCommand(
        name=recipe.name,
        params=[NamedArgument(["source"], metavar="SOURCE"), *own, *shared],
        callback=callback,
        help=recipe.description,
        short_help=recipe.summary,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )


def run_recipe(recipe: Recipe[Any], values: Mapping[str, Any]) -> int:
    """Open the source, make the session, run it, and print what was decided.

    Args:
        recipe: The recipe.
        values: What the command line gave, by parameter.

    Returns:
        The exit code.

    Raises:
        AnnotateError: Something a user can mend.
    """
    common = read_common(values)
    arguments = {
        parameter.name: recipe_value(parameter, values[parameter.name])
        for parameter in recipe.parameters
    }
    session, settings = prepare(recipe, values["source"], arguments, common, values)
    from tui_annotate.run import run_session

    summary = run_session(session, settings)
    tell(summary, skipped=session.stream.skipped)
    return summary.exit_code


def prepare(
    recipe: Recipe[Any],
    spec: str,
    arguments: Mapping[str, object],
    common: Common,
    values: Mapping[str, Any],
) -> tuple[Session, RunSettings]:
    """Open the source and make the session, with everything checked that can be.

    Args:
        recipe: The recipe.
        spec: The source as it was given; ``-`` is the standard input.
        arguments: The recipe's own arguments.
        common: The options of every session.
        values: What the command line gave, for what files of labels say about them.

    Raises:
        AnnotateError: Something a user can mend.
    """
    from tui_annotate.cli.streams import open_stream
    from tui_annotate.keymap import keymap as keys

    configured = config.load(actions=[action.id for action in keys.table()])
    annotator = annotator_name(common.annotator, configured.annotator)
    if spec == "-":
        _keyboard_from_terminal()
    stream = open_stream(recipe, spec, common, values)
    source = stream.source
    output = output_path(
        common.output,
        source=source.path,
        stem=source.stem,
        recipe=recipe.name,
        annotator=annotator,
    )
    session = recipe(**{recipe.stream_parameter: stream}, **arguments)
    session = _completed(session, recipe, output, common)
    for notice in _notices(session):
        click.echo(f"Note: {notice}.", err=True)
    if common.output is None:
        click.echo(f"Decisions go to {output} (-o names another file).", err=True)
    settings = RunSettings(
        recipe=recipe.name,
        source_name=source.name,
        output=output,
        annotator=annotator,
        take_over=common.take_over,
        exclude_by=common.exclude_by or "task",
        ask_about_equal=common.exclude_by is None,
        keep_labels=common.keep_labels,
        context=common.context,
        theme=common.theme or configured.theme,
        keyboard=configured.keyboard,
        right_to_left=configured.right_to_left,
        debug=common.debug,
        keys=configured.keys,
        compact=configured.compact,
        label_descriptions={**session.descriptions, **_described(recipe, values)},
    )
    return session, settings


def _described(recipe: Recipe[Any], values: Mapping[str, Any]) -> Mapping[str, str]:
    """What files of labels say about each."""
    return describe_labels(
        [
            value
            for parameter in recipe.parameters
            if parameter.option.read is read_labels
            for value in values[parameter.name] or ()
        ]
    )


def _completed(session: Session, recipe: Recipe[Any], output: Path, common: Common) -> Session:
    """Check what a recipe made, and add what the first tasks and the options tell."""
    from tui_annotate import suggest
    from tui_annotate.kinds import kind

    medium = kind(session.view).medium
    if recipe.takes_sounds != (medium == "audio"):
        takes = "Stream" if recipe.takes_sounds else "Sounds"
        raise AnnotateError(
            f"the recipe {recipe.name} and its view do not fit together",
            do=f"its stream has to be of the type {takes} for the view {session.view!r}",
        )
    suggest.check(session.suggesters, session.model, medium=medium)
    session = _with_labels(session, recipe, output, common)
    if medium == "text":
        # Plug-ins for audio call regions SPEECH if no labels were named: any other is a guess.
        suggesters = suggest.with_labels(session.suggesters, session.labels)
        session = session.replace(suggesters=suggesters)
    if common.guidelines is not None:
        session = session.replace(guidelines=common.guidelines)
    return session


def _notices(session: Session) -> list[str]:
    """What the user should know before the session opens, each once."""
    from tui_annotate.cli.streams import taken_notice
    from tui_annotate.kinds import kind
    from tui_annotate.suggest.registry import tokeniser

    notices = [*session.notices, *session.stream.source.notices]
    for spec in session.suggesters:
        notices.extend(spec.notices)
    if kind(session.view).medium == "text":
        notices.append(tokeniser(session.suggesters, session.model).notice or "")
    notices.append(taken_notice(session.stream) or "")
    return list(dict.fromkeys(notice for notice in notices if notice))


def _with_labels(session: Session, recipe: Recipe[Any], output: Path, common: Common) -> Session:
    """Check the first tasks against the labels, or take the labels from them."""
    from tui_annotate.cli.strange_labels import check_mapping, say_ways_on
    from tui_annotate.recipe.completion import completed
    from tui_annotate.session.assembly import with_stream_of_view
    from tui_annotate.sources.invalid import InvalidSource
    from tui_annotate.store.folder import SessionFolder
    from tui_annotate.store.labels import LabelBook

    session = with_stream_of_view(session)
    stream = session.stream
    try:
        stream.check_head()
    except InvalidSource as error:
        say_ways_on(error, recipe, session)
        raise
    if common.where is not None and stream.ended and not stream.known:
        raise UsageError(
            f"no task of {stream.source.name} fulfils the condition",
            where="--where",
            do=next(iter(common.where.unknown()), None),
        )
    session = completed(session)
    if session.stream.expected.medium == "text":
        session = check_mapping(session)
    if session.labels:
        return session
    labels = tuple(stream.expected.labels_seen)
    if not labels and stream.ended and not stream.known:
        raise AnnotateError("the source has no tasks", where=stream.source.name)
    if not labels and not LabelBook(SessionFolder(output)).load():
        raise UsageError(
            "no labels were named, and the first tasks have none",
            do="name labels with --label PERSON,ORG",
        )
    return session.replace(labels=labels)


def _keyboard_from_terminal() -> None:
    """Leave the standard input to the data, and give its place to the terminal.

    The interface reads keys from file descriptor 0.
    """
    if sys.stdin.isatty():
        return
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        return
    data = os.dup(0)
    os.dup2(terminal, 0)
    os.close(terminal)
    sys.stdin = io.TextIOWrapper(open(data, "rb"), encoding="utf-8")  # noqa: SIM115


def tell(summary: Summary, *, skipped: int = 0) -> None:
    """Print what a session was."""
    parts = [
        f"{count} {name}"
        for count, name in (
            (summary.accepted, "accepted"),
            (summary.rejected, "rejected"),
            (summary.ignored, "skipped"),
        )
        if count
    ]
    details = f" ({', '.join(parts)})" if parts else ""
    click.echo(f"{summary.decided} decided{details}: {_shown(summary.output)}")
    if skipped:
        lines = "line was" if skipped == 1 else "lines were"
        click.echo(f"{skipped} invalid {lines} skipped.")


def _shown(path: Path) -> str:
    path = path.absolute()
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
