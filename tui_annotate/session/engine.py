"""The session: what is decided, what comes next, and what is opened again.

Pure: no interface, no threads of its own. The interface calls it from one
thread and draws what it finds in ``current``.
"""

from __future__ import annotations

from typing import Literal

from tui_annotate.editors.base import NOTHING, Ahead, Outcome, Refusing, Staged, stage
from tui_annotate.errors import AnnotateError
from tui_annotate.session.context import SessionContext
from tui_annotate.session.decisions import Answer, Decisions
from tui_annotate.session.drafts import DraftKeeper
from tui_annotate.session.feedback import Feedback
from tui_annotate.session.item import Item
from tui_annotate.session.labels import offer_incoming
from tui_annotate.session.pace import Pace
from tui_annotate.session.prefetch import Prefetcher
from tui_annotate.session.proposals import Proposals, asked_once
from tui_annotate.session.queue import Place, Queue, TaskQueue
from tui_annotate.session.recordings import Recordings
from tui_annotate.sources.invalid import InvalidLine
from tui_annotate.task.task import Task

Stage = Literal["waiting", "open", "invalid", "done", "empty"]

_ANSWERED = {"accept": "accepted", "reject": "rejected", "ignore": "skipped"}


class Engine:
    """Runs one session over its context.

    Args:
        context: Everything it works with.

    Attributes:
        context: The same.
        stream: The tasks.
        journal: The decisions.
        preparation: Makes tasks ready.
        labels: The labels on offer.
        queue: The order of the tasks.
        feedback: What the sources of suggestions learn, and how often they were right.
        proposals: What is proposed for the open task.
        pace: How much is decided, and how quickly.
        current: The open task; None where there is none.
        invalid: What stands in its place where there is no task, or None.
        stage: What the screen has to show.
    """

    def __init__(self, context: SessionContext) -> None:
        self.context = context
        self.stream = context.description.stream
        self.journal = context.journal
        self.preparation = context.preparation
        self.labels = context.labels
        self._drafts = DraftKeeper(context)
        by, once, drafts = context.settings.exclude_by, asked_once(context), self._drafts.all
        self.queue: Queue = TaskQueue(self.stream, self.journal, by, once=once, drafts=drafts)
        self.feedback = Feedback(context, self.queue)
        self.pace = Pace(lambda: self.journal.counts)
        self.current: Item | None = None
        self.invalid: InvalidLine | None = None
        self.stage: Stage = "waiting"
        self._recordings = Recordings(context)
        self._prefetcher = Prefetcher(context, self.queue, self._recordings)
        self._decisions = Decisions(context)
        self._started: Outcome | None = None
        self.proposals = Proposals(context, self.queue, self._drafts, self._prefetcher, self.touch)

    # ── moving ─────────────────────────────────────────────────────────────

    def start(self) -> Outcome:
        """Open, once, the draft that was open last, else the first task that is undecided."""
        self._started = self._started or self._begin()
        self.pace.begin(self.context.clock())
        return self._started

    def _begin(self) -> Outcome:
        position = self._drafts.newest()
        self.journal.messages.extend(self._drafts.notices())
        place = None if position is None else self.queue.at(position)
        if place is None:
            return self._go_on(self.queue.next_undecided())
        self._open(place, resumed=True)
        return NOTHING

    def _go_on(self, place: Place | None) -> Outcome:
        """Open what comes next, or say that nothing does."""
        if place is not None:
            self._open(place)
            return NOTHING
        self._drafts.shelve(self.current)
        self.current = None
        self.invalid = None
        self.stage = "empty" if self.queue.empty else "done"
        return NOTHING

    def _open(self, place: Place, *, resumed: bool = False) -> None:
        self._drafts.shelve(self.current)
        self.queue.stand_at(place)
        task, position, context = place.task, place.position, self.context
        self.invalid = None
        if isinstance(task, InvalidLine):
            self.current, self.invalid, self.stage = None, task, "invalid"
            return
        item = self.current = Item(task, position, resumed=resumed)
        item.decided = self.journal.last(task.id)
        self._drafts.take_up(item)
        offer_incoming(self.labels, task, context.description, self._recordings.names(task))
        self.stage = "waiting"
        self.pace.begin(context.clock())
        self._prefetcher.prepare(item)
        self._fill(item)

    def _fill(self, item: Item) -> bool:
        if (invalid := self._prefetcher.unusable(item)) is not None:
            self.current, self.invalid, self.stage = None, invalid, "invalid"
            return True
        changed = self._prefetcher.fill(item)
        if item.editor is not None:
            self.stage = "open"
            self.feedback.edited(item)
        return changed

    def receive(self, message: object) -> bool:
        """Take in what the worker process says; whether the current task changed."""
        positions = self.preparation.take(message)
        item = self.current
        if item is None or item.position not in positions:
            return False
        return self._fill(item)

    @property
    def filling(self) -> bool:
        """Whether there are suggestions that wait to be put into the editor."""
        return self.current is not None and self.current.coming is not None

    def fill_on(self) -> None:
        """Put the next of them into the editor."""
        if self.current is not None:
            self._prefetcher.go_on(self.current)
            self.feedback.edited(self.current)

    def painted(
        self, item: Item, at: float, *, with_suggestions: bool = False, at_stage: int = 0
    ) -> None:
        """A task stands on the terminal: only what does can be decided, by keys read later.

        Args:
            item: The task.
            at: When the terminal had it, in monotonic seconds.
            with_suggestions: Whether it had its suggestions too.
            at_stage: The stage of it that was to be seen.
        """
        if item.editor is not None and stage(item.editor) == at_stage:
            item.seen(at, with_suggestions=with_suggestions)

    # ── deciding ───────────────────────────────────────────────────────────

    def refusal(self, pressed: float | None = None) -> str | None:
        """Why the current task cannot be decided now, by a key that was read then, or None."""
        if self.stage == "waiting":
            return "the task is loading; key ignored"
        return self._decisions.refusal(self.current, pressed)

    def decide(self, answer: Answer, pressed: float | None = None) -> Outcome:
        """Decide the current task and open the next one; see `refusal`.

        Args:
            answer: The decision.
            pressed: When the key was read, in monotonic seconds.
        """
        refused = self.refusal(pressed)
        item = self.current
        if refused is not None or item is None or item.editor is None:
            return Outcome(message=refused)
        if isinstance(item.editor, Refusing) and (why := item.editor.refusal(answer)):
            return Outcome(message=why)
        if answer == "accept":
            if why := self._decisions.objection(item):
                return Outcome(message=why)
            if isinstance(item.editor, Staged) and (turned := item.editor.advance()) is not None:
                self._turned(item)
                return turned
        line = self._decisions.record(item, answer)
        self.saved()
        try:
            self.journal.append(line)
        except AnnotateError as failure:
            # The lock went in this very moment; nothing was written, and the draft is there.
            return Outcome(message=str(failure))
        self._drafts.decided(item)
        if item.decided is None:
            self.pace.decided(item.seconds)
        self.feedback.decided(item.task.text, line)
        self.current = None
        return self._go_on(self.queue.after_decision())

    def _turned(self, item: Item) -> None:
        """Another stage of the task is to be shown: no key that came before decides it."""
        item.unseen()
        self.touch()

    def afterwards(self) -> bool:
        """Do what need not stand before a paint; whether there is anything new to show."""
        item = self.current
        if item is not None and item.coming is None and isinstance(item.editor, Ahead):
            item.editor.make_ahead()
        if item is not None:
            self._recordings.introduce(item)
        return self.proposals.look(item) | self.feedback.catch_up()

    def saved(self) -> None:
        """Drop the drafts of decisions that are on the medium by now."""
        self._drafts.saved(self.current)

    def skip_invalid(self) -> Outcome:
        """Pass over a line that is not a task."""
        if self.invalid is None:
            return NOTHING
        self.queue.skip(self.invalid.position)
        return self._go_on(self.queue.next_undecided(self.invalid.position + 1))

    # ── going back and about ───────────────────────────────────────────────

    def back(self) -> Outcome:
        """Go back to the stage before, of a task that has any; else reopen the task before."""
        item = self.current
        if item is not None and isinstance(item.editor, Staged):
            turned = item.editor.retreat()
            if turned is not None:
                self._turned(item)
                return turned
        place = self.queue.previous()
        if place is None or not isinstance(place.task, Task):
            return Outcome(message="no earlier decision", then="next")
        answer = self.journal.last(place.task.id) or {}
        self._open(place)
        was = _ANSWERED.get(str(answer.get("answer")), "decided")
        return Outcome(message=f"You {was} this; decide again, or ] to move on")

    def look(self, by: int) -> Outcome:
        """Look at the task before or after, without deciding."""
        place = self.queue.neighbour(by, at_end=self.stage == "done")
        return self._to(place, f"this is the {'last' if by > 0 else 'first'} task")

    def next_undecided(self) -> Outcome:
        """Go to the next task that is not decided."""
        return self._to(self.queue.following(), "all tasks are decided", then="quit")

    def goto(self, position: int) -> Outcome:
        """Go to the task at a position."""
        return self._to(self.queue.at(position), "there is no such task")

    def _to(self, place: Place | None, nowhere: str, then: str | None = None) -> Outcome:
        if place is None:
            return Outcome(message=nowhere, then=then)
        self._open(place)
        return NOTHING

    # ── the task itself ────────────────────────────────────────────────────

    def edit(self, command: str, argument: str | None = None) -> Outcome | None:
        """Give a command to the editor; None if it has no such command."""
        if (item := self.current) is None or item.editor is None:
            return None
        before = stage(item.editor)
        self._recordings.prepare(item, command)
        outcome = item.editor.do(command, argument)
        if stage(item.editor) != before:
            self._turned(item)
        if outcome is None:
            return None
        self.feedback.edited(item)
        if outcome.added is not None:
            self.add_label(outcome.added)
        if outcome.renamed is not None:
            self.labels.rename(*outcome.renamed)
        outcome = self._recordings.follow(item, command, argument, outcome)
        if outcome.edited:
            self.touch()
        else:
            self.moved()
        return outcome

    def conclude(self, outcome: Outcome, pressed: float | None = None) -> Outcome:
        """Decide as a command of the editor did; what it changed is taken back if that is refused.

        Args:
            outcome: What the command did, with an answer.
            pressed: When its key was read, in monotonic seconds.
        """
        assert outcome.answer is not None
        refused = self.refusal(pressed)
        if refused is None:
            return self.decide(outcome.answer, pressed)
        if outcome.edited:
            self.edit("undo")
        return Outcome(message=refused)

    def moved(self) -> None:
        """The cursor is elsewhere: the draft keeps that, where there is one."""
        if (item := self.current) is not None and (item.dirty or item.drafted is not None):
            self._drafts.save(item)

    def flag(self) -> Outcome:
        """Flag the task, or take the flag off."""
        if (item := self.current) is None:
            return NOTHING
        item.flagged = not item.flagged
        self.touch()
        return Outcome(message="flagged" if item.flagged else "flag removed")

    def comment(self, text: str) -> Outcome:
        """Set the comment on the task; an empty one takes it off."""
        if (item := self.current) is None:
            return NOTHING
        item.comment = text.strip()
        item.field = None
        self.touch()
        return Outcome(message="commented" if item.comment else "no comment")

    def waive(self) -> Outcome:
        """Decide without the suggestions of a source that failed, or that this task waits for."""
        return self._decisions.waive(self.current)

    def add_label(self, label: str) -> Outcome:
        """Add a label to the set, for this session and those to come."""
        label = label.strip()
        item = self.current
        block = stage(item.editor) if item is not None else 0
        if not label or label in self.labels.blocks[block]:
            return NOTHING
        self.labels.add(label, block)
        if item is not None and item.editor is not None:
            item.editor.add_label(label)
        return Outcome(message=f"{label} is now one of the labels")

    def switch_source(self, source: str) -> Outcome:
        """Switch a suggestion source off, or on again."""
        on = self.preparation.switch(source)
        item = self.current
        if item is not None and item.editor is not None and not on:
            item.editor.withdraw(source)
            self.touch()
        elif item is not None and item.editor is not None:
            if item.decided is None:
                self._prefetcher.offer_again(item, source)
            # Those ahead were made ready without it.
            self._prefetcher.prepare(item)
            self._fill(item)
        return Outcome(edited=True, message=f"{source} is {'on' if on else 'off'}")

    def listened(self) -> None:
        """The annotator listens, which is work though no key is pressed; call it now and then."""
        seconds = self.pace.key(self.context.clock())
        if (item := self.current) is not None:
            item.seconds += seconds

    def pressed(self) -> None:
        """Count a key press, and the time since the one before."""
        self.listened()
        if self.current is not None:
            self.current.keys += 1

    # ── drafts ─────────────────────────────────────────────────────────────

    def touch(self) -> None:
        """The current task has something a draft has to keep."""
        if self.current is not None:
            self.current.dirty = True
            self._drafts.save(self.current)

    def close(self, *, compact: bool = False) -> str | None:
        """Save everything and let go; what to tell the user, or None.

        Args:
            compact: Take superseded lines out of the output.
        """
        with self.context.resources:
            item = self.current
            if item is not None and item.editor is not None and (item.dirty or item.keys):
                self._drafts.save(item)
            self.context.writer.flush(2.0)
            self.saved()
            message = None
            if not self.journal.wait(2.0):
                message = f"the last decision could not be saved ({self.journal.error})"
            self.saved()
            if compact and message is None:
                self.journal.compact()
        return message
