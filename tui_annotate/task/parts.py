"""Parts of a file that are the same each time: drawn by a hash of the input."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tui_annotate.errors import UsageError
from tui_annotate.store.digest import blake2b
from tui_annotate.task.task import input_hash


def place_of(fields: Mapping[str, Any], seed: str = "") -> float:
    """A number from 0 to 1 that depends on the input alone, evenly spread over inputs.

    The same text or sound has the same number in every file, so that no input is in two parts.

    Args:
        fields: A record.
        seed: Another one gives other numbers.
    """
    data = f"{seed}:{input_hash(fields)}".encode()
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big") / 2**64


def share(text: str, where: str) -> float:
    """Read a share such as ``0.2`` or ``20%``.

    Raises:
        UsageError: It is none.
    """
    match = re.fullmatch(r"\s*(\d*\.?\d+|\d+\.)\s*(%?)\s*", text, re.ASCII)
    value = float(match[1]) / (100 if match[2] else 1) if match else -1.0
    if not 0 < value < 1:
        raise UsageError("this is not a share between 0 and 1", where=where, do="write 0.2 or 20%")
    return value
