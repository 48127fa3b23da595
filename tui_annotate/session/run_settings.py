"""How a session runs, beside its recipe, and the summary that it ends with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from tui_annotate.text.ordering import Order

ExcludeBy = Literal["task", "input"]


class RunSettings(msgspec.Struct, frozen=True):
    """How a session runs: who, where to, and the user's settings.

    Attributes:
        recipe: The name of the recipe.
        source_name: The source as the top line shows it.
        output: The JSONL that decisions are appended to.
        annotator: Who decides.
        take_over: End a session that holds the output, and go on in its place.
        exclude_by: What counts as decided: the task, or any task with its input.
        ask_about_equal: Ask at the first of several equal tasks whether to ask them once.
        keep_labels: Labels in the source that are not on offer are passed through.
        context: How many tasks before and after are shown, dim.
        theme: A theme's name; the interface's own choice if none.
        keyboard: ``azerty``, … if the top row gives digits only with shift.
        right_to_left: Who orders letters that run from right to left; as the terminal needs it,
            if none.
        debug: Tracebacks instead of messages.
        keys: The user's keys, by action id.
        compact: The mode without label rows: on, off, or as it was left.
        label_descriptions: What the file of labels says about each.
    """

    recipe: str
    source_name: str
    output: Path
    annotator: str
    take_over: bool = False
    exclude_by: ExcludeBy = "task"
    ask_about_equal: bool = False
    keep_labels: bool = False
    context: int = 0
    theme: str | None = None
    keyboard: str | None = None
    right_to_left: Order | None = None
    debug: bool = False
    keys: Mapping[str, Sequence[str]] = msgspec.field(default_factory=dict)
    compact: bool | None = None
    label_descriptions: Mapping[str, str] = msgspec.field(default_factory=dict)


class Summary(msgspec.Struct, frozen=True):
    """What a session was, printed on leaving.

    Attributes:
        decided: How many tasks this annotator has decided in the output, in all.
        accepted: How many of those were accepted.
        rejected: How many were rejected.
        ignored: How many were skipped.
        output: The JSONL.
        exit_code: What the program ends with: 143 if it was asked to end by SIGTERM.
    """

    decided: int
    accepted: int
    rejected: int
    ignored: int
    output: Path
    exit_code: int = 0
