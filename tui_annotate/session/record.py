"""The line that a decision becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui_annotate.editors.base import Editor
from tui_annotate.session.run_settings import RunSettings
from tui_annotate.task.task import Task

MALFORMED = (AttributeError, LookupError, OverflowError, TypeError, ValueError)
"""What comes of reading a decided line that another program, or somebody, has changed."""


def annotation_record(
    task: Task,
    editor: Editor,
    *,
    answer: str,
    flagged: bool,
    comment: str,
    view_id: str,
    settings: RunSettings,
    labels: Sequence[str],
    timestamp: int,
    seconds: float,
    keys: int,
) -> Mapping[str, Any]:
    """The fields of a decided task: those it came with, and what the decision adds.

    Args:
        task: The task as it came.
        editor: Its annotation.
        answer: ``accept``, ``reject`` or ``ignore``.
        flagged: Whether it is flagged.
        comment: The comment on it, or nothing.
        view_id: The name of the view in the format, where the editor gives none.
        settings: Who decides, with which recipe, and where to.
        labels: The labels that were on offer.
        timestamp: Unix seconds of the decision.
        seconds: Active seconds spent on the task.
        keys: Key presses spent on it.
    """
    line: dict[str, Any] = dict(task.fields)
    annotation = editor.fields()
    line.update(annotation)
    line["_input_hash"] = task.input_hash
    line["_task_hash"] = task.task_hash
    line["_task_id"] = task.id
    line["_view_id"] = annotation.get("_view_id", view_id)
    line["_session_id"] = f"{settings.output.stem}-{settings.annotator}"
    line["_annotator_id"] = settings.annotator
    line["_timestamp"] = timestamp
    line["answer"] = answer
    for name, value in (("flagged", flagged), ("comment", comment)):
        if value:
            line[name] = value
        else:
            line.pop(name, None)
    line["_recipe"] = settings.recipe
    line["_labels"] = list(labels)
    if "_suggested" not in annotation:
        line["_suggested"] = list(editor.offered)
    line["_seconds"] = round(seconds, 2)
    line["_keys"] = keys
    return line
