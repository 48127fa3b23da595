"""The sound process, seen from the interface."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tui_annotate.audio import messages
from tui_annotate.audio.messages import Configure, Message, Request
from tui_annotate.peer import Peer
from tui_annotate.suggest.messages import SuggesterSpec


class SoundProcess(Peer[Request, Message]):
    """Everything that is heard and drawn of sounds, made in another process.

    Args:
        specs: The sources of suggestions, in order of priority.
        on_message: Called with each message, from another thread.
        log: The file that takes what libraries print.
    """

    def __init__(
        self,
        specs: Sequence[SuggesterSpec],
        *,
        on_message: Callable[[Message], None],
        log: Path,
    ) -> None:
        super().__init__(
            "tui_annotate.audio.worker",
            "the sound process",
            Configure(list(specs)),
            write=messages.write,
            read=messages.read_message,
            on_message=on_message,
            log=log,
        )
