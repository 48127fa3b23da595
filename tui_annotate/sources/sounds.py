"""A stream of sounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui_annotate.audio.path import sound_path
from tui_annotate.errors import AnnotateError
from tui_annotate.sources.source import Source
from tui_annotate.sources.stream import WARNINGS_KEPT, Stream
from tui_annotate.task.incoming import Incoming, Medium
from tui_annotate.task.incoming_regions import IncomingRegions, sound_faults
from tui_annotate.task.task import Fields, input_hash, task_hash

if TYPE_CHECKING:
    from tui_annotate.sources.sidecar import Beside


class Sounds(Stream):
    """The sounds of a source, by position: what a recipe for audio takes.

    A recipe that has a parameter of this type gets files of sound, folders and lists
    of them for its source, where one with a `Stream` gets text.

    Args:
        source: Where the tasks come from.
        sidecar: Finds what files say about the sounds; None to look at the tasks alone.
        options: As for a `Stream`.
    """

    def __init__(self, source: Source, *, sidecar: Beside | None = None, **options: Any) -> None:
        super().__init__(source, **options)
        self.sidecar = sidecar

    def _made_with(
        self, carried: Incoming, medium: Medium, labels: Sequence[str]
    ) -> dict[str, Any]:
        return {**super()._made_with(carried, medium, labels), "sidecar": self.sidecar}

    def complete(self, fields: Fields, shown: str) -> Fields:
        """Give a task its `path`, and the regions and the transcript that a file has for it.

        What it is hashed by is the task as it came.
        """
        if sound_faults(fields) or fields["audio"][:5].lower() == "data:":
            return fields
        more = self._from_sidecar(fields, shown)
        if "path" not in fields:
            more["path"] = fields["audio"]
        if not more:
            return fields
        hashes = {"_input_hash": input_hash(fields), "_task_hash": task_hash(fields)}
        return fields | more | hashes

    def _from_sidecar(self, fields: Fields, shown: str) -> Fields:
        of_kind = self.carried
        if self.sidecar is None or not isinstance(of_kind, IncomingRegions):
            return {}
        wanted = replace(of_kind.wanted, labels=self.labels)
        try:
            sound = sound_path(fields, self.source.base(shown))
            more = self.sidecar.complete(fields, sound, wanted)
        except (AnnotateError, OSError, ValueError):
            return {}
        self.warnings += self.sidecar.notices[: WARNINGS_KEPT - len(self.warnings)]
        self.sidecar.notices.clear()
        return more
