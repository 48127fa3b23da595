"""Whose decision a record is, and on which task."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TIME = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d$")
"""How the name ends that Prodigy gives to a session of nobody in particular."""


def annotator_of(fields: Mapping[str, Any]) -> str:
    """Who decided a task: `_annotator_id`, else `_session_id`; empty where nobody is named."""
    name = fields.get("_annotator_id")
    if isinstance(name, str) and name:
        return name
    name = fields.get("_session_id")
    return name if isinstance(name, str) and not _TIME.search(name) else ""


def identity(fields: Mapping[str, Any]) -> str | None:
    """What two decisions on the same task have in common; None where there is no decision.

    A task that was asked again on purpose (`_repeat`) is another one.
    """
    if "answer" not in fields:
        return None
    task = fields.get("_task_id")
    if not isinstance(task, str):
        # Prodigy's files have no other name for a task.
        question = fields.get("_task_hash")
        if type(question) is not int:
            return None
        task = f"hash {question}"
    return f"{task} again" if fields.get("_repeat") is True else task
