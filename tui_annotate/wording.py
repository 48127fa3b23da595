"""Words from data, made fit to stand in a message."""

from __future__ import annotations

import os

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
