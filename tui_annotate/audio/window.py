"""The part of a sound that is on the screen: which frames stand in which column."""

from __future__ import annotations

from dataclasses import dataclass, replace

MIN_STEP_SECONDS = 0.001
"""The finest zoom: how long a column is there."""

_OVERLAP = 16
"""A page turned while playing keeps one part in so many of the one before."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of frames, cut into columns of the same whole number of frames.

    Column ``c`` has the frames from ``start + c * step`` up to the next column's
    first. ``start`` is a multiple of ``step``, so that a picture that is moved by
    columns is the same picture. The last columns may lie beyond the sound.

    Attributes:
        total: How many frames the sound has.
        columns: How many columns there are.
        step: How many frames a column has.
        start: The first frame of the first column.
        min_step: The smallest step there may be.
    """

    total: int
    columns: int
    step: int
    start: int = 0
    min_step: int = 1

    @classmethod
    def whole(cls, total: int, columns: int, rate: int) -> Window:
        """The window on all of a sound.

        Args:
            total: How many frames it has.
            columns: How many columns there are.
            rate: Frames per second.
        """
        columns = max(columns, 1)
        min_step = max(round(rate * MIN_STEP_SECONDS), 1)
        return cls(total, columns, _fitting(total, columns, min_step), 0, min_step)

    # ── where things are ───────────────────────────────────────────────────

    @property
    def end(self) -> int:
        """The frame after the last column; may lie beyond the sound."""
        return self.start + self.columns * self.step

    @property
    def is_whole(self) -> bool:
        """Whether all of the sound is in it."""
        return self.start == 0 and self.end >= self.total

    def column_of(self, frame: int) -> int:
        """The column that a frame is in; negative or too large where it is out of sight."""
        return (frame - self.start) // self.step

    def frame_of(self, column: int) -> int:
        """The first frame of a column."""
        return self.start + column * self.step

    def shows(self, frame: int) -> bool:
        """Whether a frame is in sight."""
        return self.start <= frame < self.end

    def columns_of(self, start: int, end: int) -> tuple[int, int] | None:
        """The columns that some frames are in, the second one exclusive; None out of sight.

        Args:
            start: The first frame.
            end: The frame after the last one.
        """
        if end <= self.start or start >= self.end:
            return None
        first = max(self.column_of(start), 0)
        last = min(self.column_of(max(end - 1, start)), self.columns - 1)
        return first, last + 1

    # ── other windows ──────────────────────────────────────────────────────

    def at(self, start: int) -> Window:
        """As wide a window from about a frame on; it keeps within the sound."""
        most = max(-(-self.total // self.step) - self.columns, 0) * self.step
        aligned = start // self.step * self.step
        return replace(self, start=min(max(aligned, 0), most))

    def zoomed(self, steps: int, about: int) -> Window:
        """A window so many times half as wide (or, below 0, twice) that keeps a frame's place.

        Args:
            steps: How often to halve.
            about: The frame; where it is out of sight it comes to the middle.
        """
        widest = _fitting(self.total, self.columns, self.min_step)
        step = self.step
        for _ in range(abs(steps)):
            level = self.min_step
            while level * 2 < step:
                level *= 2
            # The widest window is a level of its own, between two powers of two.
            step = level if steps > 0 else self._wider(step)
        step = min(max(step, self.min_step), widest)
        if step == self.step:
            return self.around(about)
        return replace(self, step=step)._keeping(about, self._place(about))

    def _wider(self, step: int) -> int:
        level = self.min_step
        while level <= step:
            level *= 2
        return level

    def fitted(self) -> Window:
        """The window on all of the sound."""
        return replace(self, step=_fitting(self.total, self.columns, self.min_step), start=0)

    def spanning(self, start: int, end: int) -> Window:
        """The narrowest window that has some frames, and a little on both sides of them."""
        room = max(self.columns * 8 // 10, 1)
        step = self.min_step
        widest = _fitting(self.total, self.columns, self.min_step)
        while step * room < end - start and step < widest:
            step = min(step * 2, widest)
        while True:
            made = replace(self, step=step)
            made = made.at((start + end - made.columns * step) // 2)
            if end <= made.end or step == widest:
                return made
            step = min(step * 2, widest)

    def looking(self, start: int, step: int) -> Window:
        """As close a look as one that was kept, from the same frame on, as far as it fits.

        Args:
            start: The first frame of the first column.
            step: How many frames a column had.
        """
        widest = _fitting(self.total, self.columns, self.min_step)
        return replace(self, step=min(max(step, self.min_step), widest)).at(start)

    def around(self, frame: int) -> Window:
        """This window if a frame is in sight, else one that has it.

        A frame just out of sight turns half a page; one further off comes to the middle.
        """
        if self.shows(frame):
            return self
        half = self.columns // 2 * self.step
        if self.end <= frame < self.end + half:
            return self.at(self.start + half)
        if self.start - half <= frame < self.start:
            return self.at(self.start - half)
        return self.at(frame - half)

    def arriving(self, start: int, end: int) -> Window:
        """This window if it has some frames, else one that has them, or at least their start."""
        if self.shows(start) and (end <= self.end or end - start > self.columns * self.step):
            return self
        wide = self.columns * self.step
        before = (wide - min(end - start, wide * 9 // 10)) // 2
        return self.at(start - min(before, wide - self.step))

    def following(self, frame: int) -> Window:
        """This window if a moving playhead is in it, else the page that it has come to."""
        if self.shows(frame):
            return self
        return self.at((frame // self.step - self.columns // _OVERLAP) * self.step)

    def resized(self, columns: int, about: int) -> Window:
        """A window of so many columns, as fine as this one where it can be."""
        columns = max(columns, 1)
        if columns == self.columns:
            return self
        widest = _fitting(self.total, columns, self.min_step)
        made = replace(self, columns=columns, step=widest if self.is_whole else self.step)
        return replace(made, step=min(made.step, widest))._keeping(about, self._place(about))

    def _place(self, frame: int) -> float:
        """Where in the window a frame is, from 0 to 1; one out of sight belongs in the middle."""
        return self.column_of(frame) / self.columns if self.shows(frame) else 0.5

    def _keeping(self, frame: int, place: float) -> Window:
        column = min(round(place * self.columns), self.columns - 1)
        return self.at((frame // self.step - column) * self.step)


def _fitting(total: int, columns: int, min_step: int) -> int:
    return max(-(-total // columns), min_step)
