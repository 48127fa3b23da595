"""A text as words and the gaps between them, where marks stand or may stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from tui_annotate.inventory.marks import MarkSet
from tui_annotate.text.graphemes import graphemes
from tui_annotate.text.tokens import Tokens, needs_characters

_JOINERS = frozenset("-‐‑'’/")
_INITIALS = re.compile(r"\.[^\W\d_]\.$")
_UNSPACED = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\ua980-\ua9ff\uaa60-\uaa7f"
    "\u3005-\u3007\u3041-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d"
    "\U00020000-\U0003ffff]"
)
_PARAGRAPH = re.compile(r"\n\s*\n")


class Original(NamedTuple):
    """A mark that the text came with.

    Attributes:
        offset: Where it stands, in code points.
        mark: The mark.
        lead: The white space between it and what stands before it in its gap.
    """

    offset: int
    mark: str
    lead: str


class Word(NamedTuple):
    """What the cursor stops at: tokens that nothing can stand between.

    Attributes:
        start: Where it begins, in code points.
        end: Where it ends.
        first: Its first token.
        last: Its last token.
    """

    start: int
    end: int
    first: int
    last: int


class Gaps:
    """The words of a text and the marks around them.

    A mark that is part of a word (``U.K.``, ``co-operate``, ``don't``) is none.
    Gap ``k`` lies before word ``k``; the last one ends the text.

    Args:
        text: The text.
        tokens: Its tokens.
        marks: What counts as a mark.

    Attributes:
        words: The words.
        after: The marks after each word.
        before: The marks before each word.
        mark_tokens: The tokens that are marks.
    """

    def __init__(self, text: str, tokens: Tokens, marks: MarkSet) -> None:
        self.text = text
        if tokens.fields is None and needs_characters(text):
            # Where there are no spaces, a mark may stand after any character.
            tokens = Tokens.from_pairs(text, list(graphemes(text)))
        self.tokens = tokens
        self._marks = marks
        self.mark_tokens: set[int] = set()
        self.words: list[Word] = []
        self._read()
        self.starts = [word.start for word in self.words]
        self.after: list[tuple[Original, ...]] = [()] * len(self.words)
        self.before: list[tuple[Original, ...]] = [()] * len(self.words)
        for gap in range(len(self.words) + 1):
            self._share_out(gap)
        self.stops = Tokens.from_pairs(text, [(word.start, word.end) for word in self.words])

    def _read(self) -> None:
        text, tokens = self.text, self.tokens
        stops = tokens.stops
        starts, ends = tokens.starts, tokens.ends
        joined = False
        at = 0
        for place, stop in enumerate(stops):
            start, end = starts[stop], ends[stop]
            if at < start:
                self._read_loose(at, start)
            at = end
            if stop in self.mark_tokens or self._is_mark(place):
                joined = False
                continue
            if self._joins(start, end):
                pass
            elif self.words and self.words[-1].end == start:
                joined = joined or not (self._unspaced(start - 1) or self._unspaced(start))
            if self.words and self.words[-1].end == start and (joined or self._joins(start, end)):
                last = self.words[-1]
                self.words[-1] = Word(last.start, end, last.first, stop)
                joined = self._joins(start, end)
            else:
                self.words.append(Word(start, end, stop, stop))
                joined = False

        self._read_loose(at, len(text))

    def _is_mark(self, place: int) -> bool:
        """Whether a token is a mark, of itself or with those that touch it."""
        text, stops = self.text, self.tokens.stops
        starts, ends = self.tokens.starts, self.tokens.ends
        start, end = starts[stops[place]], ends[stops[place]]
        if text[start].isalnum():
            return False
        if self._marks.split(text[start:end]) is not None:
            if self._joins(start, end):
                return False
            self.mark_tokens.add(stops[place])
            return True
        # Some tokenisers cut a dash of two hyphens.
        for last in range(place + 1, min(place + 4, len(stops))):
            if starts[stops[last]] != end or text[end].isalnum():
                break
            end = ends[stops[last]]
            if self._marks.split(text[start:end]) is not None:
                self.mark_tokens.update(stops[place : last + 1])
                return True
        return False

    def _read_loose(self, start: int, end: int) -> None:
        """Make words of what no token holds, so that it is never taken for a gap."""
        for run in re.finditer(r"\S+", self.text[start:end]):
            if self._marks.split(run.group()) is None:
                first, last = start + run.start(), start + run.end()
                self.words.append(Word(first, last, -1, -1))

    def _joins(self, start: int, end: int) -> bool:
        """Whether a mark holds two words together, as a hyphen does."""
        text = self.text
        sign = text[start]
        if end - start != 1 or start == 0 or not text[start - 1].isalnum():
            return False
        if sign == "." and _INITIALS.search(text, max(0, start - 3), end):
            return True
        if end >= len(text) or not text[end].isalnum():
            return False
        if sign in ".,:" and text[start - 1].isdigit() and text[end].isdigit():
            return True
        # A full stop that lacks its space is one: "end.Then".
        inner = sign == "." and text[start - 1].isupper() == text[end].isupper()
        return inner or sign in _JOINERS

    def _unspaced(self, at: int) -> bool:
        return _UNSPACED.match(self.text, at) is not None

    def gap(self, number: int) -> tuple[int, int]:
        """Where a gap begins and ends in the text."""
        start = self.words[number - 1].end if number else 0
        end = self.words[number].start if number < len(self.words) else len(self.text)
        return start, end

    def space(self, number: int) -> str:
        """The white space that a gap has, or would have without its marks."""
        start, end = self.gap(number)
        whole = self.text[start:end]
        opening = self.before[number] if number < len(self.words) else ()
        # Before the marks of the word behind it, else behind those of the word before.
        own = opening[0].lead if opening else whole[len(whole.rstrip()) :]
        if number in (0, len(self.words)):
            # Nothing stands on the other side.
            return own
        found = re.findall(r"\s+", whole)
        for run in (own, *found):
            if "\n" in run:
                return str(run)
        if found:
            return own or str(found[-1])
        left, right = self.text[start - 1], self.text[end]
        spaced = left.isalnum() and right.isalnum()
        return " " if spaced and not (self._unspaced(start - 1) or self._unspaced(end)) else ""

    def paragraph(self, word: int) -> bool:
        """Whether a text or a paragraph begins with a word."""
        start, end = self.gap(word)
        return word == 0 or (
            self.text.find("\n", start, end) >= 0
            and _PARAGRAPH.search(self.text, start, end) is not None
        )

    def at(self, offset: int) -> int:
        """The word that holds an offset, else the one before it."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def _share_out(self, gap: int) -> None:
        """Say of the marks in a gap which word they belong to."""
        start, end = self.gap(gap)
        if start == end or not self.text[start:end].strip():
            return
        found: list[Original] = []
        at = start
        for run in re.finditer(r"\S+", self.text[start:end]):
            offset = start + run.start()
            for text in self._marks.split(run.group()) or ():
                found.append(Original(offset, text, self.text[at:offset]))
                offset += len(text)
                at = offset
        first = self._first_before(gap, found)
        if gap:
            self.after[gap - 1] = tuple(found[:first])
        if gap < len(self.words):
            self.before[gap] = tuple(found[first:])

    def _first_before(self, gap: int, found: list[Original]) -> int:
        """The first of the marks of a gap that belongs to the word behind it."""
        if not gap:
            return 0
        if gap == len(self.words):
            return len(found)
        end = self.words[gap].start
        glued = len(found)
        while glued and found[glued - 1].offset + len(found[glued - 1].mark) == end:
            glued -= 1
            end = found[glued].offset
        # Marks that touch both words belong to the one before, unless they open something.
        behind = glued < len(found) and (found[glued].lead != "")
        first = glued if behind else len(found)
        if behind and "\n" in found[glued].lead:
            return first
        while first < len(found) and self._marks[found[first].mark].kind not in ("open", "quote"):
            first += 1
        if not behind:
            while first and self._marks[found[first - 1].mark].kind == "open":
                first -= 1
        return first
