"""Sounds made ready ahead of the annotator: opened, measured, listened to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.messages import (
    Close,
    Heard,
    Open,
    Opened,
    Progress,
    Request,
    Show,
    Unusable,
)
from tui_annotate.errors import AnnotateError
from tui_annotate.process.messages import Failed, Gone, Ready
from tui_annotate.suggest.merge import merge
from tui_annotate.suggest.messages import SuggesterSpec, Switch
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Task

AHEAD = 2
"""How many sounds are opened ahead of the annotator."""

KEPT = 16
"""How many are kept open, those behind included."""


class Process(Protocol):
    """The part of the sound process that is used here."""

    def send(self, request: Request) -> None:
        """Ask for something; returns at once."""
        ...

    def close(self) -> None:
        """End it."""
        ...


@dataclass(slots=True)
class _Ready:
    task: Task
    clip: Clip | None = None
    unusable: str | None = None
    decoded: float | None = None
    remarks: tuple[str, ...] = ()
    heard: list[Suggestion] = field(default_factory=list)
    more: bool = True


class SoundPreparation:
    """Keeps the sounds of the tasks around the current one open, and what is found in them.

    Args:
        process: The sound process.
        specs: The sources of suggestions, in order of priority.
        locate: Where the file of a task is, as the system spells its name.
    """

    lexicon = None
    ahead = AHEAD

    def __init__(
        self,
        process: Process,
        specs: Sequence[SuggesterSpec],
        *,
        locate: Callable[[Task], bytes],
    ) -> None:
        self._process = process
        self._specs = tuple(specs)
        self._locate = locate
        self.on_ready: Callable[[Task, Sequence[Suggestion]], None] = lambda task, found: None
        self.off: set[str] = set()
        self.loaded = False
        self.gone: str | None = None
        self.notices: list[str] = [notice for spec in specs for notice in spec.notices]
        self._ready: dict[int, _Ready] = {}
        self._shown: int | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of all suggestion sources."""
        return tuple(spec.name for spec in self._specs)

    @property
    def state(self) -> str:
        """One or two words for the status line."""
        if self.gone is not None:
            return "the sound process has ended"
        ready = None if self._shown is None else self._ready.get(self._shown)
        if ready is not None and ready.clip is None and ready.unusable is None:
            share = "" if ready.decoded is None else f": {ready.decoded:.0%} decoded"
            return f"opening the sound{share}"
        return "" if self.loaded else "opening the sound"

    def request(self, request: Request) -> None:
        """Ask the sound process for something; returns at once."""
        if self.gone is None:
            self._process.send(request)

    def wants(self, position: int) -> bool:
        """Whether a task has not been asked for yet."""
        return position not in self._ready

    def keep(self, position: int) -> None:
        """This task is on the desk: it comes first, and stays ready longer than the others."""
        if position in self._ready:
            self._ready[position] = self._ready.pop(position)
        if position != self._shown:
            self._shown = position
            self.request(Show(position))

    def ask(self, wanted: Iterable[tuple[int, Task]]) -> None:
        """Have tasks made ready; those that are already are left alone."""
        for position, task in wanted:
            if position in self._ready:
                continue
            ready = self._ready[position] = _Ready(task)
            if self.gone is not None:
                ready.unusable = self.gone
                continue
            chunk = task.fields.get("chunk")
            start, end = (chunk["start"], chunk["end"]) if chunk else (None, None)
            channel = task.fields.get("channel")
            try:
                path = self._locate(task)
            except AnnotateError as error:
                ready.unusable = str(error).rstrip(".")
                continue
            self.request(Open(position, path, start, end, channel))
            self.on_ready(task, ())
        while len(self._ready) > KEPT:
            oldest = next(iter(self._ready))
            del self._ready[oldest]
            self.request(Close(oldest))

    def take(self, message: object) -> set[int]:
        """Take in what the process says; the positions that it changes."""
        match message:
            case Ready():
                self.loaded = True
                self.notices.extend(message.notices)
            case Opened(number=number):
                self.loaded = True
                ready = self._ready.get(number)
                if ready is not None and ready.clip is None:
                    ready.clip = message.clip
                    ready.remarks = tuple(message.notices)
                    return {number}
            case Progress(number=number, what="converting"):
                ready = self._ready.get(number)
                if ready is not None and ready.clip is None:
                    ready.decoded = message.done
                    return {number}
            case Unusable(number=number):
                ready = self._ready.get(number)
                if ready is not None:
                    ready.unusable = message.reason
                    return {number}
            case Heard(number=number):
                ready = self._ready.get(number)
                if ready is not None:
                    ready.heard.extend(message.suggestions)
                    ready.more = message.more
                    return {number}
            case Failed():
                self.notices.append(message.message)
            case Gone():
                self.gone = message.reason
                self.loaded = True
                self.notices.append(message.reason)
                changed = set()
                for position, ready in self._ready.items():
                    ready.more = False
                    if ready.clip is None and ready.unusable is None:
                        ready.unusable = message.reason
                        changed.add(position)
                return changed
        return set()

    def matter(self, position: int) -> Clip | None:
        """The clip of a task, once its sound is open."""
        ready = self._ready.get(position)
        return None if ready is None else ready.clip

    def unusable(self, position: int) -> str | None:
        """Why the sound of a task cannot be used; None if it can, or if that is not known."""
        ready = self._ready.get(position)
        return None if ready is None else ready.unusable

    def remarks(self, position: int) -> Sequence[str]:
        """What is odd about the sound of a task, one sentence each."""
        ready = self._ready.get(position)
        return () if ready is None else ready.remarks

    def finished(self, position: int) -> bool:
        """Whether nothing more will be suggested for a task."""
        ready = self._ready.get(position)
        return ready is not None and not ready.more

    def suggestions(
        self,
        position: int,
        labels: Sequence[str] = (),
        of_source: Mapping[str, Sequence[str]] | None = None,
    ) -> list[Suggestion] | None:
        """What all sources have found in a task so far; None before there is anything.

        Args:
            position: The task.
            labels: Not used: a source of sounds need not know the labels.
            of_source: Not used either.
        """
        ready = self._ready.get(position)
        if ready is None or ready.clip is None or (ready.more and not ready.heard):
            return None
        by_source: dict[str, list[Suggestion]] = {name: [] for name in self.sources}
        for item in ready.heard:
            by_source.setdefault(item.source, []).append(item)
        return merge(
            [items for name, items in by_source.items() if name not in self.off], overlap=True
        )

    def windows(
        self,
        position: int,
        labels: Sequence[str] = (),
        of_source: Mapping[str, Sequence[str]] | None = None,
    ) -> Iterator[list[Suggestion]] | None:
        """The same, in one piece: of a sound there are not many."""
        found = self.suggestions(position, labels, of_source)
        return None if found is None else iter([found])

    def switch(self, source: str) -> bool:
        """Switch a source off, or on again; whether it is on now."""
        on = source in self.off
        if on:
            self.off.discard(source)
        else:
            self.off.add(source)
        self.request(Switch(source, on))
        return on

    def forget(self) -> None:
        """Nothing has to be made ready again: what was found is kept."""

    @property
    def minds_dropped(self) -> bool:
        """Whether a source learns from what was offered and taken off."""
        return False

    def learn(
        self,
        text: str,
        spans: Sequence[tuple[int, int, str]],
        labels: Sequence[str] = (),
        dropped: Sequence[tuple[int, int]] = (),
        sources: Collection[str] | None = None,
    ) -> None:
        """A decided sound teaches through its regions, which the view has sent."""

    def close(self) -> None:
        """End the process."""
        self._process.close()
