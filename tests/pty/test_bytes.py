"""How many bytes a key costs: the figures of the design, exact, so they belong here."""

from __future__ import annotations

import json
import random
import re

import pytest

from tests.pty.conftest import Desk, at
from tests.pty.costs import cost, long_task

pytestmark = [pytest.mark.pty, pytest.mark.slow]


@pytest.fixture(scope="module")
def task() -> str:
    return json.dumps(long_task(0.3))


@pytest.mark.parametrize(
    ("environment", "most"),
    [({"COLORTERM": "truecolor"}, 600), ({"COLORTERM": ""}, 400)],
    ids=["true colour", "256 colours"],
)
def test_a_cursor_key_and_a_label_key_in_a_long_document(
    desk: Desk, task: str, environment: dict[str, str], most: int
) -> None:
    source = desk.folder / "source.jsonl"
    source.write_text(task + "\n", encoding="utf-8")
    terminal = desk.start(source, environment=environment, rows=40, columns=120)
    terminal.wait_for(at(0))
    # Into the middle of a screen, from where every kind of step is one without scrolling.
    terminal.press("pagedown", "pagedown", *5 * ["down"], "home")
    # Keys act in order: what is seen of the last one comes after the pages that were turned.
    terminal.press("f").wait_for("flagged").press("f").wait_for("flag removed")
    terminal.press("right").wait_for(lambda t: "flagged" not in t.text)
    terminal.press("left").settle()
    moves = [*30 * ["right"], *10 * ["left"], "down", "down", "up", *10 * ["right"], "home", "end"]
    costs = cost(terminal, *moves)
    assert max(costs) <= most, sorted(zip(costs, moves, strict=True))[-5:]
    labels = [key for n in range(12) for key in (str(n % 3 + 1), "right", "right")]
    costs = [c for c, key in zip(cost(terminal, *labels), labels, strict=True) if key != "right"]
    assert max(costs) <= 1000, costs
    # A page is turned now and then; over all of them a step stays within its budget.
    downs = cost(terminal, *20 * ["down"])
    assert sum(downs) / len(downs) <= most, downs


def test_deciding_and_showing_the_next_task(desk: Desk) -> None:
    chance = random.Random(7)
    # As dense as newspaper text: of twenty words three are names.
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
    terminal = desk.start(rows=40, columns=120).wait_for("1 of 8").wait_for(at(0)).settle()
    costs = []
    for number in range(2, 8):
        costs += cost(terminal, "a")
        assert f"{number} of 8" in terminal.lines[0]
    assert max(costs) <= 6000, costs
