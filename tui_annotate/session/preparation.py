"""Tasks made ready ahead of the annotator: their tokens and their suggestions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tui_annotate.process.messages import Failed, Gone, Ready
from tui_annotate.suggest.local.learners import Learner, learner
from tui_annotate.suggest.local.lexicon import Lexicon
from tui_annotate.suggest.merge import merge, windows
from tui_annotate.suggest.messages import Document, Suggested, SuggesterSpec, Tokenised
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Task
from tui_annotate.text.tokens import Tokens, fallback_pairs, needs_characters

AHEAD = 24
"""How many tasks are made ready ahead of the annotator."""

KEPT = 96
"""How many are kept, those behind included."""

WINDOW = 1000
"""How many suggestions are given to an editor at once: a key waits for no more."""


class Process(Protocol):
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


@dataclass(slots=True)
class _Ready:
    task: Task
    tokens: Tokens | None = None
    offered: list[Suggestion] | None = None


class Preparation:
    """Keeps tokens and suggestions of the tasks around the current one.

    Args:
        process: The suggestion process; None where nothing needs one.
        specs: The suggesters, in order of priority.
        overlap: Whether suggestions may overlap.
        descriptions: What is known about the labels, for sources that learn.
        tokens: Whether the session works with tokens; if not, it waits for none.
        unlisted: Labels that suggestions may have without being on offer.
    """

    ahead = AHEAD

    def __init__(
        self,
        process: Process | None,
        specs: Sequence[SuggesterSpec],
        *,
        overlap: bool,
        descriptions: Mapping[str, str] | None = None,
        tokens: bool = True,
        unlisted: Collection[str] = (),
    ) -> None:
        self._process = process
        self._specs = tuple(specs)
        self._overlap = overlap
        self._tokens = tokens
        self._unlisted = frozenset(unlisted)
        self._remote = any(not spec.local for spec in specs)
        self._learners: dict[str, Learner] = {}
        for spec in specs:
            made = learner(spec, descriptions or {})
            if made is not None:
                self._learners[spec.name] = made
        self.on_ready: Callable[[Task, Sequence[Suggestion]], None] = lambda task, found: None
        self.off: set[str] = set()
        self.loaded = process is None
        self.gone: str | None = None
        self.notices: list[str] = [notice for spec in specs for notice in spec.notices]
        self._ready: dict[int, _Ready] = {}

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of all suggestion sources."""
        return tuple(spec.name for spec in self._specs)

    @property
    def minds_dropped(self) -> bool:
        """Whether a source learns from what was offered and taken off."""
        return bool(self._learners)

    @property
    def lexicon(self) -> Lexicon | None:
        """The lexicon, where the session has one."""
        found = (one for one in self._learners.values() if isinstance(one, Lexicon))
        return next(found, None)

    @property
    def state(self) -> str:
        """One or two words for the status line."""
        if self.gone is not None:
            return "suggestions stopped (process ended)"
        if not self._specs:
            return ""
        return "" if self.loaded else "loading the pipeline"

    def wants(self, position: int) -> bool:
        """Whether a task has not been asked for yet."""
        return position not in self._ready

    def keep(self, position: int) -> None:
        """This task is on the desk: it stays ready longer than those asked for before."""
        if position in self._ready:
            self._ready[position] = self._ready.pop(position)

    def ask(self, wanted: Iterable[tuple[int, Task]]) -> None:
        """Have tasks made ready; those that are already are left alone."""
        documents: list[Document] = []
        for position, task in wanted:
            if position in self._ready:
                continue
            ready = self._ready[position] = _Ready(task)
            self.on_ready(task, ())
            if task.tokens is not None:
                ready.tokens = Tokens.from_fields(task.text, task.tokens)
            pairs = self._pairs(ready.tokens)
            if ready.tokens is None and not self._tokens:
                ready.tokens = Tokens.from_pairs(task.text, ())
            if self._process is None or self.gone is not None:
                self._alone(ready)
            elif ready.tokens is None or self._remote:
                documents.append(Document(position, task.text, pairs))
            else:
                ready.offered = []
        if documents and self._process is not None:
            self._process.submit(documents)
        while len(self._ready) > KEPT:
            del self._ready[next(iter(self._ready))]

    @staticmethod
    def _pairs(tokens: Tokens | None) -> list[tuple[int, int]] | None:
        return None if tokens is None else list(zip(tokens.starts, tokens.ends, strict=True))

    @staticmethod
    def _alone(ready: _Ready) -> None:
        if ready.tokens is None:
            text = ready.task.text
            ready.tokens = Tokens.from_pairs(text, fallback_pairs(text))
        if ready.offered is None:
            ready.offered = []

    def take(self, message: object) -> set[int]:
        """Take in what the process says; the positions that it changes."""
        match message:
            case Ready():
                self.loaded = True
                self.notices.extend(message.notices)
            case Tokenised(number=number):
                ready = self._ready.get(number)
                if ready is not None and ready.tokens is None:
                    ready.tokens = Tokens.from_pairs(ready.task.text, message.pairs)
                    if not self._remote:
                        ready.offered = []
                    return {number}
            case Suggested(number=number):
                ready = self._ready.get(number)
                if ready is not None and ready.offered is None:
                    ready.offered = list(message.suggestions)
                    self.on_ready(ready.task, ready.offered)
                    return {number}
            case Failed():
                self.notices.append(message.message)
            case Gone():
                self.gone = message.reason
                self.loaded = True
                self.notices.append(message.reason)
                changed = set()
                for position, ready in self._ready.items():
                    if ready.tokens is None or ready.offered is None:
                        self._alone(ready)
                        changed.add(position)
                return changed
        return set()

    def matter(self, position: int) -> Tokens | None:
        """The tokens of a task, once they are there."""
        ready = self._ready.get(position)
        return None if ready is None else ready.tokens

    def unusable(self, position: int) -> str | None:
        """Why a task cannot be annotated, where that is found on opening it; a text always can."""
        return None

    def finished(self, position: int) -> bool:
        """Whether nothing more will be suggested once there are any suggestions."""
        return True

    def remarks(self, position: int) -> Sequence[str]:
        """What is odd about a task and was found on opening it; of a text nothing."""
        return ()

    def request(self, request: object) -> None:
        """Nothing more is asked about a text."""

    def suggestions(
        self,
        position: int,
        labels: Sequence[str] = (),
        of_source: Mapping[str, Sequence[str]] | None = None,
    ) -> list[Suggestion] | None:
        """What all sources offer for a task, without crossing; None while one still works.

        Args:
            position: The task.
            labels: The labels on offer; any, if none is named.
            of_source: Of sources that are asked about some of them only, which.
        """
        windows = self.windows(position, labels, of_source)
        return None if windows is None else [one for window in windows for one in window]

    def windows(
        self,
        position: int,
        labels: Sequence[str] = (),
        of_source: Mapping[str, Sequence[str]] | None = None,
    ) -> Iterator[list[Suggestion]] | None:
        """The same, stretch by stretch of the text: of a long task each takes its time."""
        ready = self._ready.get(position)
        if ready is None or ready.offered is None or ready.tokens is None:
            return None
        return self._merged(ready, ready.tokens, labels, of_source or {})

    def _merged(
        self,
        ready: _Ready,
        tokens: Tokens,
        labels: Sequence[str],
        of_source: Mapping[str, Sequence[str]],
    ) -> Iterator[list[Suggestion]]:
        found = list(ready.offered or ())
        text = ready.task.text
        for name, one in self._learners.items():
            own = of_source.get(name, labels)
            found += one.suggest(text, tokens, own, characters=needs_characters(text))
        offered = frozenset(labels) | self._unlisted if labels else frozenset()
        # The order of sources is that of their priority, in every window the same.
        names = dict.fromkeys([*self.sources, *(item.source for item in found)])
        for window in windows(found, WINDOW):
            by_source: dict[str, list[Suggestion]] = {name: [] for name in names}
            for item in window:
                if not offered or item.label in offered:
                    by_source[item.source].append(item)
            live = [items for name, items in by_source.items() if name not in self.off]
            yield merge(live, overlap=self._overlap)

    def switch(self, source: str) -> bool:
        """Switch a source off, or on again; whether it is on now."""
        on = source in self.off
        if on:
            self.off.discard(source)
        else:
            self.off.add(source)
        if self._process is not None and self.gone is None:
            self._process.switch(source, on)
        return on

    def forget(self) -> None:
        """Have everything made ready again, as when a source was switched on."""
        self._ready.clear()

    def learn(
        self,
        text: str,
        spans: Sequence[tuple[int, int, str]],
        labels: Sequence[str] = (),
        dropped: Sequence[tuple[int, int]] = (),
        sources: Collection[str] | None = None,
    ) -> None:
        """Tell the sources that learn how a text was decided.

        Args:
            text: The text.
            spans: Start, end and label of each of its spans.
            labels: The labels that were on offer.
            dropped: What was offered and taken off.
            sources: The sources that are told; all, if not given.
        """
        for name, one in self._learners.items():
            if sources is not None and name not in sources:
                continue
            one.learn(text, spans, labels, dropped=dropped)
        if self._process is not None and self.gone is None and self._remote:
            self._process.feedback(text, spans, sources)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.close()
