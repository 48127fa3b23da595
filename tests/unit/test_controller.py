"""Keys without a screen: from the key to the action, to its owner, to what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.engine_bench import Bench, FakeProcess
from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.recipe import Block
from tui_annotate.session.controller import Controller
from tui_annotate.session.keymaps import keymaps
from tui_annotate.session.step import Changed, Step

TEXTS = ["Osei left Lyndale.", "Siemens moves to Bergen.", "Ribeiro flew to Ottawa."]
MOVED = Changed.VIEW | Changed.STATUS
EDITED = Changed.VIEW | Changed.LINES


class Around:
    """The view, the questions and the screen: they note what they are asked."""

    def __init__(self) -> None:
        self.slots: Mapping[str, int] = {}
        self.asked: list[tuple[str, str]] = []
        self.takes_keys = False
        self.hints: list[str] = []
        self.argument: str | None = None
        self.stopped: Outcome | None = None

    def take_key(self, key: str, character: str | None) -> bool:
        self.asked.append(("field", key))
        return key != "f1"

    def show_hints(self) -> bool:
        return bool(self.hints)

    def jump(self, key: str) -> bool:
        self.asked.append(("jump", key))
        return key in "".join(self.hints)

    def run(self, command: str) -> Outcome | None:
        self.asked.append(("view", command))
        return NOTHING

    def prepare(self, command: str) -> str | None:
        self.asked.append(("prepare", command))
        return self.argument

    def ask(self, name: str) -> Outcome | None:
        self.asked.append(("question", name))
        return NOTHING

    def stop(self) -> Outcome | None:
        return self.stopped

    def carry_out(self, name: str) -> Outcome | None:
        self.asked.append(("screen", name))
        return NOTHING


class Desk:
    """A session, its controller and what is around it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.around = Around()
        engine = bench.engine
        keys = keymaps(engine.context.description, engine.labels, engine.context.settings)
        self.controller = Controller(engine, self.around, self.around, self.around, keys)
        bench.paint()

    def press(self, *keys: str, read: float | None = None) -> Step:
        """Press keys; what the last one did."""
        step = Step()
        for key in keys:
            step = self.controller.press(key, key if len(key) == 1 else None, read)
        return step

    @property
    def message(self) -> str:
        return self.controller.message or ""


Open = Callable[..., Desk]


@pytest.fixture
def sit_down(tmp_path: Path) -> Iterator[Open]:
    opened: list[Bench] = []

    def opening(*tasks: Any, **options: Any) -> Desk:
        rows = [
            task if isinstance(task, bytes) else json.dumps({"text": task}).encode()
            for task in tasks or TEXTS
        ]
        source = tmp_path / "source.jsonl"
        source.write_bytes(b"\n".join(rows) + b"\n")
        opened.append(Bench(source, tmp_path / "out.jsonl", **options))
        return Desk(opened[-1])

    yield opening
    for bench in opened:
        bench.engine.close()


# ── owners ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("up", [("view", "up")]),
        (";", [("question", "label_by_name")]),
        ("/", [("question", "search")]),
        ("f12", [("screen", "dark")]),
        ("right", [("prepare", "right")]),
        ("1", [("prepare", "label")]),
        ("f", []),
    ],
)
def test_an_action_is_carried_out_by_its_owner(
    sit_down: Open, key: str, asked: list[tuple[str, str]]
) -> None:
    desk = sit_down()
    step = desk.press(key)
    assert step.outcome is not None
    assert desk.around.asked == asked


def test_the_editor_labels_and_the_session_flags(sit_down: Open) -> None:
    desk = sit_down()
    desk.press("right", "2", "f")
    assert desk.bench.spans == [("left", "ORG")]
    item = desk.bench.engine.current
    assert item is not None
    assert item.flagged
    assert desk.message == "flagged"


def test_what_only_the_view_knows_is_the_argument_unless_the_key_has_one(sit_down: Open) -> None:
    desk = sit_down()
    desk.around.argument = "GPE"
    desk.press("1")
    assert desk.bench.spans == [("Osei", "PER")]


def test_an_action_of_no_view_here_is_carried_out_by_nobody(sit_down: Open) -> None:
    desk = sit_down()
    assert desk.controller.act("play_pause").outcome is None
    assert desk.around.asked == []


