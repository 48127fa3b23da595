"""Tokens: the steps of the cursor and the borders that spans snap to."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

import msgspec

from tui_annotate.text.graphemes import all_boundaries, boundaries
from tui_annotate.text.rows import TokenRow
from tui_annotate.wording import json_kind, quoted

_Offsets = tuple[int, ...]


class Tokens(msgspec.Struct, frozen=True):
    """The tokens of one text, in order and without overlap.

    Offsets are code points, ends exclusive; token numbers count from 0.

    Attributes:
        starts: Where each token begins.
        ends: Where each token ends.
        stops: The numbers of the tokens the cursor stops at: those that are
            not white space.
        fields: The token objects as they came with the task, or None if the
            tokens are ours.
        written: For each token the (first, last) number of its ``fields``,
            where tokens that cut a grapheme were merged; None if they are the same.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    stops: tuple[int, ...]
    fields: tuple[Mapping[str, Any], ...] | None = None
    written: tuple[tuple[int, int], ...] | None = None

    @classmethod
    def from_pairs(cls, text: str, pairs: Iterable[Sequence[int]]) -> Tokens:
        """Tokens from (start, end) pairs in order; those that cut a grapheme are merged."""
        starts, ends = _borders(pairs)
        starts, ends, _ = _whole_graphemes(text, starts, ends)
        return cls(starts, ends, _stops(text, starts, ends))

    @classmethod
    def from_fields(cls, text: str, fields: object) -> Tokens:
        """Tokens from the ``tokens`` of a task.

        Raises:
            ValueError: What is wrong with them, in words for the annotator.
        """
        if wrong := wrong_tokens(fields, text):
            raise ValueError(wrong)
        initial = cast("Sequence[Mapping[str, Any]]", fields)
        starts, ends = _borders([(field["start"], field["end"]) for field in initial])
        starts, ends, written = _whole_graphemes(text, starts, ends)
        return cls(starts, ends, _stops(text, starts, ends), tuple(initial), written)

    def __len__(self) -> int:
        """How many tokens there are."""
        return len(self.starts)

    def at(self, offset: int) -> int | None:
        """The token that holds the code point at ``offset``, or None between tokens."""
        token = bisect_right(self.starts, offset) - 1
        return token if token >= 0 and offset < self.ends[token] else None

    def aligned(self, start: int, end: int) -> tuple[int, int] | None:
        """The first and last token (inclusive) of a range whose ends are token borders."""
        first, last = bisect_left(self.starts, start), bisect_left(self.ends, end)
        if first > last or last >= len(self.ends):
            return None
        if self.starts[first] != start or self.ends[last] != end:
            return None
        return first, last

    def covering(self, start: int, end: int) -> tuple[int, int] | None:
        """The first and last token (inclusive) that a range touches; None if it touches none."""
        first, last = bisect_right(self.ends, start), bisect_left(self.starts, end) - 1
        return (first, last) if first <= last else None

    def disabled(self, start: int, end: int) -> bool:
        """Whether a range touches a token that the task came with as ``disabled``."""
        found = None if self.fields is None else self.covering(start, end)
        if self.fields is None or found is None:
            return False
        first, last = found
        if self.written is not None:
            first, last = self.written[first][0], self.written[last][1]
        return any(token.get("disabled") is True for token in self.fields[first : last + 1])

    def disabled_between(self, start: int, end: int) -> list[tuple[int, int]]:
        """The tokens of a range that the task came with as ``disabled``."""
        found = None if self.fields is None else self.covering(start, end)
        if found is None:
            return []
        borders = ((self.starts[n], self.ends[n]) for n in range(found[0], found[1] + 1))
        return [pair for pair in borders if self.disabled(*pair)]

    def span_fields(self, start: int, end: int) -> tuple[int, int] | None:
        """The ``token_start`` and ``token_end`` (inclusive) to write with a span.

        They are ids of the tokens that :meth:`to_fields` writes; None where
        the ends are not token borders.
        """
        found = self.aligned(start, end)
        if found is None:
            return None
        return self.ids(*found)

    @property
    def plain(self) -> bool:
        """Whether a token's number is its id: they are ours, one each."""
        return self.fields is None and self.written is None

    def ids(self, first: int, last: int | None = None) -> tuple[int, int]:
        """The ids that the first and the last of some tokens (inclusive) are written with."""
        last = first if last is None else last
        if self.written is not None:
            first, last = self.written[first][0], self.written[last][1]
        if self.fields is not None:
            first_id, last_id = self.fields[first].get("id"), self.fields[last].get("id")
            if isinstance(first_id, int) and isinstance(last_id, int):
                return first_id, last_id
        return first, last

    def to_fields(self, text: str) -> list[Mapping[str, Any]]:
        """The ``tokens`` to write: as they came, or ours in the same shape."""
        if self.fields is not None:
            return list(self.fields)
        # All in C: of a long text there are many.
        after = [text[end : end + 1] == " " for end in self.ends]
        words = map(text.__getitem__, map(slice, self.starts, self.ends))
        rows = map(TokenRow, words, self.starts, self.ends, range(len(self.starts)), after)
        return cast("list[Mapping[str, Any]]", list(rows))


