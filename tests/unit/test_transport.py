"""What is played next, told by a clock that a test moves."""

from __future__ import annotations

import pytest

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.player.null_player import NullPlayer
from tui_annotate.audio.player.transport import SPEEDS, Transport
from tui_annotate.ui.key_repeat import Held

RATE = 1000
CLIP = Clip(b"a.wav", b"a.wav", RATE, 1, 5_000, 15_000)


class Deck:
    """A transport over ten seconds, five seconds into a file, and its clock."""

    def __init__(self, **habits: float) -> None:
        self.now = 0.0
        self.player = NullPlayer(lambda: self.now)
        self.transport = Transport(self.player, **habits)
        self.transport.open(CLIP)

    def later(self, seconds: float) -> int | None:
        self.now += seconds
        return self.transport.frame if self.transport.poll() else None


def test_frames_are_those_of_the_clip_and_not_of_the_file() -> None:
    deck = Deck()
    deck.transport.play(2000, 4000)
    assert deck.player.position() == 7000
    assert deck.later(0.5) == 2500
    assert deck.later(1.6) is None
    assert deck.transport.frame == 4000


def test_space_plays_on_from_the_cursor_and_the_cursor_comes_along() -> None:
    deck = Deck()
    assert deck.transport.toggle(3000) is None
    assert deck.transport.free
    deck.later(1.0)
    assert deck.transport.toggle(3000) == 4000
    assert not deck.transport.playing


def test_resuming_goes_back_a_step_but_not_from_elsewhere() -> None:
    deck = Deck(resume_seconds=0.5)
    deck.transport.toggle(3000)
    deck.later(1.0)
    paused = deck.transport.toggle(3000)
    assert paused == 4000
    deck.transport.toggle(4000)
    assert deck.later(0) == 3500
    deck.transport.pause()
    deck.transport.toggle(8000)
    assert deck.later(0) == 8000


def test_at_the_end_playing_begins_anew() -> None:
    deck = Deck()
    deck.transport.toggle(CLIP.frames)
    assert deck.later(0) == 0


def test_edges_are_the_start_and_the_end_with_what_is_around_them() -> None:
    deck = Deck()
    deck.transport.edges((2000, 6000))
    assert deck.transport.stretch == (1850, 2450)
    deck.later(0.7)
    assert deck.transport.stretch == (5550, 6150)
    assert deck.later(0.7) is None


def test_the_edges_of_a_short_region_are_heard_as_one() -> None:
    deck = Deck()
    deck.transport.edges((2000, 2300))
    assert deck.transport.stretch == (1850, 2450)
    assert deck.later(0.7) is None


def test_a_loop_begins_again_and_can_be_switched_while_it_plays() -> None:
    deck = Deck()
    deck.transport.play(1000, 2000)
    deck.later(0.5)
    assert deck.transport.loop()
    assert deck.later(0) == 1500
    assert deck.later(0.75) == 1250
    assert not deck.transport.loop()
    assert deck.later(1.0) is None


def test_a_step_back_while_playing_stays_in_the_stretch() -> None:
    deck = Deck()
    deck.transport.play(1000, 4000)
    deck.later(2.5)
    assert deck.transport.back(0) is None
    assert deck.later(0) == 2500
    deck.transport.back(0)
    deck.transport.back(0)
    assert deck.later(0) == 1000
    deck.transport.pause()
    assert deck.transport.back(3000) == 2000


def test_a_step_back_from_where_the_cursor_began_goes_further_back() -> None:
    deck = Deck()
    deck.transport.toggle(3000)
    deck.transport.back(3000)
    assert deck.later(0) == 2000


def test_speed_goes_by_steps_and_changes_what_is_heard() -> None:
    deck = Deck()
    deck.transport.play(0, 10_000)
    assert deck.transport.change_speed(-5) == 0.5
    assert deck.later(1.0) == 500
    assert deck.transport.change_speed(-1) == 0.5
    assert deck.transport.change_speed(len(SPEEDS)) == 2.0
    assert deck.later(1.0) == 2500


@pytest.mark.parametrize(("speed", "meant"), [(1.0, 2800), (2.0, 2600)])
def test_a_key_is_about_what_was_heard_a_reaction_ago(speed: float, meant: int) -> None:
    deck = Deck(reaction_seconds=0.2)
    assert deck.transport.meant is None
    deck.player.set_speed(speed)
    deck.transport.play(1000, 9000)
    deck.later(2.0 / speed)
    assert deck.transport.frame == 3000
    assert deck.transport.meant == meant


def test_a_key_is_never_about_what_was_not_played() -> None:
    deck = Deck(reaction_seconds=0.2)
    deck.transport.play(1000, 9000)
    deck.later(0.1)
    assert deck.transport.meant == 1000


def test_volume_goes_down_to_nothing_and_up_again() -> None:
    deck = Deck()
    heard = [deck.transport.change_volume() for _ in range(5)]
    assert heard == [0.75, 0.5, 0.25, 0.0, 1.0]


def test_the_notice_of_a_player_is_said_once() -> None:
    deck = Deck()
    deck.player.notice = "no sound"
    assert deck.transport.notice() == "no sound"
    assert deck.transport.notice() is None


def test_another_sound_is_silent_until_it_is_played() -> None:
    deck = Deck()
    deck.transport.play(0, 5000)
    deck.transport.open(Clip(b"b.wav", b"b.wav", RATE, 1, 0, 100))
    assert not deck.transport.playing
    deck.transport.open(None)
    assert deck.transport.frame == 0
    assert deck.transport.toggle(0) is None


def test_a_held_key_goes_further_and_a_pressed_one_does_not() -> None:
    held = Held()
    assert [held.press("h", n * 0.5) for n in range(40)] == [1] * 40
    held = Held()
    factors = [held.press("h", n * 0.03) for n in range(40)]
    assert factors[:6] == [1] * 6
    assert sorted(factors) == factors
    assert factors[-1] == 10
    assert held.press("j", 40 * 0.03) == 1
    assert held.press("h", 41 * 0.03) == 1
