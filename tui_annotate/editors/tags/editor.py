"""The editor of tags: every token has one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from tui_annotate.editors.base import NOTHING, Outcome, Restored
from tui_annotate.editors.caret import Caret
from tui_annotate.editors.history import History
from tui_annotate.editors.search import Search
from tui_annotate.editors.tags.drafts import TagDraft, Tagged
from tui_annotate.editors.tags.table import Change, TagTable
from tui_annotate.inventory.tagset import JOINT
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment
from tui_annotate.text.tokens import Tokens

THRESHOLD = 0.9
"""Below this probability a model counts as unsure.

Measured on EWT's test set with en_core_web_sm: 8 tags in a hundred lie below it, and with
them nearly half of what is wrong. A higher one costs more looks than it saves searching.
"""

_MANY = 2000
"""The tokens of longer texts are written before the key that decides."""


class _Step(NamedTuple):
    """An edit: where the cursor was, whether it was led there, and what changed."""

    cursor: int
    auto_advance: bool
    changes: list[Change]


class TagEditor:
    """Gives every token of a text a tag.

    Tokens are counted here without white space, as the cursor stops.

    Args:
        text: The text.
        tokens: Its tokens; they never change while the editor lives.
        labels: The tags on offer, as the session has them at any time.
        initial: The tags that came with the task, as spans over a token each.
        threshold: The probability below which a suggested tag counts as unsure.

    Attributes:
        table: The tag of each token, and what was suggested.
        joining: Whether the next tag is added to the one that is there.
        auto_advance: Whether the cursor was led to an unsure tag, so that the next tag leads on.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        labels: Sequence[str] = (),
        *,
        initial: Iterable[Mapping[str, Any]] = (),
        threshold: float = THRESHOLD,
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.labels = labels
        self.threshold = threshold
        self.caret = Caret(text, tokens)
        self.last_label: str | None = None
        self.joining = False
        self.table = TagTable(text, tokens, initial, threshold=threshold)
        self._history: History[_Step] = History()
        self._edited = False
        self._untouched = True
        self.auto_advance = False
        self._search = Search(text, self.caret)
        self._written: msgspec.Raw | None = None

    # ── what the session and the view ask ──────────────────────────────────

    @property
    def edited(self) -> bool:
        """Whether the annotator has changed anything."""
        return self._edited

    @property
    def offered(self) -> Sequence[Suggestion]:
        """Every tag that has been offered: the best one of each token."""
        return self.table.offered

    def take_dirty(self) -> list[tuple[int, int]]:
        """The ranges whose tags have changed since this was last asked."""
        dirty, self.table.dirty = self.table.dirty, []
        return dirty

    def counts(self) -> Mapping[str, int]:
        """How often each tag stands in the task."""
        return {label: count for label, count in self.table.counts.items() if count}

    def __len__(self) -> int:
        """How many tokens there are."""
        return len(self.table.tags)

    @property
    def tags(self) -> Sequence[Tagged | None]:
        """The tag of each token."""
        return self.table.tags

    @property
    def active(self) -> Tagged | None:
        """The tag under the cursor."""
        return self.table.tags[self.caret.index()] if self.table.tags else None

    @property
    def here(self) -> int:
        """The token under the cursor."""
        return self.caret.index()

    def ranked(self, index: int) -> Sequence[Suggestion]:
        """What was suggested for a token, the likeliest first."""
        return self.table.ranked.get(index, ())

    def unsure(self, index: int) -> bool:
        """Whether a token's tag is to be looked at: missing or unsure, and not looked at yet."""
        return index not in self.table.seen and self.table.is_unsure(index)

    @property
    def unsure_left(self) -> int:
        """How many tags are still to be looked at."""
        return len(self.table.unsure) - sum(map(self.table.is_unsure, self.table.seen))

    def doubt(self) -> str | None:
        """How many tokens have no tag."""
        bare = self.table.tags.count(None)
        return f"{bare} token{' has' if bare == 1 else 's have'} no tag" if bare else None

    def add_label(self, label: str) -> None:
        """A tag is on offer from now on; which are is for the session to know."""

    def fields(self) -> dict[str, Any]:
        """The tokens, and a span for each tag."""
        tokens = self._written or self.tokens.to_fields(self.text)
        return {"tokens": tokens, "spans": self.table.spans()}

    def make_ahead(self) -> None:
        """Have the tokens of a long text written before it is decided."""
        if self._written is None and len(self.tokens) > _MANY:
            self._written = msgspec.Raw(msgspec.json.encode(self.tokens.to_fields(self.text)))

    def state(self) -> dict[str, Any]:
        """Tags, cursor and selection as plain JSON values."""
        caret = self.caret
        return TagDraft(
            **self.table.draft(),
            cursor=caret.offset,
            anchor=caret.anchor,
            selecting=caret.selecting,
            auto_advance=self.auto_advance,
            joining=self.joining,
            last_label=self.last_label,
            touched=self._edited,
        ).encode()

    def restore(self, state: Mapping[str, Any], moved: Alignment = SAME) -> Restored:
        """Take up a draft again, as far as it fits the tokens; see `Editor.restore`.

        Raises:
            ValueError: It is no draft of tags.
        """
        draft = TagDraft.decode(state)
        restored = self.table.restore(draft, moved)
        self._edited = draft.touched
        self._untouched = False
        self.auto_advance = draft.auto_advance
        self.joining = draft.joining
        self.last_label = draft.last_label
        draft.put_caret(self.caret, moved)
        return restored

    # ── suggestions ────────────────────────────────────────────────────────

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Take suggestions in, leaving the tags that are there as they are.

        A token without a tag gets the best one; one with a tag can be given another of the ranked
        ones. Before the first edit they are part of the task; after it they are one undoable step.
        """
        changes = self.table.take_in(suggestions)
        if self._edited and changes:
            self._commit(changes)
        else:
            self.table.apply(changes)
        if not self._edited and self._untouched and self.table.unsure and self.caret.index() == 0:
            first = self.table.starts[self.table.unsure[0]]
            # Of what lies behind them more may still come in.
            if not suggestions or first < suggestions[-1].end:
                self.caret.move_to(first)
                self.auto_advance = True
        if not self._edited:
            return NOTHING
        return Outcome(True, f"{len(changes)} new tag{'s' * (len(changes) != 1)}")

    def withdraw(self, source: str) -> Outcome:
        """Take out the tags of a source that nobody has changed."""
        changes = self.table.take_out(source)
        if not changes:
            return NOTHING
        self._commit(changes)
        return Outcome(True, f"removed {len(changes)} tag{'s' * (len(changes) != 1)} by {source}")

    # ── commands ───────────────────────────────────────────────────────────

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table; None for one that is not the editor's."""
        self._untouched = False
        if self.caret.do(command):
            extends = command in ("select", "extend_left", "extend_right")
            self.auto_advance = self.auto_advance and extends
            return NOTHING
        found = self._search.do(command, argument)
        if found is not None:
            self.auto_advance = False
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
                    return Outcome(message="nothing tagged yet")
                return self.label(self.last_label)
            case "join":
                self.joining = not self.joining and self.active is not None
                return Outcome(message="the next tag is added to this" if self.joining else None)
            case "delete":
                return self.delete()
            case "next_span":
                return self.next_unsure()
            case "previous_span":
                return self.previous_unsure()
            case "undo":
                return self._travel(self._history.undo(), "nothing to undo", back=True)
            case "redo":
                return self._travel(self._history.redo(), "nothing to redo", back=False)
            case "characters":
                return Outcome(message="tags apply to whole tokens")
            case "escape":
                self.joining = False
                self.caret.drop()
                return NOTHING
        return None

    def move_to(self, offset: int, *, extend: bool = False) -> None:
        """Go to the token over an offset, as up, down and the jump hints do, or select up to it."""
        self._untouched = False
        self.auto_advance = self.auto_advance and extend
        self.caret.move_to(offset, extend=extend)

    def target(self) -> range:
        """The tokens that a tag's key tags: the selected ones, else the one under the cursor."""
        selection = self.caret.selection
        if selection is None:
            here = self.caret.index()
            return range(here, min(here + 1, len(self.table.tags)))
        first = bisect_left(self.table.starts, selection[0])
        return range(first, bisect_left(self.table.starts, selection[1]))

    def label(self, label: str | None) -> Outcome:
        """Tag the target, and go on: to the next tag to look at where one led here."""
        if label is None:
            return Outcome(message="no tag has this key")
        target = [index for index in self.target() if index not in self.table.disabled]
        if not target:
            found = "this token is disabled in the source: it cannot be tagged"
            return Outcome(message=found if self.target() else "no token to tag")
        changes: list[Change] = []
        for index in target:
            before = self.table.tags[index]
            name = label
            if self.joining and before is not None:
                name = f"{before.label}{JOINT}{label}"
            after = Tagged(name, manual=True)
            if before != after:
                changes.append((index, before, after))
        joined, self.joining = self.joining, False
        if changes:
            self._commit(changes)
        self.last_label = label
        if joined:
            # Another one may be added.
            self.caret.drop()
        else:
            self._go_on(target[-1])
        return Outcome(bool(changes))

    def _go_on(self, last: int) -> None:
        """Leave the token that was tagged last."""
        self.caret.drop()
        following = last + 1
        if self.auto_advance:
            place = bisect_right(self.table.unsure, last)
            self.auto_advance = place < len(self.table.unsure)
            if self.auto_advance:
                following = self.table.unsure[place]
        self.caret.move_to(self.table.starts[max(min(following, len(self.table.starts) - 1), 0)])

    def pick(self, number: int) -> Outcome:
        """Tag the token under the cursor as one of those suggested for it, counted from 1."""
        self.caret.drop()
        rows = self.ranked(self.caret.index())
        if not rows:
            return Outcome(message="no suggestion here")
        if number > len(rows):
            return Outcome(message=f"only {len(rows)} suggestion{'s' * (len(rows) != 1)} here")
        return self.label(rows[number - 1].label)

    def label_all(self) -> Outcome:
        """Tag every other occurrence of the word under the cursor as it is tagged."""
        tag = self.active
        label = tag.label if tag is not None else self.last_label
        if label is None:
            return Outcome(message="tag one of them first")
        here = self.caret.index()
        word = self.table.word(here)
        after = Tagged(label, manual=True)
        changes: list[Change] = [
            (index, before, after)
            for index, before in enumerate(self.table.tags)
            if self.table.word(index) == word
            and index not in self.table.disabled
            and (before is None or (before.label != label and not before.manual))
        ]
        if not changes:
            return Outcome(message="no other occurrence to tag")
        self._commit(changes)
        self.caret.drop()
        return Outcome(True, f"{len(changes)} tagged {label}")

    def delete(self) -> Outcome:
        """Take the tags of the target off."""
        tags = self.table.tags
        changes: list[Change] = [(n, tags[n], None) for n in self.target() if tags[n] is not None]
        if not changes:
            return Outcome(message="no tag here")
        self._commit(changes)
        self.caret.drop()
        return Outcome(True)

    def next_unsure(self) -> Outcome:
        """Go to the next tag that is unsure or missing; the one left counts as looked at."""
        here = self.caret.index()
        self.caret.drop()
        if self.table.tags and self.unsure(here) and self.table.tags[here] is not None:
            self.table.seen.add(here)
            self.table.dirty.append((self.table.starts[here], self.table.ends[here]))
        place = bisect_right(self.table.unsure, here)
        self.auto_advance = place < len(self.table.unsure)
        if not self.auto_advance:
            return Outcome(message="no unsure tags left", then="accept")
        self.caret.move_to(self.table.starts[self.table.unsure[place]])
        return NOTHING

    def previous_unsure(self) -> Outcome:
        """Go back to a tag that was unsure, or that was changed."""
        self.caret.drop()
        for index in range(self.caret.index() - 1, -1, -1):
            tag = self.table.tags[index]
            if tag is None or tag.manual or self.table.is_unsure(index):
                self.caret.move_to(self.table.starts[index])
                self.auto_advance = True
                return NOTHING
        return Outcome(message="no unsure tag before this", then="next_span")

    # ── edits ──────────────────────────────────────────────────────────────

    def _commit(self, changes: list[Change]) -> None:
        self._history.push(_Step(self.caret.offset, self.auto_advance, changes))
        self._edited = True
        self.table.apply(changes)

    def _travel(self, step: _Step | None, refusal: str, *, back: bool) -> Outcome:
        if step is None:
            return Outcome(message=refusal)
        self.table.apply(step.changes, back=back)
        self.caret.drop()
        self.auto_advance = step.auto_advance
        self.caret.move_to(step.cursor)
        return Outcome(True)
