"""Tasks put before the annotator: made ready ahead, opened, given their suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from msgspec.structs import replace

from tui_annotate.editors.base import Editor, Restored
from tui_annotate.kinds.base import EditorInput
from tui_annotate.session.context import SessionContext
from tui_annotate.session.item import Item
from tui_annotate.session.queue import Queue
from tui_annotate.session.record import MALFORMED
from tui_annotate.session.recordings import Recordings
from tui_annotate.sources.invalid import InvalidLine
from tui_annotate.suggest.merge import windows as cut
from tui_annotate.suggest.readiness import Content, NoContent
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Task
from tui_annotate.text.tokens import Tokens
from tui_annotate.wording import printable, shown_path

STEP = 0.01
"""Seconds after which an editor gets no more suggestions before the next key."""


class Prefetcher:
    """Asks for what tasks need, and gives it to the editor as it comes."""

    def __init__(self, context: SessionContext, queue: Queue, recordings: Recordings) -> None:
        self._context = context
        self._recordings = recordings
        self._kind = context.kind
        self._preparation = context.preparation
        self._stream = context.description.stream
        self._queue = queue
        self._again: str | None = None

    def prepare(self, item: Item) -> None:
        """Have a task and those that come next made ready."""
        preparation = self._preparation
        if preparation.wants(item.position):
            preparation.ask([(item.position, item.task)])
        preparation.keep(item.position)
        wanted = filter(preparation.wants, self._queue.upcoming(preparation.ahead))
        places = [place for position in wanted if (place := self._queue.at(position)) is not None]
        tasks = [(one.position, one.task) for one in places if isinstance(one.task, Task)]
        if tasks:
            preparation.ask(tasks)

    def unusable(self, item: Item) -> InvalidLine | None:
        """What stands in the place of a task that cannot be annotated; None while it may be."""
        content = self._preparation.content(item.position)
        if not isinstance(content, NoContent):
            return None
        reason, subject, origin = content.reason, item.task.subject, item.task.origin
        if subject != origin.path:
            reason = f"{printable(subject)}: {reason}"
        return InvalidLine(reason, origin, item.position)

    def fill(self, item: Item) -> bool:
        """Open the editor once the task is ready, and give it suggestions once there are any.

        Returns:
            Whether anything of it changed.
        """
        context, preparation, labels = self._context, self._preparation, self._context.labels
        changed = False
        if item.editor is None:
            content = preparation.content(item.position)
            if not isinstance(content, Content):
                return False
            item.remarks = (*item.remarks, *content.remarks)
            if isinstance(content.value, Tokens) and item.task.tokens is None:
                item.tokens = content.value if len(content.value) else None
            opening = EditorInput(
                item.task,
                content.value,
                labels.names,
                context.description.options,
                item.start if item.decided is None else item.decided,
                context.learners.known,
                context.description.keys,
                bool(self._stream.expected.labels),
                context.settings.label_descriptions,
                labels.blocks,
                self._recordings.names(item.task),
            )
            try:
                item.editor = self._kind.open(opening)
            except MALFORMED:
                if item.decided is None and item.start is None:
                    raise
                preparation.sources.notices.append(
                    "the line that decided this task was changed so that it cannot be read: "
                    "the task is shown as it came"
                )
                item.decided = item.start = None
                opening = replace(opening, decided=None)
                item.editor = self._kind.open(opening)
            self._restore(item, opening)
            if item.decided is not None or item.start is not None:
                item.suggested = True
            changed = True
        if not item.suggested and item.coming is None:
            item.coming = self._coming(item, item.editor)
        return self.go_on(item) or changed

    def open_anew(self, item: Item) -> None:
        """Open the editor of a task again: something else is known of it now."""
        item.editor, item.coming, item.remarks = None, None, ()
        item.suggested = item.more_coming = False
        self.fill(item)

    def _restore(self, item: Item, opening: EditorInput[Any]) -> None:
        """Take up the draft of a task; of what does not fit, say where it is kept."""
        if item.drafted is None:
            return
        try:
            restored = item.restore_editor()
        except ValueError:
            item.drafted = None
            item.editor = self._kind.open(opening)
            restored = Restored(left_out=("the saved draft does not fit this task",))
        said = [*restored.adapted, *restored.left_out]
        if said:
            aside = self._context.drafts.set_aside(item.task.id)
            if aside is not None:
                beside = aside.relative_to(self._context.journal.path.parent)
                said.append(f"the draft as it was is in {shown_path(beside)}")
        elif item.resumed:
            said.append("back where you left off")
        item.remarks = (*item.remarks, *said)

    def offer_again(self, item: Item, source: str) -> None:
        """Give a task anew what a source that is switched on again says of it."""
        item.suggested = False
        item.coming = None
        self._again = source

    def _coming(self, item: Item, editor: Editor) -> Iterator[list[Suggestion]] | None:
        """What an editor has not been offered yet, stretch by stretch of its text."""
        offers = self._preparation.offers(item.position)
        if offers is None:
            return None
        item.more_coming = offers.more
        windows = offers.windows
        size = self._kind.batch_size
        if size is not None:
            windows = (part for window in windows for part in cut(window, size))
        before, again = set(editor.offered), self._again
        self._again = None
        return ([one for one in w if one not in before or one.source == again] for w in windows)

    def go_on(self, item: Item) -> bool:
        """Give the editor the next of its suggestions; whether there were any to give.

        Of a long task it is a stretch of the text at a time, so that no key waits for
        all; what comes after the first edit comes in one step, as it is undone in one.
        """
        if item.coming is None or item.editor is None:
            return False
        until = self._context.clock() + STEP
        found = next(item.coming, [])
        while True:
            rest = next(item.coming, None) if not item.editor.edited else None
            if item.editor.edited:
                found = [*found, *chain.from_iterable(item.coming)]
            item.editor.suggest(found)
            if rest is None or self._kind.batch_size is None or self._context.clock() >= until:
                break
            found = rest
        if rest is None:
            item.coming = None
            item.suggested = not item.more_coming
            item.suggestions_shown = False
        else:
            item.coming = chain([rest], item.coming)
        return True
