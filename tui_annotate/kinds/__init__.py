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
    from importlib.metadata import EntryPoint

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
    built_in = _built_in()
    return (*built_in, *(name for name in _plugged() if name not in built_in))


@cache
def kind(view: str) -> Kind[Any]:
    """The kind of a view.

    Raises:
        UsageError: There is no such view.
        AnnotateError: A package brings the view, and it cannot be loaded or is no kind.
    """
    from tui_annotate.kinds.base import Kind

    # Packages are asked only for what is not built in: to look through them takes a while.
    if view in _built_in():
        made = import_module(f"{__name__}.{view}").KIND
        assert isinstance(made, Kind)
        return made
    point = _plugged().get(view)
    if point is None:
        known = names()
        hint = did_you_mean(view, known)
        there = f"the views are {', '.join(known)}"
        raise UsageError(
            f"there is no view {view!r}: {there}" if hint else f"there is no view {view!r}",
            do=hint or there,
        )
    try:
        made = point.load()
    except (ImportError, AttributeError) as error:
        raise AnnotateError(
            f"the view {view!r} cannot be loaded ({type(error).__name__})",
            where=point.value,
            do="reinstall the package that brings it",
        ) from error
    if not isinstance(made, Kind):
        raise AnnotateError(
            f"the entry point for the view {view!r} is not a Kind but {type(made).__name__}",
            where=point.value,
        )
    return made


def describe() -> list[OptionHelp]:
    """All views with their options, as the docs show them."""
    from tui_annotate.kinds.options import describe_options

    return [row for view in names() for row in describe_options(view, kind(view).options)]


@cache
def _built_in() -> tuple[str, ...]:
    return tuple(found.name for found in iter_modules(__path__) if found.name not in _NO_KINDS)


def _plugged() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=ENTRY_POINTS)}
