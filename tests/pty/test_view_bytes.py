"""What a key costs in the views beside that of spans: the same budgets, exact."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

from tests.pty.conftest import Desk
from tests.pty.costs import TOKENS, cost, long_task
from tests.pty.terminal import Terminal

pytestmark = [pytest.mark.pty, pytest.mark.slow]

DEPTHS = [
    pytest.param("truecolor", 600, id="true colour"),
    pytest.param("", 400, id="256 colours"),
]
MOVES = [*20 * ["right"], *6 * ["left"], "down", "down", "up", *6 * ["right"], "home", "end"]
MIDDLE = ["pagedown", "pagedown", *5 * ["down"], "home"]
"""Keys that lead into the middle of a screen, from where no step scrolls."""

UPOS = ("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "NOUN", "PRON", "PROPN", "PUNCT", "VERB")


def start(desk: Desk, task: dict[str, Any], recipe: str, *options: str, colours: str) -> Terminal:
    """A session on one long task, its text on the screen."""
    desk.source(task)
    running = desk.start(
        "source.jsonl",
        *options,
        recipe=recipe,
        labels=None,
        environment={"COLORTERM": colours},
        rows=40,
        columns=120,
    )
    return arrived(running, task)


def arrived(terminal: Terminal, task: dict[str, Any]) -> Terminal:
    """Wait until a task's text stands in the view."""
    first = task["text"].split()[0]
    at_start = f"   {first}"
    terminal.wait_for(lambda on: any(row.startswith(at_start) for row in on.lines[3:-3]))
    return terminal.settle()


def check(
    terminal: Terminal, most: int, labels: Sequence[str], moves: Sequence[str], turns: int = 0
) -> None:
    """Every move is within its budget, and every key that labels.

    Args:
        terminal: The session.
        most: The bytes of a move.
        labels: The keys that label; each is followed by a step.
        moves: The keys that move.
        turns: How many of the moves may show something else beside the text: they
            may cost as much as a key that labels, or a page of the list.
    """
    found = sorted(zip(cost(terminal, *moves), moves, strict=True))
    assert found[-1 - turns][0] <= most, found[-6:]
    assert found[-1][0] <= (3000 if turns else most)
    if labels:
        keys = [key for label in labels for key in (label, "right")]
        costs = cost(terminal, *keys)[::2]
        assert max(costs) <= 1000, list(zip(labels, costs, strict=True))


@pytest.mark.parametrize(("colours", "most"), DEPTHS)
def test_tags(desk: Desk, colours: str, most: int) -> None:
    task = long_task(0)
    chance = random.Random(3)
    task["spans"] = [
        {"start": token["start"], "end": token["end"], "label": chance.choice(UPOS)}
        for token in task["tokens"]
    ]
    terminal = start(desk, task, "pos.manual", colours=colours)
    terminal.press(*MIDDLE).settle()
    # A letter of the tag set tags and moves on.
    check(terminal, most, ["n", "v", "j", "n", "v", "j"], MOVES)


@pytest.mark.parametrize(("colours", "most"), DEPTHS)
def test_keyphrases(desk: Desk, colours: str, most: int) -> None:
    task = long_task(0.3)
    for span in task["spans"]:
        span["label"] = "KEYPHRASE"
    terminal = start(desk, task, "keyphrase.manual", colours=colours)
    terminal.press(*MIDDLE).settle()
    # The list beside the text turns half a page where the text leads past its end.
    check(terminal, most, ["1", "d", "1", "1", "d", "1"], MOVES, turns=1)


@pytest.mark.parametrize(("colours", "most"), DEPTHS)
def test_links(desk: Desk, colours: str, most: int) -> None:
    rows = 'id,name,description\nE1,Osei,"politician, mayor"\nE2,Görlitz,town\nE3,Osei,painter\n'
    (desk.folder / "kb.csv").write_text(rows, encoding="utf-8")
    task = long_task(0.3)
    for number, span in enumerate(task["spans"]):
        span["kb_id"] = f"E{number % 3 + 1}" if number % 4 else "NIL"
    terminal = start(
        desk, task, "el.manual", "--kb", "kb.csv", "-l", "PER,ORG,GPE", colours=colours
    )
    terminal.press(*MIDDLE).settle()
    # A mention brings its candidates with it: what is sent is what there is to read.
    panel, found = _panel(terminal), []
    for move in MOVES[:-2]:
        (sent,) = cost(terminal, move)
        before, panel = panel, _panel(terminal)
        found.append((sent, move, panel != before))
    assert max(sent for sent, _, brings in found if not brings) <= most, found
    assert max(sent for sent, _, brings in found if brings) <= 1000, found
    check(terminal, 1000, ["1", "0", "1", "2", "0", "1"], ["right"])


