"""What the session and the views ask of every editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec

from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment


class Outcome(msgspec.Struct, frozen=True):
    """What a command did.

    Attributes:
        edited: Whether the annotation changed.
        message: One line for the status line, or None.
        answer: The decision that the command amounts to, as a single choice
            does; None for one that leaves the task open.
        added: A label that is on offer from now on, or None.
        renamed: A label on offer and what it is called from now on, or None.
        then: The action whose key the message goes on to name, where nothing is left of this one.
        renamed_speaker: Whether somebody who is no label has another name.
    """

    edited: bool = False
    message: str | None = None
    answer: Literal["accept", "reject", "ignore"] | None = None
    added: str | None = None
    renamed: tuple[str, str] | None = None
    then: str | None = None
    renamed_speaker: bool = False


NOTHING = Outcome()


class Restored(msgspec.Struct, frozen=True):
    """What became of a draft that was taken up again.

    Attributes:
        adapted: What was changed to fit the task, a sentence each.
        left_out: What could not be kept, a sentence each.
        ask_again: Whether the sources should be asked again what they suggest.
    """

    adapted: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    ask_again: bool = False

    def __add__(self, other: Restored) -> Restored:
        """What became of both of two parts of a draft."""
        return Restored(
            self.adapted + other.adapted,
            self.left_out + other.left_out,
            self.ask_again or other.ask_again,
        )


AS_IT_WAS = Restored()
"""All of it is there again, as it was left."""


class Editor(Protocol):
    """The state of one task's annotation, and the commands that change it.

    An editor never draws and never reads keys; a test, a script or a
    simulated annotator can drive it.
    """

    @property
    def edited(self) -> bool:
        """Whether the annotator has changed anything."""
        ...

    @property
    def offered(self) -> Sequence[Suggestion]:
        """Every suggestion that has been offered, as it was offered."""
        ...

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        ...

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take suggestions in; after the first edit they come as one undoable step."""
        ...

    def withdraw(self, source: str) -> Outcome:
        """Take out what a source suggested and nobody has looked at."""
        ...

    def add_label(self, label: str) -> None:
        """Take note of a label that is on offer from now on."""
        ...

    def counts(self) -> Mapping[str, int]:
        """How often each label stands in the task."""
        ...

    def fields(self) -> dict[str, Any]:
        """What the annotation adds to the task's line.

        ``_view_id`` is among it where that depends on the task.
        """
        ...

    def state(self) -> dict[str, Any]:
        """Everything a draft has to keep, as plain JSON values."""
        ...

    def restore(self, state: Mapping[str, Any], moved: Alignment = SAME) -> Restored:
        """Take up a draft again, as far as it fits the task that is there now.

        Args:
            state: What `state` gave.
            moved: Where the parts of the text are that it was made of.

        Raises:
            ValueError: It is no draft of such a task at all.
        """
        ...


@runtime_checkable
class Staged(Protocol):
    """An editor that is gone through in stages, each with an editor of its own."""

    at: int
    """The stage one is at, from 0."""

    @property
    def is_last(self) -> bool:
        """Whether no stage comes after it."""
        ...

    @property
    def inner(self) -> Editor:
        """The editor of that stage."""
        ...

    def advance(self) -> Outcome | None:
        """Go on to the next stage; None on the last one, which an acceptance ends."""
        ...

    def retreat(self) -> Outcome | None:
        """Go back to the stage before; None on the first one."""
        ...


def stage(editor: Editor | None) -> int:
    """The stage that an editor is at; 0 for one without stages."""
    return editor.at if isinstance(editor, Staged) else 0


def innermost(editor: Editor | None) -> Editor | None:
    """The editor that commands reach at the stage one is at."""
    return innermost(editor.inner) if isinstance(editor, Staged) else editor


@runtime_checkable
class Ahead(Protocol):
    """An editor that can make a part of its fields before the task is decided."""

    def make_ahead(self) -> None:
        """Make what no command changes; the task is painted by now."""
        ...


@runtime_checkable
class Refusing(Protocol):
    """An editor that cannot be decided in every state."""

    def refusal(self, answer: str) -> str | None:
        """Why a decision cannot be made as things are, in one line; None if it can."""
        ...


@runtime_checkable
class Doubting(Protocol):
    """An editor that can be accepted half done, once the annotator knows what is missing."""

    def doubt(self) -> str | None:
        """What is missing, in a few words; None if nothing is."""
        ...


@runtime_checkable
class Remarking(Protocol):
    """An editor that could not take all of its task as it came."""

    @property
    def remarks(self) -> Sequence[str]:
        """What the user should know of that, one sentence each."""
        ...


@runtime_checkable
class Informing(Protocol):
    """An editor whose task teaches the sources of suggestions before it is decided."""

    @property
    def evidence(self) -> Sequence[tuple[int, int, str]] | None:
        """Start, end and label of what the annotator holds to be so by now.

        It is the same object as long as nothing of it changes; None where nothing is taught.
        """
        ...
