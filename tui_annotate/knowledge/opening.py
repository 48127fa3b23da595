"""What `--kb` names: a knowledge base, or what one is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tui_annotate.config import cache_folder
from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.knowledge.base import KnowledgeBase, is_base, is_sqlite
from tui_annotate.knowledge.building import Report, build
from tui_annotate.knowledge.rows import Row, is_table, read_rows
from tui_annotate.knowledge.schema import VERSION
from tui_annotate.knowledge.spacy_folder import is_spacy_folder, read_spacy_folder
from tui_annotate.store.digest import blake2b
from tui_annotate.wording import reason

_SMALL = 20_000_000
"""Bytes of a table that is turned into a knowledge base on the way."""

SILENT: Report = lambda what, done, total: None  # noqa: E731


def open_base(path: Path, *, report: Report = SILENT) -> KnowledgeBase:
    """Open a knowledge base.

    A spaCy KnowledgeBase, or a small table of entities, is turned into one
    first, which is kept among the caches until it changes.

    Args:
        path: A file of `kb build`, a folder of spaCy's, or a small CSV, TSV or JSONL.
        report: Told of the progress.

    Raises:
        AnnotateError: It is not there, is none of these, or is empty.
    """
    folder = is_spacy_folder(path)
    if not folder and (not path.is_file() or is_sqlite(path) or not is_table(path)):
        return KnowledgeBase(path)
    if not folder and path.stat().st_size > _SMALL:
        raise UsageError(
            "this table is too large to read at every start",
            where=str(path),
            do=f"turn it into a knowledge base: tui-annotate kb build {path} -o KB.sqlite",
        )
    kept = _cached(path)
    if not is_base(kept):
        try:
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise AnnotateError(
                f"the folder of caches cannot be created ({reason(error)})", where=str(kept.parent)
            ) from error
        try:
            build(read_entities(path, report), kept, report=report)
        except UsageError as error:
            raise UsageError(error.what, where=error.where or str(path), do=error.do) from error
    return KnowledgeBase(kept)


def read_entities(
    path: Path, report: Report = SILENT, *, columns: Sequence[str] | None = None
) -> Iterator[Row]:
    """The entities of a table or of a spaCy KnowledgeBase.

    Args:
        path: The file or folder.
        report: Told of the progress.
        columns: What the columns of a table are, where that cannot be seen.

    Raises:
        AnnotateError: It is not there or cannot be read.
    """
    if is_spacy_folder(path):
        yield from read_spacy_folder(path)
        return
    if not path.is_file():
        what = "this folder has no spaCy KnowledgeBase" if path.is_dir() else None
        raise UsageError(what or "there is no such file", where=str(path))
    total = path.stat().st_size
    yield from read_rows(path, columns=columns, told=lambda done: report("reading", done, total))


def _cached(path: Path) -> Path:
    """Where what was made of a path is kept: another place once it has changed."""
    digest = blake2b(f"{VERSION} {path.resolve()}".encode(), digest_size=12)
    parts = sorted(path.rglob("*")) if path.is_dir() else [path]
    for part in parts:
        status = part.stat()
        digest.update(f" {status.st_size} {status.st_mtime_ns}".encode())
    return cache_folder() / "knowledge" / f"{digest.hexdigest()}.sqlite"
