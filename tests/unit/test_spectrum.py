"""Spectrograms against librosa's filters and tones of a known pitch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tui_annotate.audio.sound import Sound
from tui_annotate.audio.spectrum import Spectra, mel_filters, window_size

RATE = 16_000


def cells(spectra: Spectra, start: int, end: int, columns: int, rows: int) -> Any:
    drawn = spectra.cells(start, end, columns, rows)
    return np.frombuffer(drawn, np.uint8).reshape(columns, rows)


@pytest.mark.parametrize(("rate", "rows"), [(16_000, 40), (44_100, 64), (8000, 20)])
def test_the_bands_are_those_of_librosa(rate: int, rows: int) -> None:
    filters = pytest.importorskip("librosa.filters")
    size = window_size(rate)
    top = min(rate / 2, 12_000)
    theirs = filters.mel(sr=rate, n_fft=size, n_mels=rows, fmin=50, fmax=top, norm=None)
    sums = theirs.sum(axis=1, keepdims=True)
    filled = sums[:, 0] > 0
    ours = mel_filters(rate, size, rows)
    assert ours[filled] == pytest.approx((theirs / np.maximum(sums, 1e-9))[filled], abs=1e-4)
    # A band too narrow for any line of the spectrum has one all the same.
    assert ours.sum(axis=1) == pytest.approx(np.ones(rows), abs=1e-5)


@pytest.mark.parametrize("subtype", ["PCM_16", "OPUS"])
@pytest.mark.parametrize("seconds", [3, 200])
def test_a_tone_that_rises_rises_in_the_picture(tmp_path: Path, subtype: str, seconds: int) -> None:
    path = tmp_path / ("a.opus" if subtype == "OPUS" else "a.wav")
    with soundfile.SoundFile(
        path, "w", RATE, 1, subtype, format="OGG" if subtype == "OPUS" else "WAV"
    ) as sound:
        for second in range(seconds):
            hertz = 200 + 6000 * second // seconds
            sound.write(0.4 * np.sin(np.arange(RATE) * 2 * np.pi * hertz / RATE))
    frames = seconds * RATE
    drawn = cells(Spectra(Sound(str(path)), 0, frames, None), 0, frames, 30, 24)
    loudest = drawn.argmax(axis=1)
    assert (np.diff(loudest.astype(int)) >= 0).all()
    assert loudest[-1] - loudest[0] > 12
    assert drawn.max(axis=1).min() > 200


def test_how_bright_it_is_does_not_depend_on_where_one_looks(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    noise = np.random.default_rng(1).uniform(-1, 1, 4 * RATE)
    noise[: 2 * RATE] *= 0.01
    soundfile.write(path, noise, RATE)
    spectra = Spectra(Sound(str(path)), 0, 4 * RATE, None)
    quiet = cells(spectra, 0, 2 * RATE, 20, 16).mean()
    loud = cells(spectra, 2 * RATE, 4 * RATE, 20, 16).mean()
    # 40 dB of 70 apart.
    assert loud - quiet == pytest.approx(255 * 40 / 70, rel=0.1)


def test_digital_silence_is_black(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(RATE), RATE)
    assert cells(Spectra(Sound(str(path)), 0, RATE, None), -RATE, 2 * RATE, 9, 8).max() == 0


@pytest.mark.parametrize(
    ("rate", "size"), [(16_000, 512), (8000, 256), (44_100, 1024), (192_000, 4096), (100, 16)]
)
def test_a_spectrum_is_taken_of_some_periods_of_a_low_voice(rate: int, size: int) -> None:
    assert window_size(rate) == size


def test_a_tone_half_as_loud_is_six_decibels_darker(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    tone = 0.5 * np.sin(np.arange(4 * RATE) * 2 * np.pi * 1000 / RATE)
    tone[2 * RATE :] /= 2
    soundfile.write(path, tone, RATE)
    drawn = cells(Spectra(Sound(str(path)), 0, 4 * RATE, None), 0, 4 * RATE, 40, 24).max(axis=1)
    assert drawn[2] >= 250
    assert int(drawn[2]) - int(drawn[37]) == pytest.approx(255 * 6.02 / 70, abs=1)


def test_what_is_hardly_there_is_not_made_bright(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    tone = 1e-4 * np.sin(np.arange(RATE) * 2 * np.pi * 1000 / RATE)
    soundfile.write(path, tone, RATE, "FLOAT")
    drawn = cells(Spectra(Sound(str(path)), 0, RATE, None), 0, RATE, 9, 24)
    # 80 dB below full scale and what its band has of it, where 60 is the brightest.
    assert 100 < drawn.max() < 255 * (1 - 20 / 70)


def test_each_channel_has_its_own_picture_and_all_have_their_mean(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    time = np.arange(RATE) / RATE
    both = np.stack([np.sin(2 * np.pi * hertz * time) for hertz in (300, 5000)], axis=1)
    soundfile.write(path, 0.4 * both, RATE)

    def bands(channel: int | None) -> list[int]:
        drawn = cells(Spectra(Sound(str(path)), 0, RATE, channel), 0, RATE, 9, 24)
        return [int(value) for value in drawn[4]]

    first, second, mean = bands(0), bands(1), bands(None)
    low, high = first.index(max(first)), second.index(max(second))
    assert low < high
    assert first[high] < 120 < min(mean[low], mean[high])
    assert second[low] < 120


def test_between_the_middles_of_wide_columns_is_looked_too(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    columns, width = 10, RATE
    noise = np.zeros(columns * width)
    # A quarter into a column: of two looks one falls there, of one none would.
    at = 5 * width + width // 4
    noise[at - 300 : at + 300] = np.random.default_rng(2).uniform(-0.5, 0.5, 600)
    soundfile.write(path, noise, RATE)
    drawn = cells(Spectra(Sound(str(path)), 0, len(noise), None), 0, len(noise), columns, 8)
    assert drawn[5].max() > 200
    assert np.delete(drawn, 5, axis=0).max() == 0
