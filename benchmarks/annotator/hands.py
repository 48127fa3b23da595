"""Hands on the keys of a session of one task: the controller, without a screen or a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.keymap.keymap import Keymap
from tui_annotate.session.controller import Controller, TaskView
from tui_annotate.session.decisions import Answer
from tui_annotate.session.engine import Stage
from tui_annotate.session.item import Item
from tui_annotate.task.task import Origin, Task

_TASK = Task({"text": ""}, "0" * 16, Origin("gold", 1), 0)
"""What is annotated is in the editor; nobody looks at the task."""


@dataclass(slots=True)
class Labels:
    """The labels of a session: those of the corpus."""

    blocks: Sequence[Sequence[str]]
    offered: Mapping[str, int] = field(default_factory=dict)


class NothingProposed:
    """A session that proposes nothing."""

    def asks(self, message: str | None) -> bool:
        """Never."""
        return False

    def respond(self, *, yes: bool) -> Outcome:
        """Nothing comes of it."""
        return NOTHING


class OneTask:
    """A session of one task that is on the screen at once, and nothing is saved of it."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.current: Item | None = Item(_TASK, 0)
        self.stage: Stage = "open"
        self.labels = Labels([labels])
        self.proposals = NothingProposed()
        self.answer: Answer | None = None

    def open(self, editor: Any) -> None:
        """Work on the task of an editor."""
        assert self.current is not None
        self.current.editor = editor
        self.answer = None

    def pressed(self) -> None:
        """Nothing: keys are counted elsewhere."""

    def moved(self) -> None:
        """Nothing: there are no drafts."""

    def edit(self, command: str, argument: str | None = None) -> Outcome | None:
        """Give a command to the editor."""
        assert self.current is not None
        assert self.current.editor is not None
        return self.current.editor.do(command, argument)

    def decide(self, answer: Answer, pressed: float | None = None) -> Outcome:
        """Take the decision down."""
        self.answer = answer
        return NOTHING

    def conclude(self, outcome: Outcome, pressed: float | None = None) -> Outcome:
        """Take the decision down that a command amounts to."""
        self.answer = outcome.answer
        return outcome

    def skip_invalid(self) -> Outcome:
        """There is nothing to skip."""
        return NOTHING

    def back(self) -> Outcome:
        """There is no other task."""
        return NOTHING

    def look(self, by: int) -> Outcome:
        """There is no other task."""
        return NOTHING

    def next_undecided(self) -> Outcome:
        """There is no other task."""
        return NOTHING

    def flag(self) -> Outcome:
        """Nothing is flagged."""
        return NOTHING

    def waive(self) -> Outcome:
        """Suggestions are there at once."""
        return NOTHING


class Unseen:
    """A view of which nothing matters to the keys."""

    slots: Mapping[str, int]
    takes_keys = False

    def take_key(self, key: str, character: str | None) -> bool:
        """There is no field."""
        return False

    def show_hints(self) -> bool:
        """There is nothing to jump to."""
        return False

    def jump(self, key: str) -> bool:
        """There is nothing to jump to."""
        return False

    def run(self, command: str) -> Outcome | None:
        """Nothing depends on what is in sight."""
        return None

    def prepare(self, command: str) -> str | None:
        """The editor knows everything."""
        return None


class Fields:
    """Text fields and lists, as far as keys tell: what is typed, and how far down it goes."""

    def __init__(self) -> None:
        self.asked: str | None = None
        self._typed, self._down = "", 0

    def ask(self, name: str) -> Outcome | None:
        """Open a field."""
        self.asked, self._typed, self._down = name, "", 0
        return NOTHING

    def stop(self) -> Outcome | None:
        """No search runs."""
        return None

    def key(self, key: str) -> tuple[str, str, int] | None:
        """Take a key; once that closes the field: its action, what was typed, how far down."""
        assert self.asked is not None
        if key == "enter":
            name, self.asked = self.asked, None
            return name, self._typed, self._down
        if key == "down":
            self._down += 1
        else:
            self._typed, self._down = self._typed + key, 0
        return None


class Hands:
    """Presses keys as an annotator does.

    Args:
        keymap: What the keys do.
        view: The view that they act on.
        answer: Told of a field that was closed: its action, what was typed, how far down.
    """

    def __init__(
        self,
        keymap: Keymap,
        view: TaskView | None = None,
        answer: Callable[[str, str, int], object] = lambda name, typed, down: None,
    ) -> None:
        self.session = OneTask(keymap.labels)
        self.fields = Fields()
        self.controller = Controller(self.session, view or Unseen(), self.fields, self, [keymap])
        self._answer = answer

    def carry_out(self, name: str) -> Outcome | None:
        """There is no screen."""
        return None

    def press(self, key: str) -> bool:
        """Press a key; whether it has done all that it does, and awaits no others.

        Raises:
            ValueError: It does nothing.
        """
        if self.fields.asked is not None:
            closed = self.fields.key(key)
            if closed is not None:
                self._answer(*closed)
            return closed is not None
        controller = self.controller
        step = controller.press(key, key if len(key) == 1 else None)
        if step.outcome is None and controller.first_key is None:
            raise ValueError(f"{key!r} does nothing")
        return not (controller.jumping or controller.first_key or self.fields.asked)
