"""Sources that find something in a sound: speech, speakers, what a plug-in hears.

A source is named by the ``kind`` of its `SuggesterSpec`: one of `KINDS`, or an
entry point of the group ``tui_annotate.suggesters``. Each is a function

    def listen(clip: Clip, sound: Sound, spec: SuggesterSpec) -> Listener: ...

that is called once for each clip, in a thread of the sound process; its steps
may take as long as they need, and hold up nothing but other sources.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Protocol

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.sound import Sound
from tui_annotate.errors import AnnotateError
from tui_annotate.suggest.messages import SuggesterSpec
from tui_annotate.suggest.registry import GROUP
from tui_annotate.suggest.suggestion import Suggestion

KINDS = {
    "speech": "tui_annotate.audio.detect.speech:listen",
    "music": "tui_annotate.audio.detect.music:listen",
    "speakers": "tui_annotate.audio.detect.speakers:listen",
}
"""The sources that come with the program."""


class AudioSuggester(Protocol):
    """One source at work on one clip. All frames count from the start of the clip.

    Attributes:
        done: Whether it has heard everything.
        covered: The stretches that it has heard so far.
    """

    @property
    def done(self) -> bool:
        """Whether it has heard everything."""
        ...

    @property
    def covered(self) -> Sequence[tuple[int, int]]:
        """The stretches that it has heard so far."""
        ...

    def step(self, focus: int) -> list[Suggestion]:
        """Hear some more, preferably near a frame; what is certain now and was not said before."""
        ...

    def regions(self, regions: Sequence[tuple[int, int, str]]) -> None:
        """What the annotator has marked and named by now, to learn from."""
        ...

    def compare(self, start: int, end: int) -> list[tuple[str, float]] | None:
        """Whose voice it is, the likeliest first; None if this source knows no voices."""
        ...


Listen = Callable[[Clip, Sound, SuggesterSpec], AudioSuggester]


def listener(spec: SuggesterSpec) -> Listen:
    """The function of a source.

    Raises:
        AnnotateError: If there is none of that kind.
    """
    if named := KINDS.get(spec.kind):
        module, _, name = named.partition(":")
        found: Listen = getattr(importlib.import_module(module), name)
        return found
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP, name=spec.kind):
        plugged: Listen = entry.load()
        return plugged
    raise AnnotateError(f"there is no source of the kind {spec.kind!r}", where=spec.name)
