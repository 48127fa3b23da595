"""Reading sounds: every format, every bad file in one sentence."""

from __future__ import annotations

import os
import struct
import sys
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tui_annotate.audio import media
from tui_annotate.audio.cache import Cache
from tui_annotate.audio.decoding import Conversion
from tui_annotate.audio.examination import examine
from tui_annotate.audio.header import Header
from tui_annotate.audio.sound import Sound
from tui_annotate.errors import AnnotateError

RATE = 16_000

needs_av = pytest.mark.skipif(find_spec("av") is None, reason="PyAV is not installed")


def wav(
    data: bytes = b"\1\0" * 4000,
    *,
    rate: int = RATE,
    channels: int = 1,
    bits: int = 16,
    code: int = 1,
    size: int | None = None,
) -> bytes:
    """A WAV file, whatever its header is made to claim."""
    claimed = len(data) if size is None else size
    width = channels * bits // 8
    each = rate * width & 0xFFFFFFFF
    fmt = struct.pack("<HHIIHH", code, channels, rate, each, width & 0xFFFF, bits)
    riff = b"WAVEfmt " + struct.pack("<I", 16) + fmt + b"data" + struct.pack("<I", claimed)
    return b"RIFF" + struct.pack("<I", (len(riff) + claimed) & 0xFFFFFFFF) + riff + data


def sine(frames: int, channels: int = 1) -> Any:
    wave = 0.5 * np.sin(np.arange(frames) * 2 * np.pi * 440 / RATE)
    return np.stack([wave * (1 - n / 4) for n in range(channels)], axis=1)


def finish(conversion: Conversion) -> None:
    while conversion.step():
        pass


def decoded(header: Header, folder: Path) -> tuple[Sound, list[str]]:
    """The sound as a session reads it, through a copy if need be, and what is said of it."""
    if header.exact:
        return Sound(header.path), list(header.warnings)
    conversion = Conversion(header, Cache(folder / "cache", 10**9))
    finish(conversion)
    return Sound(str(conversion.path)), [*header.warnings, *conversion.warnings]


# ── formats ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "subtype", "rate", "channels", "called", "exact"),
    [
        ("a.wav", "PCM_U8", 8000, 1, "WAV 8 bit", True),
        ("a.wav", "PCM_16", 44_100, 2, "WAV 16 bit", True),
        ("a.wav", "PCM_24", 192_000, 1, "WAV 24 bit", True),
        ("a.wav", "PCM_32", 48_000, 6, "WAV 32 bit", True),
        ("a.wav", "FLOAT", 16_000, 1, "WAV float", True),
        ("a.wav", "DOUBLE", 16_000, 1, "WAV double", True),
        ("a.flac", "PCM_24", 96_000, 2, "FLAC 24 bit", True),
        ("a.aiff", "PCM_16", 22_050, 1, "AIFF 16 bit", True),
        ("a.w64", "PCM_16", 16_000, 1, "W64 16 bit", True),
        ("a.rf64", "PCM_16", 16_000, 1, "RF64 16 bit", True),
        ("a.caf", "PCM_24", 16_000, 1, "CAF 24 bit", True),
        ("a.ogg", "VORBIS", 16_000, 2, "Ogg Vorbis", False),
        ("a.ogg", "OPUS", 48_000, 1, "Opus", True),
        ("a.mp3", "MPEG_LAYER_III", 16_000, 1, "MP3", False),
    ],
)
def test_every_format_is_read(
    tmp_path: Path, name: str, subtype: str, rate: int, channels: int, called: str, exact: bool
) -> None:
    path = tmp_path / name
    soundfile.write(path, sine(2 * rate, channels), rate, subtype)
    header = examine(str(path))
    assert (header.rate, header.channels, header.format) == (rate, channels, called)
    assert header.exact is exact
    sound, warnings = decoded(header, tmp_path)
    assert warnings == []
    assert sound.frames == 2 * rate
    whole = soundfile.read(path, dtype="float32", always_2d=True)[0]
    for start in (0, rate, rate // 3):
        assert sound.read(start, start + 500, 0) == pytest.approx(
            whole[start : start + 500, 0], abs=1e-4
        )
    mean = whole[100:200].mean(axis=1)
    assert sound.read(100, 200) == pytest.approx(mean, abs=1e-4)


def test_values_over_one_stay_and_what_is_no_number_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "float.wav"
    values = np.array([0.5, 3.0, np.nan, -np.inf, -7.0], np.float32)
    soundfile.write(path, values, RATE, "FLOAT")
    sound = Sound(str(path))
    assert sound.read(0, 5).tolist() == [0.5, 3.0, 0.0, 0.0, -7.0]
    assert sound.broken == 2


def test_outside_of_the_sound_there_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(b"\0\x40" * 10))
    assert Sound(str(path)).read(-2, 12).tolist() == [0, 0, *[0.5] * 10, 0, 0]


