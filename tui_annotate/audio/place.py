"""Where the sound of a task is."""

from __future__ import annotations

import os

from tui_annotate.task import Task


def sound_path(task: Task) -> bytes:
    """The file of a task's sound, as the system spells its name.

    A relative name counts from the folder of the file that the task is in.
    """
    name = os.fsencode(str(task.fields["audio"]))
    if os.path.isabs(name):
        return name
    return os.path.join(os.path.dirname(os.fsencode(task.origin.path)), name)
