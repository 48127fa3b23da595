"""`tui-annotate kb`: build, search and describe knowledge bases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui_annotate.cli.errors import Group, NamedArgument
from tui_annotate.errors import UsageError
from tui_annotate.wording import counted

if TYPE_CHECKING:
    from tui_annotate.knowledge.rows import Row
    from tui_annotate.progress import Progress

_HELP = {"help_option_names": ["-h", "--help"]}
_SUFFIX = ".sqlite"


@click.group("kb", cls=Group, context_settings=_HELP)
@click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")
def command() -> None:
    """Build and search knowledge bases."""


@command.command("build", context_settings=_HELP)
@click.argument("sources", cls=NamedArgument, metavar="ENTITIES", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="KB.sqlite",
    help="Output file (default: the source's name with .sqlite).",
)
@click.option(
    "--columns",
    metavar="NAMES",
    help="Names of the columns, for a table without a header: id,name,description, …",
)
def build(sources: tuple[str, ...], output: str | None, columns: str | None) -> None:
    """Make a knowledge base from CSV, TSV, JSONL or a spaCy folder.

    Each entity has an id and a name; aliases, description, prior and url where you
    have them. Entities with the same id in several sources become one.
    """
    from tui_annotate.knowledge.base import is_base
    from tui_annotate.knowledge.building import build as make
    from tui_annotate.progress import Progress

    path = Path(output) if output else _named_after(Path(sources[0]))
    if path.is_dir():
        raise UsageError("the output is a folder", where=str(path), do="name a file with -o")
    if path.exists() and not is_base(path):
        raise UsageError(
            "this file exists and is not a knowledge base",
            where=str(path),
            do="name another file with -o",
        )
    if not path.parent.is_dir():
        raise UsageError("there is no such folder", where=str(path.parent), do="make it first")
    with Progress() as progress:
        rows = _rows(sources, columns, progress)
        try:
            count = make(rows, path, report=progress)
        except UsageError as error:
            where = error.where or ", ".join(sources)
            raise UsageError(error.what, where=where, do=error.do) from error
    size = path.stat().st_size
    entities = "entity" if count == 1 else "entities"
    click.echo(f"{path}: {count:,} {entities}, {_bytes(size)}")


def _named_after(source: Path) -> Path:
    name = source.resolve().name.removesuffix(".gz") or "kb"
    return Path(name).with_suffix(_SUFFIX)


def _rows(sources: tuple[str, ...], columns: str | None, progress: Progress) -> Iterator[Row]:
    from tui_annotate.knowledge.opening import read_entities

    names = [name.strip() for name in columns.split(",")] if columns is not None else None
    for source in sources:
        yield from read_entities(Path(source), progress, columns=_checked(names))


def _checked(names: list[str] | None) -> list[str] | None:
    from tui_annotate.knowledge.rows import COLUMNS

    if names is None:
        return None
    known = [name if name in COLUMNS else "" for name in names]
    if wrong := [name for name in names if name and name not in (*COLUMNS, "-")]:
        raise UsageError(
            f"{wrong[0]!r} is not a valid column",
            where="--columns",
            do=f"use {', '.join(COLUMNS)}, or - to skip a column",
        )
    if not {"id", "name"} <= set(known):
        raise UsageError("an entity needs an id and a name", where="--columns")
    return known


@command.command("search", context_settings=_HELP)
@click.argument("base", cls=NamedArgument, metavar="KB")
@click.argument("query", cls=NamedArgument, metavar="NAME", nargs=-1, required=True)
@click.option(
    "-n", "--limit", type=click.IntRange(1, 1000), default=10, help="Maximum number of results."
)
@click.option("--context", metavar="TEXT", help="Rank candidates as for a mention in this text.")
def search(base: str, query: tuple[str, ...], limit: int, context: str | None) -> None:
    """Look names up as a session does: as you type, or as a mention in a text."""
    from tui_annotate.knowledge.folding import words
    from tui_annotate.knowledge.opening import open_base
    from tui_annotate.text.display import safe

    opened = open_base(Path(base))
    text = " ".join(query)
    if context is None:
        found = opened.search(text, limit=limit)
    else:
        found = opened.candidates(text, words(context), limit=limit)
    for one in found:
        score = "" if one.score is None else f"{one.score:.2f}\t"
        click.echo(f"{score}{safe(one.id)}\t{safe(one.name)}\t{safe(one.description)}".rstrip())
    if not found:
        click.echo("No match.", err=True)


@command.command("info", context_settings=_HELP)
@click.argument("base", cls=NamedArgument, metavar="KB")
@click.argument("ids", cls=NamedArgument, metavar="[ID]", nargs=-1)
def info(base: str, ids: tuple[str, ...]) -> None:
    """Show what a knowledge base holds, or everything about some ids."""
    from tui_annotate.knowledge.opening import open_base
    from tui_annotate.text.display import safe

    opened = open_base(Path(base))
    if not ids:
        click.echo(f"entities  {opened.size:,}")
        click.echo(f"names     {opened.names:,}")
        click.echo(f"size      {_bytes(opened.path.stat().st_size)}")
        return
    for id_ in ids:
        entity = opened.entity(id_)
        if entity is None:
            raise UsageError(f"there is no entity {id_!r}", where=base)
        rows = [
            ("id", entity.id),
            ("name", entity.name),
            ("aliases", "; ".join(entity.aliases)),
            ("about", entity.description),
            ("prior", "" if entity.prior is None else f"{entity.prior:g}"),
            ("url", entity.url),
        ]
        for what, value in rows:
            if value:
                click.echo(f"{what:<9} {safe(value)}")


@command.command("choices", context_settings=_HELP)
@click.argument("decided", cls=NamedArgument, metavar="DECIDED.jsonl")
@click.option("--kb", "base", metavar="KB", required=True, help="The knowledge base.")
@click.option(
    "-o",
    "--output",
    metavar="OUT.jsonl",
    default="-",
    help="Output file (default: standard output).",
)
def choices(decided: str, base: str, output: str) -> None:
    """Write linked tasks as Prodigy has them: a line for each mention, with options."""
    import msgspec

    from tui_annotate import knowledge
    from tui_annotate.knowledge.choices import one_line_each
    from tui_annotate.sources import open_source
    from tui_annotate.sources.source import Record

    linker = knowledge.open(base)
    last: dict[object, dict[str, object]] = {}
    for number, record in enumerate(open_source(decided).records()):
        if isinstance(record, Record) and isinstance(record.fields.get("text"), str):
            fields = record.fields
            who = fields.get("_task_id", number), fields.get("_annotator_id")
            last.pop(who, None)
            last[who] = fields
    count = 0
    with click.open_file(output, "wb", atomic=output != "-") as file:
        for fields in last.values():
            for line in one_line_each(fields, linker):
                file.write(msgspec.json.encode(line) + b"\n")
                count += 1
    if output != "-":
        click.echo(f"{output}: {counted(count, 'mention')}")


def _bytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.1f} kB"