@given(
    reads=st.lists(st.tuples(st.integers(-50, 9000), st.integers(0, 900)), max_size=12),
    channel=st.sampled_from([None, 0, 1]),
)
@examples(20)
@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_reads_in_any_order_are_exact(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    reads: list[tuple[int, int]],
    channel: int | None,
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    if not path.exists():
        noise = np.random.default_rng(3).integers(-30_000, 30_000, (8000, 2), np.int16)
        soundfile.write(path, noise, RATE)
    whole = soundfile.read(path, dtype="float32")[0]
    plane = whole.mean(axis=1, dtype=np.float32) if channel is None else whole[:, channel]
    padded = np.concatenate([np.zeros(50), plane, np.zeros(5000)])
    with Sound(str(path)) as sound:
        for start, length in reads:
            assert (
                sound.read(start, start + length, channel)
                == padded[start + 50 : start + 50 + length]
            ).all()


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name",
    [
        "ina-speech-music/musanmix.mp3",
        "bbc-stereo/test_file_stereo.opus",
        "librosa-ogg/sorohanro_-_solo-trumpet-06.hq.ogg",
        "mfa-speech/wav/common_voice_en_22058264.mp3",
    ],
)
def test_a_copy_is_what_is_heard_from_first_to_last(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    path = shared_data / "audio" / name
    sound, _ = decoded(examine(str(path)), tmp_path)
    whole = soundfile.read(path, dtype="float32", always_2d=True)[0]
    assert sound.frames == len(whole)
    assert np.abs(sound.block(0, sound.frames) - whole.clip(-1, 1)).max() < 1e-4


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of this kind")
def test_wherever_there_is_no_more_room_that_is_what_is_said(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "noise.mp3"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 320_000), 16_000)
    header = examine(str(path))
    size = os.path.getsize(decoded(header, tmp_path)[0].path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for room in (10_000, size // 2, *range(size - 24_000, size, 4000)):
        conversion = Conversion(header, Cache(tmp_path / f"{room}"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
        try:
            with pytest.raises(AnnotateError, match="the cache cannot be written"):
                finish(conversion)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            conversion.close()
        assert list((tmp_path / f"{room}").iterdir()) == []


@needs_av
@pytest.mark.parametrize(
    ("name", "codec", "called"), [("a.m4a", "aac", "MP4 AAC"), ("a.mka", "flac", "WebM FLAC")]
)
def test_what_libsndfile_does_not_read_comes_through_pyav(
    tmp_path: Path, name: str, codec: str, called: str
) -> None:
    import av

    path = tmp_path / name
    wave = sine(2 * RATE)[:, 0].astype(np.float32)
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=RATE)
        stream.layout = "mono"
        kind = "fltp" if codec == "aac" else "s16"
        data = wave if codec == "aac" else (wave * 32767).astype(np.int16)
        for start in range(0, len(data), 1024):
            frame = av.AudioFrame.from_ndarray(data[None, start : start + 1024], kind, "mono")
            frame.sample_rate, frame.pts = RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    header = examine(str(path))
    assert (header.rate, header.channels, header.format) == (RATE, 1, called)
    sound, warnings = decoded(header, tmp_path)
    assert warnings == []
    assert sound.frames == pytest.approx(2 * RATE, abs=2100)
    # How an encoder begins a sound is its own matter: it may overshoot.
    within = sound.read(2000, 2 * RATE - 2000)
    assert np.abs(within).max() == pytest.approx(0.5, abs=0.01)


@needs_av
def test_metadata_in_another_encoding_is_no_hindrance(tmp_path: Path) -> None:
    import av

    path = tmp_path / "a.m4a"
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "caf--"
        stream: Any = container.add_stream("aac", rate=RATE)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate, frame.pts = RATE, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    content = path.read_bytes()
    assert content.count(b"caf--") == 1
    path.write_bytes(content.replace(b"caf--", b"caf\xe9\xff"))
    assert examine(str(path)).format == "MP4 AAC"


@pytest.mark.parametrize("fails", ["import", "open"])
def test_whatever_pyav_raises_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise RuntimeError("open() of version 99 wants \x1b[31mmore")

    av = SimpleNamespace(open=refuse, FFmpegError=OSError) if fails == "open" else None
    monkeypatch.setitem(sys.modules, "av", av)
    monkeypatch.setattr(media, "available", lambda: True)
    path = tmp_path / "a.m4a"
    path.write_bytes(b"\0\0\0\x20ftypM4A \0\0\0\0" + b"\0" * 100)
    error = "RuntimeError" if fails == "open" else "ModuleNotFoundError"
    for read in (lambda: examine(str(path)), lambda: list(media.blocks(str(path), RATE, 1))):
        with pytest.raises(AnnotateError) as raised:
            read()
        assert raised.value.what == f"PyAV cannot read this recording ({error})"
        assert raised.value.do == "convert it to WAV or FLAC"


def test_without_pyav_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "available", lambda: False)
    path = tmp_path / "a.m4a"
    path.write_bytes(b"\0\0\0\x20ftypM4A \0\0\0\0" + b"\0" * 100)
    with pytest.raises(AnnotateError) as raised:
        examine(str(path))
    assert raised.value.what == "M4A or MP4 needs PyAV, which is not installed"
    assert raised.value.do == "pip install 'tui-annotate[media]'"


# ── bad files ──────────────────────────────────────────────────────────────


def au(channels: int, rate: int = RATE) -> bytes:
    return b".snd" + struct.pack(">IIIII", 24, 0xFFFFFFFF, 3, rate, channels) + b"\0" * 400


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "this file is empty"),
        (b"good morning\n" * 9, "not an audio file (text)"),
        ("grüß Gott\n".encode() * 900, "not an audio file (text)"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not an audio file (a PNG picture"),
        (os.urandom(8) + b"\0\xff\xfe" * 50, "not a readable audio file"),
        (wav(rate=0), "its header gives no sample rate that can be"),
        (wav(rate=0xFFFFFFFF), "its header gives no sample rate that can be"),
        (wav(channels=0), "its header claims no channels at all"),
        (wav(channels=65_535), "its header claims more channels than can be"),
        (au(10**9), "its header claims more channels than can be"),
        (au(1, rate=0), "its header gives no sample rate that can be"),
        (wav(bits=0), "its samples are in a form that cannot be read"),
        (wav(code=0x5566), "its header is broken"),
        (wav()[:20], "its header is broken"),
        (wav(b""), "no sound in this file"),
        (wav(b"", size=4000), "no sound in this file"),
        (b"RIFF", "its header is broken"),
        (b"fLaC" + b"\xff" * 60, "its header is broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("name", ["bad.wav", "bad.raw", "bad"])
def test_what_is_no_usable_sound_is_said_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AnnotateError) as raised:
        examine(str(path))
    assert raised.value.what.startswith(sentence)
    assert "\n" not in str(raised.value).replace(str(path), "")


def test_what_cannot_be_opened_is_said_in_one_sentence(tmp_path: Path) -> None:
    def what(path: Path) -> str:
        with pytest.raises(AnnotateError) as raised:
            examine(str(path))
        return raised.value.what

    assert what(tmp_path / "none.wav") == "there is no such file"
    assert what(tmp_path) == "this is a folder, not an audio file"
    os.mkfifo(tmp_path / "pipe.wav")
    assert what(tmp_path / "pipe.wav") == "not a regular file"
    (tmp_path / "nul").write_bytes(wav())
    assert what(tmp_path / "nul\0").startswith("this file cannot be read")
    (tmp_path / "mine.wav").write_bytes(wav())
    (tmp_path / "mine.wav").chmod(0)
    if not os.access(tmp_path / "mine.wav", os.R_OK):
        assert what(tmp_path / "mine.wav") == "permission denied"


@pytest.mark.parametrize("claimed", [16_000, 0xF000_0000])
def test_a_wav_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path, claimed: int) -> None:
    path = tmp_path / "cut.wav"
    path.write_bytes(wav(b"\0\x40" * 4000, size=claimed))
    header = examine(str(path))
    assert header.frames == 4000
    assert header.warnings == (
        f"it is cut off: its header claims {claimed / 2 / RATE:,.1f} s, and 0.2 s are there",
    )


def test_a_chunk_of_odd_length_before_the_samples_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "odd.wav"
    whole = wav(b"\0\x40" * 4000, size=16_000)
    at = whole.index(b"data")
    # A chunk of an odd length is followed by a byte that its length leaves out.
    path.write_bytes(whole[:at] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + whole[at:])
    header = examine(str(path))
    assert header.frames == 4000
    assert [warning.partition(":")[0] for warning in header.warnings] == ["it is cut off"]


@pytest.mark.parametrize("claimed", [0xFFFF_FFFF, 0xFFFF_FFDB, 0x7FFF_F000, 0x7FFF_FFDB, 8100])
def test_the_length_that_a_pipe_gets_is_no_lie(tmp_path: Path, claimed: int) -> None:
    path = tmp_path / "piped.wav"
    path.write_bytes(wav(size=claimed))
    header = examine(str(path))
    assert (header.frames, header.warnings) == (4000, ())


@pytest.mark.parametrize("claimed", [0, 2000])
def test_samples_that_a_header_does_not_speak_of_are_read(tmp_path: Path, claimed: int) -> None:
    path = tmp_path / "died.wav"
    samples = np.arange(1, 8001, dtype="<i2")
    path.write_bytes(wav(samples.tobytes(), size=claimed))
    sound, warnings = decoded(examine(str(path)), tmp_path)
    assert (sound.shorts(0, 9000)[:, 0] == samples).all()
    said = claimed / 2 / RATE
    assert warnings == [f"its header says {said:,.1f} s, and 0.5 s are there: all of it is used"]


def test_chunks_behind_the_samples_are_no_samples(tmp_path: Path) -> None:
    path = tmp_path / "tagged.wav"
    path.write_bytes(wav() + b"LIST" + struct.pack("<I", 4000) + b"\1\0" * 2000)
    header = examine(str(path))
    assert (header.frames, header.exact, header.warnings) == (4000, True, ())
    path.write_bytes(wav(b"") + b"LIST" + struct.pack("<I", 40) + b"\1\0" * 20)
    with pytest.raises(AnnotateError, match="no sound"):
        examine(str(path))


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_several_recordings_in_one_ogg_are_read_one_after_the_other(
    tmp_path: Path, subtype: str
) -> None:
    links = []
    for number, rate in enumerate((RATE, RATE, RATE, 8000)):
        link = tmp_path / f"{number}.ogg"
        soundfile.write(link, sine(rate), rate, format="OGG", subtype=subtype)
        links.append(link.read_bytes())
    path = tmp_path / "chained.ogg"
    path.write_bytes(b"".join(links[:3]))
    header = examine(str(path))
    sound, warnings = decoded(header, tmp_path)
    assert sound.frames == header.frames == pytest.approx(3 * RATE, abs=RATE // 20)
    assert warnings == ["the file holds 3 recordings, one after the other"]
    path.write_bytes(links[0] + links[3])
    _, warnings = decoded(examine(str(path)), tmp_path)
    assert warnings[0].startswith("the file holds 2 recordings, one after the other; 1 of them")
    path.write_bytes(links[0])
    assert examine(str(path)).parts == ()


@pytest.mark.parametrize(("name", "subtype"), [("a.flac", "PCM_16"), ("a.mp3", None)])
def test_a_compressed_file_that_is_cut_off_is_read_as_far_as_it_goes(
    tmp_path: Path, name: str, subtype: str | None
) -> None:
    path = tmp_path / name
    soundfile.write(path, np.random.default_rng(2).uniform(-0.4, 0.4, 20 * RATE), RATE, subtype)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    sound, warnings = decoded(examine(str(path)), tmp_path)
    assert len(warnings) == 1
    assert warnings[0].startswith("it is cut off: its header claims 20.0 s, and ")
    assert 9 * RATE < sound.frames < 11 * RATE


def test_a_flac_that_gives_no_length_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, sine(RATE), RATE)
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    path.write_bytes(content)
    sound, warnings = decoded(examine(str(path)), tmp_path)
    assert (sound.frames, warnings) == (RATE, [])


def test_a_file_that_changes_while_it_is_open_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav())
    sound = Sound(str(path))
    assert not sound.changed
    path.write_bytes(wav()[:-2000])
    assert sound.changed
    # What is gone is silence, not an error.
    assert sound.read(3500, 3600).tolist() == [0] * 100
    path.unlink()
    assert sound.changed


def encoded(kind: str, subtype: str) -> bytes:
    file = BytesIO()
    soundfile.write(file, sine(3000), RATE, subtype, format=kind)
    return file.getvalue()


_SEEDS = [
    wav(),
    wav(b"\0" * 6000, channels=2, bits=24),
    au(2),
    *(
        encoded(kind, subtype)
        for kind, subtype in (
            ("AIFF", "PCM_16"),
            ("CAF", "PCM_16"),
            ("W64", "PCM_16"),
            ("RF64", "FLOAT"),
            ("FLAC", "PCM_16"),
            ("OGG", "VORBIS"),
            ("OGG", "OPUS"),
            ("MP3", "MPEG_LAYER_III"),
        )
    ),
]


@given(
    seed=st.sampled_from(_SEEDS),
    changes=st.lists(
        st.tuples(
            st.one_of(st.integers(0, 128), st.floats(0, 1)),
            st.one_of(st.binary(min_size=1, max_size=8), st.just(b"\xff\xff\xff\xff")),
        ),
        max_size=5,
    ),
    cut=st.one_of(st.none(), st.floats(0, 1)),
)
@example(seed=_SEEDS[0], changes=[(40, b"\xf0\xff\xff\xff")], cut=None)
@settings(examples(100), suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_header_says_there_is_a_sound_or_a_sentence(
    seed: bytes, changes: list[tuple[int | float, bytes]], cut: float | None
) -> None:
    content = bytearray(seed)
    for place, data in changes:
        at = place if isinstance(place, int) else int(place * len(content))
        content[at : at + len(data)] = data
    if cut is not None:
        del content[int(cut * len(content)) :]
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "sound.wav"
        path.write_bytes(content)
        sound: Sound | None = None
        sentences: list[str] = []
        try:
            sound, sentences = decoded(examine(str(path)), folder)
        except AnnotateError as error:
            sentences = [error.what]
        assert all(sentence and "\n" not in sentence for sentence in sentences)
        if sound is not None:
            with sound:
                assert sound.frames > 0
                assert np.isfinite(sound.read(0, min(sound.frames, 100_000))).all()
