"""The files of a folder and those below it, through links too, but never in a circle."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

Identity = frozenset[tuple[int, int]]


def walked(folder: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each folder with the names below it, as `os.walk` gives them, sorted, hidden ones left out.

    Links to folders are followed, but for those that lead back to a folder above them.

    Args:
        folder: Where to begin.
    """
    above: dict[str, Identity] = {}
    for top, folders, files in os.walk(folder, followlinks=True):
        own = above.pop(top, frozenset()) | _identity(top)
        folders[:] = [
            one
            for one in sorted(folders)
            if not one.startswith(".") and not _identity(os.path.join(top, one)) & own
        ]
        above.update((os.path.join(top, one), own) for one in folders)
        yield top, folders, sorted(file for file in files if not file.startswith("."))


def matching(pattern: str) -> list[str]:
    """The files that a pattern matches, sorted; ``**`` stands for any folders, and links.

    Args:
        pattern: As `glob.glob` takes it.
    """
    parts = pattern.split("/")
    deep = next((at for at, part in enumerate(parts) if part == "**"), None)
    if deep is None:
        return sorted(file for file in glob.glob(pattern) if os.path.isfile(file))
    # `glob` goes round in circles of links, so that it hardly comes to an end.
    start = "/".join(parts[:deep])
    tops = ["."] if not deep else [top for top in glob.glob(start or "/") if os.path.isdir(top)]
    found = []
    for top in tops:
        for folder, _, files in walked(top):
            for file in files:
                path = os.path.join(folder, file)
                if _fits(os.path.relpath(path, top).split(os.sep), parts[deep:]):
                    found.append(os.path.normpath(path))
    return sorted(found)


def _fits(names: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether the names on the way to a file match the parts of a pattern."""
    if not parts:
        return not names
    if parts[0] == "**":
        return _fits(names, parts[1:]) or (bool(names) and _fits(names[1:], parts))
    return bool(names) and fnmatchcase(names[0], parts[0]) and _fits(names[1:], parts[1:])


def _identity(folder: str) -> Identity:
    """What a folder is, by whatever path; nothing if it cannot be looked at."""
    try:
        status = os.stat(folder)
    except OSError:
        return frozenset()
    return frozenset({(status.st_dev, status.st_ino)})
