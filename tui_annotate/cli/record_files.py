"""What the commands on record files share: their options, and how they write."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from tui_annotate.cli.errors import NamedArgument
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.wording import reason, shown_path

if TYPE_CHECKING:
    from tui_annotate.records.condition import Condition
    from tui_annotate.records.reading import Line
    from tui_annotate.store.atomic import AtomicFiles

Function = TypeVar("Function", bound=Callable[..., Any])

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def files_argument(function: Function) -> Function:
    """The files that a command reads."""
    return click.argument("files", cls=NamedArgument, metavar="FILE…", nargs=-1, required=True)(
        function
    )


def where_option(function: Function) -> Function:
    """The condition that records have to fulfil."""
    return click.option(
        "--where",
        metavar="CONDITION",
        help="Only these records, such as 'label == \"PER\" and seconds > 30'.",
    )(function)


def output_options(function: Function) -> Function:
    """Where a command writes to."""
    function = click.option(
        "--force", is_flag=True, help="Replace the output if there is such a file."
    )(function)
    return click.option(
        "-o",
        "--output",
        metavar="OUT.jsonl",
        help="Where to write (default: the standard output).",
    )(function)


def debug_option(function: Function) -> Function:
    """Show tracebacks."""
    return click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")(
        function
    )


class Counted:
    """Records that fulfil a condition, counted as they go by.

    Attributes:
        read: How many there were.
        kept: How many of them fulfil it.
    """

    def __init__(self, lines: Iterable[Line], condition: Condition | None) -> None:
        self._lines = lines
        self._condition = condition
        self.read = 0
        self.kept = 0

    def __iter__(self) -> Iterator[Line]:
        for line in self._lines:
            self.read += 1
            if self._condition is None or self._condition(line.fields):
                self.kept += 1
                yield line

    def notes(self) -> list[str]:
        """What is odd about the condition, now that all were read."""
        return self._condition.unknown() if self._condition is not None and self.read else []


@contextmanager
def opened(output: str | None, force: bool) -> Iterator[IO[bytes]]:
    """Where records go: a new file, or the standard output."""
    if output is None or output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    if not path.parent.is_dir():
        raise UsageError(
            "there is no such folder", where=shown_path(path.parent), do="create it first"
        )
    with new_files(path.parent, force) as files:
        yield files.open(path.name)


@contextmanager
def new_files(folder: Path, force: bool) -> Iterator[AtomicFiles]:
    """Files that are put in place together at the end, or none of them.

    Raises:
        AnnotateError: They cannot be written.
    """
    from tui_annotate.store.atomic import AtomicFiles

    try:
        with AtomicFiles(folder, force=force) as files:
            yield files
            files.commit()
    except OSError as error:
        raise AnnotateError(
            f"it cannot be written ({reason(error)})", where=shown_path(folder)
        ) from error


def refuse_sources_as_output(files: Iterable[str], output: str | None) -> None:
    """Refuse to write over what is read.

    Raises:
        UsageError: The output is one of the files.
    """
    if output is None or output == "-":
        return
    for file in files:
        try:
            same = Path(file).samefile(output)
        except (OSError, ValueError):
            continue
        if same:
            raise UsageError(
                "the output is one of the files that are read",
                where=shown_path(output),
                do="name another with -o",
            )


def records(count: int) -> str:
    """So many records, in words."""
    return "1 record" if count == 1 else f"{count:,} records"


def tell(what: str, output: str | None, notes: Iterable[str] = ()) -> None:
    """Say what was written where, and what is odd about it."""
    place = "the standard output" if output in (None, "-") else shown_path(str(output))
    click.echo(f"{place}: {what}.", err=True)
    for note in notes:
        click.echo(f"Note: {note}{'' if note.endswith('?') else '.'}", err=True)
