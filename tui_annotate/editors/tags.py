"""The editor of tags: every token has one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tui_annotate.editors.caret import Caret
from tui_annotate.editors.editor import NOTHING, Outcome
from tui_annotate.editors.search import Search
from tui_annotate.editors.spanfields import read_spans, write_span
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.tagset import JOINT
from tui_annotate.text.spans import Span
from tui_annotate.text.tokens import Tokens

THRESHOLD = 0.9
"""Below this probability a model counts as unsure.

Measured on EWT's test set with en_core_web_sm: 8 tags in a hundred lie below it, and with
them nearly half of what is wrong. A higher one costs more looks than it saves searching.
"""


_MANY = 200
"""More changes than these at once are not followed one by one."""


class Tagged(NamedTuple):
    """The tag of a token.

    Attributes:
        label: The tag.
        source: The suggestion source it came from, if any.
        score: How probable that source holds it to be.
        hand: Whether the annotator has set it.
    """

    label: str
    source: str | None = None
    score: float | None = None
    hand: bool = False

    @property
    def suggested(self) -> bool:
        """Whether a source has suggested it and nobody has changed it."""
        return self.source is not None and not self.hand


Change = tuple[int, Tagged | None, Tagged | None]
"""A token, its tag before, and its tag after."""


class _Step(NamedTuple):
    """An edit: where the cursor was, and what changed."""

    cursor: int
    changes: list[Change]


class TagEditor:
    """Gives every token of a text a tag.

    Tokens are counted here without white space, as the cursor stops.

    Args:
        text: The text.
        tokens: Its tokens; they never change while the editor lives.
        labels: The tags on offer.
        given: The tags that came with the task, as spans over a token each.
        threshold: The probability below which a suggested tag counts as unsure.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        labels: Iterable[str] = (),
        *,
        given: Iterable[Mapping[str, Any]] = (),
        threshold: float = THRESHOLD,
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.labels = list(labels)
        self.threshold = threshold
        self.caret = Caret(text, tokens)
        self.last_label: str | None = None
        self.joining = False
        self._starts = [tokens.starts[stop] for stop in tokens.stops]
        self._ends = [tokens.ends[stop] for stop in tokens.stops]
        self._given = list(given)
        self._read = list(read_spans(self._given))
        self._places: dict[int, list[int]] = {}
        self._others: list[Span] = []
        self._given_offers: list[Suggestion] = []
        self._offers: dict[int, Suggestion] = {}
        self._ranked: dict[int, list[Suggestion]] = {}
        self._tags: list[Tagged | None] = [None] * len(self._starts)
        self._take_given()
        self._came = tuple(self._tags)
        self._counts = Counter(tag.label for tag in self._tags if tag is not None)
        self._unsure = [i for i in range(len(self._tags)) if self._is_unsure(i)]
        self._seen: set[int] = set()
        self._past: list[_Step] = []
        self._future: list[_Step] = []
        self._touched = False
        self._still = True
        # Whether the cursor was led to an unsure tag, so that the next tag leads on.
        self._led = False
        self._search = Search(text, self.caret)
        self._dirty: list[tuple[int, int]] = []

    def _take_given(self) -> None:
        spans = self._read
        for place, span in enumerate(spans):
            self._given_offers.append(
                Suggestion(span.start, span.end, span.label, span.source or "task", span.score)
            )
            index = self._holding(span.start, span.end)
            if index is None:
                self._others.append(span)
            else:
                self._places.setdefault(index, []).append(place)
        for index, places in self._places.items():
            first = spans[places[0]]
            label = JOINT.join(spans[place].label for place in places)
            self._tags[index] = Tagged(label, first.source, first.score)

    def _holding(self, start: int, end: int) -> int | None:
        """The token that a span that came is the tag of; None where it is no token's."""
        index = bisect_right(self._starts, start) - 1
        if index < 0 or not (self._starts[index] <= start < end <= self._ends[index]):
            return None
        whole = (self._starts[index], self._ends[index]) == (start, end)
        # Of tokens that cut a grapheme and were merged, each may have come with a tag.
        return index if whole or self._merged(index) else None

    def _merged(self, index: int) -> bool:
        written = self.tokens.written
        if written is None:
            return False
        first, last = written[self.tokens.stops[index]]
        return first < last

    # ── what the session and the view ask ──────────────────────────────────

    @property
    def edited(self) -> bool:
        """Whether the annotator has changed anything."""
        return self._touched

    @property
    def offered(self) -> Sequence[Suggestion]:
        """Every tag that has been offered, as it was offered: the best one of each token."""
        return [*self._given_offers, *self._offers.values()]

    def take_dirty(self) -> list[tuple[int, int]]:
        """The ranges whose tags have changed since this was last asked."""
        dirty, self._dirty = self._dirty, []
        return dirty

    def counts(self) -> Mapping[str, int]:
        """How often each tag stands in the task."""
        return {label: count for label, count in self._counts.items() if count}

    def __len__(self) -> int:
        """How many tokens there are."""
        return len(self._tags)

    @property
    def tags(self) -> Sequence[Tagged | None]:
        """The tag of each token."""
        return self._tags

    @property
    def active(self) -> Tagged | None:
        """The tag under the cursor."""
        return self._tags[self.caret.index()] if self._tags else None

    @property
    def here(self) -> int:
        """The token under the cursor."""
        return self.caret.index()

    def ranked(self, index: int) -> Sequence[Suggestion]:
        """What was suggested for a token, the likeliest first."""
        return self._ranked.get(index, ())

    def unsure(self, index: int) -> bool:
        """Whether a token's tag is to be looked at: missing or unsure, and not looked at yet."""
        return index not in self._seen and self._is_unsure(index)

    @property
    def unsure_left(self) -> int:
        """How many tags are still to be looked at."""
        return len(self._unsure) - sum(1 for index in self._seen if self._is_unsure(index))

    def _is_unsure(self, index: int) -> bool:
        tag = self._tags[index]
        if tag is None:
            return True
        if tag.hand or JOINT in tag.label:
            return False
        score = tag.score
        if score is None and tag.source is None:
            rows = [row for row in self._ranked.get(index, ()) if row.score is not None]
            if rows:
                score = next((row.score for row in rows if row.label == tag.label), 0.0)
        return score is not None and score < self.threshold

    def add_label(self, label: str) -> None:
        """Add a tag to those on offer."""
        if label not in self.labels:
            self.labels.append(label)

    def fields(self) -> dict[str, Any]:
        """The tokens, and a span for each tag."""
        spans = list(self._others)
        for index, tag in enumerate(self._tags):
            if tag is None:
                continue
            places = self._places.get(index, ())
            came = self._came[index]
            if came is not None and came.label == tag.label:
                spans.extend(self._read[place] for place in places)
                continue
            place = places[0] if len(places) == 1 else None
            start, end = self._starts[index], self._ends[index]
            spans.append(Span(start, end, tag.label, tag.source, tag.score, came=place))
        spans.sort(key=lambda span: (span.start, -span.end))
        return {
            "tokens": self.tokens.to_fields(self.text),
            "spans": [write_span(span, self.tokens, self._given) for span in spans],
        }

    def state(self) -> dict[str, Any]:
        """Tags, cursor and selection as plain JSON values.

        What was offered and stands is in the tags; other choices are kept of
        the tokens where one may want them.
        """
        caret, tags = self.caret, list(self._tags)
        kept = {i for i, tag in enumerate(tags) if tag is None or tag.hand}.union(self._unsure)
        return {
            "tags": [
                [i, None if tag is None else list(tag)]
                for i, (tag, came) in enumerate(zip(tags, self._came, strict=True))
                if tag != came
            ],
            "ranked": [
                [i, [[row.label, row.source, row.score] for row in self._ranked[i]]]
                for i in sorted(kept)
                if i in self._ranked
            ],
            "offered": [
                [i, [offer.label, offer.source, offer.score]]
                for i in sorted(kept)
                if (offer := self._offers.get(i)) is not None
            ],
            "seen": sorted(self._seen),
            "cursor": caret.offset,
            "anchor": caret.anchor,
            "held": caret.held,
            "led": self._led,
            "joining": self.joining,
            "last_label": self.last_label,
            "touched": self._touched,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a draft again.

        Raises:
            ValueError: The draft does not fit the text.
        """
        count = len(self._tags)
        changed = [(int(i), None if row is None else Tagged(*row)) for i, row in state["tags"]]
        ranked = [(int(i), rows) for i, rows in state["ranked"]]
        offers = [(int(i), row) for i, row in state["offered"]]
        if any(not 0 <= index < count for index, _ in [*changed, *ranked, *offers]):
            raise ValueError("the draft has tags for tokens that are not there")
        self._ranked = {
            i: [Suggestion(self._starts[i], self._ends[i], *row) for row in rows]
            for i, rows in ranked
        }
        self._tags = list(self._came)
        for index, tag in changed:
            self._tags[index] = tag
        self._counts = Counter(tag.label for tag in self._tags if tag is not None)
        self._unsure = [i for i in range(count) if self._is_unsure(i)]
        self._seen = {int(i) for i in state["seen"]}
        rows: dict[int, Sequence[Any]] = {
            i: tag[:3] for i, tag in changed if tag is not None and tag.suggested
        }
        rows.update(offers)
        self._offers = {
            i: Suggestion(self._starts[i], self._ends[i], *row) for i, row in sorted(rows.items())
        }
        self._touched = bool(state["touched"])
        self._still = False
        self._led = bool(state["led"])
        self.joining = bool(state["joining"])
        self.last_label = state["last_label"]
        self.caret.move_to(int(state["cursor"]))
        self.caret.anchor = state["anchor"]
        self.caret.held = bool(state["held"])
        self._dirty.append((0, len(self.text)))

    # ── suggestions ────────────────────────────────────────────────────────

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take suggestions in, leaving the tags that are there as they are.

        A token without a tag gets the best one; one with a tag can be given
        another of the ranked ones. Before the first edit they are part of the
        task as it is shown; after it they come as one undoable step.
        """
        fresh: dict[int, list[Suggestion]] = {}
        places = {start: index for index, start in enumerate(self._starts)}
        for item in suggestions:
            index = places.get(item.start, -1)
            if index >= 0 and self._ends[index] == item.end:
                fresh.setdefault(index, []).append(item)
                continue
            first = bisect_left(self._starts, item.start)
            last = bisect_right(self._ends, item.end)
            for index in range(first, last):
                own = (self._starts[index], self._ends[index])
                fresh.setdefault(index, []).append(
                    Suggestion(*own, item.label, item.source, item.score)
                )
        changes: list[Change] = []
        for index, items in fresh.items():
            there = self._ranked.get(index)
            if there or len(items) > 1:
                items = sorted([*(there or ()), *items], key=_rank)
                items = list({row.label: row for row in reversed(items)}.values())[::-1]
            self._ranked[index] = items
            if self._tags[index] is None:
                best = items[0]
                self._offers[index] = best
                changes.append((index, None, Tagged(best.label, best.source, best.score)))
        if self._touched and changes:
            self._commit(changes)
        else:
            self._apply(changes, 2)
        self._mark(fresh)
        if not self._touched and self._still and self._unsure and self.caret.index() == 0:
            self.caret.move_to(self._starts[self._unsure[0]])
            self._led = True
        return Outcome(True, f"{len(changes)} tags came in") if self._touched else NOTHING

    def withdraw(self, source: str) -> Outcome:
        """Take out the tags of a source that nobody has changed."""
        changes: list[Change] = []
        for index, rows in list(self._ranked.items()):
            self._ranked[index] = [row for row in rows if row.source != source]
        for index, tag in enumerate(self._tags):
            if index in self._places or tag is None or not tag.suggested:
                continue
            if tag.source == source:
                changes.append((index, tag, None))
        if not changes:
            return NOTHING
        self._commit(changes)
        return Outcome(True, f"{len(changes)} tags by {source} taken out")

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        self._still = False
        if self.caret.do(command):
            self._led = self._led and command in ("select", "extend_left", "extend_right")
            return NOTHING
        found = self._search.do(command, argument)
        if found is not None:
            self._led = False
            return found
        if command.startswith("pick_"):
            return self.pick(int(command[5:]))
        match command:
            case "label":
                return self.label(argument)
            case "label_all":
                return self.label_all()
            case "repeat":
                if self.last_label is None:
                    return Outcome(message="nothing has been tagged yet")
                return self.label(self.last_label)
            case "join":
                self.joining = not self.joining and self.active is not None
                return Outcome(message="the next tag is added" if self.joining else None)
            case "delete":
                return self.delete()
            case "next_span":
                return self.next_unsure()
            case "previous_span":
                return self.previous_unsure()
            case "undo":
                return self._travel(self._past, self._future, "nothing to undo")
            case "redo":
                return self._travel(self._future, self._past, "nothing to redo")
            case "characters":
                return Outcome(message="a tag is a whole token's")
            case "escape":
                self.joining = False
                self.caret.drop()
                return NOTHING
        return None

    def move_to(self, offset: int) -> None:
        """Go to the token over an offset, as up, down and the jump hints do."""
        self._still = self._led = False
        self.caret.move_to(offset)

    def target(self) -> range:
        """The tokens that a tag's key tags: the selected ones, else the one under the cursor."""
        selection = self.caret.selection
        if selection is None:
            here = self.caret.index()
            return range(here, min(here + 1, len(self._tags)))
        first = bisect_left(self._starts, selection[0])
        return range(first, bisect_left(self._starts, selection[1]))

    def label(self, label: str | None) -> Outcome:
        """Tag the target, and go on: to the next tag to look at where one led here."""
        if label is None:
            return Outcome(message="no tag has this key")
        target = self.target()
        if not target:
            return Outcome(message="there is no token to tag")
        changes: list[Change] = []
        for index in target:
            before = self._tags[index]
            name = label
            if self.joining and before is not None:
                name = f"{before.label}{JOINT}{label}"
            after = Tagged(name, hand=True)
            if before != after:
                changes.append((index, before, after))
        joined, self.joining = self.joining, False
        if changes:
            self._commit(changes)
        self.last_label = label
        self._go_on(target[-1] if not joined else target[-1] - 1)
        return Outcome(bool(changes))

    def _go_on(self, last: int) -> None:
        """Leave the token that was tagged last."""
        self.caret.drop()
        following = last + 1
        if self._led:
            place = bisect_right(self._unsure, last)
            self._led = place < len(self._unsure)
            if self._led:
                following = self._unsure[place]
        self.caret.move_to(self._starts[max(min(following, len(self._starts) - 1), 0)])

    def pick(self, number: int) -> Outcome:
        """Tag the token under the cursor as one of those suggested for it, counted from 1."""
        self.caret.drop()
        rows = self.ranked(self.caret.index())
        if not rows:
            return Outcome(message="nothing was suggested for this token")
        if number > len(rows):
            return Outcome(message=f"only {len(rows)} were suggested for this token")
        return self.label(rows[number - 1].label)

    def label_all(self) -> Outcome:
        """Tag every other occurrence of the word under the cursor as it is tagged."""
        tag = self.active
        label = tag.label if tag is not None else self.last_label
        if label is None:
            return Outcome(message="tag one of them first")
        here = self.caret.index()
        word = self._word(here)
        after = Tagged(label, hand=True)
        changes: list[Change] = [
            (index, before, after)
            for index, before in enumerate(self._tags)
            if self._word(index) == word
            and (before is None or (before.label != label and not before.hand))
        ]
        if not changes:
            return Outcome(message="no other one to tag")
        self._commit(changes)
        self.caret.drop()
        return Outcome(True, f"{len(changes)} tagged {label}")

    def _word(self, index: int) -> str:
        return self.text[self._starts[index] : self._ends[index]]

    def delete(self) -> Outcome:
        """Take the tags of the target off."""
        changes: list[Change] = []
        for index in self.target():
            if self._tags[index] is not None:
                changes.append((index, self._tags[index], None))
        if not changes:
            return Outcome(message="there is no tag here")
        self._commit(changes)
        self.caret.drop()
        return Outcome(True)

    def next_unsure(self) -> Outcome:
        """Go to the next tag that is unsure or missing; the one left counts as looked at."""
        here = self.caret.index()
        self.caret.drop()
        if self._tags and self.unsure(here) and self._tags[here] is not None:
            self._seen.add(here)
            self._dirty.append((self._starts[here], self._ends[here]))
        place = bisect_right(self._unsure, here)
        self._led = place < len(self._unsure)
        if not self._led:
            return Outcome(message="no unsure tag further on")
        self.caret.move_to(self._starts[self._unsure[place]])
        return NOTHING

    def previous_unsure(self) -> Outcome:
        """Go back to a tag that was unsure, or that was changed."""
        self.caret.drop()
        for index in range(self.caret.index() - 1, -1, -1):
            tag = self._tags[index]
            if tag is None or tag.hand or self._is_unsure(index):
                self.caret.move_to(self._starts[index])
                self._led = True
                return NOTHING
        return Outcome(message="no unsure tag before this")

    # ── edits ──────────────────────────────────────────────────────────────

    def _commit(self, changes: list[Change]) -> None:
        self._past.append(_Step(self.caret.offset, changes))
        self._future.clear()
        self._touched = True
        self._apply(changes, 2)

    def _apply(self, changes: Sequence[Change], side: int) -> None:
        """Put one side of changes into effect: 1 for what was before, 2 for what came after."""
        for change in changes:
            index = change[0]
            before, after = self._tags[index], change[side]
            assert not isinstance(after, int)
            if before is not None:
                self._counts[before.label] -= 1
            if after is not None:
                self._counts[after.label] += 1
            self._tags[index] = after
        self._mark([change[0] for change in changes])

    def _mark(self, changed: Collection[int]) -> None:
        """Keep the list of unsure tags right after changes."""
        if len(changed) > _MANY:
            self._unsure = [i for i in range(len(self._tags)) if self._is_unsure(i)]
            self._dirty.append((0, len(self.text)))
            return
        for index in changed:
            place = bisect_left(self._unsure, index)
            listed = place < len(self._unsure) and self._unsure[place] == index
            if self._is_unsure(index) != listed:
                if listed:
                    del self._unsure[place]
                else:
                    insort(self._unsure, index)
            self._dirty.append((self._starts[index], self._ends[index]))

    def _travel(self, out: list[_Step], into: list[_Step], refusal: str) -> Outcome:
        if not out:
            return Outcome(message=refusal)
        step = out.pop()
        into.append(step)
        self._apply(step.changes, 1 if out is self._past else 2)
        self.caret.drop()
        self._led = False
        self.caret.move_to(step.cursor)
        return Outcome(True)


def _rank(row: Suggestion) -> tuple[bool, float]:
    # What somebody wrote down has no score, and goes before what a model holds likely.
    return row.score is not None, -(row.score or 0.0)
