"""The names of files where an export has files of its own for each task."""

from __future__ import annotations

import re
from pathlib import PurePath

from tui_annotate.formats.holding import Losses
from tui_annotate.task.task import Fields
from tui_annotate.wording import quoted

_NAME = re.compile(r"[\w.-]{1,80}")
_ID = "_file_name"
"""Where the id of a task stands until its files are named after it."""


def fit_name(fields: Fields, losses: Losses) -> None:
    """Take ``meta`` out of a task, of which the name of its files holds the ``id``."""
    meta = fields.pop("meta", None)
    if not isinstance(meta, dict):
        return
    for name in meta.keys() - {"id"}:
        if name == "source" and PurePath(str(meta[name])).stem == meta.get("id"):
            losses.omitted["meta.source"] += 1
        else:
            losses.lose(f"meta.{name}")
    if "id" in meta:
        fields[_ID] = str(meta["id"])
        if not _NAME.fullmatch(fields[_ID]):
            losses.lose("ids that cannot be the name of a file", quoted(fields[_ID]))


class FileNames:
    """Gives each task a name for its files, without a suffix; no two get the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, fields: Fields, part: str) -> str:
        """The id of a task where it can name a file, else its number.

        Args:
            fields: The task, after `fit_name`.
            part: The part that it belongs to, which the name begins with.
        """
        known = fields.get(_ID, "")
        number = len(self._taken) + 1
        name = known if _NAME.fullmatch(known) else f"{number:05}"
        name = f"{part}.{name}" if part else name
        while name.casefold() in self._taken:
            name = f"{name}-{number}"
        self._taken.add(name.casefold())
        return name
