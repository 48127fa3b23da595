"""Where tasks come from: files, folders and the standard input, as a lazy stream."""

from __future__ import annotations

from tui_annotate.sources.invalid import InvalidLine, InvalidSource
from tui_annotate.sources.opening import Split, open_source
from tui_annotate.sources.source import Invalid, Record, Source
from tui_annotate.sources.stream import Stream

__all__ = [
    "Invalid",
    "InvalidLine",
    "InvalidSource",
    "Record",
    "Source",
    "Split",
    "Stream",
    "open_source",
]
