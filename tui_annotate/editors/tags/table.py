"""The tags of a text's tokens: which there are, where they came from, which are unsure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

from tui_annotate.editors.base import Restored
from tui_annotate.editors.spans.fields import read_spans, write_span
from tui_annotate.editors.tags.drafts import TagDraft, Tagged
from tui_annotate.editors.tags.fitting import base_of, fitted
from tui_annotate.inventory.tagset import JOINT
from tui_annotate.suggest.codec import PLAIN
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment
from tui_annotate.text.rows import TagRow
from tui_annotate.text.spans import Span
from tui_annotate.text.tokens import Tokens

_MANY = 200
"""More changes than these at once are not followed one by one."""


Change = tuple[int, Tagged | None, Tagged | None]
"""A token, its tag before, and its tag after."""


class TagTable:
    """A tag for each token of a text, or none.

    Tokens are counted here without white space, as the cursor stops.

    Args:
        text: The text.
        tokens: Its tokens.
        initial: The tags that came with the task, as spans over a token each.
        threshold: The probability below which a suggested tag counts as unsure.

    Attributes:
        starts: Where each token begins.
        ends: Where each token ends.
        tags: The tag of each token.
        counts: How often each tag stands in the text.
        unsure: The tokens whose tag is missing or unsure, in order.
        seen: Those of them that were looked at.
        ranked: What was suggested for a token, the likeliest first.
        dirty: The ranges whose tags have changed.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        initial: Iterable[Mapping[str, Any]] = (),
        *,
        threshold: float,
    ) -> None:
        self._text = text
        self._tokens = tokens
        self._threshold = threshold
        self.starts = [tokens.starts[stop] for stop in tokens.stops]
        self.ends = [tokens.ends[stop] for stop in tokens.stops]
        self.disabled = frozenset(
            index
            for index, (start, end) in enumerate(zip(self.starts, self.ends, strict=True))
            if tokens.disabled(start, end)
        )
        self._initial = list(initial)
        self._read = list(read_spans(self._initial))
        self._places: dict[int, list[int]] = {}
        self._others: list[Span] = []
        self._offers: dict[int, Suggestion] = {}
        self.ranked: dict[int, list[Suggestion]] = {}
        self.tags: list[Tagged | None] = [None] * len(self.starts)
        self._take_initial()
        self._initial_tags = tuple(self.tags)
        self.seen: set[int] = set()
        self.dirty: list[tuple[int, int]] = []
        self._count()

    def _count(self) -> None:
        self.counts = Counter(tag.label for tag in self.tags if tag is not None)
        self.unsure = [i for i in range(len(self.tags)) if self.is_unsure(i)]

    def _take_initial(self) -> None:
        spans = self._read
        for place, span in enumerate(spans):
            index = self._holding(span.start, span.end)
            if index is None:
                self._others.append(span)
            else:
                self._places.setdefault(index, []).append(place)
        for index, places in self._places.items():
            first = spans[places[0]]
            label = JOINT.join(spans[place].label for place in places)
            self.tags[index] = Tagged(label, first.source, first.score)

    def _holding(self, start: int, end: int) -> int | None:
        """The token that a span that came is the tag of; None where it is no token's."""
        index = bisect_right(self.starts, start) - 1
        if index < 0 or not (self.starts[index] <= start < end <= self.ends[index]):
            return None
        whole = (self.starts[index], self.ends[index]) == (start, end)
        # Of tokens that cut a grapheme and were merged, each may have come with a tag.
        return index if whole or self._merged(index) else None

    def _merged(self, index: int) -> bool:
        written = self._tokens.written
        if written is None:
            return False
        first, last = written[self._tokens.stops[index]]
        return first < last

    @property
    def offered(self) -> list[Suggestion]:
        """Every tag that was offered, as it was offered: the best one of each token."""
        initial = [
            Suggestion(span.start, span.end, span.label, span.source or "task", span.score)
            for span in self._read
        ]
        return [*initial, *self._offers.values()]

    def word(self, index: int) -> str:
        """What a token reads."""
        return self._text[self.starts[index] : self.ends[index]]

    def is_unsure(self, index: int) -> bool:
        """Whether a tag is missing, or less probable than the threshold."""
        tag = self.tags[index]
        if tag is None:
            return index not in self.disabled
        if tag.manual or JOINT in tag.label:
            return False
        score = tag.score
        if score is None and tag.source is None:
            rows = [row for row in self.ranked.get(index, ()) if row.score is not None]
            if rows:
                score = next((row.score for row in rows if row.label == tag.label), 0.0)
        return score is not None and score < self._threshold

    # ── changes ────────────────────────────────────────────────────────────

    def take_in(self, suggestions: Sequence[Suggestion]) -> list[Change]:
        """Rank what is suggested for each token, and say what tags that gives to those without."""
        fresh: dict[int, list[Suggestion]] = {}
        index = 0
        for item in suggestions:
            # They come in the order of the text.
            if index >= len(self.starts) or self.starts[index] != item.start:
                index = bisect_left(self.starts, item.start)
            if index < len(self.starts) and (self.starts[index], self.ends[index]) == (
                item.start,
                item.end,
            ):
                fresh.setdefault(index, []).append(item)
                continue
            first = index
            last = bisect_right(self.ends, item.end)
            for index in range(first, last):
                own = (self.starts[index], self.ends[index])
                fresh.setdefault(index, []).append(
                    Suggestion(*own, item.label, item.source, item.score)
                )
        changes: list[Change] = []
        for index, items in fresh.items():
            there = self.ranked.get(index)
            if there or len(items) > 1:
                items = sorted([*(there or ()), *items], key=_rank)
                items = list({row.label: row for row in reversed(items)}.values())[::-1]
            self.ranked[index] = items
            if self.tags[index] is None and index not in self.disabled:
                best = items[0]
                self._offers[index] = best
                changes.append((index, None, Tagged(best.label, best.source, best.score)))
        self._mark(fresh)
        return changes

    def take_out(self, source: str) -> list[Change]:
        """Forget what a source suggested, and say which tags that takes away."""
        changes: list[Change] = []
        for index, rows in list(self.ranked.items()):
            self.ranked[index] = [row for row in rows if row.source != source]
        for index, tag in enumerate(self.tags):
            if index in self._places or tag is None or not tag.suggested:
                continue
            if tag.source == source:
                changes.append((index, tag, None))
        return changes

    def apply(self, changes: Sequence[Change], *, back: bool = False) -> None:
        """Put changes into effect.

        Args:
            changes: Them.
            back: Put into effect what was before them instead.
        """
        for index, earlier, later in changes:
            before, after = self.tags[index], earlier if back else later
            if before is not None:
                self.counts[before.label] -= 1
            if after is not None:
                self.counts[after.label] += 1
            self.tags[index] = after
        self._mark([change[0] for change in changes])

    def _mark(self, changed: Collection[int]) -> None:
        """Keep the list of unsure tags right after changes."""
        if len(changed) > _MANY:
            first, last = min(changed), max(changed)
            left, right = bisect_left(self.unsure, first), bisect_right(self.unsure, last)
            self.unsure[left:right] = [i for i in range(first, last + 1) if self.is_unsure(i)]
            self.dirty.append((self.starts[first], self.ends[last]))
            return
        for index in changed:
            place = bisect_left(self.unsure, index)
            listed = place < len(self.unsure) and self.unsure[place] == index
            if self.is_unsure(index) != listed:
                if listed:
                    del self.unsure[place]
                else:
                    insort(self.unsure, index)
            self.dirty.append((self.starts[index], self.ends[index]))

    # ── to and from the outside ────────────────────────────────────────────

    def spans(self) -> list[Mapping[str, Any]]:
        """A span for each tag, as the format has it."""
        written: list[Mapping[str, Any]] = [self._unchanged(span) for span in self._others]
        stops, ids = self._tokens.stops, self._tokens.ids
        plain = self._tokens.plain
        fresh = cast("Callable[..., Mapping[str, Any]]", TagRow)
        for index, tag in enumerate(self.tags):
            if tag is None:
                continue
            start, end = self.starts[index], self.ends[index]
            label, source, score, _ = tag
            if index not in self._places:
                # Of long texts there are many.
                first = last = stops[index]
                if not plain:
                    first, last = ids(first)
                written.append(fresh(start, end, first, last, label, source, score))
                continue
            places = self._places[index]
            initial = self._initial_tags[index]
            if initial is not None and initial.label == label:
                written.extend(self._unchanged(self._read[place]) for place in places)
            elif len(places) == 1:
                span = Span(start, end, label, source, score, initial=places[0])
                written.append(self._unchanged(span))
            else:
                written.append(fresh(start, end, *ids(stops[index]), label, source, score))
        if self._others:
            written.sort(key=lambda span: (span["start"], -span["end"]))
        return written

    def _unchanged(self, span: Span) -> dict[str, Any]:
        return write_span(span, self._tokens, self._initial)

    @cached_property
    def _base(self) -> int:
        return base_of(self.starts, self.ends)

    def draft(self) -> dict[str, Any]:
        """What differs from the task as it came, for a draft.

        What was offered and stands is in the tags; other choices are there of
        the tokens where one may want them.
        """
        tags = list(self.tags)
        wanted = {i for i, tag in enumerate(tags) if tag is None or tag.manual}.union(self.unsure)
        changed = [
            (i, tag)
            for i, (tag, initial) in enumerate(zip(tags, self._initial_tags, strict=True))
            if tag != initial
        ]
        by_hand = self.seen.union(i for i, tag in changed if tag is None or tag.manual)
        return {
            "tags": changed,
            "places": [(i, self.starts[i], self.ends[i]) for i in sorted(by_hand)],
            "base": self._base,
            "ranked": [
                (i, [PLAIN.encode(row) for row in self.ranked[i]])
                for i in sorted(wanted)
                if i in self.ranked
            ],
            "offered": [
                (i, PLAIN.encode(offer))
                for i in sorted(wanted)
                if (offer := self._offers.get(i)) is not None
            ],
            "seen": sorted(self.seen),
        }

    def restore(self, draft: TagDraft, moved: Alignment = SAME) -> Restored:
        """Take up a draft, as far as it fits the tokens.

        Args:
            draft: The draft.
            moved: Where the parts of the text are that it was made of.
        """
        draft, restored = fitted(draft, self._text, self.starts, self.ends, moved)
        ranked = {i: [self._suggestion(i, row) for row in rows] for i, rows in draft.ranked}
        offers = {
            i: self._offer(i, tag)
            for i, tag in draft.tags
            if tag is not None and tag.source is not None and not tag.manual
        }
        offers.update((i, self._suggestion(i, row)) for i, row in draft.offered)
        self.ranked = ranked
        self.tags = list(self._initial_tags)
        for index, tag in draft.tags:
            self.tags[index] = tag
        self._offers = dict(sorted(offers.items()))
        self.seen = set(draft.seen)
        self._count()
        self.dirty.append((0, len(self._text)))
        return restored

    def _offer(self, index: int, tag: Tagged) -> Suggestion:
        start, end = self.starts[index], self.ends[index]
        return Suggestion(start, end, tag.label, tag.source or "", tag.score)

    def _suggestion(self, index: int, row: Any) -> Suggestion:
        if isinstance(row, list):
            # Earlier versions have written label, source and score.
            return self._offer(index, Tagged(*row))
        return PLAIN.decode(row)


def _rank(row: Suggestion) -> tuple[bool, float]:
    # What somebody wrote down has no score, and goes before what a model holds likely.
    return row.score is not None, -(row.score or 0.0)
