"""What a key does: from the key to the action, to who carries that out, to what came of it.

The screen, a simulated annotator and tests press keys here; a `Step` says what is to be drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

from tui_annotate.editors.base import NOTHING, Outcome, stage
from tui_annotate.keymap.keymap import Keymap, is_label
from tui_annotate.session.decisions import Answer
from tui_annotate.session.engine import Stage
from tui_annotate.session.item import Item
from tui_annotate.session.step import Changed, Step, said_with_next_key
from tui_annotate.text.display import safe
from tui_annotate.wording import together

_ANSWERS: Mapping[str, Answer] = {"accept": "accept", "reject": "reject", "ignore": "ignore"}
_NEED_NO_EDITOR = frozenset(_ANSWERS) | {
    *("back", "previous", "next", "next_undecided", "goto", "waive"),
    *("quit", "help", "guidelines", "dark", "compact"),
}
"""What can be done while a task has no editor yet; a decision is refused then."""


class Offered(Protocol):
    """The labels of a session."""

    @property
    def blocks(self) -> Sequence[Sequence[str]]:
        """Those of each block; of all, where there are no blocks."""
        ...

    @property
    def offered(self) -> Mapping[str, int]:
        """Each with its colour."""
        ...


class Proposing(Protocol):
    """What a session proposes."""

    def asks(self, message: str | None) -> bool:
        """Whether a message ends in what is proposed for the open task."""
        ...

    def respond(self, *, yes: bool) -> Outcome:
        """Say yes or no to it."""
        ...


class TaskSession(Protocol):
    """What keys do to a session; the engine, or what stands for one."""

    @property
    def current(self) -> Item | None:
        """The task that is open."""
        ...

    @property
    def stage(self) -> Stage:
        """Whether one is open, and what is there if not."""
        ...

    @property
    def labels(self) -> Offered:
        """The labels on offer."""
        ...

    def pressed(self) -> None:
        """Count a key press."""
        ...

    def moved(self) -> None:
        """The view has moved the cursor."""
        ...

    def edit(self, command: str, argument: str | None = None) -> Outcome | None:
        """Give a command to the editor; None if it has no such command."""
        ...

    def decide(self, answer: Answer, pressed: float | None = None) -> Outcome:
        """Decide the task, unless it was not on the screen when the key was read."""
        ...

    def conclude(self, outcome: Outcome, pressed: float | None = None) -> Outcome:
        """Decide as a command of the editor did."""
        ...

    def skip_invalid(self) -> Outcome:
        """Pass over a line that is not a task."""
        ...

    def back(self) -> Outcome:
        """Reopen the task that was decided last."""
        ...

    def look(self, by: int) -> Outcome:
        """Open the task before or after, without deciding."""
        ...

    def next_undecided(self) -> Outcome:
        """Go to the next task that is not decided."""
        ...

    @property
    def proposals(self) -> Proposing:
        """What is proposed for the task."""
        ...

    def flag(self) -> Outcome:
        """Flag the task, or remove the flag."""
        ...

    def waive(self) -> Outcome:
        """Decide without waiting for suggestions."""
        ...


class TaskView(Protocol):
    """What the controller asks of the view of a task."""

    slots: Mapping[str, int]

    @property
    def takes_keys(self) -> bool:
        """Whether a text field of its own is open."""
        ...

    def take_key(self, key: str, character: str | None) -> bool:
        """Take a key for that field; whether it was one of the field's."""
        ...

    def show_hints(self) -> bool:
        """Put a hint over everything that can be jumped to; whether there is anything."""
        ...

    def jump(self, key: str) -> bool:
        """Take a key while hints are shown; whether they still are."""
        ...

    def run(self, command: str) -> Outcome | None:
        """Carry out an action that the view owns; None where it cannot."""
        ...

    def prepare(self, command: str) -> str | None:
        """Get ready for an action that the editor owns; what it acts with, if the view knows."""
        ...


class Questions(Protocol):
    """What asks the annotator before something is done."""

    def ask(self, name: str) -> Outcome | None:
        """Ask what an action wants to know; None for one that asks nothing."""
        ...

    def stop(self) -> Outcome | None:
        """Stop a search that still runs; None where none does."""
        ...


