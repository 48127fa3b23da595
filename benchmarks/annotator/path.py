"""The cheapest keys that put one mistake right: a shortest path over what the keys can do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Any, Protocol

from benchmarks.annotator.desk import Desk
from benchmarks.annotator.gold import Gold

FAR = 3
"""Steps after which a jump is never dearer."""

LIMIT = 1_500
"""Desks that are tried for one mistake."""


class StuckError(Exception):
    """No keys put a mistake right."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A stretch of text that is not annotated as it should be.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        stops: Where a cursor may have to stand for it.
        goal: What should stand there, if anything.
    """

    start: int
    end: int
    stops: tuple[int, ...]
    goal: Any = None


Keys = tuple[str, ...]


class Work(Protocol):
    """What has to be done to a task."""

    gold: Gold

    def next(self, desk: Desk) -> Mistake | None:
        """The mistake to put right next."""
        ...

    def done(self, desk: Desk, mistake: Mistake) -> bool:
        """Whether a mistake is put right."""
        ...

    def edits(self, desk: Desk, mistake: Mistake, *, whole: bool) -> Sequence[str | Keys]:
        """The keys that change the annotation where the cursor is, as far as they may help.

        Several together are what is typed into a field. With `whole` only those that
        put the mistake right at once.
        """
        ...

    def spreading(self, desk: Desk) -> list[str]:
        """The keys that put other mistakes right too."""
        ...

    def left(self, desk: Desk) -> float:
        """About how many keys are wanted still."""
        ...

    def place(self, desk: Desk, mistake: Mistake) -> Any:
        """Everything that tells two desks apart."""
        ...

    def written(self, fields: dict[str, Any]) -> bool:
        """Whether what is written equals the gold."""
        ...


def put_right(desk: Desk, work: Work, mistake: Mistake) -> tuple[Desk, list[Keys]]:
    """The desk after the cheapest keys that put a mistake right, and these.

    Of several as cheap, those that leave least to do; a key that spreads the
    edit counts as part of it where that leaves less.

    Raises:
        StuckError: There are no such keys, or they are too many to find.
    """
    found = _search(desk, work, mistake, whole=False) or _search(desk, work, mistake, whole=True)
    if not found:
        raise StuckError(f"{desk.editor.text[mistake.start : mistake.end]!r} at {mistake.start}")
    _, after, pressed = min(found, key=lambda one: one[0])
    return after, pressed


def _search(
    desk: Desk, work: Work, mistake: Mistake, *, whole: bool
) -> list[tuple[float, Desk, list[Keys]]]:
    order = count()
    waiting: list[tuple[int, int, int, Desk, list[Keys]]] = []
    best: dict[Any, int] = {}
    found: list[tuple[float, Desk, list[Keys]]] = []

    def push(desk: Desk, paid: int, pressed: list[Keys]) -> None:
        place = work.place(desk, mistake)
        if best.get(place, paid + 1) <= paid:
            return
        best[place] = paid
        heappush(waiting, (paid + _least(desk, mistake, work), next(order), paid, desk, pressed))

    push(desk, 0, [])
    enough: int | None = None
    tried = 0
    while waiting:
        bound, _, paid, here, pressed = heappop(waiting)
        if enough is not None and bound > enough:
            break
        if work.done(here, mistake):
            enough = paid if enough is None else enough
            found.append((paid + work.left(here), here, pressed))
            for key in work.spreading(here):
                after = here.twin()
                after.press(key)
                if work.done(after, mistake):
                    spread = [*pressed, (key,)]
                    found.append((paid + 1 + work.left(after), after, spread))
            continue
        if paid > best.get(work.place(here, mistake), paid):
            continue
        tried += 1
        if tried > LIMIT:
            break
        for keys, after in _steps(here, work, mistake, whole=whole):
            push(after, paid + len(keys), [*pressed, keys])
    return found


def _least(desk: Desk, mistake: Mistake, work: Work) -> int:
    if work.done(desk, mistake):
        return 0
    start, end = desk.editor.caret.selection or desk.editor.caret.unit()
    return 1 if start < mistake.end and mistake.start < end else 2


def _steps(desk: Desk, work: Work, mistake: Mistake, *, whole: bool) -> Iterator[tuple[Keys, Desk]]:
    keymap = desk.keymap

    def after(*keys: str) -> tuple[Keys, Desk]:
        other = desk.twin()
        other.press(*keys)
        return keys, other

    for key in work.edits(desk, mistake, whole=whole):
        yield after(*((key,) if isinstance(key, str) else key))
    for name in _moves(desk, mistake):
        shown = keymap.keys(name)
        if shown:
            yield after(shown[0])
    caret = desk.editor.caret
    stops = [stop for stop in mistake.stops if stop != caret.offset]
    start = caret.unit()[0]
    far = [stop for stop in stops if len(caret.unit_starts(*sorted((stop, start)))) > 2]
    if not far:
        return
    hints = desk.hints()
    jump, search = keymap.keys("jump")[0], keymap.keys("search")[0]
    for stop in far:
        if stop in hints:
            hint = hints[stop]
            yield after(jump, *hint)
            if not caret.selecting and start < mistake.end and mistake.start < caret.unit()[1]:
                yield after(jump, *hint[:-1], hint[-1].upper())
        elif not caret.selecting:
            typed = _query(desk.editor.text, caret.unit()[0], stop)
            if typed:
                yield after(search, *typed, "enter")


def _moves(desk: Desk, mistake: Mistake) -> list[str]:
    caret = desk.editor.caret
    start, end = caret.unit()
    first, last = mistake.stops[0], mistake.stops[-1]
    names = []

    def steps(a: int, b: int) -> int:
        return len(caret.unit_starts(min(a, b), max(a, b)))

    near = (start < mistake.end + 1 and mistake.start < end + 1) or steps(start, first) <= FAR
    near = near or steps(start, last) <= FAR
    if near:
        names += ["left", "right"]
    if start < mistake.end and mistake.start < end:
        names += ["extend_left", "extend_right"]
        if not caret.selecting and caret.anchor is None and last != first:
            names.append("select")
    if not caret.selecting:
        if start <= mistake.start:
            names += ["next_span", "right_sentence", "page_down"]
        if start >= mistake.end:
            names += ["previous_span", "left_sentence", "page_up", "first"]
    screen = desk.screen
    layout = screen.layout_
    assert layout is not None
    rows = layout.row_of(first) - layout.row_of(start)
    if 0 < rows <= FAR:
        names.append("down")
    elif -FAR <= rows < 0:
        names.append("up")
    if abs(rows) <= 1:
        names += ["line_start", "line_end"]
    return names


def _query(text: str, here: int, stop: int) -> str | None:
    """The fewest letters by which a search leads to a place."""
    for length in range(1, 6):
        query = text[stop : stop + length]
        if query != query.strip():
            return None
        folded = text.lower() if query == query.lower() else text
        found = folded.find(query, here)
        if (folded.find(query) if found < 0 else found) == stop:
            return query
    return None
