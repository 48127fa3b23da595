"""A worker process's own side: where requests come from and answers go."""

from __future__ import annotations

import contextlib
import io
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

from tui_annotate.errors import AnnotateError
from tui_annotate.process.channel import Channel
from tui_annotate.process.messages import Failed, sentence

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
    if isinstance(sys.stdout, io.TextIOWrapper):
        # The process ends without a flush; what was printed has to be in the log by then.
        sys.stdout.reconfigure(line_buffering=True)
    return requests, answers


def run_worker(
    requests: Channel[Request],
    messages: Channel[Any],
    serve: Callable[[queue.SimpleQueue[Request], Callable[[Any], None]], None],
) -> None:
    """Serve the parent over the standard streams until it is gone.

    When `serve` raises, the last message is `Failed`, and the process ends.

    Args:
        requests: What comes from the parent.
        messages: What goes to it, `Failed` among them.
        serve: Takes requests from a queue, and sends messages, from any of its threads.
    """
    source, descriptor = take_pipes()
    answers = os.fdopen(descriptor, "wb")
    inbox: queue.SimpleQueue[Request] = queue.SimpleQueue()
    sending = threading.Lock()

    def receive() -> None:
        with contextlib.suppress(OSError):
            while (request := requests.read(source)) is not None:
                inbox.put(request)
        # The parent is gone: nothing here is worth finishing.
        os._exit(0)

    def send(message: object) -> None:
        try:
            with sending:
                messages.write(answers, message)
        except OSError:
            os._exit(0)

    threading.Thread(target=receive, daemon=True).start()
    try:
        serve(inbox, send)
    except Exception as error:
        if not isinstance(error, AnnotateError):
            traceback.print_exc()
        send(Failed(sentence(error)))
        sys.stderr.flush()
        os._exit(1)


def step_back(by: int = 5) -> None:
    """Leave the processor to the interface where both want it."""
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(by)
