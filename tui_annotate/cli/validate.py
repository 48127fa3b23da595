"""`tui-annotate validate`: what is wrong in output files, and the mending of it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from tui_annotate.cli.errors import Command
from tui_annotate.cli.record_files import (
    HELP,
    debug_option,
    files_argument,
    opened,
    records,
    refuse_sources_as_output,
    tell,
)
from tui_annotate.errors import UsageError
from tui_annotate.wording import did_you_mean, printable, shown_path

if TYPE_CHECKING:
    from tui_annotate.quality.validation import Finding

SHOWN = 20
"""Findings of a rule that are listed, unless all are asked for."""


def _list_rules(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from tui_annotate.quality.problem import RULES

        for name, asks in RULES.items():
            click.echo(f"{name:20} {asks}")
        ctx.exit()


@click.command("validate", cls=Command, context_settings=HELP)
@files_argument
@click.option("--ignore", metavar="RULES", default="", help="Rules that do not count, by name.")
@click.option("--all", "everything", is_flag=True, help=f"List more than {SHOWN} of a rule.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each finding.")
@click.option(
    "--rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_rules,
    help="List the rules, and what each asks for.",
)
@click.option(
    "--suspects",
    type=click.IntRange(1),
    metavar="N",
    help="Rank the labels that are likely to be wrong instead, and list the first N.",
)
@click.option(
    "-o",
    "--output",
    metavar="OUT.jsonl",
    help="Write the records of the suspects, to look at them again.",
)
@click.option(
    "--fix", metavar="OUT.jsonl", help="Write a copy in which is mended what needs no guess."
)
@click.option("--force", is_flag=True, help="Replace the copy if there is such a file.")
@debug_option
def command(
    files: tuple[str, ...],
    ignore: str,
    everything: bool,
    as_json: bool,
    suspects: int | None,
    output: str | None,
    fix: str | None,
    force: bool,
) -> int:
    """Find what is wrong in output files; the exit code is 1 if something is.

    Each finding has its file, its line and the name of its rule.
    """
    from tui_annotate.progress import Progress
    from tui_annotate.quality.validation import Validation

    if suspects is not None:
        _rank(files, suspects, output, force, as_json=as_json)
        return 0
    if output is not None:
        raise UsageError(
            "this is where suspects go", where="-o", do="add --suspects 50, or take --fix"
        )
    validation = Validation(_known(ignore))
    counts: Counter[str] = Counter()
    with Progress() as progress:
        for finding in validation.findings(files, progress):
            counts[finding.rule] += 1
            if as_json:
                click.echo(json.dumps(finding._asdict()))
            elif everything or counts[finding.rule] <= SHOWN:
                progress.clear()
                click.echo(_said(finding))
    _summarise(counts, validation.records, everything or as_json)
    if fix is not None:
        _mend(files, fix, force)
    return 1 if counts else 0


def _known(ignore: str) -> list[str]:
    from tui_annotate.quality.problem import RULES

    names = [name.strip() for name in ignore.split(",") if name.strip()]
    for name in names:
        if name not in RULES:
            do = did_you_mean(name, RULES, "validate --rules lists them")
            raise UsageError(f"there is no rule {printable(name, 40)!r}", where="--ignore", do=do)
    return names


def _said(finding: Finding) -> str:
    place = f"{shown_path(finding.file)}:{finding.line}"
    return f"{place}: {printable(finding.message)} [{finding.rule}]"


def _summarise(counts: Counter[str], read: int, everything: bool) -> None:
    if not counts:
        click.echo(f"Nothing is wrong in {records(read)}.", err=True)
        return
    for rule, count in counts.most_common():
        more = f" ({SHOWN} shown; --all lists them)" if count > SHOWN and not everything else ""
        click.echo(f"{count:8,}  {rule}{more}", err=True)
    total = counts.total()
    what = "1 finding" if total == 1 else f"{total:,} findings"
    click.echo(f"{what} in {records(read)}.", err=True)


def _rank(
    files: Sequence[str], count: int, output: str | None, force: bool, *, as_json: bool
) -> None:
    from tui_annotate.progress import Progress
    from tui_annotate.quality.suspects import expected_wrong, suspects
    from tui_annotate.records.reading import STDIN, read_records

    if output is not None and STDIN in files:
        raise UsageError("suspects are read twice", where="-", do="name a file instead of -")
    refuse_sources_as_output(files, output)
    notes: list[str] = []
    with Progress() as progress:
        found = suspects(read_records(files, progress), notes.append)
    first = found[:count]
    for one in first:
        place = f"{shown_path(one.place[0])}:{one.place[1]}"
        if as_json:
            click.echo(json.dumps(one._asdict() | {"place": place}))
        else:
            click.echo(f"{place}: {printable(one.said())} ({one.doubt:.2f})")
    wrong = expected_wrong(first, count)
    what = f"{len(first):,} of {len(found):,} suspects, of which at least {wrong:,} may be wrong"
    if output is None:
        click.echo(f"{what}.", err=True)
        for note in notes:
            click.echo(f"Note: {note}.", err=True)
        return
    places = {one.place for one in first}
    with opened(output, force) as stream:
        for line in read_records(files):
            if (line.file, line.number) in places:
                stream.write(line.raw + b"\n")
    tell(what, output, notes)


def _mend(files: Iterable[str], output: str, force: bool) -> None:
    from tui_annotate.formats.decoding import decode_fields
    from tui_annotate.progress import Progress
    from tui_annotate.quality.mending import mended
    from tui_annotate.records.reading import read_raw

    refuse_sources_as_output(files, output)
    changed = read = broken = 0
    with Progress() as progress, opened(output, force) as stream:
        for file in files:
            for line, raw in read_raw(file, progress):
                read += 1
                fields = decode_fields(raw)
                if isinstance(fields, str):
                    # It is no record; whoever mends the file by hand needs it as it is.
                    broken += 1
                    stream.write(raw + b"\n")
                    continue
                new, done = mended(fields)
                for what in done:
                    progress.clear()
                    click.echo(f"{shown_path(file)}:{line}: {printable(what)}", file=sys.stderr)
                changed += bool(done)
                stream.write((_encoded(new) if done else raw) + b"\n")
    several = f"{broken:,} lines that are no JSON were copied as they are"
    one = "1 line that is no JSON was copied as it is"
    notes = [several if broken > 1 else one] if broken else []
    tell(f"{records(read)}, {changed:,} of them mended", output, notes)


def _encoded(fields: dict[str, object]) -> bytes:
    import msgspec

    return msgspec.json.encode(fields)
