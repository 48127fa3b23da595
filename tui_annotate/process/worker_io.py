"""A worker process's own side: where requests come from and answers go."""

from __future__ import annotations

import contextlib
import os
import queue
from collections.abc import Callable
from typing import BinaryIO, TypeVar

Request = TypeVar("Request")


def take_pipes() -> tuple[BinaryIO, int]:
    """Keep the standard streams to the messages.

    From then on nothing comes on standard input, and what libraries print on standard
    output goes to standard error, which the parent points to a log.

    Returns:
        What standard input was, and the descriptor of what standard output was.
    """
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def receive(
    requests: BinaryIO,
    read: Callable[[BinaryIO], Request | None],
    inbox: queue.SimpleQueue[Request],
) -> None:
    """Pass every request on, and end the process with the last; for a thread of its own.

    Args:
        requests: Where they come from.
        read: Reads the next one; None at the end.
        inbox: Where they go.
    """
    with contextlib.suppress(OSError):
        while (request := read(requests)) is not None:
            inbox.put(request)
    # The parent is gone: nothing here is worth finishing.
    os._exit(0)
