"""Speech is found piece by piece, whatever the order one listens in."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.detect.detection import (
    RATE,
    WINDOW,
    Detector,
    DetectorSuggester,
    Finder,
    Stretch,
    at_rate,
)
from tui_annotate.audio.detect.music import Activation
from tui_annotate.audio.detect.speech import SPEECH, Loudness, detector
from tui_annotate.suggest.messages import SuggesterSpec

GAP, PADDING = SPEECH.gap, SPEECH.padding

Samples = NDArray[numpy.float32]


class Oracle:
    """Calls loud what is loud: a window of ones is speech, one of zeros is not."""

    name = "oracle"
    rules = SPEECH

    def probabilities(self, samples: Samples, warm: int) -> list[float]:
        whole = len(samples) // WINDOW
        windows = samples[: whole * WINDOW].reshape(whole, WINDOW)
        return [float(one) for one in windows.mean(axis=1)[warm:]]


def found(samples: Samples, focuses: list[int], rate: int = RATE) -> list[Stretch]:
    finder = Finder(lambda a, b: samples[a:b], len(samples), rate, Oracle())
    told: list[Stretch] = []
    for focus in [*focuses, *([0] * 100)]:
        fresh = finder.step(focus)
        inside = [
            one
            for one in fresh
            if any(begin <= one.start and one.end <= end for begin, end in finder.covered)
        ]
        assert inside == fresh
        told += fresh
    assert finder.done
    assert finder.covered == [(0, len(samples))]
    return sorted(told)


def sound(talk: list[tuple[float, float]], seconds: float) -> Samples:
    samples = numpy.zeros(round(seconds * RATE), dtype=numpy.float32)
    for start, end in talk:
        samples[round(start * RATE) : round(end * RATE)] = 1.0
    return samples


def test_speech_is_padded_and_short_gaps_are_joined() -> None:
    told = found(sound([(1.024, 2.048), (2.4, 3.008), (7.008, 8.0)], 12), [])
    borders = [one / RATE for stretch in told for one in (stretch.start, stretch.end)]
    expected = [1.024 - PADDING, 3.008 + PADDING, 7.008 - PADDING, 8.0 + PADDING]
    assert borders == pytest.approx(expected, abs=0.04)


def test_speech_over_the_border_of_two_pieces_is_told_once_and_whole() -> None:
    told = found(sound([(8.0, 23.0)], 40), [35 * RATE, 0, 12 * RATE])
    assert len(told) == 1
    assert told[0].end - told[0].start == pytest.approx((15 + 2 * PADDING) * RATE, abs=2 * WINDOW)


@given(
    talk=st.lists(
        st.tuples(st.integers(0, 550), st.integers(2, 150)), max_size=12, unique_by=lambda t: t[0]
    ),
    focuses=st.lists(st.integers(0, 60 * RATE), max_size=6),
)
def test_the_order_of_listening_changes_nothing(
    talk: list[tuple[int, int]], focuses: list[int]
) -> None:
    samples = sound([(a / 10, min((a + length) / 10, 60)) for a, length in talk], 60)
    told = found(samples, focuses)
    assert told == found(samples, [])
    for one, other in pairwise(told):
        assert other.start - one.end >= round(GAP * RATE)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 48000, 96000, 192000, 12345])
def test_any_rate_is_heard_in_its_own_frames(rate: int) -> None:
    samples = numpy.zeros(4 * rate, dtype=numpy.float32)
    samples[rate : 2 * rate] = 1.0
    finder = Finder(lambda a, b: samples[a:b], len(samples), rate, Oracle())
    (one,) = finder.step()
    assert one.start / rate == pytest.approx(1 - PADDING, abs=0.05)
    assert one.end / rate == pytest.approx(2 + PADDING, abs=0.05)


def test_resampling_keeps_the_length() -> None:
    for rate in (8000, 44100, 48000):
        assert len(at_rate(numpy.zeros(rate, dtype=numpy.float32), rate)) == RATE


def test_loudness_stands_in_where_there_is_no_detector() -> None:
    random = numpy.random.default_rng(1)
    samples = (random.standard_normal(8 * RATE) * 0.001).astype(numpy.float32)
    samples[3 * RATE : 5 * RATE] += (random.standard_normal(2 * RATE) * 0.1).astype(numpy.float32)
    finder = Finder(lambda a, b: samples[a:b], len(samples), RATE, Loudness())
    (one,) = finder.step()
    assert one.start / RATE == pytest.approx(3 - PADDING, abs=0.1)
    assert one.end / RATE == pytest.approx(5 + PADDING, abs=0.1)


def tones(seconds: float) -> Samples:
    """Chords that are held for three seconds each, with the overtones of an instrument."""
    time = numpy.arange(round(seconds * RATE)) / RATE
    chords = [(262, 330, 392), (349, 440, 523), (392, 494, 587)]
    pitch = numpy.array([chords[int(t / 3) % 3] for t in time]).T
    total = numpy.zeros_like(time)
    for one in pitch:
        for overtone in range(1, 7):
            total += 0.1 / overtone * numpy.sin(2 * numpy.pi * overtone * one * time)
    found: Samples = total.astype("f4")
    return found


def test_music_is_told_from_noise() -> None:
    random = numpy.random.default_rng(2)
    noise = (0.05 * random.standard_normal(30 * RATE)).astype("f4")
    samples = noise.copy()
    samples[12 * RATE : 22 * RATE] = 0.1 * noise[: 10 * RATE] + tones(10)
    finder = Finder(lambda a, b: samples[a:b], len(samples), RATE, Activation())
    told = []
    while not finder.done:
        told += finder.step()
    (one,) = told
    assert one.start / RATE == pytest.approx(12, abs=1.5)
    assert one.end / RATE == pytest.approx(22, abs=1.5)


@pytest.mark.shared_data
def test_music_of_a_mix_is_found(shared_data: Path) -> None:
    """22 s of music, then noise and speech."""
    soundfile = pytest.importorskip("soundfile")
    path = shared_data / "audio" / "ina-speech-music" / "musanmix.mp3"
    samples, rate = soundfile.read(path, dtype="float32")
    finder = Finder(lambda a, b: samples[a:b], len(samples), rate, Activation())
    told = []
    while not finder.done:
        told += finder.step()
    assert [round(one.start / rate) for one in told] == [0]
    assert told[0].end / rate == pytest.approx(22.5, abs=1.5)


@pytest.mark.shared_data
def test_speech_of_a_meeting_is_found(shared_data: Path) -> None:
    soundfile = pytest.importorskip("soundfile")
    folder = shared_data / "audio" / "pyannote-ami-debug"
    samples, rate = soundfile.read(folder / "dev00.wav", dtype="float32")
    finder = Finder(lambda a, b: samples[a:b], len(samples), rate, detector())
    told = []
    while not finder.done:
        told += finder.step()
    said = numpy.zeros(30 * 100, dtype=bool)
    for line in (folder / "debug.development.rttm").read_text().splitlines():
        fields = line.split()
        if fields[1] == "dev00":
            start, length = float(fields[3]), float(fields[4])
            said[round(start * 100) : round((start + length) * 100)] = True
    heard = numpy.zeros(30 * 100, dtype=bool)
    for one in told:
        heard[one.start * 100 // rate : one.end * 100 // rate] = True
    assert (said != heard).mean() < 0.12


class Heard(DetectorSuggester):
    """What an oracle hears."""

    def detector(self) -> Detector:
        return Oracle()


class Sides:
    """A sound of two channels."""

    def __init__(self, *sides: Samples) -> None:
        self.sides = numpy.stack(sides)

    def read(self, start: int, stop: int, channel: int | None = None) -> Samples:
        taken = self.sides[:, start:stop]
        found: Samples = taken.mean(axis=0) if channel is None else taken[channel]
        return found


@pytest.mark.parametrize(
    ("options", "channel", "sides"),
    [
        ({}, None, {None: 2}),
        ({"channels": True}, None, {0: 1, 1: 2}),
        ({"channels": True}, 1, {None: 2}),
    ],
)
def test_each_channel_is_listened_to_for_itself(
    options: dict[str, object], channel: int | None, sides: dict[int | None, int]
) -> None:
    both = Sides(sound([(2, 4)], 12), sound([(2, 5), (8, 9)], 12))
    clip = Clip(b"a.wav", b"a.wav", RATE, 2, 0, 12 * RATE, channel)
    heard = Heard(clip, both, SuggesterSpec("speech", "speech", options))
    told = [one for _ in range(5) for one in heard.step(0)]
    assert Counter(one.channel for one in told) == sides
