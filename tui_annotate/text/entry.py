"""A text that is being typed, and the caret in it."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from tui_annotate.text.graphemes import boundaries


def _is_of_word(character: str) -> bool:
    return character == "_" or unicodedata.category(character)[0] in "LMN"


def _words(text: str) -> list[tuple[int, int]]:
    """Where words begin and end: letters with their marks, digits; and what a snippet begins with.

    Regular expressions leave marks out of words, and cut those of many scripts.
    """
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        end = at
        if text[at] == "[":
            end += 1
        while end < len(text) and _is_of_word(text[end]):
            end += 1
        if end > at:
            found.append((at, end))
        at = max(end, at + 1)
    return found


class Entry:
    """A text and a caret between two of its graphemes.

    Args:
        text: What stands there at first.
        caret: Where the caret is, in code points; at the end if not given.
    """

    def __init__(self, text: str = "", caret: int | None = None) -> None:
        self.text = text
        at = len(text) if caret is None else min(max(caret, 0), len(text))
        self.caret = self._stops()[bisect_right(self._stops(), at) - 1]
        self._completing: tuple[str, int, list[str], int] | None = None

    def _stops(self) -> list[int]:
        return sorted(boundaries(self.text) | {0, len(self.text)})

    # ── moving ─────────────────────────────────────────────────────────────

    def move(self, by: int) -> None:
        """Go so many graphemes on, or back."""
        stops = self._stops()
        place = bisect_left(stops, self.caret) + by
        self.caret = stops[min(max(place, 0), len(stops) - 1)]

    def move_to(self, offset: int) -> None:
        """Go to an offset, or the grapheme that it is in."""
        stops = self._stops()
        self.caret = stops[max(bisect_right(stops, min(max(offset, 0), len(self.text))) - 1, 0)]

    def word_left(self) -> int:
        """Where the word before begins."""
        at = max((start for start, _ in _words(self.text) if start < self.caret), default=0)
        return max(stop for stop in self._stops() if stop <= at)

    def word_right(self) -> int:
        """Where the word here, or the next one, ends."""
        ends = (end for _, end in _words(self.text) if end > self.caret)
        at = min(ends, default=len(self.text))
        return min(stop for stop in self._stops() if stop >= at)

    # ── typing ─────────────────────────────────────────────────────────────

    def insert(self, text: str) -> None:
        """Put a text where the caret is."""
        before = self.text[: self.caret] + text
        self.text = before + self.text[self.caret :]
        # What was put may have joined what stands behind it.
        stops = self._stops()
        self.caret = stops[bisect_left(stops, len(before))]

    def cut(self, start: int, end: int) -> None:
        """Take a part out; the caret stands where it was."""
        self.text = self.text[:start] + self.text[end:]
        self.caret = start
        self.move_to(start)

    def backspace(self) -> None:
        """Take the grapheme before the caret out."""
        end = self.caret
        self.move(-1)
        self.cut(self.caret, end)

    def delete(self) -> None:
        """Take the grapheme behind the caret out."""
        start = self.caret
        self.move(1)
        self.cut(start, self.caret)

    def edit(self, key: str) -> bool:
        """Do what a key of text fields does; whether it is one."""
        match key:
            case "left":
                self.move(-1)
            case "right":
                self.move(1)
            case "ctrl+left":
                self.caret = self.word_left()
            case "ctrl+right":
                self.caret = self.word_right()
            case "ctrl+home":
                self.caret = 0
            case "ctrl+end" | "ctrl+e":
                self.caret = len(self.text)
            case "backspace":
                self.backspace()
            case "delete" | "ctrl+d":
                self.delete()
            case "ctrl+w":
                self.cut(self.word_left(), self.caret)
            case "ctrl+u":
                self.cut(0, self.caret)
            case "ctrl+k":
                self.cut(self.caret, len(self.text))
            case _:
                return False
        return True

    # ── completing ─────────────────────────────────────────────────────────

    def complete(self, words: Iterable[str]) -> str | None:
        """Complete the word before the caret; again, with the next word that begins so.

        Args:
            words: What there is, the likeliest first.

        Returns:
            What to tell the user, if anything.
        """
        done = self._completing
        if (
            done is not None
            and self.text == done[0]
            and self.caret == done[1] + len(done[2][done[3]])
        ):
            _, start, found, place = done
            place = (place + 1) % len(found)
        else:
            start = self._begun()
            begun = self.text[start : self.caret]
            if not begun:
                return "type the beginning of a word"
            low = begun.casefold()
            found = [word for word in dict.fromkeys(words) if word.casefold().startswith(low)]
            found = [word for word in found if word != begun]
            if not found:
                return f"no word begins with {begun}"
            place = 0
        self.text = self.text[:start] + found[place] + self.text[self.caret :]
        self.caret = start + len(found[place])
        self._completing = self.text, start, found, place
        more = len(found) - 1
        return f"{more} more: the same key" if more else None

    def _begun(self) -> int:
        for start, end in _words(self.text):
            if start < self.caret <= end:
                return start
        return self.caret
