"""Words from data, made fit to stand in a message."""

from __future__ import annotations

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


def quoted(value: object) -> str:
    """Quote a value from data, cut to a readable length."""
    if isinstance(value, str):
        return f'"{printable(value, QUOTED_LENGTH)}"'
    return printable(str(value), QUOTED_LENGTH)
