"""Classes of a whole sound: one question, one of several, or any of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui_annotate.editors.base import Editor
from tui_annotate.editors.choice.audio import SoundChoiceEditor
from tui_annotate.editors.choice.fields import IncomingClasses, chosen_in, read_choices
from tui_annotate.editors.regions.fields import read_suggestions
from tui_annotate.kinds import EditorInput, Kind, TrainingExample
from tui_annotate.suggest.suggestion import Suggestion

if TYPE_CHECKING:
    from tui_annotate.recipe import Session


def _open(opening: EditorInput) -> Editor:
    decided, options = opening.decided, opening.options
    line = decided if decided is not None else opening.task.fields
    choices = read_choices(
        line,
        opening.labels,
        named=opening.named,
        multiple=bool(options.get("multiple")),
        descriptions=opening.descriptions,
    )
    return SoundChoiceEditor(
        opening.clip,
        choices,
        keyed=frozenset(one.label for one in choices.options if one.label in opening.keyed),
        claim=bool(options.get("claim", True)),
        decided=None
        if decided is None
        else read_suggestions(decided.get("_suggested"), opening.clip.rate),
    )


def _lesson(line: Mapping[str, Any]) -> TrainingExample | None:
    """Which classes were suggested rightly."""
    if line.get("answer") != "accept":
        return None
    offered = [
        Suggestion(0, 1, str(one.get("label")), str(one.get("source")), one.get("score"))
        for one in line.get("_suggested") or ()
    ]
    chosen = [str(line["label"])] if "label" in line else chosen_in(line)
    return TrainingExample([(0, 1, label) for label in chosen], offered[:1])


def _complete(session: Session) -> Session:
    """Let several be chosen where the tasks do."""
    carried = session.stream.carried
    assert isinstance(carried, IncomingClasses)
    return session.replace(multiple=True) if carried.several else session


KIND = Kind(
    open=_open,
    widget="tui_annotate.ui.widgets.sound.choice:SoundChoiceView",
    view_id=lambda options: "choice",
    crossing=lambda options: True,
    medium="audio",
    tokens=False,
    carried=lambda options: IncomingClasses(),
    writes=frozenset({"options", "accept", "label", "config"}),
    lesson=_lesson,
    complete=_complete,
)
