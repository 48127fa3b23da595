"""How many examples Hypothesis tries: some in the suite, many in `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import settings

FUZZ = os.environ.get("FUZZ") == "1"

SUITE = 30
"""Of a property that asks for no number of its own."""

MORE = 25
"""How many times as many `make fuzz` tries."""


def examples(number: int = SUITE) -> settings:
    """The settings of a property that wants another number of examples in the suite."""
    return settings(max_examples=number * MORE if FUZZ else number, deadline=None)
