"""Sounds made ready ahead of the annotator: opened, measured, listened to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from tui_annotate.audio.clip import Clip
from tui_annotate.audio.exchange import SoundExchange
from tui_annotate.audio.messages import (
    Close,
    Heard,
    Open,
    Opened,
    Progress,
    Regions,
    Show,
    Unusable,
)
from tui_annotate.errors import AnnotateError
from tui_annotate.process.messages import Gone
from tui_annotate.suggest.merge import merge
from tui_annotate.suggest.messages import SuggesterSpec, Switch
from tui_annotate.suggest.readiness import Content, NoContent, Offers, ReadyTasks
from tui_annotate.suggest.sources import Sources
from tui_annotate.suggest.suggestion import Suggestion
from tui_annotate.task.task import Task

AHEAD = 2
"""How many sounds are opened ahead of the annotator."""

KEPT = 16
"""How many are kept open, those behind included."""


@dataclass(slots=True)
class _ReadySound:
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
        exchange: The way to the sound process.
        specs: The sources of suggestions, in order of priority.
        locate: Where the file of a task is, as the system spells its name.
        on_ready: Told of every task that is asked for.
    """

    ahead = AHEAD

    def __init__(
        self,
        exchange: SoundExchange,
        specs: Sequence[SuggesterSpec],
        *,
        locate: Callable[[Task], bytes],
        on_ready: Callable[[Task, Sequence[Suggestion]], None] = lambda task, found: None,
    ) -> None:
        self._exchange = exchange
        self._locate = locate
        self._on_ready = on_ready
        self.sources = Sources(specs)
        self._ready: ReadyTasks[_ReadySound] = ReadyTasks(KEPT)
        self._shown: int | None = None

    @property
    def state(self) -> str:
        """One or two words for the status line."""
        if self.sources.gone is not None:
            return "the sound process has ended"
        ready = None if self._shown is None else self._ready.get(self._shown)
        if ready is not None and ready.clip is None and ready.unusable is None:
            share = "" if ready.decoded is None else f": {ready.decoded:.0%} decoded"
            return f"opening the recording{share}"
        return "" if self.sources.loaded else "opening the recording"

    def wants(self, position: int) -> bool:
        """Whether a task has not been asked for yet."""
        return position not in self._ready

    def keep(self, position: int) -> None:
        """This task is open now: it comes first, and stays ready longer than the others."""
        self._ready.keep(position)
        if position != self._shown:
            self._shown = position
            self._exchange.send(Show(position))

    def ask(self, wanted: Iterable[tuple[int, Task]]) -> None:
        """Have tasks made ready; those that are already are left alone."""
        for position, task in wanted:
            if position in self._ready:
                continue
            ready = _ReadySound(task)
            self._ready.add(position, ready)
            if self.sources.gone is not None:
                ready.unusable = self.sources.gone
                continue
            chunk = task.fields.get("chunk")
            start, end = (chunk["start"], chunk["end"]) if chunk else (None, None)
            channel = task.fields.get("channel")
            try:
                path = self._locate(task)
            except AnnotateError as error:
                ready.unusable = str(error).rstrip(".")
                continue
            self._exchange.send(Open(position, path, start, end, channel))
            self._on_ready(task, ())
        for position in self._ready.trim():
            self._exchange.send(Close(position))

    def take(self, message: object) -> set[int]:
        """Take in what the process says; the positions that it changes."""
        self._exchange.take(message)
        self.sources.take(message)
        match message:
            case Opened(number=number):
                self.sources.loaded = True
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
            case Gone():
                changed = set()
                for position, ready in self._ready.items():
                    ready.more = False
                    if ready.clip is None and ready.unusable is None:
                        ready.unusable = message.reason
                        changed.add(position)
                return changed
        return set()

    def content(self, position: int) -> Content[Clip] | NoContent | None:
        """The clip of a task, once its sound is open."""
        ready = self._ready.get(position)
        if ready is None:
            return None
        if ready.unusable is not None:
            return NoContent(ready.unusable)
        return None if ready.clip is None else Content(ready.clip, ready.remarks)

    def offers(self, position: int) -> Offers | None:
        """What all sources have found in a task so far; None before there is anything."""
        ready = self._ready.get(position)
        if ready is None or ready.clip is None or (ready.more and not ready.heard):
            return None
        by_source: dict[str, list[Suggestion]] = {name: [] for name in self.sources.names}
        for item in ready.heard:
            by_source.setdefault(item.source, []).append(item)
        live = [items for name, items in by_source.items() if name not in self.sources.off]
        # Of a sound there are not many: they come in one piece.
        return Offers(iter([merge(live, overlap=True)]), ready.more)

    def switch(self, source: str) -> bool:
        """Switch a source off, or on again; whether it is on now. What was found is kept."""
        on = self.sources.switch(source)
        self._exchange.send(Switch(source, on))
        return on

    def learn(
        self,
        text: str,
        spans: Sequence[tuple[int, int, str]],
        *,
        position: int | None = None,
        sources: Collection[str] | None = None,
    ) -> None:
        """Tell the sources that listen to an open sound what is marked in it by now.

        Args:
            text: Not used: a sound is known by its position.
            spans: Start, end and label of each region, in frames.
            position: The task; nothing more is learned from it once it is decided.
            sources: Not used: all of them are told.
        """
        if position is not None:
            self._exchange.send(Regions(position, list(spans)))

    def close(self) -> None:
        """End the process."""
        self._exchange.close()
