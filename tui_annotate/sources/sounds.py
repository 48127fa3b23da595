"""A stream of sounds."""

from __future__ import annotations

from dataclasses import replace

from tui_annotate.audio.path import sound_path
from tui_annotate.errors import AnnotateError
from tui_annotate.sources.sidecar import Beside
from tui_annotate.sources.stream import WARNINGS_KEPT, Stream
from tui_annotate.task.incoming_regions import IncomingRegions, sound_faults
from tui_annotate.task.task import Fields, input_hash, task_hash


class Sounds(Stream):
    """The sounds of a source, by position: what a recipe for audio takes.

    A recipe that has a parameter of this type gets files of sound, folders and lists
    of them for its source, where one with a `Stream` gets text.

    Attributes:
        beside: Finds what files say about the sounds; None to look at the tasks alone.
    """

    beside: Beside | None = None

    def complete(self, fields: Fields, shown: str) -> Fields:
        """Give a task its `path`, and the regions and the transcript that a file has for it.

        What it is hashed by is the task as it came.
        """
        if sound_faults(fields) or fields["audio"][:5].lower() == "data:":
            return fields
        more = self._beside(fields, shown)
        if "path" not in fields:
            more["path"] = fields["audio"]
        if not more:
            return fields
        hashes = {"_input_hash": input_hash(fields), "_task_hash": task_hash(fields)}
        return fields | more | hashes

    def _beside(self, fields: Fields, shown: str) -> Fields:
        of_kind = self.carried
        if self.beside is None or not isinstance(of_kind, IncomingRegions):
            return {}
        wanted = replace(of_kind.wanted, labels=self.labels)
        try:
            sound = sound_path(fields, self.source.base(shown))
            more = self.beside.complete(fields, sound, wanted)
        except (AnnotateError, OSError, ValueError):
            return {}
        self.warnings += self.beside.notices[: WARNINGS_KEPT - len(self.warnings)]
        self.beside.notices.clear()
        return more
