"""The one way to the sound process: all that is asked of it, and all that it says."""

from __future__ import annotations

from typing import Protocol

from tui_annotate.audio.messages import Request
from tui_annotate.audio.sound_data import SoundData
from tui_annotate.process.messages import Gone


class SoundPort(Protocol):
    """The part of the sound process that is used here."""

    def send(self, request: Request) -> None:
        """Ask for something; returns at once."""
        ...

    def close(self) -> None:
        """End it."""
        ...


class SoundExchange:
    """Carries requests to the sound process, and keeps what it says of pictures.

    What makes sounds ready and what draws them both ask here.

    Args:
        process: The sound process.

    Attributes:
        data: What a view draws the open sound from.
    """

    def __init__(self, process: SoundPort) -> None:
        self.data = SoundData()
        self._process = process
        self._gone = False

    def send(self, request: Request) -> None:
        """Ask the process for something; returns at once."""
        if not self._gone:
            self._process.send(request)

    def take(self, message: object) -> None:
        """Take in what the process says."""
        if isinstance(message, Gone):
            self._gone = True
        self.data.take(message)

    def close(self) -> None:
        """End the process."""
        self._process.close()