def _panel(terminal: Terminal) -> list[str]:
    return terminal.lines[-13:-3]


@pytest.mark.parametrize(("colours", "most"), DEPTHS)
def test_punctuation(desk: Desk, colours: str, most: int) -> None:
    chance = random.Random(3)
    words = ["the", "left", "plant", "in", "Görlitz", "again,", "quickly.", "where?", "their"]
    text = " ".join(chance.choice(words) for _ in range(TOKENS))
    terminal = start(desk, {"text": text}, "punct.manual", colours=colours)
    terminal.press(*MIDDLE).settle()
    check(terminal, most, [",", ".", "d", "?", "d", ","], MOVES)


@pytest.mark.parametrize(("colours", "most"), DEPTHS)
def test_choices(desk: Desk, colours: str, most: int) -> None:
    task = {
        "text": long_task(0)["text"],
        "scores": {"sport": 0.8, "politics": 0.15, "arts": 0.03, "money": 0.02},
    }
    options = ("-l", "sport,politics,arts,money,weather", "--multiple")
    terminal = start(desk, task, "textcat.manual", *options, colours=colours)
    check(terminal, most, [], ["down", "down", "up", "tab", "shift+tab", "down", "down", "down"])
    costs = cost(terminal, "1", "2", "3", "1", "2", "d")
    assert max(costs) <= 1000, costs


WORDS = "Angela Osei Siemens left the plants for Görlitz quickly, again where their factory behind "
WORDS += "Bautzen, slowly, never yesterday and tomorrow"

DECIDED = {
    "pos.manual": (),
    "keyphrase.manual": (),
    "el.manual": ("--kb", "kb.csv", "-l", "PER"),
    "punct.manual": (),
    "textcat.manual": ("-l", "sport,politics,arts,money,weather", "--multiple"),
}


@pytest.mark.parametrize("recipe", DECIDED)
def test_deciding_and_showing_the_next_task(desk: Desk, recipe: str) -> None:
    rows = 'id,name,description\nE1,Osei,"politician, mayor"\nE2,Angela,town\nE3,Osei,painter\n'
    (desk.folder / "kb.csv").write_text(rows, encoding="utf-8")
    chance = random.Random(7)
    tasks = [_task(recipe, chance) for _ in range(6)]
    desk.source(*tasks)
    terminal = desk.start(
        "source.jsonl", *DECIDED[recipe], recipe=recipe, labels=None, rows=40, columns=120
    )
    arrived(terminal, tasks[0])
    costs = []
    for number in range(2, 6):
        costs += cost(terminal, "a")
        assert f"{number} of 6" in terminal.lines[0], terminal.text
    assert max(costs) <= 6000, costs


def _task(recipe: str, chance: random.Random) -> dict[str, Any]:
    """A task of 200 tokens, labelled as densely as newspaper text is."""
    text = " ".join(chance.choice(WORDS.split()) for _ in range(200))
    starts = [0, *(at + 1 for at, letter in enumerate(text) if letter == " ")]
    tokens = [(at, at + len(text[at:].split(" ")[0])) for at in starts]
    spans: list[dict[str, Any]] = [{"start": start, "end": end} for start, end in tokens]
    names = [s for s in spans if text[s["start"] : s["end"]] in ("Angela", "Osei", "Siemens")]
    match recipe:
        case "pos.manual":
            ids = [
                {"text": text[a:b], "start": a, "end": b, "id": number, "ws": True}
                for number, (a, b) in enumerate(tokens)
            ]
            tags = [{**span, "label": chance.choice(UPOS)} for span in spans]
            return {"text": text, "tokens": ids, "spans": tags}
        case "keyphrase.manual":
            return {"text": text, "spans": [{**span, "label": "KEYPHRASE"} for span in names]}
        case "el.manual":
            return {"text": text, "spans": [{**s, "label": "PER", "kb_id": "E1"} for s in names]}
        case "textcat.manual":
            scores = [chance.random() for _ in range(5)]
            labels = ("sport", "politics", "arts", "money", "weather")
            return {"text": text, "scores": dict(zip(labels, scores, strict=True))}
    return {"text": text}
