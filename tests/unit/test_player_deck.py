"""A deck whose device does what devices do: ask early, fail, come too late, come back."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tui_annotate.audio.player import deck as deck_module
from tui_annotate.audio.player.blocks import Samples, plain
from tui_annotate.audio.player.deck import Deck
from tui_annotate.audio.player.messages import (
    BLOCK,
    Block,
    Load,
    Pause,
    Play,
    Report,
    Sound,
    State,
    Wanted,
)
from tui_annotate.audio.player.output import Fill, NullOutput, Output
from tui_annotate.audio.player.outputs import Choice

RATE = 16000
FRAMES = 40 * BLOCK
PATIENCE = 60
SAMPLES = np.random.default_rng(0).integers(-9000, 9000, (FRAMES, 1)).astype(np.int16)


class Device:
    """A device that asks when the test says so.

    Args:
        fill: What gives the frames.
        latency: How many frames are on their way to the loudspeaker.
    """

    name = "device"
    settling = 0.0

    def __init__(self, fill: Fill, rate: int = RATE, latency: int = 0) -> None:
        self.rate = rate
        self.failed: str | None = None
        self.strained = False
        self.closed = False
        self._fill = fill
        self._latency = latency
        self._count = 0
        # Some fill their buffer before anybody knows them.
        self.early = self.ask(100)

    def ask(self, count: int) -> Samples:
        self._count += count
        return self._fill(count)

    def heard(self) -> float:
        return max(0, self._count - self._latency)

    def close(self) -> None:
        self.closed = True


class Bench:
    """A deck, what it reports, and the devices it has opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, make: Callable[[Fill], Device]) -> None:
        self.reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self.devices: list[Device] = []
        self.there = True
        self.latest: State | None = None

        def open_output(choice: Choice, fill: Fill, rate: int) -> tuple[Output, str | None]:
            if not self.there:
                return NullOutput(fill, rate), "No sound: no device."
            self.devices.append(make(fill))
            return self.devices[-1], None

        monkeypatch.setattr(deck_module, "open_output", open_output)
        self.deck = Deck(self.reports.put, Choice(("portaudio",)))
        self.deck.take(Load(1, RATE, 1, FRAMES))

    def until(self, wanted: Callable[[Report], bool]) -> Report:
        limit = time.monotonic() + PATIENCE
        while True:
            report = self.reports.get(timeout=max(0.0, limit - time.monotonic()))
            if isinstance(report, Wanted):
                for index in report.indices:
                    block = SAMPLES[index * BLOCK : (index + 1) * BLOCK]
                    self.deck.take(Block(1, index, *plain(block)))
            if wanted(report):
                return report

    def play(self, start: int, end: int, ticket: int = 1) -> None:
        self.deck.take(Play(1, ticket, start, end, start))

    def asked(self, device: Device, frames: int) -> Samples:
        """What the device gets until so many frames of sound were given."""
        parts: list[Samples] = []
        while sum(np.any(part, axis=1).sum() for part in parts) < frames:
            parts.append(device.ask(160))
            while not self.reports.empty():
                self.until(lambda report: True)
        return np.concatenate(parts)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(**device: int) -> Bench:
        made.append(Bench(monkeypatch, lambda fill: Device(fill, **device)))
        return made[-1]

    yield make
    for one in made:
        one.deck.close()


def opened(report: Report) -> bool:
    return isinstance(report, Sound) and report.output == "device"


def test_what_a_device_asks_before_it_is_known_is_silence(bench: Callable[..., Bench]) -> None:
    one = bench()
    one.play(RATE, 2 * RATE)
    one.until(opened)
    (device,) = one.devices
    assert not device.early.any()
    last = (2 * RATE - 1) // BLOCK
    one.until(lambda report: isinstance(report, Wanted) and last in report.indices)
    heard = one.asked(device, 8000)[:, 0]
    expected = SAMPLES[RATE : RATE + 8000, 0] / np.float32(32768)
    # Behind a glide of two milliseconds.
    begin = next(i for i in range(len(heard)) if np.array_equal(heard[i : i + 99], expected[:99]))
    assert np.array_equal(heard[begin : begin + 7000], expected[:7000])


def test_the_position_is_what_has_left_the_device(bench: Callable[..., Bench]) -> None:
    one = bench(latency=4000)
    one.play(0, 3 * RATE)
    one.until(opened)
    (device,) = one.devices
    one.asked(device, 10_000)
    state = one.until(lambda report: isinstance(report, State) and report.frame > 3000)
    assert isinstance(state, State)
    assert state.playing
    assert state.frame <= 10_320 - 4000
    one.deck.take(Pause(2))
    state = one.until(lambda report: isinstance(report, State) and report.ticket == 2)
    assert isinstance(state, State)
    assert not state.playing
    assert state.frame < 7000
    # What was given already is heard to its end.
    device.ask(5000)
    until = one.until(lambda report: isinstance(report, State) and report.frame >= 9900)
    assert isinstance(until, State)


def test_another_rate_of_the_device_is_the_same_sound(bench: Callable[..., Bench]) -> None:
    one = bench(rate=48000)
    one.play(0, RATE)
    one.until(opened)
    (device,) = one.devices
    heard = one.asked(device, 40_000)
    assert heard.shape[1] == 2
    assert np.array_equal(heard[:, 0], heard[:, 1])
    state = one.until(lambda report: isinstance(report, State) and report.frame > 12_000)
    assert isinstance(state, State)
    assert state.frame < 15_000


def test_a_device_that_is_pulled_out_is_a_notice_and_the_playhead_goes_on(
    bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deck_module, "_RETRY", 0.0)
    one = bench()
    one.play(0, 30 * RATE)
    one.until(opened)
    (device,) = one.devices
    one.asked(device, 3000)
    one.there = False
    device.failed = "the sound device was disconnected"
    notice = one.until(lambda report: isinstance(report, Sound))
    assert notice == Sound("", "The sound has stopped: the sound device was disconnected.")
    assert device.closed
    state = one.until(lambda report: isinstance(report, State) and report.frame > 5000)
    assert isinstance(state, State)
    assert state.playing
    one.there = True
    one.play(0, RATE, ticket=2)
    one.until(opened)
    assert len(one.devices) == 2


def test_a_device_that_had_too_little_time_is_opened_again_without_a_word(
    bench: Callable[..., Bench],
) -> None:
    one = bench()
    one.play(0, 30 * RATE)
    one.until(opened)
    (device,) = one.devices
    one.asked(device, 3000)
    device.strained, device.failed = True, "it comes too late"
    one.until(lambda report: len(one.devices) == 2)
    heard = one.asked(one.devices[1], 3000)[:, 0]
    values = SAMPLES[:, 0] / np.float32(32768)
    begin = next(
        i
        for i in range(len(heard))
        if any(np.array_equal(heard[i : i + 99], values[j : j + 99]) for j in range(2900, 3400))
    )
    assert begin < 1000
