"""Words for messages: values from data made fit to stand in one, and the name that was meant."""

from __future__ import annotations

import os
from collections.abc import Iterable

from tui_annotate.errors import AnnotateError

QUOTED_LENGTH = 40


def printable(text: str, limit: int | None = None) -> str:
    r"""Spell what a terminal might act on as an escape, such as ``\x1b``.

    Args:
        text: Anything.
        limit: The most characters to give; what is longer ends in an ellipsis.
    """
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def shown_path(path: str | os.PathLike[str]) -> str:
    """Spell a path for a message; bytes that are not UTF-8 as escapes."""
    return printable(os.fsencode(path).decode("utf-8", "backslashreplace"))


def reason(error: Exception) -> str:
    """Why something could not be read or written, in the system's words or in ours.

    What a library says of its errors is no part of a message: it changes with the
    library's version, and it may hold data.
    """
    import gzip
    import zlib

    if isinstance(error, UnicodeError):
        return "it is not UTF-8"
    if isinstance(error, EOFError):
        return "it is cut short"
    if isinstance(error, (zlib.error, gzip.BadGzipFile)):
        return "what is compressed in it is damaged"
    if isinstance(error, OSError):
        if error.errno is not None and error.errno > 0:
            # Python adds words of its own to `strerror` here and there.
            return os.strerror(error.errno)
        if error.strerror:
            return printable(error.strerror)
    if isinstance(error, AnnotateError):
        return str(error).removesuffix(".")
    # SQLite has no text of its own for what a file lacks, only names such as SQLITE_FULL.
    return str(getattr(error, "sqlite_errorname", None) or type(error).__name__)


def quoted(value: object) -> str:
    """Quote a value from data, cut to a readable length."""
    if isinstance(value, str):
        return f'"{printable(value, QUOTED_LENGTH)}"'
    return printable(str(value), QUOTED_LENGTH)


def together(notes: Iterable[str]) -> str:
    """Several notes in one line, told apart by a semicolon where none ends as a sentence does."""
    line = ""
    for note in notes:
        if line:
            line += " " if line[-1] in ".!?" else "; "
        line += note
    return line


def did_you_mean(name: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """Say which known names are nearest to a wrong one.

    Args:
        name: What was typed.
        known: What could have been meant.
        otherwise: What to say if nothing is near.
    """
    import difflib

    by_lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), list(by_lower), n=3, cutoff=0.6)
    if not close:
        return otherwise
    near = [difflib.SequenceMatcher(None, match, name.lower()).ratio() for match in close]
    close = [match for match, ratio in zip(close, near, strict=True) if ratio > max(near) - 0.1]
    return "did you mean " + " or ".join(by_lower[match] for match in close) + "?"


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number with what it counts, in the singular for 1.

    Args:
        count: The number.
        one: What is counted.
        many: Its plural, where that is not just an s more.
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def json_kind(value: object) -> str:
    """Name the kind of a JSON value, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list | tuple) else "an object"
