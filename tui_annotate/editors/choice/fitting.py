"""A draft of classes made to fit a task that has other options, or another question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from tui_annotate.editors.base import Restored
from tui_annotate.editors.choice.fields import Option, Style
from tui_annotate.wording import printable


class Fitted(NamedTuple):
    """What of a draft the options of a task allow.

    Attributes:
        chosen: The options that are chosen.
        order: The options in the order of the list.
        at: The place of the mark in it, if there is one.
        restored: What there is to say of it.
    """

    chosen: frozenset[str]
    order: tuple[str, ...]
    at: int | None
    restored: Restored


def fitted(state: Mapping[str, Any], style: Style, options: Mapping[str, Option]) -> Fitted:
    """Take of a draft what the options of a task allow.

    Args:
        state: The draft.
        style: How many options can be chosen.
        options: The options, by their labels.

    Raises:
        ValueError: It is no draft of classes.
    """
    chosen, order, at = state["chosen"], state["order"], state["at"]
    if not isinstance(chosen, list) or not isinstance(order, list):
        raise ValueError("no lists of options")
    if not (at is None or isinstance(at, int)):
        raise ValueError("no place of the mark")
    kept = [label for label in chosen if label in options and style != "binary"]
    gone = [label for label in chosen if label not in kept]
    left_out = []
    if gone:
        named = ", ".join(printable(label, 20) for label in gone)
        are = "is not an option" if len(gone) == 1 else "are not options"
        left_out.append(f"{named}, chosen before, {are} of this task any more")
    if style == "single" and len(kept) > 1:
        left_out.append("several options were chosen, and only one can be: choose again")
        kept = []
    adapted = []
    if not left_out and (set(order) != set(options) or state["style"] != style):
        adapted.append("the options have changed; what you chose is kept")
    mark = order[at] if at is not None and 0 <= at < len(order) else None
    stays = [label for label in order if label in options]
    full = (*stays, *(label for label in options if label not in stays))
    if mark in full:
        place: int | None = full.index(mark)
    else:
        place = 0 if style == "multiple" and full else None
    return Fitted(frozenset(kept), full, place, Restored(tuple(adapted), tuple(left_out)))
