"""Classes of a whole text: one question, one of several, or any of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from tui_annotate.editors.base import Editor
from tui_annotate.editors.choice.editor import RANKING, ChoiceEditor
from tui_annotate.editors.choice.fields import IncomingClasses, chosen_in, read_choices
from tui_annotate.errors import UsageError
from tui_annotate.kinds import EditorInput, Kind, TrainingExample
from tui_annotate.suggest.suggestion import Suggestion

if TYPE_CHECKING:
    from tui_annotate.recipe import Session

_LIKELY = 0.5


def _open(opening: EditorInput) -> Editor:
    line = opening.decided if opening.decided is not None else opening.task.fields
    options = opening.options
    choices = read_choices(
        line,
        opening.labels,
        named=opening.named,
        multiple=bool(options.get("multiple")),
        descriptions=opening.descriptions,
    )
    threshold = options.get("threshold")
    return ChoiceEditor(
        opening.task.text,
        choices,
        keyed=frozenset(one.label for one in choices.options if one.label in opening.keyed),
        implied=bool(options.get("implied")),
        threshold=float(threshold) if isinstance(threshold, int | float) else _LIKELY,
        claim=bool(options.get("claim")),
        decided=_suggested(line) if opening.decided is not None else None,
    )


def _suggested(line: Mapping[str, Any]) -> list[Suggestion]:
    found = line.get("_suggested")
    try:
        return msgspec.convert(found or [], list[Suggestion])
    except msgspec.ValidationError:
        return []


def _lesson(line: Mapping[str, Any]) -> TrainingExample | None:
    """What was accepted, and what sources held to be so; a skipped text teaches nothing."""
    answer, length = line.get("answer"), len(str(line.get("text", "")))
    offered = [one for one in _suggested(line) if one.source != RANKING]
    likely = [one for one in offered if (one.score or 0.0) >= _LIKELY]
    if line.get("_view_id") == "classification":
        if answer not in ("accept", "reject"):
            return None
        return TrainingExample(
            [(0, length, str(line["label"]))] if answer == "accept" else [], likely
        )
    if answer != "accept":
        return None
    config = line.get("config")
    single = isinstance(config, dict) and config.get("choice_style") == "single"
    return TrainingExample(
        [(0, length, label) for label in chosen_in(line)], offered[:1] if single else likely
    )


def _complete(session: Session) -> Session:
    """Let several be chosen where the tasks do.

    Raises:
        UsageError: Nothing says what there is to correct.
    """
    carried = session.stream.carried
    assert isinstance(carried, IncomingClasses)
    sourced = any(spec.kind != RANKING for spec in session.suggesters)
    if session.correct and not sourced and not carried.scored:
        raise UsageError(
            "nothing to correct: no pipeline was named, and no task has scores",
            where=session.stream.source.name,
            do="name a pipeline with --model, or try textcat.manual",
        )
    return session.replace(multiple=True) if carried.several else session


KIND = Kind(
    open=_open,
    widget="tui_annotate.ui.widgets.text.choice:ChoiceView",
    view_id=lambda options: "choice",
    crossing=lambda options: True,
    tokens=False,
    carried=lambda options: IncomingClasses(),
    writes=frozenset({"options", "accept", "label", "config"}),
    lesson=_lesson,
    complete=_complete,
)
