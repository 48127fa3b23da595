"""What a recipe returns: a session before it runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec.structs import replace as named_anew

from tui_annotate.errors import AnnotateError
from tui_annotate.kinds.block import Block, Described, read_view, told_apart
from tui_annotate.recipe.checks import Check, name_of
from tui_annotate.sources.stream import Stream
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.wording import quoted

T = TypeVar("T")
_COLOUR = re.compile("#[0-9A-Fa-f]{6}")


class Session(Described):
    """What a recipe returns: everything that a session is, before it runs. Never changes.

    Args:
        stream: The tasks: the stream that the recipe got, one made of it with `filter`, `map`,
            `sort` and so on, or any iterable of tasks as dicts, such as a generator that
            reads the stream.
        view: The kind of annotation: ``spans``, …; ``blocks`` for several on one task.
        labels: The labels on offer, in the order of their keys; where there are
            none, those that come with the tasks, or those of the blocks.
        suggesters: Sources of suggestions; the first wins where two cross.
        model: The pipeline that cuts text into tokens; ``blank:xx`` if none.
        correct: A decision waits until the suggestions of its task were shown.
        guidelines: Markdown, or the path of a Markdown file.
        keys: A key of its own for a label, or two with a space between that are typed one
            after the other; the others get digits.
        descriptions: What is known about the labels.
        mapping: What labels that come with the tasks are called here, by their own name.
        checks: Functions that are asked before a task is accepted. Each gets the task as it would
            be written, and returns what is wrong in one sentence, or None.
        colours: A colour of its own for a label, as ``#e69f00``.
        options: The options of the view: ``overlap``, ``characters``, …; for ``blocks`` the
            kinds of annotation that a task gets one after the other, as `Block`s.

    Attributes:
        options: The options of the view, as its kind has them.
        notices: What to tell the user of names that are of old.

    Raises:
        AnnotateError: A label is given twice or is empty, a key is given for a label that is not
            on offer, or the view has no such option.
    """

    __slots__ = ("checks", "colours", "correct", "guidelines", "mapping", "model", "stream")

    stream: Stream
    model: str | None
    correct: bool
    guidelines: str | Path | None
    mapping: Mapping[str, str]
    checks: tuple[Check, ...]
    colours: Mapping[str, str]

    def __init__(
        self,
        stream: Stream | Iterable[Mapping[str, Any]],
        *,
        view: str = "spans",
        labels: Sequence[str] = (),
        suggesters: Sequence[SuggesterSpec] = (),
        model: str | None = None,
        correct: bool = False,
        guidelines: str | Path | None = None,
        keys: Mapping[str, str] | None = None,
        descriptions: Mapping[str, str] | None = None,
        mapping: Mapping[str, str] | None = None,
        checks: Sequence[Check] = (),
        colours: Mapping[str, str] | None = None,
        **options: object,
    ) -> None:
        view, read, notices = read_view(view, options)
        chosen: Any = read
        if view == "blocks":
            blocks = told_apart(chosen.blocks)
            chosen = named_anew(chosen, blocks=blocks)
            labels = labels or _all(one.labels for one in blocks)
            suggesters = suggesters or _all(one.suggesters for one in blocks)
            notices = (*notices, *(notice for one in blocks for notice in one.notices))
            descriptions = {
                **{name: said for one in blocks for name, said in one.descriptions.items()},
                **(descriptions or {}),
            }
        self._set("stream", stream)
        self._set("model", model)
        self._set("correct", correct)
        self._set("guidelines", guidelines)
        self._set("mapping", MappingProxyType(dict(mapping or {})))
        self._set("checks", _checked_checks(checks))
        self._set("colours", MappingProxyType(_checked_colours(colours or {})))
        self._describe(view, labels, suggesters, keys, descriptions, chosen, notices)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The kinds of annotation that a task gets one after the other; none where it gets one."""
        blocks: tuple[Block, ...] = self.options.blocks if self.view == "blocks" else ()
        return blocks

    def _attributes(self) -> dict[str, Any]:
        return {
            "stream": self.stream,
            "view": self.view,
            "labels": self.labels,
            "suggesters": self.suggesters,
            "model": self.model,
            "correct": self.correct,
            "guidelines": self.guidelines,
            "keys": self.keys,
            "descriptions": self.descriptions,
            "mapping": self.mapping,
            "checks": self.checks,
            "colours": self.colours,
        }


def _all(groups: Iterable[Iterable[T]]) -> list[T]:
    """What is in any of some groups, each once."""
    found: list[T] = []
    for group in groups:
        found.extend(one for one in group if one not in found)
    return found


def _checked_checks(checks: Sequence[Check]) -> tuple[Check, ...]:
    if callable(checks):
        raise AnnotateError(
            f"checks must be a list, not the function {name_of(checks)}", do="write [ ] around it"
        )
    for check in checks:
        if not callable(check):
            raise AnnotateError(
                f"a check must be a function of a task, not {quoted(check)}",
                do="name a function that returns a sentence or None",
            )
    return tuple(checks)


def _checked_colours(colours: Mapping[str, str]) -> dict[str, str]:
    for label, colour in colours.items():
        if not (isinstance(colour, str) and _COLOUR.fullmatch(colour)):
            raise AnnotateError(
                f"the colour of {quoted(label)} must be one such as #e69f00, not {quoted(colour)}"
            )
    return dict(colours)
