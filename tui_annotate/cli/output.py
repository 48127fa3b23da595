"""Where the decisions go."""

from __future__ import annotations

import os
from pathlib import Path

from tui_annotate.errors import UsageError
from tui_annotate.store.folder import NAME_BYTES, fitted_name
from tui_annotate.wording import reason, shown_path


def output_path(
    given: str | None, *, source: Path | None, stem: str, recipe: str, annotator: str
) -> Path:
    """Return the JSONL that decisions are appended to.

    Args:
        given: What ``-o`` said: a file, or a folder, which gives each annotator a file.
        source: The source's file or folder, if it is one.
        stem: The source's name without its suffixes.
        recipe: The recipe's name.
        annotator: Who decides.

    Raises:
        UsageError: It would be the source or lie in it, cannot be a JSONL, its name is too
            long, or its folder is not there.
    """
    if given is None:
        path = Path(fitted_name("", stem, f".{recipe}.jsonl"))
    elif given.endswith(("/", os.sep)) or os.path.isdir(given):
        path = Path(given) / f"{annotator}.jsonl"
    else:
        path = Path(given)
    if path.suffix == ".gz" or not path.name.strip("."):
        raise UsageError(
            "decisions are appended to a plain JSONL", where=f"-o {given}", do="name a .jsonl file"
        )
    long = len(os.fsencode(path.name))
    if long > NAME_BYTES:
        raise UsageError(
            f"the name of the output is too long: {long} bytes, and {NAME_BYTES} at most",
            where=f"-o {shown_path(path.name[:20])}…",
            do="take a shorter one",
        )
    if path.exists() and not path.is_file():
        raise UsageError("the output is not a file", where=str(path), do="name a .jsonl file")
    if source is not None:
        _apart(path, source)
    if given is not None and given.endswith(("/", os.sep)):
        _make(path.parent)
    if not path.parent.is_dir():
        raise UsageError("there is no such folder", where=str(path.parent), do="create it first")
    return path


def _apart(path: Path, source: Path) -> None:
    do = "name another file with -o"
    same = path.exists() and source.exists() and path.samefile(source)
    if same or path.resolve() == source.resolve():
        raise UsageError("the output is the source itself", where=str(path), do=do)
    if source.is_dir() and source.resolve() in path.resolve().parents:
        raise UsageError("the output is inside the source folder", where=str(path), do=do)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"the folder cannot be created: {reason(error)}", where=str(folder)
        ) from error