def wrong_tokens(tokens: object, text: str) -> str | None:
    """Say what is wrong with the tokens that came with a text; None if nothing is."""
    if not isinstance(tokens, list | tuple):
        return f'"tokens" is {json_kind(tokens)}, not a list'
    before = 0
    for number, token in enumerate(tokens):
        # Nearly all are dicts, which is found out faster.
        if not isinstance(token, (dict, Mapping)):
            return f"token {number} is {json_kind(token)}, not an object"
        start, end = token.get("start"), token.get("end")
        if type(start) is not int or type(end) is not int:
            return f"token {number} has no start and end that are whole numbers"
        if not before <= start < end <= len(text):
            why = _out_of_place(start, end, len(text))
            return f"token {number} ({start} to {end}) is out of place: {why}"
        if "text" in token and token["text"] != text[start:end]:
            said, there = quoted(token["text"]), quoted(text[start:end])
            return f"token {number} says its text is {said}, but {there} stands there"
        before = end
    if not tokens and text.strip():
        return '"tokens" is empty'
    return None


def _out_of_place(start: int, end: int, length: int) -> str:
    if start >= end:
        return "it is empty or reversed"
    if start < 0 or end > length:
        return f"it lies outside the text (0 to {length})"
    return "it overlaps the one before it"


def _borders(pairs: Iterable[Sequence[int]]) -> tuple[_Offsets, _Offsets]:
    starts, ends = tuple(zip(*pairs, strict=True)) or ((), ())
    return starts, ends


def _stops(text: str, starts: _Offsets, ends: _Offsets) -> _Offsets:
    return tuple(
        [
            number
            for number, first in enumerate(map(text.__getitem__, starts))
            if not (first.isspace() and text[starts[number] : ends[number]].isspace())
        ]
    )


def _whole_graphemes(
    text: str, starts: _Offsets, ends: _Offsets
) -> tuple[_Offsets, _Offsets, tuple[tuple[int, int], ...] | None]:
    """The tokens widened to grapheme borders and merged, and which made each (None: one each)."""
    if all_boundaries(text, starts) and all_boundaries(text, ends):
        return starts, ends, None
    whole = boundaries(text)
    merged: list[tuple[int, int]] = []
    made_of: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        while start not in whole:
            start -= 1
        while end not in whole:
            end += 1
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            made_of[-1] = (made_of[-1][0], number)
        else:
            merged.append((start, end))
            made_of.append((number, number))
    return *_borders(merged), tuple(made_of)


@cache
def _pattern(source: str) -> re.Pattern[str]:
    # Compiled when it is needed: together they take longer than importing all else here.
    return re.compile(source)


_CLOSING = "\"'”’»›)\\]}」』）】》〉"
_SENTENCE_END = f"[.!?…؟۔]+[{_CLOSING}]*(?=\\s)|[。！？．｡।॥።។။]+[{_CLOSING}]*|[\\r\\n\u2028\u2029]"
_INITIAL = r"(?:^|[\s.(])\w\.$"


def sentences(text: str, tokens: Tokens) -> tuple[int, ...]:
    """The tokens that sentences, lines and paragraphs begin with, by rule of thumb.

    A full stop after an initial or before a small letter ends nothing.
    """
    if not tokens.stops:
        return ()
    found = [tokens.stops[0]]
    for ending in _pattern(_SENTENCE_END).finditer(text):
        at = ending.end()
        if ending.group()[0] == ".":
            if _pattern(_INITIAL).search(text, max(0, ending.start() - 2), ending.start() + 1):
                continue
            while at < len(text) and text[at] == " ":
                at += 1
            if text[at : at + 1].islower():
                continue
        place = bisect_left(tokens.starts, at)
        stop = bisect_left(tokens.stops, place)
        if stop < len(tokens.stops) and tokens.stops[stop] != found[-1]:
            found.append(tokens.stops[stop])
    return tuple(found)


# Thai, Lao, Tai, Myanmar, Khmer, Javanese, Kana, Bopomofo, Han: no spaces between words.
_UNSPACED = (
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\ua980-\ua9ff\uaa60-\uaa7f"
    "\u3005-\u3007\u3041-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d"
    "\U00020000-\U0003ffff]"
)
_LETTER = re.compile(r"[^\W\d_]")
_SAMPLE = 20_000


def needs_characters(text: str) -> bool:
    """Whether scripts without spaces predominate, where the borders of words are a guess.

    They say as much in a third of the letters, so a third of them is enough.
    """
    if text.isascii():
        return False
    letters = "".join(_LETTER.findall(text, 0, _SAMPLE))
    return 3 * len(_pattern(_UNSPACED).findall(letters)) > len(letters)


_PUNCTUATION = (
    "!-/:-@\\[-`{-~\xa1-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7\u0589\u05be\u05c0\u05c3\u060c\u061b"
    "\u061f\u066a-\u066d\u06d4\u0964\u0965\u104a\u104b\u17d4-\u17da\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20cf\u2190-\u2bff\u3001-\u3004\u3008-\u3020\u3030\u30fb\uff01-\uff0f\uff1a-\uff20"
    "\uff3b-\uff40\uff5b-\uff65\U0001f000-\U0001faff"
)
_WORD = f"[^\\s{_PUNCTUATION}]+"
_PIECE = f"{_WORD}(?:(?:['’\\-]|(?<=\\d)[.,:](?=\\d)){_WORD})*|[{_PUNCTUATION}]"


_PLACES = f"{_UNSPACED}|[^\\s{_PUNCTUATION}{_UNSPACED[1:-1]}]+|[{_PUNCTUATION}]"


def breaking_places(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The pieces between which a row without white space may break, by the text alone.

    They are words, punctuation marks, and single letters of scripts without spaces.
    """
    return [piece.span() for piece in _pattern(_PLACES).finditer(text, start, end)]


def fallback_pairs(text: str) -> list[tuple[int, int]]:
    """Token borders by a plain rule, for when there is no spaCy to ask.

    Words with their inner apostrophes and hyphens, numbers with theirs, and
    each punctuation mark for itself; white space is in no token.
    """
    return [piece.span() for piece in _pattern(_PIECE).finditer(text)]
