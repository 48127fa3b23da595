"""Regions are compared with those that bear a name."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
from numpy.typing import NDArray

from tui_annotate.audio.detect.detection import RATE
from tui_annotate.audio.detect.speakers import VoiceComparison
from tui_annotate.audio.detect.voices import (
    Cepstrum,
    Encoder,
    Ge2e,
    weights_file,
)

Samples = NDArray[numpy.float32]


def voice(pitch: float, formant: float, seconds: float, seed: int = 0) -> Samples:
    """A buzz through a resonance, roughly what a vowel is, with the pitch going up and down."""
    random = numpy.random.default_rng(seed)
    time = numpy.arange(round(seconds * RATE)) / RATE
    phase = 2 * numpy.pi * numpy.cumsum(pitch * (1 + 0.05 * numpy.sin(6 * time))) / RATE
    total = numpy.zeros_like(time)
    for harmonic in range(1, int(7000 / pitch)):
        gain = 1 / (1 + ((harmonic * pitch - formant) / 150) ** 2)
        total += gain * numpy.sin(harmonic * phase)
    loud = 0.2 + 0.1 * numpy.sin(20 * time + seed)
    found: Samples = (loud * total + 0.003 * random.standard_normal(len(time))).astype("f4")
    return found


def listener(samples: Samples) -> VoiceComparison:
    return VoiceComparison(lambda a, b: samples[a:b], RATE, Cepstrum)


ANNA, BEN = (210.0, 900.0), (110.0, 500.0)


def dialogue() -> tuple[Samples, list[tuple[int, int, str]]]:
    """Anna, Ben, Anna, Ben, and then two seconds of both at once."""
    turns = [voice(*ANNA, 2, 1), voice(*BEN, 2, 2), voice(*ANNA, 2, 3), voice(*BEN, 2, 4)]
    both = voice(*ANNA, 2, 5) + voice(*BEN, 2, 6)
    names = ["ANNA", "BEN", "ANNA", "BEN"]
    regions = [(n * 2 * RATE, (n + 1) * 2 * RATE, name) for n, name in enumerate(names)]
    return numpy.concatenate([*turns, both]), regions


def test_the_likeliest_speaker_comes_first_and_scores_add_up() -> None:
    samples, regions = dialogue()
    one = listener(samples)
    one.regions(regions[:2])
    for start, end, name in regions[2:]:
        likely = one.compare(start, end)
        assert likely[0][0] == name
        assert sum(score for _, score in likely) == pytest.approx(1)
        assert likely[0][1] > likely[1][1]


def test_the_only_known_speaker_is_not_sure_to_speak() -> None:
    samples, regions = dialogue()
    one = listener(samples)
    one.regions(regions[:1])
    (same,), (other,) = (one.compare(start, end) for start, end, _ in (regions[2], regions[3]))
    assert same[0] == other[0] == "ANNA"
    assert 1 > same[1] > 0.5 > other[1]


def test_a_region_is_not_compared_with_itself() -> None:
    samples, regions = dialogue()
    one = listener(samples)
    wrong = [regions[0], regions[1], (regions[2][0], regions[2][1], "BEN")]
    one.regions(wrong)
    assert one.compare(*regions[2][:2])[0][0] == "ANNA"


def test_what_several_say_at_once_is_nobodys_voice() -> None:
    samples, regions = dialogue()
    one = listener(samples)
    both = (8 * RATE, 10 * RATE)
    one.regions([*regions, (*both, "BEN"), (*both, "CARL")])
    assert {name for name, _ in one.compare(*regions[0][:2])} == {"ANNA", "BEN"}


def test_nothing_is_said_of_too_little_or_without_names() -> None:
    samples, regions = dialogue()
    one = listener(samples)
    assert one.compare(0, RATE) == []
    one.regions(regions)
    assert one.compare(0, RATE // 10) == []


@pytest.mark.parametrize("rate", [8000, 44100])
def test_other_rates_are_heard_alike(rate: int) -> None:
    from scipy.signal import resample_poly

    samples, regions = dialogue()
    other = resample_poly(samples, rate // 100, RATE // 100).astype("f4")
    one = VoiceComparison(lambda a, b: other[a:b], rate, Cepstrum)
    scaled = [(start * rate // RATE, end * rate // RATE, name) for start, end, name in regions]
    one.regions(scaled[:2])
    assert one.compare(*scaled[2][:2])[0][0] == "ANNA"


def encoders() -> list[Encoder]:
    return [Cepstrum()] if weights_file() is None else [Cepstrum(), Ge2e()]


@pytest.mark.parametrize("encoder", encoders(), ids=lambda encoder: encoder.name)
def test_a_voice_is_of_length_one_whatever_is_heard(encoder: Encoder) -> None:
    for samples in (
        voice(*ANNA, 0.5),
        numpy.zeros(RATE, dtype="f4"),
        numpy.full(3 * RATE, 2.0, dtype="f4"),
    ):
        vector = encoder.vector(samples)
        assert numpy.isfinite(vector).all()
        silent = not samples.any() and encoder.name == "cepstrum"
        assert numpy.linalg.norm(vector) == pytest.approx(0 if silent else 1, abs=1e-3)


@pytest.mark.slow
@pytest.mark.shared_data
def test_speakers_of_a_meeting_are_told_apart(shared_data: Path) -> None:
    soundfile = pytest.importorskip("soundfile")
    if weights_file() is None:
        pytest.skip("the package Resemblyzer is not installed (pip install --no-deps Resemblyzer)")
    folder = shared_data / "audio" / "pyannote-ami-debug"
    samples, rate = soundfile.read(folder / "dev00.wav", dtype="float32")
    regions = []
    for line in (folder / "debug.development.rttm").read_text().splitlines():
        fields = line.split()
        if fields[1] == "dev00":
            start, length = float(fields[3]), float(fields[4])
            regions.append((round(start * rate), round((start + length) * rate), fields[7]))
    one = VoiceComparison(lambda a, b: samples[a:b], rate, Ge2e)
    right = asked = 0
    for number, (start, end, name) in enumerate(regions):
        named = {name for _, _, name in regions[:number]}
        if len(named) > 1 and name in named and end - start > rate:
            one.regions(regions[:number])
            asked += 1
            right += one.compare(start, end)[0][0] == name
    assert (right, asked) == (5, 5)
