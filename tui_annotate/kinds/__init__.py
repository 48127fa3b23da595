"""The kinds of annotation there are: an editor, a view and a name in the file.

Each is a module of this package with a `KIND`; what is new needs an editor, a
view, a recipe, and its rows in the table of keys.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from tui_annotate.editors.editor import Editor
from tui_annotate.errors import UsageError
from tui_annotate.task import Task
from tui_annotate.text.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Opening:
    """What a kind opens an editor with.

    Attributes:
        task: The task.
        tokens: Its tokens.
        labels: The labels on offer.
        options: The view options of the recipe.
        decided: The line that decided the task before, if it is reopened.
        known: Strings that were labelled before.
    """

    task: Task
    tokens: Tokens
    labels: Sequence[str]
    options: Mapping[str, Any]
    decided: Mapping[str, Any] | None = None
    known: Container[str] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of annotation.

    Attributes:
        open: Makes the editor of a task.
        widget: Where the view is, as ``module:class``; imported by the interface.
        view_id: The ``_view_id`` it writes.
        crossing: Whether its suggestions may overlap, given the view options.
    """

    open: Callable[[Opening], Editor]
    widget: str
    view_id: Callable[[Mapping[str, Any]], str]
    crossing: Callable[[Mapping[str, Any]], bool] = lambda options: False


def kind(view: str) -> Kind:
    """The kind of a view: the module of this package that bears its name.

    Raises:
        UsageError: There is no such view.
    """
    names = [found.name for found in iter_modules(__path__)]
    if view not in names:
        raise UsageError(f"the recipe wants the view {view!r}", do=f"there are {', '.join(names)}")
    found = import_module(f"{__name__}.{view}").KIND
    assert isinstance(found, Kind)
    return found
