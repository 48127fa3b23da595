"""The sound process: ``python -m tui_annotate.audio.worker``.

Requests come on standard input and answers go out on what standard output was
at start; whatever a library prints goes to standard error, which the parent
points to a log. It ends when its input does, whatever it is doing.
"""

from __future__ import annotations

import contextlib
import os
import queue
import time

from tui_annotate.audio.messages import MESSAGES, REQUESTS, Configure, Request, Send
from tui_annotate.process.worker_io import run_worker, step_back

_KEEP = 600.0
"""Seconds after which what is open is counted as used again, so that nobody removes it."""

_THREADS = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""What says how many threads linear algebra works in: one here.

Several wait for each other where other programs want the cores: comparing a
voice then took 11 s instead of 0.7.
"""


def main() -> None:
    """Serve the parent until it is gone."""
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    run_worker(REQUESTS, MESSAGES, _serve)


def _serve(inbox: queue.SimpleQueue[Request], send: Send) -> None:
    # All of it is wanted, and the first request takes as long to come.
    import numpy  # noqa: F401
    import soundfile  # noqa: F401

    from tui_annotate.audio.work_loop import SoundLoop

    configure = inbox.get()
    if not isinstance(configure, Configure):
        raise TypeError("the first request must be Configure")
    step_back()
    loop = SoundLoop(configure, send)
    kept = time.monotonic()
    while True:
        if time.monotonic() - kept >= _KEEP:
            loop.keep()
            kept = time.monotonic()
        if not loop.busy:
            with contextlib.suppress(queue.Empty):
                loop.take(inbox.get(timeout=_KEEP))
        while not inbox.empty():
            loop.take(inbox.get())
        loop.step()


if __name__ == "__main__":
    main()
