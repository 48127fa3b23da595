"""What sources are told of the windows of one recording."""

from __future__ import annotations

import os
import queue
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tui_annotate import suggest
from tui_annotate.audio.analysis import AudioAnalysis
from tui_annotate.audio.clip import Clip
from tui_annotate.audio.messages import Compare, Likely, Message, Named
from tui_annotate.suggest.suggestion import Suggestion

RATE = 1000


class Repeats(suggest.AudioSuggester):
    """Says whom it was told of, as the likeliest: names with where they are, in seconds."""

    told: Sequence[tuple[int, int, str]] = ()

    def find(self, start: int, end: int) -> list[Suggestion]:
        return []

    def regions(self, regions: Sequence[tuple[int, int, str]]) -> None:
        self.told = regions

    def compare(self, start: int, end: int) -> list[tuple[str, float]]:
        return [(name, begin / self.rate) for begin, _, name in self.told]


@pytest.mark.parametrize("channel", [None, 1])
def test_who_is_named_in_one_window_is_known_in_the_others(
    tmp_path: Path, channel: int | None
) -> None:
    path = os.fsencode(tmp_path / "long.wav")
    soundfile.write(os.fsdecode(path), np.zeros((30 * RATE, 2)), RATE)
    said: queue.SimpleQueue[Message] = queue.SimpleQueue()
    analysis = AudioAnalysis([suggest.own(Repeats)], said.put)

    def likely(number: int) -> list[tuple[str, float]]:
        analysis.compare(Compare(number, number, 0, 10))
        while not isinstance(message := said.get(timeout=30), Likely):
            pass
        return message.names

    def window(number: int, start: int, of: int | None = channel) -> None:
        first = start * RATE
        analysis.open(number, Clip(path, path, RATE, 2, first, first + 10 * RATE, of))

    window(0, 0)
    window(1, 8)
    analysis.regions(0, [(1000, 2000, "Anna"), (8500, 9500, "Ben")])
    # Ben speaks where both windows are: that is the other window's own to say.
    assert likely(1) == [("Anna", -7.0)]
    analysis.regions(1, [(500, 1500, "Ben"), (5000, 6000, "Carla")])
    assert likely(0) == [("Anna", 1.0), ("Ben", 8.5), ("Carla", 13.0)]
    analysis.close(0)
    analysis.close(1)
    window(2, 20)
    assert likely(2) == [("Anna", -19.0), ("Ben", -11.5), ("Carla", -7.0)]
    window(3, 20, 0)
    assert likely(3) == []
    # What an earlier session decided, and what a window says by now, which counts more.
    analysis.named(Named(path, channel, 10.0, [(15.0, 16.0, "Dora")]))
    analysis.named(Named(path, channel, 8.0, [(13.0, 14.0, "Emil")]))
    assert likely(2) == [("Anna", -19.0), ("Ben", -11.5), ("Dora", -5.0), ("Emil", -7.0)]
