"""An action of the key table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

Owner = Literal["session", "editor", "view", "question", "screen", "hints", "field"]
"""Who carries an action out.

The session decides and goes from task to task; the editor changes the annotation; the view does
what depends on what is in sight or heard; a question asks something first; the screen is what is
around the view; with hints, the next keys are typed; a text field of a view has its own keys.
"""


class Action(msgspec.Struct, frozen=True):
    """Something a key does.

    Attributes:
        id: Its name in the user's config and in the command palette.
        keys: The keys that do it, the one to show first.
        does: What it does, as the help shows it.
        group: The part of the interface it belongs to.
        owner: Who carries it out.
        moves: Whether only the cursor moves, and of the lines around the view only the status line
            can differ.
    """

    id: str
    keys: tuple[str, ...]
    does: str
    group: str
    owner: Owner
    moves: bool = False


_MOVES = frozenset(
    {"left", "right", "up", "down", "line_start", "line_end", "extend_left", "extend_right"}
)

Row = tuple[str, str, str] | tuple[str, str, str, Owner]
"""An action's id, its keys and what it does; and its owner, where that is not the group's."""


def actions(group: str, owner: Owner, rows: Iterable[Row]) -> list[Action]:
    """The actions of a group; all have its owner but those whose row names another."""
    return [
        Action(name, tuple(keys.split()), does, group, own[0] if own else owner, name in _MOVES)
        for name, keys, does, *own in rows
    ]
