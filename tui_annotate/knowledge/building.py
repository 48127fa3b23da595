"""Makes the file of a knowledge base."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.knowledge.folding import words
from tui_annotate.knowledge.rows import Row
from tui_annotate.knowledge.schema import (
    APPLICATION_ID,
    COMMON,
    INDEXES,
    TABLES,
    VERSION,
    fact,
)
from tui_annotate.store.disk import Disk
from tui_annotate.wording import reason

Report = Callable[[str, int, int | None], None]
"""Told of the work: what is done now, how much of it is, and of how much, where that is known."""

_BATCH = 5_000

_STAGING = """
CREATE TABLE staged.entity (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    description TEXT NOT NULL, prior REAL, url TEXT NOT NULL
);
CREATE TABLE staged.alias (entity INTEGER NOT NULL, text TEXT NOT NULL, prior REAL);
"""


def build(
    rows: Iterable[Row],
    output: Path,
    *,
    report: Report = lambda what, done, total: None,
    disk: Disk | None = None,
) -> int:
    """Write a knowledge base; the file appears whole or not at all.

    Rows with the same id are one entity: the first gives name and description,
    the names of the others are aliases.

    Args:
        rows: The entities.
        output: The file, which may be there already.
        report: Told of the progress.
        disk: The file system.

    Returns:
        How many entities it holds.

    Raises:
        AnnotateError: There are none, or the file cannot be written.
    """
    disk = disk or Disk()
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as connection:
            count = _fill(connection, rows, report)
        descriptor = disk.open(part, os.O_RDWR)
        try:
            disk.fsync(descriptor)
        finally:
            disk.close(descriptor)
        disk.replace(part, output)
        disk.fsync_folder(output.parent)
    except (OSError, sqlite3.Error) as error:
        raise AnnotateError(
            f"the knowledge base cannot be written ({reason(error)})", where=str(output)
        ) from error
    finally:
        for left in (part, part.with_name(part.name + "-journal")):
            with contextlib.suppress(OSError):
                left.unlink()
    return count


def _fill(connection: sqlite3.Connection, rows: Iterable[Row], report: Report) -> int:
    run = connection.execute
    # Nobody else has the file yet, and a part of it is thrown away.
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -64000"):
        run(f"PRAGMA {pragma}")
    run(f"PRAGMA application_id = {APPLICATION_ID}")
    run(f"PRAGMA user_version = {VERSION}")
    run("ATTACH '' AS staged")
    run("PRAGMA staged.journal_mode = OFF")
    connection.executescript(_STAGING + TABLES)
    run("BEGIN")
    count = _stage(connection, rows)
    if not count:
        raise UsageError("no entities found", do="add a line with id and name for each entity")
    report("sorting", 0, None)
    run(
        "CREATE TABLE staged.place AS SELECT number AS was FROM staged.entity "
        "ORDER BY prior IS NULL, prior DESC, number"
    )
    run("CREATE INDEX staged.place_was ON place (was)")
    run("CREATE INDEX staged.alias_entity ON alias (entity)")
    _index(connection, count, report)
    report("tidying", 0, None)
    run("INSERT INTO word (word) VALUES ('optimize')")
    run("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, word, row)")
    run("INSERT INTO common SELECT term, doc FROM temp.vocabulary WHERE doc >= ?", (COMMON,))
    run("DROP TABLE temp.vocabulary")
    run("INSERT INTO about VALUES ('entities', ?)", (str(count),))
    run(INDEXES)
    names = run("SELECT count(*) FROM alias").fetchone()[0]
    run("INSERT INTO about VALUES ('names', ?)", (str(names),))
    run("COMMIT")
    run("DETACH staged")
    return count


def _stage(connection: sqlite3.Connection, rows: Iterable[Row]) -> int:
    """Put the rows aside, those of one id together; how many entities there are."""
    run = connection.execute
    for row in rows:
        made = run(
            "INSERT OR IGNORE INTO staged.entity (id, name, description, prior, url) "
            "VALUES (?, ?, ?, ?, ?)",
            (row.id, row.name, row.description, row.prior, row.url),
        )
        number = made.lastrowid
        if not made.rowcount:
            (number,) = run("SELECT number FROM staged.entity WHERE id = ?", (row.id,)).fetchone()
            run(
                "UPDATE staged.entity SET prior = coalesce(prior, ?), "
                "description = CASE description WHEN '' THEN ? ELSE description END, "
                "url = CASE url WHEN '' THEN ? ELSE url END WHERE number = ?",
                (row.prior, row.description, row.url, number),
            )
            run("INSERT INTO staged.alias VALUES (?, ?, NULL)", (number, row.name))
        if row.aliases:
            connection.executemany(
                "INSERT INTO staged.alias VALUES (?, ?, ?)",
                [(number, text, prior) for text, prior in row.aliases],
            )
    found: int = run("SELECT count(*) FROM staged.entity").fetchone()[0]
    return found


def _ordered(connection: sqlite3.Connection) -> Iterator[tuple[int, tuple[object, ...]]]:
    """The entities by prior, with their new numbers."""
    cursor = connection.execute(
        "SELECT place.rowid, e.number, e.id, e.name, e.description, e.prior, e.url "
        "FROM staged.place JOIN staged.entity AS e ON e.number = place.was ORDER BY place.rowid"
    )
    while batch := cursor.fetchmany(_BATCH):
        for number, *rest in batch:
            yield number, tuple(rest)


def _index(connection: sqlite3.Connection, count: int, report: Report) -> None:
    run, many = connection.execute, connection.executemany
    entities: list[tuple[object, ...]] = []
    aliases: list[tuple[str, int, float | None]] = []
    found: list[tuple[int, str]] = []

    def flush(done: int) -> None:
        many("INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?)", entities)
        many(
            "INSERT INTO alias VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
            "SET prior = max(coalesce(prior, excluded.prior), coalesce(excluded.prior, prior))",
            aliases,
        )
        many("INSERT INTO word (rowid, words) VALUES (?, ?)", found)
        for rows in (entities, aliases, found):
            rows.clear()
        report("indexing names", done, count)

    for number, (was, id_, name, description, prior, url) in _ordered(connection):
        others = run("SELECT text, prior FROM staged.alias WHERE entity = ?", (was,)).fetchall()
        kept = dict.fromkeys(text for text, _ in others if text != name)
        entities.append((number, id_, name, description, "\n".join(kept), prior, url))
        own: dict[str, None] = {}
        for text, of_alias in ((name, None), *others):
            parts = words(str(text))
            own.update(dict.fromkeys(parts))
            if parts:
                aliases.append((" ".join(parts), number, of_alias))
        facts = dict.fromkeys(fact(part) for part in words(str(description)) if len(part) > 2)
        found.append((number, " ".join([*own, *facts])))
        if len(entities) >= _BATCH:
            flush(number)
    flush(count)
