"""MP3: all that is there is read, whatever the file says of its length."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tui_annotate.audio.cache import Cache
from tui_annotate.audio.decoding import Conversion
from tui_annotate.audio.examination import examine
from tui_annotate.audio.sound import Sound

RATE = 16_000
FRAME = 576
"""Frames of sound in a frame of MPEG 2."""


def mp3(samples: Any, rate: int = RATE) -> bytes:
    """An MP3 that says how long it is."""
    file = BytesIO()
    soundfile.write(file, samples, rate, format="MP3", bitrate_mode="VARIABLE")
    return file.getvalue()


def bare(content: bytes) -> bytes:
    """Its frames with sound alone: without the first one, which says how long it is."""
    return content[content.index(content[:3], 3) :]


def loud(seconds: float) -> Any:
    return np.random.default_rng(3).uniform(-0.5, 0.5, int(seconds * RATE))


def quiet(seconds: float) -> Any:
    return np.zeros(int(seconds * RATE))


def tag(length: int) -> bytes:
    """An ID3 tag that holds a picture, as far as anybody can tell."""
    sizes = bytes(length >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\4\0\0" + sizes + b"\xff\xd8" * (length // 2)


def read(content: bytes, tmp_path: Path, name: str = "a.mp3") -> tuple[Any, int, list[str]]:
    """The samples, how many the header promised, and what was said."""
    path = tmp_path / name
    path.write_bytes(content)
    header = examine(str(path))
    assert not header.media
    conversion = Conversion(header, Cache(tmp_path / "cache", 10**9))
    while conversion.step():
        pass
    with Sound(str(conversion.path)) as sound:
        samples = sound.read(0, sound.frames)
    return samples, header.frames, [*header.warnings, *conversion.warnings]


def heard(samples: Any) -> list[int]:
    """The seconds in which there is something to hear."""
    # Encoders put a tenth of a second before the sound, at most.
    whole = samples[: len(samples) // RATE * RATE].reshape(-1, RATE)[:, 2000:-2000]
    return [second for second, row in enumerate(whole) if np.abs(row).max() > 0.1]


@pytest.mark.parametrize(
    "before", [b"", tag(2000), tag(300) + tag(500)], ids=["bare", "tag", "tags"]
)
def test_without_a_length_the_frames_are_counted(tmp_path: Path, before: bytes) -> None:
    # Dense at first, so that a length reckoned from the first frame is far too short.
    content = bare(mp3(np.concatenate([loud(3), quiet(20), loud(3)])))
    samples, promised, said = read(before + content, tmp_path)
    assert len(samples) == promised == pytest.approx(26 * RATE, abs=4 * FRAME)
    assert heard(samples) == [0, 1, 2, 23, 24, 25]
    assert said == []


def test_where_the_length_is_right_nothing_is_done(tmp_path: Path) -> None:
    content = mp3(loud(5))
    samples, promised, said = read(content + b"TAG" + bytes(125), tmp_path)
    assert len(samples) == promised == 5 * RATE
    assert said == []
    assert examine(str(tmp_path / "a.mp3")).parts == ()


def test_recordings_put_together_are_one_sound(tmp_path: Path) -> None:
    parts = [mp3(loud(2)), mp3(quiet(3)), mp3(loud(1))]
    samples, promised, said = read(b"".join(parts), tmp_path)
    assert len(samples) == promised == 6 * RATE
    assert heard(samples) == [0, 1, 5]
    assert said == ["the file holds 3 recordings, one after the other"]
    samples, promised, said = read(tag(4000).join([b"", *parts]), tmp_path, "tagged.mp3")
    assert len(samples) == promised == 6 * RATE
    assert said == ["the file holds 3 recordings, one after the other"]


def test_a_recording_at_another_rate_is_told(tmp_path: Path) -> None:
    samples, _, said = read(mp3(loud(2)) + mp3(loud(2), 44_100), tmp_path)
    assert len(samples) == 2 * RATE
    assert said == [
        "the file holds 2 recordings, one after the other; 1 of them at the end cannot be "
        "read on, their rate or channels differ"
    ]


def test_a_length_that_speaks_of_the_beginning_alone_is_told(tmp_path: Path) -> None:
    content = mp3(loud(2)) + bare(mp3(loud(6)))
    samples, promised, said = read(content, tmp_path)
    assert len(samples) == promised == pytest.approx(8 * RATE, abs=8 * FRAME)
    assert said == ["its header says 2.0 s, and 8.1 s are there: all of it is used"]


def test_behind_a_damaged_place_it_goes_on(tmp_path: Path) -> None:
    content = bare(mp3(np.concatenate([loud(4), loud(4)])))
    half = len(content) // 2
    damaged = content[:half] + bytes(5000) + content[half:]
    samples, promised, said = read(damaged, tmp_path)
    assert len(samples) == promised == pytest.approx(8 * RATE, abs=8 * FRAME)
    assert heard(samples)[-1] == 7
    assert said == ["it is damaged in 1 place, which is left out"]
