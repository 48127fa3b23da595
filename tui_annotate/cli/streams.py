"""From what a user names as the source to the stream that a recipe gets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_annotate.cli.options import Common, read_sound_options
from tui_annotate.recipe import Recipe
from tui_annotate.sources.sounds import Sounds
from tui_annotate.sources.stream import Stream

if TYPE_CHECKING:
    from tui_annotate.sources.windows import Length


def open_stream(
    recipe: Recipe[Any], spec: str, common: Common, values: Mapping[str, Any]
) -> Stream:
    """Open the source as one of what a recipe takes.

    Args:
        recipe: The recipe.
        spec: The source as it was given.
        common: The options of every session.
        values: What the command line gave, for the options that only some recipes have.

    Raises:
        AnnotateError: Something a user can mend.
    """
    stream = _sounds(spec, common, values) if recipe.takes_sounds else _texts(spec, common)
    return stream if common.where is None else stream.filter(common.where)


def _texts(spec: str, common: Common) -> Stream:
    from tui_annotate.formats import format_named
    from tui_annotate.sources import open_source

    given = common.source_format
    source = open_source(
        spec,
        format=format_named(given, "--from") if given is not None else None,
        split=common.split,
        text_column=common.text_column,
        encoding=common.encoding,
    )
    return Stream(source, keep_labels=common.keep_labels, skip_invalid=common.skip_invalid)


def _sounds(spec: str, common: Common, values: Mapping[str, Any]) -> Sounds:
    from tui_annotate.audio.path import sound_path
    from tui_annotate.sources.audio import open_sounds
    from tui_annotate.sources.sidecar import Beside
    from tui_annotate.sources.windows import Cut, Windows

    options = read_sound_options(values)
    cut = Cut(options.window, options.hop, options.split_channels)
    sidecar = Beside(options.regions, options.near, options.tiers)
    source = open_sounds(spec, text_column=common.text_column, encoding=common.encoding)
    if cut != Cut():
        whole = source
        source = Windows(
            whole, cut, lambda fields, shown: sound_path(fields, whole.base(shown)), _length
        )
    return Sounds(
        source,
        sidecar=sidecar,
        keep_labels=common.keep_labels,
        skip_invalid=common.skip_invalid,
    )


def _length(path: Path) -> Length:
    # Loads numpy: only where a sound is to be taken apart, for that cannot wait.
    from tui_annotate.audio.examination import examine
    from tui_annotate.sources.windows import Length

    header = examine(str(path))
    return Length(header.frames / header.rate, header.channels)


def taken_notice(stream: Stream) -> str | None:
    """Say which files the regions of the first sounds were taken from."""
    sidecar = stream.sidecar if isinstance(stream, Sounds) else None
    if sidecar is None or not sidecar.taken:
        return None
    first, *others = sidecar.taken
    more = f" and {len(others)} more files" if len(others) > 1 else ""
    more = f" and {others[0]}" if len(others) == 1 else more
    leave = "" if sidecar.named else "; --no-sidecar ignores such files"
    return f"existing regions were read from {first}{more}{leave}"
