"""The session: what is decided, what comes next, and how one comes back.

Pure: no interface, no threads of its own. The interface calls it from one
thread and draws what it finds in ``current``.
"""

from __future__ import annotations

from functools import partial
from threading import Event
from typing import Literal

from tui_annotate.editors.base import NOTHING, Ahead, Outcome, Refusing, Staged, stage
from tui_annotate.errors import AnnotateError
from tui_annotate.kinds import kind
from tui_annotate.session.context import SessionContext
from tui_annotate.session.drafts import DraftKeeper
from tui_annotate.session.feedback import Feedback
from tui_annotate.session.item import Item, Tally
from tui_annotate.session.pace import Pace
from tui_annotate.session.prefetch import Prefetcher
from tui_annotate.session.queue import TaskQueue
from tui_annotate.session.record import annotation_record
from tui_annotate.sources.stream import InvalidLine
from tui_annotate.task.task import Task
from tui_annotate.wording import printable

Answer = Literal["accept", "reject", "ignore"]
Stage = Literal["waiting", "open", "invalid", "done", "empty"]

SAVING_SECONDS = 1.0
"""How long a decision waits for the one before it; a busy network disk may need it."""

_ANSWERED = {"accept": "accepted", "reject": "rejected", "ignore": "skipped"}


class Engine:
    """Runs one session over its context."""

    def __init__(self, context: SessionContext) -> None:
        self.context = context
        description = context.description
        self.stream = description.stream
        self.journal = context.journal
        self.preparation = context.preparation
        self.kind = kind(description.view)
        self.stream.expect(self.kind.carried(description.options), self.kind.medium)
        self.preparation.on_ready = partial(self.kind.ahead, description.options)
        self._course = TaskQueue(context)
        self._serving = Prefetcher(context, self.kind)
        self._drafts = DraftKeeper(context)
        self._teaching = Feedback(context, self.kind)
        self.record = self._teaching.record
        self.current: Item | None = None
        self.invalid: InvalidLine | None = None
        self.stage: Stage = "waiting"
        self.labels = context.labels
        self._pace = Pace()

    # ── where one is ───────────────────────────────────────────────────────

    @property
    def correct(self) -> bool:
        """Whether decisions wait for suggestions."""
        return self.context.description.correct

    @property
    def tally(self) -> Tally:
        """What this annotator has decided, the session before included."""
        return Tally(**{name: self.journal.counts.get(name, 0) for name in _ANSWERED})

    @property
    def pace(self) -> float | None:
        """Items per minute over the last twenty decisions, or None."""
        return self._pace.per_minute

    def minutes_left(self, total: int | None) -> float | None:
        """How long the rest takes at this pace, or None where that cannot be known."""
        pace = self.pace
        if pace is None or total is None:
            return None
        return max(total - self.tally.all, 0) / pace

    def start(self) -> Outcome:
        """Open the task to begin with: the draft that was open last, else the first undecided."""
        for task_id, position in self._drafts.newest():
            task = self.stream.read(position)
            if isinstance(task, Task) and task.id == task_id:
                self._open(task, position)
                return Outcome(message="back where you left off")
        return self.advance()

    # ── moving ─────────────────────────────────────────────────────────────

    def advance(self, start: int | None = None) -> Outcome:
        """Open the next undecided task from a position on, then from the beginning."""
        found = self._course.onward(start)
        if found is None:
            self._drafts.park(self.current)
            self.current = None
            self.invalid = None
            self.stage = "empty" if self.stream.known == 0 else "done"
            return NOTHING
        self._open(found[1], found[0])
        return NOTHING

    def _open(self, task: Task | InvalidLine, position: int) -> None:
        self._drafts.park(self.current)
        self._course.here = position
        self.invalid = None
        if isinstance(task, InvalidLine):
            self.current, self.invalid, self.stage = None, task, "invalid"
            return
        self._course.place = None
        item = self.current = Item(task, position)
        item.decided = self.journal.last(task.id)
        item.recall(self._drafts.of(task.id))
        carried = self.stream.carried
        if not self.stream.labels or getattr(carried, "open", False):
            # What comes with the tasks is on offer too.
            known = self.context.description.labels
            came = carried.labels(task.fields) if known else self.stream.labels_seen
            for label in came:
                self.labels.offer(label)
        self.stage = "waiting"
        self._pace.begin(self.context.clock())
        self._serving.prepare(item)
        self._fill(item)

    def _fill(self, item: Item) -> bool:
        if (reason := self.preparation.unusable(item.position)) is not None:
            subject, origin = item.task.subject, item.task.origin
            if subject != origin.path:
                reason = f"{printable(subject)}: {reason}"
            self.current, self.stage = None, "invalid"
            self.invalid = InvalidLine(reason, origin, item.position)
            return True
        changed = self._serving.fill(item)
        if item.editor is not None:
            self.stage = "open"
        return changed

    def receive(self, message: object) -> bool:
        """Take in what the process beside the interface says; whether the current task changed."""
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
            self._serving.go_on(self.current)

    def painted(
        self, item: Item, at: float, *, with_suggestions: bool = False, at_stage: int = 0
    ) -> None:
        """A task stands on the terminal: only what does can be decided, by keys read later.

        Args:
            item: The task.
            at: When the terminal had it, in monotonic seconds.
            with_suggestions: Whether its suggestions were there too.
            at_stage: The stage of it that was to be seen.
        """
        if item.editor is None or stage(item.editor) != at_stage:
            return
        if item.shown_at is None or with_suggestions:
            # A key that was read before the suggestions were painted did not mean them.
            item.shown_at = at
        if with_suggestions:
            item.suggestions_shown = True

    # ── deciding ───────────────────────────────────────────────────────────

    def refusal(self, pressed: float | None = None) -> str | None:
        """Why the current task cannot be decided now, or None.

        Args:
            pressed: When the key was read, in monotonic seconds.
        """
        item = self.current
        if self.stage == "waiting":
            return "the task is loading; key ignored"
        if item is None or item.editor is None:
            return "no task open"
        if item.shown_at is None or (pressed is not None and pressed < item.shown_at):
            return "the task was not on screen yet; key ignored"
        if self.correct and not item.waived and not item.suggestions_shown:
            return "suggestions are loading; ctrl+l decides without them"
        if self.journal.state == "failed":
            return f"the last decision is not saved ({self.journal.error}); kept; retrying"
        if self.journal.state == "saving" and not self.journal.wait(SAVING_SECONDS):
            return "the last decision is still being saved; key ignored"
        if self.context.lost():
            return "another session has taken over this output; quit with q"
        return None

    def decide(self, answer: Answer, pressed: float | None = None) -> Outcome:
        """Decide the current task and open the next one.

        Args:
            answer: The decision.
            pressed: When the key was read, in monotonic seconds; a key that was
                read before the task was on the screen decides nothing.
        """
        refused = self.refusal(pressed)
        item = self.current
        if refused is not None or item is None or item.editor is None:
            return Outcome(message=refused)
        if isinstance(item.editor, Refusing) and (why := item.editor.refusal(answer)):
            return Outcome(message=why)
        if answer == "accept" and isinstance(item.editor, Staged):
            turned = item.editor.advance()
            if turned is not None:
                self._turned(item)
                return turned
        line = annotation_record(
            item.task,
            item.editor,
            answer=answer,
            flagged=item.flagged,
            comment=item.comment,
            view_id=self.kind.view_id(self.context.description.options),
            settings=self.context.settings,
            labels=self.labels.names,
            timestamp=int(self.context.now()),
            seconds=item.seconds,
            keys=item.keys,
        )
        self.saved()
        try:
            self.journal.append(line)
        except AnnotateError as failure:
            # The lock went in this very moment; nothing was written, and the draft is there.
            return Outcome(message=str(failure))
        self._drafts.decided(item)
        if item.decided is None:
            self._pace.decided(item.seconds)
        self._teaching.decided(item.task.text, line)
        back_to, self._course.back_to = self._course.back_to, None
        self.current = None
        return self.advance(item.position + 1 if back_to is None else back_to)

    def _turned(self, item: Item) -> None:
        """Another stage of the task is to be shown: no key that came before decides it."""
        item.shown_at = None
        item.suggestions_shown = False
        self.touch()

    def afterwards(self) -> bool:
        """Do what need not stand before a paint; whether there is anything new to show."""
        item = self.current
        if item is not None and item.coming is None and isinstance(item.editor, Ahead):
            item.editor.make_ahead()
        return self._teaching.catch_up()

    def recall(self, decisions: int = 100) -> None:
        """Learn again from the newest decisions, as the sources did when they were made."""
        self._teaching.recall(self._course, decisions)

    def recall_earlier(self, decisions: int = 20) -> bool:
        """Go further back, some decisions at a time; whether there are more to go back to."""
        return self._teaching.recall_earlier(self._course, decisions)

    def saved(self) -> None:
        """Drop the drafts of decisions that are on the medium by now."""
        self._drafts.saved(self.current)

    def skip_invalid(self) -> Outcome:
        """Pass over a line that is not a task."""
        if self.invalid is None:
            return NOTHING
        self._course.skipped.add(self.invalid.position)
        return self.advance(self.invalid.position + 1)

    # ── going back and about ───────────────────────────────────────────────

    def back(self) -> Outcome:
        """Go back to the stage before, of a task that has any; else reopen the task before."""
        item = self.current
        if item is not None and isinstance(item.editor, Staged):
            turned = item.editor.retreat()
            if turned is not None:
                self._turned(item)
                return turned
        for number, position, task in self._course.before():
            if self._course.back_to is None:
                self._course.back_to = self._course.here
            answer = self.journal.last(task.id) or {}
            self._open(task, position)
            self._course.place = number
            was = _ANSWERED.get(str(answer.get("answer")), "decided")
            return Outcome(message=f"You {was} this; decide again, or ] to move on")
        return Outcome(message="no earlier decision")

    def look(self, by: int) -> Outcome:
        """Look at the task before or after, without deciding."""
        found = self._course.beside(by, at_end=self.stage == "done")
        if found is None:
            return Outcome(message="this is the last task" if by > 0 else "this is the first task")
        self._open(found[1], found[0])
        return NOTHING

    def next_undecided(self) -> Outcome:
        """Go to the next task that is not decided."""
        self._course.back_to = None
        found = self._course.after_here()
        if found is None:
            return Outcome(message="all tasks are decided")
        self._open(found[1], found[0])
        return NOTHING

    def find(self, query: str, cancelled: Event | None = None) -> int | None:
        """The position of a task by its number (from 1), by its text, or by a hash.

        Looks from the current task on, then from the beginning. May take a
        while in a long source; safe to call from another thread.

        Args:
            query: What to look for.
            cancelled: Set to give up.
        """
        return self._course.find(query, cancelled)

    def goto(self, position: int) -> Outcome:
        """Go to the task at a position."""
        task = self.stream.read(position)
        if task is None:
            return Outcome(message="there is no such task")
        self._open(task, position)
        return NOTHING

    # ── the task itself ────────────────────────────────────────────────────

    def edit(self, command: str, argument: str | None = None) -> Outcome | None:
        """Give a command to the editor; None if it has no such command."""
        item = self.current
        if item is None or item.editor is None:
            return None
        before = stage(item.editor)
        outcome = item.editor.do(command, argument)
        if stage(item.editor) != before:
            self._turned(item)
        if outcome is None:
            return None
        if outcome.added is not None:
            self.add_label(outcome.added)
        if outcome.renamed is not None:
            self._rename_label(*outcome.renamed)
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
        item = self.current
        if item is not None and (item.dirty or item.kept is not None):
            self.save_draft()

    def flag(self) -> Outcome:
        """Flag the task, or take the flag off."""
        item = self.current
        if item is None:
            return NOTHING
        item.flagged = not item.flagged
        self.touch()
        return Outcome(message="flagged" if item.flagged else "flag removed")

    def comment(self, text: str) -> Outcome:
        """Set the comment on the task; an empty one takes it off."""
        item = self.current
        if item is None:
            return NOTHING
        item.comment = text.strip()
        item.field = None
        self.touch()
        return Outcome(message="commented" if item.comment else "no comment")

    def waive(self) -> Outcome:
        """Decide this task without waiting for its suggestions."""
        item = self.current
        if item is None or item.suggestions_shown or not self.correct:
            return Outcome(message="no suggestions to wait for")
        item.waived = True
        return Outcome(message="you can decide this task without suggestions")

    def add_label(self, label: str) -> Outcome:
        """Add a label to the set, for this session and those to come."""
        label = label.strip()
        item = self.current
        block = stage(item.editor) if item is not None else 0
        if not label or label in self.labels.blocks[block]:
            return NOTHING
        self.labels.add(label, block)
        if self.stream.labels and label not in self.stream.labels:
            self.stream.labels = (*self.stream.labels, label)
        if item is not None and item.editor is not None:
            item.editor.add_label(label)
        return Outcome(message=f"{label} is now one of the labels")

    def _rename_label(self, old: str, new: str) -> None:
        self.labels.rename(old, new)
        if self.stream.labels and new not in self.stream.labels:
            # Tasks may still come with the old name.
            self.stream.labels = (*self.stream.labels, new)

    def switch_source(self, source: str) -> Outcome:
        """Switch a suggestion source off, or on again."""
        on = self.preparation.switch(source)
        item = self.current
        if item is None or item.editor is None:
            pass
        elif not on:
            item.editor.withdraw(source)
            self.touch()
        elif item.decided is None:
            self.preparation.forget()
            item.suggested = False
            item.coming = None
            self._serving.back = source
            self._serving.prepare(item)
            self._fill(item)
        return Outcome(edited=True, message=f"{source} is {'on' if on else 'off'}")

    @property
    def passed_over(self) -> int:
        """How many tasks could not be shown and were passed over."""
        return len(self._course.skipped)

    def listened(self) -> None:
        """The annotator listens, which is work though no key is pressed; call it now and then."""
        item = self.current
        seconds = self._pace.key(self.context.clock())
        if item is not None:
            item.seconds += seconds

    def pressed(self) -> None:
        """Count a key press, and the time since the one before."""
        seconds = self._pace.key(self.context.clock())
        item = self.current
        if item is not None:
            item.keys += 1
            item.seconds += seconds

    # ── drafts ─────────────────────────────────────────────────────────────

    def touch(self) -> None:
        """The current task has something a draft has to keep."""
        if self.current is not None:
            self.current.dirty = True
            self.save_draft()

    def save_draft(self) -> None:
        """Hand the current state to the draft writer; it is on disk within 200 ms."""
        if self.current is not None:
            self._drafts.save(self.current)

    def close(self, *, compact: bool = False) -> str | None:
        """Save everything and let go; what to tell the user, or None.

        Args:
            compact: Take superseded lines out of the output.
        """
        item = self.current
        if item is not None and item.editor is not None and (item.dirty or item.keys):
            self.save_draft()
        self.context.writer.flush(2.0)
        self.saved()
        message = None
        if not self.journal.wait(2.0):
            message = f"the last decision could not be saved ({self.journal.error})"
        self.saved()
        if compact and message is None:
            self.journal.compact()
        self.preparation.close()
        self.context.writer.close()
        self.journal.close()
        return message
