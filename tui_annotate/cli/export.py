"""`tui-annotate export`: decisions in the format of another program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui_annotate.cli.errors import Command, NamedArgument
from tui_annotate.errors import UsageError
from tui_annotate.formats import format_named, formats
from tui_annotate.wording import printable, shown_path

if TYPE_CHECKING:
    from tui_annotate.formats.exporting import Exported
    from tui_annotate.formats.format import Format, Option
    from tui_annotate.sources.selection import Selection, Wanted
    from tui_annotate.sources.source import Source

HELP = {"help_option_names": ["-h", "--help"]}
_ANSWERS = "accept|reject|ignore|all"


def format_options(*, reading: bool) -> list[click.Option]:
    """The options that formats have, each with the formats that have it."""
    having: dict[str, tuple[Option, list[str]]] = {}
    for fmt in formats():
        if fmt.reader is None if reading else fmt.writer is None:
            continue
        for option in fmt.options:
            if option.reading == reading:
                having.setdefault(option.flag, (option, []))[1].append(fmt.name)
    return [
        click.Option(
            [option.flag, option.name],
            is_flag=option.metavar is None,
            default=None,
            metavar=option.metavar,
            help=f"{', '.join(names)}: {option.help}",
        )
        for option, names in having.values()
    ]


def given_options(fmt: Format, values: Mapping[str, Any], *, reading: bool) -> dict[str, Any]:
    """The options of a format, as they were typed or by default.

    Raises:
        UsageError: One is not the format's, or its value is wrong.
    """
    names = {option.name for option in format_options(reading=reading) if option.name}
    given = {name: values[name] for name in names if values.get(name) is not None}
    read = {option.name: option.read for option in fmt.options if option.metavar is not None}
    for name, value in given.items():
        if name in read:
            given[name] = read[name](value)
    return fmt.chosen(given)


def selection_options() -> list[click.Option]:
    """The options that say which decisions are meant."""
    return [
        click.Option(
            ["--answer"],
            metavar=_ANSWERS,
            help="Which answers to take (default: accept, and both to yes-or-no questions).",
        ),
        click.Option(["--annotator"], metavar="NAME", help="Take the decisions of one annotator."),
        click.Option(
            ["-l", "--label", "labels"],
            multiple=True,
            metavar="LABELS",
            help="Take these labels only.",
        ),
        click.Option(
            ["--where"],
            metavar="CONDITION",
            help="Take only these, such as 'flagged and \"PER\" in label'.",
        ),
        click.Option(["--skip-invalid"], is_flag=True, help="Skip invalid lines and say how many."),
    ]


def wanted_of(values: Mapping[str, Any], more: Iterable[str] = ()) -> Wanted:
    """Which decisions the options say.

    Args:
        values: The options, as click has them.
        more: Answers that another option wants, too.

    Raises:
        UsageError: A value is wrong.
    """
    from tui_annotate.cli.options import condition_of, one_of
    from tui_annotate.recipe.parameters import split_names
    from tui_annotate.sources.selection import ANSWERS, Wanted

    answer = one_of("--answer", values["answer"], (*ANSWERS, "all"))
    answers = ANSWERS if answer == "all" else (answer or "accept",)
    labels = split_names(values["labels"])
    return Wanted(
        answers=frozenset([*answers, *more]),
        questions=answer is None,
        annotator=values["annotator"],
        labels=frozenset(labels) or None,
        where=condition_of(values["where"]),
        skip_invalid=values["skip_invalid"],
    )


def opened(files: Iterable[str], given: str | None, options: Mapping[str, Any]) -> list[Source]:
    """Open files of tasks.

    Args:
        files: As they were typed.
        given: The format that ``--from`` names; None to go by their names and content.
        options: What was given of the formats' options for reading.
    """
    from tui_annotate.sources import open_source

    fmt = format_named(given, "--from") if given is not None else None
    read = given_options(fmt, options, reading=True) if fmt else {}
    return [open_source(file, format=fmt, options=read) for file in files]


def output_of(given: str | None, files: Iterable[str]) -> Path:
    """The output, which none of the files may be.

    Raises:
        UsageError: None is named, or it is a file that is read.
    """
    if not given:
        raise UsageError("-o/--output is missing", do="name the output with -o")
    path = Path(given)
    for file in files:
        if path.is_file() and Path(file).exists() and path.samefile(file):
            raise UsageError(
                "the output is a file that is read", where=shown_path(path), do="name another"
            )
    return path


def _run(**values: Any) -> None:
    from tui_annotate.formats.exporting import Job, export
    from tui_annotate.progress import Progress
    from tui_annotate.sources.selection import Selection, several
    from tui_annotate.task.parts import share

    if values["to"] is None:
        raise UsageError("--to is missing", do="name a format; tui-annotate formats lists them")
    fmt = format_named(values["to"], "--to")
    if fmt.writer is None:
        raise UsageError(
            f"{fmt.title} is not written",
            where="--to",
            do="tui-annotate formats lists those that are",
        )
    options = given_options(fmt, values, reading=False)
    more = {one for option in fmt.options if options[option.name] for one in option.answers}
    output = output_of(values["output"], values["files"])
    wanted = wanted_of(values, more)
    split = share(values["split"], "--split") if values["split"] is not None else None
    sources = opened(values["files"], values["given"], values)
    try:
        with Progress() as progress:
            selection = Selection(sources, wanted, progress)
            if wanted.annotator is None and (error := several(selection)):
                raise error
            if not len(selection):
                raise UsageError("there is nothing to export", do=_reasons(selection) or None)
            job = Job(
                fmt,
                output,
                options,
                selection.offered,
                selection.place,
                split=split,
                lossy=values["lossy"],
                force=values["force"],
            )
            done = export(job, selection, progress)
    finally:
        for source in sources:
            source.close()
    for notice in dict.fromkeys(notice for source in sources for notice in source.notices):
        click.echo(notice, err=True)
    _say(fmt, selection, done)


def _reasons(selection: Selection) -> str:
    left = [f"{count:,} {why}" for why, count in selection.left_out.items()]
    if selection.superseded:
        left.append(f"{selection.superseded:,} decided again later")
    if selection.invalid:
        left.append(f"{selection.invalid:,} invalid")
    return ", ".join(left)


def _say(fmt: Format, selection: Selection, done: Exported) -> None:
    count = done.tasks.total()
    parts = [f"{tasks:,} {part}" for part, tasks in done.tasks.items() if part]
    split = f" ({', '.join(parts)})" if parts else ""
    for path in done.files:
        click.echo(shown_path(path))
    click.echo(f"{count:,} task{'s' * (count != 1)} in {fmt.title}{split}.")
    if reasons := _reasons(selection):
        click.echo(f"Left out: {reasons}.")
    for remark in done.remarks:
        click.echo(f"Note: {printable(remark)}.")
    losses = done.losses
    if losses.lost:
        click.echo("\n".join([f"Lost, for {fmt.title} cannot hold it:", *losses.rows()]))
    for heading, counts in (
        ("No file of this format has: ", losses.inherent),
        ("Not written, for it is about the session: ", losses.omitted),
    ):
        if counts:
            click.echo(heading + ", ".join(f"{what} ({n:,})" for what, n in counts.items()) + ".")
    if done.compared is None:
        click.echo(f"Not read back: {fmt.title} is not read here.")
    else:
        click.echo(f"Read back and compared: {done.compared}; all equal.")


command = Command(
    "export",
    callback=_run,
    context_settings=HELP,
    help="Write decisions in the format of another program.\n\n"
    "The last decision on each task counts. What the format cannot hold is listed before "
    "anything is written; what was written is read back and compared.",
    params=[
        NamedArgument(["files"], metavar="FILE…", nargs=-1, required=True),
        click.Option(
            ["--to"], metavar="FORMAT", help="The format; tui-annotate formats lists them."
        ),
        click.Option(["-o", "--output"], metavar="OUT", help="Output file, or folder."),
        click.Option(
            ["--from", "given"],
            metavar="FORMAT",
            help="The files' format (default: by name and content).",
        ),
        *selection_options(),
        click.Option(
            ["--split"],
            metavar="SHARE",
            help="Write two parts, train and dev; dev gets this share, by hash of the input.",
        ),
        click.Option(
            ["--lossy"], is_flag=True, help="Write even if the format cannot hold everything."
        ),
        click.Option(["--force"], is_flag=True, help="Replace files that exist."),
        *format_options(reading=False),
        click.Option(["--debug"], is_flag=True, expose_value=False, help="Show tracebacks."),
    ],
)
