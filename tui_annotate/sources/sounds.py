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
from tui_annotate.task.incoming_regions import IncomingRegions, WantedRegions, sound_faults
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
        if sound_faults(fields):
            return fields
        more = self._renamed(fields)
        if fields["audio"][:5].lower() != "data:":
            more |= self._from_file(fields, shown)
        if not more:
            return fields
        hashes = {"_input_hash": input_hash(fields), "_task_hash": task_hash(fields)}
        return fields | more | hashes

    def _renamed(self, fields: Fields) -> Fields:
        """The regions that a task came with, with the labels that they have here."""
        of_kind, spans = self.carried, fields.get("audio_spans")
        if not isinstance(of_kind, IncomingRegions) or not isinstance(spans, list):
            return {}
        wanted = replace(of_kind.wanted, labels=self.labels)
        made = [_named(one, wanted) for one in spans]
        return {"audio_spans": made} if made != spans else {}

    def _from_file(self, fields: Fields, shown: str) -> Fields:
        """The path of a task's sound, and what files say about it."""
        more = self._from_sidecar(fields, shown)
        if "path" not in fields:
            more["path"] = fields["audio"]
        return more

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


def _named(span: Any, wanted: WantedRegions) -> Any:
    """A region with the names that its label and its speaker have here."""
    if not wanted.mapping or not isinstance(span, dict):
        return span
    names = {
        name: wanted.renamed(span[name])
        for name in ("label", "speaker")
        if isinstance(span.get(name), str)
    }
    return span | names
