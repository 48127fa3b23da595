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
