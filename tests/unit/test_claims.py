"""Headers that lie: whatever they claim, what is there is read, and a difference is told."""

from __future__ import annotations

import struct
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
FRAMES = 2 * RATE
SAMPLES = (np.random.default_rng(9).uniform(-0.5, 0.5, FRAMES) * 32767).astype("<i2")
LARGEST = 0xFFFF_FFFF
ALL_USED = "its header says {}, and 2.0 s are there: all of it is used"
CUT_OFF = "it is cut off: its header claims 18.0 s, and 2.0 s are there"


def encoded(kind: str, subtype: str = "PCM_16") -> bytearray:
    file = BytesIO()
    soundfile.write(file, SAMPLES, RATE, None if kind == "MP3" else subtype, format=kind)
    return bytearray(file.getvalue())


def put(content: bytearray, place: int, form: str, value: int) -> None:
    struct.pack_into(form, content, place, value)


def wave(magic: bytes, size: int, long: int | None, data: bytes) -> bytes:
    """A WAV file; with a long size in an RF64 one."""
    fmt = struct.pack("<IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    sizes = b"" if long is None else b"ds64" + struct.pack("<IQQQI", 28, long, long, long // 2, 0)
    body = b"WAVE" + sizes + b"fmt " + fmt + b"data" + struct.pack("<I", size) + data
    return magic + struct.pack("<I", size) + body


def lying(kind: str, share: float) -> bytearray:
    """Two seconds in a file whose header claims a share of them."""
    claimed = round(2 * FRAMES * share)
    content = encoded(kind)
    match kind:
        case "WAV":
            put(content, content.index(b"data") + 4, "<I", claimed)
        case "RF64":
            put(content, content.index(b"ds64") + 16, "<Q", claimed)
        case "AIFF":
            put(content, content.index(b"SSND") + 4, ">I", claimed + 8 if claimed else 0)
            put(content, content.index(b"COMM") + 10, ">I", claimed // 2)
        case "AU":
            put(content, 8, ">I" if content[:4] == b".snd" else "<I", claimed)
        case "CAF":
            put(content, content.index(b"data") + 4, ">Q", claimed + 4 if claimed else 0)
        case "W64":
            put(content, content.index(b"data") + 16, "<Q", claimed + 24)
        case "FLAC":
            content[18:26] = (
                int.from_bytes(content[18:26], "big") >> 36 << 36 | claimed // 2
            ).to_bytes(8, "big")
        case "MP3":
            at = max(content.find(b"Xing"), content.find(b"Info"))
            (frames,) = struct.unpack_from(">I", content, at + 8)
            put(content, at + 8, ">I", round(frames * share))
    return content


def read(path: Path) -> tuple[Any, list[str]]:
    """What a session reads of a file, and what it says of it."""
    header = examine(str(path))
    warnings, source = list(header.warnings), str(path)
    if not header.exact:
        conversion = Conversion(header, Cache(path.parent / "cache", 10**9))
        while conversion.step():
            pass
        warnings += conversion.warnings
        source = str(conversion.path)
    with Sound(source) as sound:
        return sound.shorts(0, sound.frames)[:, 0], warnings


@pytest.mark.parametrize("kind", ["WAV", "RF64", "AIFF", "AU", "CAF", "W64", "FLAC"])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0, 9.0])
def test_whatever_a_header_claims_the_samples_that_are_there_are_read(
    tmp_path: Path, kind: str, share: float
) -> None:
    path = tmp_path / "a.sound"
    path.write_bytes(lying(kind, share))
    samples, warnings = read(path)
    assert (samples == SAMPLES).all()
    expected = {
        0.0: [ALL_USED.format("0.0 s")] if kind != "FLAC" else [],
        0.5: [ALL_USED.format("1.0 s")],
        1.0: [],
        9.0: [CUT_OFF],
    }
    assert warnings == expected[share]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0, 9.0])
def test_an_mp3_is_read_to_its_end_whatever_its_tag_claims(tmp_path: Path, share: float) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(lying("MP3", share))
    samples, warnings = read(path)
    assert len(samples) == FRAMES
    assert [one.partition(",")[0].partition(":")[0] for one in warnings] == {
        0.5: ["its header says 1.0 s"],
        9.0: ["it is cut off"],
    }.get(share, [])


