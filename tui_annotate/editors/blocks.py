"""The editor of several kinds of annotation on one task: editors, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui_annotate.editors.base import AS_IT_WAS, NOTHING, Editor, Outcome, Refusing, Restored
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.text.alignment import SAME, Alignment
from tui_annotate.wording import printable


@dataclass(frozen=True, slots=True)
class Part:
    """One block of a task.

    Attributes:
        title: What it is called.
        editor: Its editor.
        others: The fields that are other blocks' own.
    """

    title: str
    editor: Editor
    others: frozenset[str] = frozenset()


class BlocksEditor:
    """Gives every command to the block one is at.

    Args:
        parts: The blocks, in order.
        share: Of some suggestions, those for each block.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        share: Callable[[Sequence[Suggestion]], Sequence[Sequence[Suggestion]]],
    ) -> None:
        self.parts = tuple(parts)
        self.at = 0
        self._share = share

    # ── where one is ───────────────────────────────────────────────────────

    @property
    def inner(self) -> Editor:
        """The editor of the block one is at."""
        return self.parts[self.at].editor

    @property
    def place(self) -> str:
        """Which block one is at, of how many, and what it is called."""
        return f"{self.at + 1} of {len(self.parts)}: {self.parts[self.at].title}"

    @property
    def is_last(self) -> bool:
        """Whether this is the last block."""
        return self.at + 1 == len(self.parts)

    def advance(self) -> Outcome | None:
        """Go on to the next block; None on the last one."""
        if self.is_last:
            return None
        self.at += 1
        return NOTHING

    def retreat(self) -> Outcome | None:
        """Go back to the block before; None on the first one."""
        if not self.at:
            return None
        self.at -= 1
        return NOTHING

    # ── what the session asks ──────────────────────────────────────────────

    @property
    def edited(self) -> bool:
        """Whether the annotator has changed anything in any block."""
        return any(part.editor.edited for part in self.parts)

    @property
    def offered(self) -> Sequence[Suggestion]:
        """Every suggestion that has been offered in any block."""
        return [one for part in self.parts for one in part.editor.offered]

    def refusal(self, answer: str) -> str | None:
        """Why the task, or the block one is at, cannot be decided as things are.

        What comes after the block one is at is no reason to stay at it.
        """
        asked = self.parts[: self.at + 1] if answer == "accept" else self.parts
        for number, part in enumerate(asked):
            why = part.editor.refusal(answer) if isinstance(part.editor, Refusing) else None
            if why is not None:
                return why if number == self.at else f"{part.title}: {why}"
        return None

    def counts(self) -> Mapping[str, int]:
        """How often each label of the block one is at stands in the task."""
        return self.inner.counts()

    def add_label(self, label: str) -> None:
        """Add a label to the block one is at."""
        self.inner.add_label(label)

    def fields(self) -> dict[str, Any]:
        """The fields of all blocks side by side; what two have in common is the first one's."""
        fields: dict[str, Any] = {}
        for part in self.parts:
            own = part.editor.fields()
            taken = part.others | fields.keys()
            fields.update({name: own[name] for name in own if name not in taken})
        return fields | {"_view_id": "blocks"}

    def state(self) -> dict[str, Any]:
        """Which block one is at, and the state of each."""
        return {
            "at": self.at,
            "titles": [part.title for part in self.parts],
            "blocks": [part.editor.state() for part in self.parts],
        }

    def restore(self, state: Mapping[str, Any], moved: Alignment = SAME) -> Restored:
        """Take up a draft again; a block is known by its title.

        Args:
            state: What `state` gave.
            moved: Where the parts of the text are that it was made of.

        Raises:
            ValueError: It is no draft of blocks, or fits none of them.
        """
        at, states = int(state["at"]), list(state["blocks"])
        mine = _numbered(part.title for part in self.parts)
        # Earlier versions have kept no titles.
        named = state.get("titles")
        titles = _numbered(map(str, named)) if named else mine
        if len(titles) != len(states):
            raise ValueError("as many titles as blocks are wanted")
        known = dict(zip(titles, states, strict=True))
        restored, fits = AS_IT_WAS, 0
        for part, title in zip(self.parts, mine, strict=True):
            if title not in known:
                continue
            try:
                found = part.editor.restore(known[title], moved)
            except (KeyError, TypeError, ValueError):
                found = Restored(left_out=(f"{part.title}: this part of the draft does not fit",))
            else:
                fits += 1
                found = Restored(
                    tuple(f"{part.title}: {one}" for one in found.adapted),
                    tuple(f"{part.title}: {one}" for one in found.left_out),
                    found.ask_again,
                )
            restored += found
        if not fits:
            raise ValueError("the draft fits none of the blocks")
        gone = [printable(one[0], 20) for one in titles if one not in mine]
        if gone:
            restored += Restored(left_out=(f"there is no block {', '.join(gone)} any more",))
        here = titles[at] if 0 <= at < len(titles) else None
        self.at = mine.index(here) if here in mine else 0
        return restored

    # ── suggestions and commands ───────────────────────────────────────────

    def suggest(self, suggestions: Sequence[Suggestion]) -> Outcome:
        """Give every block the suggestions that are for it."""
        shares = self._share(suggestions)
        return _together(
            part.editor.suggest(own) for part, own in zip(self.parts, shares, strict=True)
        )

    def withdraw(self, source: str) -> Outcome:
        """Take out what a source suggested in any block and nobody has looked at."""
        return _together(part.editor.withdraw(source) for part in self.parts)

    def do(self, command: str, argument: str | None = None) -> Outcome | None:
        """Carry out an action of the key table in the block one is at."""
        if command == "block_before":
            return self.retreat() or Outcome(message="this is the first block of the task")
        return self.inner.do(command, argument)


def _numbered(titles: Iterable[str]) -> list[tuple[str, int]]:
    """Titles, each with which of its like it is."""
    found: list[tuple[str, int]] = []
    for title in titles:
        found.append((title, sum(one[0] == title for one in found)))
    return found


def _together(outcomes: Iterable[Outcome]) -> Outcome:
    found = list(outcomes)
    messages = [one.message for one in found if one.message]
    return Outcome(any(one.edited for one in found), "; ".join(messages) or None)
