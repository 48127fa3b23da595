"""Whether a task can be decided, and the line that the decision becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from tui_annotate.editors.base import Doubting, Outcome, Staged, innermost
from tui_annotate.recipe.checks import made
from tui_annotate.session.context import SessionContext
from tui_annotate.session.item import Item
from tui_annotate.session.record import annotation_record

Answer = Literal["accept", "reject", "ignore"]

SAVING_SECONDS = 1.0
"""How long a decision waits for the one before it; a busy network disk may need it."""


class Decisions:
    """Holds to the rule that nothing is decided unseen, and nothing before the last is saved."""

    def __init__(self, context: SessionContext) -> None:
        self._context = context

    def refusal(self, item: Item | None, pressed: float | None) -> str | None:
        """Why a task cannot be decided now, or None.

        Args:
            item: The task, once its editor is there.
            pressed: When the key was read, in monotonic seconds.
        """
        context, journal = self._context, self._context.journal
        if item is None or item.editor is None:
            return "no task open"
        if item.shown_at is None or (pressed is not None and pressed < item.shown_at):
            if item.doubts and item.keys <= item.doubted_at + 1:
                # A key that was typed before what is missing could be read.
                item.doubted_at = item.keys
                return item.doubts
            return "the task was not on screen yet; key ignored"
        if context.description.correct and not item.waived and not item.suggestions_shown:
            return "suggestions are loading; ctrl+l decides without them"
        if context.description.correct and (failed := context.preparation.sources.failed):
            return f"{failed[0]} suggests nothing any more; ctrl+l goes on without it"
        if journal.state == "failed":
            return f"the last decision is not saved ({journal.error}); kept; retrying"
        if journal.state == "saving" and not journal.wait(SAVING_SECONDS):
            return "the last decision is still being saved; key ignored"
        if context.lost():
            return "another session has taken over this output; quit with q"
        return None

    def waive(self, item: Item | None) -> Outcome:
        """Do without a source that suggests nothing any more, else without those still loading."""
        correct = self._context.description.correct
        failed = self._context.preparation.sources.failed
        if correct and failed:
            return Outcome(message=f"going on without suggestions of {failed.pop(0)}")
        if item is None or item.suggestions_shown or not correct:
            return Outcome(message="no suggestions to wait for")
        item.waived = True
        return Outcome(message="you can decide this task without suggestions")

    def objection(self, item: Item) -> str | None:
        """Why a task is not accepted yet: what is missing is said before.

        What may be missing all the same passes with the next key, if that accepts again.
        """
        editor = item.editor
        doubts, faults = list[str](), list[str]()
        inner = innermost(editor)
        if isinstance(inner, Doubting) and (missing := inner.doubt()):
            doubts.append(missing)
        checks = self._context.description.checks
        if checks and not (isinstance(editor, Staged) and not editor.is_last):
            # A check may read anything of the line, and change it: it gets a copy.
            line = msgspec.json.decode(msgspec.json.encode(self.record(item, "accept")))
            doubted, faults = made(checks, line)
            doubts += doubted
        said = "; ".join([*faults, *doubts])
        again = item.doubts and item.keys <= item.doubted_at + 1
        if not faults and doubts:
            said = f"{said}: accept again to leave it so"
            if again and item.doubts == said:
                return None
        if not said:
            return None
        if item.doubts != said:
            # Nothing typed before that can be read accepts it.
            item.unseen()
        item.doubts, item.doubted_at = said, item.keys
        return said

    def record(self, item: Item, answer: Answer) -> Mapping[str, Any]:
        """The line that decides a task."""
        context = self._context
        assert item.editor is not None
        return annotation_record(
            item.task,
            item.editor,
            answer=answer,
            flagged=item.flagged,
            comment=item.comment,
            view_id=context.kind.view_id(context.description.options),
            settings=context.settings,
            labels=context.labels.names,
            timestamp=int(context.now()),
            seconds=item.seconds,
            keys=item.keys,
        )
