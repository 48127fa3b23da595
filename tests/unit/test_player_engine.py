"""What a deck plays: exactly the frames between the marks, whatever it is told when."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_annotate.audio.player.blocks import Blocks, Samples, compressed, plain, unpacked
from tui_annotate.audio.player.engine import Engine, Segment
from tui_annotate.audio.player.messages import BLOCK, Load, Play
from tui_annotate.audio.player.resample import Resampler

RATE = 1000
FRAMES = 3 * BLOCK // 2
SHORTEST_LOOP = 5
"""Frames, a rest included, that a loop takes at this rate."""

SPEEDS = (0.5, 0.7, 0.75, 1.0, 1.25, 1.5, 2.0)

QUIET = (np.arange(FRAMES, dtype=np.float32) * np.float32(1e-7))[:, None]
"""Each frame has a value of its own, and none is so far from another that it takes a glide."""


def loud(frames: int, rate: int, channels: int = 1, seed: int = 0) -> Samples:
    """Something like a voice: a low tone with overtones, and noise."""
    time = np.arange(frames) / rate
    noise = np.random.default_rng(seed).normal(0, 0.02, (frames, channels))
    tone = sum(0.3 / k * np.sin(2 * np.pi * 130 * k * time + k) for k in (1, 2, 3))
    return (np.asarray(tone)[:, None] + noise).astype(np.float32)


def engine_of(samples: Samples, rate: int) -> Engine:
    engine = Engine(Load(1, rate, samples.shape[1], len(samples)))
    for index in range(-(-len(samples) // BLOCK)):
        engine.blocks.put(index, samples[index * BLOCK : (index + 1) * BLOCK])
    return engine


def play(
    engine: Engine, start: int, end: int, loop: bool = False, first: int | None = None
) -> None:
    engine.play(Play(1, 1, start, end, start if first is None else first, loop))


def to_end(engine: Engine, step: int = 333) -> list[Segment]:
    segments: list[Segment] = []
    while engine.playing:
        segments += engine.render(step)[1]
    return segments


def sound(segments: list[Segment]) -> list[Segment]:
    return [segment for segment in segments if segment.kind == "sound"]


@dataclass
class Model:
    """How playing works, said as simply as can be."""

    start: int = 0
    end: int = 0
    at: int = 0
    loop: bool = False
    playing: bool = False
    asked: bool = False
    rest: int = 0
    heard: list[int] = field(default_factory=list)

    def play(self, start: int, end: int, first: int, loop: bool) -> None:
        self.start, self.end, self.loop, self.asked = start, end, loop, True
        self.at = min(max(first, start), end)
        self.playing = start < end
        self.rest = 0

    def resume(self, back: int) -> None:
        if self.asked and not self.playing:
            at = max(self.start, self.at - back)
            self.playing = at < self.end
            if self.playing and at != self.at:
                self.at, self.rest = at, 0

    def seek(self, frame: int) -> None:
        if self.asked:
            self.at = min(max(frame, self.start), self.end)
            self.rest = 0

    def render(self, count: int) -> None:
        while count and self.playing:
            if self.at >= self.end:
                if not self.loop:
                    self.playing = False
                    break
                self.at = self.start
                self.rest = max(0, SHORTEST_LOOP - (self.end - self.start))
            if self.rest:
                self.rest -= 1
                count -= 1
                continue
            self.heard.append(self.at)
            self.at += 1
            count -= 1


FRAME = st.integers(0, FRAMES)
COMMANDS = st.one_of(
    st.tuples(st.just("play"), FRAME, FRAME, FRAME, st.booleans()),
    st.tuples(st.just("play"), FRAME, FRAME, st.integers(1, 8), st.booleans(), st.just("short")),
    st.tuples(st.just("pause")),
    st.tuples(st.just("resume"), st.integers(0, 500)),
    st.tuples(st.just("seek"), FRAME),
    st.tuples(st.just("volume"), st.floats(0, 1)),
    st.tuples(st.just("render"), st.integers(1, 4000)),
)


@given(st.lists(COMMANDS, max_size=25))
def test_any_commands_play_what_a_simple_model_says(
    commands: list[tuple[str, *tuple[int, ...]]],
) -> None:
    engine, model = engine_of(QUIET, RATE), Model()
    heard: list[Samples] = []
    for name, *values in commands:
        match name:
            case "play":
                start, end, first, loop, *short = values
                if short:
                    start, end, first = start, min(FRAMES, start + first), end
                play(engine, start, end, bool(loop), first)
                # Marks the wrong way round are an empty stretch at the first.
                model.play(start, max(start, end), first, bool(loop))
            case "pause":
                engine.pause()
                model.playing = False
            case "resume":
                engine.resume(values[0])
                model.resume(values[0])
            case "seek":
                engine.seek(values[0])
                model.seek(values[0])
            case "volume":
                engine.volume = values[0]
            case "render":
                samples, segments = engine.render(values[0])
                model.render(values[0])
                assert len(samples) == values[0] == sum(s.count for s in segments)
                heard += [segment.samples for segment in sound(segments)]
    played = np.concatenate(heard) if heard else np.zeros((0, 1), np.float32)
    assert np.array_equal(played, QUIET[np.array(model.heard, int)])
    if model.asked:
        assert engine.position == model.at


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_loop_of_a_frame_or_two_can_be_made_as_fast_as_it_plays(
    speed: float, length: int
) -> None:
    engine = engine_of(QUIET, 192_000)
    engine.speed = speed
    play(engine, 7, 7 + length, loop=True)
    samples, segments = engine.render(1920)
    assert len(samples) == 1920
    # One loop each 5 ms: two of them, and the rests between.
    assert [(one.start, one.end) for one in sound(segments)] == [(7, 7 + length)] * 2
    assert len(segments) <= 5


@given(
    start=st.integers(0, 20000),
    length=st.integers(1, 12000),
    speed=st.sampled_from(SPEEDS),
    step=st.integers(1, 3000),
    channels=st.integers(1, 2),
)
def test_at_every_speed_each_frame_between_the_marks_is_played_once(
    start: int, length: int, speed: float, step: int, channels: int
) -> None:
    engine = engine_of(loud(32000, 16000, channels), 16000)
    engine.speed = speed
    play(engine, start, start + length)
    parts = sound(to_end(engine, step))
    assert (parts[0].start, parts[-1].end) == (start, start + length)
    assert all(one.end == two.start for one, two in itertools.pairwise(parts))
    count = sum(part.count for part in parts)
    short = length < 2 * 0.012 * 16000
    assert abs(count - (length if short else length / speed)) <= 1


@given(st.lists(st.tuples(st.sampled_from(SPEEDS), st.integers(1, 4000)), min_size=1, max_size=8))
def test_a_change_of_speed_leaves_no_frame_out_and_plays_none_twice(
    changes: list[tuple[float, int]],
) -> None:
    samples = loud(40000, 16000)
    engine = engine_of(samples, 16000)
    play(engine, 100, 39900)
    segments: list[Segment] = []
    for speed, count in changes:
        engine.speed = speed
        segments += engine.render(count)[1]
    parts = sound(segments + to_end(engine))
    assert (parts[0].start, parts[-1].end) == (100, 39900)
    assert all(one.end == two.start for one, two in itertools.pairwise(parts))


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("rate", [8000, 16000, 44100, 192000])
def test_speed_leaves_the_pitch_and_makes_no_clicks(rate: int, speed: float) -> None:
    time = np.arange(2 * rate) / rate
    tone = (0.3 * np.sin(2 * np.pi * 150 * time) + 0.2 * np.sin(2 * np.pi * 300 * time + 1))[
        :, None
    ]
    engine = engine_of(tone.astype(np.float32), rate)
    engine.speed = speed
    play(engine, rate // 3, 2 * rate)
    made = np.concatenate([part.samples for part in sound(to_end(engine))])[:, 0]
    spectrum = np.abs(np.fft.rfft(made * np.hanning(len(made))))
    assert abs(spectrum.argmax() * rate / len(made) - 150) < 2
    assert np.abs(np.diff(made)).max() < 1.1 * np.abs(np.diff(tone[:, 0])).max()


def test_where_the_sound_is_cut_it_glides_and_no_frame_is_changed() -> None:
    samples = loud(16000, 16000)
    engine = engine_of(samples, 16000)
    play(engine, 4000, 6000, loop=True)
    made, segments = engine.render(5000)
    heard = np.concatenate([part.samples for part in sound(segments)])
    assert np.array_equal(heard[:4000], np.concatenate([samples[4000:6000]] * 2))
    assert {segment.kind for segment in segments} == {"sound", "glide"}
    engine.pause()
    after = engine.render(1000)[0]
    steps = np.abs(np.diff(np.concatenate([made, after])[:, 0]))
    assert steps.max() <= 1.2 * np.abs(np.diff(samples[:, 0])).max()
    assert not after[-1].any()


@given(data=st.data())
def test_frames_that_come_late_are_waited_for_and_none_is_left_out(data: st.DataObject) -> None:
    samples = loud(6 * BLOCK, 16000)
    engine = Engine(Load(1, 16000, 1, len(samples)))
    engine.speed = data.draw(st.sampled_from(SPEEDS))
    play(engine, 1000, 5 * BLOCK + 1000)
    segments: list[Segment] = []
    for _ in range(10_000):
        segments += engine.render(data.draw(st.integers(500, 9000)))[1]
        if not engine.playing:
            break
        if (index := next(engine.missing(), None)) is not None:
            engine.blocks.put(index, samples[index * BLOCK : (index + 1) * BLOCK])
    parts = sound(segments)
    assert (parts[0].start, parts[-1].end) == (1000, 5 * BLOCK + 1000)
    assert all(one.end == two.start for one, two in itertools.pairwise(parts))
    if engine.speed == 1:
        heard = np.concatenate([part.samples for part in parts])
        assert np.array_equal(heard, samples[1000 : 5 * BLOCK + 1000])


def test_what_is_needed_first_is_asked_for_first() -> None:
    engine = Engine(Load(1, 16000, 1, 100 * BLOCK))
    play(engine, 10 * BLOCK, 20 * BLOCK, loop=True, first=15 * BLOCK + 5)
    wanted = list(engine.missing())
    assert wanted[:10] == [15, 16, 17, 18, 19, 10, 11, 12, 13, 14]
    # Then a second before the stretch, and ten behind it.
    around = {*range((10 * BLOCK - 16000) // BLOCK, 10), *range(20, 20 + -(-160_000 // BLOCK))}
    assert set(wanted[10:]) == around


def test_blocks_are_bounded() -> None:
    blocks = Blocks(1, 100 * BLOCK, capacity=10 * BLOCK * 2)
    for index in range(100):
        blocks.put(index, np.full((BLOCK, 1), index, np.int16))
        assert blocks.known(index * BLOCK, (index + 1) * BLOCK) == BLOCK
    assert sum(index in blocks for index in range(100)) == 10


@given(
    length=st.integers(1, BLOCK),
    channels=st.integers(1, 2),
    seed=st.integers(0, 9),
    lean=st.sampled_from([0, 4, 8]),
)
def test_a_block_over_the_line_is_the_same_or_as_coarse_as_was_asked(
    length: int, channels: int, seed: int, lean: int
) -> None:
    noise = np.random.default_rng(seed).integers(-32768, 32768, (length, channels))
    samples = noise.astype(np.int16)
    assert np.array_equal(unpacked(*plain(samples), channels), samples)
    back = unpacked(*compressed(samples, lean), channels).astype(int)
    assert np.abs(back - samples).max() <= (1 << lean) - (lean > 0)
    assert lean or np.array_equal(back, samples)


def test_fewer_bits_are_fewer_bytes() -> None:
    voice = (loud(BLOCK, 16000) * 20000).astype(np.int16)
    sizes = [len(compressed(voice, lean)[1]) for lean in (0, 4, 8)]
    assert sizes[1] < 0.75 * sizes[0]
    assert sizes[2] < 0.6 * sizes[1]


@pytest.mark.parametrize(("coding", "data"), [("flac", b"RIFF"), ("int16", b"123"), ("flac", b"")])
def test_what_is_no_block_is_refused(coding: str, data: bytes) -> None:
    with pytest.raises(ValueError, match="block"):
        unpacked(coding, data, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rate", "wanted"), [(8000, 48000), (44100, 48000), (192000, 48000), (11025, 44100)]
)
def test_another_rate_is_the_same_tone(rate: int, wanted: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(rate) / rate).astype(np.float32)[:, None]
    resampler = Resampler(rate, wanted, 1)
    at, made = 0, []
    for count in (480, 1, 1000, 333) * 20:
        needed = resampler.needs(count)
        if at + needed > rate:
            break
        made.append(resampler.process(tone[at : at + needed], count))
        at += needed
    result = np.concatenate(made)[1000:, 0]
    time = np.arange(len(result)) / wanted
    waves = np.stack([np.sin(2 * np.pi * 440 * time), np.cos(2 * np.pi * 440 * time)], axis=1)
    error = result - waves @ np.linalg.lstsq(waves, result, rcond=None)[0]
    assert np.abs(error).max() < 0.001


def test_the_volume_stays_within_its_limits() -> None:
    engine = engine_of(QUIET, RATE)
    for wanted, had in ((3.0, 1.0), (-1.0, 0.0), (0.25, 0.25), (float("nan"), 1.0)):
        engine.volume = wanted
        assert engine.volume == had


def kinds(segments: list[Segment]) -> set[str]:
    return {segment.kind for segment in segments if segment.kind != "glide"}


def test_after_each_stop_more_has_to_be_there_before_it_goes_on() -> None:
    engine = Engine(Load(1, 16_000, 1, 40 * BLOCK))
    quiet = np.zeros((BLOCK, 1), np.float32)
    play(engine, 0, 40 * BLOCK)
    # That it begins late is no stop.
    assert kinds(engine.render(100)[1]) == {"wait"}
    there = 0
    for stop, blocks in enumerate([1, 2, 4, 8, 16, 16]):
        # 0, 0.5, 1, 2 and 4 seconds of blocks of 0.256 s, and never more than that.
        assert (engine.waiting, engine.waited) == (True, stop)
        for number in range(blocks):
            if number and stop < 5:
                assert kinds(engine.render(10)[1]) == {"wait"}
            if there < 40:
                engine.blocks.put(there, quiet)
                there += 1
        assert "sound" in kinds(engine.render(10)[1])
        engine.render(blocks * BLOCK)
        if there == 40:
            break
    assert not engine.playing


def test_near_the_end_it_waits_for_no_more_than_there_is() -> None:
    engine = Engine(Load(1, 16_000, 1, 2 * BLOCK))
    play(engine, 0, BLOCK + 100)
    engine.blocks.put(0, np.zeros((BLOCK, 1), np.float32))
    engine.render(2 * BLOCK)
    assert (engine.waiting, engine.waited) == (True, 1)
    engine.blocks.put(1, np.zeros((BLOCK, 1), np.float32))
    assert sum(segment.count for segment in sound(engine.render(500)[1])) == 100
    assert engine.ended


def test_it_is_hungry_for_five_seconds_of_what_comes() -> None:
    rate = BLOCK
    engine = Engine(Load(1, rate, 1, 100 * BLOCK))
    assert not engine.hungry
    play(engine, 0, 90 * BLOCK)
    for index in range(5):
        assert engine.hungry
        engine.blocks.put(index, np.zeros((BLOCK, 1), np.float32))
    assert not engine.hungry
    engine.speed = 2
    assert engine.hungry
    engine.speed = 1
    engine.render(10)
    assert engine.hungry
    play(engine, 0, 3 * BLOCK)
    assert not engine.hungry


def test_it_goes_on_where_it_was_or_a_little_before_but_not_from_the_end() -> None:
    engine = engine_of(QUIET, RATE)
    engine.resume()
    engine.seek(50)
    assert (engine.playing, engine.position, engine.epoch, engine.ended) == (False, 0, 0, False)
    play(engine, 100, 300)
    engine.render(50)
    engine.resume(20)
    assert (engine.position, engine.epoch) == (150, 1)
    engine.pause()
    assert kinds(engine.render(10)[1]) == {"rest"}
    engine.resume()
    assert (engine.playing, engine.position, engine.epoch) == (True, 150, 1)
    engine.pause()
    engine.resume(20)
    assert (engine.playing, engine.position, engine.epoch) == (True, 130, 2)
    engine.pause()
    engine.resume(500)
    assert (engine.position, engine.epoch) == (100, 3)
    to_end(engine)
    assert engine.ended
    engine.resume()
    assert (engine.playing, engine.epoch) == (False, 3)
    engine.resume(1)
    assert (engine.playing, engine.position) == (True, 299)


@pytest.mark.parametrize(
    ("start", "end", "plays"),
    [(-10, 5, True), (5, 5, False), (9, 3, False), (FRAMES - 1, FRAMES + 9, True),
     (FRAMES, FRAMES + 9, False)],
)  # fmt: skip
def test_what_lies_outside_the_sound_is_not_played(start: int, end: int, plays: bool) -> None:
    engine = engine_of(QUIET, RATE)
    play(engine, start, end)
    assert engine.playing is plays
    heard = sum(segment.count for segment in sound(to_end(engine)))
    assert heard == (min(end, FRAMES) - max(start, 0) if plays else 0)


def test_a_speed_stays_within_its_limits() -> None:
    engine = engine_of(QUIET, RATE)
    for wanted, had in ((9.0, 2.0), (0.1, 0.5), (1.5, 1.5), (float("nan"), 1.0)):
        engine.speed = wanted
        assert engine.speed == had


def test_another_volume_comes_little_by_little_and_then_stays() -> None:
    engine = engine_of(np.full((FRAMES, 1), 0.001, np.float32), RATE)
    play(engine, 0, FRAMES)
    assert np.allclose(engine.render(100)[0], 0.001)
    engine.volume = 0.5
    made = engine.render(101)[0][:, 0]
    assert np.allclose(made, 0.001 * np.linspace(1, 0.5, 101), atol=1e-7)
    assert np.allclose(engine.render(100)[0], 0.0005)


@pytest.mark.parametrize(("seconds", "asked"), [(60, True), (61, False)])
def test_where_a_long_loop_goes_back_to_is_not_asked_for(seconds: int, asked: bool) -> None:
    engine = Engine(Load(1, BLOCK, 1, 200 * BLOCK))
    play(engine, 20 * BLOCK, (20 + seconds) * BLOCK, loop=True, first=30 * BLOCK)
    wanted = list(engine.missing())
    assert wanted[: seconds - 10] == list(range(30, 20 + seconds))
    assert (25 in wanted) is asked
    # Of what is played a minute, then ten seconds behind it and one before.
    assert wanted[-11:] == [*range(20 + seconds, 30 + seconds), 19]


def test_of_a_long_stretch_a_minute_is_asked_for() -> None:
    engine = Engine(Load(1, BLOCK, 1, 200 * BLOCK))
    play(engine, 0, 150 * BLOCK)
    assert list(engine.missing()) == [*range(60), *range(150, 160)]