def test_an_mp3_without_a_tag_is_read_to_its_end(tmp_path: Path) -> None:
    """A guess by its first frame, which is large here, would end it early."""
    loud = np.random.default_rng(1).uniform(-0.5, 0.5, RATE)
    file = BytesIO()
    with soundfile.SoundFile(
        file, "w", RATE, 1, "MPEG_LAYER_III", format="MP3", bitrate_mode="VARIABLE",
        compression_level=0.2,
    ) as made:  # fmt: skip
        made.write(np.concatenate([loud, np.zeros(3 * RATE), loud]))
    whole = file.getvalue()
    # The tag, and the frame behind it, are gone.
    path = tmp_path / "a.mp3"
    path.write_bytes(whole[2 * 288 :])
    assert soundfile.info(path).frames < 4 * RATE
    samples, warnings = read(path)
    assert len(samples) == pytest.approx(5 * RATE, abs=3000)
    assert warnings == []


@pytest.mark.parametrize(
    ("magic", "size", "long"),
    [
        (b"BW64", LARGEST, 2 * FRAMES),
        (b"BW64", 2 * FRAMES, 0),
        (b"RF64", 2 * FRAMES, 2 * FRAMES),
    ],
)
def test_the_successors_of_wav_are_read(tmp_path: Path, magic: bytes, size: int, long: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wave(magic, size, long, SAMPLES.tobytes()))
    samples, warnings = read(path)
    assert (samples == SAMPLES).all()
    assert warnings == []


ABOVE = (1 << 32) + 8 * FRAMES
"""The bytes of samples of a file of more than 4 GB."""


@pytest.mark.parametrize(
    ("magic", "size", "long", "said"),
    [
        (b"RIFF", ABOVE & LARGEST, None, "8.0 s"),
        (b"RIFF", LARGEST, None, None),
        (b"RIFF", 0, None, "0.0 s"),
        (b"RIFX", ABOVE & LARGEST, None, "8.0 s"),
        (b"RF64", LARGEST, ABOVE, None),
        (b"RF64", LARGEST, 0, "0.0 s"),
        (b"RF64", ABOVE & LARGEST, ABOVE, "8.0 s"),
        (b"BW64", LARGEST, ABOVE, None),
        (b"FORM", 0, None, "0.0 s"),
    ],
)
def test_above_four_gigabytes_all_is_read(
    tmp_path: Path, magic: bytes, size: int, long: int | None, said: str | None
) -> None:
    path = tmp_path / "a.wav"
    samples = SAMPLES.tobytes()
    if magic == b"FORM":
        head, samples = bytes(lying("AIFF", 0.0)[: -2 * FRAMES]), SAMPLES.byteswap().tobytes()
    else:
        head = wave(magic, size, long, b"")
    if magic == b"RIFX":
        fmt = struct.pack(">IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16)
        head = b"RIFX\0\0\0\0WAVEfmt " + fmt + b"data" + struct.pack(">I", size)
        samples = SAMPLES.byteswap().tobytes()
    with path.open("wb") as file:
        # What lies between is a hole: the file takes no room.
        file.write(head)
        file.seek(len(head) + ABOVE - len(samples))
        file.write(samples)
    header = examine(str(path))
    assert (header.frames, header.exact) == (ABOVE // 2, True)
    with Sound(str(path)) as sound:
        assert (sound.shorts(sound.frames - FRAMES, sound.frames)[:, 0] == SAMPLES).all()
    there = f"{ABOVE / 2 / RATE:,.1f} s are there: all of it is used"
    assert header.warnings == (() if said is None else (f"its header says {said}, and {there}",))


def test_a_flac_of_blocks_of_any_size_and_tags_behind_it_tell_its_length(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(bytes(lying("FLAC", 0.25)) + b"TAG" + bytes(125))
    samples, warnings = read(path)
    assert (samples == SAMPLES).all()
    assert warnings == [ALL_USED.format("0.5 s")]


def test_samples_that_look_like_a_chunk_are_samples(tmp_path: Path) -> None:
    """Where the header says that they end stand four letters, and what would be a length."""
    path = tmp_path / "a.wav"
    data = SAMPLES.tobytes()
    half = len(data) // 2
    many = data[:half] + b"abcd\xff\xff\xff\xfe" + data[half + 8 :] + bytes(2 << 20)
    path.write_bytes(wave(b"RIFF", half, None, many))
    assert examine(str(path)).frames == len(many) // 2
