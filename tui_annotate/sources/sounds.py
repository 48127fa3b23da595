"""A stream of sounds."""

from __future__ import annotations

from tui_annotate.sources.stream import Stream


class Sounds(Stream):
    """The sounds of a source, by position: what a recipe for audio takes.

    A recipe that has a parameter of this type gets files of sound, folders and lists
    of them for its source, where one with a `Stream` gets text.
    """
