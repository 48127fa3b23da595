"""Hints over a text: letters to type to go to where they stand."""

from __future__ import annotations

from collections.abc import Sequence

_LETTERS = "asdfghjklewoiruvncmxqpztyb"


class JumpHints(dict[str, int]):
    """The hints that are shown, each with the offset that it leads to; empty while none are."""

    def __init__(self) -> None:
        super().__init__()
        self._typed = ""

    def show(self, offsets: Sequence[int]) -> None:
        """Give each offset a hint, those at the front the short ones."""
        self.hide()
        self.update(zip(_hints(len(offsets)), offsets, strict=False))

    def type(self, character: str) -> int | None:
        """Take a letter of a hint, small or capital; the offset it names once it is whole.

        The hints go away when one is whole or nothing begins so.
        """
        self._typed += character.lower()
        found = self.get(self._typed)
        if found is not None or not any(hint.startswith(self._typed) for hint in self):
            self.hide()
        return found

    def hide(self) -> None:
        """Show none."""
        self.clear()
        self._typed = ""

    def within(self, start: int, end: int) -> dict[int, str]:
        """The hints in a stretch of text, by their offset."""
        return {at: hint for hint, at in self.items() if start <= at < end}


def _hints(count: int) -> list[str]:
    """Hints of one or two letters, none the beginning of another; the short ones first."""
    n = len(_LETTERS)
    if count <= n:
        return list(_LETTERS[:count])
    prefixes = min(-(-(count - n) // (n - 1)), n)
    single = list(_LETTERS[: n - prefixes])
    double = [a + b for a in _LETTERS[n - prefixes :] for b in _LETTERS]
    return (single + double)[:count]
