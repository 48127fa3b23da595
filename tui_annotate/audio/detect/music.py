"""Music, told from speech and noise by tones that are held.

The measure is the continuous frequency activation of Seyerlehner, Pohle,
Schedl and Widmer, "Automatic Music Detection in Television Productions"
(DAFx 2007): how steeply the frequencies that are active for long stand out of
those that are not. It tells music from speech and noise, not singing from
speech, and music behind speech only where it is loud.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_annotate.audio.detect.detection import (
    WINDOW,
    Detector,
    DetectorSuggester,
    Rules,
)

if TYPE_CHECKING:
    from tui_annotate.audio.detect.detection import Samples

MUSIC = Rules(threshold=0.5, padding=0.0, gap=3.0, shortest=2.0)

_SIZE, _STEP = 1024, 256
_BLOCK = 150
"""Spectra in a block: 2.4 s."""

_AROUND = 21
"""Frequencies whose mean a frequency has to stand out of."""

_OUT = 3.0
"""By how many decibels."""

_PEAKS = 5
_HALF = 2.8
"""The activation at which music is as likely as not; measured, see `benchmarks.speech`."""


class Activation:
    """The continuous frequency activation, as a probability."""

    name = "activation"
    rules = MUSIC

    def probabilities(self, samples: Samples, warm: int) -> list[float]:
        """How likely each window is music: the mean of the blocks it is in."""
        import numpy

        windows = len(samples) // WINDOW
        active = _active(samples)
        if not len(active):
            return [0.0] * (windows - warm)
        total, count = numpy.zeros(windows), numpy.zeros(windows)
        per_window = WINDOW // _STEP
        for start in range(0, max(len(active) - _BLOCK, 0) + 1, _BLOCK // 4):
            block = active[start : start + _BLOCK].mean(axis=0)
            likely = 1 / (1 + numpy.exp(-4 * (_steepness(block) - _HALF)))
            own = slice(start // per_window, -(-(start + _BLOCK) // per_window))
            total[own] += likely
            count[own] += 1
        found = total / numpy.maximum(count, 1)
        return [float(one) for one in found[warm:]]


def _active(samples: Samples) -> Samples:
    """Which frequencies stand out of those around them, over time: 0 or 1."""
    import numpy

    if len(samples) < _SIZE:
        return numpy.zeros((0, _SIZE // 2 + 1), numpy.float32)
    frames = numpy.lib.stride_tricks.sliding_window_view(samples, _SIZE)[::_STEP]
    power = numpy.abs(numpy.fft.rfft(frames * numpy.hanning(_SIZE), axis=1)) ** 2
    level = 10 * numpy.log10(power + 1e-10)
    padded = numpy.pad(level, ((0, 0), (_AROUND // 2, _AROUND // 2)), mode="edge")
    sums = numpy.cumsum(numpy.pad(padded, ((0, 0), (1, 0))), axis=1)
    around = (sums[:, _AROUND:] - sums[:, :-_AROUND]) / _AROUND
    found: Samples = (level - around > _OUT).astype(numpy.float32)
    return found


def _steepness(block: Samples) -> float:
    """The sum of the five highest peaks of an activation, each above its higher foot."""
    peaks = []
    for at in range(1, len(block) - 1):
        if not (block[at] >= block[at - 1] and block[at] > block[at + 1]):
            continue
        left, right = at, at
        while left > 0 and block[left - 1] <= block[left]:
            left -= 1
        while right < len(block) - 1 and block[right + 1] <= block[right]:
            right += 1
        peaks.append(float(block[at] - max(block[left], block[right])))
    return sum(sorted(peaks)[-_PEAKS:])


class MusicSuggester(DetectorSuggester):
    """Offers the music of a clip as regions."""

    default_label = "MUSIC"

    def detector(self) -> Detector:
        """The activation of tones that are held."""
        return Activation()