# ── what is drawn ──────────────────────────────────────────────────────────


def test_a_key_says_what_it_may_have_changed(sit_down: Open) -> None:
    desk = sit_down()
    assert desk.press("right").changed == MOVED
    assert desk.press("up").changed == MOVED
    assert desk.press("1").changed == EDITED
    assert desk.press("tab").changed == EDITED
    assert desk.press("a").changed == Changed.TASK
    assert desk.press("Q").changed == Changed.NOTHING


def test_a_message_stands_until_the_next_key(sit_down: Open) -> None:
    desk = sit_down()
    desk.press("f")
    assert desk.message == "flagged"
    assert desk.press("Q").changed == Changed.STATUS
    assert desk.message == ""
    desk.controller.warn("the disk is full")
    desk.controller.opened(["the task has another label"])
    assert desk.message == "the disk is full"
    desk.controller.saved()
    assert desk.message == ""
    desk.controller.opened(["the task has another label"])
    assert desk.message == "the task has another label"


# ── keys of several parts ──────────────────────────────────────────────────


def test_two_keys_give_a_label_and_a_wrong_second_one_says_so(sit_down: Open) -> None:
    desk = sit_down(labels=("PER", "ORG"), keys={"PER": "p p"})
    assert desk.press("p") == Step(changed=Changed.STATUS)
    assert desk.controller.first_key == "p"
    desk.press("x")
    assert desk.message == "no label has the key px"
    assert desk.bench.stage == "open"
    assert desk.bench.spans == []
    desk.press("p", "p")
    assert desk.bench.spans == [("Osei", "PER")]
    assert desk.controller.first_key is None


def test_while_a_hint_is_typed_every_key_is_a_part_of_it(sit_down: Open) -> None:
    desk = sit_down()
    desk.press("s")
    assert not desk.controller.jumping
    desk.around.hints = ["qa"]
    desk.press("s")
    assert desk.controller.jumping
    assert desk.press("q").changed == MOVED
    assert desk.controller.jumping
    desk.press("x")
    assert not desk.controller.jumping
    assert desk.around.asked == [("jump", "q"), ("jump", "x")]
    assert desk.bench.engine.pace.tally.all == 0


def test_another_task_ends_the_typing_of_a_hint(sit_down: Open) -> None:
    desk = sit_down()
    desk.around.hints = ["qa"]
    desk.press("s")
    desk.controller.opened()
    desk.press("1")
    assert desk.bench.spans == [("Osei", "PER")]


def test_a_text_field_of_the_view_takes_its_keys_before_all_else(sit_down: Open) -> None:
    desk = sit_down()
    desk.around.takes_keys = True
    assert desk.press("a").changed == Changed.VIEW
    assert desk.press("enter").changed == EDITED
    assert desk.bench.engine.pace.tally.all == 0
    desk.press("f1")
    assert desk.around.asked[-2:] == [("field", "f1"), ("question", "help")]


def test_escape_stops_a_search_in_every_view(sit_down: Open) -> None:
    for view in ("spans", "choice"):
        desk = sit_down(view=view, labels=("PER", "ORG"))
        desk.around.stopped = Outcome(message="search stopped")
        desk.press("escape")
        assert desk.message == "search stopped"
        assert desk.around.asked == []


# ── what must not act ──────────────────────────────────────────────────────


def test_a_decision_read_before_the_frame_is_dropped(sit_down: Open) -> None:
    desk = sit_down()
    desk.bench.paint(10.0)
    desk.press("a", read=10.1)
    assert desk.bench.text == TEXTS[1]
    for key in ("a", "x", "space"):
        desk.press(key, read=10.2)
        assert desk.message == "the task was not on screen yet; key ignored"
    desk.bench.paint(10.3)
    desk.press("a", read=10.2)
    assert desk.bench.text == TEXTS[1]
    desk.press("1", "a", read=10.4)
    assert desk.bench.text == TEXTS[2]


def test_a_choice_read_before_the_frame_is_taken_back(sit_down: Open) -> None:
    desk = sit_down(view="choice", labels=("good", "bad"))
    item = desk.bench.engine.current
    assert item is not None
    editor: Any = item.editor
    desk.press("2", read=-1.0)
    assert desk.message == "the task was not on screen yet; key ignored"
    assert not editor.chosen
    desk.press("2", read=1.0)
    assert desk.bench.lines()[0]["accept"] == ["bad"]


