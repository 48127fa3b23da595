"""Mentions linked to the entities of a knowledge base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui_annotate.editors.base import Editor
from tui_annotate.editors.spans.links import LinkEditor
from tui_annotate.errors import AnnotateError
from tui_annotate.kinds import EditorInput, Kind
from tui_annotate.knowledge.choices import Choices
from tui_annotate.knowledge.linker import Linker
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Task
from tui_annotate.text.tokens import needs_characters


def linker(options: Mapping[str, Any]) -> Linker:
    """The linker among the view options.

    Raises:
        AnnotateError: There is none.
    """
    found = options.get("knowledge")
    if not isinstance(found, Linker):
        raise AnnotateError(
            "the recipe gives the view no knowledge base",
            do="return Session(…, view='links', knowledge=knowledge.linker(kb))",
        )
    return found


def _open(opening: EditorInput) -> Editor:
    line = opening.decided if opening.decided is not None else opening.task.fields
    options, text = opening.options, opening.task.text
    characters, threshold = options.get("characters"), options.get("prechoose")
    choices = Choices(opening.task.fields)
    given = [dict(span) for span in line.get("spans") or ()]
    if opening.decided is None and len(given) == 1 and not given[0].get("kb_id"):
        given[0].update(choices.preset(line))
    return LinkEditor(
        text,
        opening.tokens,
        opening.labels,
        knowledge=linker(options),
        prechoose=float(threshold) if threshold is not None and opening.decided is None else None,
        choices=choices,
        given=given,
        offered=opening.offered,
        overlap=bool(options.get("overlap")),
        characters=needs_characters(text) if characters is None else bool(characters),
        known=opening.known,
    )


def _remember(options: Mapping[str, Any], line: Mapping[str, Any]) -> None:
    linker(options).remember(line)


def _recall(options: Mapping[str, Any], line: Mapping[str, Any]) -> None:
    linker(options).remember(line, earlier=True)


def _ahead(options: Mapping[str, Any], task: Task, suggestions: Sequence[Suggestion]) -> None:
    ranges = [(one.start, one.end) for one in suggestions]
    linker(options).ahead(task.text, ranges or [(s["start"], s["end"]) for s in task.spans])


KIND = Kind(
    open=_open,
    widget="tui_annotate.ui.widgets.text.links:LinkView",
    borrows=frozenset({"options", "accept", "config"}),
    view_id=lambda options: "entity_linking",
    crossing=lambda options: bool(options.get("overlap")),
    remember=_remember,
    recall=_recall,
    ahead=_ahead,
    # Each is looked up, where that was not done ahead.
    at_once=1,
)
