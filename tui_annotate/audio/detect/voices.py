"""Whose voice it is: regions compared with those that bear a name already.

A voice is a vector. The better one comes from the speaker encoder of Wan et
al., "Generalized End-to-End Loss for Speaker Verification" (2018), with the
weights that the package Resemblyzer (Apache 2.0) has in its wheel; its code,
which needs PyTorch, is not used. Without that package it is the mean and
deviation of cepstral coefficients (Davis and Mermelstein 1980).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui_annotate.audio.detect.detection import RATE

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Vector = NDArray[numpy.float32]

SHORTEST = 0.4
"""Seconds of a region from which a voice can be told."""

LONGEST = 12.0
"""Seconds of a region that are listened to, from its middle."""


class Encoder(Protocol):
    """Makes a vector of a voice, of length 1 (0 for silence); near ones sound alike."""

    name: str
    sharpness: float
    """How much a difference of 1 in the cosine counts, as a logarithm of odds."""
    even: float
    """The cosine at which two regions are as likely one voice as two."""

    def vector(self, samples: Vector) -> Vector:
        """The voice in mono samples at `finding.RATE`."""
        ...


class Cepstrum:
    """Mean and deviation of cepstral coefficients 1 to 19, in units of what is usual."""

    name = "cepstrum"
    sharpness = 6.0
    even = 0.93

    def vector(self, samples: Vector) -> Vector:
        """The voice in mono samples."""
        import librosa
        import numpy

        level = librosa.feature.rms(y=samples, frame_length=512, hop_length=160)[0]
        cepstrum = librosa.feature.mfcc(y=samples, sr=RATE, n_mfcc=20, n_fft=512, hop_length=160)[
            1:
        ]
        loud = cepstrum[:, level >= numpy.percentile(level, 30)]
        both = numpy.concatenate([loud.mean(axis=1), loud.std(axis=1)])
        return unit(both.astype(numpy.float32))


class Ge2e:
    """The encoder with the weights of Resemblyzer 0.1.

    The file is a checkpoint of PyTorch, which is a pickle; nothing of it is
    run: in a file with this very content the numbers stand at these places.

    Raises:
        LookupError: The package is not installed, or its file is another.
    """

    name = "ge2e"
    sharpness = 16.0
    even = 0.68

    _CONTENT = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
    _LSTM, _LINEAR, _BIAS = 269_883, 7_731, 6_699
    _HIDDEN, _BANDS, _LAYERS = 256, 40, 3
    _PARTIAL, _STEP = 160, 80
    """Frames of 10 ms that are encoded at a time, and from one such stretch to the next."""

    def __init__(self) -> None:
        import numpy

        path = weights_file()
        if path is None:
            raise LookupError("Resemblyzer is not installed")
        data = path.read_bytes()
        if sha256(data).hexdigest() != self._CONTENT:
            raise LookupError("the weights of Resemblyzer are not those of release 0.1")

        def numbers(offset: int, *shape: int) -> Vector:
            count = int(numpy.prod(shape))
            return numpy.frombuffer(data, "<f4", count, offset).reshape(shape)

        at, hidden = self._LSTM, self._HIDDEN
        weights = []
        for width in (self._BANDS, hidden, hidden):
            into = numbers(at, 4 * hidden, width)
            back = numbers(at + into.nbytes, 4 * hidden, hidden)
            weights.append((into, back))
            at += into.nbytes + back.nbytes
        self._layers = []
        for into, back in weights:
            bias = numbers(at, 4 * hidden) + numbers(at + 16 * hidden, 4 * hidden)
            at += 32 * hidden
            self._layers.append((into.T.copy(), back.T.copy(), bias))
        self._out = numbers(self._LINEAR, hidden, hidden).T.copy()
        self._out_bias = numbers(self._BIAS, hidden)

    def vector(self, samples: Vector) -> Vector:
        """The voice in mono samples."""
        import librosa
        import numpy

        level = 10 * numpy.log10(float(numpy.mean(samples.astype(float) ** 2)) + 1e-12)
        if level < -30:
            samples = samples * numpy.float32(10 ** ((-30 - level) / 20))
        least = (self._PARTIAL - 1) * 160 + 1
        if len(samples) < least:
            samples = numpy.resize(samples, least)
        mel = librosa.feature.melspectrogram(
            y=samples, sr=RATE, n_fft=400, hop_length=160, n_mels=self._BANDS
        ).T
        starts = range(0, len(mel) - self._PARTIAL + 1, self._STEP)
        partials = numpy.stack([mel[at : at + self._PARTIAL] for at in starts])
        return unit(self._encode(partials.astype(numpy.float32)).mean(axis=0))

    def _encode(self, partials: Vector) -> Vector:
        """The vectors of some stretches: batch by time by bands to batch by values."""
        import numpy
        from scipy.special import expit as gate

        sequence = partials
        state = numpy.zeros((len(partials), self._HIDDEN), numpy.float32)
        for into, back, bias in self._layers:
            given = sequence @ into + bias
            state = numpy.zeros((len(partials), self._HIDDEN), numpy.float32)
            cell = numpy.zeros_like(state)
            outputs = numpy.empty((*sequence.shape[:2], self._HIDDEN), numpy.float32)
            for time in range(sequence.shape[1]):
                gates = given[:, time] + state @ back
                keep, forget, new, out = numpy.split(gates, 4, axis=1)
                cell = gate(forget) * cell + gate(keep) * numpy.tanh(new)
                state = gate(out) * numpy.tanh(cell)
                outputs[:, time] = state
            sequence = outputs
        raw = numpy.maximum(state @ self._out + self._out_bias, 0)
        found: Vector = raw / (numpy.linalg.norm(raw, axis=1, keepdims=True) + 1e-9)
        return found


def weights_file() -> Path | None:
    """The file of weights that an installed Resemblyzer has; None without the package."""
    spec = find_spec("resemblyzer")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = Path(folder) / "pretrained.pt"
        if path.is_file():
            return path
    return None


def encoder() -> Encoder:
    """The best encoder that this machine has."""
    try:
        return Ge2e()
    except (LookupError, OSError):
        return Cepstrum()


class Voices:
    """The voices of the speakers that were named so far.

    Args:
        encoder: What makes vectors of voices.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._known: dict[str, Vector] = {}

    def learn(self, regions: Mapping[str, Iterable[tuple[Vector, float]]]) -> None:
        """Know these speakers, and no others.

        Args:
            regions: Of each speaker, the vectors of regions with their seconds.
        """
        import numpy

        self._known = {}
        for name, voices in regions.items():
            weighed = [vector * numpy.float32(seconds) for vector, seconds in voices]
            if weighed:
                self._known[name] = unit(numpy.sum(weighed, axis=0))

    def likely(self, vector: Vector) -> list[tuple[str, float]]:
        """The speakers, the likeliest first, each with a score.

        The scores of several add up to 1. A single one is compared with anybody else: that
        nobody else is known does not make a voice his.
        """
        import numpy

        if not self._known:
            return []
        cosines = numpy.array([float(vector @ known) for known in self._known.values()])
        others = [self.encoder.even] if len(cosines) == 1 else []
        odds = numpy.exp(self.encoder.sharpness * (numpy.append(cosines, others) - cosines.max()))
        scores = odds[: len(cosines)] / odds.sum()
        found = [(name, float(score)) for name, score in zip(self._known, scores, strict=True)]
        return sorted(found, key=lambda one: -one[1])


def unit(vector: Vector) -> Vector:
    """The same direction, of length 1."""
    import numpy

    return vector / numpy.float32(numpy.linalg.norm(vector) + 1e-9)
