"""What a deck asks for, read from the file on a thread of its own."""

from __future__ import annotations

import threading
import traceback
from collections import deque
from collections.abc import Callable

import numpy as np

from tui_annotate.audio.player.blocks import compressed, plain
from tui_annotate.audio.player.messages import Block, Command, Open, Wanted
from tui_annotate.audio.player.reader import Reader
from tui_annotate.wording import reason


class Feeder:
    """Opens files and gives a deck their frames.

    Commands take the same way as the frames, so that none overtakes its file.

    Args:
        give: Takes commands and blocks to the deck.
        lost: Takes a sentence for the user where a file cannot be read.
        compress: Whether the blocks go over a line.
    """

    def __init__(
        self, give: Callable[[Command], None], lost: Callable[[str], None], *, compress: bool
    ) -> None:
        self._give = give
        self._lost = lost
        self._compress = compress
        self._reader: Reader | None = None
        self._jobs: deque[Command] = deque()
        self._wanted: deque[Wanted] = deque()
        self._due = threading.Condition()
        threading.Thread(target=self._run, name="feeder", daemon=True).start()

    def pass_on(self, command: Command) -> None:
        """Open a file, or give a command to the deck, each after what came before it."""
        with self._due:
            self._jobs.append(command)
            self._due.notify()

    def switch(self, *, compress: bool) -> None:
        """Give to another deck from now on: what the last one wanted is forgotten."""
        with self._due:
            self._wanted.clear()
            self._compress = compress

    def want(self, wanted: Wanted) -> None:
        """Give these blocks to the deck."""
        with self._due:
            self._wanted.append(wanted)
            self._due.notify()

    def _run(self) -> None:
        while True:
            with self._due:
                while not self._jobs and not self._wanted:
                    self._due.wait()
                command = self._jobs.popleft() if self._jobs else None
                wanted = None
                if command is None:
                    wanted = self._wanted.popleft()
                    if len(wanted.indices) > 1:
                        rest = Wanted(wanted.number, wanted.indices[1:], wanted.lean)
                        self._wanted.appendleft(rest)
            try:
                if isinstance(command, Open):
                    self._open(command)
                elif command is not None:
                    self._give(command)
                elif wanted is not None:
                    self._feed(wanted)
            except Exception as error:
                traceback.print_exc()
                self._lost(f"The sound cannot be played ({reason(error)}).")

    def _open(self, opened: Open) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        with self._due:
            self._wanted.clear()
        self._reader = Reader(opened)
        self._give(self._reader.load)

    def _feed(self, wanted: Wanted) -> None:
        reader = self._reader
        if reader is None or wanted.number != reader.load.number:
            return
        index = wanted.indices[0]
        try:
            samples = reader.block(index)
        except Exception as error:
            traceback.print_exc()
            self._lost(f"The sound cannot be read on ({reason(error)}).")
            samples = np.zeros((0, reader.load.channels), np.int16)
        coding, data = compressed(samples, wanted.lean) if self._compress else plain(samples)
        self._give(Block(wanted.number, index, coding, data))