class Screen(Protocol):
    """What is around the task."""

    def carry_out(self, name: str) -> Outcome | None:
        """Carry out an action that the screen owns; None for any other."""
        ...


class Controller:
    """Turns keys into actions, and has their owners carry them out.

    Args:
        session: The session.
        view: The view of its tasks.
        questions: What asks.
        screen: What is around the view.
        keymaps: What each key does, at each stage of a task.

    Attributes:
        message: What the status line says until the next key, or None.
        warning: Whether the message outweighs all others.
        first_key: The first of two keys, once it is pressed.
        jumping: Whether the hint of a jump is being typed.
        has_room: Whether the terminal is large enough to show a task.
    """

    def __init__(
        self,
        session: TaskSession,
        view: TaskView,
        questions: Questions,
        screen: Screen,
        keymaps: Sequence[Keymap],
    ) -> None:
        self.session = session
        self.view = view
        self.questions = questions
        self.screen = screen
        self.keymaps = keymaps
        self.message: str | None = None
        self.warning = False
        self.first_key: str | None = None
        self.jumping = False
        self.has_room = True
        self._of_session: Mapping[str, Callable[[], Outcome]] = {
            "back": session.back,
            "previous": partial(session.look, -1),
            "next": partial(session.look, 1),
            "next_undecided": session.next_undecided,
            "flag": session.flag,
            "waive": session.waive,
            "yes": partial(session.proposals.respond, yes=True),
        }

    @property
    def keymap(self) -> Keymap:
        """What each key does now: at each stage of a task something else."""
        item = self.session.current
        return self.keymaps[stage(item.editor) if item is not None else 0]

    @property
    def hidden(self) -> bool:
        """Whether there is a task, and no room to show it."""
        return not self.has_room and self.session.stage == "open"

    # ── what is said ───────────────────────────────────────────────────────

    def warn(self, message: str) -> None:
        """Say something that outweighs all else until the next key."""
        self.message, self.warning = message, True

    def saved(self) -> None:
        """There is room on the disk again: what was warned of is saved."""
        if self.warning:
            self.message, self.warning = None, False

    def opened(self, remarks: Sequence[str] = ()) -> None:
        """Another task or stage is open: what was typed of a hint was meant for the one before.

        Args:
            remarks: What there is to say of it, before anything else that is being said.
        """
        self.jumping = False
        if remarks and not self.warning:
            self.message = together([*remarks, *([self.message] if self.message else [])])

    def update_labels(self) -> None:
        """Labels were added or renamed: they have a key and a colour."""
        labels = self.session.labels
        for keymap, names in zip(self.keymaps, labels.blocks, strict=True):
            keymap.set_labels(names)
        self.view.slots = labels.offered

    def actions(self) -> list[tuple[str, str, str]]:
        """Every action that there is now: its id, what it does, its keys."""
        keymap = self.keymap
        found = []
        for entry in keymap.table:
            does = entry.does
            if is_label(entry.id):
                if (label := keymap.label_of(entry.id)) is None:
                    continue
                does = safe(label, 40)
            if keymap.keys(entry.id):
                found.append((entry.id, does, keymap.shown(entry.id)))
        return found

    # ── keys ───────────────────────────────────────────────────────────────

    def press(self, key: str, character: str | None = None, read: float | None = None) -> Step:
        """Do what a key does.

        Args:
            key: Its name.
            character: What it prints, if anything.
            read: When it was read, in monotonic seconds.
        """
        if self.view.takes_keys and self.view.take_key(key, character):
            return self._typed(character)
        written = character if character is not None and key != "space" else key
        self.session.pressed()
        if self.jumping:
            self.jumping = self.view.jump(written)
            return Step(None, NOTHING, Changed.VIEW | Changed.STATUS)
        first, self.first_key = self.first_key, None
        found = self.keymap.resolve(written, first)
        if found is None or found[0] == "chord":
            return self._unfinished(written, first, None if found is None else found[1])
        name, argument = found
        if written == "n" and self.session.proposals.asks(self.message) and not is_label(name):
            self.message = self.session.proposals.respond(yes=False).message
            return Step("no", NOTHING, Changed.LINES)
        if self.hidden and name != "quit":
            return Step(name)
        self.message, self.warning = None, False
        return self.act(name, argument, read)

    def waits(self, key: str, character: str | None = None) -> bool:
        """Whether a key has to wait for the editor of the task, which is on its way."""
        if self.session.stage != "waiting" or self.jumping or self.view.takes_keys:
            return False
        written = character if character is not None and key != "space" else key
        found = self.keymap.resolve(written, self.first_key)
        return found is not None and found[0] not in _NEED_NO_EDITOR

    def _typed(self, character: str | None) -> Step:
        """A key went into a text field of the view."""
        self.session.pressed()
        self.message, self.warning = None, False
        around = Changed.LINES if not self.view.takes_keys or character is None else Changed.NOTHING
        return Step(None, NOTHING, Changed.VIEW | around)

    def _unfinished(self, key: str, first: str | None, begun: str | None) -> Step:
        """The first of two keys, or one that means nothing here."""
        self.first_key = begun
        if begun is None and key == "escape" and (stopped := self.questions.stop()) is not None:
            self.message = stopped.message
            return Step("escape", stopped, Changed.STATUS)
        if first is None and begun is None:
            if len(key) == 1 and not key.isascii():
                self.message = f"no key for “{key}” here; switch to a Latin layout"
                return Step(changed=Changed.STATUS)
            if self.message is None:
                return Step()
        lost = len(key) == 1 and first is not None and begun is None
        self.message = f"no label has the key {first}{key}" if lost else None
        return Step(changed=Changed.STATUS)

    # ── actions ────────────────────────────────────────────────────────────

    def act(self, name: str, argument: str | None = None, read: float | None = None) -> Step:
        """Have an action carried out by its owner.

        Args:
            name: Its id.
            argument: What it acts with, such as a label.
            read: When its key was read, in monotonic seconds.
        """
        if is_label(name):
            name, argument = "label", self.keymap.label_of(name)
        session, moves = self.session, self.keymap.moves(name)
        before, editor = session.current, session.current and session.current.editor
        outcome = self._carried_out(name, argument, read)
        if outcome is not None:
            self.message = said_with_next_key(outcome, self.keymap) or self.message
            if outcome.added or outcome.renamed:
                self.update_labels()
        changed = Changed.VIEW | Changed.LINES
        same = session.current is before and (before and before.editor) is editor
        if not same or session.stage in ("done", "empty", "invalid"):
            changed = Changed.TASK
        elif moves and self.message is None:
            changed = Changed.VIEW | Changed.STATUS
        return Step(name, outcome, changed)

    def _carried_out(self, name: str, argument: str | None, read: float | None) -> Outcome | None:
        if name == "escape" and (stopped := self.questions.stop()) is not None:
            return stopped
        owner = self.keymap.owner(name)
        if self.session.stage == "waiting" and owner in ("editor", "view", "hints"):
            return Outcome(message="the task is loading; key ignored")
        match owner:
            case "session" if name in _ANSWERS:
                return self._decided(_ANSWERS[name], read)
            case "session":
                return self._of_session[name]()
            case "editor":
                return self._edited(name, argument, read)
            case "view":
                if (outcome := self.view.run(name)) is not None:
                    self.session.moved()
                return outcome
            case "question":
                return self.questions.ask(name)
            case "screen":
                return self.screen.carry_out(name)
            case "hints":
                self.jumping = self.view.show_hints()
                return NOTHING
        return None

    def _decided(self, answer: Answer, read: float | None) -> Outcome:
        if self.session.stage != "invalid":
            return self.session.decide(answer, read)
        if answer == "ignore":
            return self.session.skip_invalid()
        return Outcome(message=f"this line is not a task; {self.keymap.shown('ignore')} skip")

    def _edited(self, name: str, argument: str | None, read: float | None) -> Outcome | None:
        own = self.view.prepare(name)
        outcome = self.session.edit(name, own if argument is None else argument)
        if outcome is None or outcome.answer is None:
            return outcome
        return self.session.conclude(outcome, read)
