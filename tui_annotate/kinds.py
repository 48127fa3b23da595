"""The kinds of annotation there are: an editor, a view and a name in the file."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui_annotate.editors.editor import Editor
from tui_annotate.errors import UsageError
from tui_annotate.task import Task
from tui_annotate.text.tokens import Tokens, needs_characters


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
    """

    open: Callable[[Opening], Editor]
    widget: str
    view_id: Callable[[Mapping[str, Any]], str]


def _open_spans(opening: Opening) -> Editor:
    from tui_annotate.editors.spans import SpanEditor

    lines = opening.decided if opening.decided is not None else opening.task.fields
    characters = opening.options.get("characters")
    text = opening.task.text
    return SpanEditor(
        text,
        opening.tokens,
        opening.labels,
        given=lines.get("spans") or (),
        overlap=bool(opening.options.get("overlap")),
        characters=needs_characters(text) if characters is None else bool(characters),
        known=opening.known,
    )


KINDS: Mapping[str, Kind] = {
    "spans": Kind(
        open=_open_spans,
        widget="tui_annotate.ui.widgets.spans:SpanView",
        view_id=lambda options: "spans_manual" if options.get("overlap") else "ner_manual",
    ),
}


def kind(view: str) -> Kind:
    """The kind of a view.

    Raises:
        UsageError: There is no such view.
    """
    try:
        return KINDS[view]
    except KeyError:
        raise UsageError(
            f"the recipe wants the view {view!r}", do=f"there are {', '.join(KINDS)}"
        ) from None
