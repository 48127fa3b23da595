"""Tasks put before the annotator: made ready ahead, opened, given their suggestions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from tui_annotate.editors.base import Editor
from tui_annotate.kinds import EditorInput, Kind
from tui_annotate.session.context import SessionContext
from tui_annotate.session.item import Item
from tui_annotate.session.record import MALFORMED
from tui_annotate.suggest.merge import windows as cut
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Task

STEP = 0.01
"""Seconds after which one that was given a few suggestions gets no more before the next key."""


class Prefetcher:
    """Asks for what tasks need, and gives it to the editor as it comes.

    Attributes:
        back: A source that was just switched on again: what it says is given
            also where it was offered before.
    """

    def __init__(self, context: SessionContext, kind: Kind) -> None:
        self._context = context
        self._kind = kind
        self._preparation = context.preparation
        self._stream = context.description.stream
        self.back: str | None = None

    def prepare(self, item: Item) -> None:
        """Have a task and those that come next made ready."""
        preparation, stream = self._preparation, self._stream
        if preparation.wants(item.position):
            preparation.ask([(item.position, item.task)])
        preparation.keep(item.position)
        wanted: list[tuple[int, Task]] = []
        position = item.position
        for _ in range(preparation.ahead):
            position = stream.skip(position + 1, self._context.journal.decided)
            if not preparation.wants(position):
                continue
            task = stream.read(position)
            if task is None:
                break
            if isinstance(task, Task):
                wanted.append((position, task))
        if wanted:
            preparation.ask(wanted)

    def fill(self, item: Item) -> bool:
        """Open the editor once the task is ready, and give it suggestions once there are any.

        Returns:
            Whether anything of it changed.
        """
        context, preparation, labels = self._context, self._preparation, self._context.labels
        changed = False
        if item.editor is None:
            matter = preparation.matter(item.position)
            if matter is None:
                return False
            lexicon = preparation.lexicon
            opening = EditorInput(
                item.task,
                matter,
                labels.names,
                context.description.options,
                item.decided,
                lexicon if lexicon is not None else (),
                context.description.keys,
                bool(self._stream.labels),
                context.settings.label_descriptions,
                labels.blocks,
            )
            try:
                item.editor = self._kind.open(opening)
            except MALFORMED:
                if item.decided is None:
                    raise
                preparation.notices.append(
                    "the line that decided this task was changed so that it cannot be read: "
                    "the task is shown as it came"
                )
                item.decided = None
                item.editor = self._kind.open(replace(opening, decided=None))
            item.restore_editor()
            if item.decided is not None:
                item.suggested = True
            changed = True
        if not item.suggested and item.coming is None:
            item.coming = self._coming(item, item.editor)
        return self.go_on(item) or changed

    def _coming(self, item: Item, editor: Editor) -> Iterator[list[Suggestion]] | None:
        """What an editor has not been offered yet, stretch by stretch of its text."""
        windows = self._preparation.windows(
            item.position, self._context.labels.names, self._labels_of_sources()
        )
        if windows is None:
            return None
        size = self._kind.at_once
        if size is not None:
            windows = (part for window in windows for part in cut(window, size))
        before, back = set(editor.offered), self.back
        self.back = None
        return ([one for one in w if one not in before or one.source == back] for w in windows)

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
            if rest is None or self._kind.at_once is None or self._context.clock() >= until:
                break
            found = rest
        if rest is None:
            item.coming = None
            item.suggested = self._preparation.finished(item.position)
            item.suggestions_shown = False
        else:
            item.coming = chain([rest], item.coming)
        return True

    def _labels_of_sources(self) -> Mapping[str, Sequence[str]]:
        """The labels on offer where a source is asked, for those that are asked in a block."""
        found: dict[str, list[str]] = {}
        for block, names in zip(
            self._context.description.blocks, self._context.labels.blocks, strict=False
        ):
            for spec in block.suggesters:
                found.setdefault(spec.name, []).extend(names)
        return found
