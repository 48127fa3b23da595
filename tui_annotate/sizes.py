"""Numbers of bytes as people write them."""

from __future__ import annotations

import re

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def size_of(text: str) -> int | None:
    """The bytes that a size such as ``500 MB`` means; None if it means none."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)b?\s*", text.lower())
    return int(float(match[1]) * _UNITS[match[2]]) if match else None


def size_text(size: int) -> str:
    """A number of bytes in the largest unit that it fills.

    >>> size_text(4_000_000_000)
    '4.0 GB'
    """
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} bytes"
