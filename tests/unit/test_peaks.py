"""Peaks against the samples they stand for, and against audiowaveform's own files."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tui_annotate.audio.cache import Cache
from tui_annotate.audio.header import Stamp
from tui_annotate.audio.peaks import BASE, BLOCK, PeakFile
from tui_annotate.audio.peakwork import PeakWork
from tui_annotate.audio.sound import Sound

RATE = 16_000


def write(
    path: Path, frames: int, channels: int = 1, subtype: str = "PCM_16", seed: int = 7
) -> Path:
    values = np.random.default_rng(seed).uniform(-0.9, 0.9, (frames, channels))
    # Loud and quiet stretches, so that a bin in the wrong place shows.
    values *= np.abs(np.sin(np.arange(frames) / 5000))[:, None]
    soundfile.write(path, values.astype(np.float32), RATE, subtype)
    return path


def work(path: Path, folder: Path) -> PeakWork:
    return PeakWork(Sound(str(path)), str(path), Stamp.of(str(path)), Cache(folder, 10**9))


def made(path: Path, folder: Path) -> PeakFile:
    peaks = work(path, folder)
    while peaks.step():
        pass
    return PeakFile(peaks.path)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> tuple[PeakFile, np.ndarray]:
    folder = tmp_path_factory.mktemp("long")
    path = write(folder / "long.wav", 2 * BLOCK + 12_345)
    return made(path, folder / "cache"), soundfile.read(path, dtype="float32")[0]


@given(data=st.data())
@examples(25)
def test_a_window_read_as_samples_is_exact_to_the_frame(
    long: tuple[PeakFile, np.ndarray], data: st.DataObject
) -> None:
    peaks, samples = long
    start = data.draw(st.integers(0, len(samples) - 1))
    end = data.draw(st.integers(start + 1, min(len(samples), start + PeakFile.DIRECT)))
    columns = data.draw(st.integers(1, 300))
    mins, maxs = peaks.minmax(start, end, columns)
    for column in range(columns):
        first = start + column * (end - start) // columns
        last = max(first + 1, start + (column + 1) * (end - start) // columns)
        assert mins[column] == samples[first:last].min()
        assert maxs[column] == samples[first:last].max()


@given(data=st.data())
@examples(25)
def test_a_wide_window_is_exact_to_the_bin(
    long: tuple[PeakFile, np.ndarray], data: st.DataObject
) -> None:
    peaks, samples = long
    start = data.draw(st.integers(0, len(samples) - PeakFile.DIRECT - 1))
    end = data.draw(st.integers(start + PeakFile.DIRECT + 1, len(samples)))
    columns = data.draw(st.integers(1, 240))
    mins, maxs = peaks.minmax(start, end, columns)
    size = BASE
    while (end - start) / columns >= 8 * size * 8:
        size *= 8
    edges = start + np.arange(columns + 1) * (end - start) // columns
    bins = (edges + size // 2) // size * size
    for column in range(columns):
        stretch = samples[bins[column] : max(bins[column + 1], bins[column] + size)]
        assert mins[column] == stretch.min()
        assert maxs[column] == stretch.max()


def test_outside_of_the_sound_nothing_is_known(long: tuple[PeakFile, np.ndarray]) -> None:
    peaks, samples = long
    for width in (1000, 2 * PeakFile.DIRECT):
        mins, maxs = peaks.minmax(-width, width, 4)
        assert np.isnan(mins[:2]).all()
        assert not np.isnan(maxs[2:]).any()
        mins, _ = peaks.minmax(len(samples) + 5, len(samples) + width, 3)
        assert np.isnan(mins).all()


@pytest.mark.parametrize(
    ("channels", "subtype"), [(1, "PCM_16"), (2, "PCM_16"), (1, "PCM_24"), (3, "FLOAT")]
)
def test_every_channel_and_the_mean_of_all(tmp_path: Path, channels: int, subtype: str) -> None:
    path = write(tmp_path / "sound.wav", BLOCK + 1000, channels, subtype)
    peaks = made(path, tmp_path / "cache")
    samples = soundfile.read(path, dtype="float32", always_2d=True)[0]
    for channel in (None, *range(channels)):
        values = samples.mean(axis=1) if channel is None else samples[:, channel]
        for start, end in ((0, BLOCK), (300, 700)):
            mins, maxs = peaks.minmax(start, end, 1, channel)
            assert mins[0] == pytest.approx(values[start:end].min(), abs=1e-6)
            assert maxs[0] == pytest.approx(values[start:end].max(), abs=1e-6)


def test_before_anything_is_exact_short_looks_give_an_outline(tmp_path: Path) -> None:
    path = write(tmp_path / "sound.wav", 20 * BLOCK)
    peaks = work(path, tmp_path / "cache")
    drawn = PeakFile(peaks.path)
    assert np.isnan(drawn.minmax(0, drawn.frames, 80)[0]).all()
    peaks.step()
    assert drawn.done == 0
    samples = soundfile.read(path, dtype="float32")[0]
    mins, maxs = drawn.minmax(0, drawn.frames, 80)
    for column, stretch in enumerate(np.array_split(samples, 80)):
        assert 1.01 * stretch.min() <= mins[column] < 0 < maxs[column] <= 1.01 * stretch.max()


def test_what_the_annotator_looks_at_is_exact_first(tmp_path: Path) -> None:
    path = write(tmp_path / "sound.wav", 20 * BLOCK)
    peaks = work(path, tmp_path / "cache")
    drawn = PeakFile(peaks.path)
    peaks.step()
    peaks.step(focus=13 * BLOCK + 5, seconds=0)
    assert drawn.done == pytest.approx(1 / 20)
    samples = soundfile.read(path, dtype="float32")[0]
    assert (
        drawn.minmax(13 * BLOCK, 14 * BLOCK, 2)[1][0] == samples[13 * BLOCK :][: BLOCK // 2].max()
    )


def test_whole_peaks_are_found_again_and_those_of_a_changed_sound_are_not(tmp_path: Path) -> None:
    path = write(tmp_path / "sound.wav", 50_000)
    made(path, tmp_path / "cache")
    assert work(path, tmp_path / "cache").done
    write(path, 50_001)
    assert not work(path, tmp_path / "cache").done


def test_a_reader_that_comes_as_the_file_gets_its_name_finds_it(tmp_path: Path) -> None:
    path = write(tmp_path / "sound.wav", 50_000)
    peaks = work(path, tmp_path / "cache")
    unfinished = peaks.path
    while peaks.step():
        pass
    assert not unfinished.exists()
    assert PeakFile(unfinished).done == 1


@given(st.binary(max_size=200), st.integers(0, 4200))
@examples(25)
def test_a_damaged_file_of_peaks_is_refused(junk: bytes, place: int) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        folder = Path(name)
        path = write(folder / "sound.wav", 3000)
        peaks = work(path, folder / "cache")
        while peaks.step():
            pass
        whole = peaks.path.read_bytes()
        peaks.path.write_bytes(whole[:place] + junk + whole[place + len(junk) :])
        try:
            found = PeakFile(peaks.path)
        except ValueError:
            return
        assert len(found.minmax(0, 3000, 10)[0]) == 10


def test_the_nearest_crossing_of_zero(tmp_path: Path) -> None:
    path = tmp_path / "sine.wav"
    soundfile.write(path, np.sin(np.arange(RATE) * 2 * np.pi * 100 / RATE + 0.1), RATE)
    peaks = made(path, tmp_path / "cache")
    samples = soundfile.read(path)[0]
    for frame in (500, 8000, 15_000):
        crossing = peaks.zero_crossing(frame)
        assert abs(crossing - frame) <= RATE // 200 + 1
        assert samples[crossing - 1] * samples[crossing] <= 0
    assert made(write(tmp_path / "none.wav", 10), tmp_path / "c").zero_crossing(
        4, within=1
    ) in range(10)


@pytest.mark.shared_data
def test_minima_and_maxima_are_those_of_audiowaveform(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "audio" / "bbc-stereo"
    head = struct.Struct("<IIIIII")
    gold = (folder / "test_file_stereo_16bit_64spp_wav.dat").read_bytes()
    _, flags, rate, per_column, length, _ = (*head.unpack_from(gold)[:5], None)
    assert (flags, rate, per_column) == (0, RATE, 64)
    pairs = np.frombuffer(gold, "<i2", offset=20).reshape(-1, 2)[:length]
    peaks = made(folder / "test_file_stereo.wav", tmp_path)
    # Its last column holds what is left.
    mins, maxs = peaks.minmax(0, 64 * (length - 1), length - 1)
    # audiowaveform mixes in whole numbers and cuts towards zero.
    assert (np.trunc(mins * 32768) == pairs[:-1, 0]).all()
    assert (np.trunc(maxs * 32768) == pairs[:-1, 1]).all()

    gold_8 = json.loads((folder / "test_file_stereo_8bit_64spp_flac.json").read_text())
    data = np.array(gold_8["data"]).reshape(-1, 2)[:-1]
    peaks = made(folder / "test_file_stereo.flac", tmp_path)
    mins, maxs = peaks.minmax(0, 64 * len(data), len(data))
    assert np.abs(mins * 128 - data[:, 0]).max() <= 1
    assert np.abs(maxs * 128 - data[:, 1]).max() <= 1
