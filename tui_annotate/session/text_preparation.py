"""Texts made ready ahead of the annotator: their tokens and their suggestions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from tui_annotate.process.messages import Gone
from tui_annotate.recipe import Block
from tui_annotate.session.labels import LabelSet
from tui_annotate.suggest.local.learners import Learners
from tui_annotate.suggest.merge import merge, trimmed, windows
from tui_annotate.suggest.messages import Document, Suggested, SuggesterSpec, Tokenised
from tui_annotate.suggest.readiness import Content, Offers, ReadyTasks
from tui_annotate.suggest.registry import is_local
from tui_annotate.suggest.sources import Sources
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Task
from tui_annotate.text.tokens import Tokens, fallback_pairs

AHEAD = 24
"""How many tasks are made ready ahead of the annotator."""

KEPT = 96
"""How many are kept, those behind included."""

WINDOW = 1000
"""How many suggestions are given to an editor at once: a key waits for no more."""


class TextProcess(Protocol):
    """The part of the suggestion process that is used here."""

    def submit(self, documents: Sequence[Document]) -> None:
        """Send texts."""
        ...

    def switch(self, source: str, on: bool) -> None:
        """Leave a source out, or run it again."""
        ...

    def feedback(
        self,
        text: str,
        spans: Sequence[tuple[int, int, str]],
        sources: Collection[str] | None = None,
    ) -> None:
        """Tell how a text was decided."""
        ...

    def close(self) -> None:
        """End it."""
        ...


class _ReadyText(msgspec.Struct):
    task: Task
    # Answers come under this number: its position, or that of a task with the same text.
    number: int
    tokens: Tokens | None = None
    offered: list[Suggestion] | None = None


class TextPreparation:
    """Keeps tokens and suggestions of the tasks around the current one.

    Args:
        process: The suggestion process; None where nothing needs one.
        specs: The suggesters, in order of priority.
        labels: The labels on offer.
        learners: The sources that work in this process.
        blocks: The blocks of the session, if it has any: each asks its own suggesters.
        overlap: Whether suggestions may overlap.
        tokens: Whether the session works with tokens; if not, it waits for none.
        unlisted: Labels that suggestions may have without being on offer.
        share: Whether tasks with the same text are asked about once.
        on_ready: Told of every task that is asked for, and again of what is offered for it.
        known_tokens: Gives the tokens that a text had in an earlier session, if it is known.
    """

    ahead = AHEAD

    def __init__(
        self,
        process: TextProcess | None,
        specs: Sequence[SuggesterSpec],
        labels: LabelSet,
        learners: Learners,
        *,
        blocks: Sequence[Block] = (),
        overlap: bool = False,
        tokens: bool = True,
        unlisted: Collection[str] = (),
        share: bool = False,
        on_ready: Callable[[Task, Sequence[Suggestion]], None] = lambda task, found: None,
        known_tokens: Callable[[Task], Tokens | None] = lambda task: None,
    ) -> None:
        self._process = process
        self._labels = labels
        self._learners = learners
        self._blocks = tuple(blocks)
        self._overlap = overlap
        self._tokens = tokens
        self._unlisted = frozenset(unlisted)
        self._share = share
        self._on_ready = on_ready
        self._known_tokens = known_tokens
        self._remote = any(not is_local(spec) for spec in specs)
        self.sources = Sources(specs, loaded=process is None)
        self._ready: ReadyTasks[_ReadyText] = ReadyTasks(KEPT)

    @property
    def state(self) -> str:
        """One or two words for the status line."""
        if self.sources.gone is not None:
            return "suggestions stopped (process ended)"
        if not self.sources.names:
            return ""
        return "" if self.sources.loaded else "loading the pipeline"

    def wants(self, position: int) -> bool:
        """Whether a task has not been asked for yet."""
        return position not in self._ready

    def keep(self, position: int) -> None:
        """This task is open now: it stays ready longer than those asked for before."""
        self._ready.keep(position)

    def ask(self, wanted: Iterable[tuple[int, Task]]) -> None:
        """Have tasks made ready; those that are already are left alone."""
        documents: list[Document] = []
        for position, task in wanted:
            if position in self._ready:
                continue
            twin = self._twin(task)
            ready = _ReadyText(task, position)
            self._ready.add(position, ready)
            self._on_ready(task, ())
            if twin is not None:
                ready.number, ready.tokens = twin.number, twin.tokens
                if twin.offered is not None:
                    self._offer(ready, twin.offered)
                continue
            if task.tokens is not None:
                ready.tokens = Tokens.from_fields(task.text, task.tokens)
            elif self._tokens:
                ready.tokens = self._known_tokens(task)
            pairs = self._pairs(ready.tokens)
            if ready.tokens is None and not self._tokens:
                ready.tokens = Tokens.from_pairs(task.text, ())
            if self._process is None or self.sources.gone is not None:
                self._alone(ready)
            elif ready.tokens is None or self._remote:
                documents.append(Document(position, task.text, pairs))
            else:
                ready.offered = []
        if documents and self._process is not None:
            self._process.submit(documents)
        self._ready.trim()

    def _twin(self, task: Task) -> _ReadyText | None:
        """What was asked for a task with the same text and tokens, where that serves both."""
        if not self._share:
            return None
        same = (
            one
            for _, one in self._ready.items()
            if one.task.text == task.text and one.task.tokens == task.tokens
        )
        return next(same, None)

    def _offer(self, ready: _ReadyText, suggestions: Sequence[Suggestion]) -> None:
        ready.offered = list(suggestions)
        self._on_ready(ready.task, ready.offered)

    def _answered(self, number: int) -> list[tuple[int, _ReadyText]]:
        """The tasks that an answer is for, with their positions."""
        return [(at, one) for at, one in self._ready.items() if one.number == number]

    @staticmethod
    def _pairs(tokens: Tokens | None) -> list[tuple[int, int]] | None:
        return None if tokens is None else list(zip(tokens.starts, tokens.ends, strict=True))

    @staticmethod
    def _alone(ready: _ReadyText) -> None:
        if ready.tokens is None:
            text = ready.task.text
            ready.tokens = Tokens.from_pairs(text, fallback_pairs(text))
        if ready.offered is None:
            ready.offered = []

    def take(self, message: object) -> set[int]:
        """Take in what the process says; the positions that it changes."""
        self.sources.take(message)
        match message:
            case Tokenised(number=number):
                changed = set()
                for position, ready in self._answered(number):
                    if ready.tokens is None:
                        ready.tokens = Tokens.from_pairs(ready.task.text, message.pairs)
                        if not self._remote:
                            ready.offered = []
                        changed.add(position)
                return changed
            case Suggested(number=number):
                changed = set()
                for position, ready in self._answered(number):
                    if ready.offered is None:
                        self._offer(ready, message.suggestions)
                        changed.add(position)
                return changed
            case Gone():
                changed = set()
                for position, ready in self._ready.items():
                    if ready.tokens is None or ready.offered is None:
                        self._alone(ready)
                        changed.add(position)
                return changed
        return set()

    def content(self, position: int) -> Content[Tokens] | None:
        """The tokens of a task, once they are there."""
        ready = self._ready.get(position)
        return None if ready is None or ready.tokens is None else Content(ready.tokens)

    def offers(self, position: int) -> Offers | None:
        """What all sources offer for a task, merged; None while one still works."""
        ready = self._ready.get(position)
        if ready is None or ready.offered is None or ready.tokens is None:
            return None
        return Offers(self._merged(ready, ready.tokens))

    def _merged(self, ready: _ReadyText, tokens: Tokens) -> Iterator[list[Suggestion]]:
        labels = self._labels.names
        found = list(ready.offered or ())
        found += self._learners.suggest(ready.task.text, tokens, labels, self._labels_of_sources())
        if self._tokens:
            found = list(trimmed(found, ready.task.text))
        offered = frozenset(labels) | self._unlisted if labels else frozenset()
        # The order of sources is that of their priority, in every window the same.
        names = dict.fromkeys([*self.sources.names, *(item.source for item in found)])
        for window in windows(found, WINDOW):
            by_source: dict[str, list[Suggestion]] = {name: [] for name in names}
            for item in window:
                if not offered or item.label in offered:
                    by_source[item.source].append(item)
            live = [items for name, items in by_source.items() if name not in self.sources.off]
            yield merge(live, overlap=self._overlap)

    def _labels_of_sources(self) -> Mapping[str, Sequence[str]]:
        """The labels on offer where a source is asked, for those that are asked in a block."""
        found: dict[str, list[str]] = {}
        for block, names in zip(self._blocks, self._labels.blocks, strict=False):
            for spec in block.suggesters:
                found.setdefault(spec.name, []).extend(names)
        return found

    def switch(self, source: str) -> bool:
        """Switch a source off, or on again; whether it is on now."""
        on = self.sources.switch(source)
        if self._process is not None and self.sources.gone is None:
            self._process.switch(source, on)
        if on:
            # It was left out of what is there.
            self._ready.clear()
        return on

    def learn(
        self,
        text: str,
        spans: Sequence[tuple[int, int, str]],
        *,
        position: int | None = None,
        sources: Collection[str] | None = None,
    ) -> None:
        """Tell the sources in the process how a text was annotated.

        Args:
            text: The text.
            spans: Start, end and label of each of its spans.
            position: Not used: a text is known by itself.
            sources: The sources that are told; all, if not given.
        """
        if self._process is not None and self.sources.gone is None and self._remote:
            self._process.feedback(text, spans, sources)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.close()
