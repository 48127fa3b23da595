"""How many bytes a key costs: the figures of the design, exact, so they belong here."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

pytestmark = [pytest.mark.pty, pytest.mark.slow]

TOKENS = 100_000


def long_task(labelled: float) -> dict[str, Any]:
    """A text of 100,000 tokens, so many of which are labelled; of spans of one to three tokens."""
    chance = random.Random(5)
    words = ["Angela", "Osei", "Siemens", "left", "the", "plants", "for", "Görlitz", "quickly,"]
    words += ["again", "where", "their", "factory", "behind", "Bautzen,", "slowly,", "never"]
    words += ["yesterday", "and", "tomorrow"]
    tasks = []
    for _ in range(8):
        text = " ".join(chance.choice(words) for _ in range(200))
        found = re.finditer("Angela|Osei|Siemens", text)
        spans = [{"start": m.start(), "end": m.end(), "label": "PER"} for m in found]
        tasks.append({"text": text, "spans": spans})
    desk.source(*tasks)
    terminal = desk.start(rows=40, columns=120).wait_for("1 of 8").wait_for("token 1").settle()
    costs = []
    for number in range(2, 8):
        costs += cost(terminal, "a")
        assert f"{number} of 8" in terminal.lines[0]
    assert max(costs) <= 6000, costs
