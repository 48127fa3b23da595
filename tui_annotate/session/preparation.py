"""What makes tasks ready ahead of the annotator, whatever they are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from tui_annotate.audio.clip import Clip
from tui_annotate.suggest.readiness import Content, NoContent, Offers
from tui_annotate.suggest.sources import Sources
from tui_annotate.task.task import Task
from tui_annotate.text.tokens import Tokens


class Preparation(Protocol):
    """Has tasks made ready by a worker process, and keeps what it says of them.

    `TextPreparation` does so for texts, `SoundPreparation` for sounds.
    """

    @property
    def ahead(self) -> int:
        """How many tasks are made ready ahead of the annotator."""
        ...

    @property
    def sources(self) -> Sources:
        """The sources of suggestions."""
        ...

    @property
    def state(self) -> str:
        """What there is to wait for, in a few words for the status line; empty if nothing."""
        ...

    def wants(self, position: int) -> bool:
        """Whether a task has not been asked for yet."""
        ...

    def ask(self, wanted: Iterable[tuple[int, Task]]) -> None:
        """Have tasks made ready; those that are already are left alone."""
        ...

    def keep(self, position: int) -> None:
        """This task is open now: it stays ready longer than those asked for before."""
        ...

    def take(self, message: object) -> set[int]:
        """Take in what the process says; the positions that it changes."""
        ...

    def content(self, position: int) -> Content[Tokens | Clip] | NoContent | None:
        """What is annotated of a task; None before it is there."""
        ...

    def offers(self, position: int) -> Offers | None:
        """What the sources suggest for a task; None before there is anything to say."""
        ...

    def switch(self, source: str) -> bool:
        """Switch a source off, or on again; whether it is on now.

        Tasks may have to be asked for again then.
        """
        ...

    def learn(
        self,
        text: str,
        spans: Sequence[tuple[int, int, str]],
        *,
        position: int | None = None,
        sources: Collection[str] | None = None,
    ) -> None:
        """Tell the sources in the process how something was annotated.

        Args:
            text: The text of the task; empty for a sound.
            spans: Start, end and label of what the annotator holds to be so.
            position: Where the task is that is being annotated; None for a decision.
            sources: The sources that are told; all, if not given.
        """
        ...

    def close(self) -> None:
        """End the process."""
        ...
