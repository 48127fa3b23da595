"""What a key did, and what may have to be drawn again for it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Flag, auto

import msgspec

from tui_annotate.editors.base import Outcome
from tui_annotate.keymap.keymap import Keymap

_GOES_ON: Mapping[str, str] = {
    "accept": "accepts",
    "first": "goes to the start",
    "next": "looks at the next",
    "next_span": "goes on",
    "quit": "quits",
}
"""What the keys do that messages name."""


class Changed(Flag):
    """What may have to be drawn again.

    Attributes:
        NOTHING: Nothing.
        VIEW: What the view shows of its editor.
        STATUS: The status line.
        LINES: All lines around the view.
        TASK: Another task or stage is open, or none is.
    """

    NOTHING = 0
    VIEW = auto()
    STATUS = auto()
    LINES = auto()
    TASK = auto()


class Step(msgspec.Struct, frozen=True):
    """What a key did.

    Attributes:
        action: The action it stands for; None for a key without meaning, the first of two,
            and one that a text field or a jump took.
        outcome: What came of it; None where nobody carried it out.
        changed: What may have to be drawn again.
    """

    action: str | None = None
    outcome: Outcome | None = None
    changed: Changed = Changed.NOTHING


def said_with_next_key(outcome: Outcome, keymap: Keymap) -> str | None:
    """What an outcome says, and which key goes on from there."""
    key = "" if outcome.then is None else keymap.shown(outcome.then)
    return f"{outcome.message}; {key} {_GOES_ON[outcome.then or '']}" if key else outcome.message
