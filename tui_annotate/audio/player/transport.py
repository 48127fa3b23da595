"""What is played next: the keys of a tape recorder over a player."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tui_annotate.audio.clip import Clip

SPEEDS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
VOLUMES = (1.0, 0.75, 0.5, 0.25, 0.0)

AROUND_SECONDS = (0.15, 0.45)
"""How much is played outside and inside of a region where its edges are played."""

STEP_SECONDS = 1.0
"""How far a step back goes, where the recipe does not say how far resuming does."""

Stretch = tuple[int, int]


class Player(Protocol):
    """What plays. No method blocks or raises; frames are those of the file.

    Attributes:
        on_change: Called, from any thread, when playing begins or ends other than by command.
    """

    on_change: Callable[[], None]

    @property
    def playing(self) -> bool:
        """Whether there is more to come."""
        ...

    @property
    def speed(self) -> float:
        """How fast, 1 being as it was recorded."""
        ...

    @property
    def volume(self) -> float:
        """How loud, 0 to 1."""
        ...

    @property
    def notice(self) -> str | None:
        """What the user should know about it, in one sentence."""
        ...

    def open(self, clip: Clip) -> None:
        """Take another sound."""
        ...

    def play(self, start: int, end: int, *, loop: bool = False, from_: int | None = None) -> None:
        """Play a stretch, from its start or from a frame in it."""
        ...

    def pause(self) -> None:
        """Stop; what is left can be resumed."""
        ...

    def resume(self) -> None:
        """Go on."""
        ...

    def seek(self, frame: int) -> None:
        """Go on elsewhere in the stretch."""
        ...

    def position(self) -> int:
        """The frame that is heard now."""
        ...

    def set_speed(self, speed: float) -> None:
        """Play faster or slower, at the same pitch."""
        ...

    def set_volume(self, volume: float) -> None:
        """Play louder or softer."""
        ...

    def close(self) -> None:
        """End it."""
        ...


class Transport:
    """Plays stretches of a clip.

    All frames are those of the clip.

    Args:
        player: What plays.
        resume_seconds: How far one goes back where playing is resumed.
        reaction_seconds: How long after one has heard something a key for it comes.

    Attributes:
        looping: Whether stretches are played again and again.
        stretch: What is being played, or was last.
        said: The player's notice that was shown last; None if it has none any more.
    """

    def __init__(
        self,
        player: Player,
        *,
        resume_seconds: float = 0.0,
        reaction_seconds: float = 0.0,
    ) -> None:
        self.player = player
        self.clip: Clip | None = None
        self.looping = False
        self.stretch: Stretch | None = None
        self.said: str | None = None
        self._resume = resume_seconds
        self._step = resume_seconds or STEP_SECONDS
        self._reaction = reaction_seconds
        self._following: list[Stretch] = []
        self._free = False
        self._paused_at: int | None = None

    # ── what is heard ──────────────────────────────────────────────────────

    @property
    def playing(self) -> bool:
        """Whether something is being played."""
        return self.clip is not None and self.player.playing

    @property
    def free(self) -> bool:
        """Whether what is played was begun at the cursor, which comes along."""
        return self._free

    @property
    def frame(self) -> int:
        """The frame that is heard now, or was last."""
        clip = self.clip
        if clip is None:
            return 0
        return min(max(self.player.position() - clip.start, 0), clip.frames)

    @property
    def playhead(self) -> int | None:
        """The frame that is heard; None while nothing plays."""
        return self.frame if self.playing else None

    @property
    def meant(self) -> int | None:
        """The frame that a key pressed now is about; None while nothing plays."""
        clip = self.clip
        if clip is None or not self.playing:
            return None
        back = round(self._reaction * clip.rate * self.player.speed)
        start = self.stretch[0] if self.stretch is not None else 0
        return min(max(self.frame - back, min(start, self.frame)), clip.frames)

    @property
    def step_back(self) -> int:
        """How many frames resuming goes back."""
        clip = self.clip
        return round(self._resume * clip.rate) if clip is not None else 0

    # ── playing ────────────────────────────────────────────────────────────

    def open(self, clip: Clip | None) -> None:
        """Take another sound, or none."""
        self.stop()
        self.clip = clip
        self.stretch = self._paused_at = None
        if clip is not None:
            self.player.open(clip)

    def play(self, start: int, end: int, *, first: int | None = None, free: bool = False) -> None:
        """Play a stretch.

        Args:
            start: Its first frame.
            end: The frame after its last one.
            first: Where to begin in it.
            free: Whether the cursor comes along.
        """
        clip = self.clip
        if clip is None:
            return
        start, end = max(start, 0), min(end, clip.frames)
        if end <= start:
            return
        self._following.clear()
        self._free = free
        self._begin((start, end), first)

    def _begin(self, stretch: Stretch, first: int | None = None) -> None:
        clip = self.clip
        assert clip is not None
        self.stretch = stretch
        self._paused_at = None
        start, end = stretch
        self.player.play(
            clip.start + start,
            clip.start + end,
            loop=self.looping,
            from_=None if first is None else clip.start + min(max(first, start), end - 1),
        )

    def toggle(self, cursor: int) -> int | None:
        """Play from the cursor on, or pause; where the cursor belongs then, or None."""
        clip = self.clip
        if clip is None:
            return None
        if self.playing:
            return self.pause()
        first = cursor
        if cursor == self._paused_at:
            first = max(cursor - self.step_back, 0)
        if first >= clip.frames:
            first = 0
        self.play(first, clip.frames, free=True)
        return None

    def pause(self) -> int | None:
        """Stop; the frame that was heard last, or None if nothing was played."""
        if not self.playing:
            return None
        self.player.pause()
        self._following.clear()
        self._paused_at = self.frame
        return self._paused_at

    def stop(self) -> None:
        """Stop whatever plays."""
        self._following.clear()
        if self.clip is not None and self.player.playing:
            self.player.pause()

    def edges(self, stretch: Stretch) -> None:
        """Play the start of a stretch with what is before it, then its end."""
        clip = self.clip
        if clip is None:
            return
        outside, inside = (round(part * clip.rate) for part in AROUND_SECONDS)
        start, end = stretch
        parts = [
            (start - outside, min(start + inside, end)),
            (max(end - inside, start), end + outside),
        ]
        if end - start <= 2 * inside:
            parts = [(start - outside, end + outside)]
        parts = [(max(a, 0), min(b, clip.frames)) for a, b in parts]
        self.play(*parts[0])
        self._following = parts[1:]

    def back(self, cursor: int) -> int | None:
        """Go back a step; where the cursor belongs then, unless what plays has gone back."""
        clip = self.clip
        if clip is None:
            return None
        step = round(self._step * clip.rate)
        if not self.playing:
            return max(cursor - step, 0)
        self._seek(self.frame - step)
        return None

    def forward(self) -> None:
        """Go on a step."""
        if self.clip is not None and self.playing:
            self._seek(self.frame + round(self._step * self.clip.rate))

    def seek(self, frame: int) -> None:
        """Go on elsewhere."""
        if self.clip is not None and self.playing:
            self._seek(frame)

    def _seek(self, frame: int) -> None:
        clip = self.clip
        assert clip is not None
        start, end = self.stretch or (0, clip.frames)
        if frame < start and self._free:
            self.play(max(frame, 0), end, free=True)
        elif frame >= end and self._following:
            self.poll(skip=True)
        else:
            self.player.seek(clip.start + min(max(frame, start), end - 1))

    def poll(self, *, skip: bool = False) -> bool:
        """Go on to what is to be played next; whether anything plays still."""
        if self.playing and not skip:
            return True
        if self._following:
            self._begin(self._following.pop(0))
            return True
        return self.playing

    # ── how it is played ───────────────────────────────────────────────────

    def loop(self) -> bool:
        """Play again and again, or once; whether it is again and again now."""
        self.looping = not self.looping
        if self.playing and self.stretch is not None:
            following = self._following
            self._begin(self.stretch, self.frame)
            self._following = following
        return self.looping

    def change_speed(self, by: int) -> float:
        """Play so many steps faster or slower; how fast it is now."""
        nearest = min(range(len(SPEEDS)), key=lambda n: abs(SPEEDS[n] - self.player.speed))
        self.player.set_speed(SPEEDS[min(max(nearest + by, 0), len(SPEEDS) - 1)])
        return self.player.speed

    def change_volume(self) -> float:
        """Play softer by a step, and after silence loudly again; how loud it is now."""
        softer = [volume for volume in VOLUMES if volume < self.player.volume - 0.01]
        self.player.set_volume(softer[0] if softer else VOLUMES[0])
        return self.player.volume

    def notice(self) -> str | None:
        """What is to be said about the player, once: also that all is well again."""
        before, self.said = self.said, self.player.notice
        if self.said == before:
            return None
        return "There is sound now." if self.said is None else self.said
