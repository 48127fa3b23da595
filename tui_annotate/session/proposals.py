"""What a session proposes when a task opens, for the annotator to say yes or no to."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tui_annotate.editors.base import NOTHING, Outcome
from tui_annotate.session.context import SessionContext
from tui_annotate.session.drafts import DraftKeeper
from tui_annotate.session.earlier_work import EarlierText, EarlierWork
from tui_annotate.session.item import Item
from tui_annotate.session.prefetch import Prefetcher
from tui_annotate.session.queue import Queue
from tui_annotate.session.record import MALFORMED
from tui_annotate.session.translation import translated
from tui_annotate.suggest.readiness import Content
from tui_annotate.text.alignment import Alignment
from tui_annotate.text.tokens import Tokens

ASKED_ONCE = "asked_once"
"""The switch that says whether equal tasks are asked once; not set until that was answered."""


class Proposal(msgspec.Struct, frozen=True):
    """Something that can be done.

    Attributes:
        text: What the status line says.
        yes: Does it.
        no: Leaves it, and sees to it that it is not proposed again.
    """

    text: str
    yes: Callable[[], Outcome]
    no: Callable[[], Outcome]


class Proposals:
    """Proposes to ask equal tasks once, and to take what was done on a text nearly the same.

    Args:
        context: The session.
        queue: The order of the tasks.
        drafts: What earlier sessions have left.
        prefetcher: Opens an editor anew.
        touch: Told that the open task has something to keep.

    Attributes:
        current: What is proposed for the task that is open, if anything.
    """

    def __init__(
        self,
        context: SessionContext,
        queue: Queue,
        drafts: DraftKeeper,
        prefetcher: Prefetcher,
        touch: Callable[[], None],
    ) -> None:
        self._context = context
        self._queue = queue
        self._drafts = drafts
        self._prefetcher = prefetcher
        self._touch = touch
        self._earlier = EarlierWork(context, drafts)
        self._left: set[str] = set()
        self._for: Item | None = None
        self.current: Proposal | None = None

    def read_on(self) -> bool:
        """Look through some more earlier work; whether there is more of it."""
        return self._earlier.read_on()

    def look(self, item: Item | None) -> bool:
        """See what there is to propose for the task that is open; whether that is new."""
        if item is None or item.editor is None:
            self.current, self._for = None, None
            return False
        if item is not self._for:
            self.current, self._for = None, item
        if self.current is not None:
            return False
        self.current = self._of_equal_tasks(item) or self._of_earlier_work(item)
        return self.current is not None

    def asks(self, message: str | None) -> bool:
        """Whether a message ends in what is proposed for the open task."""
        text = "" if self.current is None else self.current.text
        return bool(text) and (message or "").endswith(text)

    def respond(self, *, yes: bool) -> Outcome:
        """Say yes or no to what is proposed."""
        proposal, self.current = self.current, None
        if proposal is None:
            return Outcome(message="there is nothing to say yes to" if yes else None)
        return proposal.yes() if yes else proposal.no()

    # ── equal tasks ────────────────────────────────────────────────────────

    def _of_equal_tasks(self, item: Item) -> Proposal | None:
        context = self._context
        if not context.settings.ask_about_equal or context.switches.get(ASKED_ONCE) is not None:
            return None
        count = self._queue.alike(item.position)
        if count < 2:
            return None

        def once(asked_once: bool) -> Outcome:
            context.switches.set(ASKED_ONCE, asked_once)
            self._queue.ask_once(asked_once)
            how = "asked once" if asked_once else "asked each time"
            return Outcome(message=f"equal tasks are {how} in this output from now on")

        what = "text" if context.kind.medium == "text" else "recording"
        return Proposal(
            f"{count:,} tasks have the same {what}: asked once? y/n",
            lambda: once(True),
            lambda: once(False),
        )

    # ── a text that is nearly the same ─────────────────────────────────────

    def _of_earlier_work(self, item: Item) -> Proposal | None:
        if item.decided is not None or item.dirty or item.drafted is not None:
            return None
        if item.task.id in self._left or item.start is not None:
            return None
        earlier = self._earlier.near(item)
        if earlier is None:
            return None
        return Proposal(
            f"{earlier.told(item)}; y takes that over, n does not",
            lambda: self._take(item, earlier),
            lambda: self._leave(item),
        )

    def _leave(self, item: Item) -> Outcome:
        self._left.add(item.task.id)
        return Outcome(message="left as it is")

    def _take(self, item: Item, earlier: EarlierText) -> Outcome:
        if item.dirty:
            return Outcome(
                message="this task has been edited; what was done before is not taken over"
            )
        line = earlier.decision
        if line is None:
            self._drafts.adopt(earlier.task_id, item)
            self._prefetcher.open_anew(item)
            said = "; ".join(item.remarks)
        else:
            content = self._context.preparation.content(item.position)
            if not isinstance(content, Content) or not isinstance(content.value, Tokens):
                return NOTHING
            moved = Alignment(earlier.text, item.task.text)
            try:
                start, lost = translated(line, item.task.text, content.value, moved)
            except MALFORMED:
                return Outcome(message="the earlier decision cannot be read")
            item.start = start
            item.flagged = line.get("flagged") is True
            item.comment = str(line.get("comment") or "")
            self._prefetcher.open_anew(item)
            left = f"; {lost} spans of text that is gone are left out" if lost > 1 else ""
            left = "; a span of text that is gone is left out" if lost == 1 else left
            said = f"taken over{left}; decide as usual, or y takes it out again"
            self.current = Proposal("", lambda: self._put_back(item), lambda: NOTHING)
        self._earlier.used(earlier)
        self._touch()
        return Outcome(edited=True, message=said)

    def _put_back(self, item: Item) -> Outcome:
        """Open the task as it was before."""
        if item.editor is not None and item.editor.edited:
            return Outcome(message="the task was edited since; undo that first")
        item.start, item.flagged, item.comment = None, False, ""
        self._prefetcher.open_anew(item)
        self._left.add(item.task.id)
        self._touch()
        return Outcome(edited=True, message="the task is as it came")


def asked_once(context: SessionContext) -> bool:
    """Whether the annotator has said that equal tasks are to be asked once."""
    return context.settings.ask_about_equal and context.switches.get(ASKED_ONCE) is True
