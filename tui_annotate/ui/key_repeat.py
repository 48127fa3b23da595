"""Keys that are held down: the longer, the further each press goes."""

from __future__ import annotations

HELD_SECONDS = 0.15
"""Presses of one key that come closer together were not pressed one by one."""

_STEPS = ((30, 10), (14, 5), (6, 2))
"""After so many presses, each goes so many times as far."""


class Held:
    """Tells held keys from pressed ones, by the time between them."""

    def __init__(self) -> None:
        self._key = ""
        self._at = float("-inf")
        self._count = 0

    def press(self, key: str, at: float) -> int:
        """A press of a key; how many times as far as a single one it goes.

        Args:
            key: The key, or what it does.
            at: When, in monotonic seconds.
        """
        held = key == self._key and at - self._at <= HELD_SECONDS
        self._count = self._count + 1 if held else 0
        self._key, self._at = key, at
        return next((factor for after, factor in _STEPS if self._count >= after), 1)
