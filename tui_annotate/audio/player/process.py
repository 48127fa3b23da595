"""The player process: ``python -m tui_annotate.audio.player.process``.

It reads the file and plays it, here or at the near end of an SSH line. Commands come
on standard input and reports go out on what standard output was at start; whatever a
library prints goes to standard error, which the parent points to a log.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_annotate.audio.player import messages
from tui_annotate.audio.player.deck import Deck
from tui_annotate.audio.player.feeder import Feeder
from tui_annotate.audio.player.messages import Command, Report, Sound, Wanted
from tui_annotate.audio.player.outputs import VARIABLE, choice
from tui_annotate.audio.remote import address
from tui_annotate.process.worker_io import take_pipes

if TYPE_CHECKING:
    from tui_annotate.audio.remote.relay import Relay


def main() -> None:
    """Serve the parent until it is gone."""
    commands, answers = take_pipes()
    # The thread that makes the sound must not wait long for the one that unpacks it.
    sys.setswitchinterval(0.001)
    lock = threading.Lock()

    def report(message: Report) -> None:
        data = messages.REPORTS.encode(message)
        try:
            with lock:
                while data:
                    data = data[os.write(answers, data) :]
        except OSError:
            os._exit(0)

    player = _player(report)
    with contextlib.suppress(OSError):
        while (command := messages.COMMANDS.read(commands)) is not None:
            player.take(command)
    player.close()
    os._exit(0)


def _player(report: Callable[[Report], None]) -> Local | Relay:
    # Where the output is named, it is the one of this host.
    if not os.environ.get(VARIABLE) and address.elsewhere(os.environ):
        from tui_annotate.audio.remote.relay import Relay

        return Relay(report, os.environ)
    return Local(report)


class Local:
    """A file and a deck in one process.

    Args:
        report: Takes what the interface should know.
    """

    def __init__(self, report: Callable[[Report], None]) -> None:
        self._report = report
        self._deck = Deck(self._reported, choice(os.environ))
        self._feeder = Feeder(self._deck.take, self._lost, compress=False)

    def take(self, command: Command) -> None:
        """Do as a command says."""
        self._feeder.pass_on(command)

    def close(self) -> None:
        """Stop."""
        self._deck.close()

    def _reported(self, report: Report) -> None:
        if isinstance(report, Wanted):
            self._feeder.want(report)
        else:
            self._report(report)

    def _lost(self, reason: str) -> None:
        self._report(Sound("", reason))


if __name__ == "__main__":
    main()
