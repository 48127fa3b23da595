"""When a frame counts as on the terminal: before a key pressed upon it can be read."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from typing import TextIO

import pytest

from tui_annotate.ui.terminal import OutputBuffer


class Line:
    """A line to a terminal that looks, at each write, at what has been told before it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.reached: list[float] = []
        self.before: list[tuple[int, int]] = []

    def write(self, data: str) -> int:
        self.before.append((len(data), len(self.reached)))
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()


@pytest.fixture
def pipe() -> Iterator[tuple[int, Line]]:
    there, here = os.pipe()
    file = os.fdopen(here, "w", encoding="utf-8")
    yield there, Line(file)
    os.close(there)
    with contextlib.suppress(BrokenPipeError):
        file.close()


def test_a_frame_counts_before_its_end_is_sent(pipe: tuple[int, Line]) -> None:
    _, line = pipe
    buffer = OutputBuffer(line)
    buffer.queued = 2
    buffer.mark(line.reached.append)
    buffer.write("another")
    assert line.reached == []
    began = time.monotonic()
    buffer.write("frame")
    assert line.before == [(len("another"), 0), (len("frame"), 1)]
    assert began <= line.reached[0] <= time.monotonic()


def test_a_long_frame_counts_once_no_more_than_its_end_is_missing(pipe: tuple[int, Line]) -> None:
    _, line = pipe
    buffer = OutputBuffer(line)
    buffer.queued = 1
    buffer.mark(line.reached.append)
    buffer.write("x" * 5000)
    assert line.before == [(5000 - 1024, 0), (1024, 1)]


def test_a_frame_that_had_gone_before_it_was_asked_about_has_the_time_it_went(
    pipe: tuple[int, Line],
) -> None:
    _, line = pipe
    buffer = OutputBuffer(line)
    buffer.queued = 1
    buffer.write("frame")
    gone = time.monotonic()
    buffer.mark(line.reached.append)
    assert line.reached[0] <= gone


def test_a_frame_that_waits_for_the_line_does_not_count(pipe: tuple[int, Line]) -> None:
    there, line = pipe
    os.set_blocking(line.fileno(), False)
    filled = 0
    while True:
        try:
            filled += os.write(line.fileno(), b"x" * 4096)
        except BlockingIOError:
            break
    os.set_blocking(line.fileno(), True)
    buffer = OutputBuffer(line)
    buffer.queued = 1
    buffer.mark(line.reached.append)
    writer = threading.Thread(target=buffer.write, args=("frame",))
    writer.start()
    writer.join(0.1)
    assert line.reached == []
    freed = time.monotonic()
    while filled:
        filled -= len(os.read(there, filled))
    writer.join()
    assert line.reached[0] >= freed
    assert os.read(there, 100) == b"frame"


def test_a_terminal_that_has_gone_holds_nothing_up(pipe: tuple[int, Line]) -> None:
    there, line = pipe
    buffer = OutputBuffer(line)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, there)
    os.close(nowhere)
    buffer.queued = 1
    buffer.mark(line.reached.append)
    buffer.write("frame")
    assert len(line.reached) == 1
