"""The kinds of annotation there are: each is an editor, a view, its options and its fields.

Each is a module of this package, named like its view, with its `Options` and a `KIND`
(see `tui_annotate.kinds.base`). Another package brings one with an entry point of the group
``tui_annotate.kinds`` that leads to its `Kind`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from tui_annotate.errors import AnnotateError, UsageError
from tui_annotate.wording import did_you_mean

if TYPE_CHECKING:
    from tui_annotate.kinds.base import Kind
    from tui_annotate.kinds.options import OptionHelp

ENTRY_POINTS = "tui_annotate.kinds"

OLD_NAMES: Mapping[str, str] = {
    "links": "linking",
    "tags": "tagging",
    "punct": "punctuation",
    "sounds": "audio_choice",
}
"""What views were called before; users' recipes may still say so."""

_NO_KINDS = frozenset({"base", "block", "options"})
"""The modules of this package that hold no kind but what all kinds are made of."""


def current_name(view: str) -> str:
    """What a view is called now, whatever a recipe calls it."""
    return OLD_NAMES.get(view, view)


def names() -> tuple[str, ...]:
    """The names of all views, first those that are built in."""
    built_in = [found.name for found in iter_modules(__path__) if found.name not in _NO_KINDS]
    return (*built_in, *(name for name in _plugged() if name not in built_in))


@cache
def kind(view: str) -> Kind[Any]:
    """The kind of a view.

    Raises:
        UsageError: There is no such view.
        AnnotateError: A package brings the view, and what it brings is no kind.
    """
    from tui_annotate.kinds.base import Kind

    known = names()
    if view not in known:
        hint = did_you_mean(view, known)
        there = f"the views are {', '.join(known)}"
        raise UsageError(
            f"there is no view {view!r}: {there}" if hint else f"there is no view {view!r}",
            do=hint or there,
        )
    plugged = _plugged()
    if (found := plugged.get(view)) is not None:
        made = found.load()
        if not isinstance(made, Kind):
            raise AnnotateError(
                f"the entry point for the view {view!r} is not a Kind but {type(made).__name__}",
                where=found.value,
            )
        return made
    made = import_module(f"{__name__}.{view}").KIND
    assert isinstance(made, Kind)
    return made


def describe() -> list[OptionHelp]:
    """All views with their options, as the docs show them."""
    from tui_annotate.kinds.options import describe_options

    return [row for view in names() for row in describe_options(view, kind(view).options)]


def _plugged() -> dict[str, Any]:
    from importlib.metadata import entry_points

    built_in = {found.name for found in iter_modules(__path__)}
    points = entry_points(group=ENTRY_POINTS)
    return {point.name: point for point in points if point.name not in built_in}