def test_where_there_is_no_room_for_the_task_only_quitting_acts(sit_down: Open) -> None:
    desk = sit_down()
    desk.controller.has_room = False
    assert desk.controller.hidden
    for key in ("1", "a", "x", "f", ";", "up", "f12"):
        assert desk.press(key).changed == Changed.NOTHING
    assert desk.bench.spans == []
    assert desk.bench.text == TEXTS[0]
    desk.press("q")
    assert desk.around.asked == [("screen", "quit")]
    desk.controller.has_room = True
    desk.press("1")
    assert desk.bench.spans == [("Osei", "PER")]


def test_a_line_that_is_no_task_can_be_skipped_and_not_decided(sit_down: Open) -> None:
    desk = sit_down(b'{"text": 7}', TEXTS[0])
    assert desk.bench.stage == "invalid"
    for key in ("a", "x"):
        assert desk.press(key).changed == Changed.TASK
        assert desk.message == "this line is not a task; space skip"
        assert desk.bench.stage == "invalid"
    desk.press("1", "tab")
    assert desk.bench.stage == "invalid"
    desk.press("space")
    assert desk.bench.text == TEXTS[0]


def test_suggestions_that_were_not_painted_are_not_accepted(sit_down: Open) -> None:
    from tui_annotate.suggest.messages import SuggesterSpec

    model = SuggesterSpec(kind="entities", name="model", options={"model": "m"})
    desk = sit_down(process=FakeProcess(), specs=[model], correct=True)
    bench = desk.bench
    bench.tokenise(0)
    bench.paint(1.0)
    desk.press("a", read=2.0)
    assert "suggestions are loading" in desk.message
    bench.suggest(0, ("Osei", "PER", "model"))
    desk.press("a", read=3.0)
    assert "suggestions are loading" in desk.message
    bench.paint(4.0)
    desk.press("a", read=3.9)
    assert desk.message == "the task was not on screen yet; key ignored"
    desk.press("a", read=4.1)
    assert [line["answer"] for line in bench.lines()] == ["accept"]


# ── stages and labels ──────────────────────────────────────────────────────


BLOCKS = [
    Block("spans", title="entities", labels=["PER", "ORG"]),
    Block("choice", title="class", labels=["trade", "sport"]),
]


def test_each_stage_has_its_own_keys_and_has_to_be_painted(sit_down: Open) -> None:
    desk = sit_down(view="blocks", labels=(), blocks=BLOCKS)
    item = desk.bench.engine.current
    assert item is not None
    assert desk.controller.keymap.view == "spans"
    desk.press("a", read=1.0)
    assert desk.controller.keymap.view == "choice"
    # A frame of the first block that was on its way shows nothing of the second.
    desk.bench.engine.painted(item, 2.0, at_stage=0)
    desk.press("2", read=3.0)
    assert desk.message == "the task was not on screen yet; key ignored"
    desk.bench.engine.painted(item, 3.0, at_stage=1)
    desk.press("2", read=4.0)
    assert desk.bench.lines()[0]["accept"] == ["sport"]


def test_labels_that_were_added_have_a_key_and_a_colour(sit_down: Open) -> None:
    desk = sit_down()
    desk.bench.engine.add_label("LAW")
    desk.controller.update_labels()
    assert desk.controller.keymap.label_key("LAW") == "4"
    assert desk.around.slots == desk.bench.engine.labels.offered
    desk.press("4")
    assert desk.bench.spans == [("Osei", "LAW")]


def test_every_action_is_listed_with_its_key_and_labels_by_name(sit_down: Open) -> None:
    found = {name: (does, key) for name, does, key in sit_down().controller.actions()}
    assert found["accept"] == ("accept as shown, next", "a")
    assert found["label_2"] == ("ORG", "2")
    assert "label_4" not in found
    assert "play_pause" not in found


def test_moving_is_a_matter_of_the_table() -> None:
    keymap = Keymap("spans", ["PER"])
    assert keymap.moves("left")
    assert not keymap.moves("next_span")
    assert not keymap.moves("label")
    assert keymap.owner("play_pause") is None
