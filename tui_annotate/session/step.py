"""What a key did, and what may have to be drawn again for it."""

from __future__ import annotations

from enum import Flag, auto

import msgspec

from tui_annotate.editors.base import Outcome


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
