"""The sources of suggestions of a session, and what their process says of itself."""

from __future__ import annotations

from collections.abc import Sequence

from tui_annotate.process.messages import Failed, Gone, Ready
from tui_annotate.suggest.messages import SuggesterSpec


class Sources:
    """Which sources there are, which of them are off, and whether they still work.

    Args:
        specs: The sources, in order of priority.
        loaded: Whether nothing has to be loaded for them.

    Attributes:
        names: What they are called, in order of priority.
        off: Those that are switched off.
        loaded: Whether their process is ready.
        gone: Why their process has ended, or None.
        notices: What the user should know, one sentence each.
        failed: Those that suggest nothing any more, and that nobody has said to do without.
    """

    def __init__(self, specs: Sequence[SuggesterSpec], *, loaded: bool = False) -> None:
        self.names = tuple(spec.name for spec in specs)
        self.off: set[str] = set()
        self.loaded = loaded
        self.gone: str | None = None
        self.failed: list[str] = []
        self.notices = [notice for spec in specs for notice in spec.notices]

    def switch(self, name: str) -> bool:
        """Switch a source off, or on again; whether it is on now."""
        on = name in self.off
        if name in self.failed:
            self.failed.remove(name)
        (self.off.discard if on else self.off.add)(name)
        return on

    def take(self, message: object) -> None:
        """Take in what every worker process says of itself."""
        match message:
            case Ready():
                self.loaded = True
                self.notices.extend(message.notices)
            case Failed():
                self.notices.append(message.message)
                if message.source in self.names:
                    self.failed.append(message.source)
            case Gone():
                self.gone = message.reason
                self.loaded = True
                self.notices.append(message.reason)
