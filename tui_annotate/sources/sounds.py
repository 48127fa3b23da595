"""A stream of sounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from msgspec.structs import replace

from tui_annotate.audio.path import sound_path
from tui_annotate.errors import AnnotateError
from tui_annotate.sources.expected import Expected
from tui_annotate.sources.source import Source
from tui_annotate.sources.stream import WARNINGS_KEPT, Stream
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

    def _made(self, source: Source, expected: Expected) -> Self:
        made = super()._made(source, expected)
        made.sidecar = self.sidecar
        return made

    def complete(self, fields: Fields, shown: str) -> Fields:
        """Give a task its `path`, and the regions and the transcript that a file has for it.

        What it is hashed by is the task as it came.
        """
        if sound_faults(fields):
            return fields
        if fields["audio"][:5].lower() == "data:":
            return fields
        more = self._from_file(fields, shown)
        if not more:
            return fields
        hashes = {"_input_hash": input_hash(fields), "_task_hash": task_hash(fields)}
        return fields | more | hashes

    def _from_file(self, fields: Fields, shown: str) -> Fields:
        """The path of a task's sound, and what files say about it."""
        more = self._from_sidecar(fields, shown)
        if "path" not in fields:
            more["path"] = fields["audio"]
        return more

    def _from_sidecar(self, fields: Fields, shown: str) -> Fields:
        of_kind = self.expected.carried
        if self.sidecar is None or not isinstance(of_kind, IncomingRegions):
            return {}
        wanted = replace(of_kind.wanted, labels=self.expected.labels, mapping=self.expected.mapping)
        try:
            sound = sound_path(fields, self.source.base(shown))
            more = self.sidecar.complete(fields, sound, wanted)
        except (AnnotateError, OSError, ValueError):
            return {}
        self.warnings += self.sidecar.notices[: WARNINGS_KEPT - len(self.warnings)]
        self.sidecar.notices.clear()
        return more
